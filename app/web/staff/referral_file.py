"""推荐单: one referral on the officer's phone, from the answer on the phone to the first day at work."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.core.clock import OFFICE_ZONE
from app.core.errors import AppError, FieldProblem, Invalid
from app.core.http import ReadSession, WriteSession, get_settings
from app.jobs.rules import lower_month_fen
from app.referrals import link_codes, queries
from app.referrals.models import Referral
from app.referrals.moving import move_referral
from app.referrals.rules import OF_THE_EMPLOYER, OF_THE_PERSON, WITH_EMPLOYER
from app.referrals.schemas import MoveIn
from app.referrals.shown import show_events, show_referral
from app.referrals.spells.models import FollowUpCheck
from app.referrals.spells.queries import CheckFilters, list_checks
from app.referrals.spells.rules import is_stable
from app.referrals.terms import Evidence, ReferralAction
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.formats import yuan
from app.web.staff import once
from app.web.staff import referral_file_views as views
from app.web.staff.forms import SentForm, problems_of
from app.web.staff.page import console_page
from app.web.staff.today_views import firm_tel, person_tel, tel_words

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_A = ReferralAction
_DONE: Final = {_A.INTERESTED: "yes", _A.DECLINE: "no"}
_MOST_YUAN: Final = 1_000_000


@router.get("/staff/referrals/{referral_id}")
def show(request: Request, session: ReadSession, desk: StaffDesk, referral_id: int) -> Response:
    """How it stands, what may be done, and every step so far."""
    return _page(request, session, desk, referral_id)


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    referral_id: int,
    problem: str = "",
    opened: str = "",
    status: int = 200,
) -> Response:
    referral = queries.get_referral(session, desk.actor, referral_id, desk.clock.now())
    out = show_referral(session, desk.actor, referral, desk.clock)
    log = queries.list_events(session, referral.id)
    events = show_events(session, desk.actor, referral, log)
    tel = person_tel(desk.actor, referral.person, desk.cipher)
    firm = firm_tel(desk.actor, referral.job.employer, desk.cipher)
    job = referral.job
    wage_fen = referral.wage_fen or lower_month_fen(
        job.wage_min_fen, job.wage_max_fen, job.wage_unit, job.estimate_fen
    )
    settings = get_settings(request)
    code = link_codes.link_code(settings.secret_key.get_secret_value(), referral.id)
    is_inside = out.note is not None
    checks = _checks_of(session, desk, referral)
    # Whoever holds the link answers as the person: only for who may write the answer down anyway.
    may_hand_out = referral.is_live and ReferralAction.WITHDRAW in out.actions
    view = views.ReferralView(
        id=out.id,
        name=out.seeker.name,
        person_href="" if out.seeker.is_masked else f"/staff/people/{out.seeker.id}",
        title=out.job.title,
        employer=out.job.employer.name,
        state=views.state_words(out.state),
        tone=views.tone_of(out.state),
        facts=views.facts_of(out, desk.today),
        letter=out.letter or "",
        may=frozenset(action.value for action in out.actions),
        tel=tel,
        tel_words=tel_words(tel),
        firm_tel=firm,
        firm_tel_words=tel_words(firm),
        token=once.token_for(request, desk.clock),
        history=views.history_of(
            events, queries.names_of_actors(session, log) if is_inside else {}, desk.today
        ),
        link=f"{settings.public_url.rstrip('/')}/a/{code}" if may_hand_out else "",
        today=desk.today.isoformat(),
        agreed_on=min(referral.starts_on or desk.today, desk.today).isoformat(),
        usual_wage=yuan(wage_fen).replace(",", "") if wage_fen else "",
        checks=views.check_lines(checks, desk.today),
        is_stable=is_stable(checks),
        check_href=_next_check(checks),
        waits_for_firm=out.state in WITH_EMPLOYER,
        problem=problem,
        open=opened,
    )
    return console_page(request, desk.actor, "staff/referral.html", view, now="today", status=status)


def _checks_of(session: ReadSession, desk: Desk, referral: Referral) -> list[FollowUpCheck]:
    """The checks of the work, in their order; none before the first day."""
    if referral.spell_id is None:
        return []
    filters = CheckFilters(spell_id=referral.spell_id)
    return list_checks(session, desk.actor, filters, desk.today, limit=4)[0]


def _next_check(checks: Sequence[FollowUpCheck]) -> str:
    """Where the next check of the work is written down."""
    waiting = next((check for check in checks if check.settled_at is None), None)
    return f"/staff/checks/{waiting.id}" if waiting is not None else ""


@router.post("/staff/referrals/{referral_id}")
def move(
    request: Request, session: WriteSession, desk: StaffDesk, referral_id: int, form: SentForm
) -> Response:
    """One step, as `does` says: an action, or an action with its reason (`decline:too_far`)."""
    asked = once.read(request, desk.clock, form)
    address = f"/staff/referrals/{referral_id}"
    if once.find(session, asked):
        return RedirectResponse(f"{address}?done=again", 303)
    does, _, reason = str(form.get("does", "")).partition(":")
    try:
        data = MoveIn.model_validate(_sent(does, reason, form, asked.key))
        with session.begin_nested():
            move_referral(session, desk.actor, referral_id, data, cipher=desk.cipher, clock=desk.clock)
    except (AppError, ValidationError) as error:
        if isinstance(error, AppError) and error.status not in (403, 409, 422):
            raise
        title, found, status = problems_of(error)
        words = "；".join(dict.fromkeys([title, *(each.message for each in found)]))
        return _page(request, session, desk, referral_id, words, does, status)
    return once.keep(session, asked, f"{address}?done={_DONE.get(data.action, 'moved_on')}", desk.clock)


def _sent(does: str, reason: str, form: SentForm, key: str) -> dict[str, Any]:
    """What a Move is made of. Raises Invalid for a day or a figure that is none."""
    action = next((each for each in _A if each.value == does), None)
    if action is None:
        raise Invalid("没看明白要记什么，请再点一次。")
    method = str(form.get("method", "phone"))
    said = method if method in ("phone", "visit", "paper") else "phone"
    told_by = "visit" if said != "phone" else "phone"
    sent: dict[str, Any] = {"action": action, "idempotency_key": key}
    typed = " ".join(str(form.get("reason", "")).split())
    if reason or typed:
        sent["reason"] = reason or typed
    if action in OF_THE_PERSON:
        sent["on_behalf"] = {"method": said, "consent": True}
    elif action in OF_THE_EMPLOYER:
        sent["told_by"] = told_by
    if action is _A.INTERVIEW:
        sent["interview_at"] = _moment(form)
        sent["interview_place"] = str(form.get("place", "")).strip()[:100]
    elif action in (_A.HIRE, _A.ARRIVE):
        sent["starts_on"] = _day(form)
    if action is _A.HIRE:
        sent["wage_fen"] = _fen(form)
    if action is _A.ARRIVE:
        sent["evidence"] = str(form.get("evidence", "")) or None
        if sent["evidence"] == Evidence.SELF.value:
            sent["told_by"] = told_by
    return sent


def _day(form: SentForm) -> date:
    try:
        return date.fromisoformat(str(form.get("day", "")).strip())
    except ValueError:
        raise Invalid(fields=[FieldProblem("day", "写上哪一天")]) from None


def _moment(form: SentForm) -> datetime:
    try:
        hour = time.fromisoformat(str(form.get("hour", "")).strip() or "09:00")
    except ValueError:
        raise Invalid(fields=[FieldProblem("hour", "几点见面没写对")]) from None
    return datetime.combine(_day(form), hour, OFFICE_ZONE)


def _fen(form: SentForm) -> int:
    return read_yuan(str(form.get("wage", "")))


def read_yuan(text: str) -> int:
    """Fen of a figure in yuan. Raises Invalid."""
    plain = text.strip().replace(",", "").removesuffix("元").strip()
    try:
        figure = float(plain)
    except ValueError:
        raise Invalid(fields=[FieldProblem("wage", "写上一个月多少元，只写数字")]) from None
    if not 0 <= figure <= _MOST_YUAN:
        raise Invalid(fields=[FieldProblem("wage", "一个月多少元没写对")])
    return round(figure * 100)
