"""本人说了算的事: consents shown and written down, a request to be erased, and why a record must be kept."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import may, reading_prefixes
from app.core.errors import AppError, FieldProblem, Forbidden, Invalid
from app.core.http import ReadSession, WriteSession
from app.seekers import policies, queries
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.models import Person
from app.seekers.privacy import consents, erasure, holds
from app.seekers.privacy.models import Consent, LegalHold
from app.seekers.privacy.schemas import ConsentIn, ConsentsOut, ErasureIn
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose, HoldReason
from app.web.csrf import check_csrf
from app.web.staff.confirmation_views import Row, rows_of
from app.web.staff.forms import problems_of
from app.web.staff.page import console_page
from app.web.staff.wording import day_words, place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
# What is read out or signed, as of consents.TEXT_VERSION.
TEXTS: Final = {
    ConsentPurpose.LEDGER: "把您家的情况记在就业帮扶台账里，好帮您找活。不愿意，就不再给您配活。",
    ConsentPurpose.HEALTH: "记下您身体上的情况，只有包户人和县里值守的人看，好不给您派干不了的活。",
    ConsentPurpose.SHARE_WITH_EMPLOYERS: "把您会干什么、想干什么给招人的单位看。谁看过，您都能查到。",
    ConsentPurpose.SHARE_WITH_BROKERS: "请劳务经纪人帮您找活，定好到哪天，到期他就看不到了。",
    ConsentPurpose.MESSAGES: "有合适的活，发消息告诉您。",
}
# How somebody may say it to an officer.
METHODS: Final = (ConsentMethod.PHONE, ConsentMethod.VISIT, ConsentMethod.PAPER)


@dataclass(frozen=True)
class PurposeRow:
    """一件要本人同意的事: whether it may be done, and the last word on it."""

    code: str
    label: str
    text: str
    is_allowed: bool
    state: str
    last: str


@dataclass(frozen=True)
class ConsentsView:
    """同意页."""

    person_id: int
    name: str
    purposes: tuple[PurposeRow, ...]
    history: tuple[str, ...]
    methods: tuple[tuple[str, str], ...]
    may_edit: bool
    problem: str = ""


@dataclass(frozen=True)
class ErasureView:
    """删除申请页: `waiting` is the request there is, if any."""

    person_id: int
    name: str
    methods: tuple[tuple[str, str], ...]
    waiting: Row | None
    reason: str = ""
    problem: str = ""


@dataclass(frozen=True)
class HoldRow:
    """留存一条."""

    id: int
    person_id: int
    title: str
    line: str


@dataclass(frozen=True)
class HoldsView:
    """留存页: of one person (`person_id`), or all of one's places."""

    person_id: int
    title: str
    rows: tuple[HoldRow, ...]
    reasons: tuple[tuple[str, str], ...]
    problem: str = ""
    at: int = 0


@router.get("/staff/people/{person_id}/consents")
def show_consents(request: Request, session: ReadSession, desk: StaffDesk, person_id: int) -> Response:
    """What the person agreed to, how they said so, and who wrote it down."""
    return _consents_page(request, session, desk, person_id)


