"""范围: who lies inside whom, how far a person's willingness reaches, and how far apart two places are.

Everything is decided by level and fixed prefix (2, 4, 6, 9, 12 digits), so the same test runs in memory
and as `code LIKE 'prefix%'` in a query.
"""

from math import hypot

from app.regions import gazetteer
from app.regions.gazetteer import Point, scope_prefix
from app.regions.terms import Level, Reach

__all__ = ["contains", "distance_m", "reach_prefix", "scope_prefix"]

_LEVEL_OF_REACH = {
    Reach.TOWNSHIP: Level.TOWN,
    Reach.COUNTY: Level.COUNTY,
    Reach.CITY: Level.CITY,
    Reach.PROVINCE: Level.PROVINCE,
}


def contains(outer: str, inner: str) -> bool:
    """Whether `inner` is `outer` or lies inside it. Raises UnknownRegion for an unknown `outer`."""
    return inner.startswith(scope_prefix(outer))


def reach_prefix(home_code: str, reach: Reach) -> str:
    """The prefix of every region in which a person living at `home_code` would work; "" for anywhere.

    The area is the ancestor of the home on the level of the willingness. Where the home is known only more
    coarsely than the willingness (a town, and the person would work in their village only; a county, and they
    would work in their town), the home itself is the area: wider than the wish, but nobody is shown nothing.
    In the four municipalities "own city" is the city level of the code table (重庆城区 5001, 重庆郊县 5002).
    Raises UnknownRegion.
    """
    if reach is Reach.ANYWHERE:
        return ""
    if reach is Reach.VILLAGE:
        return scope_prefix(home_code)
    area = gazetteer.ancestor_at(home_code, _LEVEL_OF_REACH[reach])
    if area is None:
        return scope_prefix(home_code)
    return scope_prefix(area.code)


def distance_m(start: Point, end: Point) -> float:
    """Straight distance in plane metres; see `projection` for how far that is from the great circle."""
    return hypot(end[0] - start[0], end[1] - start[1])
