"""平等就业: limits by people, register, health, marriage, belief and disability."""

import re
from collections.abc import Iterator
from typing import Final

from app.vetting.clauses import AWAY, AWAY_NEXT, clause
from app.vetting.findings import About, Hit
from app.vetting.health import find_carriers
from app.vetting.terms import Rule, Severity

_NO: Final = (
    r"(?:不招收?|不要|录不(?:了|进|上)|进不(?:了|去)|不收|不用|不录用?|不考虑|不接受|不接收|不聘|谢绝|拒绝|除外|拒|概不"
    r"|一律不|请勿|勿|严禁|排除)"
)
_LIMIT: Final = (
    r"(?:仅限|只限|限于|限|仅招收?|只招收?|只收|只要|只需|只聘|仅|只|必须(?:是|为|有)?"
    r"|要求(?:是|为|有)?|须是?为?|需是?为?|得是|要)"
)
_PREFER: Final = r"(?:者)?\s*(?:优先|为佳|最佳|更佳|尤佳|从优|为主|最好|为宜)"
_FREE: Final = re.compile(
    r"^(?![^,，。]{0,4}(?:男女|性别|学历|经验|年龄))[^,，。;\n:：]{0,6}?(?:不限|均可|皆可"
    r"|都可|亦可|也可|都行|也行|也要|也能|无要求|没要求"
    r"|没有要求|不拘|不论|无限制|不作要求|不做要求|欢迎|同等|一视同仁|没关系|不影响|不歧视"
    r"|平等)"
)
_FREE_BEFORE: Final = re.compile(
    r"(?:不限|不分|无论|不论|不管|无需|不需要?|不要求|不看|欢迎|接受|接收|可招|不歧视|没有"
    r"|不设)[^,，。;\n]{0,5}$"
)

