"""人员列: the facts of people as numpy columns; what repeats as codes of dictionaries.

A row holds what the gates and the score look at and nothing else: no name, no number, nothing sealed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from app.matching.facts import HouseholdFacts, PersonFacts
from app.matching.index.columns import Codebook
from app.matching.rules import places

NOWHERE: Final = -(2**31)
"""Stands for an east coordinate nobody knows."""
UNKNOWN_AGE: Final = -1
UNKNOWN_BIRTH: Final = 0

MONITORED, NOBODY_EMPLOYED = 1, 2
"""Bits of `need`."""

COLUMNS: Final = np.dtype(
    [
        ("id", np.int64),
        ("place", np.int32),
        ("area", np.int32),
        ("trade", np.int32),
        ("papers", np.int32),
        ("terms", np.int32),
        ("refused", np.int32),
        ("floor", np.int32),
        ("pace", np.int16),
        ("born", np.int32),
        ("age", np.int16),
        ("x", np.int32),
        ("y", np.int32),
        ("blur", np.int32),
        ("need", np.int8),
        ("waiting", np.int32),
    ]
)

Rows = npt.NDArray[np.void]
Bits = npt.NDArray[np.uint16]
Bounds = npt.NDArray[np.float32]
Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """候选人: one person who looks for work; areas are asked of `region_code`, the managing place."""

    person: PersonFacts
    household: HouseholdFacts
    region_code: str


class Trade(NamedTuple):
    """What skill and occupation grades look at."""

    skills: Codes
    occupations: Codes
    names_a_wish: bool


class Papers(NamedTuple):
    """Schooling and certificates."""

    education_step: int | None
    certificates: Codes


class Terms(NamedTuple):
    """What the person takes and can't do without; each part by its own dictionary in `Books`."""

    limits: int
    labour: int
    hours: int
    board: int
    welfare: int


class Pace(NamedTuple):
    """What the place grade's scale follows from."""

    reach: str
    is_said: bool
    cares: bool


Labour = tuple[str, bool]
Hours = tuple[Codes, Codes, bool]
"""Lengths of work, shifts, care of family."""


@dataclass
class Books:
    """字典: the dictionaries the columns' codes stand in. Only ever grown."""

    places: Codebook[tuple[str, str]] = field(default_factory=Codebook)
    """Managing place and scope of the home."""
    areas: Codebook[str] = field(default_factory=Codebook)
    trades: Codebook[Trade] = field(default_factory=Codebook)
    papers: Codebook[Papers] = field(default_factory=Codebook)
    terms: Codebook[Terms] = field(default_factory=Codebook)
    refused: Codebook[Codes] = field(default_factory=Codebook)
    floors: Codebook[int | None] = field(default_factory=Codebook)
    paces: Codebook[Pace] = field(default_factory=Codebook)
    limits: Codebook[tuple[Codes, bool]] = field(default_factory=Codebook)
    """What they can't do, and care of family, which makes nights a burden too."""
    labour: Codebook[Labour] = field(default_factory=Codebook)
    hours: Codebook[Hours] = field(default_factory=Codebook)
    board: Codebook[tuple[bool, bool]] = field(default_factory=Codebook)
    welfare: Codebook[bool] = field(default_factory=Codebook)

    def sizes(self) -> tuple[int, ...]:
        """How many values each dictionary holds."""
        return tuple(len(book) for book in vars(self).values())


def encode_people(people: Iterable[Candidate], books: Books) -> Rows:
    """Return one row of `COLUMNS` a person, growing the dictionaries."""
    return np.array([_encode(candidate, books) for candidate in people], dtype=COLUMNS)


def _encode(candidate: Candidate, books: Books) -> tuple[int, ...]:
    person, household = candidate.person, candidate.household
    is_somewhere = person.x is not None and person.y is not None
    return (
        person.id,
        books.places.code((candidate.region_code, person.home_scope)),
        books.areas.code(places.reach_area(person, person.reach)),
        books.trades.code(Trade(person.skills, person.occupations, person.names_a_wish)),
        books.papers.code(Papers(person.education_step, person.certificates)),
        books.terms.code(_terms(person, books)),
        books.refused.code(person.refused),
        books.floors.code(person.pay_floor),
        books.paces.code(Pace(person.reach, person.reach_is_said, person.cares_for_family)),
        UNKNOWN_BIRTH if person.born_on is None else person.born_on,
        UNKNOWN_AGE if person.age is None else person.age,
        (person.x or 0) if is_somewhere else NOWHERE,
        (person.y or 0) if is_somewhere else 0,
        person.blur_m,
        MONITORED * household.monitored + NOBODY_EMPLOYED * (not household.anyone_employed),
        max(household.waiting_days, 0),
    )


def _terms(person: PersonFacts, books: Books) -> Terms:
    return Terms(
        books.limits.code((person.limits, person.cares_for_family)),
        books.labour.code((person.labour_class, person.class_from_age)),
        books.hours.code((person.profiles, person.shifts, person.cares_for_family)),
        books.board.code((person.needs_board, person.needs_lodging)),
        books.welfare.code(person.welfare_eligible),
    )
