"""户与人的输入 (CONTRACT, "A seeker"): what is sent, one shape for JSON bodies and HTML forms."""

from datetime import date
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.occupations.terms import Demand, Education, Shift, WageUnit, WorkProfile
from app.regions import gazetteer
from app.regions.terms import Reach
from app.seekers.terms import (
    CloseReason,
    HouseholdKind,
    LabourClass,
    NotWorkingReason,
    Relation,
    ReturnReason,
    SeekerStatus,
    Sex,
)

T = TypeVar("T")
MAX_WORDS = 30
MOST_FEN = 100_000_000


def _known_place(code: str) -> str:
    if gazetteer.find_nearest(code) is None:
        raise ValueError("没有这个地区，请重新选。")
    return code


def _sorted(values: list[T]) -> list[T]:
    return sorted(set(values), key=str)


Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Words = Annotated[list[Word], Field(max_length=MAX_WORDS)]
Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^\d{6}(\d{3}){0,2}$"),
    AfterValidator(_known_place),
]
Several = Annotated[list[T], Field(max_length=20), AfterValidator(_sorted)]
Facts = Annotated[dict[Word, LongText], Field(max_length=80)]
"""Columns of an office's sheet: heading -> what stood there."""


class Form(BaseModel):
    """Common to all that is sent: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, populate_by_name=True)


class HouseholdFields(Form):
    """户的各项, common to new households and changes."""

    address: LongText = ""
    kinds: Several[HouseholdKind] = []
    household_number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class HouseholdIn(HouseholdFields):
    """建户: `region_code` is the managing village, or the town where there is no village."""

    region_code: Code
    officer_id: int | None = None


class HouseholdPatch(HouseholdFields):
    """改户: the fields to change. `region_code` moves the whole household with its members."""

    region_code: Code | None = None
    reason: LongText = ""
    acting_for: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""


class PersonFields(Form):
    """人的各项 (CONTRACT, "A seeker"), common to new people and changes.

    Skills, certificates and occupations may be the person's own words. `labour_class` ("class" in JSON) sets
    the class by hand, with `class_reason`; null lets it follow from what is known. `ledger` and `health` are
    kept under seal; in a change each names the entries to set, "" takes one away. `age` is taken and not
    looked at: the ID number or the birth date tells it. `seeking_since_on` is the day somebody begins to look
    for work: today, where it is left out.
    """

    relation: Relation = Relation.OTHER
    phone: Annotated[str, Field(max_length=60)] | None = None
    birth_on: date | None = None
    sex: Sex | None = None
    age: Annotated[int, Field(ge=0, le=120)] | None = None
    region_code: Code | None = None
    lng: Annotated[float, Field(ge=73.0, le=136.0)] | None = None
    lat: Annotated[float, Field(ge=3.0, le=54.0)] | None = None
    education: Education | None = None
    labour_class: LabourClass | None = Field(default=None, alias="class")
    class_reason: LongText | None = None
    skills: Words = []
    certificates: Words = []
    limits: Several[Demand] = []
    status: SeekerStatus | None = None
    seeking_since_on: date | None = None
    occupations: Words = []
    travel: Reach = Reach.COUNTY
    travel_minutes: Annotated[int, Field(ge=0, le=600)] | None = None
    wage_floor_fen: Annotated[int, Field(ge=0, le=MOST_FEN)] | None = None
    wage_floor_unit: WageUnit = WageUnit.MONTH
    shifts: Several[Shift] = []
    profiles: Several[WorkProfile] = []
    needs_board: bool = False
    needs_lodging: bool = False
    cares_for_family: bool = False
    care_hours: Text = ""
    harvest_absences: Text = ""
    companions: Text = ""
    refused_places: Several[Code] = []
    training_wish: Text = ""
    welfare_eligible: bool = False
    not_working_reason: NotWorkingReason | None = None
    return_reason: ReturnReason | None = None
    employer_name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    work_place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    ledger: Facts = {}
    health: Facts = {}

    @model_validator(mode="after")
    def check(self) -> Self:
        if (self.lng is None) != (self.lat is None):
            raise ValueError("经度和纬度要一起填。")
        if self.wage_floor_unit is WageUnit.PIECE:
            raise ValueError("最低工钱请按月、按天或按小时说。")
        return self


class MemberIn(PersonFields):
    """添人: a member of a household, of any age. Without an ID number the birth date is wanted."""

    name: Name
    id_number: Annotated[str, Field(max_length=40)] | None = None


class SeekerIn(MemberIn):
    """登记求职者 (CONTRACT, POST /seekers): somebody of 16 or over, with an ID number."""

    household_id: int
    id_number: Annotated[str, Field(min_length=1, max_length=40)]


class PersonPatch(PersonFields):
    """改人: the fields to change; what isn't sent stays. `reason` and `acting_for` go into the history."""

    name: Name | None = None
    id_number: Annotated[str, Field(max_length=40)] | None = None
    reason: LongText = ""
    acting_for: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""


class PeopleQuery(Form):
    """求职者列表要什么 (CONTRACT, GET /seekers)."""

    region: Annotated[str, Field(max_length=12)] | None = None
    q: Annotated[str, Field(max_length=60)] = ""
    status: SeekerStatus | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, Field(max_length=400)] | None = None


class RevealIn(Form):
    """看全文: what is to be shown in full, and why; the person can see that it was."""

    field: Literal["id_number", "phone", "health", "ledger"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class MoveIn(Form):
    """换户: into which household somebody goes, as what."""

    household_id: int
    relation: Relation = Relation.OTHER
    reason: LongText = ""


class ClassIn(Form):
    """定类别: by hand with a reason; null goes back to what follows from the facts."""

    labour_class: LabourClass | None = Field(alias="class")
    reason: LongText = ""


class CloseIn(Form):
    """销档: why a record is no longer kept."""

    close_reason: CloseReason
    reason: LongText = ""


class MergeIn(Form):
    """合并: the other record that goes into this one."""

    duplicate_id: int
    reason: LongText = ""


class OfficerIn(Form):
    """包户人: null takes the officer away."""

    officer_id: int | None
