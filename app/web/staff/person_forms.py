"""改人、添人: the form of a person, filled in on the spot, with what to do when a colleague was quicker."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from app.core.errors import AppError, Forbidden, Invalid, Stale
from app.core.http import ReadSession, WriteSession
from app.seekers import people, policies, queries
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.fields import snapshot
from app.seekers.history import timeline
from app.seekers.models import Household, Person
from app.seekers.schemas import MemberIn, PersonPatch
from app.seekers.terms import RecordKind, Relation, SeekerStatus
from app.web.csrf import FORM_FIELD, check_csrf
from app.web.staff import conflicts, fields, once
from app.web.staff.file_views import household_title
from app.web.staff.forms import FormView, SentForm, problems_of, version_in, with_problems
from app.web.staff.page import console_page
from app.web.staff.wishing import wish_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_LOOK_BACK = 50


@router.get("/staff/people/{person_id}/edit")
def show_edit(request: Request, session: ReadSession, desk: StaffDesk, person_id: int) -> Response:
    """The form with what is known."""
    person = queries.get_person(session, desk.actor, person_id)
    policies.require_edit_of_person(desk.actor, person)
    view = _edit_form(desk, person, fields.person_values(person))
    return console_page(request, desk.actor, "staff/form.html", view)


@router.post("/staff/people/{person_id}/edit")
def save_edit(
    request: Request, session: WriteSession, desk: StaffDesk, person_id: int, form: SentForm
) -> Response:
    """Saves what was changed. Who was slower sees what the other one changed, and keeps what they typed."""
    person = queries.get_person(session, desk.actor, person_id)
    policies.require_edit_of_person(desk.actor, person)
    before = fields.person_values(person)
    blank = _edit_form(desk, person, before)
    typed = fields.read_typed(form, blank.groups)
    version = version_in(form)
    if version != person.version:
        return _conflict(request, session, desk, person, typed, version)
    sent, problems = fields.to_person(fields.changed(typed, before), person)
    told = {name: values[0] for name, values in typed.items() if name in fields.TOLD and values}
    try:
        if problems:
            raise Invalid(fields=problems)
        if not sent:
            return RedirectResponse(f"/staff/people/{person.id}?done=same", 303)
        patch = PersonPatch.model_validate(sent | told)
        people.update_person(
            session, desk.actor, person.id, patch, cipher=desk.cipher, clock=desk.clock, version=version
        )
    except Stale:
        fresh = queries.get_person(session, desk.actor, person_id, to_change=True)
        return _conflict(request, session, desk, fresh, typed, version)
    except (AppError, ValidationError) as error:
        title, found, status = problems_of(error)
        view = with_problems(blank, typed, title, found)
        return console_page(request, desk.actor, "staff/form.html", view, status=status)
    return RedirectResponse(f"/staff/people/{person.id}?done=saved", 303)


def _conflict(
    request: Request, session: WriteSession, desk: Desk, person: Person, typed: fields.Typed, version: int
) -> Response:
    entries, _ = timeline(session, person, limit=_LOOK_BACK)
    since = conflicts.changes_since(entries, RecordKind.PERSON, person.id, version)
    now = snapshot(person)
    base = fields.values_of(conflicts.fields_before(now, since))
    merged, both = conflicts.resolve(typed, base, fields.values_of(now))
    told = {name: values for name, values in typed.items() if name in fields.TOLD}
    form = _edit_form(desk, person, merged | told)
    view = replace(form, conflict=conflicts.describe(since, [fields.label(name) for name in both]))
    return console_page(request, desk.actor, "staff/form.html", view, status=Stale.status)


def _edit_form(desk: Desk, person: Person, values: fields.Typed) -> FormView:
    phone, number = fields.masked_numbers(person, desk.cipher)
    groups = fields.person_groups(is_new=False, phone=phone, number=number)
    return FormView(
        title=f"改{person.name}的档",
        action=f"/staff/people/{person.id}/edit",
        back=f"/staff/people/{person.id}",
        button="存下",
        groups=fields.filled(groups, values),
        hidden=(("version", str(person.version)),),
    )


@router.get("/staff/households/{household_id}/members")
def show_new(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    household_id: int,
    wish: Annotated[int | None, Query(ge=1, lt=2**53)] = None,
) -> Response:
    """The form for one more member; `wish`: somebody who asked for a posting, by the name they left."""
    household = queries.get_household(session, desk.actor, household_id)
    _check_may_add(desk, household)
    members = queries.list_members(session, household.id)
    relation = Relation.OTHER if members else Relation.HEAD
    values: fields.Typed = {
        "relation": (relation.value,),
        "status": (SeekerStatus.NOT_SEEKING.value,),
        "travel": ("county",),
        "wage_floor_unit": ("month",),
    }
    if wish is not None:
        values = {**values, "name": (wish_name(session, desk, wish),), "status": ("seeking",)}
    view = _new_form(household.id, household_title(members), once.token_for(request, desk.clock), values)
    return console_page(request, desk.actor, "staff/form.html", view)


@router.post("/staff/households/{household_id}/members")
def save_new(
    request: Request, session: WriteSession, desk: StaffDesk, household_id: int, form: SentForm
) -> Response:
    """Adds a member; a double tap adds one."""
    household = queries.get_household(session, desk.actor, household_id)
    _check_may_add(desk, household)
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return given
    groups = fields.person_groups(is_new=True)
    typed = fields.read_typed(form, groups)
    sent, problems = fields.to_person({n: v for n, v in typed.items() if v}, None)
    try:
        if problems:
            raise Invalid(fields=problems)
        data = MemberIn.model_validate(sent)
        person = people.add_member(
            session, desk.actor, household.id, data, cipher=desk.cipher, clock=desk.clock
        )
    except (AppError, ValidationError) as error:
        if given := once.find(session, asked):  # its twin was quicker, and made what is in the way now
            return given
        return _new_refused(request, session, desk, household, form, typed, error)
    return once.keep(session, asked, f"/staff/households/{household.id}?done=member#p{person.id}", desk.clock)


def _new_refused(
    request: Request,
    session: WriteSession,
    desk: Desk,
    household: Household,
    form: FormData,
    typed: fields.Typed,
    error: AppError | ValidationError,
) -> Response:
    title, found, status = problems_of(error)
    members = queries.list_members(session, household.id)
    blank = _new_form(household.id, household_title(members), str(form.get(FORM_FIELD, "")), {})
    view = with_problems(blank, typed, title, found)
    return console_page(request, desk.actor, "staff/form.html", view, status=status)


def _new_form(household_id: int, title: str, token: str, values: fields.Typed) -> FormView:
    return FormView(
        title=f"{title}添一个人",
        action=f"/staff/households/{household_id}/members",
        back=f"/staff/households/{household_id}",
        button="添上",
        groups=fields.filled(fields.person_groups(is_new=True), values),
        hidden=((FORM_FIELD, token),),
    )


def _check_may_add(desk: Desk, household: Household) -> None:
    if not policies.may_add_person(desk.actor, household.region_code):
        raise Forbidden("您的账号不能在这里添人，请找村里或镇上的同事。")
