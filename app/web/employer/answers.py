"""单位的回话: reads what a firm said about people from a form and says it to the referral service, one step
for each; the same form sent twice changes nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from pydantic import ValidationError

from app.accounts.actor import Actor
from app.core.clock import OFFICE_ZONE, Clock
from app.core.crypto import FieldCipher
from app.core.errors import AppError, Conflict, FieldProblem, Invalid, NotFound
from app.core.http import WriteSession
from app.referrals.moving import move_referral
from app.referrals.schemas import Move
from app.referrals.terms import ReferralAction, RefuseReason
from app.web.staff.fields import Sent
from app.web.staff.forms import problems_of

MAY: Final = (
    ReferralAction.VIEW,
    ReferralAction.INTERVIEW,
    ReferralAction.REFUSE,
    ReferralAction.POOL,
    ReferralAction.HIRE,
    ReferralAction.NO_SHOW,
)
_FIELDS: Final = ("day", "hour", "place", "reason", "other", "starts_on", "wage")
MOST_AT_ONCE: Final = 50


@dataclass(frozen=True)
class Answer:
    """回话: the step and its details as typed, and for whom."""

    action: ReferralAction | None
    ids: tuple[int, ...]
    typed: Mapping[str, str]


@dataclass(frozen=True)
class Answered:
    """回话的结果: how many were told, who could not be, and what is wrong with the form (who was ticked in it
    is `picked`)."""

    told: int = 0
    missed: int = 0
    problem: str = ""
    status: int = 200
    picked: tuple[int, ...] = ()


def read_answer(sent: Sent) -> Answer:
    """What a form says; whatever is not one of ours is left aside."""
    wanted = str((sent.getlist("do") or [""])[-1])
    ids = [int(each) for each in sent.getlist("who") if str(each).isdecimal() and len(str(each)) < 16]
    typed = {name: str((sent.getlist(name) or [""])[-1]).strip()[:100] for name in _FIELDS}
    action = next((each for each in MAY if each.value == wanted), None)
    return Answer(action, tuple(dict.fromkeys(ids))[:MOST_AT_ONCE], typed)


def give_answer(
    session: WriteSession,
    actor: Actor,
    answer: Answer,
    *,
    key: str,
    cipher: FieldCipher,
    clock: Clock,
) -> Answered:
    """Says it for each person; `key` names this one filling-in.

    A person for whom the step does not fit any more (withdrew, was answered by somebody else, took their
    consent back) is counted as missed; a mistake in the form stops everything.
    """
    if answer.action is None:
        return Answered(problem="点一下怎么回。", status=422, picked=answer.ids)
    if not answer.ids:
        return Answered(problem="先点一下要回的人。", status=422)
    told = missed = 0
    try:
        with session.begin_nested():
            for referral_id in answer.ids:
                move = read_move(answer.action, answer.typed, f"{key}:{referral_id}"[:60])
                try:
                    with session.begin_nested():
                        move_referral(session, actor, referral_id, move, cipher=cipher, clock=clock)
                    told += 1
                except (Conflict, NotFound) as error:
                    if len(answer.ids) == 1:
                        return Answered(problem=error.title, status=error.status)
                    missed += 1
    except (AppError, ValidationError) as error:
        title, problems, status = problems_of(error)
        if status not in (409, 422, 403):
            raise
        words = problems[0].message if problems else title
        return Answered(problem=words, status=status, picked=answer.ids)
    return Answered(told, missed)


def read_move(action: ReferralAction, typed: Mapping[str, str], key: str) -> Move:
    """The step as the service takes it. Raises Invalid, ValidationError."""
    values: dict[str, Any] = {"action": action, "idempotency_key": key}
    if action is ReferralAction.INTERVIEW:
        day = _day(typed["day"], "day", "写上哪天见面")
        values["interview_at"] = datetime.combine(day, _hour(typed["hour"]), OFFICE_ZONE)
        values["interview_place"] = typed["place"]
    elif action is ReferralAction.REFUSE:
        reason = typed["reason"]
        if reason not in set(RefuseReason):
            raise _wrong("reason", "点一下为啥不合适，本人能看到")
        values["reason"] = typed["other"] or reason if reason == RefuseReason.OTHER else reason
    elif action is ReferralAction.HIRE:
        values["starts_on"] = _day(typed["starts_on"], "starts_on", "写上哪天上班")
        values["wage_fen"] = _wage(typed["wage"])
    return Move.model_validate(values)


def _day(text: str, name: str, words: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong(name, words) from None


def _hour(text: str) -> time:
    hours = {"am": time(9, 0), "pm": time(14, 30)}
    return hours.get(text, time(9, 0))


def _wage(text: str) -> int:
    digits = text.replace(",", "").removesuffix("元").strip()
    if not (digits.isascii() and digits.isdigit() and 0 < len(digits) < 7 and int(digits)):
        raise _wrong("wage", "写上一个月多少钱，只写数")
    return int(digits) * 100


def _wrong(name: str, words: str) -> Invalid:
    return Invalid(words, fields=[FieldProblem(name, words)])
