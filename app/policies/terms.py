"""政策库用语."""

from app.core.terms import LabelledEnum


class GuideKind(LabelledEnum):
    """条目种类: what an entry is."""

    POLICY = "policy", "政策"
    STORY = "story", "身边的事"
    NOTICE = "notice", "通知"
    FAIR = "fair", "招聘会"
    TRAINING = "training", "学手艺"


class GuideState(LabelledEnum):
    """条目版本状态: being written, waiting for another colleague, shown, sent back, followed by a newer one,
    or taken off."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "等人看"
    PUBLISHED = "published", "已发布"
    SENT_BACK = "sent_back", "退回"
    REPLACED = "replaced", "有了新的"
    WITHDRAWN = "withdrawn", "撤下了"


class Verdict(LabelledEnum):
    """适合我吗: all conditions met, not known yet, or one that is not met."""

    YES = "yes", "能"
    MAYBE = "maybe", "说不准"
    NO = "no", "这条对不上"
