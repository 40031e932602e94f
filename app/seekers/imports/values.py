"""单元格读数: what the option lists and free words of offices' ledgers mean to us. Pure, cached by text."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar

from app.occupations.terms import Education, WageUnit, WorkProfile
from app.regions.terms import Reach
from app.seekers.terms import (
    HouseholdKind,
    LabourClass,
    NotWorkingReason,
    Relation,
    ReturnReason,
    SeekerStatus,
    Sex,
)

_EDUCATION: Final = (
    (Education.MASTER, r"硕士|博士|研究生"),
    (Education.BACHELOR, r"本科|学士|^大学$|大学毕业"),
    (Education.COLLEGE, r"大专|专科|高职|大学专"),
    (Education.VOCATIONAL, r"中专|中技|技校|中职|职高|职中|技工|中等职业"),
    (Education.SENIOR, r"高中"),
    (Education.JUNIOR, r"初中|初级中学|九年"),
    (Education.PRIMARY, r"小学"),
    (Education.NONE, r"文盲|识字|没上过|学龄前|未上学|学前|无学历|^无$|幼儿"),
)
_RELATION: Final = (
    (Relation.HEAD, r"^(?:户主|本人|本人或户主|家主)$"),
    (Relation.CHILD_IN_LAW, r"儿媳|媳妇|女婿"),
    (Relation.GRANDPARENT, r"(?:外?祖[父母])|爷爷|奶奶|外公|外婆|姥"),
    (Relation.GRANDCHILD, r"孙"),
    (Relation.PARENT_IN_LAW, r"公婆|岳|公公|婆婆|公爹|家婆|丈人"),
    (Relation.SPOUSE, r"配偶|妻|夫$|丈夫|爱人|老婆|老公|之夫"),
    (Relation.SIBLING, r"兄|弟|姐|妹|哥"),
    (Relation.PARENT, r"父|母|爸|妈"),
    (Relation.CHILD, r"子|女|儿"),
)
_KINDS: Final = (
    (HouseholdKind.UNSTABLE, r"脱贫不稳定"),
    (HouseholdKind.BORDERLINE, r"边缘(?:易致贫)?户|边缘易致贫"),
    (HouseholdKind.SUDDEN, r"突发严重困难|突发困难"),
    (HouseholdKind.RELOCATED, r"搬迁"),
    (HouseholdKind.LOW_INCOME, r"低保"),
    (HouseholdKind.LIFTED, r"脱贫(?!不稳定)|建档立卡|贫困户"),
    (HouseholdKind.ORDINARY, r"一般|普通|非贫困"),
)
_STATUS: Final = (
    (SeekerStatus.UNABLE, r"丧失劳动|无劳动能?力|没有劳动能?力|无就业能力"),
    (SeekerStatus.STUDYING, r"在校|上学|就读|读书|学生(?!家长)"),
    (SeekerStatus.TRAINING, r"培训中|参加培训|在培|学手艺"),
    (SeekerStatus.SEEKING, r"失业|待业|求职|找工作|想找|有意愿|待就业|未就业.*(?:想|有意愿|求职)"),
    (SeekerStatus.NOT_SEEKING, r"[未没不无]\s*(?:有)?(?:就业|务工|上班|工作|找)|在家|赋闲|退休|否|养老|不找"),
    (SeekerStatus.SELF_EMPLOYED, r"自主创业|个体|创业|自营|自己干|经商"),
    (SeekerStatus.FARMING, r"务农|种植|养殖|种地|农业生产"),
    (SeekerStatus.EMPLOYED, r"就业|务工|上班|在岗|打工|企业|单位|公益性?岗|灵活|受雇|是|外出"),
)
_REASON: Final = (
    (NotWorkingReason.CARE, r"照[顾看料]|带孩|看护|家务|陪读|哺乳|怀孕"),
    (NotWorkingReason.HEALTH, r"病|残|身体|健康|年老|年龄"),
    (NotWorkingReason.STUDY, r"上学|在校|学习|培训|读书"),
    (NotWorkingReason.NO_SKILL, r"技能|技术|手艺|文化"),
    (NotWorkingReason.LOW_PAY, r"工资低|待遇|工钱|收入低"),
    (NotWorkingReason.NO_JOB_NEARBY, r"没有?合适|无合适|岗位|没活|找不到|无门路|无就业门路"),
    (NotWorkingReason.JUST_LEFT, r"合同|解除|裁|倒闭|辞|停产|破产|终止|刚"),
    (NotWorkingReason.FARM_WORK, r"农忙|务农|种地|收种|土地"),
    (NotWorkingReason.UNWILLING, r"不愿|不想|无意愿|无就业意愿|意愿"),
)
_RETURN: Final = (
    (ReturnReason.UNPAID, r"欠薪|拖欠|工钱没|未发"),
    (ReturnReason.LAID_OFF, r"裁|辞退|停产|倒闭|订单|企业"),
    (ReturnReason.CONTRACT_END, r"合同|到期|工程结束|完工"),
    (ReturnReason.START_UP, r"创业|自己干"),
    (ReturnReason.HARVEST, r"收|种|农忙"),
    (ReturnReason.HOLIDAY, r"过年|春节|过节|探亲"),
    (ReturnReason.HEALTH, r"病|身体|健康"),
    (ReturnReason.FAMILY, r"照|家|老人|孩子|结婚"),
)
_REACH: Final = (
    (Reach.VILLAGE, r"本村|村内|家门口"),
    (Reach.TOWNSHIP, r"本镇|本乡|乡内|镇内|本街道|就近"),
    (Reach.ANYWHERE, r"省外|境外|国外|不限|哪里都|全国|沿海|长三角|珠三角|跨省"),
    (Reach.PROVINCE, r"市外省内|省内|本省|省城"),
    (Reach.CITY, r"县外市内|市内|本市"),
    (Reach.COUNTY, r"县内|县城|本县|区内|本区|本地|当地"),
)
_CLASS: Final = (
    (None, r"丧失劳动力|无劳动能?力"),
    (LabourClass.WEAK, r"^弱劳动力$|弱劳力$"),
    (LabourClass.SEMI, r"半劳动?力|弱劳动力或半劳动力"),
    (LabourClass.SKILLED, r"技能劳动力|技术劳动力"),
    (LabourClass.ORDINARY, r"普通劳动?力|全劳动?力|有劳动能力|正常"),
)
_NOTHING: Final = frozenset(
    {"", "无", "否", "没有", "不是", "/", "\\", "-", "--", "—", "——", "暂无", "n", "no", "×", "空", "null"}
)
_YES: Final = re.compile(r"^(?:是|有|√|✓|1|y|yes|参加|已|对|享受|愿意|想)", re.IGNORECASE)
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?")
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(万|千|k|K|百)?")
_LEAST_MONTHLY_FEN: Final = 50_000
_MOST_MONTHLY_FEN: Final = 10_000_000


class WageWish(NamedTuple):
    """想要的工资: the least pay and what it is for."""

    floor_fen: int
    unit: WageUnit


@lru_cache(maxsize=65_536)
def tidy(text: str) -> str:
    """Half width, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def is_nothing(text: str) -> bool:
    """Whether a cell says "none" in one of the offices' ways."""
    return tidy(text).lower() in _NOTHING


