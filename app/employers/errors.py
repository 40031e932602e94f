"""用人单位的错误."""

from app.core.errors import Conflict, Forbidden, NotFound


class EmployerNotFound(NotFound):
    code, title = "employer_not_found", "没找到这家单位。"


class EmployerBarred(Forbidden):
    code, title = "employer_barred", "这家单位现在不能在这里招人，有疑问请到县人社局问。"


class EmployerExists(Conflict):
    code, title = "employer_exists", "这家单位已经登记过了。忘了账号请找镇劳保所。"


class EmployerMoveNotAllowed(Conflict):
    code, title = "employer_move_not_allowed", "这家单位现在的状态办不了这一步，请刷新看看。"
