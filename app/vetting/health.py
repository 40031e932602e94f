"""查乙肝、限携带者: tests for and limits against carriers of a disease."""

import re
from collections.abc import Iterator
from typing import Final

from app.vetting.clauses import AWAY, clause, sentence
from app.vetting.findings import About, Hit
from app.vetting.terms import Rule, Severity

_CARRIER: Final = re.compile(
    r"乙肝|乙型(?:病毒性)?肝炎|hbsag|两对半|二对半|大三阳|小三阳|表面抗原|澳抗|艾滋|hiv"
    r"|病毒携带|病原携带|携带者|梅毒|肝炎(?!疫苗)"
)
_CARRIER_FREE: Final = re.compile(
    r"(?:不(?:检|查|做|含|包括|包含|要求|得|会|因|问|筛|看|涉及|设)|无需|禁止|严禁|取消"
    r"|免)[^,，。;\n]{0,8}$"
)
_CARRIER_OK: Final = re.compile(
    r"^[^,，。;\n]{0,10}?(?:也|均|都|亦)?(?<![不方才这一本])(?:可以?|能|行)(?:应聘|报名|来|做|上岗|录用|入职|$)"
    r"|^[^,，。;\n]{0,10}?(?:不限|没关系|不影响|一视同仁|正常录用|不歧视|同等|平等|疫苗"
    r"|无要求|不作|不做|不查|防治|科普|检测技术|试剂)"
)
_INFECTIOUS: Final = re.compile(
    r"(?:无|没有|没得|不得有|不能有|未患)(?:过)?[^,，。;\n]{0,14}?传染(?:性)?(?:疾?病|疾患)"
    r"|传染(?:性)?(?:疾?病)(?:患)?者?[^,，。;\n]{0,6}(?:勿|不|免|谢绝|除外)"
    r"|有传染(?:性)?(?:疾?病)[^,，。;\n]{0,8}(?:勿|不|免|谢绝)|肝功(?:能)?(?:检查|正常|化验"
    r"|五项|异常)"
)
_FOOD_OR_CARE: Final = re.compile(
    r"食品|餐饮|餐厅|配餐|送餐|厨|饭店|酒店|宾馆|面点|烘焙|糕点|食堂|饮料|饮用水|奶|豆制|屠宰"
    r"|肉|水产|熟食|凉菜|配菜|洗碗|传菜|服务员|保育|幼儿|幼师|托育|托班|月嫂|育婴|育儿|保姆"
    r"|家政|护理|护工|养老|敬老|陪护|美容|美发|理发|洗浴|足浴|足疗|按摩|游泳|公共场所|健康证"
    r"|医院|制药|献血|化妆品"
)


def find_carriers(text: str, about: About) -> Iterator[Hit]:
    """Hepatitis B and the like; infectious disease in general only where no law asks about it."""
    advice = "删掉。入职体检不查乙肝，不能因为携带病毒不要人；做吃的、照护人的写“有健康证”就行。"
    for match in _CARRIER.finditer(text):
        head, tail = clause(text, *match.span())
        if (
            _CARRIER_FREE.search(head)
            or _CARRIER_OK.match(tail)
            or re.search(
                r"研发|疫苗|试剂|专科|门诊|病房|患者(?!除|勿|不|免|谢)|科普|样本|采样|检验|防治|防控"
                r"|宣传|知识|实验",
                head[-8:] + tail[:10],
            )
        ):
            continue
        if re.search(r"血站|采血|疾控|检验科|化验室|试剂|疫苗|防艾|禁毒", about.whole) and not re.search(
            r"录用|入职|勿|不要|不招|携带者不", head + tail
        ):
            continue
        if (
            re.search("甲肝|甲型|戊", text[max(0, match.start() - 3) : match.end()])
            and "乙" not in match.group()
        ):
            continue
        start, end = _widened(text, *match.span())
        yield Hit(Rule.HEALTH_CARRIER, Severity.BLOCK, start, end, advice)
    if _FOOD_OR_CARE.search(about.whole) or about.kind == "food":
        return
    for match in _INFECTIOUS.finditer(text):
        head, tail = sentence(text, *match.span())
        if not re.search(r"不(?:查|检|做)", head[-6:]):
            yield Hit(
                Rule.HEALTH_CARRIER,
                Severity.WARN,
                *match.span(),
                "一般的活不能拿传染病挡人。写“身体能胜任本岗位”就行。",
            )


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """The quote takes in what is done to them (携带者勿扰, 体检查乙肝)."""
    head, tail = clause(text, start, end)
    before = re.search(
        r"(?:不招收?|不要|谢绝|拒绝|无|没有|非|不能有|不得有|查|检查|检|体检(?:查|要查|含|包括"
        r"|项目)?|要做|需做)[^,，。;\n]{0,4}$",
        head,
    )
    after = re.match(
        r"(?:表面抗原|病毒|检查|检测|体检|五项|阳性)?(?:患|携带)?(?:者"
        rf"|人员)?[^,，。;\n]{{0,4}}?{AWAY}|(?:病毒)?(?:携带者|患者|检查|检测|体检|五项|阳性)",
        tail,
    )
    return start - (len(before.group()) if before else 0), end + (after.end() if after else 0)
