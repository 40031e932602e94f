"""单位材料的错误."""

from app.core.errors import Conflict, NotFound


class PaperNotFound(NotFound):
    code, title = "paper_not_found", "没找到这份材料。"


class PaperDecided(Conflict):
    code, title = "paper_decided", "这份材料刚才有同事看过了，请刷新看看。"


class PaperExpired(Conflict):
    code, title = "paper_expired", "单位的证照过期了。换上新的照片，人社局看过就能接着发。"
