"""岗位的错误."""

from app.core.errors import Conflict, Forbidden, Gone, NotFound


class JobNotFound(NotFound):
    code, title = "job_not_found", "没找到这个岗位。可能已经撤下来了。"


class JobGone(Gone):
    """It was shown once and no longer is: closed, full, expired."""

    code, title = "job_gone", "这个岗位已经不招了，看看附近别的。"


class JobMoveNotAllowed(Conflict):
    code, title = "job_move_not_allowed", "这个岗位现在的状态办不了这一步，请刷新看看。"


class EmployerNotVerified(Conflict):
    code, title = "employer_not_verified", "单位还没核验，岗位先不能放出来。请先请人社部门核验单位。"


class JobExpired(Conflict):
    code, title = "job_expired", "岗位的截止日期已经过了，请先改一个新的截止日期。"


class JobFull(Conflict):
    code, title = "job_full", "已经招满了。还要人的话，请先把招聘人数改大。"


class OwnDecision(Forbidden):
    code, title = "own_decision", "自己交上来的要请另一位同事看，自己不能批自己的。"


class MonthCapReached(Conflict):
    code, title = "month_cap_reached", "这个月交的岗位到数了，下个月 1 号再交。"


class SecondOfficerNeeded(Conflict):
    """The first posting of a new firm: the same officer has said yes already."""

    code, title = (
        "second_officer_needed",
        "您已经同意过了。这家单位头一回发岗位，还要另一位同事看过才能放出去。",
    )
