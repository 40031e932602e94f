"""有事说: the door for what went wrong or is wanted; a number and a day at once; how it stands by the number
and the phone's last four digits. No account, no script, cookies not needed."""

import secrets
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.accounts import queries as account_queries
from app.accounts.dependencies import CurrentActor, CurrentCipher
from app.cases import queries, rules, service
from app.cases.errors import CaseNotFound, PlaceNeeded
from app.cases.models import Case
from app.cases.schemas import CaseIn
from app.cases.terms import CaseKind, CaseOffice
from app.core.clock import Clock, office_day
from app.core.crypto import FieldCipher
from app.core.errors import Forbidden, Gone
from app.core.http import CurrentClock, CurrentSettings, ReadSession, WriteSession
from app.core.security import read_signed_number, sign_number
from app.core.settings import Settings
from app.web import sessions
from app.web.csrf import check_public_form, issue_form_token, read_form_token
from app.web.formats import day_words
from app.web.languages import mark
from app.web.portal import case_views as views
from app.web.portal.places import find_place
from app.web.portal.routes import portal_page
from app.web.portal.views import Officer
from app.web.reader import read_reader

router = APIRouter(dependencies=[Depends(check_public_form)], include_in_schema=False)
_RECEIPT = "case receipt"
_FORM = "/cases/new"
_WRONG_TAIL = mark("手机号后四位对不上，再看看。")
_WRONG_NUMBER = mark("编号和手机号后四位对不上，再看看回执。")
Typed = Annotated[str, Form(max_length=60)]


@router.get("/cases")
def show_look_up(
    request: Request, settings: CurrentSettings, n: Annotated[str, Query(max_length=12)] = ""
) -> Response:
    """The box for number and last four digits; a message leads here with the number in its address."""
    reader = read_reader(request)
    view = views.CaseLookUp(reader.url("/cases"), n)
    return portal_page(request, settings, reader, "portal/cases.html", view)


@router.post("/cases")
def look_up(
    request: Request,
    session: WriteSession,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    number: Typed = "",
    tail: Typed = "",
) -> Response:
    """Leads to the receipt; both must fit, and it is not told which of them does not."""
    reader = read_reader(request)
    visitor = cipher.blind_index("visitor", sessions.client_address(request))
    case = service.look_up(session, number, tail, visitor, cipher=cipher, clock=clock)
    if case is not None:
        return RedirectResponse(reader.url(f"/cases/{_code(settings, case)}"), 303)
    view = views.CaseLookUp(reader.url("/cases"), number, reader.language.gettext(_WRONG_NUMBER))
    return portal_page(request, settings, reader, "portal/cases.html", view, status=422)


