"""找人带队: who starts where in the coming days, and naming who takes them there and calls the roll."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError, Forbidden
from app.core.http import CurrentSettings, ReadSession, WriteSession
from app.core.settings import Settings
from app.referrals.models import Referral
from app.referrals.rolls import queries, service
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.staff import once
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page, may_work_referrals
from app.web.staff.today_views import sees_names
from app.web.staff.wording import day_words

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
HOME: Final = "/staff/rolls"
_BACK: Final = (403, 404, 422)


@dataclass(frozen=True)
class Leader:
    """带队的人, with the address of the roll to be handed on."""

    id: int
    name: str
    link: str


@dataclass(frozen=True)
class Group:
    """同一天去同一家的人."""

    job_id: int
    day: str
    day_words: str
    title: str
    firm: str
    people: tuple[str, ...]
    leaders: tuple[Leader, ...]


@dataclass(frozen=True)
class RollsView:
    """要带队的: groups by day."""

    groups: tuple[Group, ...]
    token: str
    problem: str = ""


@router.get(HOME)
def list_groups(
    request: Request, session: ReadSession, desk: StaffDesk, settings: CurrentSettings
) -> Response:
    """Who of my people starts where in the coming month; a constant number of statements."""
    return _page(request, session, desk, settings)


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    settings: Settings,
    error: AppError | None = None,
) -> Response:
    if not may_work_referrals(desk.actor):
        raise Forbidden("推荐的事由村里、镇上和县里的同事来办。")
    since = desk.today - queries.BEHIND
    found = queries.list_expected(session, desk.actor, since, desk.today + queries.AHEAD)
    problem = "" if error is None else error.fields[0].message if error.fields else error.title
    view = RollsView(
        _groups(session, desk, settings, found, since), once.token_for(request, desk.clock), problem
    )
    status = 200 if error is None else error.status
    return console_page(request, desk.actor, "staff/rolls.html", view, now="today", status=status)


def _groups(
    session: ReadSession, desk: Desk, settings: Settings, found: Sequence[Referral], since: date
) -> tuple[Group, ...]:
    by_bus: dict[tuple[date, int], list[Referral]] = {}
    for referral in found:
        if referral.starts_on is not None:
            by_bus.setdefault((referral.starts_on, referral.job_id), []).append(referral)
    rolls = queries.list_rolls(session, {job_id for _, job_id in by_bus}, since)
    key, site = settings.secret_key.get_secret_value(), settings.public_url.rstrip("/")
    groups = []
    for (day, job_id), people in by_bus.items():
        leaders = [
            Leader(roll.id, roll.leader_name, f"{site}/b/{service.link_code(key, roll.id)}")
            for roll in rolls
            if (roll.day, roll.job_id) == (day, job_id)
        ]
        groups.append(
            Group(
                job_id,
                day.isoformat(),
                day_words(day, desk.today),
                people[0].job.title,
                people[0].job.employer.name,
                tuple(
                    each.person.name if sees_names(desk.actor, each.person.region_code) else "一位"
                    for each in people
                ),
                tuple(leaders),
            )
        )
    return tuple(groups)


@router.post(HOME)
def name_leader(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    settings: CurrentSettings,
    form: SentForm,
    job: Annotated[int, Form(ge=1, lt=2**53)],
    day: Annotated[date, Form()],
    name: Annotated[str, Form(max_length=40)] = "",
    phone: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Names who takes them; sent twice, it is one."""
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return given
    try:
        with session.begin_nested():
            service.name_leader(
                session, desk.actor, job, day, name, phone, cipher=desk.cipher, clock=desk.clock
            )
    except AppError as error:
        if error.status not in _BACK:
            raise
        return _page(request, session, desk, settings, error)
    return once.keep(session, asked, f"{HOME}?done=leader", desk.clock)


@router.post(HOME + "/{roll_id}/end")
def end_roll(session: WriteSession, desk: StaffDesk, roll_id: int) -> Response:
    """Takes the link back; it ends at once."""
    service.end_roll(session, desk.actor, roll_id, desk.clock)
    return RedirectResponse(f"{HOME}?done=taken_back", 303)
