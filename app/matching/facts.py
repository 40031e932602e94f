"""匹配依据: everything the rules look at, as plain numbers and codes, and nothing else.

Money is integer fen a year (see `rules.wages`), distance integer metres, a date its ordinal, a region its
scope prefix of 2, 4, 6, 9 or 12 digits. Tuples of codes are sorted, so that sums run in one order in
every engine.

Sex, ethnicity, disability and the household's label are absent from `PersonFacts` on purpose: what
isn't here can't change anyone's list of postings (MATCHING, fairness law).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """岗位依据: one posting as the rules see it."""

    id: int
    region_scope: str
    """Fixed prefix of the work place: 2 province, 4 city, 6 county, 9 town, 12 village digits."""
    employer_id: int = 0
    employer_kind: str = "enterprise"
    employer_verified: bool = True
    employer_muted: bool = False
    """Ten referrals in 30 days without an answer, or barred (REFERRALS, clocks)."""
    is_open: bool = True
    valid_until: int | None = None
    """Last day of recruiting, None = until further notice."""
    starts_on: int | None = None
    confirmed_on: int | None = None
    openings: int = 1
    filled: int = 0
    applicants: int = 0
    """People with a live referral to this posting."""
    occupation_code: str | None = None
    skills: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    likely_demands: tuple[str, ...] = ()
    """Not stated, but usual for such work (a porter lifts): grades lower and asks, never shuts out."""
    suits: tuple[str, ...] = ()
    pickup: tuple[str, ...] = ()
    """Scope prefixes that the employer's bus serves."""
    age_min: int | None = None
    age_max: int | None = None
    education_step: int = 0
    profile: str = "long"
    shifts: tuple[str, ...] = ()
    """Empty = not stated."""
    board: bool = False
    lodging: bool = False
    barred_to_minors: bool = False
    """Underground, solvents, explosives or heights: nobody under 18 (未成年工特殊保护规定)."""
    trains_beginners: bool = False
    x: int | None = None
    y: int | None = None
    """Projected metres of the work place, or of the centre of the lowest division that has one."""
    blur_m: int = 0
    """How far the place may be from that point: 0 = the point is the place's own (`rules.places.BLUR_M`)."""
    place_name: str = ""
    """Name of the lowest known division ("石柱镇")."""
    pay_min: int | None = None
    pay_max: int | None = None
    """Fen a year, None = not stated. Piece pay without the firm's own estimate has neither."""
    pay_by_piece: bool = False
    answer_permille: int | None = None
    """Share of referrals this employer answered, None = too few to say."""
    answer_days: int | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """求职者依据: one person as the rules see them. None = not said, and then never held against them."""

    home_scope: str
    reach: str = "county"
    reach_is_said: bool = True
    """False: nothing is too far, but nearer is better on the county's scale."""
    areas: tuple[str, ...] = ()
    """Scope prefixes of the six reaches in the order of `rules.places.REACHES`, where digits alone don't
    tell (东莞)."""
    refused: tuple[str, ...] = ()
    """Scope prefixes of places they will not go to (六清, DOMAIN C2), whatever the reach."""
    id: int = 0
    born_on: int | None = None
    age: int | None = None
    """Full years where the birthday is unknown."""
    education_step: int | None = None
    labour_class: str = "ordinary"
    class_from_age: bool = False
    """The class was not stated but follows from being over 60 (DOMAIN C3)."""
    skills: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    """Work they want or have done, as occupation codes."""
    names_a_wish: bool = False
    """Whether they said what they want, so that it weighs more than what they can do."""
    pay_floor: int | None = None
    """Fen a year."""
    pay_floor_unit: str = "month"
    shifts: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    needs_board: bool = False
    needs_lodging: bool = False
    cares_for_family: bool = False
    limits: tuple[str, ...] = ()
    welfare_eligible: bool = False
    x: int | None = None
    y: int | None = None
    blur_m: int = 0


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """户情依据: what only the officer's list of people for a posting may weigh. Never read for a
    posting list."""

    monitored: bool = False
    anyone_employed: bool = True
    waiting_days: int = 0


class WordKnowledge(Protocol):
    """词汇知识: how near two words of work stand to each other, and how people say them."""

    def skill_kinship(self, held: str, asked: str) -> float:
        """1.0 for the same skill, less for one of the same trade, 0.0 for a stranger."""

    def occupation_kinship(self, wanted: str, offered: str) -> float:
        """same 1, group .7, middle .4, major .15, none 0 (MATCHING, score)."""

    def occupation_uses_skill(self, occupation: str, skill: str) -> float:
        """How far someone of this occupation has this skill, 0..1."""

    def skill_serves_occupation(self, skill: str, occupation: str) -> float:
        """How far this skill is what the occupation does, 0..1."""

    def is_elementary(self, skill: str) -> bool:
        """Whether anyone can do it after being shown once (sweeping, sorting, picking)."""

    def covers(self, held: Iterable[str], asked: str) -> bool:
        """Whether the certificates held open what this one opens (A2 covers C1)."""

    def skill_label(self, code: str) -> str:
        """The everyday word for a skill."""

    def certificate_label(self, code: str) -> str:
        """The everyday word for a certificate."""

    def occupation_label(self, code: str) -> str:
        """The everyday word for an occupation."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """词频与行情: how rare each skill word is among live postings, and what work usually pays.

    A rare word tells more than a common one. Weight = fourth root of (N + 1) / (n + 1), falling about as a
    logarithm but uses only / and sqrt, so that every engine gets the same bits.
    """

    size: int
    counts: Mapping[str, int]
    usual_pay: int
    """Median of the postings' middle pay, fen a year."""

    @classmethod
    def from_postings(cls, postings: Iterable[PostingFacts]) -> Self:
        """Count skill words and take the median pay of these postings."""
        counts: dict[str, int] = {}
        pays: list[int] = []
        size = 0
        for posting in postings:
            size += 1
            for word in posting.skills:
                counts[word] = counts.get(word, 0) + 1
            if posting.pay_min and posting.pay_max:
                pays.append((posting.pay_min + posting.pay_max) // 2)
        pays.sort()
        return cls(size, counts, pays[len(pays) // 2] if pays else USUAL_PAY)


USUAL_PAY = 3_200_00 * 12
"""Used while no posting states its pay: 3,200 yuan a month, between the screens' examples
(design/DESIGN.md)."""


@dataclass(frozen=True, slots=True)
class MatchContext:
    """匹配环境: the day, the market and the words that one ranking uses throughout."""

    today: int
    vocabulary: Vocabulary
    words: WordKnowledge
