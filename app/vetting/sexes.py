"""限性别: who is wanted by sex. Both sexes side by side (男女不限, 男女各5名) are no limit."""

import re
from collections.abc import Iterator
from typing import Final

from app.vetting.clauses import AWAY, AWAY_NEXT, clause, sentence
from app.vetting.findings import About, Hit
from app.vetting.terms import Rule, Severity

_PERSON: Final = r"(?:性|士|生|的|工人|工|员工|员|同志|职工|青年|孩子?|子|同胞)?"
_N: Final = r"(?:\d{1,3}|[一二两三四五六七八九十百几数]{1,3}|若干|多|大量)?\s*(?:名|人|位|个)?"
_ONLY: Final = re.compile(
    r"(?:仅限|只限|(?<![不无])限|只考虑|只接受|只录用?|仅接受|仅考虑|仅招收?|只招收?|只收"
    r"|只要|只需要?|[仅只](?:面向|针对|对|供|许|让|用)|只聘|限招|单招|专招|全招|全部|清一色|纯|仅|只|必须(?:是|为)?|要求(?:是"
    rf"|为)?|须为?|需为?)[:：]?\s*{_N}(?P<sex>[男女])(?![女男朋装鞋包裤儿科厕卫浴宾]){_PERSON}"
)
_WANTED: Final = re.compile(
    r"(?:招聘|诚聘|急聘|招收|招募|急招|诚招|直招|需要|急需|长招|长期招|大量招|现招|招|聘|找"
    rf"|寻|要)\s*(?:\d{{1,3}}-\d{{1,3}})?{_N}\s*(?:年轻|本地|熟练|优秀|漂亮|细心|已婚|未婚"
    rf"|健康)?的?\s*(?P<sex>[男女])(?![女男朋装鞋包裤儿科厕卫浴宾友]){_PERSON}"
)
_REFUSED: Final = re.compile(
    r"(?:不招收?|不要|不收|不考虑|谢绝|拒绝|不接受|不需要?|除)\s*(?P<sex>[男女])(?:性|士|生"
    r"|工|员工|的)?(?!女|性别)|(?P<sex2>[男女])(?:性|士|生|工|的|同志|孩子?|娃)?\s*(?:就|都|一律|来)?"
    rf"(?:{AWAY}|就别|干不了|做不了)"
    rf"|(?P<sex3>[男女])(?:性|士|生|工|同志|孩子?|娃)[^,，。;\n男女]{{0,7}}{AWAY_NEXT}"
)
_FIELD: Final = re.compile(
    r"性\s*别\s*(?:要求|限制)?\s*[:：为]?\s*(?:限|要求"
    r"|仅限)?\s*(?P<sex>[男女])(?!\s*[女男/、或和]|不限)"
)
_PREFERRED: Final = re.compile(
    rf"(?P<sex>[男女])(?!女|男){_PERSON}\s*(?:应聘者|求职者|员工|毕业生|司机|候选人)?(?:者"
    r"|均?以)?\s*(?:优先|从优|为佳|最佳|更佳|尤佳|为主|为宜|最好|更好|居多|为优)"
    r"|(?:优先(?:考虑|录用|录取|招收|选择)?|最好(?:是|为)?|倾向(?:于)?|偏向(?:于)?"
    r"|以)\s*(?P<sex2>[男女])(?![女男装鞋])(?:性|士|生|工|的)?"
)
_TRADES: Final = (
    r"(?:[普车缝电焊钳技杂临小零帮]工|服务员|文员|前台|营业员|导购|收银|司机|保安|保洁|客服"
    r"|销售|助理|秘书|会计|出纳|教师|老师|护工|护理|护士|操作工|包装工|质检|普工|技工|主管"
    r"|经理|店员|店长|迎宾|"
    r"厨师|帮厨|学徒|搬运|装卸|库管|仓管|分拣|快递|送货|主播|模特|演员|教练|按摩|技师|足疗"
    r"|美容|缝纫|编织|绣|采茶|采摘|搬|保姆|月嫂|育婴|门卫|巡逻|业务员|跟单|统计|质检|钟点"
    r"|洗碗|面点|打荷|配菜|传菜|工作人员|职员|员工|工人|内勤|外勤|储备|实习|兼职|领班|清洁"
    r"|绿化|环卫|管理|公关|陪|接待|讲解|"
    r"导游|乘务|安检|宿管|辅警|消防|船员|司炉|锅炉|电焊|焊|钢筋|木|瓦|泥|架子|油漆|喷漆|打磨"
    r"|抛光|冲压|车床|数控|叉车)"
)
_IN_TRADE: Final = re.compile(
    rf"(?<![男女子妇少美])(?P<sex>[男女])(?:性|生)?\s*(?:{_TRADES}|[\u4e00-\u9fff]{{1,3}}(?:员"
    r"|工人|师傅?|手))(?!保护|宿舍|委员|区|部|科|组的老)"
)
_ALONE: Final = re.compile(
    r"(?:^|(?<=[,，、;；。:：(\[【/|\s\d.!\n]))(?P<sex>[男女])(?:性|士|生|工|的|同志"
    r"|青年)?(?:\d{1,3}\s*[名人位个])?\s*(?=值|做|干|来|能|会|有|应聘|报名|[,，、;；。)\]】/"
    r"|\s!\n\d]|$|年龄|身高|形象|初中|高中|中专|大专|本科|专科|未婚|已婚|学历|限|以上|周岁"
    r"|身体)"
)
_WORKERS: Final = re.compile(
    r"(?<![男女子妇美])(?P<sex>[男女])工(?!资|作|程|艺|具|会|伤|特殊|保护|劳动|委员|宿舍|休"
    r"|权益|享|产|在|三期|均|皆|都|也)"
)
_OF_KIND: Final = re.compile(
    r"(?<=的)(?P<sex>[男女])(?:性|士|生|孩子?|同志|青年|的)(?=来|报名|应聘|可|优|即可"
    r"|[,，。\s]|$)"
)
_NICE: Final = re.compile(
    r"(?:招|聘|找|要|限|收|急需|诚邀)[^,，。;\n]{0,4}(?P<sex>美女|靓女|小姐姐|妹子|少妇|姐妹"
    r"|帅哥|小哥哥|小伙子?|壮汉|爷们|女将|汉子|妇女|大姐|大嫂|阿姨|大妈|大叔|嫂子|姑娘|丫头)"
    rf"|(?P<sex3>美女|靓女|小姐姐|妹子|姐妹|帅哥|小哥哥|小伙子?|大叔|大妈|大姐|阿姨){AWAY}"
    r"|(?:限|只招|仅招)(?P<sex2>宝妈|妈妈|妇女|阿姨)"
)

