"""求职者用语: classes of labour and where a person stands."""

from app.core.terms import LabelledEnum


class LabourClass(LabelledEnum):
    """劳动力类别 (DOMAIN C3)."""

    ORDINARY = "ordinary", "普通劳动力"
    SKILLED = "skilled", "技能劳动力"
    SEMI = "semi", "半劳动力"
    WEAK = "weak", "弱劳动力"


class SeekerStatus(LabelledEnum):
    """就业状态: what the person is doing at present."""

    SEEKING = "seeking", "想找活"
    EMPLOYED = "employed", "上班了"
    TRAINING = "training", "在学手艺"
    NOT_SEEKING = "not_seeking", "这会儿不找"
    STUDYING = "studying", "在上学"
    UNABLE = "unable", "干不了活"
