"""用工供需: what the firms of a place will need against who will be free; the plans behind it; stating one
for a firm that cannot do it itself."""

from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.core.errors import AppError, FieldProblem, Forbidden, Invalid, NotFound
from app.core.http import ReadSession, WriteSession
from app.demand_plans import policies, queries, rules, service, showing, supply
from app.demand_plans.queries import PlanFilters
from app.demand_plans.terms import DemandPlanState
from app.employers.models import Employer
from app.seekers.dependencies import Desk, StaffDesk
from app.web import plan_form
from app.web.csrf import check_csrf
from app.web.employer.posting import places_of
from app.web.plan_form import PlanForm, PlanRow
from app.web.staff import once, plan_views
from app.web.staff.file_views import line_of
from app.web.staff.firm_choice import UNKNOWN, find_firm, firm_names
from app.web.staff.forms import SentForm, problems_of, version_in
from app.web.staff.page import console_page
from app.web.staff.places import counted_places, own_places
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_HOME: Final = "/staff/plans"
_PAGE, _MOST_PEOPLE = 30, 50
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Place = Annotated[str, Query(alias="in", max_length=12)]
Group = Annotated[str, Query(alias="g", max_length=7)]
Cursor = Annotated[str | None, Query(max_length=400)]


@dataclass(frozen=True)
class FreePerson:
    """一个有空的人."""

    href: str
    name: str
    line: str


@dataclass(frozen=True)
class GroupView:
    """一个工种: the plans that ask for it and, for who may read cards, the people who would fit."""

    name: str
    back: str
    plans: tuple[PlanRow, ...]
    people: tuple[FreePerson, ...]
    reads_people: bool
    free_now: str


@dataclass(frozen=True)
class StaffPlan:
    """一个用工计划, for an officer."""

    row: PlanRow
    form: PlanForm
    is_open: bool
    may_edit: bool
    versions: tuple[str, ...]


def _place_of(desk: Desk, chosen: str) -> tuple[str, tuple[str, ...]]:
    """The place shown and those to choose from. Who only counts is shown the whole of their area: parts
    beside their sum would tell small numbers."""
    if not policies.may_plan_anywhere(desk.actor):
        raise Forbidden("用工供需由镇、县的同事来看。")
    own = own_places(desk.actor) + counted_places(desk.actor)
    if not own:
        raise NotFound
    return (chosen if chosen in own else own[0]), own


@router.get(_HOME)
def show_plans(
    request: Request, session: ReadSession, desk: StaffDesk, chosen: Place = "", cursor: Cursor = None
) -> Response:
    """The year ahead of a place."""
    code, own = _place_of(desk, chosen)
    balance = showing.show_balance(session, desk.actor, code, desk.today)
    filters = PlanFilters(region_code=code, since_on=balance.months[0])
    plans, following = queries.list_plans(session, desk.actor, filters, limit=_PAGE, cursor=cursor)
    names = {each: place_name(each, {}) for each in own}
    view = plan_views.build_view(
        balance,
        tuple((each, names[each], each == code) for each in own) if len(own) > 1 else (),
        names[code],
        tuple(plan_form.plan_row(plan) for plan in plans),
        following,
        may_state=policies.may_state_anywhere(desk.actor),
        may_export=policies.may_export(desk.actor, code),
    )
    return console_page(request, desk.actor, "staff/plans.html", view)


@router.get(f"{_HOME}/group")
def show_group(
    request: Request, session: ReadSession, desk: StaffDesk, chosen: Place = "", group: Group = ""
) -> Response:
    """The plans of one kind of work, and who would fit; people only for who may read their cards."""
    code, _own = _place_of(desk, chosen)
    months = rules.months_from(desk.today)
    filters = PlanFilters(region_code=code, group=group, since_on=months[0])
    plans, _next = queries.list_plans(session, desk.actor, filters, limit=_MOST_PEOPLE)
    smallest = supply.smallest_told(desk.actor, code)
    free = supply.count_free(session, desk.actor, code, [group], months, desk.today)
    now = free.get(group, {}).get(months[0], 0)
    people = (
        supply.list_free(session, desk.actor, code, group, desk.today, limit=_MOST_PEOPLE)
        if group and not smallest
        else []
    )
    view = GroupView(
        rules.group_name(group),
        f"{_HOME}?in={code}",
        tuple(plan_form.plan_row(plan) for plan in plans),
        tuple(
            FreePerson(
                f"/staff/households/{each.household_id}#p{each.id}", each.name, line_of(each, desk.today)
            )
            for each in people
        ),
        not smallest,
        f"少于 {smallest}" if 0 < now < smallest else f"{now:,}",
    )
    return console_page(request, desk.actor, "staff/plan_group.html", view)


