"""个人信息错误, in sentences that tell the next step."""

from app.core.errors import Conflict


class ErasedBefore(Conflict):
    """Somebody with this ID number asked to be erased; they come back only with a new consent."""

    code = "erased_before"
    title = "这个人以前要求删除过自己的资料。要重新建档，请先问本人，本人同意后记下同意，再登记。"


class ConsentMissing(Conflict):
    """The purpose needs a yes that is not there, or the person said no."""

    code = "consent_missing"
    title = "本人还没有同意这件事，或者已经收回同意。请先问本人。"


class HoldOver(Conflict):
    """Lifted in the meantime, or no hold of this person."""

    code, title = "hold_over", "这一条留存已经解除了，请刷新看看。"
