"""用工计划用语: where a plan stands and what was done to it."""

from app.core.terms import LabelledEnum


class DemandPlanState(LabelledEnum):
    """用工计划状态. One whose month has passed counts no more, whatever its state."""

    STATED = "stated", "报上来了"
    POSTED = "posted", "写成岗位了"
    WITHDRAWN = "withdrawn", "不要人了"


class DemandPlanAction(LabelledEnum):
    """用工计划操作: each makes a version."""

    STATE = "state", "报上来"
    EDIT = "edit", "改了"
    POST = "post", "写成岗位"
    WITHDRAW = "withdraw", "不要人了"
