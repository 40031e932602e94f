"""Why a case can't be taken, seen or moved on."""

from app.core.errors import Conflict, Invalid, NotFound


class CaseNotFound(NotFound):
    code = "case_not_found"
    title = "没找到这件事。编号或手机号后四位可能抄错了，再对一下。"


class CaseEnded(Conflict):
    code = "case_ended"
    title = "这件事已经办完了，请刷新看看。"


class CaseInOtherHands(Conflict):
    code = "case_in_other_hands"
    title = "这件事另一位同事接了。要换人，请县里的同事来接。"


class PlaceNeeded(Invalid):
    code = "place_needed"
    title = "先选一个县或者村，才知道该谁来管。"
