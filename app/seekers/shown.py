"""户与人的输出 (CONTRACT, "A seeker"): what is shown, numbers masked."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

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


class RevealOut(BaseModel):
    """全文: exactly one of them."""

    field: str
    value: str | dict[str, str] | None


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
        *,
        is_masked: bool = False,
    ) -> "HouseholdOut":
        """`is_masked` leaves out what tells whose household it is: address, number, note."""
        same: dict[str, Any] = {name: getattr(household, name) for name in _HOUSEHOLD_SAME}
        if is_masked:
            same |= {"address": "", "household_number": None, "note": ""}
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
