"""户与求职者接口 (CONTRACT, /households and /seekers). Numbers are masked; outside one's area all is 404."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.core.http import ReadSession, Route, WriteSession
from app.core.pagination import Page
from app.employers.dependencies import etag
from app.seekers import files, finding, history, households, merging, people, policies, queries, revealing
from app.seekers.access import cards
from app.seekers.access.cards import CardOut
from app.seekers.dependencies import Desk, OpenDesk, StaffDesk
from app.seekers.models import Person
from app.seekers.schemas import (
    ClassIn,
    CloseIn,
    HouseholdIn,
    HouseholdPatch,
    MemberIn,
    MergeIn,
    MoveIn,
    OfficerIn,
    PeopleQuery,
    PersonPatch,
    RevealIn,
    SeekerIn,
)
from app.seekers.shown import CountsOut, HouseholdOut, MemberOut, RevealOut, SeekerOut, TimelineOut

router = APIRouter(tags=["seekers"], route_class=Route)
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=400)]
Region = Annotated[str, Query(max_length=12)]


@router.get("/households")
def list_households(
    session: ReadSession, desk: StaffDesk, region: Region = "", limit: Limit = 20, cursor: Cursor = None
) -> Page[HouseholdOut]:
    """自己管的地方的户。"""
    rows, following = queries.list_households(
        session, desk.actor, region_code=region or None, limit=limit, cursor=cursor
    )
    shown = files.show_households(session, desk.actor, rows, desk.clock, cipher=desk.cipher)
    return Page(items=shown, next=following)


@router.post("/households", status_code=201)
def create_household(
    data: HouseholdIn, session: WriteSession, desk: StaffDesk, response: Response
) -> HouseholdOut:
    """建一户。"""
    household = households.create_household(session, desk.actor, data, cipher=desk.cipher, clock=desk.clock)
    response.headers["Location"] = f"/api/v1/households/{household.id}"
    return _household(session, desk, household.id, response)


@router.get("/households/{household_id}")
def show_household(
    household_id: int, session: ReadSession, desk: StaffDesk, response: Response
) -> HouseholdOut:
    """看一户的档。"""
    return _household(session, desk, household_id, response)


@router.patch("/households/{household_id}")
def update_household(
    household_id: int, data: HouseholdPatch, session: WriteSession, desk: StaffDesk, response: Response
) -> HouseholdOut:
    """改一户；If-Match 带上看到的版本。"""
    households.update_household(
        session, desk.actor, household_id, data, cipher=desk.cipher, clock=desk.clock, version=desk.version
    )
    return _household(session, desk, household_id, response)


@router.put("/households/{household_id}/officer")
def set_officer(
    household_id: int, data: OfficerIn, session: WriteSession, desk: StaffDesk, response: Response
) -> HouseholdOut:
    """定包户人。"""
    officer_id = data.officer_id
    households.set_officer(
        session,
        desk.actor,
        household_id,
        officer_id,
        cipher=desk.cipher,
        clock=desk.clock,
        version=desk.version,
    )
    return _household(session, desk, household_id, response)


@router.post("/households/{household_id}/members", status_code=201)
def add_member(
    household_id: int, data: MemberIn, session: WriteSession, desk: StaffDesk, response: Response
) -> MemberOut:
    """添一个家庭成员，不论年纪。"""
    person = people.add_member(session, desk.actor, household_id, data, cipher=desk.cipher, clock=desk.clock)
    response.headers["Location"] = f"/api/v1/households/{household_id}"
    return MemberOut.of(person, desk.today, desk.cipher)


@router.post("/households/{household_id}/close")
def close_household(
    household_id: int, data: CloseIn, session: WriteSession, desk: StaffDesk, response: Response
) -> HouseholdOut:
    """销一户的档。"""
    households.close_household(
        session,
        desk.actor,
        household_id,
        data.close_reason,
        cipher=desk.cipher,
        clock=desk.clock,
        reason=data.reason,
        version=desk.version,
    )
    return _household(session, desk, household_id, response)


@router.post("/households/{household_id}/reopen")
def reopen_household(
    household_id: int, session: WriteSession, desk: StaffDesk, response: Response
) -> HouseholdOut:
    """恢复销了档的一户。"""
    households.reopen_household(session, desk.actor, household_id, cipher=desk.cipher, clock=desk.clock)
    return _household(session, desk, household_id, response)


@router.post("/households/{household_id}/merge")
def merge_households(
    household_id: int, data: MergeIn, session: WriteSession, desk: StaffDesk, response: Response
) -> HouseholdOut:
    """把重复的一户并进这一户。"""
    merging.merge_households(
        session,
        desk.actor,
        household_id,
        data.duplicate_id,
        cipher=desk.cipher,
        clock=desk.clock,
        reason=data.reason,
        version=desk.version,
    )
    return _household(session, desk, household_id, response)


@router.post("/households/{household_id}/unmerge")
def unmerge_households(
    household_id: int, session: WriteSession, desk: StaffDesk, response: Response
) -> HouseholdOut:
    """撤销合并：把并走的这一户拿回来。"""
    merging.unmerge_households(session, desk.actor, household_id, cipher=desk.cipher, clock=desk.clock)
    return _household(session, desk, household_id, response)


@router.get("/households/{household_id}/timeline")
def show_household_timeline(
    household_id: int, session: ReadSession, desk: StaffDesk, limit: Limit = 20, cursor: Cursor = None
) -> Page[TimelineOut]:
    """一户和户里的人有过哪些变更，新的在前。"""
    household = queries.get_household(session, desk.actor, household_id)
    policies.require_history(desk.actor, household)
    entries, following = history.timeline(session, household, limit=limit, cursor=cursor)
    return Page(items=[TimelineOut.of(entry) for entry in entries], next=following)


@router.get("/seekers")
def list_seekers(
    session: ReadSession, desk: StaffDesk, asked: Annotated[PeopleQuery, Query()]
) -> Page[SeekerOut]:
    """自己管的地方的求职者（满 16 周岁）；q 是姓名、拼音、首字母、身份证号或电话（后四位也行）、村名。"""
    filters = queries.PeopleFilters(asked.region, asked.status, seekers_only=True)
    limit, cursor = asked.limit, asked.cursor
    found: tuple[list[Person], str | None]
    if asked.q:
        found = finding.find_people(
            session,
            desk.actor,
            asked.q,
            desk.today,
            cipher=desk.cipher,
            limit=limit,
            cursor=cursor,
            filters=filters,
        )
    else:
        found = queries.list_people(session, desk.actor, filters, desk.today, limit=limit, cursor=cursor)
    names = queries.list_village_names(session, [person.region_code for person in found[0]])
    items = [SeekerOut.of(person, desk.today, desk.cipher, names) for person in found[0]]
    return Page(items=items, next=found[1])


@router.get("/seekers/counts")
def count_seekers(session: ReadSession, desk: StaffDesk, region: Region) -> CountsOut:
    """一个地方的人数合计；只能看合计的，不满 10 人的数不给。"""
    return files.show_counts(session, desk.actor, region, desk.today)


@router.post("/seekers", status_code=201)
def add_seeker(data: SeekerIn, session: WriteSession, desk: StaffDesk, response: Response) -> SeekerOut:
    """登记一个求职者。"""
    person = people.add_seeker(session, desk.actor, data, cipher=desk.cipher, clock=desk.clock)
    response.headers["Location"] = f"/api/v1/seekers/{person.id}"
    return _seeker(session, desk, person, response)


@router.get("/seekers/{seeker_id}")
def show_seeker(
    seeker_id: int, session: ReadSession, desk: OpenDesk, response: Response
) -> SeekerOut | CardOut:
    """看一个求职者；交办的经纪人、报过名的单位看到的是打码的名片。"""
    now = desk.clock.now()
    shown = cards.show_card(session, desk.actor, seeker_id, now, desk.today, cipher=desk.cipher)
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.patch("/seekers/{seeker_id}")
def update_seeker(
    seeker_id: int, data: PersonPatch, session: WriteSession, desk: StaffDesk, response: Response
) -> SeekerOut:
    """改一个求职者；If-Match 带上看到的版本。"""
    _get(session, desk, seeker_id)
    person = people.update_person(
        session, desk.actor, seeker_id, data, cipher=desk.cipher, clock=desk.clock, version=desk.version
    )
    return _seeker(session, desk, person, response)


@router.get("/seekers/{seeker_id}/timeline")
def show_seeker_timeline(
    seeker_id: int, session: ReadSession, desk: StaffDesk, limit: Limit = 20, cursor: Cursor = None
) -> Page[TimelineOut]:
    """一个人有过哪些变更，新的在前；封存的只说改过，不给内容。"""
    person = _get(session, desk, seeker_id)
    entries, following = history.timeline(session, person, limit=limit, cursor=cursor)
    return Page(items=[TimelineOut.of(entry) for entry in entries], next=following)


@router.get("/seekers/{seeker_id}/as-of")
def show_seeker_as_of(
    seeker_id: int, day: date, session: ReadSession, desk: StaffDesk
) -> dict[str, Any] | None:
    """过去某一天结束时这个人的档案；那天还没建档的是 null。"""
    person = _get(session, desk, seeker_id)
    past = history.as_of(session, person, day)
    if past is None:
        return None
    # As in the card: beside a masked ID number the birth date would be as good as the number.
    return past.fields | ({"birth_on": None} if person.id_number is not None else {})


@router.post("/seekers/{seeker_id}/reveal")
def reveal(
    seeker_id: int, data: RevealIn, session: WriteSession, desk: OpenDesk, response: Response
) -> RevealOut:
    """看一项的全文：要写明为什么，记进审计，本人能看到。"""
    response.headers["Cache-Control"] = "no-store"
    return revealing.reveal_field(
        session, desk.actor, seeker_id, data.field, cipher=desk.cipher, clock=desk.clock, reason=data.reason
    )


@router.post("/seekers/{seeker_id}/move")
def move_seeker(
    seeker_id: int, data: MoveIn, session: WriteSession, desk: StaffDesk, response: Response
) -> SeekerOut:
    """换到另一户。"""
    person = people.move_person(
        session,
        desk.actor,
        seeker_id,
        data.household_id,
        cipher=desk.cipher,
        clock=desk.clock,
        relation=data.relation if "relation" in data.model_fields_set else None,
        reason=data.reason,
        version=desk.version,
    )
    return _seeker(session, desk, person, response)


@router.post("/seekers/{seeker_id}/class")
def set_class(
    seeker_id: int, data: ClassIn, session: WriteSession, desk: StaffDesk, response: Response
) -> SeekerOut:
    """手工定类别，要写原因；null 是回到自动判断。"""
    person = people.set_class(
        session,
        desk.actor,
        seeker_id,
        data.labour_class,
        cipher=desk.cipher,
        clock=desk.clock,
        reason=data.reason,
        version=desk.version,
    )
    return _seeker(session, desk, person, response)


@router.post("/seekers/{seeker_id}/close")
def close_seeker(
    seeker_id: int, data: CloseIn, session: WriteSession, desk: StaffDesk, response: Response
) -> SeekerOut:
    """销一个人的档。"""
    person = people.close_person(
        session,
        desk.actor,
        seeker_id,
        data.close_reason,
        cipher=desk.cipher,
        clock=desk.clock,
        reason=data.reason,
        version=desk.version,
    )
    return _seeker(session, desk, person, response)


@router.post("/seekers/{seeker_id}/reopen")
def reopen_seeker(seeker_id: int, session: WriteSession, desk: StaffDesk, response: Response) -> SeekerOut:
    """恢复销了档的一个人。"""
    person = people.close_person(session, desk.actor, seeker_id, None, cipher=desk.cipher, clock=desk.clock)
    return _seeker(session, desk, person, response)


@router.post("/seekers/{seeker_id}/merge")
def merge_seekers(
    seeker_id: int, data: MergeIn, session: WriteSession, desk: StaffDesk, response: Response
) -> SeekerOut:
    """把重复的一份档案并进这一份。"""
    person = merging.merge_people(
        session,
        desk.actor,
        seeker_id,
        data.duplicate_id,
        cipher=desk.cipher,
        clock=desk.clock,
        reason=data.reason,
        version=desk.version,
    )
    return _seeker(session, desk, person, response)


@router.post("/seekers/{seeker_id}/unmerge")
def unmerge_seekers(seeker_id: int, session: WriteSession, desk: StaffDesk, response: Response) -> SeekerOut:
    """撤销合并：把并走的这一份拿回来。"""
    person = merging.unmerge_people(session, desk.actor, seeker_id, cipher=desk.cipher, clock=desk.clock)
    return _seeker(session, desk, person, response)


def _get(session: ReadSession, desk: Desk, seeker_id: int) -> Person:
    return queries.get_seeker(session, desk.actor, seeker_id, desk.today)


def _household(session: ReadSession, desk: Desk, household_id: int, response: Response) -> HouseholdOut:
    shown = files.show_household(session, desk.actor, household_id, desk.clock, cipher=desk.cipher)
    response.headers["ETag"] = etag(shown.version)
    return shown


def _seeker(session: ReadSession, desk: Desk, person: Person, response: Response) -> SeekerOut:
    response.headers["ETag"] = etag(person.version)
    names = queries.list_village_names(session, [person.region_code])
    return SeekerOut.of(person, desk.today, desk.cipher, names)
