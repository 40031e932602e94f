"""岗位的输入输出 (CONTRACT, "A job"): one shape for JSON bodies, HTML forms and imports."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.employers.schemas import Code, EmployerBrief
from app.jobs import rules
from app.jobs.models import JobPosting
from app.jobs.terms import Insurance, JobAction, JobState
from app.occupations.certificates import certificate_label
from app.occupations.classification import occupation_name
from app.occupations.skills import find_skill
from app.occupations.terms import Demand, Education, Shift, Suit, WageUnit, WorkProfile
from app.regions import gazetteer
from app.vetting.numbers import hide_numbers

T = TypeVar("T")

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]
Fen = Annotated[int, Field(ge=0, le=rules.MOST_FEN)]
Age = Annotated[int, Field(le=99)]
MAX_WORDS = 20


def _without_repeats(values: list[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _working_age(age: int) -> int:
    if age < rules.LOWEST_AGE:
        raise ValueError("不能招 16 周岁以下的人（劳动法第十五条）。")
    return age


def _in_china(low: float, high: float) -> AfterValidator:
    def check(degrees: float) -> float:
        if not low <= degrees <= high:
            raise ValueError(f"经纬度不对，应在 {low:g} 和 {high:g} 之间。")
        return degrees

    return AfterValidator(check)


Several = Annotated[list[T], Field(max_length=MAX_WORDS), AfterValidator(_without_repeats)]
"""A list of at most 20 different values."""


class WageIn(BaseModel):
    """工资: integer fen for one `unit`; `estimate_fen` is the firm's own month for piece work."""

    model_config = ConfigDict(extra="forbid")

    min_fen: Fen | None = None
    max_fen: Fen | None = None
    unit: WageUnit | None = None
    negotiable: bool = False
    estimate_fen: Fen | None = None

    @model_validator(mode="after")
    def check(self) -> "WageIn":
        if self.min_fen is not None and self.max_fen is not None and self.min_fen > self.max_fen:
            raise ValueError("最低工资比最高工资还高，请改一下。")
        if (self.min_fen is not None or self.max_fen is not None) and self.unit is None:
            raise ValueError("请选按月、按天还是按小时算。")
        if self.estimate_fen is not None and self.unit is not WageUnit.PIECE:
            raise ValueError("只有计件的活才填每月大概能挣多少。")
        return self


class JobFields(BaseModel):
    """岗位各项, common to new postings and changes.

    `occupation` is a code or own words (left out: read from the title); skills and certificates may be own
    words. Without `valid_until` it is valid for 30 days.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    occupation: Word | None = None
    address: Annotated[str, Field(max_length=200)] = ""
    lng: Annotated[float, _in_china(73.0, 136.0)] | None = None
    lat: Annotated[float, _in_china(3.0, 54.0)] | None = None
    wage: WageIn = WageIn()
    openings: Annotated[int, Field(ge=1, le=rules.MOST_OPENINGS)] = 1
    skills: Several[Word] = []
    certificates: Several[Word] = []
    demands: Several[Demand] = []
    suits: Several[Suit] = []
    pickup: Several[Code] = []
    age_min: Annotated[Age, AfterValidator(_working_age)] | None = None
    age_max: Annotated[Age, AfterValidator(_working_age)] | None = None
    education: Education = Education.NONE
    profile: WorkProfile = WorkProfile.LONG
    shifts: Several[Shift] = []
    board: bool = False
    lodging: bool = False
    transport: bool = False
    insurance: Several[Insurance] = []
    starts_on: date | None = None
    valid_until: date | None = None
    description: Annotated[str, Field(max_length=4000)] = ""

    @model_validator(mode="after")
    def check(self) -> Self:
        if self.age_min is not None and self.age_max is not None and self.age_min > self.age_max:
            raise ValueError("最小年龄比最大年龄还大，请改一下。")
        if (self.lng is None) != (self.lat is None):
            raise ValueError("经度和纬度要一起填。")
        return self


class JobIn(JobFields):
    """发岗位: what posting a vacancy takes (CONTRACT, "To create a job")."""

    employer_id: int
    title: Title
    region_code: Code

    @classmethod
    def of(cls, job: JobPosting) -> "JobIn":
        """A stored posting as it would be sent to make it again."""
        return cls.model_validate(_sent_form(job))


def _sent_form(job: JobPosting) -> dict[str, Any]:
    form: dict[str, Any] = {name: getattr(job, name) for name in _SAME_NAME}
    form["occupation"] = job.occupation_code
    form["wage"] = {
        "min_fen": job.wage_min_fen,
        "max_fen": job.wage_max_fen,
        "unit": job.wage_unit,
        "negotiable": job.wage_negotiable,
        "estimate_fen": job.estimate_fen,
    }
    return form


_SAME_NAME = tuple(name for name in JobIn.model_fields if name not in ("occupation", "wage"))


class JobPatch(JobFields):
    """改岗位: the fields to change; what isn't sent stays, `wage` counts as one field."""

    title: Title | None = None
    region_code: Code | None = None

    def merged_with(self, job: JobPosting) -> JobIn:
        """The whole posting after the change. Raises pydantic's ValidationError."""
        return JobIn.model_validate(_sent_form(job) | self.model_dump(exclude_unset=True))


