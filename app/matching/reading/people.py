"""求职者读入: what a person says about themselves, in codes or in their own words, to the facts of the
rules."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.matching.facts import PersonFacts
from app.matching.reading.postings import find_place, read_certificate_word
from app.matching.rules import wages
from app.matching.rules.places import REACHES
from app.matching.schemas import SeekerProfile, Understood
from app.occupations.certificates import certificate_label
from app.occupations.classification import find_occupation, occupation_name
from app.occupations.reading import read_occupation
from app.occupations.skills import find_skill, read_skills
from app.regions import gazetteer
from app.regions.errors import UnknownRegion
from app.regions.gazetteer import Point
from app.regions.projection import project
from app.regions.scope import reach_prefix, scope_prefix
from app.regions.terms import Reach
from app.seekers.terms import LabourClass

WEAK_FROM_AGE: Final = 61
"""DOMAIN C3: ordinary labour is 16 to 60; over 60 counts as weak where nobody stated a class."""
SURE_ENOUGH: Final = 0.3
"""Score under which a reading of an occupation is not used."""


@dataclass(frozen=True, slots=True)
class PersonReading:
    """读入结果: the facts, and what each of the person's own words was read as."""

    facts: PersonFacts
    skills: tuple[Understood, ...]
    certificates: tuple[Understood, ...]
    occupations: tuple[Understood, ...]


def read_person(
    profile: SeekerProfile, today: date, *, identity: int = 0, home_point: Point | None = None
) -> PersonReading:
    """Return the facts of a profile on a day.

    `home_point` is the centre of the home's village where the office gave it one. Raises UnknownRegion
    for a home that no division bears.
    """
    home = gazetteer.current_code(profile.region_code)
    if home is None:
        raise UnknownRegion
    skills = [reading for said in profile.skills for reading in _read_skill(said)]
    occupations = [_read_occupation(said) for said in profile.occupations]
    certificates = [reading for said in profile.certificates for reading in _read_certificate(said)]
    # A trade among the skills (月嫂, 焊工) is what the person has done.
    trades = [word.code for word in skills if word.code is not None and find_occupation(word.code)]
    labour_class, from_age = _class_of(profile, today)
    exact = project(profile.lng, profile.lat) if profile.lng is not None and profile.lat is not None else None
    place = find_place(home, exact or home_point, exact=exact is not None)
    facts = PersonFacts(
        id=identity,
        home_scope=scope_prefix(home),
        reach=(profile.travel or Reach.ANYWHERE).value,
        reach_is_said=profile.travel is not None,
        areas=tuple(reach_prefix(home, Reach(reach)) for reach in REACHES),
        refused=_read_refused(profile.refused_places),
        born_on=None if profile.birth_on is None else profile.birth_on.toordinal(),
        age=profile.age,
        education_step=None if profile.education is None else profile.education.step,
        labour_class=labour_class.value,
        class_from_age=from_age,
        skills=tuple(
            sorted({word.said if word.code is None or word.code in trades else word.code for word in skills})
        ),
        certificates=_codes(certificates),
        occupations=tuple(sorted({*trades, *(word.code for word in occupations if word.code is not None)})),
        names_a_wish=bool(occupations),
        pay_floor=wages.to_year_fen(profile.wage_floor_fen or None, profile.wage_floor_unit.value),
        pay_floor_unit=profile.wage_floor_unit.value,
        shifts=tuple(shift.value for shift in profile.shifts),
        profiles=tuple(length.value for length in profile.profiles),
        needs_board=profile.needs_board,
        needs_lodging=profile.needs_lodging,
        cares_for_family=profile.cares_for_family,
        limits=tuple(limit.value for limit in profile.limits),
        welfare_eligible=profile.welfare_eligible,
        x=place.x,
        y=place.y,
        blur_m=place.blur_m,
    )
    return PersonReading(facts, tuple(skills), tuple(certificates), tuple(occupations))


def _read_refused(codes: Iterable[str]) -> tuple[str, ...]:
    """Scope prefixes of refused places, sorted. A retired code stands for the place it became, a code no
    division bears (or whose place is only known more coarsely now) for nothing: nobody is refused more than
    they said."""
    found: set[str] = set()
    for code in codes:
        now = gazetteer.current_code(code)
        if now is not None and len(now) >= len(code.removesuffix("000" if len(code) == 12 else "")):
            found.add(scope_prefix(now))
    return tuple(sorted(found))


def _class_of(profile: SeekerProfile, today: date) -> tuple[LabourClass, bool]:
    """Return the stated class; without one, weak from 61 on and ordinary before; and whether age decided."""
    if profile.labour_class is not None:
        return profile.labour_class, False
    age = profile.age
    if profile.birth_on is not None:
        born = profile.birth_on
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age is not None and age >= WEAK_FROM_AGE:
        return LabourClass.WEAK, True
    return LabourClass.ORDINARY, False


def _codes(read: Iterable[Understood]) -> tuple[str, ...]:
    """A word nobody knows stands for itself, so that it still meets a posting with the same word."""
    return tuple(sorted({word.code or word.said for word in read}))


SAID_BEFORE: Final = re.compile("^(?:我|也)?(?:会|能|懂|干过|做过|当过|学过)+")


def _read_skill(said: str) -> list[Understood]:
    """Read skills; a word that names no skill but a trade is read as the trade."""
    said = SAID_BEFORE.sub("", said) or said
    known = find_skill(said)
    found = [known] if known else read_skills(said)
    if found:
        return [Understood(said=said, code=skill.code, label=skill.label) for skill in found]
    return [_read_occupation(said)]


def _read_occupation(said: str) -> Understood:
    code = said if find_occupation(said) else None
    if code is None:
        reading = read_occupation(said)
        code = reading.code if reading.score >= SURE_ENOUGH else None
    return Understood(said=said, code=code, label=occupation_name(code) if code else None)


def _read_certificate(said: str) -> list[Understood]:
    codes = read_certificate_word(said)
    if codes:
        return [Understood(said=said, code=code, label=certificate_label(code)) for code in codes]
    return [Understood(said=said, code=None, label=None)]