def is_yes(text: str) -> bool:
    """是, 有, √, 1 ..."""
    return bool(_YES.match(tidy(text)))


@lru_cache(maxsize=4096)
def read_education(text: str) -> Education | None:
    """文盲或半文盲, 小学, 初中 ...; the highest step named."""
    return _first(_EDUCATION, text)


@lru_cache(maxsize=4096)
def read_relation(text: str) -> Relation | None:
    """之子, 配偶, 之儿媳 ...; None for an empty cell, OTHER for an unknown word."""
    if is_nothing(text):
        return None
    return _first(_RELATION, text) or Relation.OTHER


@lru_cache(maxsize=4096)
def read_kinds(text: str) -> frozenset[HouseholdKind]:
    """Every kind a cell names. "否" and "无" name none."""
    if is_nothing(text):
        return frozenset()
    clean = tidy(text)
    return frozenset(kind for kind, pattern in _KINDS if re.search(pattern, clean))


@lru_cache(maxsize=4096)
def read_status(text: str) -> SeekerStatus | None:
    """就业状况 and 就业形式: what somebody does at present."""
    return None if tidy(text) in ("", "其他", "无", "/") else _first(_STATUS, text)


@lru_cache(maxsize=4096)
def read_not_working_reason(text: str) -> NotWorkingReason | None:
    """失业原因, 未就业原因."""
    return None if is_nothing(text) else _first(_REASON, text) or NotWorkingReason.OTHER


