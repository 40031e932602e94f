"""对接会的错误, in sentences that tell the next step."""

from app.core.errors import Conflict, NotFound


class SessionNotFound(NotFound):
    """Also: it exists, but is none of the actor's business."""

    code, title = "session_not_found", "没找到这场对接会。可能不在您管的地方。"


class SessionExists(Conflict):
    """`extra["session_id"]` is the one there is."""

    code, title = "session_exists", "这一天这里已经有一场了，接着用那一场就行。"

    def __init__(self, session_id: int) -> None:
        super().__init__(extra={"session_id": session_id})
        self.session_id = session_id


class SessionClosed(Conflict):
    code, title = "session_closed", "这场会已经散了，改不了了。要再对一回，另开一场。"


class SessionStepNotAllowed(Conflict):
    code, title = "session_step_not_allowed", "这场会现在办不了这一步，请刷新看看。"


class PairSettled(Conflict):
    code, title = "pair_settled", "这一对已经发出去了，改不了了。要撤，到推荐单里撤。"