@router.get(_FORM)
def show_form(
    request: Request,
    session: ReadSession,
    clock: CurrentClock,
    settings: CurrentSettings,
    kind: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The form of one kind of affair."""
    return _form(request, session, clock, settings, _kind(kind))


@router.post(_FORM)
def say(
    request: Request,
    session: WriteSession,
    actor: CurrentActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    kind: Typed = "",
    story: Annotated[str, Form(max_length=2000)] = "",
    name: Typed = "",
    phone: Typed = "",
    firm_name: Typed = "",
    owed_yuan: Typed = "",
    tell: Typed = "no",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Takes the form; tapped ten times, it is one case. Leads to its receipt."""
    reader = read_reader(request)
    typed = views.TypedCase(story, name, phone, firm_name, owed_yuan, may_name=tell == "yes")
    said = {each: getattr(typed, each) for each in views.TYPED}
    try:
        data = CaseIn.model_validate({**said, "kind": _kind(kind)})
    except ValidationError as error:
        problems = tuple((str(each["loc"][0]), str(each["msg"])) for each in error.errors())
        wrong = replace(typed, problems=problems)
        return _form(request, session, clock, settings, _kind(kind), wrong)
    place = find_place(session, reader.place, clock.now())
    said_by = service.Said(
        form_key=_form_key(settings, clock, form_token),
        visitor=cipher.blind_index("visitor", sessions.client_address(request)),
        place_code=place.code if place else None,
        actor=actor,
    )
    try:
        case = service.open_case(session, data, said_by, cipher=cipher, clock=clock)
    except PlaceNeeded:
        return _form(request, session, clock, settings, data.kind, typed)
    return RedirectResponse(reader.url(f"/cases/{_code(settings, case)}"), 303)


def _form_key(settings: Settings, clock: Clock, token: str) -> str:
    """What names this filling-in. A page that lay open overnight is taken all the same: nothing of authority
    is done, and the same words from the same phone are recognised."""
    try:
        return read_form_token(settings, clock, _FORM, token).key
    except (Forbidden, Gone):
        return secrets.token_hex(12)


@router.get("/cases/{code}")
def show_receipt(
    code: str,
    request: Request,
    session: ReadSession,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
) -> Response:
    """办到哪儿了. The address shows no name, no phone and no number of anybody."""
    case = service.see_receipt(session, _case_id(settings, code), clock)
    return _receipt(request, session, cipher, clock, settings, case, code)


@router.post("/cases/{code}")
def withdraw(
    code: str,
    request: Request,
    session: WriteSession,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    tail: Typed = "",
) -> Response:
    """Takes it back, with the last four digits of the phone."""
    case_id = _case_id(settings, code)
    if service.withdraw_case(session, case_id, tail, cipher=cipher, clock=clock) is not None:
        return RedirectResponse(read_reader(request).url(f"/cases/{code}"), 303)
    case = service.see_receipt(session, case_id, clock)
    return _receipt(request, session, cipher, clock, settings, case, code, problem=_WRONG_TAIL)


def _kind(text: str) -> CaseKind:
    return next((kind for kind in CaseKind if kind.value == text), CaseKind.OTHER)


def _code(settings: Settings, case: Case) -> str:
    return sign_number(settings.secret_key.get_secret_value(), _RECEIPT, case.id)


def _case_id(settings: Settings, code: str) -> int:
    number = read_signed_number(settings.secret_key.get_secret_value(), _RECEIPT, code)
    if number is None:
        raise CaseNotFound
    return number


def _form(
    request: Request,
    session: ReadSession,
    clock: Clock,
    settings: Settings,
    kind: CaseKind,
    typed: views.TypedCase = views.NOTHING_SAID,
) -> Response:
    reader = read_reader(request)
    _ = reader.language.gettext
    place = find_place(session, reader.place, clock.now())
    county = queries.county_of(place.code) if place else None
    icon, title, hint = views.KINDS[kind]
    answer_by = office = ""
    if place is not None and county is not None:
        rule = queries.rule_of(session, kind, county)
        by = office_day(rules.answer_by(clock.now(), rule.days))
        answer_by = day_words(reader.language, by, clock.today())
        office = views.office_name(county if rule.office is CaseOffice.COUNTY else place.code)
    view = views.CaseForm(
        kind=kind.value,
        icon=icon,
        title=_(title),
        hint=_(hint),
        place=place.view() if place is not None and county is not None else None,
        office=office,
        answer_by=answer_by,
        token=issue_form_token(settings, clock, _FORM),
        action=reader.url(_FORM),
        of_a_firm=kind in views.OF_A_FIRM,
        asks_sum=kind is CaseKind.WAGES,
        typed=typed,
    )
    status = 422 if typed.problems or (typed is not views.NOTHING_SAID and county is None) else 200
    return portal_page(request, settings, reader, "portal/case_form.html", view, status=status)


def _receipt(
    request: Request,
    session: ReadSession,
    cipher: FieldCipher,
    clock: Clock,
    settings: Settings,
    case: Case,
    code: str,
    problem: str = "",
) -> Response:
    reader = read_reader(request)
    _ = reader.language.gettext
    is_open = case.state in queries.OPEN
    promise = ""
    if is_open and case.answered_at is None:
        by = day_words(reader.language, office_day(case.due_at), clock.today())
        promise = _("最晚 %(day)s 有人给你打电话。到时没人打，你就打下面这个电话。") % {"day": by}
    # Who is complained about is nobody to ring.
    duty = (
        account_queries.find_duty_officer(session, case.place_code, clock.now())
        if case.kind is not CaseKind.STAFF
        else None
    )
    view = views.CaseReceipt(
        title=views.receipt_title(reader.language, case),
        number=views.spoken_number(case),
        what=_(views.KINDS[case.kind][1]),
        office=views.office_name(case.region_code),
        steps=views.case_steps(
            reader.language, case, queries.list_steps(session, case.id), cipher, clock.now()
        ),
        promise=promise,
        officer=Officer(duty.name, duty.phone) if duty else None,
        is_over=not is_open,
        may_withdraw=is_open,
        action=reader.url(f"/cases/{code}"),
        problem=_(problem) if problem else "",
    )
    status = 422 if problem else 200
    return portal_page(request, settings, reader, "portal/case.html", view, status=status)
