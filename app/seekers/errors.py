"""台账错误: what can go wrong with a household or a person, in sentences that tell the next step."""

from app.core.errors import Conflict, NotFound


class HouseholdNotFound(NotFound):
    """Also: it exists, but outside the actor's area."""

    title = "没找到这一户。可能不在您管的地方，也可能已经并到别的户里了。"


class PersonNotFound(NotFound):
    """Also: the person exists, but outside the actor's area, or is a child."""

    title = "没找到这个人。可能不在您管的地方，也可能已经并到另一份档案里了。"


class PersonExists(Conflict):
    """The ID number stands in the ledger already, here or elsewhere."""

    code = "person_exists"
    title = "这个身份证号已经登记过了。在您这里查不到的，请找上一级的同事问问登记在哪里。"


class RecordClosed(Conflict):
    code, title = "record_closed", "这份档案已经销档了，要改请先恢复。"


class CannotMerge(Conflict):
    code, title = "cannot_merge", "这两份档案不能合并，请先核对清楚。"


class CannotUnmerge(Conflict):
    code, title = "cannot_unmerge", "这次合并撤销不了，请刷新看看。"
