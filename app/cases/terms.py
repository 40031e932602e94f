"""诉求用语."""

from app.core.terms import LabelledEnum


class CaseKind(LabelledEnum):
    """诉求种类: which door was taken."""

    WAGES = "wages", "干了活，不给钱"
    CHEATED = "cheated", "碰上骗子、要押金的"
    INJURY = "injury", "干活受了伤"
    WORK = "work", "帮我找活"
    TRAINING = "training", "想学手艺"
    FAMILY = "family", "人在外地，家里要照应"
    STAFF = "staff", "工作人员办事不对"
    OTHER = "other", "别的事"


class CaseState(LabelledEnum):
    """诉求状态: nobody has it yet, somebody works on it, it is done, or the person took it back."""

    WAITING = "waiting", "等人接"
    IN_HAND = "in_hand", "在办"
    CLOSED = "closed", "办完了"
    WITHDRAWN = "withdrawn", "本人撤了"


class CaseClose(LabelledEnum):
    """诉求办完的结果; the person reads it."""

    SETTLED = "settled", "办成了"
    PAID = "paid", "钱要回来了"
    EXPLAINED = "explained", "说清楚了"
    HANDED_ON = "handed_on", "转给管这事的部门了"
    UNFOUNDED = "unfounded", "查了，没查到"
    UNREACHABLE = "unreachable", "打了三回没打通"
    TWICE = "twice", "和另一件是同一件事"


class CaseStepKind(LabelledEnum):
    """诉求经过: what happened to it, in order."""

    RECEIVED = "received", "收到"
    TAKEN = "taken", "接下"
    ANSWERED = "answered", "回话"
    PASSED_ON = "passed_on", "转办"
    FIRM_ASKED = "firm_asked", "问单位"
    FIRM_ANSWERED = "firm_answered", "单位答复"
    NAMED = "named", "写明说的是谁"
    CLOSED = "closed", "办结"
    WITHDRAWN = "withdrawn", "撤回"


class CaseOffice(LabelledEnum):
    """诉求归谁办: the level of the office that owns a kind of case."""

    TOWN = "town", "镇里"
    COUNTY = "county", "县里"
