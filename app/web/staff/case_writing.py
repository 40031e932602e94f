"""替人写一件: an officer writes down what somebody says, in person or on the phone, and gives the number."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from pydantic import ValidationError

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
from app.cases import service
from app.cases.rules import written_number
from app.cases.schemas import CaseIn
from app.cases.terms import CaseKind
from app.core.errors import Forbidden
from app.core.http import ReadSession, WriteSession, get_settings
from app.regions import queries as region_queries
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf, issue_form_token, read_form_token
from app.web.staff.page import console_page
from app.web.staff.wording import day_words, place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_ADDRESS: Final = "/staff/cases/new"
_MOST_PLACES: Final = 300
_KINDS: Final = tuple((kind.value, kind.label) for kind in CaseKind)
Typed = Annotated[str, Form(max_length=60)]


@dataclass(frozen=True)
class WritingView:
    """替人写一件: `number` after it was taken, to be read out."""

    places: tuple[tuple[str, str], ...]
    token: str
    typed: dict[str, str] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()
    number: str = ""
    due: str = ""
    kinds: tuple[tuple[str, str], ...] = _KINDS


@router.get(_ADDRESS)
def show_writing(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """The form. Raises Forbidden for who may not write for others."""
    return _page(request, session, desk)


@router.post(_ADDRESS)
def write(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    kind: Typed = "",
    place: Typed = "",
    story: Annotated[str, Form(max_length=2000)] = "",
    name: Typed = "",
    phone: Typed = "",
    firm_name: Typed = "",
    owed_yuan: Typed = "",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Takes it; sent twice, it is one case. Shows the number to read out."""
    said = {"kind": kind, "story": story, "name": name, "phone": phone}
    said |= {"firm_name": firm_name, "owed_yuan": owed_yuan}
    try:
        data = CaseIn.model_validate(said)
    except ValidationError as error:
        problems = tuple((str(each["loc"][0]), str(each["msg"])) for each in error.errors())
        return _page(request, session, desk, {**said, "place": place}, problems)
    key = read_form_token(get_settings(request), desk.clock, _ADDRESS, form_token).key
    if not any(place == code for code, _name in _places(session, desk.actor)):
        raise Forbidden
    case = service.open_case(
        session,
        data,
        service.Said(key, "staff", place, desk.actor, is_on_behalf=True),
        cipher=desk.cipher,
        clock=desk.clock,
    )
    view = WritingView((), "", number=written_number(case.number), due=day_words(case.due_at, desk.today))
    return console_page(request, desk.actor, "staff/case_new.html", view)


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    typed: dict[str, str] | None = None,
    problems: Sequence[tuple[str, str]] = (),
) -> Response:
    places = _places(session, desk.actor)
    if not places:
        raise Forbidden("替人写，由村里和镇上的同事来办。")
    token = issue_form_token(get_settings(request), desk.clock, _ADDRESS)
    blank = dict.fromkeys(("kind", "place", "story", "name", "phone", "firm_name", "owed_yuan"), "")
    view = WritingView(places, token, blank | (typed or {}), tuple(problems))
    status = 422 if problems else 200
    return console_page(request, desk.actor, "staff/case_new.html", view, status=status)


def _places(session: ReadSession, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Places whose people the colleague may write for: their own, and the villages of their town."""
    found: dict[str, str] = {}
    for grant in actor.grants:
        code = grant.region_code
        if code is None or may(actor, Action.CREATE, Resource.CASE, Target(region_code=code)) is None:
            continue
        region = region_queries.find_region(session, code)
        found[code] = region.name if region is not None else place_name(code, {})
        if len(code) == 9:
            below, _next = region_queries.list_children(session, code, limit=_MOST_PLACES)
            found |= {each.code: each.name for each in below}
    return tuple(found.items())
