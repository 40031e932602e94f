"""户与人的输入输出 (CONTRACT, "A seeker"): one shape for JSON bodies and HTML forms."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.core.crypto import FieldCipher
from app.occupations.terms import Demand, Education, Shift, WageUnit, WorkProfile
from app.regions import gazetteer
from app.regions.projection import unproject
from app.regions.terms import Reach
from app.seekers import masking, sealing
from app.seekers.history import TimelineEntry
from app.seekers.id_numbers import age_on
from app.seekers.models import Household, Person
from app.seekers.rules import may_seek
from app.seekers.terms import (
    ChangeKind,
    CloseReason,
    HouseholdKind,
    LabourClass,
    NotWorkingReason,
    RecordKind,
    Relation,
    ReturnReason,
    SeekerStatus,
    Sex,
)
from app.seekers.words import label_of_word

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
    looked at: the ID number or the birth date tells it.
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


class RevealIn(Form):
    """看全文: what is to be shown in full, and why; the person can see that it was."""

    field: Literal["id_number", "phone", "health", "ledger"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class RevealOut(BaseModel):
    """全文: exactly one of them."""

    field: str
    value: str | dict[str, str] | None


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


class OfficerOut(BaseModel):
    """包户人."""

    id: int
    name: str


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
        return cls(code=code, name=names[-1] if names else code, path="".join(names))


class MemberOut(BaseModel):
    """家庭成员: one line of the household file. `is_seeker`: may be shown postings."""

    id: int
    name: str
    relation: Relation
    sex: Sex | None
    age: int | None
    status: SeekerStatus
    labour_class: LabourClass = Field(serialization_alias="class")
    is_seeker: bool
    phone: str | None
    version: int

    @classmethod
    def of(
        cls, person: Person, today: date, cipher: FieldCipher | None, *, is_masked: bool = False
    ) -> "MemberOut":
        """The phone stays masked; without `cipher` it is left out. `is_masked` masks the name as well."""
        return cls(
            id=person.id,
            name=masking.mask_name(person.name) if is_masked else person.name,
            relation=person.relation,
            sex=person.sex,
            age=_age(person, today),
            status=person.status,
            labour_class=person.labour_class,
            is_seeker=may_seek(person.birth_on, person.status, today),
            phone=masking.mask_phone(sealing.open_phone(person, cipher)) if cipher is not None else None,
            version=person.version,
        )


class HouseholdOut(BaseModel):
    """一户一档."""

    id: int
    region: PlaceOut
    region_code: str
    address: str
    household_number: str | None
    kinds: list[HouseholdKind]
    is_monitored: bool
    officer: OfficerOut | None
    note: str
    members: list[MemberOut]
    closed_at: datetime | None
    close_reason: CloseReason | None
    updated_at: datetime
    version: int

    @classmethod
    def of(
        cls,
        household: Household,
        members: list[MemberOut],
        officer: OfficerOut | None,
        village_names: Mapping[str, str],
    ) -> "HouseholdOut":
        same: dict[str, Any] = {name: getattr(household, name) for name in _HOUSEHOLD_SAME}
        place = PlaceOut.of(household.region_code, village_names)
        return cls(**same, region=place, members=members, officer=officer)


_HOUSEHOLD_SAME = tuple(
    name for name in HouseholdOut.model_fields if name not in ("region", "members", "officer")
)


class SeekerOut(BaseModel):
    """求职者 (CONTRACT, "A seeker"). Phone and ID number are masked; the birth date is not told beside a
    masked ID number, which would be as good as the number. Skills and certificates are codes where they could
    be read; the `_names` say what they were read as."""

    id: int
    household_id: int
    name: str
    relation: Relation
    sex: Sex | None
    age: int | None
    birth_on: date | None
    region_code: str
    region: PlaceOut
    lng: float | None
    lat: float | None
    phone: str | None
    id_number: str | None
    education: Education | None
    labour_class: LabourClass = Field(serialization_alias="class")
    class_reason: str | None
    skills: list[str]
    skill_names: list[str]
    certificates: list[str]
    certificate_names: list[str]
    occupations: list[str]
    occupation_names: list[str]
    limits: list[Demand]
    status: SeekerStatus
    seeking_since_on: date | None
    travel: Reach
    travel_minutes: int | None
    wage_floor_fen: int | None
    wage_floor_unit: WageUnit
    shifts: list[Shift]
    profiles: list[WorkProfile]
    needs_board: bool
    needs_lodging: bool
    cares_for_family: bool
    care_hours: str
    harvest_absences: str
    companions: str
    refused_places: list[str]
    training_wish: str
    welfare_eligible: bool
    not_working_reason: NotWorkingReason | None
    return_reason: ReturnReason | None
    employer_name: str
    work_place: str
    is_seeker: bool
    closed_at: datetime | None
    close_reason: CloseReason | None
    updated_at: datetime
    version: int

    @classmethod
    def of(
        cls, person: Person, today: date, cipher: FieldCipher, village_names: Mapping[str, str]
    ) -> "SeekerOut":
        same: dict[str, Any] = {name: getattr(person, name) for name in _PERSON_SAME}
        lng, lat = (
            unproject(person.x, person.y) if person.x is not None and person.y is not None else (None,) * 2
        )
        return cls(
            **same,
            age=_age(person, today),
            birth_on=person.birth_on if person.id_number is None else None,
            region=PlaceOut.of(person.region_code, village_names),
            lng=lng,
            lat=lat,
            phone=masking.mask_phone(sealing.open_phone(person, cipher)),
            id_number=masking.mask_id_number(sealing.open_id_number(person, cipher)),
            skill_names=[label_of_word(code) for code in person.skills],
            certificate_names=[label_of_word(code) for code in person.certificates],
            occupation_names=[label_of_word(code) for code in person.occupations],
            is_seeker=may_seek(person.birth_on, person.status, today),
        )


_PERSON_COMPUTED = frozenset(
    {"age", "birth_on", "region", "lng", "lat", "phone", "id_number", "skill_names", "certificate_names"}
    | {"occupation_names", "is_seeker"}
)
_PERSON_SAME = tuple(name for name in SeekerOut.model_fields if name not in _PERSON_COMPUTED)


class FieldChangeOut(BaseModel):
    """一项变更. What is kept under seal is named, not shown."""

    name: str
    label: str
    before: Any
    after: Any
    is_sealed: bool


class TimelineOut(BaseModel):
    """历史一条."""

    id: int
    record_kind: RecordKind
    record_id: int
    kind: ChangeKind
    kind_label: str
    at: datetime
    actor_name: str
    acting_for: str
    reason: str
    version: int
    fields: list[FieldChangeOut]

    @classmethod
    def of(cls, entry: TimelineEntry) -> "TimelineOut":
        same: dict[str, Any] = {name: getattr(entry, name) for name in _ENTRY_SAME}
        fields = [FieldChangeOut(**vars(change)) for change in entry.fields]
        return cls(**same, kind_label=entry.kind.label, fields=fields)


_ENTRY_SAME = tuple(name for name in TimelineOut.model_fields if name not in ("kind_label", "fields"))


class CountOut(BaseModel):
    """一个地方的合计: null where fewer than ten would be told."""

    code: str
    name: str
    people: int | None
    seekers: int | None
    seeking: int | None
    employed: int | None


class CountsOut(BaseModel):
    """合计: a place and the divisions directly below it."""

    total: CountOut
    parts: list[CountOut]


def _age(person: Person, today: date) -> int | None:
    return age_on(person.birth_on, today) if person.birth_on is not None else None
