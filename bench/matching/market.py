"""A market for measuring: postings and people of a prefecture or a province, as facts, the same on every
machine. Places and trades are real; villages, firms and people are invented.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final

from app.demo.dice import Dice
from app.matching.facts import HouseholdFacts, PersonFacts, PostingFacts
from app.matching.rules.places import BLUR_M, REACHES
from app.occupations.skills import skills
from app.regions import gazetteer
from app.regions.scope import reach_prefix, scope_prefix
from app.regions.terms import Reach

PREFECTURE: Final = "411300"
"""南阳市: 13 counties, 244 towns."""
PROVINCE: Final = "410000"
TODAY: Final = date(2026, 11, 22).toordinal()
PREFECTURE_POSTINGS: Final = 45_000
PREFECTURE_PEOPLE: Final = 31_805
PROVINCE_POSTINGS: Final = 1_000_000
VILLAGES: Final = 12
JITTER_M: Final = 4_000
CERTIFICATES: Final = (
    "forklift",
    "electrician",
    "health",
    "licence_c1",
    "licence_b2",
    "licence_a2",
    "welder",
)
SHIFTS: Final[tuple[tuple[tuple[str, ...], int], ...]] = (
    *(((), 35), (("day",), 40), (("night",), 4)),
    *((("day", "night"), 10), (("rotating",), 6), (("flexible",), 5)),
)


@cache
def towns(area: str) -> tuple[gazetteer.Division, ...]:
    """Every town with a point in an area, in tree order."""
    found: list[gazetteer.Division] = []
    for division in gazetteer.children(area):
        if len(division.code) == 9:
            if division.x is not None:
                found.append(division)
        else:
            found.extend(towns(division.code))
    return tuple(found)


@cache
def trades() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Skill, its first occupation, kindred skills; common trades first, in an order of our own."""
    known = [(s.code, s.occupations[0], s.related) for s in skills().values() if s.occupations]
    return tuple(Dice("trades").shuffled(known))


def pick_trade(dice: Dice) -> tuple[str, str, tuple[str, ...]]:
    """Few trades are common, most are rare: the squared throw."""
    place = dice.below(1_000) * dice.below(1_000) * len(trades()) // 1_000_000
    return trades()[place]


def make_postings(count: int, area: str) -> Iterator[PostingFacts]:
    """`count` postings of an area, by id."""
    dice = Dice("postings", area, count)
    places = towns(area)
    for identity in range(1, count + 1):
        yield make_posting(dice, identity, places[dice.below(len(places))])


def make_posting(dice: Dice, identity: int, town: gazetteer.Division) -> PostingFacts:
    """One posting in a town."""
    skill, occupation, kindred = pick_trade(dice)
    asked = {skill, *dice.some(kindred, dice.below(3))} if dice.chance(85) else set()
    scope, x, y, blur = _work_place(dice, town)
    kind = dice.weighted((("enterprise", 80), ("workshop", 12), ("public_welfare", 8)))
    low = dice.between(1_800, 6_500, 100)
    high = low + dice.between(0, 2_500, 100)
    is_paid = dice.chance(90)
    openings = dice.between(1, 20)
    demands = tuple(
        sorted(dice.some(("heavy_lifting", "outdoor", "heights", "long_standing"), dice.below(2)))
    )
    shifts = dice.weighted(SHIFTS)
    return PostingFacts(
        id=identity,
        region_scope=scope,
        employer_id=identity // 4,
        employer_kind=kind,
        employer_muted=dice.chance(1),
        valid_until=TODAY + dice.between(0, 60),
        starts_on=TODAY + dice.between(1, 20) if dice.chance(15) else None,
        confirmed_on=TODAY - dice.below(30),
        openings=openings,
        filled=openings if dice.chance(4) else dice.below(openings),
        applicants=dice.below(12) if dice.chance(40) else 0,
        occupation_code=occupation if dice.chance(97) else None,
        skills=tuple(sorted(asked)),
        certificates=(dice.pick(CERTIFICATES),) if dice.chance(12) else (),
        demands=demands,
        likely_demands=()
        if demands
        else tuple(dice.some(("heavy_lifting", "night", "outdoor"), dice.below(2))),
        suits=tuple(sorted(dice.some(("semi", "weak", "care_hours", "home_work"), 1 + dice.below(2))))
        if dice.chance(22) or kind == "workshop"
        else (),
        pickup=(scope_prefix(town.code),) if dice.chance(4) else (),
        age_min=dice.pick((18, 18, 20, 22)) if dice.chance(60) else None,
        age_max=dice.pick((35, 40, 45, 45, 50, 55, 60)) if dice.chance(60) else None,
        education_step=dice.weighted(((0, 60), (1, 8), (2, 20), (3, 8), (4, 4))),
        profile=dice.weighted((("long", 75), ("season", 12), ("day", 13))),
        shifts=shifts,
        board=dice.chance(45),
        lodging=dice.chance(30),
        barred_to_minors=dice.chance(2),
        trains_beginners=dice.chance(12),
        x=x,
        y=y,
        blur_m=blur,
        place_name=town.name,
        pay_min=low * 1_200 if is_paid else None,
        pay_max=high * 1_200 if is_paid else None,
        answer_permille=dice.below(1_001) if dice.chance(70) else None,
        answer_days=dice.between(0, 9),
    )


