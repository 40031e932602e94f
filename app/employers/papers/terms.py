"""单位材料用语: which papers there are and where each stands."""

from app.core.terms import LabelledEnum


class PaperKind(LabelledEnum):
    """材料种类."""

    LICENCE = "licence", "营业执照"
    IDENTITY = "identity", "负责人身份证"
    VILLAGE_PROOF = "village_proof", "村里的证明"
    DISPATCH = "dispatch", "劳务派遣许可证"
    HR_SERVICE = "hr_service", "人力资源服务许可证"
    MANDATE = "mandate", "委托书"


class PaperState(LabelledEnum):
    """材料状态: a newer one of the same kind replaces what stood there once it was accepted."""

    WAITING = "waiting", "等人看"
    ACCEPTED = "accepted", "看过了"
    SENT_BACK = "sent_back", "退回了"
    REPLACED = "replaced", "换新的了"
