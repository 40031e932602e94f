"""岗位列: the facts of postings as numpy columns, with dictionaries for what is not a number.

A row holds everything the gates and the score look at. Where a value is missing: NaN for metres and pay, 0
for days, -1 for the employer's answers. Rows stand in no order here, and are wide: `packed` makes them
narrow.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from app.matching.facts import PostingFacts
from app.matching.rules import gates, scoring

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Value = TypeVar("Value", bound=Hashable)

KEY_DIGITS: Final = 12
NO_LIMIT: Final = 32_000
"""Age nobody reaches."""
NO_DAY: Final = 4_000_000
"""A day (ordinal) that never comes."""

# Bits of `flags`.
OPEN, VERIFIED, MUTED, BOARD, LODGING, BARRED, TRAINS, NIGHT, CARE, HEIGHTS, DAY, HOME_WORK, HAS_SKILLS = (
    1 << bit for bit in range(13)
)
WELFARE, FULL = 1 << 13, 1 << 14
TEACHES: Final = TRAINS | HAS_SKILLS
"""Both together: the skills asked for are taught."""

COLUMNS: Final = np.dtype(
    [
        ("id", np.int64),
        ("employer", np.int64),
        ("scope", np.int64),
        ("x", np.float64),
        ("y", np.float64),
        ("blur", np.int32),
        ("pay_min", np.float64),
        ("pay_max", np.float64),
        ("starts_on", np.int32),
        ("valid_until", np.int32),
        ("confirmed_on", np.int32),
        ("share", np.float64),
        ("answer", np.int16),
        ("age_min", np.int16),
        ("age_max", np.int16),
        ("education", np.int16),
        ("kind", np.int16),
        ("profile", np.int16),
        ("shifts", np.int16),
        ("flags", np.int32),
        ("demands", np.int64),
        ("likely", np.int64),
        ("suits", np.int64),
        ("occupation", np.int32),
        ("skills", np.int32),
        ("certificates", np.int32),
        ("pickup", np.int32),
    ]
)


class Codebook(Generic[Value]):
    """A number for every value, in the order of appearance."""

    def __init__(self, values: Iterable[Value] = ()) -> None:
        self.values: list[Value] = []
        self._codes: dict[Value, int] = {}
        for value in values:
            self.code(value)

    def code(self, value: Value) -> int:
        """The value's number, a new one where it has none."""
        code = self._codes.get(value)
        if code is None:
            code = self._codes[value] = len(self.values)
            self.values.append(value)
        return code

    def find(self, value: Value) -> int | None:
        """The value's number, None where it has none."""
        return self._codes.get(value)

    def bits(self, values: Iterable[Value]) -> int:
        """A word with one bit for each value. Raises OverflowError beyond 62 different values."""
        word = 0
        for value in values:
            word |= 1 << self.code(value)
        if word >> 62:
            raise OverflowError("more than 62 different values in a set")
        return word

    def known_bits(self, values: Iterable[Value]) -> int:
        """As `bits`, for those values that have a number."""
        return sum(1 << code for value in set(values) if (code := self._codes.get(value)) is not None)

    def __len__(self) -> int:
        return len(self.values)


Codes = tuple[str, ...]


@dataclass
class Books:
    """字典: the dictionaries the columns' codes stand in. Only ever grown."""

    kinds: Codebook[str] = field(default_factory=Codebook)
    profiles: Codebook[str] = field(default_factory=Codebook)
    shifts: Codebook[Codes] = field(default_factory=lambda: Codebook([()]))
    demands: Codebook[str] = field(default_factory=Codebook)
    suits: Codebook[str] = field(default_factory=Codebook)
    occupations: Codebook[str | None] = field(default_factory=lambda: Codebook([None]))
    skills: Codebook[Codes] = field(default_factory=lambda: Codebook([()]))
    certificates: Codebook[Codes] = field(default_factory=lambda: Codebook([()]))
    pickups: Codebook[Codes] = field(default_factory=lambda: Codebook([()]))

    def sizes(self) -> tuple[int, ...]:
        """How many values each dictionary holds."""
        return tuple(len(book) for book in vars(self).values())


def scope_key(scope: str) -> int:
    """A scope prefix as a number in tree order: an area's own number comes before those inside it."""
    return int(scope.ljust(KEY_DIGITS, "0") or 0) * 16 + len(scope)


def scope_range(prefix: str) -> tuple[int, int]:
    """The numbers of all scopes that begin with `prefix`: from, and up to but without."""
    start = int(prefix.ljust(KEY_DIGITS, "0") or 0)
    return start * 16 + len(prefix), (start + 10 ** (KEY_DIGITS - len(prefix))) * 16


def encode_postings(postings: Sequence[PostingFacts], books: Books) -> npt.NDArray[np.void]:
    """Return one row of `COLUMNS` a posting, growing the dictionaries."""
    return np.array([_encode(posting, books) for posting in postings], dtype=COLUMNS)


def _encode(posting: PostingFacts, books: Books) -> tuple[float, ...]:
    nowhere = posting.x is None or posting.y is None
    return (
        posting.id,
        posting.employer_id,
        scope_key(posting.region_scope),
        np.nan if nowhere else posting.x or 0,
        np.nan if nowhere else posting.y or 0,
        posting.blur_m,
        np.nan if posting.pay_min is None else posting.pay_min,
        np.nan if posting.pay_max is None else posting.pay_max,
        posting.starts_on or 0,
        NO_DAY if posting.valid_until is None else posting.valid_until,
        posting.confirmed_on or 0,
        scoring.fair_share(posting),
        -1 if posting.answer_permille is None else posting.answer_permille,
        0 if posting.age_min is None else posting.age_min,
        NO_LIMIT if posting.age_max is None else posting.age_max,
        posting.education_step,
        books.kinds.code(posting.employer_kind),
        books.profiles.code(posting.profile),
        books.shifts.code(posting.shifts),
        _flags(posting),
        books.demands.bits(posting.demands),
        books.demands.bits(posting.likely_demands),
        books.suits.bits(posting.suits),
        books.occupations.code(posting.occupation_code),
        books.skills.code(posting.skills),
        books.certificates.code(posting.certificates),
        books.pickups.code(posting.pickup),
    )


def _flags(posting: PostingFacts) -> int:
    flags = (
        (OPEN, posting.is_open),
        (VERIFIED, posting.employer_verified),
        (MUTED, posting.employer_muted),
        (BOARD, posting.board),
        (LODGING, posting.lodging),
        (BARRED, posting.barred_to_minors),
        (TRAINS, posting.trains_beginners),
        (NIGHT, gates.is_night_work(posting)),
        (CARE, gates.has_care_hours(posting)),
        (HEIGHTS, "heights" in posting.demands),
        (DAY, "day" in posting.shifts),
        (HOME_WORK, "home_work" in posting.suits),
        (HAS_SKILLS, bool(posting.skills)),
        (WELFARE, posting.employer_kind == "public_welfare"),
        (FULL, posting.filled >= posting.openings),
    )
    return sum(bit for bit, holds in flags if holds)
