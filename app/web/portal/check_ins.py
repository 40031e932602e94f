"""一点回话的页面: on the personal link of somebody who started, how the work goes, in one tap."""

from dataclasses import dataclass, field
from typing import Final

from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.http import ReadSession, WriteSession
from app.referrals import check_ins
from app.referrals.messages import short_name
from app.referrals.models import Referral
from app.referrals.spells.models import EmploymentAnswer
from app.referrals.telling import ASKED_ON
from app.referrals.terms import CheckOutcome, LeaveReason
from app.web.languages import Language, mark
from app.web.reader import Reader

SAME: Final = "same"
DIFFERENT: Final = "different"
STILL: Final = "still"
LEFT: Final = "left"
_IS_AS_PROMISED: Final[dict[str, bool | None]] = {SAME: True, DIFFERENT: False, STILL: None}
ANSWERS: Final = frozenset({*_IS_AS_PROMISED, LEFT})
_NO_REASON: Final = mark("先点一下为啥不干了。")
_WRONG_TAIL: Final = mark("手机号后四位对不上，再看看。")
# What the form sends, the words, the picture.
Choice = tuple[str, str, str]
ARRIVAL_ANSWERS: Final[tuple[Choice, ...]] = (
    (SAME, mark("到了，跟说的一样"), "ok"),
    (DIFFERENT, mark("到了，跟说的不一样"), "warn"),
)
STILL_ANSWERS: Final[tuple[Choice, ...]] = ((STILL, mark("还在干"), "ok"),)


@dataclass(frozen=True)
class CheckInView:
    """一点回话: a question with its buttons, the reasons for leaving, or `told`, what was written down."""

    question: str = ""
    answers: tuple[Choice, ...] = ()
    asks_why: bool = False
    told: str = ""
    reasons_to_leave: tuple[Choice, ...] = field(
        default=(
            (LeaveReason.PAY.value, mark("工钱的事"), "coin"),
            (LeaveReason.DISTANCE.value, mark("太远"), "pin"),
            (LeaveReason.FAMILY.value, mark("家里有事"), "family"),
            (LeaveReason.HEALTH.value, mark("身体不方便"), "me"),
            (LeaveReason.HARVEST.value, mark("回来收种"), "farm"),
            (LeaveReason.LAID_OFF.value, mark("厂里不要人了"), "no"),
            (LeaveReason.POOR_FIT.value, mark("干不来"), "tool"),
            (LeaveReason.OTHER.value, mark("别的原因"), "ask"),
        )
    )


def build_check_in(
    session: ReadSession, reader: Reader, referral: Referral, clock: Clock, *, asks_why: bool
) -> CheckInView | None:
    """What is asked today, or what the person said last; None where there is neither."""
    _ = reader.language.gettext
    check = check_ins.find_check_in(session, referral, clock)
    if check is None:
        answer = check_ins.find_told(session, referral)
        return CheckInView(told=_told(reader.language, answer)) if answer is not None else None
    firm = short_name(referral.job.employer.name)
    if check.day == ASKED_ON:
        question = _("到%(firm)s了吧？跟当初说的一样不？") % {"firm": firm}
        return CheckInView(question, ARRIVAL_ANSWERS, asks_why)
    return CheckInView(_("你在%(firm)s干得咋样？") % {"firm": firm}, STILL_ANSWERS, asks_why)


def _told(language: Language, answer: EmploymentAnswer) -> str:
    _ = language.gettext
    if answer.outcome is CheckOutcome.LEFT:
        return _("记下了，你不干了。信息员三天内给你打电话，帮你再找。")
    if answer.is_as_promised is False:
        return _("记下了，跟说的不一样。信息员三天内给你打电话问清楚，也去问单位。")
    return _("记下了，谢谢你说一声。")


def take_answer(
    session: WriteSession,
    referral_id: int,
    action: str,
    reason: str,
    phone_tail: str,
    cipher: FieldCipher,
    clock: Clock,
) -> str:
    """Writes down one of `ANSWERS`; returns what is wrong with it, '' when it is taken. Raises
    ReferralNotFound, TooMany."""
    if action != LEFT:
        is_same = _IS_AS_PROMISED[action]
        check_ins.tell_in_post(session, referral_id, is_as_promised=is_same, cipher=cipher, clock=clock)
        return ""
    known = {each.value: each for each in LeaveReason}.get(reason)
    if known is None:
        return _NO_REASON
    left = check_ins.tell_left(session, referral_id, known, phone_tail, cipher=cipher, clock=clock)
    return "" if left is not None else _WRONG_TAIL