@router.post("/staff/people/{person_id}/consents")
def record_consent(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    purpose: Annotated[str, Form(max_length=30)] = "",
    given: Annotated[str, Form(max_length=1)] = "",
    method: Annotated[str, Form(max_length=10)] = "",
    told_by: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Writes down a yes or a no; it counts at once."""
    try:
        if method not in {known.value for known in METHODS} or given not in ("0", "1"):
            raise Invalid("请选本人说的是同意还是不同意，是怎么说的。")
        data = ConsentIn.model_validate(
            {"purpose": purpose, "is_given": given == "1", "method": method, "told_by": told_by}
        )
        consents.record_consent(session, desk.actor, person_id, data, cipher=desk.cipher, clock=desk.clock)
    except (Invalid, ValidationError) as error:
        return _consents_page(request, session, desk, person_id, problem=problems_of(error)[0])
    return RedirectResponse(f"/staff/people/{person_id}/consents?done=consent", 303)


def _consents_page(
    request: Request, session: ReadSession, desk: Desk, person_id: int, *, problem: str = ""
) -> Response:
    person = queries.get_person(session, desk.actor, person_id)
    said = consents.list_consents(session, desk.actor, person_id)
    out = ConsentsOut.of(said)
    names = queries.list_officer_names(session, {one.actor_id for one in said if one.actor_id})
    words = {one.id: _said(one, names.get(one.actor_id or 0, "系统"), desk.today) for one in said}
    purposes = tuple(
        PurposeRow(
            one.purpose.value,
            one.label,
            TEXTS[one.purpose],
            one.is_allowed,
            state_of(one.purpose, None if one.last is None else one.last.is_given),
            words[one.last.id] if one.last else "",
        )
        for one in out.purposes
    )
    view = ConsentsView(
        person.id,
        person.name,
        purposes,
        tuple(f"{one.purpose.label}：{words[one.id]}" for one in said),
        tuple((known.value, known.label) for known in METHODS),
        _may_edit(desk, person),
        problem,
    )
    status = 422 if problem else 200
    return console_page(request, desk.actor, "staff/consents.html", view, status=status)


def state_of(purpose: ConsentPurpose, last: bool | None) -> str:
    """同意了 / 不同意 / 还没问, in words; `last` is the last word, None where none was said."""
    if last is not None:
        return "同意了" if last else "不同意"
    return "还没问，先问了再办" if purpose.needs_asking else "没说不行，可以办"


def _said(one: Consent, who: str, today: date) -> str:
    by = f"，{one.told_by}说的" if one.told_by else ""
    word = "同意" if one.is_given else "不同意"
    return f"{day_words(one.at, today)}{word}，{one.method.label}{by}，{who}记"


@router.get("/staff/people/{person_id}/erasure")
def show_erasure(request: Request, session: ReadSession, desk: StaffDesk, person_id: int) -> Response:
    """Where a person's wish to be erased is written down; or how it stands."""
    return _erasure_page(request, session, desk, person_id)


@router.post("/staff/people/{person_id}/erasure")
def request_erasure(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    method: Annotated[str, Form(max_length=10)] = "",
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Asks another colleague to check and carry it out."""
    try:
        data = ErasureIn.model_validate({"method": method, "reason": reason})
        erasure.request_erasure(session, desk.actor, person_id, data, cipher=desk.cipher, clock=desk.clock)
    except ValidationError:
        problem = "请选本人怎么提的，写清本人怎么说的（最少 4 个字）。"
        return _erasure_page(request, session, desk, person_id, problem=problem, reason=reason)
    return RedirectResponse(f"/staff/people/{person_id}?done=erasure_asked", 303)


def _erasure_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    person_id: int,
    *,
    problem: str = "",
    reason: str = "",
) -> Response:
    person = queries.get_person(session, desk.actor, person_id)
    policies.require_edit_of_person(desk.actor, person)
    asked = erasure.find_request(session, person.id, desk.clock)
    methods = tuple((known.value, known.label) for known in METHODS)
    waiting = rows_of(session, desk, [asked])[0] if asked else None
    view = ErasureView(person.id, person.name, methods, waiting, reason, problem)
    status = 422 if problem else 200
    return console_page(request, desk.actor, "staff/erasure.html", view, status=status)


@router.get("/staff/holds")
def show_all_holds(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """The records of the county that must be kept for a while, sealed ones without a name."""
    if not may_hold(desk):
        raise Forbidden("依法留存由县里来定，您的账号看不到。")
    return _all_holds(request, session, desk)


@router.post("/staff/holds/{hold_id}/lift")
def lift_hold(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    hold_id: int,
    person: Annotated[int, Form()],
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The reason is over; a sealed record without another is erased the next night."""
    if len(reason.strip()) < _SHORTEST:
        return _all_holds(request, session, desk, problem="请写明为什么解除（最少 4 个字）。", at=hold_id)
    holds.lift_hold(
        session, desk.actor, person, hold_id, reason.strip(), cipher=desk.cipher, clock=desk.clock
    )
    return RedirectResponse("/staff/holds?done=lifted", 303)


@router.get("/staff/people/{person_id}/holds")
def show_holds(request: Request, session: ReadSession, desk: StaffDesk, person_id: int) -> Response:
    """Why one person's record must be kept; the county adds a reason here."""
    return _holds_page(request, session, desk, person_id)


@router.post("/staff/people/{person_id}/holds")
def place_hold(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    why: Annotated[str, Form(max_length=30)] = "",
    until: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """The county says why the record must be kept, and until when (empty: until it is lifted)."""
    try:
        reason = next((known for known in HoldReason if known.value == why), None)
        if reason is None:
            raise Invalid("请选为什么要留着。", fields=[FieldProblem("why", "要选一个")])
        until_on = _read_day(until)
        holds.place_hold(
            session, desk.actor, person_id, reason, until_on, cipher=desk.cipher, clock=desk.clock
        )
    except Invalid as error:
        return _holds_page(request, session, desk, person_id, problem=error)
    return RedirectResponse(f"/staff/people/{person_id}/holds?done=hold", 303)


_SHORTEST: Final = 4


def _read_day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("日期写成 2027-03-31 这样。", fields=[FieldProblem("until", "日期不对")]) from None


def _all_holds(
    request: Request, session: ReadSession, desk: Desk, *, problem: str = "", at: int = 0
) -> Response:
    found = holds.list_held(session, desk.actor, desk.clock)
    villages = queries.list_village_names(session, [held.region_code for held in found])
    rows = tuple(
        HoldRow(
            held.hold.id,
            held.hold.person_id,
            "封存的一份档案" if held.is_sealed else held.name,
            f"{place_name(held.region_code, villages)}，{_hold_words(held.hold, desk.today)}",
        )
        for held in found
    )
    view = HoldsView(0, "依法留着的档案", rows, (), problem, at)
    return console_page(request, desk.actor, "staff/holds.html", view, status=422 if problem else 200)


def _holds_page(
    request: Request, session: ReadSession, desk: Desk, person_id: int, *, problem: AppError | None = None
) -> Response:
    person = queries.get_person(session, desk.actor, person_id)
    found = holds.list_holds(session, desk.actor, person_id, desk.clock)
    rows = tuple(HoldRow(one.id, person.id, one.reason.label, _hold_words(one, desk.today)) for one in found)
    reasons = tuple((known.value, known.label) for known in HoldReason)
    title = f"{person.name}的档案要不要留着"
    view = HoldsView(person.id, title, rows, reasons, problem.title if problem else "")
    status = problem.status if problem else 200
    return console_page(request, desk.actor, "staff/holds.html", view, status=status)


def _hold_words(hold: LegalHold, today: date) -> str:
    until = f"留到 {day_words(hold.until_on)}" if hold.until_on else "留到解除为止"
    return f"{hold.reason.label}，{day_words(hold.created_at, today)}定的，{until}"


def may_hold(desk: Desk) -> bool:
    """Whether the colleague decides anywhere how long records are kept."""
    return bool(reading_prefixes(desk.actor, Resource.HOUSEHOLD_FILE, Action.DECIDE))


def _may_edit(desk: Desk, person: Person) -> bool:
    target = policies.target_of_person(person)
    return may(desk.actor, Action.EDIT, Resource.SEEKER_CARD, target) is not None
