"""What can go wrong with sharing workers."""

from app.core.errors import Conflict, NotFound


class NoticeNotFound(NotFound):
    code, title = "notice_not_found", "没有这条余缺信息，可能已经撤了。"


class AgreementNotFound(NotFound):
    code, title = "agreement_not_found", "没有这份协议，可能地址抄错了。"


class StayNotFound(NotFound):
    code, title = "stay_not_found", "没有这条借用记录。"


class AgreementClosed(Conflict):
    code, title = "agreement_closed", "这份协议不是说定了的，先让两家点头。"


class NoConsent(Conflict):
    code, title = "no_consent", "本人还没点头，不能让他过去。先当面或打电话问本人。"


class StayMoveNotAllowed(Conflict):
    code, title = "stay_move_not_allowed", "这一步现在办不了，请刷新看看到哪一步了。"


class AgreementFull(Conflict):
    code, title = "agreement_full", "说好的人数已经够了。"


class StillThere(Conflict):
    code, title = "still_there", "还有人在借用单位，先把人接回来。"


class HomeWorkOver(Conflict):
    code, title = "home_work_over", "这个人在原单位的活已经结束了，借不了。"
