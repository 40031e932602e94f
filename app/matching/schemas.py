"""匹配的输入输出: a seeker's profile as it is sent, and ranked postings as they are answered (CONTRACT)."""

from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.jobs.schemas import JobOut
from app.matching.terms import Supply, Verdict
from app.occupations.terms import Demand, Education, Shift, WageUnit, WorkProfile
from app.regions.terms import Reach
from app.seekers.id_numbers import age_on
from app.seekers.models import Person
from app.seekers.terms import LabourClass, SeekerStatus

T = TypeVar("T")
MAX_WORDS = 30
MOST_FEN = 100_000_000
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Words = Annotated[list[Word], Field(max_length=MAX_WORDS)]
RegionCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\d{6}(\d{3}){0,2}$")]
Several = Annotated[list[T], Field(max_length=20), AfterValidator(lambda codes: sorted(set(codes)))]


class SeekerProfile(BaseModel):
    """求职者情况: what a person says about themselves; all but the home may be left out.

    Fields of a stored person that don't bear on matching (`id`, `name` ...) are taken and not looked at.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    region_code: RegionCode
    lng: Annotated[float, Field(ge=70.0, le=140.0)] | None = None
    lat: Annotated[float, Field(ge=0.0, le=60.0)] | None = None
    birth_on: date | None = None
    age: Annotated[int, Field(ge=0, le=120)] | None = None
    education: Education | None = None
    labour_class: LabourClass | None = Field(default=None, alias="class")
    skills: Words = []
    certificates: Words = []
    occupations: Words = []
    travel: Reach | None = None
    wage_floor_fen: Annotated[int, Field(ge=0, le=MOST_FEN)] | None = None
    wage_floor_unit: WageUnit = WageUnit.MONTH
    shifts: Several[Shift] = []
    needs_board: bool = False
    needs_lodging: bool = False
    cares_for_family: bool = False
    limits: Several[Demand] = []
    profiles: Several[WorkProfile] = []
    welfare_eligible: bool = False
    refused_places: Several[RegionCode] = []
    """Places they will not go to, as region codes."""
    id: int | None = None
    household_id: int | None = None
    name: Annotated[str, Field(max_length=60)] | None = None
    status: SeekerStatus | None = None

    @model_validator(mode="after")
    def check(self) -> "SeekerProfile":
        if (self.lng is None) != (self.lat is None):
            raise ValueError("经度和纬度要一起填。")
        if self.wage_floor_unit is WageUnit.PIECE:
            raise ValueError("最低工钱请按月、按天或按小时说。")
        return self


class Understood(BaseModel):
    """读懂了什么: one of the person's own words and the code it was read as; null = kept as it was said."""

    said: str
    code: str | None
    label: str | None


class UnderstoodOut(BaseModel):
    """读懂的词, by field of the profile."""

    skills: list[Understood]
    certificates: list[Understood]
    occupations: list[Understood]


class MatchOut(BaseModel):
    """匹配 (CONTRACT, "A match"): pages show `verdict` and `reasons`, never the score."""

    job: JobOut
    score: float
    verdict: Verdict
    verdict_label: str
    distance_km: float | None
    parts: dict[str, float]
    reasons: list[str]
    gaps: list[str]


class NearMissOut(BaseModel):
    """就差一点: what one thing more would open."""

    kind: Supply
    count: int
    text: str
    amount: int | None
    code: str | None
    pay_from_fen: int | None
    """Fen a month."""
    job_ids: list[int]


class ExcludedOut(BaseModel):
    """没排进来的, counted under one reason, with the plain word for it."""

    gate: str
    label: str
    count: int


class RankingOut(BaseModel):
    """排好的岗位: `total` fit in all; `excluded` counts the others by gate code."""

    items: list[MatchOut]
    next: str | None
    total: int
    excluded: dict[str, int]
    excluded_reasons: list[ExcludedOut]
    near_misses: list[NearMissOut]
    understood: UnderstoodOut
    formula: str


class CandidateOut(BaseModel):
    """合适的人: the card of a seeker in an officer's list, without any number."""

    id: int
    household_id: int
    name: str
    age: int | None
    region_code: str
    labour_class: LabourClass = Field(serialization_alias="class")
    status: SeekerStatus
    seeking_since_on: date | None

    @classmethod
    def of(cls, person: Person, today: date) -> "CandidateOut":
        return cls(
            id=person.id,
            household_id=person.household_id,
            name=person.name,
            age=age_on(person.birth_on, today) if person.birth_on is not None else None,
            region_code=person.region_code,
            labour_class=person.labour_class,
            status=person.status,
            seeking_since_on=person.seeking_since_on,
        )


class PersonMatchOut(BaseModel):
    """匹配 (CONTRACT, "A match"): one person for a posting. Officers see the score; the person never does."""

    seeker: CandidateOut
    score: float
    verdict: Verdict
    verdict_label: str
    distance_km: float | None
    parts: dict[str, float]
    reasons: list[str]
    gaps: list[str]


class PeopleRankingOut(BaseModel):
    """排好的人: `total` fit in all; `excluded` counts the others by gate code."""

    items: list[PersonMatchOut]
    next: str | None
    total: int
    excluded: dict[str, int]
    formula: str


class GateOut(BaseModel):
    """门槛: what shuts a posting out, with the word people read."""

    code: str
    label: str


class FormulaOut(BaseModel):
    """怎么排的: the published formula. A posting is open when no gate shuts it; its score is 100 x (sum of
    weight x part, each part 0..1) x fit; equals take turns by the day.

    People for a posting: `people_weights` of the pair's score, the household's need and the time waiting.
    """

    version: str
    gates: list[GateOut]
    weights: dict[str, float]
    people_weights: dict[str, float]
    not_looked_at: list[str]
