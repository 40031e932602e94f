"""Containment and reach by prefix, against an oracle that only walks parents."""

import random
from math import asin, cos, radians, sin, sqrt

import pytest

from app.regions import gazetteer, scope
from app.regions.errors import UnknownRegion
from app.regions.projection import EARTH_RADIUS_M, project, scale_at, unproject
from app.regions.terms import Level, Reach

DIVISIONS = gazetteer.gazetteer().divisions


def walk_up(code: str) -> list[str]:
    """The oracle: follow parent_code, nothing else."""
    chain: list[str] = []
    step: str | None = code
    while step is not None:
        chain.append(step)
        step = DIVISIONS[step].parent_code
    return chain


def test_every_prefix_holds_exactly_what_lies_below() -> None:
    # Sorted codes: everything with one prefix is one run, so the whole product of outer x inner is checked.
    inside: dict[str, int] = {}
    for code in DIVISIONS:
        for outer in walk_up(code):
            inside[outer] = inside.get(outer, 0) + 1
            assert scope.contains(outer, code), (outer, code)
    held: dict[str, int] = {}
    prefixes: dict[str, list[str]] = {}
    for outer in DIVISIONS:
        prefixes.setdefault(scope.scope_prefix(outer), []).append(outer)
    for code in DIVISIONS:
        for width in (2, 4, 6, 9):
            for outer in prefixes.get(code[:width], ()) if len(code) >= width else ():
                held[outer] = held.get(outer, 0) + 1
    extra = {code: held[code] - inside[code] for code in held if held[code] != inside[code]}
    assert extra == {}


def test_sampled_pairs_agree_with_the_oracle() -> None:
    chance = random.Random(7)
    codes = list(DIVISIONS)
    for _ in range(40_000):
        outer, inner = chance.choice(codes), chance.choice(codes)
        if chance.random() < 0.7:  # near misses: a place against the wider places of a sibling
            sibling = chance.choice(gazetteer.children(DIVISIONS[inner].parent_code))
            outer = chance.choice(walk_up(sibling.code))
        assert scope.contains(outer, inner) == (outer in walk_up(inner)), (outer, inner)


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("500000", "50"),
        ("440000", "44"),
        ("440100", "4401"),
        ("440105", "440105"),
        ("419001", "419001"),
        ("429004", "429004"),
        ("441900", "441900"),
        ("810000", "81"),
        ("610204001", "610204001"),
        ("610204001201", "610204001201"),
    ],
)
def test_prefix_width_follows_the_level_never_the_zeros(code: str, prefix: str) -> None:
    assert scope.scope_prefix(code) == prefix


def test_neighbours_under_one_made_up_city_stay_apart() -> None:
    assert not scope.contains("429004", "429005")
    assert not scope.contains("429004", "429005001")
    with pytest.raises(UnknownRegion):
        scope.scope_prefix("429000")


@pytest.mark.parametrize(
    ("home", "reach", "prefix"),
    [
        ("610204001201", Reach.VILLAGE, "610204001201"),
        ("610204001", Reach.VILLAGE, "610204001"),
        ("610204001201", Reach.TOWNSHIP, "610204001"),
        ("610204", Reach.TOWNSHIP, "610204"),
        ("610204001", Reach.COUNTY, "610204"),
        ("610204", Reach.CITY, "6102"),
        ("610204", Reach.PROVINCE, "61"),
        ("610204", Reach.ANYWHERE, ""),
        ("441900003", Reach.CITY, "441900"),
        ("441900003", Reach.COUNTY, "441900"),
        ("419001", Reach.CITY, "419001"),
        ("810101000", Reach.CITY, "81"),
        ("610000", Reach.COUNTY, "61"),
    ],
)
def test_reach(home: str, reach: Reach, prefix: str) -> None:
    assert scope.reach_prefix(home, reach) == prefix


def test_reach_never_shrinks_as_willingness_grows() -> None:
    for code in random.Random(3).sample(list(DIVISIONS), 3_000):
        widths = [len(scope.reach_prefix(code, reach)) for reach in Reach]
        assert widths == sorted(widths, reverse=True)


def test_level_tuple_starts_with_the_widest() -> None:
    order = list(Level)
    for division in DIVISIONS.values():
        ranks = [order.index(level) for level in division.levels]
        assert ranks == sorted(ranks)


def great_circle_m(start: tuple[float, float], end: tuple[float, float]) -> float:
    (lng1, lat1), (lng2, lat2) = ((radians(a), radians(b)) for a, b in (start, end))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lng2 - lng1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


def test_plane_distance_is_near_the_great_circle() -> None:
    chance = random.Random(11)
    for _ in range(3_000):
        start = chance.uniform(74, 134), chance.uniform(18.1, 53.5)
        end = start[0] + chance.uniform(-2, 2), min(53.5, max(18.1, start[1] + chance.uniform(-1.5, 1.5)))
        true = great_circle_m(start, end)
        plane = scope.distance_m(project(*start), project(*end))
        assert plane == pytest.approx(true, rel=0.034, abs=3)


def test_projection_goes_both_ways() -> None:
    for lng, lat in ((105.0, 36.0), (73.5, 39.5), (134.7, 48.3), (110.3, 20.0)):
        back = unproject(*project(lng, lat))
        assert back == pytest.approx((lng, lat), abs=2e-5)
    assert project(105.0, 36.0) == (0, 0)
    assert scale_at(25.0) == pytest.approx(1.0)
    assert scale_at(47.0) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="经纬度"):
        project(500.0, 36.0)


def test_known_places_are_where_they_are() -> None:
    xian, tongchuan = gazetteer.point("610100"), gazetteer.point("610200")
    assert xian is not None
    assert tongchuan is not None
    assert 55_000 < scope.distance_m(xian, tongchuan) < 80_000
