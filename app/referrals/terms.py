"""推荐用语: the states of a referral, what is done to it, by whom, how, and why (REFERRALS, CONTRACT)."""

from app.core.terms import LabelledEnum


class ReferralState(LabelledEnum):
    """推荐单状态 (REFERRALS, "States of a referral")."""

    DRAFT = "draft", "待发送"
    OFFERED = "offered", "已推送"
    INTERESTED = "interested", "本人愿意"
    SUBMITTED = "submitted", "已送企业"
    VIEWED = "viewed", "企业已看"
    INTERVIEW = "interview", "约见面"
    POOLED = "pooled", "备选"
    HIRED = "hired", "拟录用"
    DEPARTING = "departing", "待上岗"
    ONBOARD = "onboard", "已上岗"
    DECLINED = "declined", "本人不愿"
    REFUSED = "refused", "企业未录"
    NO_SHOW = "no_show", "未到场"
    WITHDRAWN = "withdrawn", "已撤回"
    OBSOLETE = "obsolete", "已在他处就业"
    EXPIRED = "expired", "超时关闭"
    CANCELLED = "cancelled", "岗位取消"


class ReferralAction(LabelledEnum):
    """推荐单操作: the first thirteen are people's (CONTRACT), the rest happen by themselves."""

    INTERESTED = "interested", "愿意"
    DECLINE = "decline", "不愿意"
    SUBMIT = "submit", "送给企业"
    VIEW = "view", "企业看过"
    INTERVIEW = "interview", "约见面"
    HIRE = "hire", "拟录用"
    REFUSE = "refuse", "不录用"
    POOL = "pool", "列为备选"
    DEPART = "depart", "动身"
    ARRIVE = "arrive", "到岗"
    NO_SHOW = "no_show", "没到场"
    WITHDRAW = "withdraw", "撤回"
    UNDO = "undo", "撤销到岗"
    PREPARE = "prepare", "备好待发"
    OFFER = "offer", "推送"
    EXPIRE_PERSON = "expire_person", "本人超时没答复"
    EXPIRE_EMPLOYER = "expire_employer", "企业超时没答复"
    CANCEL = "cancel", "岗位取消"
    SUPERSEDE = "supersede", "已在别处上岗"
    REINSTATE = "reinstate", "恢复"


class Party(LabelledEnum):
    """哪一方: who does something to a referral, and for whom it is done."""

    PERSON = "person", "本人"
    OFFICER = "officer", "工作人员"
    BROKER = "broker", "劳务经纪人"
    EMPLOYER = "employer", "用人单位"
    SYSTEM = "system", "系统"


class Origin(LabelledEnum):
    """推荐来源: how a referral began."""

    OFFICER = "officer", "工作人员推送"
    BROKER = "broker", "经纪人推送"
    EMPLOYER = "employer", "企业邀请"
    SELF = "self", "本人报名"
    FAIR = "fair", "招聘会"


class Channel(LabelledEnum):
    """记录方式: how a word reached us."""

    APP = "app", "自己点的"
    PHONE = "phone", "电话里说的"
    VISIT = "visit", "当面说的"
    PAPER = "paper", "纸上写的"
    OFFICE = "office", "工作人员记的"
    SYSTEM = "system", "系统"


class Evidence(LabelledEnum):
    """到岗凭据: what shows that somebody started (REFERRALS, "arrival evidence")."""

    SELF = "self", "本人说到了"
    ROLL_CALL = "roll_call", "点名"
    CONTRACT = "contract", "合同"
    PAYROLL = "payroll", "工资单或银行流水"
    VISIT = "visit", "工作人员去看过"


class VerifiedLevel(LabelledEnum):
    """核实程度: how well something about a spell is known. Members rise."""

    TOLD = "told", "本人说的"
    VILLAGE_CHECKED = "village_checked", "村里核过"
    PROVEN = "proven", "有凭据"
    MATCHED = "matched", "数据比对过"


class DeclineReason(LabelledEnum):
    """不愿去的原因. Declining never harms the person."""

    TOO_FAR = "too_far", "太远"
    LOW_PAY = "low_pay", "工钱低"
    HOURS = "hours", "时间对不上"
    FAMILY = "family", "家里走不开"
    HEALTH = "health", "身体吃不消"
    NOT_MY_TRADE = "not_my_trade", "不是我干的活"
    HAS_WORK = "has_work", "已经有活了"
    NOT_NOW = "not_now", "这阵子不找"
    OTHER = "other", "别的原因"


class RefuseReason(LabelledEnum):
    """没录用的原因. Only what a firm may lawfully say; each has its letter (letters.py)."""

    FULL = "full", "人招满了"
    SKILL = "skill", "手艺还差一点"
    CERTIFICATE = "certificate", "缺要求的证"
    HOURS = "hours", "上班时间对不上"
    PAY = "pay", "工钱没谈拢"
    DISTANCE = "distance", "来回太远"
    NOT_REACHED = "not_reached", "没联系上本人"
    JOB_CHANGED = "job_changed", "岗位有变动"
    OTHER = "other", "别的原因"


