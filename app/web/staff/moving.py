"""换户和销档: a person goes to another household; files that are no longer kept, and back."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError, Invalid
from app.core.http import ReadSession, WriteSession
from app.seekers import finding, households, people, policies, queries
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.models import Person
from app.seekers.terms import CloseReason, Relation
from app.web.csrf import check_csrf
from app.web.staff.page import console_page
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_MOST = 20


@dataclass(frozen=True)
class Destination:
    """A household somebody may go to."""

    id: int
    name: str
    line: str


@dataclass(frozen=True)
class MoveView:
    """换户页."""

    id: int
    name: str
    version: int
    q: str
    choices: tuple[Destination, ...]
    relations: tuple[tuple[str, str], ...]
    problem: str = ""


@dataclass(frozen=True)
class CloseView:
    """销档页: `href` is the file; a closed one can be put back."""

    title: str
    href: str
    is_closed: bool
    version: int
    reasons: tuple[tuple[str, str], ...]
    people: int = 0


@router.get("/staff/people/{person_id}/move")
def show_move(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    person_id: int,
    q: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Where to: somebody who lives there is looked for."""
    person = queries.get_person(session, desk.actor, person_id)
    policies.require_edit_of_person(desk.actor, person)
    view = _move_view(session, desk, person, q)
    return console_page(request, desk.actor, "staff/move.html", view)


@router.post("/staff/people/{person_id}/move")
def move(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    household: Annotated[int, Form(ge=0)] = 0,
    relation: Annotated[str, Form(max_length=20)] = "",
    version: Annotated[int, Form(ge=0)] = 0,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Moves the person; the household's village is theirs from now on."""
    try:
        if not household or relation not in list(Relation):
            raise Invalid("先点一户，再选和户主的关系。")
        people.move_person(
            session,
            desk.actor,
            person_id,
            household,
            cipher=desk.cipher,
            clock=desk.clock,
            relation=Relation(relation),
            reason=reason,
            version=version,
        )
    except AppError as error:
        person = queries.get_person(session, desk.actor, person_id)
        view = _move_view(session, desk, person, "", error.title)
        return console_page(request, desk.actor, "staff/move.html", view, status=error.status)
    return RedirectResponse(f"/staff/households/{household}?done=moved", 303)


def _move_view(session: ReadSession, desk: Desk, person: Person, q: str, problem: str = "") -> MoveView:
    found: list[Person] = []
    if q.strip():
        found, _ = finding.find_people(session, desk.actor, q, desk.today, cipher=desk.cipher, limit=_MOST)
    names = queries.list_village_names(session, {one.region_code for one in found})
    choices: dict[int, Destination] = {}
    for one in found:
        home = one.household
        if home.id != person.household_id and home.closed_at is None:
            line = "，".join(word for word in (place_name(one.region_code, names), home.address) if word)
            choices.setdefault(home.id, Destination(home.id, f"{one.name}在的户", line))
    relations = tuple((term.value, term.label) for term in Relation)
    return MoveView(person.id, person.name, person.version, q, tuple(choices.values()), relations, problem)


_REASONS = tuple((term.value, term.label) for term in CloseReason)


@router.get("/staff/people/{person_id}/close")
def ask_close_person(request: Request, session: ReadSession, desk: StaffDesk, person_id: int) -> Response:
    """Why a file is no longer kept."""
    person = queries.get_person(session, desk.actor, person_id)
    policies.require_edit_of_person(desk.actor, person)
    closed = person.closed_at is not None
    view = CloseView(person.name, f"/staff/people/{person.id}", closed, person.version, _REASONS)
    return console_page(request, desk.actor, "staff/close.html", view)


@router.post("/staff/people/{person_id}/close")
def close_person(
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    close_reason: Annotated[str, Form(max_length=20)] = "",
    version: Annotated[int, Form(ge=0)] = 0,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Closes the file, or puts it back where no reason is sent."""
    why = _read_reason(close_reason)
    people.close_person(
        session,
        desk.actor,
        person_id,
        why,
        cipher=desk.cipher,
        clock=desk.clock,
        reason=reason,
        version=version,
    )
    return RedirectResponse(f"/staff/people/{person_id}?done={'closed' if why else 'reopened'}", 303)


@router.get("/staff/households/{household_id}/close")
def ask_close_household(
    request: Request, session: ReadSession, desk: StaffDesk, household_id: int
) -> Response:
    """Why a household is no longer kept; its members go with it."""
    household = queries.get_household(session, desk.actor, household_id)
    policies.require_edit_of_household(desk.actor, household)
    closed = household.closed_at is not None
    members = queries.list_members(session, household.id, with_closed=closed)
    href = f"/staff/households/{household.id}"
    view = CloseView("这一户", href, closed, household.version, _REASONS, len(members))
    return console_page(request, desk.actor, "staff/close.html", view)


@router.post("/staff/households/{household_id}/close")
def close_household(
    session: WriteSession,
    desk: StaffDesk,
    household_id: int,
    close_reason: Annotated[str, Form(max_length=20)] = "",
    version: Annotated[int, Form(ge=0)] = 0,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Closes the household with its members, or puts it back where no reason is sent."""
    why = _read_reason(close_reason)
    actor, cipher, clock = desk.actor, desk.cipher, desk.clock
    if why is None:
        households.reopen_household(session, actor, household_id, cipher=cipher, clock=clock, reason=reason)
    else:
        households.close_household(
            session, actor, household_id, why, cipher=cipher, clock=clock, reason=reason, version=version
        )
    return RedirectResponse(f"/staff/households/{household_id}?done={'closed' if why else 'reopened'}", 303)


def _read_reason(text: str) -> CloseReason | None:
    return next((term for term in CloseReason if term.value == text), None)
