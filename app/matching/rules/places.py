"""远近: whether a work place lies within a person's reach, and how far it is.

A place is its scope prefix (2, 4, 6, 9 or 12 digits) and, where known, a point in projected metres.
"""

from math import isqrt
from typing import Final

from app.matching.facts import PersonFacts, PostingFacts

SCOPE_DIGITS: Final = {"anywhere": 0, "province": 2, "city": 4, "county": 6, "township": 9, "village": 12}
REACHES: Final = ("village", "township", "county", "city", "province", "anywhere")
TOWN_DIGITS: Final = 9
VILLAGE_DIGITS: Final = 12

TIER_M: Final = {12: 1_000, 9: 5_000, 6: 18_000, 4: 60_000, 2: 250_000, 0: 1_000_000}
"""Typical way between two places whose lowest common division has so many digits, metres: for homes or
work places known too coarsely to measure. Orders of magnitude of a village, township, county,
prefecture, province."""

BLUR_M: Final = {12: 500, 9: 2_500, 6: 15_000, 4: 50_000, 2: 200_000, 0: 500_000}
"""How far a place may be from the centre of the division it is known by: a shorter measured way is not
believed."""

SCALE_M: Final = {
    "village": 2_000.0,
    "township": 6_000.0,
    "county": 18_000.0,
    "city": 50_000.0,
    "province": 200_000.0,
    "anywhere": 500_000.0,
}
"""Way at which the place grade has fallen to one half, by the willingness to travel."""

COMMUTE_M: Final = 40_000
"""Beyond this nobody comes home every day: lodging starts to matter and care of family stops being
possible."""


def common_digits(a: str, b: str) -> int:
    """Return the digits of the lowest division two scope prefixes share: 12, 9, 6, 4, 2 or 0."""
    for digits in (12, 9, 6, 4, 2):
        if len(a) >= digits and len(b) >= digits and a[:digits] == b[:digits]:
            return digits
    return 0


def reach_area(person: PersonFacts, reach: str) -> str:
    """Return the scope prefix a person would work in. A home known only as a county reaches at least
    that county."""
    if person.areas:
        return person.areas[REACHES.index(reach)]
    return person.home_scope[: SCOPE_DIGITS[reach]]


def bus_serves(posting: PostingFacts, home_scope: str) -> bool:
    """Tell whether the employer's bus stops in the person's village or township."""
    town = home_scope[:TOWN_DIGITS]
    return any(
        home_scope.startswith(stop) or (len(town) == TOWN_DIGITS and stop.startswith(town))
        for stop in posting.pickup
    )


def is_refused(person: PersonFacts, posting: PostingFacts) -> bool:
    """Tell whether the work lies in a place the person said they will not go to. A posting known only by a
    wider division than the refused one is not shut out by guess."""
    return posting.region_scope.startswith(person.refused)


def is_within_reach(person: PersonFacts, posting: PostingFacts, reach: str) -> bool:
    """Tell whether the posting's region lies inside the reach counted from home; a bus from home
    counts as township. A refused place is within no reach, bus or not."""
    if is_refused(person, posting):
        return False
    if posting.region_scope.startswith(reach_area(person, reach)):
        return True
    return reach != "village" and bus_serves(posting, person.home_scope)


def measured_m(person: PersonFacts, posting: PostingFacts) -> int | None:
    """Return the straight way in metres where both ends are known to a township or better, else None."""
    if person.x is None or person.y is None or posting.x is None or posting.y is None:
        return None
    if person.blur_m > BLUR_M[TOWN_DIGITS] or posting.blur_m > BLUR_M[TOWN_DIGITS]:
        return None
    return isqrt((person.x - posting.x) ** 2 + (person.y - posting.y) ** 2)


def travel_m(person: PersonFacts, posting: PostingFacts) -> int:
    """Return the way in metres that the place grade counts with.

    Measured where both points are known (an unknown point falls back to its region's centre), never
    shorter than the centres are blurred; else the typical way by the lowest division the two places share.
    """
    shared = common_digits(person.home_scope, posting.region_scope)
    coarse = person.blur_m > BLUR_M[TOWN_DIGITS]
    if coarse or person.x is None or person.y is None or posting.x is None or posting.y is None:
        return TIER_M[shared]
    way = isqrt((person.x - posting.x) ** 2 + (person.y - posting.y) ** 2)
    way = max(way, person.blur_m, posting.blur_m)
    return min(way, TIER_M[shared]) if shared == VILLAGE_DIGITS else way


def place_fit(person: PersonFacts, posting: PostingFacts) -> float:
    """Grade the way 0..1: 1 / (1 + way / scale).

    A bus from home and work that can be taken home count as a way within the township, a bus to a far place
    as the longest daily way. Who cares for family
    must be home every day: half the scale, and at most half the county's. Beyond a daily way, no lodging
    costs three tenths.
    """
    way = travel_m(person, posting)
    fetched = bus_serves(posting, person.home_scope) or "home_work" in posting.suits
    if fetched and way > TIER_M[TOWN_DIGITS]:
        way = TIER_M[TOWN_DIGITS] if way <= COMMUTE_M else COMMUTE_M
    scale = SCALE_M[person.reach if person.reach_is_said else "county"]
    if person.cares_for_family:
        scale = min(scale, SCALE_M["county"]) / 2.0
    grade = 1.0 / (1.0 + way / scale)
    if way > COMMUTE_M and not posting.lodging:
        grade = grade * 0.7
    return grade
