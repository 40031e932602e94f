"""回访: one answer on the phone in three taps; it is the month's verification as well, and nobody asks again.

A form that is sent again after a lost line changes nothing and says so.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.referrals.spells import answering, queries
from app.referrals.spells.models import EmploymentAnswer, FollowUpCheck
from app.referrals.spells.schemas import AnswerIn
from app.referrals.terms import CheckOutcome, LeaveReason
from app.seekers import masking
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.formats import phone_words, yuan
from app.web.staff import once
from app.web.staff.forms import SentForm, problems_of
from app.web.staff.page import console_page, may_work_referrals
from app.web.staff.referral_file import read_yuan
from app.web.staff.today_views import person_tel, sees_names
from app.web.staff.wording import day_words

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_WAYS: Final = ("in_post", "moved", "left", "unreachable")


@dataclass(frozen=True)
class CheckView:
    """回访: `way` is the answer chosen in the first row; `settled` what is recorded, empty while it waits."""

    id: int
    name: str
    person_href: str
    tel: str
    tel_words: str
    work: str
    day: int
    due: str
    way: str
    tries: str
    needs_visit: bool
    last_wage: str
    last_wage_words: str
    settled: tuple[str, ...]
    is_dropped: bool
    corrects: bool
    token: str
    leave_reasons: tuple[tuple[str, str], ...] = tuple((one.value, one.label) for one in LeaveReason)
    may_work: bool = True
    typed_firm: str = ""
    problem: str = ""


@router.get("/staff/checks/{check_id}")
def show(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    check_id: int,
    way: Annotated[str, Query(max_length=12)] = "",
    again: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """The questions; of a settled check what was recorded, with a way to correct it (`again`)."""
    return _page(request, session, desk, check_id, way, corrects=bool(again))


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    check_id: int,
    way: str,
    *,
    corrects: bool = False,
    typed_firm: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    check = queries.get_check(session, desk.actor, check_id)
    spell, person = check.spell, check.person
    answer = queries.find_answer_by_id(session, check.answer_id)
    wage_fen = (answer.wage_fen if answer is not None else None) or spell.wage_fen
    tel = person_tel(desk.actor, person, desk.cipher)
    is_named = sees_names(desk.actor, person.region_code)
    view = CheckView(
        id=check.id,
        name=person.name if is_named else masking.mask_name(person.name),
        person_href=f"/staff/people/{person.id}" if is_named else "",
        tel=tel,
        tel_words=phone_words(tel),
        work="，".join(part for part in (spell.employer_name, spell.title) if part),
        day=check.day,
        due=day_words(check.due_on, desk.today),
        way=way if way in _WAYS else "in_post",
        tries=f"打过 {check.tries} 天没打通" if check.tries and check.settled_at is None else "",
        needs_visit=check.needs_visit,
        last_wage=yuan(wage_fen).replace(",", "") if wage_fen else "",
        last_wage_words=yuan(wage_fen) if wage_fen else "",
        settled=_settled(check, answer, desk),
        is_dropped=check.settled_at is not None and check.outcome is None,
        corrects=corrects,
        token=once.token_for(request, desk.clock),
        may_work=may_work_referrals(desk.actor),
        typed_firm=typed_firm,
        problem=problem,
    )
    return console_page(request, desk.actor, "staff/check.html", view, now="today", status=status)


def _settled(check: FollowUpCheck, answer: EmploymentAnswer | None, desk: Desk) -> tuple[str, ...]:
    """What was recorded, in words."""
    if check.settled_at is None or check.outcome is None:
        return ()
    words = [f"{day_words(check.settled_at, desk.today)}记的：{check.outcome.label}"]
    if answer is not None:
        if answer.leave_reason is not None:
            words.append(f"因为{answer.leave_reason.label}")
        if answer.wage_fen is not None:
            words.append(f"上月 {yuan(answer.wage_fen)} 元")
        if answer.is_paid_on_time is not None:
            words.append("按时发了" if answer.is_paid_on_time else "没按时发")
    return tuple(words)


@router.post("/staff/checks/{check_id}")
def answer(
    request: Request, session: WriteSession, desk: StaffDesk, check_id: int, form: SentForm
) -> Response:
    """Writes down what was learnt; the same form again is answered "已经记上了"."""
    asked = once.read(request, desk.clock, form)
    address = f"/staff/checks/{check_id}"
    if once.find(session, asked):
        return RedirectResponse(f"{address}?done=again", 303)
    does, _, detail = str(form.get("does", "")).partition(":")
    firm = " ".join(str(form.get("firm", "")).split())
    try:
        data = AnswerIn.model_validate(_sent(does, detail, form, firm, asked.key))
        with session.begin_nested():
            check = answering.answer_check(
                session, desk.actor, check_id, data, cipher=desk.cipher, clock=desk.clock
            )
    except (AppError, ValidationError) as error:
        if isinstance(error, AppError) and error.status not in (403, 409, 422):
            raise
        title, found, status = problems_of(error)
        words = "；".join(dict.fromkeys([title, *(each.message for each in found)]))
        return _page(
            request,
            session,
            desk,
            check_id,
            does,
            corrects=bool(form.get("corrects")),
            typed_firm=firm,
            problem=words,
            status=status,
        )
    done = "checked" if check.settled_at is not None else "tried"
    return once.keep(session, asked, f"{address}?done={done}", desk.clock)


def _sent(does: str, detail: str, form: SentForm, firm: str, key: str) -> dict[str, Any]:
    """What an answer is made of. Raises Invalid for a figure that is none."""
    method = str(form.get("method", "phone"))
    sent: dict[str, Any] = {
        "outcome": does,
        "method": method if method in ("phone", "visit") else "phone",
        "idempotency_key": key,
    }
    wage = str(form.get("wage", "")).strip()
    if does == CheckOutcome.IN_POST.value:
        # Before payday the figure in the field is what was agreed, not what was got.
        sent["is_paid_on_time"] = {"on_time": True, "late": False}.get(detail)
        sent["wage_fen"] = read_yuan(wage) if wage and detail else None
    elif does == CheckOutcome.LEFT.value:
        sent["leave_reason"] = detail or None
    elif does == CheckOutcome.MOVED.value:
        sent["employer_name"] = firm or None
    return sent