# ---------------------------------------------------------------- 民族
_PEOPLES: Final = (
    r"(?:少数民族|少民|维吾尔族?|维族|新疆人?|西藏人?|藏族|藏民|彝族|凉山(?:人|彝)?|回族|回民"
    r"|蒙古族|蒙族|壮族|苗族|满族|哈萨克族?|侗族|傣族|白族|土家族|朝鲜族|外族|民族同胞)"
)
_ETHNICITY: Final = (
    (
        re.compile(
            rf"{_LIMIT}\s*(?:是)?汉(?:族|人|(?=[,，。;\s]|$))|民\s*族\s*(?:要求)?\s*[:：为是]{{0,2}}\s*(?:限|必须"
            r"|仅限)?\s*汉族?|(?:^|[,，、;；。:：(\s\d.])汉族(?:人|员工|同胞)?(?=[,，、;；。)\s]|$"
            r"|身体|初中|高中|男|女|\d)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            rf"{_NO}[^,，。;\n]{{0,4}}{_PEOPLES}|{_PEOPLES}[^,，。;\n]{{0,9}}?(?:{AWAY}|{AWAY_NEXT})|非{_PEOPLES}"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(rf"汉族{_PREFER}|优先(?:录用|考虑)?汉族|非汉族[^,，。;\n]{{0,6}}(?:勿|不|免)"),
        Severity.BLOCK,
    ),
    (
        re.compile(
            rf"{_LIMIT}\s*(?:回族|藏族|维吾尔族|彝族|蒙古族|朝鲜族|苗族|壮族|傣族)(?!歌|舞|语|文|服|餐"
            r"|菜|特色|自治|风|刺绣|银|地区)"
        ),
        Severity.WARN,
    ),
)

# ---------------------------------------------------------------- 户口
_PROVINCES: Final = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南"
    "|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南|陕西|甘肃|青海|宁夏|东北|苏北|西北"
)
_NEAR: Final = (
    r"(?:本地|本市|本县|本区|本省|本镇|本乡|本村|本街道|当地|城镇|城市|市区|非农业?|农村|农业"
    r"|外地|外省|外来)"
)
_PLACE: Final = rf"(?:{_NEAR}|{_PROVINCES}|[\u4e00-\u9fff]{{2,4}}?(?:市|县|区|省|镇))"
_HUKOU: Final = (
    (
        re.compile(
            rf"{_LIMIT}[^,，。;\n]{{0,3}}?{_PLACE}(?:的)?(?:常住)?(?:户口|户籍|籍)|(?:户口"
            rf"|户籍)(?:要求|限制)?[:：]?\s*(?:须|需|必须|仅限|只限|限|要求)?(?:在|是|为)?{_PLACE}"
            rf"|{_LIMIT}(?:有|具有|持)?{_PLACE}(?:户口|户籍)|{_LIMIT}[^,，。;\n]{{0,2}}{_NEAR}(?:人员?"
            r"|村民|居民|籍贯?|员工|工人|劳动力)(?!优先)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            rf"{_NO}[^,，。;\n]{{0,3}}(?:{_NEAR}|{_PROVINCES}|[\u4e00-\u9fff]{{2}})(?:户口|户籍|籍|人"
            rf"|务工人员|来的|省的|的人)|{_NO}(?:{_NEAR}|{_PROVINCES})(?=[,，。;!\s]|$)|(?:外地|外省"
            rf"|外来|农村|{_PROVINCES}|非本地|非本市|非本县){{1,3}}(?:户口|户籍|籍贯|籍|人员?|务工人员|来的|那边的|的|省人?"
            rf"|的人)?\s*{AWAY}|非(?:本地|本市|本县|本省|本村|本区|本镇|本乡|当地)(?:户口|户籍|人员?|村民)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            rf"(?:^|[,，、;；。:：(\s\d.]){_NEAR}(?:常住)?(?:户口|户籍)(?:人员)?(?=[,，、;；。)\s]|$)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(r"(?:^|(?<=[,，、;；。:：(\s]))(?:本地|本村|本镇|本县|当地)人员?(?=\s*[,，、;；。)\s]|$)"),
        Severity.WARN,
    ),
    (
        re.compile(
            rf"{_PLACE}(?:常住)?(?:户口|户籍|籍贯|籍|人员?|居民|人口)?{_PREFER}|优先(?:录用|考虑|招收?"
            rf"|聘用)?(?:{_NEAR}|{_PROVINCES})(?:户口|户籍|籍|人)|(?:户口"
            rf"|户籍)在?{_PLACE}[^,，。;\n]{{0,4}}优先"
        ),
        Severity.WARN,
    ),
)
_WELFARE_HUKOU: Final = re.compile(
    r"公益性?岗|以工代赈|就业困难|脱贫|监测对象|零就业|村级|护林|护河|易地搬迁"
    r"|乡村公益|基层公共服务|社区工作者|网格员"
)
_NOT_HUKOU: Final = re.compile(
    r"户口本|户籍民警|户籍室|户籍所在地(?:派出所|社区|村|公安|出具|证明)|落户|迁户|入户"
    r"|户籍管理|解决户口|办理户口|户籍窗口|附近|周边|就近"
)

# ---------------------------------------------------------------- 婚育
_MARITAL: Final = (
    r"(?:已婚已育|未婚未育|已婚未育|已婚|未婚|未育|已育|未孕|单身|离异|离婚|丧偶|无孩|无子女"
    r"|没有小孩|没有孩子|没生过|有家室|无婚育|有孩子?的)"
)
_MARRIAGE: Final = (
    (
        re.compile(
            r"(?:[\d一二两三四五六半]+年|合同期|在职期|试用期|服务期|工作期|聘期|近期|短期"
            r"|入职后?[^,，。;\n]{0,6})(?:间|内|以?内)?[^,，。;\n]{0,4}?(?:不得|不准|不能|不可以?"
            r"|不许|不|禁止|没有|无|不考虑|不打算)[^,，。;\n]{0,4}?(?:结婚|生育|怀孕|要孩子|要小孩"
            r"|生孩子|生小孩|恋爱|谈对象|二胎|二孩|三孩|备孕|生二)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:承诺|保证|签(?:订|署)?|[\d一二两三四五]年)[^。;\n]{0,12}?不(?:准|许|得|能|可)?(?:再?怀(?!疑)|怀孕|孕|结婚|生育|生孩子|生小孩|要孩子"
            r"|生二|休产假|婚育)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"不孕(?:不?育)?(?:承诺|协议|保证)|(?:询问|说明|登记|告知)[^,，。;\n]{0,6}(?:是否结婚"
            r"|婚姻状况|婚育情况|生育计划)|(?:验孕|孕检|查孕|妊娠(?:测试|检查|试验|检测|反应)|尿检孕"
            r"|早孕(?:检|测)|怀孕(?:检查|检测|测试)|是否怀孕)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            rf"(?:{_NO}|除)[^,，。;\n]{{0,4}}(?:孕妇|怀孕|孕期|备孕|哺乳期?|已婚|未婚|未育|离异"
            r"|带小?孩|有小?孩|宝妈|二胎|生育)|(?:孕妇|怀孕的?|孕期|备孕期?|哺乳期?(?:妇女|女工"
            rf"|员工)?|已婚|未婚|未育|离异|带小?孩的?|有小?孩的?|宝妈|二胎)[^,，。;\n]{{0,6}}?(?:{AWAY}|{AWAY_NEXT})"
            rf"|没生(?:过|娃|孩子)?的{AWAY}|没(?:结婚|生过?娃)[^,，。;\n]{{0,4}}{AWAY}"
            r"|(?:怀孕|怀上|怀了|有身孕|显怀|生孩子|生小孩|生娃|结婚|生育)[^,，。;\n]{0,8}?(?:辞退|解除|离职|开除|走人"
            r"|自动|劝退|终止)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:无|没有|没)[^,，。;\n]{0,4}?(?:生育|怀孕|二胎|二孩|三胎|三孩|备孕|婚育|结婚|生孩子"
            r"|生小孩|要孩子)(?:的)?(?:计划|打算|安排|想法|需求|负担)|(?:要|准备|打算|计划|想|即将"
            r"|快要?)(?:结婚|生育|生子|怀孕|生孩子|生小孩|备孕|要孩子)[^,，。;\n]{0,8}?(?:请?(?:勿|别"
            r"|莫)|免|不要|不招|谢绝|绕行)|不(?:打算|准备|计划)(?:生|要|再生|结婚|怀孕)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            rf"{_MARITAL}(?:的|者|人士|人员|女性|男性|女士|男士|女|男|且[^,，。;\n]{{0,6}}"
            rf"|有[^,，。;\n]{{0,6}})?{_PREFER}|优先(?:考虑|录用|招收)?{_MARITAL}"
        ),
        Severity.WARN,
    ),
    (
        re.compile(
            rf"{_LIMIT}[^,，。;\n]{{0,3}}?{_MARITAL}|婚\s*(?:姻|育|否)(?:状况|状态"
            rf"|情况)?(?:要求)?\s*[:：为]?\s*(?:要求|必须|限|须)?{_MARITAL}|(?:^"
            rf"|(?<=[,，、;；。:：(\s\d.男女性工岁士招聘])){_MARITAL}(?:的|者|人士|女性|男性|女士|男士"
            r"|女工|男工|女|男|青年|且[^,，。;\n]{0,6})?(?=[,，、;；。)\s/]|$|年龄|身体|\d|，|有"
            r"|身高|形象|能|稳定|相貌)"
        ),
        Severity.BLOCK,
    ),
)
_MARRIAGE_FREE: Final = re.compile(
    r"婚假|产假|陪产|生育(?:保险|津贴|险|假|礼|金|补|奖)|生育、|结婚(?:礼|贺|红包|补|福利"
    r"|纪念|证|照|摄影|庆典)|婚(?:庆|礼|纱|宴|介|恋|姻家庭)|已婚未婚|未婚已婚|孕婴|孕产"
    r"|母婴|孕妇(?:装|用品|餐|照护|护理|课|瑜伽|枕)|夫妻"
)

# ---------------------------------------------------------------- 宗教
_BELIEF: Final = (
    r"(?:宗教信仰|信仰宗教|宗教|信教|信佛|信主|信耶稣|基督徒?|教徒|信徒|佛教徒?|伊斯兰|穆斯林"
    r"|天主教|道教|有信仰|信仰)"
)
_RELIGION: Final = re.compile(
    rf"(?:不得|不能|不可|不准|{_NO}|{_LIMIT}|非|除)[^,，。;\n]{{0,4}}{_BELIEF}|(?:无|没有"
    rf"|不得有|不能有|不信|不可有)(?:任何|其他)?{_BELIEF}(?!要求|限制|歧视|方面|不)"
    rf"|{_BELIEF}(?:的|者|人士|人员|活动)?[^,，。;\n]{{0,5}}?{AWAY}|{_BELIEF}(?:的|者"
    rf"|人士)?{_PREFER}|不(?:信教|信仰宗教|参加宗教)"
)
_RELIGION_FREE: Final = re.compile(
    r"宗教(?:局|事务|场所|文化|用品|工艺|用具|艺术|学)|(?:尊重|自由|不限|不论|不分|不问|无论"
    r"|不因|不得因)"
)

# ---------------------------------------------------------------- 残疾
_DISABLED: Final = (
    r"(?:残疾(?:人士?|人员|者|证者?)?|残障(?:人士|者)?|肢残|伤残|残废|聋哑(?:人)?|盲人|智障|瘸|跛"
    r"|肢体(?:缺陷|缺失|不全)|身体(?:有)?(?:缺陷|残缺))"
)
_DISABILITY: Final = (
    (
        re.compile(
            rf"(?:{_NO}|非|除)[^,，。;\n]{{0,4}}{_DISABLED}|(?:无|没有|不得有|不能有|不能是|不可有"
            rf"|不可)[^,，。;\n]{{0,8}}?{_DISABLED}(?!证(?:也|均|都|亦)|人(?:证)?(?:也|均|都|亦))"
            rf"|{_DISABLED}[^,，。;\n]{{0,6}}?{AWAY}"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"四肢(?:健全|齐全|完整|完好|正常|灵活无)|肢体(?:健全|完整|无残|齐全|正常)|手脚(?:健全"
            r"|齐全|完整)|身体(?:健全|无残)|体貌健全|无(?:生理|肢体)缺陷"
        ),
        Severity.WARN,
    ),
)
_DISABILITY_FREE: Final = re.compile(
    r"残疾(?:人)?(?:优先|可|亦|也|均|都|欢迎|同等|保障|证|军人|等级|联|就业|事业|服务|康复"
    r"|补贴|托养|辅助|大学生|学生|专场|岗位|员工)|残联|助残|无障碍|不歧视|不限残"
    r"|适合[^,，。;\n]{0,6}残|安置残|照料残|照顾残|服务残|为残|帮扶残|轻度残"
)


def find_unequal(text: str, about: About) -> Iterator[Hit]:
    """Everything but sex and age."""
    yield from _by(
        text,
        Rule.ETHNICITY,
        _ETHNICITY,
        "删掉民族要求。要会某种话、懂某种习俗的，直接写“会说××话”。",
        "族|疆|藏|彝|凉山|回民|汉|维",
    )
    if not (
        about.is_welfare
        or (_WELFARE_HUKOU.search(about.whole) and not re.search("只招本地|不要外|外地.{0,3}勿", text))
    ):
        yield from _by(
            text,
            Rule.HUKOU,
            _HUKOU,
            "删掉户口和籍贯要求。要住得近，写“能按时到岗，住处离得近更方便”。",
            f"户|籍|地|本|外|人|{_PROVINCES}",
            _NOT_HUKOU,
        )
    yield from find_carriers(text, about)
    yield from _by(
        text,
        Rule.MARRIAGE_CHILDBIRTH,
        _MARRIAGE,
        "删掉婚姻、生育条件，也不能查孕。想要做得久，写“希望长期稳定”。",
        "婚|育|孕|孩|娃|怀|胎|单身|离异|哺乳|成家|丧偶|家室|宝妈|恋爱|对象|生过|没生",
        _MARRIAGE_FREE,
    )
    yield from _by(
        text,
        Rule.RELIGION,
        ((_RELIGION, Severity.BLOCK),),
        "删掉信不信教的要求。",
        "教|佛|信|穆斯林|伊斯兰",
        _RELIGION_FREE,
    )
    yield from _by(
        text,
        Rule.DISABILITY,
        _DISABILITY,
        "删掉这句。写清活儿要做什么动作（例如站着做、要搬20斤），能做的都可以来。",
        "残|聋|盲|四肢|肢|手脚|身体|瘸|跛|智障|缺陷|体貌",
        _DISABILITY_FREE,
    )


def _by(
    text: str,
    rule: Rule,
    patterns: tuple[tuple[re.Pattern[str], Severity], ...],
    advice: str,
    triggers: str,
    free: re.Pattern[str] | None = None,
) -> Iterator[Hit]:
    if not re.search(triggers, text):
        return
    for pattern, severity in patterns:
        for match in pattern.finditer(text):
            start, end = match.span()
            while start < end and text[start] in " ,，、;；。:：(.\n":
                start += 1
            tail, head = clause(text, start, end)[1], clause(text, start, end)[0]
            if text[start] == "限" and text[max(0, start - 1)] in "不无":
                continue
            if _FREE.match(tail) or _FREE_BEFORE.search(head) or _is_free_inside(match.group()):
                continue
            if (
                free is not None
                and free.search(head[-6:] + match.group() + tail[:6])
                and not re.search(rf"勿扰|谢绝|只招|限|{AWAY}", match.group())
            ):
                continue
            if (
                severity is Severity.BLOCK
                and rule is Rule.MARRIAGE_CHILDBIRTH
                and re.match(r"\s*[)）]?\s*(?:者|的|女性|男性|女士|男士|女|男)?\s*优先", tail)
            ):
                severity = Severity.WARN
            yield Hit(rule, severity, start, end, advice)


def _is_free_inside(words: str) -> bool:
    return bool(
        re.search(
            r"不限|均可|皆可|都可|亦可|也可以?(?!能)|都行|不论|不分|不歧视|不要求|优先照顾|无要求"
            r"|也行|(?<!不)欢迎",
            words,
        )
    )
