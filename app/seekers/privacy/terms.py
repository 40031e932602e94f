"""个人信息用语: what people agree to, how they said so, why records are kept, what became of a request."""

from app.core.terms import LabelledEnum


class ConsentPurpose(LabelledEnum):
    """同意事项: what a person agrees to, each by itself (PIPL art. 14, 23, 29)."""

    LEDGER = "ledger", "建档，帮着找活"
    HEALTH = "health", "登记健康情况"
    SHARE_WITH_EMPLOYERS = "share_with_employers", "把名片给招人的单位看"
    SHARE_WITH_BROKERS = "share_with_brokers", "交给劳务经纪人帮着找"
    MESSAGES = "messages", "收招工消息"

    @property
    def needs_asking(self) -> bool:
        """Whether the office must have a yes before it begins. Without one it may keep the ledger and send
        word of vacancies by its duty under law (PIPL art. 13, item 3), until the person says no."""
        return self not in (ConsentPurpose.LEDGER, ConsentPurpose.MESSAGES)


class ConsentMethod(LabelledEnum):
    """同意方式: how the person said so."""

    PHONE = "phone", "电话里说的"
    VISIT = "visit", "上门当面说的"
    PAPER = "paper", "签了纸"
    SELF = "self", "本人在网上办的"


class HoldReason(LabelledEnum):
    """留存原因: why the law makes the office keep a record for a while."""

    MONEY_PAID = "money_paid", "领过补贴，账要留着"
    CASE_OPEN = "case_open", "有欠薪或投诉没办完"
    RECORDS_KEPT = "records_kept", "招用记录至少留三年"


class ErasureOutcome(LabelledEnum):
    """删除结果: what became of a request to be erased."""

    ERASED = "erased", "已经删除"
    SEALED = "sealed", "先封存，到期再删"