@lru_cache(maxsize=4096)
def read_return_reason(text: str) -> ReturnReason | None:
    """返乡原因."""
    return None if is_nothing(text) else _first(_RETURN, text) or ReturnReason.OTHER


@lru_cache(maxsize=4096)
def read_reach(text: str) -> Reach | None:
    """就业区域意向: 县内, 县外市内, 市外省内, 省外, 境外, 本镇 ..."""
    return None if is_nothing(text) else _first(_REACH, text)


@lru_cache(maxsize=4096)
def read_class(text: str) -> tuple[LabourClass | None, bool]:
    """劳动力类别, and whether the person can't work at all; (None, False) for words about something else."""
    clean = tidy(text)
    for found, pattern in _CLASS:
        if re.search(pattern, clean):
            return found, found is None
    return None, False


@lru_cache(maxsize=4096)
def is_class_word(text: str) -> bool:
    """Whether the cell names a class of labour (劳动技能 does in some lists, in others it is a trade)."""
    found, unable = read_class(text)
    return found is not None or unable


@lru_cache(maxsize=4096)
def is_at_school(text: str) -> bool:
    """在校生状况: 非在校生 and an empty cell are not; 九年级, 本科二年级, 是 ... are."""
    clean = tidy(text)
    return not is_nothing(clean) and not re.search(r"非在校|不在校|已毕业|毕业|未上学|辍学|失学", clean)


@lru_cache(maxsize=256)
def read_sex(text: str) -> Sex | None:
    """男, 女."""
    clean = tidy(text)
    if clean[:1] in ("男", "M", "m"):
        return Sex.MALE
    return Sex.FEMALE if clean[:1] in ("女", "F", "f") else None


@lru_cache(maxsize=65_536)
def read_day(text: str) -> date | None:
    """1980-01-02, 1980年1月2日, 19800102, 1980.1 (the first), a spreadsheet's day number; None for others."""
    clean = tidy(text)
    match = _DATE.match(clean) or _COMPACT.fullmatch(clean[:8])
    try:
        if match:
            year, month, day = match.groups()
            return date(int(year), int(month), int(day or 1))
        if re.fullmatch(r"\d{4,5}(?:\.\d+)?", clean) and 3000 <= float(clean) <= 80_000:
            return _EXCEL_EPOCH + timedelta(days=int(float(clean)))
    except ValueError:
        return None
    return None


@lru_cache(maxsize=4096)
def read_wage_wish(text: str) -> WageWish | None:
    """3000, 3000-4000元, 3千以上, 0.4万, 150元/天: the lowest figure. None where none makes sense."""
    clean = tidy(text)
    figures = [
        float(number) * {"万": 10_000, "千": 1000, "k": 1000, "K": 1000, "百": 100, "": 1}[scale]
        for number, scale in _AMOUNT.findall(clean)
    ]
    if not figures:
        return None
    # 3-5千: the word after the second figure holds for the first as well
    if len(figures) > 1 and figures[0] < 100 <= figures[1]:
        scale = 10 ** (len(str(int(figures[1]))) - 1)
        figures[0] *= scale
    fen = round(figures[0] * 100)
    if re.search(r"/?(?:每)?(?:天|日)", clean) and 2_000 <= fen <= 200_000:
        return WageWish(fen, WageUnit.DAY)
    if "年" in clean and fen >= 500_000:
        fen //= 12
    return WageWish(fen, WageUnit.MONTH) if _LEAST_MONTHLY_FEN <= fen <= _MOST_MONTHLY_FEN else None


@lru_cache(maxsize=1024)
def read_profiles(text: str) -> tuple[WorkProfile, ...]:
    """就业形式意向: 长期, 季节性, 日结; the labour ledger's options (企业 ...) say nothing of length."""
    clean = tidy(text)
    found = [
        (WorkProfile.LONG, r"长期|全日制|固定|稳定"),
        (WorkProfile.SEASON, r"季节|短期|临时"),
        (WorkProfile.DAY, r"日结|零工|零活|散工"),
    ]
    return tuple(profile for profile, pattern in found if re.search(pattern, clean))


_Term = TypeVar("_Term")


def _first(table: tuple[tuple[_Term, str], ...], text: str) -> _Term | None:
    clean = tidy(text)
    return next((term for term, pattern in table if re.search(pattern, clean)), None)
