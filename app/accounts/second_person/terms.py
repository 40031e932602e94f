"""二人确认用语: what takes two people, and how far a request has come."""

from app.accounts.permission_terms import Action, Resource
from app.core.terms import LabelledEnum


class ConfirmationKind(LabelledEnum):
    """确认事项: what takes two people. Whoever answers could do the same thing themself."""

    PEOPLE_EXPORT = "people_export", "导出人员表"
    ERASURE = "erasure", "删除一个人的资料"
    CAMPAIGN = "campaign", "群发消息"

    @property
    def action(self) -> Action:
        return _NEEDS[self][0]

    @property
    def resource(self) -> Resource:
        return _NEEDS[self][1]


_NEEDS = {
    ConfirmationKind.PEOPLE_EXPORT: (Action.EXPORT, Resource.PEOPLE_FILE),
    ConfirmationKind.ERASURE: (Action.EDIT, Resource.SEEKER_CARD),
    ConfirmationKind.CAMPAIGN: (Action.DECIDE, Resource.CAMPAIGN),
}


class ConfirmationState(LabelledEnum):
    """确认状态."""

    WAITING = "waiting", "等另一位同事点头"
    APPROVED = "approved", "点头了"
    REFUSED = "refused", "没同意"
    WITHDRAWN = "withdrawn", "自己收回了"
    DONE = "done", "办完了"
