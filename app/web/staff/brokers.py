"""交办经纪人: an officer gives a person to a labour broker until a day; the broker's list of those given to
them, masked, with phones opened one at a time and written down."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.core.clock import office_day
from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.seekers import policies, queries, revealing
from app.seekers.access import queries as access
from app.seekers.access import service
from app.seekers.access.cards import CardOut, list_assigned
from app.seekers.access.queries import Broker
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.formats import phone_words, yuan
from app.web.staff.page import console_page
from app.web.staff.wording import day_words

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
# What the form offers at first: our own figure, a month.
USUAL_DAYS = 30


@dataclass(frozen=True)
class AssignedRow:
    """交给我的一个人: `phone` only right after it was asked for."""

    id: int
    name: str
    line: str
    facts: tuple[tuple[str, str], ...]
    until: str
    phone: str = ""
    asked: bool = False


@dataclass(frozen=True)
class AssignedView:
    """交给我的人."""

    rows: tuple[AssignedRow, ...]


@dataclass(frozen=True)
class GivenRow:
    """眼下交给了谁."""

    broker_id: int
    name: str
    until: str


@dataclass(frozen=True)
class AssignView:
    """交给劳务经纪人: the form, and to whom the person is given already."""

    person_id: int
    name: str
    given: tuple[GivenRow, ...]
    brokers: tuple[Broker, ...]
    broker_id: int
    until_on: str
    first_on: str
    last_on: str
    problem: str = ""


@router.get("/staff/assigned")
def show_assigned(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """The people given to this broker, masked; who is due first stands first."""
    return _assigned_page(request, session, desk)


@router.post("/staff/assigned/{person_id}/phone")
def open_phone(request: Request, session: WriteSession, desk: StaffDesk, person_id: int) -> Response:
    """One phone in full; that it was read is written down, and the person can see it."""
    found = revealing.reveal_field(
        session, desk.actor, person_id, "phone", cipher=desk.cipher, clock=desk.clock
    )
    number = found.value if isinstance(found.value, str) else ""
    return _assigned_page(request, session, desk, opened=person_id, number=number)


def _assigned_page(
    request: Request, session: ReadSession, desk: Desk, *, opened: int = 0, number: str = ""
) -> Response:
    found = list_assigned(session, desk.actor, desk.clock.now(), desk.today)
    rows = tuple(
        AssignedRow(
            each.card.id,
            each.card.name,
            _line(each.card),
            _facts(each.card),
            day_words(office_day(each.ends_at - timedelta(seconds=1)), desk.today),
            phone_words(number) if each.card.id == opened else "",
            each.card.id == opened,
        )
        for each in found
    )
    return console_page(request, desk.actor, "staff/assigned.html", AssignedView(rows), now="assigned")


def _line(card: CardOut) -> str:
    words = [card.region_name, card.sex.label if card.sex else "", card.age_band, card.status.label]
    return "，".join(word for word in words if word)


def _facts(card: CardOut) -> tuple[tuple[str, str], ...]:
    wage = card.wage_floor_fen
    pairs = (
        ("会干", "、".join([*card.skill_names, *card.certificate_names])),
        ("想干", "、".join(card.occupation_names)),
        ("愿意走", card.travel.label),
        ("要工钱", f"每{card.wage_floor_unit.label}最少 {yuan(wage)} 元" if wage is not None else ""),
    )
    return tuple((label, words) for label, words in pairs if words)


@router.get("/staff/people/{person_id}/brokers")
def show_assigning(request: Request, session: ReadSession, desk: StaffDesk, person_id: int) -> Response:
    """With which brokers a person is, and the form for one more."""
    return _assigning_page(request, session, desk, person_id)


@router.post("/staff/people/{person_id}/brokers")
def assign(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    broker_id: Annotated[int, Form()] = 0,
    until_on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Gives the person to a broker; again with another day, it is the same assignment."""
    try:
        day = date.fromisoformat(until_on)
    except ValueError:
        day = date.min
    try:
        service.assign_broker(
            session, desk.actor, person_id, broker_id, day, cipher=desk.cipher, clock=desk.clock
        )
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _assigning_page(
            request,
            session,
            desk,
            person_id,
            broker_id=broker_id,
            until_on=until_on,
            problem=error.title if not error.fields else error.fields[0].message,
            status=error.status,
        )
    return RedirectResponse(f"/staff/people/{person_id}/brokers?done=assigned", 303)


@router.post("/staff/people/{person_id}/brokers/end")
def take_back(
    session: WriteSession, desk: StaffDesk, person_id: int, broker_id: Annotated[int, Form()]
) -> Response:
    """Takes the person back at once."""
    service.end_assignment(session, desk.actor, person_id, broker_id, cipher=desk.cipher, clock=desk.clock)
    return RedirectResponse(f"/staff/people/{person_id}/brokers?done=taken_back", 303)


def _assigning_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    person_id: int,
    *,
    broker_id: int = 0,
    until_on: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    person = queries.get_person(session, desk.actor, person_id)
    policies.require_assigning(desk.actor, person)
    now = desk.clock.now()
    given = tuple(
        GivenRow(
            each.broker_user_id,
            each.broker_name,
            day_words(office_day(each.ends_at - timedelta(seconds=1)), desk.today),
        )
        for each in access.list_assignments(session, person.id, now)
    )
    view = AssignView(
        person.id,
        person.name,
        given,
        tuple(access.list_brokers(session, person.region_code, now)),
        broker_id,
        until_on or (desk.today + timedelta(days=USUAL_DAYS)).isoformat(),
        desk.today.isoformat(),
        (desk.today + service.LONGEST_ASSIGNMENT).isoformat(),
        problem,
    )
    return console_page(request, desk.actor, "staff/brokers.html", view, status=status)
