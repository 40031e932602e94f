"""权限用语: the words of the table `permissions.toml` (SAFETY, "Role x resource")."""

from app.core.terms import LabelledEnum


class Resource(LabelledEnum):
    """受保护资料: a row of the table, what a permission is about."""

    SEEKER_CARD = "seeker_card", "求职者名片"
    PHONE = "phone", "电话"
    ID_NUMBER = "id_number", "身份证号"
    HEALTH = "health", "健康、残疾、致贫原因"
    HOUSEHOLD_FILE = "household_file", "户档、走访、收入"
    POSTING = "posting", "岗位"
    EMPLOYER_PAPERS = "employer_papers", "单位材料"
    REFERRAL = "referral", "推荐单"
    CAMPAIGN = "campaign", "群发消息"
    CLAIM = "claim", "公益岗、补贴、培训申请"
    CASE = "case", "欠薪与投诉"
    TRANSPORT_FAIR = "transport_fair", "送工与招聘会"
    RANKING = "ranking", "村排名"
    PEOPLE_FILE = "people_file", "人员导入导出"
    STAFF_ACCOUNT = "staff_account", "工作人员账号"
    AUDIT_LOG = "audit_log", "审计记录"
    REGION_CHANGE = "region_change", "区划变更"
    PRINTED_CODE = "printed_code", "码和纸"
    DEMAND_PLAN = "demand_plan", "用工需求计划"
    LABOUR_SHARING = "labour_sharing", "余缺调剂"
    RECOGNISED_PLACE = "recognised_place", "认定的就业载体"
    GUIDE = "guide", "政策、故事、通知"


class Action(LabelledEnum):
    """动作: what someone wants to do. `mark` gives the letter used in the generated table.

    SAFETY has the first five; the others are what its cells say in words. Counting, seeing only what someone
    can do, and revealing are actions of their own, so that whoever asks for READ never gets them by accident.
    """

    READ = "read", "看"
    CREATE = "create", "建"
    EDIT = "edit", "改"
    DECIDE = "decide", "定"
    EXPORT = "export", "导出"
    REVEAL = "reveal", "看全文"
    COUNT = "count", "看合计"
    READ_ABILITY = "read_ability", "只看能干什么"
    WITHDRAW = "withdraw", "撤回"
    ANSWER = "answer", "答复"
    OPT_OUT = "opt_out", "退订"

    @property
    def mark(self) -> str:
        return _MARKS[self]


_MARKS = {
    Action.READ: "R",
    Action.CREATE: "C",
    Action.EDIT: "U",
    Action.DECIDE: "D",
    Action.EXPORT: "X",
    Action.REVEAL: "R!",
    Action.COUNT: "N",
    Action.READ_ABILITY: "Ra",
    Action.WITHDRAW: "W",
    Action.ANSWER: "A",
    Action.OPT_OUT: "O",
}


class Tie(LabelledEnum):
    """关系: how the actor must stand to the record."""

    ANYONE = "anyone", "公开的，谁都行"
    OWN = "own", "本人的"
    MADE = "made", "自己建的"
    COMPANY = "company", "本单位的"
    RELATED = "related", "报过或被推荐到本单位岗位的"
    MANDATE = "mandate", "受委托单位的"
    ASSIGNED = "assigned", "有期限地交给自己的"
    OWN_HOUSEHOLD = "own_household", "自己包的户"
    DUTY = "duty", "值守这项工作的"
    TEAM = "team", "本级队伍的"
    TECHNICAL = "technical", "技术类的"
    P12 = "p12", "本村"
    P9 = "p9", "本镇"
    P6 = "p6", "本县"
    P4 = "p4", "本市"
    P2 = "p2", "本省"
    EVERYWHERE = "everywhere", "全部（账号限定地区的，只在该地区）"


class View(LabelledEnum):
    """显示方式: how much of the record is shown."""

    FULL = "full", "全文"
    MASKED = "masked", "打码"
    NO_PHONE = "no_phone", "不给电话"
    NO_PERSONS = "no_persons", "不含个人"
