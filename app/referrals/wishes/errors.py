"""Why a wish can't be taken or settled."""

from app.core.errors import Conflict, NotFound


class WishNotFound(NotFound):
    code = "wish_not_found"
    title = "没找到这条报名。可能已经办完了，也可能网址抄错了。"


class WishSettled(Conflict):
    code = "wish_settled"
    title = "这条报名已经办过了，请刷新看看。"
