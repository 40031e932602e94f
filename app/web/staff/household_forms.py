"""建户、改户: the form of a household, and who is responsible for it."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.core.errors import AppError, Forbidden, Stale
from app.core.http import ReadSession, WriteSession
from app.seekers import households, officers, policies, queries
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.fields import snapshot
from app.seekers.history import timeline
from app.seekers.models import Household
from app.seekers.schemas import HouseholdIn, HouseholdPatch
from app.seekers.terms import RecordKind
from app.web.csrf import FORM_FIELD, check_csrf
from app.web.staff import conflicts, fields, once, places
from app.web.staff.file_views import household_title
from app.web.staff.forms import FormView, SentForm, problems_of, version_in, with_problems
from app.web.staff.page import console_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_LOOK_BACK = 50


@router.get("/staff/households")
def show_new(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    wish: Annotated[int | None, Query(ge=1, lt=2**53)] = None,
) -> Response:
    """The form for a new household; `wish`: of somebody who asked for a posting."""
    villages = _own_villages(session, desk)
    values: fields.Typed = {"region_code": (villages[0][0],)}
    view = _new_form(villages, once.token_for(request, desk.clock), values, str(wish or ""))
    return console_page(request, desk.actor, "staff/form.html", view)


@router.post("/staff/households")
def save_new(request: Request, session: WriteSession, desk: StaffDesk, form: SentForm) -> Response:
    """Opens the file and goes on to its first member; a double tap opens one."""
    villages = _own_villages(session, desk)
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return given
    typed = fields.read_typed(form, fields.household_groups(villages, is_new=True))
    wish = str(form.get("wish", ""))
    wish = wish if wish.isascii() and wish.isdigit() and len(wish) < 16 else ""
    try:
        data = HouseholdIn.model_validate(fields.to_household({n: v for n, v in typed.items() if v}))
        made = households.create_household(session, desk.actor, data, cipher=desk.cipher, clock=desk.clock)
    except (AppError, ValidationError) as error:
        if given := once.find(session, asked):  # its twin was quicker
            return given
        title, found, status = problems_of(error)
        blank = _new_form(villages, str(form.get(FORM_FIELD, "")), {}, wish)
        view = with_problems(blank, typed, title, found)
        return console_page(request, desk.actor, "staff/form.html", view, status=status)
    onward = f"&wish={wish}" if wish else ""
    address = f"/staff/households/{made.id}/members?done=household{onward}"
    return once.keep(session, asked, address, desk.clock)


def _own_villages(session: ReadSession, desk: Desk) -> list[tuple[str, str]]:
    villages = places.village_choices(session, desk.actor, to_create=True)
    if not villages:
        raise Forbidden("建户由村里的信息员来办，您的账号建不了。")
    return villages


def _new_form(villages: list[tuple[str, str]], token: str, values: fields.Typed, wish: str = "") -> FormView:
    return FormView(
        title="建一户",
        action="/staff/households",
        back="/staff",
        button="建好，去添人",
        groups=fields.filled(fields.household_groups(villages, is_new=True), values),
        hidden=((FORM_FIELD, token), ("wish", wish)) if wish else ((FORM_FIELD, token),),
    )


@router.get("/staff/households/{household_id}/edit")
def show_edit(request: Request, session: ReadSession, desk: StaffDesk, household_id: int) -> Response:
    """The form with what is known."""
    household = queries.get_household(session, desk.actor, household_id)
    policies.require_edit_of_household(desk.actor, household)
    view = _edit_form(session, desk, household, fields.household_values(household))
    return console_page(request, desk.actor, "staff/form.html", view)


@router.post("/staff/households/{household_id}/edit")
def save_edit(
    request: Request, session: WriteSession, desk: StaffDesk, household_id: int, form: SentForm
) -> Response:
    """As with a person: only what was changed, and nobody's change is lost."""
    household = queries.get_household(session, desk.actor, household_id)
    policies.require_edit_of_household(desk.actor, household)
    before = fields.household_values(household)
    blank = _edit_form(session, desk, household, before)
    typed = fields.read_typed(form, blank.groups)
    version = version_in(form)
    if version != household.version:
        return _conflict(request, session, desk, household, typed, version)
    sent = fields.to_household(fields.changed(typed, before))
    told = {name: values[0] for name, values in typed.items() if name in fields.TOLD and values}
    try:
        if not sent:
            return RedirectResponse(f"/staff/households/{household.id}?done=same", 303)
        patch = HouseholdPatch.model_validate(sent | told)
        households.update_household(
            session,
            desk.actor,
            household.id,
            patch,
            cipher=desk.cipher,
            clock=desk.clock,
            version=version,
        )
    except Stale:
        fresh = queries.get_household(session, desk.actor, household_id, to_change=True)
        return _conflict(request, session, desk, fresh, typed, version)
    except (AppError, ValidationError) as error:
        title, found, status = problems_of(error)
        view = with_problems(blank, typed, title, found)
        return console_page(request, desk.actor, "staff/form.html", view, status=status)
    return RedirectResponse(f"/staff/households/{household.id}?done=saved", 303)


@router.post("/staff/households/{household_id}/officer")
def save_officer(
    session: WriteSession,
    desk: StaffDesk,
    household_id: int,
    officer: Annotated[str, Form(max_length=12)] = "",
    mine: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """Names who is responsible: a colleague with a role over the place, oneself (`mine`), or nobody."""
    chosen = int(officer) if officer.isascii() and officer.isdigit() else None
    officer_id = desk.actor.user_id if mine else chosen
    households.set_officer(
        session, desk.actor, household_id, officer_id, cipher=desk.cipher, clock=desk.clock
    )
    done = "officer" if officer_id else "no_officer"
    return RedirectResponse(f"/staff/households/{household_id}?done={done}", 303)


def _conflict(
    request: Request,
    session: WriteSession,
    desk: Desk,
    household: Household,
    typed: fields.Typed,
    version: int,
) -> Response:
    entries, _ = timeline(session, household, limit=_LOOK_BACK)
    since = conflicts.changes_since(entries, RecordKind.HOUSEHOLD, household.id, version)
    now = snapshot(household)
    base = fields.household_form_values(conflicts.fields_before(now, since))
    merged, both = conflicts.resolve(typed, base, fields.household_form_values(now))
    form = _edit_form(session, desk, household, merged)
    view = replace(form, conflict=conflicts.describe(since, [fields.label(name) for name in both]))
    return console_page(request, desk.actor, "staff/form.html", view, status=Stale.status)


def _edit_form(session: ReadSession, desk: Desk, household: Household, values: fields.Typed) -> FormView:
    villages = places.village_choices(session, desk.actor)
    if household.region_code not in dict(villages):
        villages = []
    title = household_title(queries.list_members(session, household.id))
    names = officers.names_by_household(session, [household.id], desk.clock.now())
    return FormView(
        title=f"改{title}的户档",
        action=f"/staff/households/{household.id}/edit",
        back=f"/staff/households/{household.id}",
        button="存下",
        groups=fields.filled(fields.household_groups(villages, is_new=False), values),
        hidden=(("version", str(household.version)),),
        officer=names.get(household.id, ""),
        officer_action=f"/staff/households/{household.id}/officer",
        is_mine=household.id in names and household.officer_id == desk.actor.user_id,
    )
