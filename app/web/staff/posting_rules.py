"""发岗位的规矩: the minimum wage vetting knows for a county, and how much a firm may post a month."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.core.amounts import read_fen
from app.core.errors import AppError, FieldProblem, Forbidden, Invalid
from app.core.http import ReadSession, WriteSession
from app.employers.terms import EmployerKind
from app.jobs import caps
from app.jobs.vetting_queue import may_decide_anywhere
from app.regions import gazetteer
from app.regions.terms import Level
from app.seekers.dependencies import Desk, StaffDesk
from app.vetting import service as wages
from app.vetting.queries import list_tiers
from app.web.csrf import check_csrf
from app.web.formats import yuan
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page
from app.web.staff.vetting_views import minimum_words

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
ADDRESS: Final = "/staff/posting-rules"
Typed = Annotated[str, Form(max_length=60)]


@dataclass(frozen=True)
class CapLine:
    """一类单位的限额: `most` as it stands in the field, empty where there is none."""

    kind: str
    label: str
    most: str
    usual: int


@dataclass(frozen=True)
class TierLine:
    """表里的一档."""

    name: str
    month: str
    hour: str
    since: str
    source: str


@dataclass(frozen=True)
class RulesView:
    """发岗位的规矩: `may_change` for the county's own officers."""

    county: str
    minimum: str
    tiers: tuple[TierLine, ...]
    caps: tuple[CapLine, ...]
    may_change: bool
    problem: str = ""
    problems: tuple[str, ...] = ()


@router.get(ADDRESS)
def show_rules(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """What holds in the colleague's county."""
    return _page(request, session, desk)


def _county(desk: Desk) -> str:
    """The county of the colleague's first area where postings are vetted. Raises Forbidden."""
    if may_decide_anywhere(desk.actor):
        for code in desk.actor.officer_regions():
            county = gazetteer.ancestor_at(code, Level.COUNTY)
            if county is not None:
                return county.code
    raise Forbidden("发岗位的规矩由镇、县人社工作人员看。")


def _page(request: Request, session: ReadSession, desk: Desk, error: AppError | None = None) -> Response:
    code = _county(desk)
    table = list_tiers(session)
    lines = tuple(
        TierLine(
            tier.name,
            yuan(tier.month_fen),
            yuan(tier.hour_fen),
            tier.effective_on.isoformat(),
            tier.source,
        )
        for tier in sorted(table, key=lambda tier: tier.effective_on, reverse=True)
        if code.startswith(tier.province_code)
        and (not tier.areas or not tier.is_local or code.startswith(tier.areas[0]))
    )
    own = caps.caps_of(caps.find_rules(session, code))
    view = RulesView(
        gazetteer.get_nearest(code).name,
        minimum_words(code, desk.today, table),
        lines,
        tuple(
            CapLine(kind.value, kind.label, str(own[kind] or ""), caps.USUAL[kind]) for kind in EmployerKind
        ),
        desk.actor.manages(code),
        error.title if error is not None else "",
        tuple(problem.message for problem in error.fields) if error is not None else (),
    )
    status = error.status if error is not None else 200
    return console_page(request, desk.actor, "staff/posting_rules.html", view, now="vetting", status=status)


@router.post(f"{ADDRESS}/caps")
def set_caps(request: Request, session: WriteSession, desk: StaffDesk, sent: SentForm) -> Response:
    """The county's own limits; an empty field lifts one."""
    code = _county(desk)
    try:
        typed = {kind.value: str(sent.get(kind.value, "")).strip() for kind in EmployerKind}
        numbers = {
            kind: (int(text) if text.isdigit() and len(text) < 5 else -1)
            for kind, text in typed.items()
            if text
        }
        caps.set_caps(session, desk.actor, code, {kind: numbers.get(kind) for kind in typed}, desk.clock)
    except AppError as error:
        return _page(request, session, desk, error)
    return RedirectResponse(f"{ADDRESS}?done=rules_saved", 303)


@router.post(f"{ADDRESS}/wage")
def set_wage(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    month: Typed = "",
    hour: Typed = "",
    since: Typed = "",
    source: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The county's minimum wage from a day on."""
    code = _county(desk)
    try:
        wages.set_county_wage(
            session,
            desk.actor,
            code,
            month_fen=_fen(month, "month"),
            hour_fen=_fen(hour, "hour"),
            effective_on=_day(since),
            name="本县",
            source=source,
            clock=desk.clock,
        )
    except AppError as error:
        return _page(request, session, desk, error)
    return RedirectResponse(f"{ADDRESS}?done=rules_saved", 303)


def _fen(text: str, field: str) -> int:
    fen = read_fen(text)
    if fen is None:
        raise Invalid(fields=[FieldProblem(field, "钱数只写数，比如 1850")])
    return fen


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(fields=[FieldProblem("since", "写上从哪天起执行")]) from error
