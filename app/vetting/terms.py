"""审核用语: the rules by name, how grave a finding is, and what law stands behind it."""

from typing import Final

from app.core.terms import LabelledEnum


class Rule(LabelledEnum):
    """审核规则 (CONTRACT, `vet`)."""

    FEE = "fee", "收费"
    DEPOSIT = "deposit", "押金"
    TRAINING_LOAN = "training_loan", "培训贷款"
    ID_HOLDING = "id_holding", "扣证件"
    SCAM_OVERSEAS = "scam_overseas", "境外高薪"
    CONTACT_SMUGGLING = "contact_smuggling", "私下联系"
    SEX = "sex", "限性别"
    AGE = "age", "限年龄"
    ETHNICITY = "ethnicity", "限民族"
    HUKOU = "hukou", "限户口"
    HEALTH_CARRIER = "health_carrier", "查乙肝、限携带者"
    MARRIAGE_CHILDBIRTH = "marriage_childbirth", "限婚育"
    RELIGION = "religion", "限信教"
    DISABILITY = "disability", "限残疾人"
    MINOR = "minor", "招未成年人"
    WAGE_BELOW_MINIMUM = "wage_below_minimum", "低于最低工资"
    HOURS = "hours", "工时太长"
    FALSE_PROMISE = "false_promise", "夸大许诺"


class Severity(LabelledEnum):
    """轻重: a block holds the posting until a person decides, a warning is only shown."""

    BLOCK = "block", "必须改"
    WARN = "warn", "看一眼"


TAKES_MONEY_OR_PAPERS: Final = frozenset(
    {Rule.FEE, Rule.DEPOSIT, Rule.TRAINING_LOAN, Rule.ID_HOLDING, Rule.SCAM_OVERSEAS}
)
"""Whoever answers such a posting loses money, papers or liberty: held even where an office imported it."""

LAWS: Final[dict[Rule, str]] = {
    Rule.FEE: "劳动合同法第九条：不得以任何名义向劳动者收取财物",
    Rule.DEPOSIT: "劳动合同法第九条：不得要求劳动者提供担保或者以其他名义收取财物",
    Rule.TRAINING_LOAN: "劳动合同法第九条；人力资源市场暂行条例：招聘信息应当真实、合法",
    Rule.ID_HOLDING: "劳动合同法第九条：不得扣押劳动者的居民身份证和其他证件",
    Rule.SCAM_OVERSEAS: "对外劳务合作管理条例：有对外劳务合作经营资格的企业才能招人出境做工",
    Rule.CONTACT_SMUGGLING: "送岗平台规则：报名和联系走平台，联系方式填在单位资料里",
    Rule.SEX: "就业促进法第二十七条；妇女权益保障法第四十三条：不得限定性别",
    Rule.AGE: "劳动法第三条、就业促进法第三条：平等就业；没有正当理由不限年龄",
    Rule.ETHNICITY: "就业促进法第三条、第二十八条：不因民族歧视",
    Rule.HUKOU: "就业促进法第三条、第三十一条：平等就业，不设歧视性限制",
    Rule.HEALTH_CARRIER: "就业促进法第三十条：不得以是传染病病原携带者为由拒绝录用",
    Rule.MARRIAGE_CHILDBIRTH: "妇女权益保障法第四十三条：不得把婚姻、生育状况作为录用条件",
    Rule.RELIGION: "就业促进法第三条：不因宗教信仰歧视",
    Rule.DISABILITY: "就业促进法第二十九条：不得歧视残疾人",
    Rule.MINOR: "劳动法第十五条、禁止使用童工规定：不得招不满16周岁的人",
    Rule.WAGE_BELOW_MINIMUM: "劳动法第四十八条：工资不得低于当地最低工资标准",
    Rule.HOURS: "劳动法第三十六条、第三十八条、第四十一条：工时、休息日和加班的上限",
    Rule.FALSE_PROMISE: "人力资源市场暂行条例：招聘信息应当真实，不得含有虚假内容",
}
"""What is named beside a finding. Article numbers only where they are certain."""

LEAST_FEN: Final = {"month": 80_000, "hour": 500}
MOST_FEN: Final = {"month": 600_000, "hour": 6_000}
"""Figures beyond these are typing mistakes, not minimum wages (ours)."""
