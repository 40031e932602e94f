"""登记单位: whoever signed in by phone writes down their firm or farm; an office then looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.accounts import queries as account_queries
from app.core.errors import AppError, FieldProblem, Invalid
from app.core.http import ReadSession, WriteSession
from app.employers.membership import own_phone, register_own_firm, renew_session
from app.employers.schemas import EmployerIn
from app.employers.team.service import list_own_invitations
from app.employers.terms import EmployerKind
from app.regions import gazetteer
from app.regions import queries as region_queries
from app.regions.models import Region
from app.web import sessions
from app.web.csrf import check_csrf, issue_form_token
from app.web.employer.page import FirmDesk, employer_page
from app.web.reader import read_reader
from app.web.staff import once
from app.web.staff.forms import SentForm, problems_of

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)

# In the order in which a county has them; each with a picture of the portal's set.
KINDS: Final = (
    (EmployerKind.ENTERPRISE, "企业", "fork"),
    (EmployerKind.COMMUNITY_FACTORY, "社区工厂", "sew"),
    (EmployerKind.WORKSHOP, "帮扶车间", "tool"),
    (EmployerKind.FAMILY_FARM, "家庭农场", "farm"),
    (EmployerKind.COOPERATIVE, "合作社", "family"),
    (EmployerKind.INDIVIDUAL, "个体户", "shop"),
    (EmployerKind.PROJECT, "工地项目", "brick"),
    (EmployerKind.PARK, "园区企业", "chip"),
    (EmployerKind.PUBLIC_WELFARE, "公益岗", "public"),
    (EmployerKind.AGENCY, "劳务机构", "desk"),
)
FIELDS: Final = (
    *("name", "kind", "place", "region_code", "address", "credit_code"),
    *("contact_name", "contact_phone"),
)
_MOST_PLACES: Final = 8


@dataclass(frozen=True)
class JoinForm:
    """登记表: what was typed, what is wrong with it, and the places to choose from."""

    typed: Mapping[str, str]
    token: str
    kinds: tuple[tuple[str, str, str], ...]
    places: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    asked_by: tuple[str, ...] = ()


@router.get("/employer/join")
def show_join(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """The empty form; the reader's own place and phone stand in it already."""
    if desk.actor.is_staff:
        return RedirectResponse("/staff", 303)
    return join_page(request, session, desk)


def join_page(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """The form as it first stands."""
    place = read_reader(request).place
    region = region_queries.find_region(session, place) if place else None
    typed = dict.fromkeys(FIELDS, "")
    typed["contact_phone"] = own_phone(session, desk.actor, desk.cipher)
    if region is not None:
        typed |= {"place": region.name, "region_code": region.code}
    invitations = list_own_invitations(session, desk.actor, desk.cipher, desk.clock)
    form = JoinForm(
        typed,
        _token(request, desk),
        _kinds(),
        _choices([region]) if region else (),
        asked_by=tuple(firm.name for _, firm in invitations),
    )
    return employer_page(request, "join.html", form)


@router.post("/employer/join")
def join(request: Request, session: WriteSession, desk: FirmDesk, sent: SentForm) -> Response:
    """Takes the registration; sent twice, it makes one firm. What was typed stays where it is wrong."""
    asked = once.read(request, desk.clock, sent)
    if once.find(session, asked) is not None:
        return _welcome(request, session, desk, None)
    typed = {name: _text(sent, name) for name in FIELDS}
    found = _find_places(session, typed, read_reader(request).place)
    if len(found) == 1:
        typed["region_code"] = found[0].code
    try:
        data = _read(typed, [region.code for region in found])
        with session.begin_nested():
            _firm, token = register_own_firm(session, desk.actor, data, cipher=desk.cipher, clock=desk.clock)
    except (AppError, ValidationError) as error:
        return _refused(request, desk, typed, found, error)
    once.keep(session, asked, "/employer?done=registered", desk.clock)
    return _welcome(request, session, desk, token)


def _refused(
    request: Request,
    desk: FirmDesk,
    typed: Mapping[str, str],
    found: list[Region],
    error: AppError | ValidationError,
) -> Response:
    title, problems, status = problems_of(error)
    named = {("place" if p.field == "region_code" else p.field): p.message for p in problems}
    form = JoinForm(typed, _token(request, desk), _kinds(), _choices(found), title, named)
    return employer_page(request, "join.html", form, status=status)


def _read(typed: Mapping[str, str], places: list[str]) -> EmployerIn:
    """The form as the service takes it. Raises Invalid, ValidationError."""
    missing = [
        FieldProblem(name, words)
        for name, words in (
            ("name", "写上单位的名字"),
            ("kind", "点一下是哪一种"),
            ("contact_name", "写上找谁"),
            ("contact_phone", "写上电话"),
        )
        if not typed[name]
    ]
    if typed["region_code"] not in places:
        words = "选一下是哪个" if places else "没找到这个地方，写镇名或村名试试"
        missing.append(FieldProblem("region_code", words))
    if missing:
        raise Invalid("有几处还要填一下。", fields=missing)
    values: dict[str, Any] = {name: typed[name] for name in FIELDS if name != "place"}
    values["credit_code"] = values["credit_code"] or None
    return EmployerIn.model_validate(values)


def _find_places(session: ReadSession, typed: Mapping[str, str], near: str | None) -> list[Region]:
    """What the typed name fits: in the reader's county first, and the one already chosen."""
    words = typed["place"]
    chosen = region_queries.find_region(session, typed["region_code"]) if typed["region_code"] else None
    if chosen is not None and words in chosen.name:
        return [chosen]
    if not words:
        return []
    county = near[:6] if near and gazetteer.find(near[:6]) else None
    found: list[Region] = []
    if county is not None:
        found, _next = region_queries.search_regions(session, words, within=county, limit=_MOST_PLACES)
    if not found:
        found, _next = region_queries.search_regions(session, words, limit=_MOST_PLACES)
    exact = [region for region in found if region.name == words]
    return exact if len(exact) == 1 else found


def _choices(regions: list[Region]) -> tuple[tuple[str, str], ...]:
    found = []
    for region in regions:
        above = gazetteer.path_name(region.parent_code) if region.parent_code else ""
        found.append((region.code, f"{above}{region.name}"))
    return tuple(found)


def _kinds() -> tuple[tuple[str, str, str], ...]:
    return tuple((kind.value, words, picture) for kind, words, picture in KINDS)


def _token(request: Request, desk: FirmDesk) -> str:
    # The form also stands on /employer; it is always sent to its own address.
    return issue_form_token(desk.settings, desk.clock, "/employer/join")


def _text(sent: SentForm, name: str) -> str:
    value = sent.get(name, "")
    return " ".join(value.split())[:200] if isinstance(value, str) else ""


def _welcome(request: Request, session: WriteSession, desk: FirmDesk, token: str | None) -> Response:
    """Home, with the new session: of two taps whichever answer the browser keeps signs it in."""
    if token is None:
        user = account_queries.find_user(session, desk.actor.user_id or 0)
        token = renew_session(session, user, desk.clock) if user is not None else None
    response = RedirectResponse("/employer?done=registered", 303)
    if token is not None:
        sessions.keep_session(request, response, token)
    return response