class JobActionIn(BaseModel):
    """岗位的一步 (CONTRACT, POST /jobs/{id}/actions)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    action: JobAction
    reason: Annotated[str, Field(max_length=200)] | None = None


class OccupationOut(BaseModel):
    """职业: both null where the words settle none."""

    code: str | None
    name: str | None


def label_of(code: str) -> str:
    """The everyday word for a skill or certificate code; own words nobody could read stay as they are."""
    skill = find_skill(code)
    return skill.label if skill else certificate_label(code)


class PlaceOut(BaseModel):
    """地点: `path` is the full name from the province down, as in GET /regions."""

    code: str
    name: str
    path: str

    @classmethod
    def of(cls, code: str, village_names: Mapping[str, str]) -> "PlaceOut":
        """`village_names` knows the names of 12-digit codes, which are not built in."""
        names = list(gazetteer.path(code))
        if code in village_names:
            names.append(village_names[code])
        return cls(code=code, name=names[-1], path="".join(names))


class WageOut(BaseModel):
    """工资: `text` as it was written or as we say it."""

    min_fen: int | None
    max_fen: int | None
    unit: WageUnit | None
    negotiable: bool
    text: str
    estimate_fen: int | None


class JobOut(BaseModel):
    """岗位 (CONTRACT, "A job"). Skills and certificates are codes where they could be read."""

    id: int
    title: str
    employer: EmployerBrief
    occupation: OccupationOut
    region: PlaceOut
    address: str
    lng: float | None
    lat: float | None
    wage: WageOut
    openings: int
    filled: int
    skills: list[str]
    certificates: list[str]
    skill_names: list[str]
    certificate_names: list[str]
    demands: list[Demand]
    suits: list[Suit]
    pickup: list[str]
    age_min: int | None
    age_max: int | None
    education: Education
    profile: WorkProfile
    shifts: list[Shift]
    board: bool
    lodging: bool
    transport: bool
    insurance: list[Insurance]
    starts_on: date | None
    valid_until: date
    confirmed_at: datetime
    published_at: datetime
    description: str
    state: JobState
    version: int
    distance_m: int | None = None

    @classmethod
    def of(
        cls, job: JobPosting, village_names: Mapping[str, str], *, distance_m: int | None = None
    ) -> "JobOut":
        """`job` has its employer loaded."""
        code = job.occupation_code
        same: dict[str, Any] = {name: getattr(job, name) for name in _OUT_SAME_NAME}
        same |= {name: hide_numbers(same[name]) for name in ("title", "address", "description")}
        return cls(
            **same,
            employer=EmployerBrief.of(job.employer),
            occupation=OccupationOut(code=code, name=occupation_name(code) if code else None),
            region=PlaceOut.of(job.region_code, village_names),
            skill_names=[label_of(code) for code in job.skills],
            certificate_names=[label_of(code) for code in job.certificates],
            wage=WageOut(
                min_fen=job.wage_min_fen,
                max_fen=job.wage_max_fen,
                unit=job.wage_unit,
                negotiable=job.wage_negotiable,
                text=hide_numbers(job.wage_text),
                estimate_fen=job.estimate_fen,
            ),
            distance_m=distance_m,
        )


_NOT_COLUMNS = frozenset(
    {"employer", "occupation", "region", "wage", "distance_m", "skill_names", "certificate_names"}
)
_OUT_SAME_NAME = tuple(name for name in JobOut.model_fields if name not in _NOT_COLUMNS)
