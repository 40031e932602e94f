"""进档用语."""

from app.core.terms import LabelledEnum


class LinkProof(LabelledEnum):
    """认档凭据: how somebody showed that a file is theirs."""

    ID_TAIL = "id_tail", "手机号和身份证后四位"


class LinkEnd(LabelledEnum):
    """解除原因: why a link between an account and a file ended."""

    PHONE_CHANGED = "phone_changed", "档案上的手机号改了"
    REPLACED = "replaced", "本人用另一部手机认了"
    LEFT = "left", "本人取消的"
