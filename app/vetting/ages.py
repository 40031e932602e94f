"""限年龄与招未成年人: limits below the retirement age without a reason in law, and anybody under 16."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.vetting.clauses import AWAY, AWAY_NEXT, sentence
from app.vetting.findings import About, Hit
from app.vetting.terms import Rule, Severity

RETIREMENT: Final = 60
"""A limit from here on is none: 国务院关于渐进式延迟法定退休年龄的办法 (since 2025) leaves nobody lower
but women, who are covered by `WOMEN_RETIREMENT`."""
WOMEN_RETIREMENT: Final = 50
HARD_LIMIT: Final = 50
"""From here to retirement a limit is only shown (heavy work often asks it); below, it holds."""
LOWEST: Final = 16
"""劳动法第十五条."""
USUAL_START: Final = 25
"""A lower limit beyond this keeps the young out."""

_HAN: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_H: Final = (
    r"[二三四五六七八]?十[一二三四五六七八九]?|卅[一二三四五六七八九]?"
    r"|[一二三四五六七八九]{1}(?=周?岁)"
)
_N: Final = rf"(?<!\d)(?:\d{{2}}(?![\d.])|{_H})"
_Y: Final = r"\s*(?:周\s*岁|岁|歳)"
_TO: Final = r"\s*(?:-|~|到|至|在|—|–|－|～|──|一|、|,)+\s*"
_RANGE: Final = re.compile(
    rf"(?P<low>{_N})\s*(?:{_Y})?(?:以上)?{_TO}(?P<high>\d{{2}}(?!\d)"
    rf"|{_H})(?P<year>{_Y})?(?:之间|以内|以下|左右)?"
)
_DOWN: Final = re.compile(
    r"(?:不超过?|不得超过|不能超过|不大于|不高于|小于|低于|未满|不满|不到|<=?|≤|最大|上限"
    rf"|限|不(?:能|得|可|要)(?:大于|高于|过|多于))\s*(?:年龄)?(?P<high>{_N})(?P<year>{_Y})?|(?P<high2>{_N})(?P<year2>{_Y})?\s*(?:\(含\)"
    r"|含|及其?)?\s*(?:以下|以内|之内|之下|及以下|内(?!蒙|容)|封顶|为限|往下|一下)"
)
_SENT_AWAY: Final = (
    r"\s*(?:者|的|人员|人士|以上)?\s*(?:老板|厂里|公司|我们|一律|一概|就|都)?"
    rf"(?:{AWAY}|(?:的|者)?{AWAY_NEXT})"
)
_UP: Final = re.compile(
    rf"(?P<low>{_N})(?P<year>{_Y})?\s*(?:\(含\)|含|及)?\s*(?:以上|起|往上|开外"
    rf"|\+)(?P<away>{_SENT_AWAY})?|(?:大于|超过|高于|年过|年满|上了|到了|满了"
    rf"|过了)\s*(?P<low2>{_N})(?P<year2>{_Y})?(?P<away2>{_SENT_AWAY})"
)
_BORN: Final = re.compile(
    r"(?<!\d)(?:(?:19)?[6-9]0|00|(?:19)[6-9]\d|20[01]\d|[7-9][05]|05)\s*(?:年)?(?:后|以后出生"
    r"|后出生|年后出生|之后出生|后的?)(?:[^,，。;\n]{0,6})"
)
_YOUNG: Final = re.compile(
    r"(?:限|只招|只要|仅招|招|要)(?:收|聘)?年轻(?:人|女|男|漂亮|的|小|员工|工人)|年轻(?:人|者"
    r"|的)?(?:优先|为佳|最好|为主)|(?:年纪|年龄|岁数)(?:大|偏大|过大|太大|大了)(?:的"
    r"|者)?[^,，。;\n]{0,4}(?:勿|不(?!怕|要紧|嫌|限|碍|是)|免|别|谢绝)|(?:不要|不招|谢绝)(?:年纪|年龄|岁数)大"
    r"|老年人?勿|超龄[^,，。;\n]{0,6}(?:勿|不|免|别|谢绝)|大龄(?:勿|免|不要|不招|谢绝)"
)
_PREFERRED: Final = re.compile(
    r"^\s*(?:之间|左右|的|者|人员|人士|以下|以内|男|女|性|士|青年|员工)*\s*(?:优先|为佳|最佳"
    r"|更佳|尤佳|从优|最好|为宜|优)"
)
_FREE: Final = re.compile(
    r"^\s?(?:左右|之间|之内|以内|以下|以上|者|的|人员|人士|范围|也|\s){0,3}(?:不限|均可|皆可"
    r"|都可|也可|亦可|都行|也行|都要|也要|可放宽|不拘"
    r"|不作限制)"
)
_AGE_WORD: Final = re.compile(r"年\s*龄|年纪|岁|歳|周岁")
_NOT_YEARS: Final = re.compile(
    r"^\s*(?:人|名|位|元|%|号|cm|厘米|个|小时|:|年|月|万|千|k|米|kg|斤|公斤|天|点|分|块|楼|平"
    r"|台|次|家|层)"
)
_OTHERS: Final = re.compile(
    r"客户|顾客|用户|消费者|受众|粉丝|会员|面向|服务对象|儿童|少儿|小孩|孩子|宝宝|幼儿|婴"
    r"|学生(?!工)|小朋友|学员|老人|老年|长者|被照|照顾|照料|护理对象|雇主家|团队平均|平均年龄"
    r"|公司平均|患者|病人|爷爷|奶奶|阿婆|老太"
)
_LAWFUL: Final = re.compile(
    r"公务员|事业编|事业单位|选调生|三支一扶|西部计划|特岗教师|征兵|参军|消防员|消防救援|辅警"
    r"|飞行员|空乘|就业见习|见习岗位|见习补贴|见习基地|见习单位|就业困难人员|4050|公益性?岗"
    r"|少年警|定向培养|军队文职|社区工作者公开招"
    r"|村官|乡村振兴专干|大学生(?:乡村)?志愿"
)
_RISKY: Final = re.compile(
    r"井下|高空|登高|高处作业|架子工|塔吊|潜水|爆破|隧道|高温|第四级|特种作业|危化|客车司机"
    r"|大客车|公交(?:车)?(?:司机|驾驶)|a1|a2|押运|船员|远洋|吊装|电力线路|有毒有害"
)
_STATUTE: Final = re.compile(r"退休|法定")

_MINOR_AGE: Final = re.compile(
    rf"(?<![\d一二三四五六七八九几])(?P<n>1[0-5]|十[一二三四五]?)(?:{_Y})?(?P<to>{_TO}\d{{2}})?(?P<year>{_Y})(?P<afte"
    r"r>\s*(?:\(含\))?(?:以上|起|就(?:行|可以?|能)|也(?:行|可|要|收|招)|即可|都(?:行|可|要)"
    r"|可|能做|左右|以下也|以下可|的(?:也|都)|优先)?)"
)
_MINOR_WORD: Final = re.compile(
    r"(?:初中|小学)(?:还)?没(?:毕业|上完|念完|读完)[^,，。;\n]{0,4}(?:也|都)(?:收|要|行|可以|能)"
    r"|(?:招|收|用|要|找|可用|接受)(?:聘|收)?[^,，。;\n]{0,3}?(?:童工|未成年(?:人|工)?"
    r"|初中(?:在校)?生|小学生|初一|初二)|(?:童工|未成年(?:人|工)?|未满(?:16|十六|18"
    r"|十八)(?:周?岁)?|不满(?:16|十六)(?:周?岁)?|不到(?:16|十六)岁?|(?:16|十六)(?:周?岁)?以下"
    r"|初中在?校?生|小学生|初[一二]学生|没成年)(?:的)?(?:学生)?[^,，。;\n]{0,3}?(?:也可以?"
    r"|也行|也要|也收|也招|也能|均可|都可以?|都行|都要|都收|照收|照招|亦可|可来|可做|可以"
    r"|可(?=[,，。;\s!]|$)|不限|优先|欢迎|来做)"
    r"|(?:没有?|无|不看|不用|不需要?|不查|免)身份证(?:的)?(?:也可以?|也行|也能|都行|均可"
    r"|可入职|可(?=[,，。;\s]|$)|照样)|不(?:看|查|问)(?:身份证|年龄证明|年龄大小)|(?:大"
    r"|小)孩都要|(?:学生|小孩)(?:年龄)?(?:多大|再小)都"
)
_EARLY_TEENS: Final = re.compile(
    r"(?<![二三四五六七八九])(?:十[一二三四][二三四五]|十[二三四五]|13、?4|14、?5)\s*岁"
    r"|(?<!\d)1[0-5]\s*(?:岁)?\s*[、,，和]\s*1[5-7]\s*岁"
)
_CHILD: Final = re.compile(
    r"(?:小孩子?|孩子|娃|学生)[^,，。;\n]{0,3}(?<![二三四五六七八九])十[一二三四五][四五六七]?(?:岁)?(?:的)?(?:也|都)(?:能|可|行|收|要)"
)
_MINOR_FREE: Final = re.compile(
    r"(?:不|禁|严禁|拒绝|谢绝|杜绝|勿|非|反对|无|没有|打击|举报|防止|不得|不招"
    r"|请勿)[^,，。;\n]{0,6}$"
)
_NIGHT_PLACE: Final = re.compile(
    r"ktv|酒吧|夜总会|夜场|歌舞厅|舞厅|迪厅|网吧|网咖|会所|洗浴|桑拿|迪吧|演艺吧|电竞馆|棋牌室"
)
_HARM_PLACE: Final = re.compile(r"井下|矿山|有毒有害|第四级|高温作业|爆破|粉尘作业|放射|化工原料")
_SIXTEEN: Final = re.compile(
    rf"(?<!\d)(?:1[67]|十六|十七)\s*(?:{_Y})?\s*(?:以上|起|(?:-|~|到|至"
    rf"|—)\s*\d{{2}})\s*(?:{_Y})?|满\s*(?:16|十六)\s*周?岁"
)


@dataclass(frozen=True, slots=True)
class _Limit:
    start: int
    end: int
    low: int | None
    high: int | None


def find_ages(text: str, about: About) -> Iterator[Hit]:
    """Limits by age, then minors."""
    if not re.search(r"\d|十|年轻|大龄|年纪|老年", text):
        return
    seen: set[int] = set()
    for limit in _limits(text):
        if not seen.isdisjoint(range(limit.start, limit.end)):
            continue
        seen.update(range(limit.start, limit.end))
        hit = _judge(text, limit, about)
        if hit is not None:
            yield hit
    yield from _born(text)
    for match in _YOUNG.finditer(text):
        yield _age_hit(Severity.WARN, match.start(), match.end())


def _born(text: str) -> Iterator[Hit]:
    """限90后, 1990年以后出生."""
    for match in _BORN.finditer(text):
        words, start = match.group(), match.start()
        if re.search(r"(?:限|仅招|只要|只招|必须|须|要求)[^,，。;\n]{0,2}$", text[max(0, start - 5) : start]):
            yield _age_hit(Severity.BLOCK, start, start + len(re.split("[，,]", words)[0]))
            continue
        about_people = re.search(r"优先|出生|只招|为主|的(?=[,，。]|$)|勿|佳|以后", words)
        others = re.search(r"团队|氛围|管理|客户|同事|老板|创业", text[max(0, start - 8) : match.end()])
        if about_people and not others and not re.search("均可|也可|不限|都可", words):
            yield _age_hit(Severity.WARN if "优先" in words else Severity.BLOCK, start, match.end())


def find_minors(text: str, about: About) -> Iterator[Hit]:
    """Anybody under 16, and 16 to 17 where the law wants grown-ups."""
    advice = "只能招满16周岁的人，写“年满16周岁”。夜场、网吧、井下和有毒有害的活要满18周岁。"
    for match in _MINOR_AGE.finditer(text):
        head, tail = sentence(text, *match.span())
        around = head[-10:] + match.group() + tail[:10]
        if _OTHERS.search(head[-10:] + re.split("[,，]", tail)[0][:6]) or re.search(
            r"孩|儿子|女儿|孙|(?:兴趣|辅导|舞蹈|培训|托管)班|课|教|经验|工龄|不收|不招|勿|禁|未满"
            r"|不满|低于|小于|谢绝|司龄",
            around,
        ):
            continue
        wanted = (
            match.group("after").strip()
            or match.group("to")
            or re.search(r"年满|满|年\s*龄|招|限|要求", head[-8:])
        )
        if wanted and not match.group("after").strip().startswith("以下"):
            yield Hit(Rule.MINOR, Severity.BLOCK, *match.span(), advice)
    for match in _EARLY_TEENS.finditer(text):
        head, tail = sentence(text, *match.span())
        if (
            not _OTHERS.search(head[-10:])
            and re.search(r"来|收|可|行|要|做|招|干", tail[:12])
            and not re.search("不收|不招|不要|教|辅导|勿", tail[:10] + head[-6:])
        ):
            yield Hit(Rule.MINOR, Severity.BLOCK, *match.span(), advice)
    for match in itertools.chain(_MINOR_WORD.finditer(text), _CHILD.finditer(text)):
        head, tail = sentence(text, *match.span())
        if (
            _MINOR_FREE.search(head[-8:])
            or re.search(
                r"辅导|家教|老师|教师|托管|接送|作业|补习|补课|客户|服务|保护|陪护|招生",
                head[-12:] + match.group() + tail[:10],
            )
            or re.search(r"^(?:人)?(?:勿|不|禁|谢绝|除外)", tail)
        ):
            continue
        yield Hit(Rule.MINOR, Severity.BLOCK, *match.span(), advice)
    place = _NIGHT_PLACE if _NIGHT_PLACE.search(about.whole) else _HARM_PLACE
    if place.search(about.whole):
        for match in _SIXTEEN.finditer(text):
            if not re.search(r"工龄|经验|年", text[match.end() : match.end() + 2]) and _AGE_WORD.search(
                text[max(0, match.start() - 8) : match.end() + 2]
            ):
                yield Hit(Rule.MINOR, Severity.BLOCK, *match.span(), advice)


def find_age_columns(low: int | None, high: int | None) -> tuple[Rule, Severity, str] | None:
    """The same for limits given as figures of a form: shown, never held, for a person can see to it."""
    if low is not None and low < LOWEST:
        return Rule.MINOR, Severity.BLOCK, "只能招满16周岁的人，最小年龄填16以上。"
    if high is not None and high < RETIREMENT:
        return Rule.AGE, Severity.WARN, _ADVICE
    return None


_ADVICE: Final = "删掉岁数，写清活儿要什么体力、手艺；要写就写“年满16周岁，到法定退休年龄都可以”。"


def _age_hit(severity: Severity, start: int, end: int) -> Hit:
    return Hit(Rule.AGE, severity, start, end, _ADVICE)


def _limits(text: str) -> Iterator[_Limit]:
    for match in _RANGE.finditer(text):
        low, high = _years(match.group("low")), _years(match.group("high"))
        sane = low is not None and high is not None and LOWEST - 2 <= low < high <= 80
        if sane and (match.group("year") or "岁" in match.group() or _is_about_age(text, match)):
            yield _Limit(match.start(), match.end(), low, high)
    for match in _DOWN.finditer(text):
        high = _years(match.group("high") or match.group("high2"))
        named = match.group("year") or match.group("year2")
        if high is not None and 18 < high <= 80 and (named or _is_about_age(text, match)):
            yield _Limit(match.start(), match.end(), None, high)
    for match in _UP.finditer(text):
        low = _years(match.group("low") or match.group("low2"))
        told = re.search(r"(?:不要|不招|谢绝|拒绝|不收)$", text[: match.start()][-4:])
        named = match.group("year") or match.group("year2") or told
        away = match.group("away") or match.group("away2")
        people = away and USUAL_START < (low or 0) <= RETIREMENT and not _NOT_YEARS.match(away)
        if low is None or not (named or people or _is_about_age(text, match)):
            continue
        if (away or told) and low > 18:
            yield _Limit(match.start(), match.end(), None, low)
        elif USUAL_START < low < RETIREMENT:
            yield _Limit(match.start(), match.end(), low, None)


def _is_about_age(text: str, match: re.Match[str]) -> bool:
    if _NOT_YEARS.match(text[match.end() :]):
        return False
    before = re.split(r"[。;\n!?]", text[max(0, match.start() - 12) : match.start()])[-1]
    if re.match(r"\s*(?:周岁|岁)", text[match.end() :]) or _AGE_WORD.search(before):
        return not re.search(r"元|薪|工资|小时|厘米|身高", before[-5:])
    if (
        re.search(r"[要招收限]\s*$", before)
        and re.match(r"的", text[match.end() :])
        and "之间" in match.group()
    ):
        return True
    alone = re.search(r"(?:^|[,，;；])\s*$", before) and re.match(
        r"\s*(?:[,，。;；!\n]|$)", text[match.end() :]
    )
    if alone and re.search(r"(?:以下|以内|往下|封顶|到|至|-|~)", match.group()) and len(match.group()) <= 8:
        return True
    return bool(re.search(r"(?:^|[,，、\s(（/:：])[男女](?:性|士|工)?\s*[,，:：]?\s*$", before))


def _judge(text: str, limit: _Limit, about: About) -> Hit | None:
    head, tail = sentence(text, limit.start, limit.end)
    near = re.split(r"[,，]", head)[-1]
    if (
        _OTHERS.search(near[-12:] + tail[:8])
        or _FREE.match(tail)
        or re.search(r"年龄不限[^,，]{0,4}$|工龄|经验|从业", near[-8:])
    ):
        return None
    if _LAWFUL.search(about.whole) or about.is_welfare or _STATUTE.search(near[-8:] + tail[:10]):
        return None
    if limit.high is None:
        if _PREFERRED.match(tail) or _FREE.match(tail):
            return None
        return _age_hit(Severity.WARN, limit.start, limit.end)
    if limit.high >= RETIREMENT or (limit.low is not None and limit.low < LOWEST):
        return None
    both = head[-30:] + text[limit.start : limit.end] + tail[:30]
    if (
        limit.high >= WOMEN_RETIREMENT
        and re.search(r"女[^,，。;\n]{0,8}$", near + text[limit.start : limit.start + 1])
        and re.search(r"男[^。;\n]{0,12}(?:6\d|六十)", both)
    ):
        return None
    mild = _PREFERRED.match(tail) or limit.high >= HARD_LIMIT or _RISKY.search(about.whole)
    return _age_hit(Severity.WARN if mild else Severity.BLOCK, limit.start, limit.end)


def _years(figure: str | None) -> int | None:
    if not figure:
        return None
    if figure.isdigit():
        return int(figure)
    figure = figure.replace("卅", "三十")
    left, ten, right = figure.partition("十")
    if not ten:
        return _HAN.get(left)
    return (_HAN[left] if left else 1) * 10 + (_HAN[right] if right else 0)
