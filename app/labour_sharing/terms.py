"""余缺调剂用语: who has people and who needs some, agreements of two firms, stays of workers."""

from app.core.terms import LabelledEnum


class SharingSide(LabelledEnum):
    """余缺: which of the two a firm says."""

    OFFER = "offer", "有人闲"
    NEED = "need", "缺人"


class AgreementState(LabelledEnum):
    """调剂协议状态."""

    PROPOSED = "proposed", "等两家点头"
    AGREED = "agreed", "两家说定了"
    ENDED = "ended", "到期结束了"
    CANCELLED = "cancelled", "没成"


class StayState(LabelledEnum):
    """借用状态: nobody is moved who has not agreed."""

    NAMED = "named", "等本人点头"
    CONSENTED = "consented", "本人同意"
    DECLINED = "declined", "本人不去"
    THERE = "there", "在借用单位"
    BACK = "back", "回来了"
    DROPPED = "dropped", "没去成"
    LEFT = "left", "没回原单位就离开了"


class StayAction(LabelledEnum):
    """借用操作: the steps of a stay; the last two happen by themselves."""

    NAME = "name", "提名"
    CONSENT = "consent", "本人同意"
    DECLINE = "decline", "本人不去"
    MOVE = "move", "过去上班"
    BRING_BACK = "bring_back", "回原单位"
    DROP = "drop", "不去了"
    LEAVE = "leave", "离开了"
