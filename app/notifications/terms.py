"""通知用语: how a message travels, what it is for, and how far it has come."""

from typing import Final

from app.core.terms import LabelledEnum

# The labour offices' line, everywhere in the country; told where no officer's number is known.
HOTLINE: Final = "12333"


class Channel(LabelledEnum):
    """发送渠道."""

    SMS = "sms", "短信"
    WECHAT = "wechat", "微信公众号"
    CALL = "call", "打电话（印在名单上）"
    LETTER = "letter", "信（印出来送去）"


# Nothing is called for these: a person takes the printed sheet along and says how it went.
PAPER_CHANNELS: Final = frozenset({Channel.CALL, Channel.LETTER})


class Purpose(LabelledEnum):
    """用途: decides which limits hold. Codes wait for nothing; a campaign waits for everything."""

    CODE = "code", "验证码"
    SERVICE = "service", "本人的事"
    PARTNER = "partner", "给单位和工作人员"
    CAMPAIGN = "campaign", "群发"


# REFERRALS "Clocks": at most so often to one person; a firm with fifty applicants gets fifty messages.
CAPPED_PURPOSES: Final = frozenset({Purpose.SERVICE, Purpose.CAMPAIGN})
QUIET_PURPOSES: Final = frozenset({Purpose.SERVICE, Purpose.PARTNER, Purpose.CAMPAIGN})


class MessageState(LabelledEnum):
    """消息状态: from left to right only, but that a call which surely came to nothing goes back to waiting
    for another try.
    """

    WAITING = "waiting", "等着发"
    CALLING = "calling", "正在发"
    DROPPED = "dropped", "不发了"
    UNKNOWN = "unknown", "说不清，问过了，请人看"
    ACCEPTED = "accepted", "已交给运营商"
    FAILED = "failed", "没送到"
    DELIVERED = "delivered", "送到了"


# What a receipt may still raise a message to; a message that reached its reader is never "failed" again.
_ORDER: Final = (
    MessageState.WAITING,
    MessageState.CALLING,
    MessageState.DROPPED,
    MessageState.UNKNOWN,
    MessageState.ACCEPTED,
    MessageState.FAILED,
    MessageState.DELIVERED,
)
RANK: Final = {state: rank for rank, state in enumerate(_ORDER)}
# Went out, or may have: counts against the limits of its reader.
SENT_STATES: Final = frozenset(
    {MessageState.CALLING, MessageState.UNKNOWN, MessageState.ACCEPTED, MessageState.DELIVERED}
)
# Nothing more is expected of us (receipts may still come).
SETTLED_STATES: Final = frozenset(RANK) - {MessageState.WAITING, MessageState.CALLING}


def states_below(state: MessageState) -> frozenset[MessageState]:
    """The states that `state` is higher than."""
    return frozenset(other for other, rank in RANK.items() if rank < RANK[state])


class DropReason(LabelledEnum):
    """不发的原因."""

    SETTLED = "settled", "事情已经定了，不用再说"
    OPTED_OUT = "opted_out", "本人不想收"
    TOO_LATE = "too_late", "轮到它时已经过时"
    STOPPED = "stopped", "群发停了"
    FORGOTTEN = "forgotten", "本人要求删除"
    RESTORED = "restored", "恢复了备份，可能已经发过"


class SkipReason(LabelledEnum):
    """跳过的原因: why somebody a campaign is meant for gets no message; `LATER` gets it, but not at once."""

    NO_PHONE = "no_phone", "没有手机号"
    NOT_MOBILE = "not_mobile", "不是手机号，收不了短信"
    SAID_NO = "said_no", "说过不要发招工消息"
    OPTED_OUT = "opted_out", "退订了"
    SAME_PHONE = "same_phone", "同一个号码，家里人已经收"
    APPLIED = "applied", "已经报了这个活"
    OVER_LIMIT = "over_limit", "超出一次能发的人数"
    LATER = "later", "这几天收满了，晚些才轮到"


class TroubleDecision(LabelledEnum):
    """消息处理: what a person decided about a message that did not arrive, or nobody knows."""

    AGAIN = "again", "再发一次"
    COUNTS_AS_SENT = "counts_as_sent", "算收到了"
    CALL_INSTEAD = "call_instead", "改打电话"
    LEFT = "left", "不用再说了"


class OptOutScope(LabelledEnum):
    """退订范围."""

    CAMPAIGNS = "campaigns", "群发不收"
    EVERYTHING = "everything", "除验证码外都不收"


class CampaignState(LabelledEnum):
    """群发状态."""

    DRAFT = "draft", "草稿"
    RUNNING = "running", "正在发"
    PAUSED = "paused", "停一停"
    DONE = "done", "发完了"
    STOPPED = "stopped", "不发了"