_BOTH: Final = re.compile(
    r"男\s*女\s*(?:性别)?(?:不限|均|皆|都|各|兼|通|可|不拘|不分|老少|同工|平等|员工|工人|职工"
    r"|工|生|宿舍|分|比例|混|青年|学员|老幼|性|士|\d|,|、|,|，)|不限男女|不分男女"
    r"|男、?女(?:不限|均|皆|都)|无论男女|不论男女|男[/或、,和&+]\s*女|女[/或、,和&+]\s*男|"
    r"性\s*别[^。;\n男女]{0,6}(?:不限|不拘|均可|无要求|没要求|无限制)|(?:不限|无|不分|不论)性别|男女"
)
_NOT_PEOPLE: Final = re.compile(
    r"女(?:士|性|式)?(?:装|鞋|包(?!装)|裤|袜|内衣|用品|健康|朋友|客户|顾客|消费|产品|疾病"
    r"|保健|市场|服饰|皮|表|帽|厕|卫|浴|宾|更衣|宿舍|科|儿|婿|友|神|排|王|童|款|裙|香|粉丝"
    r"|用户|会员|监|犯|休息室|卫生间|病房)|女(?:性?职工|性?员工|工)(?:特殊|权益|劳动|保护"
    r"|委员|享|产假|休|三期|卫生|宿舍|关爱|怀孕|禁忌|在)|"
    r"妇女(?:儿童|联|主任|之家|节|保健|病|干部|权益|工作|小组|能顶)|男(?:士|性|式)?(?:装|鞋"
    r"|包(?!装)|裤|科|厕|浴|宾|宿舍|友|朋友|童|款|衣|表|皮|袜|监|香|更衣|卫生间)|子女|儿女"
    r"|美女(?:如云|老板|多)|女贞|织女|男模特(?:衣)?架|女(?:生|子)(?:宿舍|公寓|医院|学校|学院"
    r"|中学|监狱|班|健身)|男(?:生|子)(?:宿舍|公寓)|"
    r"[赵钱孙李周吴郑王冯陈杨朱秦许何吕张孔曹严金魏姜谢邹苏潘范彭马方任袁柳唐薛雷贺汤罗郝安常"
    r"于傅齐康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒项祝董梁杜阮蓝季贾路江童郭梅林钟徐邱骆高夏蔡"
    r"田胡霍万柯管卢莫房丁邓石崔龚程邢裴陆荣翁曲侯段焦牧全秋仲宫宁仇祖武刘景龙叶黎白沙聂向文阙"
    r"党翟谭曾温申](?:小姐姐?)?女士"
)
_SUPPORT: Final = re.compile(
    r"留守妇女|返乡妇女|农村妇女|脱贫|妇联|巾帼|妈妈岗|低收入妇女|困难妇女|残疾妇女"
    r"|家庭妇女(?:优先|也|均|可)"
)
_LAWFUL_MALE: Final = re.compile(
    r"井下|矿山井|下井|第四级|四级体力|女职工禁忌|禁忌从事|国家规定(?:的)?(?:不适合"
    r"|禁止)(?:妇女|女)"
)
_LAWFUL_OWN: Final = re.compile(
    r"浴室|澡堂|浴池|搓澡|搓背|更衣室|女宾|男宾|女宿|女生宿舍|男生宿舍|男宿|厕所|卫生间|安检"
    r"|搜身|监狱|看守所|戒毒|模特|演员|试衣|演出|舞蹈团|贴身|翻身|擦身|助浴|女病房|男病房"
    r"|女客房|月子|通乳|产妇"
)


