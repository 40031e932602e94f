"""工作台: one's villages with their counts, the box for finding anybody, and the households by village."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.accounts import duty
from app.accounts.second_person import queries as confirmations
from app.accounts.terms import Role
from app.core.errors import AppError, Invalid
from app.core.http import ReadSession
from app.regions.scope import contains
from app.seekers import files, finding, masking, policies, queries, sealing
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.household_counts import HouseholdNeed, condition_of, count_households
from app.seekers.models import Person
from app.seekers.shown import CountOut, CountsOut, HouseholdOut
from app.seekers.terms import Relation, SeekerStatus
from app.web.csrf import check_csrf
from app.web.staff import places
from app.web.staff.colleagues import INSTANT
from app.web.staff.file_views import line_of, status_words
from app.web.staff.message_links import message_links
from app.web.staff.page import MenuItem, console_page, csrf_of
from app.web.staff.rights import may_hold
from app.web.staff.views import RoleLine, place_words, role_lines
from app.web.staff.wording import day_words, place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_PAGE = 30


@dataclass(frozen=True)
class AreaView:
    """一个地方: its counts and, for a town or county, those of its parts. None: too few to be told."""

    code: str
    name: str
    people: int | None
    seekers: int | None
    seeking: int | None
    employed: int | None
    parts: tuple["AreaView", ...] = ()


@dataclass(frozen=True)
class HouseholdRow:
    """一户一行."""

    href: str
    title: str
    line: str
    is_monitored: bool
    seeking: int


@dataclass(frozen=True)
class HomeView:
    """工作台."""

    roles: tuple[RoleLine, ...]
    areas: tuple[AreaView, ...]
    chosen: str
    chosen_name: str
    rows: tuple[HouseholdRow, ...]
    is_first: bool
    next: str | None
    may_create: bool
    problem: str
    csrf: str
    has_ledger: bool = True
    # Code, words, how many: the chips above the list; `only` is the one chosen. Then what waits for my word.
    needs: tuple[tuple[str, str, int], ...] = ()
    households: int = 0
    only: str = ""
    waiting: int = 0
    may_name_officers: bool = False
    may_hold: bool = False
    messages: tuple[MenuItem, ...] = ()


@dataclass(frozen=True)
class FoundRow:
    """找到的一个人."""

    href: str
    name: str
    line: str
    place: str
    status: str
    is_seeking: bool
    phone: str
    id_number: str


@dataclass(frozen=True)
class FoundView:
    """找人的结果."""

    q: str
    rows: tuple[FoundRow, ...]
    next: str | None
    problem: str = ""


Place = Annotated[str, Query(alias="in", max_length=12)]
Cursor = Annotated[str | None, Query(max_length=400)]


@router.get("/staff")
def show_home(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    chosen: Place = "",
    only: Annotated[str, Query(max_length=20)] = "",
    cursor: Cursor = None,
) -> Response:
    """Who I am here, my villages, and their households."""
    actor = desk.actor
    own = places.own_places(actor)
    if chosen and not any(contains(code, chosen) for code in own):
        chosen = ""
    shown_places = (*own, *places.counted_places(actor))
    areas = tuple(_area(files.show_counts(session, actor, code, desk.today)) for code in shown_places)
    shown_in = chosen or (own[0] if len(own) == 1 else None)
    rows: tuple[HouseholdRow, ...] = ()
    following, problem = None, ""
    now = desk.clock.now()
    need = next((need for need in HouseholdNeed if need.value == only), None)
    counts = count_households(session, actor, now, region_code=shown_in) if own else None
    try:
        found, following = queries.list_households(
            session,
            actor,
            region_code=shown_in,
            only=condition_of(need, now) if need else None,
            limit=_PAGE,
            cursor=cursor,
        )
        shown = files.show_households(session, actor, found, desk.clock, cipher=desk.cipher)
        rows = tuple(row_of(household) for household in shown)
    except AppError as error:
        problem = error.title
    names = queries.list_village_names(session, [*own, chosen, *(g.region_code or "" for g in actor.grants)])
    view = HomeView(
        (*role_lines(actor, names), *_duty_lines(session, desk)),
        areas,
        chosen,
        place_name(chosen, names) if chosen else "",
        rows,
        cursor is None,
        following,
        any(policies.may_create_household(actor, code) for code in own),
        problem,
        csrf_of(request),
        bool(own),
        tuple((need.value, need.label, number) for need, number in counts.needs.items()) if counts else (),
        counts.households if counts else 0,
        need.value if need else "",
        len(confirmations.list_waiting(session, actor, now)),
        any(policies.may_edit_household_in(actor, code) for code in own),
        may_hold(desk),
        message_links(session, desk),
    )
    return console_page(request, actor, "staff/home.html", view)


def _duty_lines(session: ReadSession, desk: Desk) -> list[RoleLine]:
    """Until when the colleague reads health facts; asked for county officers only."""
    user_id = desk.actor.user_id
    if user_id is None or not desk.actor.has_role(Role.COUNTY_OFFICER):
        return []
    found = duty.duties_of(session, [user_id], desk.clock.now()).get(user_id, [])
    return [
        RoleLine(
            "健康值守",
            place_words(one.region_code, {}),
            f"到 {day_words(one.valid_until - INSTANT)}为止，看了谁都记下来",
        )
        for one in found
    ]


def _area(counts: CountsOut) -> AreaView:
    parts = tuple(_count(part) for part in counts.parts if part.code != counts.total.code)
    whole = _count(counts.total)
    return AreaView(whole.code, whole.name, whole.people, whole.seekers, whole.seeking, whole.employed, parts)


def _count(count: CountOut) -> AreaView:
    return AreaView(count.code, count.name, count.people, count.seekers, count.seeking, count.employed)


def row_of(household: HouseholdOut) -> HouseholdRow:
    """A household as a line of a list."""
    head = next((m for m in household.members if m.relation is Relation.HEAD), None)
    named = head or (household.members[0] if household.members else None)
    place = household.region.name
    words = [place, household.address, f"{len(household.members)} 口人"]
    return HouseholdRow(
        f"/staff/households/{household.id}",
        f"{named.name}家" if named else "还没有人的一户",
        "，".join(word for word in words if word),
        household.is_monitored,
        sum(member.status is SeekerStatus.SEEKING for member in household.members),
    )


@router.get("/staff/people")
def find_people(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    q: Annotated[str, Query(max_length=60)] = "",
    cursor: Cursor = None,
) -> Response:
    """Anybody by name, pinyin, initials, the last four, ID number or phone: one tap to the household."""
    try:
        found, following = finding.find_people(
            session, desk.actor, q, desk.today, cipher=desk.cipher, limit=_PAGE, cursor=cursor
        )
        problem = ""
    except Invalid as error:
        found, following, problem = [], None, error.title
    names = queries.list_village_names(session, {person.region_code for person in found})
    rows = tuple(_found(person, desk, names) for person in found)
    view = FoundView("" if _is_whole_number(q) else q, rows, following, problem)
    return console_page(request, desk.actor, "staff/people.html", view)


def _is_whole_number(q: str) -> bool:
    """A whole ID or phone number is not written into links again."""
    return sum(letter.isdigit() for letter in q) > len("2041") + 1


def _found(person: Person, desk: Desk, names: dict[str, str]) -> FoundRow:
    place = place_name(person.region_code, names)
    address = person.household.address
    return FoundRow(
        f"/staff/households/{person.household_id}#p{person.id}",
        person.name,
        line_of(person, desk.today),
        f"{place}，{address}" if address else place,
        status_words(person, desk.today),
        person.status is SeekerStatus.SEEKING,
        masking.mask_phone(sealing.open_phone(person, desk.cipher)) or "没有电话",
        masking.mask_id_number(sealing.open_id_number(person, desk.cipher)) or "没有身份证号",
    )