def _work_place(dice: Dice, town: gazetteer.Division) -> tuple[str, int | None, int | None, int]:
    x, y = town.x or 0, town.y or 0
    kind = dice.below(100)
    if kind < 30:
        village = f"{town.code}{201 + dice.below(VILLAGES)}"
        return village, x + dice.between(-JITTER_M, JITTER_M), y + dice.between(-JITTER_M, JITTER_M), 0
    if kind < 60:
        return town.code, x + dice.between(-JITTER_M, JITTER_M), y + dice.between(-JITTER_M, JITTER_M), 0
    if kind < 85:
        return town.code, x, y, BLUR_M[9]
    county = gazetteer.get(town.code[:6])
    return scope_prefix(county.code), county.x, county.y, BLUR_M[6]


def make_people(count: int, area: str) -> Iterator[tuple[PersonFacts, HouseholdFacts]]:
    """`count` people who look for work, by id."""
    dice = Dice("people", area, count)
    places = towns(area)
    for identity in range(1, count + 1):
        yield make_person(dice, identity, places[dice.below(len(places))])


def make_person(dice: Dice, identity: int, town: gazetteer.Division) -> tuple[PersonFacts, HouseholdFacts]:
    """One person of a town, and their household."""
    home = f"{town.code}{201 + dice.below(VILLAGES)}"
    skill, occupation, kindred = pick_trade(dice)
    held = {skill, *dice.some(kindred, dice.below(3))} if dice.chance(80) else set()
    wishes = (occupation,) if dice.chance(45) else ()
    labour_class = dice.weighted((("ordinary", 75), ("skilled", 8), ("semi", 9), ("weak", 8)))
    reach = dice.weighted(
        (("village", 5), ("township", 20), ("county", 40), ("city", 20), ("province", 10), ("anywhere", 5))
    )
    person = PersonFacts(
        home_scope=home,
        reach=reach,
        areas=tuple(reach_prefix(home, Reach(wider)) for wider in REACHES),
        id=identity,
        born_on=date(1961, 1, 1).toordinal() + dice.below(47 * 365),
        education_step=dice.weighted(((0, 8), (1, 30), (2, 42), (3, 15), (4, 5))),
        labour_class=labour_class,
        skills=tuple(sorted(held)),
        certificates=tuple(sorted(dice.some(CERTIFICATES, 1))) if dice.chance(15) else (),
        occupations=wishes,
        names_a_wish=bool(wishes) and dice.chance(60),
        pay_floor=dice.between(1_500, 5_000, 100) * 1_200 if dice.chance(60) else None,
        shifts=dice.weighted((((), 70), (("day",), 25), (("day", "night"), 5))),
        profiles=dice.weighted((((), 85), (("long",), 12), (("day", "season"), 3))),
        needs_board=dice.chance(10),
        needs_lodging=dice.chance(5),
        cares_for_family=dice.chance(22),
        limits=tuple(sorted(dice.some(("heavy_lifting", "heights", "night"), 1))) if dice.chance(20) else (),
        welfare_eligible=dice.chance(6),
        x=(town.x or 0) + dice.between(-JITTER_M, JITTER_M),
        y=(town.y or 0) + dice.between(-JITTER_M, JITTER_M),
        blur_m=dice.weighted(((0, 10), (500, 60), (2_500, 30))),
    )
    return person, HouseholdFacts(dice.chance(6), dice.chance(70), dice.below(200))
