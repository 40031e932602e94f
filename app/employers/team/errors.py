"""单位同事的错误."""

from app.core.errors import Conflict, Gone, NotFound


class InvitationNotFound(NotFound):
    code, title = "invitation_not_found", "没找到这个邀请，可能已经收回了。"


class InvitationOver(Gone):
    code, title = "invitation_over", "这个邀请已经用过、收回或过期了。请单位再请一次。"


class LastOwner(Conflict):
    code, title = "last_owner", "单位不能没有负责人。先请一位同事当负责人，再退出。"


class MemberNotFound(NotFound):
    code, title = "member_not_found", "没找到这位同事，可能已经不在单位里了。"
