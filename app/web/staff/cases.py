"""诉求: what people of one's area asked to have looked after, what is due first on top; one case with its
steps; the county's deadlines."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.accounts.queries import names_of_users
from app.cases import handling, policies, queries
from app.cases.errors import CaseNotFound
from app.cases.handling import Hand
from app.cases.schemas import AnswerIn, CloseIn, LimitIn
from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession, WriteSession, get_settings
from app.regions import gazetteer
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf, issue_form_token
from app.web.formats import phone_words
from app.web.staff import case_views as views
from app.web.staff import once
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_HOME: Final = "/staff/cases"
_LIMITS: Final = f"{_HOME}/limits"


def _hand(request: Request, desk: Desk) -> Hand:
    return Hand(desk.actor, desk.cipher, desk.clock, get_settings(request).public_url)


@router.get(_HOME)
def show_cases(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    only: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Open cases by the day they are due; a constant number of statements."""
    if not queries.may_list_anywhere(desk.actor):
        raise Forbidden("诉求由村里、镇上和县里的同事来办。")
    now = desk.clock.now()
    counts = queries.count_cases(session, desk.actor, now)
    chosen = only if only in ("late", "mine", "done") else ""
    found = queries.list_cases(session, desk.actor, now, only=chosen, limit=queries.MOST_LISTED)
    villages = ledger.list_village_names(session, {case.place_code for case in found})
    names = names_of_users(session, [case.handler_id for case in found])
    view = views.CaseList(
        tuple(views.row_of(case, villages, names, now) for case in found),
        (
            ("", "没办结", counts.open),
            ("late", "过了日子", counts.late),
            ("mine", "我在办", counts.mine),
            ("done", "办结的", -1),
        ),
        chosen,
        counts.late,
        bool(reading_prefixes(desk.actor, Resource.CASE, Action.CREATE)),
        _LIMITS if _county_of(desk.actor) else "",
    )
    return console_page(request, desk.actor, "staff/cases.html", view)


def _county_of(actor: Actor) -> str | None:
    """The county whose deadlines the colleague may change."""
    codes = [grant.region_code for grant in actor.grants if grant.region_code]
    return next((code for code in codes if len(code) == 6 and policies.may_set_limits(actor, code)), None)


@router.get(_LIMITS)
def show_limits(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """Within how many working days each kind is answered, and who says so."""
    return _limits_page(request, session, desk)


@router.post(_LIMITS)
def set_limit(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    kind: Annotated[str, Form(max_length=20)] = "",
    days: Annotated[str, Form(max_length=3)] = "",
    source: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """One kind's days in the colleague's county; open cases keep their day."""
    county = _county_of(desk.actor)
    if county is None:
        raise CaseNotFound
    try:
        data = LimitIn.model_validate({"kind": kind, "days": days, "source": source})
    except ValidationError:
        problem = "工作日写 1 到 60 的数，出处写两个字以上，比如“本办公室自定”。"
        return _limits_page(request, session, desk, problem, 422)
    handling.set_limit(session, _hand(request, desk), county, data)
    return RedirectResponse(f"{_LIMITS}?done=saved", 303)


def _limits_page(
    request: Request, session: ReadSession, desk: Desk, problem: str = "", status: int = 200
) -> Response:
    county = _county_of(desk.actor)
    if county is None:
        raise Forbidden("期限由县里的同事来定。")
    rows = views.limit_rows(queries.list_rules(session, county))
    view = views.LimitsView(gazetteer.get(county).name, rows, problem)
    return console_page(request, desk.actor, "staff/case_limits.html", view, status=status)


@router.get(_HOME + "/{case_id}")
def show_case(request: Request, session: ReadSession, desk: StaffDesk, case_id: int) -> Response:
    """One case with what was said and done."""
    return _page(request, session, desk, case_id)


@router.post(_HOME + "/{case_id}/phone")
def show_phone(request: Request, session: WriteSession, desk: StaffDesk, case_id: int) -> Response:
    """The number, with the button that dials it; that it was read is written down."""
    tel = handling.read_phone(session, _hand(request, desk), case_id)
    return _page(request, session, desk, case_id, tel=tel)


@router.post(_HOME + "/{case_id}")
def act(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    case_id: int,
    form: SentForm,
    do: Annotated[str, Form(max_length=10)],
    words: Annotated[str, Form(max_length=1000)] = "",
    reason: Annotated[str, Form(max_length=20)] = "",
    firm: Annotated[int, Form(ge=0, lt=2**53)] = 0,
    office: Annotated[str, Form(max_length=12)] = "",
    username: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take, answer, ask the firm, pass on, name who it is about, close. Sent twice, it is done once."""
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return given
    hand = _hand(request, desk)
    try:
        with session.begin_nested():
            if do == "take":
                handling.take_case(session, hand, case_id)
            elif do == "answer":
                handling.answer_case(session, hand, case_id, AnswerIn(words=words))
            elif do == "ask":
                handling.ask_firm(session, hand, case_id, firm, AnswerIn(words=words))
            elif do == "pass":
                handling.pass_case_on(session, hand, case_id, office, AnswerIn(words=words))
            elif do == "name":
                handling.name_subject(session, hand, case_id, username)
            else:
                handling.close_case(
                    session, hand, case_id, CloseIn.model_validate({"words": words, "reason": reason})
                )
    except ValidationError as error:
        return _page(request, session, desk, case_id, problem=_sentence(error), status=422)
    except AppError as error:
        if error.status not in (403, 409, 422):
            raise
        return _page(request, session, desk, case_id, problem=error.title, status=error.status)
    try:
        queries.get_case(session, desk.actor, case_id)
        address = f"{_HOME}/{case_id}?done=moved_on"
    except CaseNotFound:  # passed on to an office the colleague does not see
        address = f"{_HOME}?done=moved_on"
    return once.keep(session, asked, address, desk.clock)


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    return "点一个结果，本人看得到。" if first["loc"] == ("reason",) else str(first["msg"])


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    case_id: int,
    *,
    tel: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    case = queries.get_case(session, desk.actor, case_id)
    view = views.page_of(session, desk.actor, case, desk.cipher, desk.clock.now())
    shown = replace(
        view,
        token=issue_form_token(get_settings(request), desk.clock, f"{_HOME}/{case_id}"),
        tel=tel,
        tel_words=phone_words(tel),
        problem=problem,
    )
    return console_page(request, desk.actor, "staff/case.html", shown, status=status)
