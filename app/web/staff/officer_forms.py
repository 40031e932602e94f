"""定包户人: one colleague for many households of a village that have nobody."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession, WriteSession
from app.regions.scope import contains
from app.seekers import files, officers, policies, queries
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.staff import places
from app.web.staff.forms import SentForm
from app.web.staff.home import row_of
from app.web.staff.page import console_page
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)


@dataclass(frozen=True)
class OfficersView:
    """没人包的户: `rows` are id, title and a line."""

    chosen: str
    name: str
    places: tuple[tuple[str, str], ...]
    rows: tuple[tuple[int, str, str], ...]
    officers: tuple[tuple[int, str], ...]
    most: int
    problem: str = ""


@router.get("/staff/officers")
def show_form(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    place: Annotated[str, Query(alias="in", max_length=12)] = "",
) -> Response:
    """The households of a place that nobody is responsible for."""
    return _page(request, session, desk, place)


@router.post("/staff/officers")
def save(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    form: SentForm,
    place: Annotated[str, Form(max_length=12)] = "",
    officer: Annotated[str, Form(max_length=12)] = "",
) -> Response:
    """Names one colleague for those ticked; who got somebody meanwhile keeps them."""
    chosen = _chosen(desk, place)
    ids = [int(text) for text in map(str, form.getlist("household")) if text.isascii() and text.isdigit()]
    officer_id = int(officer) if officer.isascii() and officer.isdigit() else 0
    try:
        officers.name_for_many(
            session, desk.actor, chosen, officer_id, ids, cipher=desk.cipher, clock=desk.clock
        )
    except AppError as error:
        return _page(request, session, desk, chosen, problem=error)
    return RedirectResponse(f"/staff/officers?in={chosen}&done=officer", 303)


def _page(
    request: Request, session: ReadSession, desk: Desk, place: str, *, problem: AppError | None = None
) -> Response:
    chosen = _chosen(desk, place)
    found = officers.list_without_officer(session, desk.actor, chosen, desk.clock.now())
    shown = files.show_households(session, desk.actor, found, desk.clock, cipher=desk.cipher)
    choices = officers.list_choices(session, chosen, desk.clock.now())
    own = places.own_places(desk.actor)
    villages = dict(places.village_choices(session, desk.actor))
    names = queries.list_village_names(session, [chosen])
    listed = {code: place_name(code, villages) for code in (*own, *villages)}
    view = OfficersView(
        chosen,
        place_name(chosen, names),
        tuple(listed.items()),
        tuple((one.id, row_of(one).title, row_of(one).line) for one in shown),
        tuple((user.id, user.display_name) for user in choices),
        officers.MOST_AT_ONCE,
        (problem.fields[0].message if problem.fields else problem.title) if problem else "",
    )
    status = problem.status if problem else 200
    return console_page(request, desk.actor, "staff/officers.html", view, status=status)


def _chosen(desk: Desk, place: str) -> str:
    """The place asked for inside one's own, else the first of one's own. Raises Forbidden without any."""
    own = [code for code in places.own_places(desk.actor) if policies.may_edit_household_in(desk.actor, code)]
    if not own:
        raise Forbidden("包户人由村里和镇里来定，您的账号定不了。")
    return place if place and any(contains(code, place) for code in own) else own[0]
