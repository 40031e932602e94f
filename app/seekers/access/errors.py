"""进档的路的错误, in sentences that tell the next step."""

from app.core.errors import Conflict


class NoSuchBroker(Conflict):
    """The account holds no broker's role over the person's place now."""

    code = "no_such_broker"
    title = "这个账号不是这一带的劳务经纪人，或者已经停了。请重新选一个。"


class NotAssigned(Conflict):
    """The person is not with this broker at this moment."""

    code, title = "not_assigned", "这个人眼下没有交给这位经纪人，请刷新看看。"
