"""通知规则: how long a text is and what it costs, when messages rest, how long to wait. Pure."""

import math
from datetime import datetime, time, timedelta
from typing import Final

from app.core.clock import OFFICE_ZONE

# Aliyun "短信发送规则" (help.aliyun.com/zh/sms/user-guide/message-rules): a mainland message of up to 70
# characters is one, a longer one is cut into parts of 67; every character counts 1, whether Chinese or not,
# and so does the signature with its brackets. 160 characters are billed as 67 + 67 + 26 = 3.
SINGLE_MAX: Final = 70
PART_MAX: Final = 67
TEXT_MAX: Final = 500
# Outside the mainland a text of GSM 03.38 characters only has 160, or 153 in each part.
GSM_SINGLE_MAX: Final = 160
GSM_PART_MAX: Final = 153
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("|^€{}[]~\\\f")

# REFERRALS "Clocks".
QUIET_FROM: Final = time(20, 0)
QUIET_UNTIL: Final = time(8, 0)
BETWEEN_MESSAGES: Final = timedelta(hours=24)
PER_WEEK: Final = 3
WEEK: Final = timedelta(days=7)

MAX_TRIES: Final = 6
_FIRST_RETRY_S: Final = 30
# What is asked too soon is not in the provider's books yet; the seventh question comes after 42 minutes.
_FIRST_ASK_S: Final = 20
MAX_ASKS: Final = 7


def with_signature(text: str, signature: str) -> str:
    """The text as the phone shows it: 【送岗】 before it."""
    return f"【{signature}】{text}" if signature else text


def count_parts(text: str, *, mainland: bool = True) -> int:
    """How many messages are billed for `text`, its signature included. An empty text is none."""
    if not text:
        return 0
    if mainland:
        return _parts(len(text), SINGLE_MAX, PART_MAX)
    if all(c in _GSM or c in _GSM_TWICE for c in text):
        return _parts(sum(2 if c in _GSM_TWICE else 1 for c in text), GSM_SINGLE_MAX, GSM_PART_MAX)
    # UCS-2 counts what lies outside the basic plane (emoji) as two.
    return _parts(len(text.encode("utf-16-be")) // 2, SINGLE_MAX, PART_MAX)


def _parts(length: int, single: int, part: int) -> int:
    return 1 if length <= single else math.ceil(length / part)


def is_quiet(moment: datetime) -> bool:
    """Whether people sleep or rest at `moment`: 20:00 to 08:00 in Beijing."""
    at = moment.astimezone(OFFICE_ZONE).time()
    return at >= QUIET_FROM or at < QUIET_UNTIL


def after_quiet(moment: datetime) -> datetime:
    """`moment`, or the next 08:00 in Beijing when it lies in the quiet hours."""
    if not is_quiet(moment):
        return moment
    local = moment.astimezone(OFFICE_ZONE)
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, OFFICE_ZONE)


def rest_begins(moment: datetime) -> datetime:
    """20:00 in Beijing on the day of `moment`."""
    return datetime.combine(moment.astimezone(OFFICE_ZONE).date(), QUIET_FROM, OFFICE_ZONE)


def has_room_at(now: datetime, same_channel: datetime | None, third_last: datetime | None) -> datetime:
    """When the limits leave room for another message to one person.

    `same_channel` is the last one on this channel, `third_last` the third last on any.
    """
    room = now
    if same_channel is not None:
        room = max(room, same_channel + BETWEEN_MESSAGES)
    if third_last is not None:
        room = max(room, third_last + WEEK)
    return room


def retry_after(tries: int) -> timedelta:
    """How long to wait after `tries` calls that surely came to nothing."""
    return timedelta(seconds=_FIRST_RETRY_S << max(tries - 1, 0))


def ask_after(asks: int) -> timedelta:
    """How long to wait before asking once more, after `asks` questions."""
    return timedelta(seconds=_FIRST_ASK_S << asks)
