"""报用工计划: whom the firm needs by when; one tap makes a draft posting of it."""

from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.demand_plans import queries, service
from app.demand_plans.models import DemandPlan
from app.demand_plans.queries import PlanFilters
from app.demand_plans.terms import DemandPlanState
from app.employers.models import Employer
from app.web import plan_form
from app.web.csrf import check_csrf
from app.web.employer.page import FirmDesk, employer_page
from app.web.employer.posting import places_of
from app.web.plan_form import PlanForm, PlanRow
from app.web.staff import once
from app.web.staff.forms import SentForm, problems_of, version_in

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
ADDRESS: Final = "/employer/plans"
_MOST: Final = 50


@dataclass(frozen=True)
class PlansView:
    """用工计划: the firm's plans, those needed first on top."""

    rows: tuple[PlanRow, ...]


@dataclass(frozen=True)
class OnePlan:
    """一个用工计划."""

    row: PlanRow
    form: PlanForm
    is_open: bool


@router.get(ADDRESS)
def show_plans(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """The firm's plans."""
    firm = desk.find_firm(session)
    if firm is None:
        return RedirectResponse("/employer", 303)
    plans, _next = queries.list_plans(session, desk.actor, PlanFilters(employer_id=firm.id), limit=_MOST)
    view = PlansView(tuple(plan_form.plan_row(plan) for plan in plans))
    return employer_page(request, "plans.html", view, firm=firm)


@router.get(f"{ADDRESS}/new")
def show_form(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """An empty form."""
    firm = desk.get_firm(session)
    form = _form(firm, plan_form.blank(firm), f"{ADDRESS}/new")
    form = replace(form, token=once.token_for(request, desk.clock))
    return employer_page(request, "plan_form.html", form, firm=firm)


@router.post(f"{ADDRESS}/new")
def state_plan(request: Request, session: WriteSession, desk: FirmDesk, sent: SentForm) -> Response:
    """Sent twice, it is one plan."""
    firm = desk.get_firm(session)
    asked = once.read(request, desk.clock, sent)
    if (given := once.find(session, asked)) is not None:
        return given
    typed = plan_form.read_typed(sent, plan_form.blank(firm))
    try:
        data = plan_form.read_plan(typed)
        service.state_plan(session, desk.actor, firm.id, data, desk.clock)
    except (AppError, ValidationError) as error:
        form = replace(_form(firm, typed, f"{ADDRESS}/new"), token=str(sent.get("form_token", "")))
        return _refused(request, firm, form, error)
    return once.keep(session, asked, f"{ADDRESS}?done=stated", desk.clock)


@router.get(f"{ADDRESS}/{{plan_id:int}}")
def show_plan(request: Request, session: ReadSession, desk: FirmDesk, plan_id: int) -> Response:
    """One plan: change it, make it a posting, take it back."""
    plan = queries.get_plan(session, desk.actor, plan_id)
    return employer_page(request, "plan.html", _one(plan), firm=plan.employer)


@router.post(f"{ADDRESS}/{{plan_id:int}}")
def change_plan(
    request: Request, session: WriteSession, desk: FirmDesk, plan_id: int, sent: SentForm
) -> Response:
    """`save` changes it, `post` makes it a draft posting, `withdraw` takes it back."""
    plan, step = queries.get_plan(session, desk.actor, plan_id), sent.get("step", "save")
    if step == "post":
        job = service.draft_posting(session, desk.actor, plan_id, desk.clock)
        return RedirectResponse(f"/employer/jobs/{job.id}?done=drafted", 303)
    if step == "withdraw":
        service.withdraw_plan(session, desk.actor, plan_id, desk.clock, version=version_in(sent))
        return RedirectResponse(f"{ADDRESS}?done=withdrawn", 303)
    typed = plan_form.read_typed(sent, plan_form.typed_of(plan))
    try:
        data = plan_form.read_plan(typed)
        service.edit_plan(session, desk.actor, plan_id, data, desk.clock, version=version_in(sent))
    except (AppError, ValidationError) as error:
        return _refused(request, plan.employer, replace(_one(plan).form, typed=typed), error)
    return RedirectResponse(f"{ADDRESS}/{plan_id}?done=saved", 303)


def _one(plan: DemandPlan) -> OnePlan:
    form = _form(plan.employer, plan_form.typed_of(plan), f"{ADDRESS}/{plan.id}")
    is_open = plan.state is not DemandPlanState.WITHDRAWN
    return OnePlan(plan_form.plan_row(plan), replace(form, version=plan.version), is_open)


def _form(firm: Employer, typed: plan_form.Typed, action: str) -> PlanForm:
    return PlanForm(typed, places_of(firm), action, ADDRESS)


def _refused(request: Request, firm: Employer, form: PlanForm, error: AppError | ValidationError) -> Response:
    title, problems, status = problems_of(error)
    form = replace(form, problem=title, problems=plan_form.at_form(problems))
    return employer_page(request, "plan_form.html", form, firm=firm, status=status)
