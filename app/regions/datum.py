"""坐标系: positions given in the systems of Chinese maps, brought to WGS-84.

GCJ-02 shifts a position by up to 700 m (AMap, Tencent), BD-09 shifts that once more (Baidu): together about
a kilometre. The national shift was never published; the formulas here are the ones in public use
(wandergis/coordtransform, googollee/eviltransform), right to about a metre. GCJ-02 is undone by repeating
the forward shift until it meets the given point, BD-09 by its closed form (within a metre).
"""

from math import atan2, cos, pi, sin, sqrt
from typing import Final

from app.regions.terms import CoordinateSystem

_AXIS_M: Final = 6_378_245.0
"""Krasovsky's ellipsoid, on which the shift is worked out: semi-major axis and squared eccentricity."""
_ECCENTRICITY: Final = 0.00669342162296594323
_BAIDU: Final = pi * 3000.0 / 180.0
_ROUNDS: Final = 8
"""After so many rounds the shift is undone to less than a millimetre."""
_CHINA: Final = (73.66, 135.05, 3.86, 53.55)
"""West, east, south, north: outside it maps shift nothing."""

LngLat = tuple[float, float]


def to_wgs84(lng: float, lat: float, system: CoordinateSystem) -> LngLat:
    """The WGS-84 longitude and latitude, in degrees, of a position given in `system`."""
    if system is CoordinateSystem.BD09:
        lng, lat = bd09_to_gcj02(lng, lat)
    if system is CoordinateSystem.WGS84:
        return lng, lat
    return gcj02_to_wgs84(lng, lat)


def wgs84_to_gcj02(lng: float, lat: float) -> LngLat:
    """The shifted position on AMap and Tencent maps; outside China the same."""
    west, east, south, north = _CHINA
    if not (west < lng < east and south < lat < north):
        return lng, lat
    x, y = lng - 105.0, lat - 35.0
    angle = lat / 180.0 * pi
    curve = 1 - _ECCENTRICITY * sin(angle) ** 2
    north_m = _shift_north(x, y) * 180.0 / ((_AXIS_M * (1 - _ECCENTRICITY)) / (curve * sqrt(curve)) * pi)
    east_m = _shift_east(x, y) * 180.0 / (_AXIS_M / sqrt(curve) * cos(angle) * pi)
    return lng + east_m, lat + north_m


def gcj02_to_wgs84(lng: float, lat: float) -> LngLat:
    """The position that the shift takes to this one."""
    east, north = lng, lat
    for _ in range(_ROUNDS):
        shifted_east, shifted_north = wgs84_to_gcj02(east, north)
        east, north = east + lng - shifted_east, north + lat - shifted_north
    return east, north


def bd09_to_gcj02(lng: float, lat: float) -> LngLat:
    """A Baidu position on AMap."""
    x, y = lng - 0.0065, lat - 0.006
    radius = sqrt(x * x + y * y) - 0.00002 * sin(y * _BAIDU)
    angle = atan2(y, x) - 0.000003 * cos(x * _BAIDU)
    return radius * cos(angle), radius * sin(angle)


def _shift_north(x: float, y: float) -> float:
    """Metres; the waves of the public formula."""
    found = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    found += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    found += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return found + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _shift_east(x: float, y: float) -> float:
    found = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    found += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    found += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return found + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
