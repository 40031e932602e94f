"""报名用语."""

from app.core.terms import LabelledEnum


class WishWay(LabelledEnum):
    """报名方式: what was tapped."""

    WANT = "want", "我想去"
    ASK = "ask", "帮我问"


class WishState(LabelledEnum):
    """报名状态: waits for a call, became a referral, was taken back, or nothing came of it."""

    WAITING = "waiting", "等回电"
    REFERRED = "referred", "已转成推荐"
    WITHDRAWN = "withdrawn", "本人撤了"
    CLOSED = "closed", "没办成"


class WishClose(LabelledEnum):
    """报名没办成的原因."""

    UNREACHABLE = "unreachable", "打了三回没打通"
    WRONG_NUMBER = "wrong_number", "号码不对"
    NOT_ANY_MORE = "not_any_more", "本人说不去了"
    NOT_FITTING = "not_fitting", "条件对不上"
    JOB_GONE = "job_gone", "活已经没了"