def find_sex(text: str, about: About) -> Iterator[Hit]:
    """Limits and preferences by sex."""
    if not re.search("[男女]|美女|哥|小伙|姐|妈|妹|嫂|妇|汉|爷|姑|丫|阿姨|大叔|靓", text):
        return
    neutral = [match.span() for pattern in (_BOTH, _NOT_PEOPLE) for match in pattern.finditer(text)]
    for pattern, sure in (
        (_REFUSED, True),
        (_ONLY, True),
        (_FIELD, True),
        (_WANTED, False),
        (_IN_TRADE, False),
        (_ALONE, False),
        (_OF_KIND, False),
        (_WORKERS, False),
    ):
        for match in pattern.finditer(text):
            at = next(match.start(name) for name, found in match.groupdict().items() if found)
            if any(start <= at < end for start, end in neutral) or _PREFERRED.match(text, at):
                continue
            if not _is_passed_over(text, match, at, sure=sure):
                yield _limit(text, match.start(), match.end(), text[at], about)
    yield from _preferences(text, neutral)
    for match in _NICE.finditer(text):
        _, tail = sentence(text, *match.span())
        if not _SUPPORT.search(match.group() + tail) and not re.search(
            r"不限|客户|顾客|均可|也可", tail[:12]
        ):
            yield _limit(text, match.start(), match.end(), "女", about, severity=Severity.WARN)


def _is_passed_over(text: str, match: re.Match[str], at: int, *, sure: bool) -> bool:
    """Both sexes are asked for in one breath (男5名，女3名), or it is nobody's sex that is meant."""
    sex = text[at]
    other = "女" if sex == "男" else "男"
    head, tail = sentence(text, match.start(), match.end())
    rest = tail[:24]
    if re.match(r"\s*(?:性|士|生|工)?\s*(?:均可|皆可|都可|不限|亦可|也可|也行|都行|也要|也招|也能)", rest):
        return True
    if not sure and other in head[-24:] + rest:
        return True
    near = clause(text, match.start(), match.end())
    return (
        sure
        and other in near[1][:8]
        and match.re is not _REFUSED
        and bool(re.match(r"\s*[、/和或及]?\s*[男女]", near[1]))
    )


def _preferences(text: str, neutral: list[tuple[int, int]]) -> Iterator[Hit]:
    for match in _PREFERRED.finditer(text):
        group = "sex" if match.group("sex") else "sex2"
        at = match.start(group)
        if (at and text[at - 1] in "男女子妇美") or (
            any(start <= at < end and end - start > 2 for start, end in neutral)
        ):
            continue
        if _SUPPORT.search(text[max(0, at - 8) : match.end()]) or re.search(
            r"客户|顾客|用户|粉丝|消费者|产品", text[match.start() : match.end() + 4]
        ):
            continue
        severity = Severity.BLOCK if text[at] == "男" else Severity.WARN
        if _LAWFUL_MALE.search(text) or _LAWFUL_OWN.search(text):
            severity = Severity.WARN
        yield Hit(
            Rule.SEX,
            severity,
            match.start(),
            match.end(),
            "删掉性别优先，写清活儿要什么本事、多大力气，男女都能来报。",
        )


def _limit(
    text: str, start: int, end: int, sex: str, about: About, *, severity: Severity = Severity.BLOCK
) -> Hit:
    word = "女" if sex == "女" else "男"
    if (word == "男" and _LAWFUL_MALE.search(about.whole)) or _LAWFUL_OWN.search(about.whole):
        severity = Severity.WARN
    advice = f"删掉“{text[start:end].strip()}”的性别限制，写成“男女不限”；力气活写清要搬多重，让人自己掂量。"
    if severity is Severity.WARN:
        advice = f"确有法律许可的理由才能只招{word}的，请写明理由；否则写“男女不限”。"
    return Hit(Rule.SEX, severity, start, end, advice)
