"""二人确认错误."""

from app.core.errors import Conflict, Forbidden, NotFound


class ConfirmationNotFound(NotFound):
    """Also: it exists, but is nothing for this colleague."""

    code, title = "confirmation_not_found", "没找到这件要点头的事，可能已经办完了。"


class OwnRequest(Forbidden):
    code, title = "own_request", "这是您自己提的，要请另一位同事来点头。"


class NotWaiting(Conflict):
    """Answered, withdrawn or run out in the meantime."""

    code, title = "not_waiting", "这件事已经有人答复过，或者过期了，请刷新看看。"


class NotApproved(Conflict):
    """Not answered yet, refused, or the approval has run out."""

    code, title = "not_approved", "这件事还没有同事点头，或者点头已经过期，请重新提一次。"


class AskedBefore(Conflict):
    code, title = "asked_before", "这件事已经有人提过了，正等另一位同事点头。"


class MorePeople(Conflict):
    """What was approved was for fewer people."""

    code, title = "more_people", "现在的人数比点头时多，请重新提一次。"
