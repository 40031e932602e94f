"""投影: longitude and latitude to plane metres for the whole country, and back.

Lambert conformal conic on a sphere, the form usual for maps of the whole of China: standard parallels
25° N and 47° N, central meridian 105° E, origin 36° N. Formulas: J. P. Snyder, "Map Projections: A Working
Manual", USGS Professional Paper 1395 (1987), equations 14-1, 15-1 to 15-5 and 14-9 to 14-11; sphere of the
mean earth radius 6,371,008.8 m.

Straight distance in the plane against the great circle: exact on the two parallels, at most 1.9 % short
between them (36° N) and at most 3.3 % long at the ends of the mainland and Hainan (18.1° N, 53.6° N).
Roads are 20 to 40 % longer than either, so plane metres serve for "how far is this job". Only the islands
of the South China Sea are worse (8 % long at 10° N).

The points of the gazetteer come from AMap and are GCJ-02; nothing here shifts datums. A WGS-84 position
from a phone differs from GCJ-02 by 100 to 700 m.
"""

from math import atan, atan2, cos, degrees, exp, hypot, log, pi, radians, sin, tan

EARTH_RADIUS_M = 6_371_008.8
_CENTRAL_MERIDIAN = radians(105.0)
_FIRST_PARALLEL = radians(25.0)
_SECOND_PARALLEL = radians(47.0)
_ORIGIN_PARALLEL = radians(36.0)


def _isometric(latitude: float) -> float:
    """tan(pi/4 + latitude/2): how far north a parallel lies on the cone."""
    return tan(pi / 4 + latitude / 2)


_CONE: float = log(cos(_FIRST_PARALLEL) / cos(_SECOND_PARALLEL)) / log(
    _isometric(_SECOND_PARALLEL) / _isometric(_FIRST_PARALLEL)
)
_SCALE: float = EARTH_RADIUS_M * cos(_FIRST_PARALLEL) * _isometric(_FIRST_PARALLEL) ** _CONE / _CONE
_ORIGIN_RADIUS = _SCALE / _isometric(_ORIGIN_PARALLEL) ** _CONE


def project(lng: float, lat: float) -> tuple[int, int]:
    """Plane position in whole metres (x east, y north) of a longitude and latitude in degrees.

    Raises ValueError for a latitude outside -80..89 or a longitude outside -180..180: those are no places
    here, and the cone runs to infinity at the south pole.
    """
    if not (-80.0 <= lat <= 89.0 and -180.0 <= lng <= 180.0):
        raise ValueError("经纬度超出范围")
    radius = _SCALE / _isometric(radians(lat)) ** _CONE
    angle = _CONE * (radians(lng) - _CENTRAL_MERIDIAN)
    return round(radius * sin(angle)), round(_ORIGIN_RADIUS - radius * cos(angle))


def unproject(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude in degrees of a plane position in metres; the inverse of `project`."""
    height = _ORIGIN_RADIUS - y
    radius = hypot(x, height)
    angle = atan2(x, height)
    lng = degrees(angle / _CONE + _CENTRAL_MERIDIAN)
    lat = degrees(2 * atan(exp(log(_SCALE / radius) / _CONE)) - pi / 2)
    return round(lng, 6), round(lat, 6)


def scale_at(lat: float) -> float:
    """Plane metres per true metre at a latitude in degrees (1.0 on the standard parallels)."""
    latitude = radians(lat)
    parallel_m = EARTH_RADIUS_M * cos(latitude)
    return float(_CONE * _SCALE / (_isometric(latitude) ** _CONE * parallel_m))