@router.get(f"{_HOME}/export")
def export(
    session: ReadSession,
    desk: StaffDesk,
    chosen: Place = "",
    what: Annotated[str, Query(pattern="^(plans|balance)$")] = "plans",
) -> Response:
    """The plans, or demand against supply, as a workbook."""
    code, _own = _place_of(desk, chosen)
    write = showing.export_plans if what == "plans" else showing.export_balance
    body = write(session, desk.actor, code, desk.today)
    headers = {
        "Content-Disposition": f'attachment; filename="{what}-{code}.xlsx"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=_XLSX, headers=headers)


@router.get(f"{_HOME}/new")
def show_form(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    firm: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """First the firm, then what it needs."""
    form = _new_form(session, desk, firm)
    form = replace(form, token=once.token_for(request, desk.clock))
    return console_page(request, desk.actor, "staff/plan_form.html", form)


@router.post(f"{_HOME}/new")
def state_plan(request: Request, session: WriteSession, desk: StaffDesk, sent: SentForm) -> Response:
    """On behalf of the firm; sent twice, it is one plan."""
    asked = once.read(request, desk.clock, sent)
    if (given := once.find(session, asked)) is not None:
        return given
    form = _new_form(session, desk, str(sent.get("firm", "")))
    typed = plan_form.read_typed(sent, form.typed)
    try:
        firm = _find_firm(session, desk, typed["firm"])
        if firm is None:
            raise Invalid(fields=[FieldProblem("firm", UNKNOWN)])
        plan = service.state_plan(session, desk.actor, firm.id, plan_form.read_plan(typed), desk.clock)
    except (AppError, ValidationError) as error:
        form = replace(form, typed=typed, token=str(sent.get("form_token", "")))
        return _refused(request, desk, form, error)
    return once.keep(session, asked, f"{_HOME}/{plan.id}?done=plan_stated", desk.clock)


def _new_form(session: ReadSession, desk: Desk, name: str) -> PlanForm:
    if not policies.may_state_anywhere(desk.actor):
        raise Forbidden("您的账号不能替单位报计划。")
    firm = _find_firm(session, desk, name)
    typed = plan_form.blank(firm) | {"firm": firm.name if firm else ""}
    places = places_of(firm) if firm else ()
    words = {"firm": UNKNOWN} if name and firm is None else {}
    return PlanForm(
        typed, places, f"{_HOME}/new", _HOME, problems=words, firms=firm_names(session, desk.actor)
    )


def _find_firm(session: ReadSession, desk: Desk, name: str) -> Employer | None:
    return find_firm(session, name, lambda firm: policies.may_state_plan(desk.actor, firm))


@router.get(f"{_HOME}/{{plan_id:int}}")
def show_plan(request: Request, session: ReadSession, desk: StaffDesk, plan_id: int) -> Response:
    """One plan with its versions."""
    return console_page(request, desk.actor, "staff/plan.html", _one(session, desk, plan_id))


@router.post(f"{_HOME}/{{plan_id:int}}")
def change_plan(
    request: Request, session: WriteSession, desk: StaffDesk, plan_id: int, sent: SentForm
) -> Response:
    """`save` changes it, `post` makes it a draft posting of the firm's, `withdraw` takes it back."""
    view, step, version = _one(session, desk, plan_id), sent.get("step", "save"), version_in(sent)
    if step == "post":
        service.draft_posting(session, desk.actor, plan_id, desk.clock)
        return RedirectResponse(f"{_HOME}/{plan_id}?done=plan_posted", 303)
    if step == "withdraw":
        service.withdraw_plan(session, desk.actor, plan_id, desk.clock, version=version)
        return RedirectResponse(f"{_HOME}/{plan_id}?done=plan_withdrawn", 303)
    typed = plan_form.read_typed(sent, view.form.typed)
    try:
        data = plan_form.read_plan(typed)
        service.edit_plan(session, desk.actor, plan_id, data, desk.clock, version=version)
    except (AppError, ValidationError) as error:
        return _refused(request, desk, replace(view.form, typed=typed), error)
    return RedirectResponse(f"{_HOME}/{plan_id}?done=saved", 303)


def _one(session: ReadSession, desk: Desk, plan_id: int) -> StaffPlan:
    plan = queries.get_plan(session, desk.actor, plan_id)
    action = f"{_HOME}/{plan.id}"
    form = PlanForm(plan_form.typed_of(plan), places_of(plan.employer), action, action, version=plan.version)
    versions = tuple(
        f"第 {each.number} 版，{each.action.label}："
        f"{each.content['needed_on']} 要 {each.content['headcount']} 个"
        for each in queries.list_versions(session, plan.id)
    )
    is_open = plan.state is not DemandPlanState.WITHDRAWN
    may_edit = policies.may_edit_plan(desk.actor, plan)
    return StaffPlan(plan_form.plan_row(plan), form, is_open, may_edit, versions)


def _refused(request: Request, desk: Desk, form: PlanForm, error: AppError | ValidationError) -> Response:
    title, problems, status = problems_of(error)
    form = replace(form, problem=title, problems=plan_form.at_form(problems))
    return console_page(request, desk.actor, "staff/plan_form.html", form, status=status)