class SpellOrigin(LabelledEnum):
    """务工来源: how we know of a spell."""

    REFERRAL = "referral", "推荐上岗"
    FOUND_SELF = "found_self", "自己找的"
    IMPORTED = "imported", "表格导入"


class CheckOutcome(LabelledEnum):
    """回访结果 (REFERRALS, "Outcomes")."""

    IN_POST = "in_post", "在岗"
    MOVED = "moved", "换厂"
    LEFT = "left", "离岗"
    UNREACHABLE = "unreachable", "联系不上"
    REFUSES = "refuses", "不愿联系"
    DISPUTED = "disputed", "说法不一"


class LeaveReason(LabelledEnum):
    """离岗原因."""

    PAY = "pay", "工钱"
    DISTANCE = "distance", "太远"
    FAMILY = "family", "家里有事"
    HEALTH = "health", "身体"
    HARVEST = "harvest", "回来收种"
    LAID_OFF = "laid_off", "厂里裁人"
    POOR_FIT = "poor_fit", "干不来"
    OTHER = "other", "别的原因"


class EndReason(LabelledEnum):
    """务工结束原因: why a spell is over."""

    LEFT = "left", "离岗"
    UNREACHABLE = "unreachable", "联系不上"
    MOVED = "moved", "换厂"
    UNDONE = "undone", "到岗记错了，已撤销"


class CallBackCause(LabelledEnum):
    """回头联系的原因: why an officer should speak to somebody again soon."""

    LEFT = "left", "离岗了，帮着再找"
    UNREACHABLE = "unreachable", "联系不上，再找找"
    NO_SHOW = "no_show", "没到场，问问缘由"
    CANCELLED = "cancelled", "岗位没了，另找三个"
    DISPUTED = "disputed", "说法不一，两边问清"
    NOT_BACK = "not_back", "借出去的，该回没回"
    BACK = "back", "借用回来了，问问咋样"


class TodayKind(LabelledEnum):
    """今天要办的事: what an officer's list of the day is made of."""

    ANSWER_DUE = "answer_due", "等本人回话"
    CONFIRM_DUE = "confirm_due", "等着送给企业"
    EMPLOYER_SILENT = "employer_silent", "企业没回话"
    RESULT_DUE = "result_due", "见过面，问结果"
    ARRIVAL_DUE = "arrival_due", "该到岗了，核实"
    CHECK_DUE = "check_due", "该回访了"
    CALL_BACK = "call_back", "回头联系"


class StepKind(LabelledEnum):
    """时限动作: what a clock does when its time has come (REFERRALS, "Clocks")."""

    SUBMIT = "submit", "送给企业"
    NUDGE = "nudge", "提醒本人"
    OFFICER_CALL = "officer_call", "请工作人员打电话"
    EXPIRE_PERSON = "expire_person", "本人超时关闭"
    FIRST_CHASE = "first_chase", "第一次催企业"
    SECOND_CHASE = "second_chase", "第二次催企业"
    PHONE_HINT = "phone_hint", "告诉本人可以打电话问"
    STAFF_CHASE = "staff_chase", "请工作人员催企业"
    EXPIRE_EMPLOYER = "expire_employer", "企业超时关闭"
    POOL_END = "pool_end", "备选到期"
    INTERVIEW_END = "interview_end", "见面后没有下文"


class TellKind(LabelledEnum):
    """告知内容: what somebody is to be told about a referral."""

    OFFER = "offer", "有一个活，看愿不愿意"
    RECEIPT = "receipt", "报名收到了"
    ANSWER = "answer", "本人回话了"
    NEW_PERSON = "new_person", "有人想来"
    PROGRESS = "progress", "有进展"
    REFUSAL = "refusal", "没录用，为什么"
    INTERVIEW = "interview", "约好见面"
    ARRIVED = "arrived", "到岗了"
    NO_SHOW = "no_show", "没到场"
    WITHDRAWN = "withdrawn", "撤回了"
    CANCELLED = "cancelled", "岗位取消，另有三个"
    CLOSED = "closed", "超时关闭"
    NUDGE = "nudge", "提醒回话"
    CALL_PERSON = "call_person", "请打电话问本人"
    CHASE = "chase", "催企业回话"
    CHASE_BY_STAFF = "chase_by_staff", "请打电话催企业"
    MAY_PHONE = "may_phone", "可以直接打电话问企业"
    CONFIRM_POSTING = "confirm_posting", "还在招吗"
    POSTING_PAUSED = "posting_paused", "没人确认，先停了"
    EMPLOYER_MUTED = "employer_muted", "没回话，先不推荐人"
