"""岗位读入: a stored posting's columns to the facts that the rules look at.

What a title gives away and the columns don't say is read here once: skills, usual burdens, dangers,
teaching. Such readings grade and ask; of them only the dangers that the law closes to minors shut anyone out.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from app.jobs.reading.conditions import read_conditions
from app.matching.facts import PostingFacts
from app.matching.rules import wages
from app.matching.rules.places import BLUR_M
from app.occupations.certificates import find_certificate, read_certificates
from app.occupations.skills import find_skill, read_skills
from app.occupations.terms import Education
from app.regions import gazetteer
from app.regions.gazetteer import Point
from app.regions.reading import read_address
from app.regions.scope import contains, scope_prefix

LIKELY_DEMANDS: Final = {
    "heavy_lifting": re.compile(
        "搬运|装卸|装车|卸车|卸货|搬家|扛|力工|小工|壮工|砌|瓦工|钢筋|砖厂|送水|浇筑"
    ),
    "night": re.compile("夜班|守夜|值夜|夜间|通宵|打更|更夫"),
    "heights": re.compile("高空|外墙|架子工|塔吊|塔机|吊篮|蜘蛛人|空调安装|安装空调"),
    "long_standing": re.compile("服务员|营业员|收银|导购|迎宾|保安|流水线|洗碗|理货"),
    "outdoor": re.compile(
        "环卫|清扫|采摘|护林|绿化|工地|巡|快递|外卖|送货|套袋|种植|修路|护路|砌|钢筋|架子|放羊|除草"
    ),
    "fine_handwork": re.compile("缝纫|刺绣|绣|装配|电子厂|焊锡|插件|串珠|编织|首饰"),
    "phone_use": re.compile("网约|外卖|骑手|快递员|直播|主播|跑腿"),
    "travel": re.compile("业务员|出差|长途"),
    "dust": re.compile("打磨|抛光|水泥|砖厂|石材|采石|煤|喷砂|粉尘"),
    "reading": re.compile("文员|会计|录入|出纳|客服|仓管|库管"),
}
"""What a title usually means for the body. Used only where the posting states no demands at all."""

TEACHES: Final = re.compile(
    "(?<!不要)(?<!不招)(?<!谢绝)(?:新手|生手|学徒|零基础|无经验)|无需经验|不需经验|不需要经验|经验不限|不限经验"
    "|包教|包学会|师傅带|有人教|带薪培训|免费培训|岗前培训|手把手|可培训"
)
DANGERS: Final = re.compile(
    "井下|矿井|采煤|掘进|爆破|烟花|爆竹|炸药|喷漆|油漆|烤漆|涂装|溶剂|苯|高空|蜘蛛人|架子工"
)
"""未成年工特殊保护规定 第三条: heights, underground, poisons, explosives."""
LICENCE_CLASS: Final = re.compile("[ABC][123]", re.IGNORECASE)
MINING: Final = "6-16-"
HOURS_A_DAY: Final = 24
COUNTY_DIGITS: Final = 6


class PostingRow(NamedTuple):
    """岗位行: the columns of a posting and its employer as they are stored; lists as tuples."""

    id: int
    employer_id: int
    employer_kind: str
    employer_verified: bool
    muted_until: date | None
    answer_permille: int | None
    median_answer_hours: int | None
    title: str
    description: str
    occupation_code: str | None
    region_code: str
    address: str
    x: int | None
    y: int | None
    point_is_exact: bool
    wage_min_fen: int | None
    wage_max_fen: int | None
    wage_unit: str | None
    estimate_fen: int | None
    openings: int
    filled: int
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    demands: tuple[str, ...]
    suits: tuple[str, ...]
    pickup: tuple[str, ...]
    shifts: tuple[str, ...]
    age_min: int | None
    age_max: int | None
    education: str
    profile: str
    board: bool
    lodging: bool
    starts_on: date | None
    valid_until: date
    confirmed_on: date
    is_open: bool
    applicants: int = 0


def read_posting(row: PostingRow, today: date) -> PostingFacts:
    """Return the facts of a posting on a day.

    Raises UnknownRegion for a region code that no division bears.
    """
    pay_min, pay_max = read_pay(row.wage_min_fen, row.wage_max_fen, row.wage_unit, row.estimate_fen)
    region_code = narrow_region(row.region_code, row.address)
    point = None if row.x is None or row.y is None else (row.x, row.y)
    if region_code != row.region_code and not row.point_is_exact:
        point = None
    place = find_place(region_code, point, exact=row.point_is_exact)
    stated = read_conditions(row.title, row.description)
    return PostingFacts(
        id=row.id,
        region_scope=scope_prefix(region_code),
        employer_id=row.employer_id,
        employer_kind=row.employer_kind,
        employer_verified=row.employer_verified,
        employer_muted=row.muted_until is not None and row.muted_until >= today,
        is_open=row.is_open,
        valid_until=row.valid_until.toordinal(),
        starts_on=None if row.starts_on is None else row.starts_on.toordinal(),
        confirmed_on=row.confirmed_on.toordinal(),
        openings=row.openings,
        filled=row.filled,
        applicants=row.applicants,
        occupation_code=row.occupation_code,
        skills=read_skill_codes(row.skills or (row.title,), keep_unread=bool(row.skills)),
        certificates=read_certificate_codes(row.certificates),
        demands=tuple(sorted(row.demands)),
        likely_demands=() if row.demands else read_likely_demands(row.title, stated.demands),
        suits=tuple(sorted(row.suits)),
        pickup=tuple(sorted(scope_prefix(code) for code in row.pickup)),
        age_min=row.age_min,
        age_max=row.age_max,
        education_step=Education(row.education).step,
        profile=row.profile,
        shifts=tuple(sorted(row.shifts)),
        board=row.board or bool(stated.board),
        lodging=row.lodging or bool(stated.lodging),
        barred_to_minors=is_dangerous(row.title, row.description, row.occupation_code),
        trains_beginners=TEACHES.search(f"{row.title} {row.description}") is not None,
        x=place.x,
        y=place.y,
        blur_m=place.blur_m,
        place_name=place.name,
        pay_min=pay_min,
        pay_max=pay_max,
        pay_by_piece=row.wage_unit == "piece",
        answer_permille=row.answer_permille,
        answer_days=None if row.median_answer_hours is None else -(-row.median_answer_hours // HOURS_A_DAY),
    )


def narrow_region(region_code: str, address: str) -> str:
    """Return the division that the address fixes inside a region known only to the county or wider."""
    if not address or len(region_code) > COUNTY_DIGITS:
        return region_code
    read = read_address(address, region_code).code
    return read if read is not None and contains(region_code, read) else region_code


def read_skill_codes(words: Iterable[str], *, keep_unread: bool) -> tuple[str, ...]:
    """Return the codes of skill words, sorted; a word nobody knows stands for itself where it is kept."""
    codes: set[str] = set()
    for word in words:
        known = find_skill(word)
        found = {known.code} if known else {skill.code for skill in read_skills(word)}
        codes |= found or ({word} if keep_unread else set())
    return tuple(sorted(codes))


def read_certificate_codes(words: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of certificate words, sorted; a word nobody knows stands for itself."""
    return tuple(sorted({code for word in words for code in read_certificate_word(word) or [word]}))


def read_certificate_word(word: str) -> list[str]:
    """Return the codes one word or phrase names. Among certificates a bare `C1` is a driving licence."""
    if find_certificate(word):
        return [word]
    return read_certificates(f"{word}驾照" if LICENCE_CLASS.fullmatch(word) else word)


def read_pay(
    min_fen: int | None, max_fen: int | None, unit: str | None, estimate_fen: int | None
) -> tuple[int | None, int | None]:
    """Return lower and upper pay in fen a year. Piece pay counts only by the firm's own monthly estimate."""
    if unit == "piece":
        estimate = wages.to_year_fen(estimate_fen, "month")
        return estimate, estimate
    return wages.to_year_fen(min_fen, unit), wages.to_year_fen(max_fen, unit)


def read_likely_demands(title: str, stated: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the demands that a title usually brings with it, and those that the text speaks of."""
    usual = {demand for demand, words in LIKELY_DEMANDS.items() if words.search(title)}
    return tuple(sorted(usual.union(str(demand) for demand in stated)))


def is_dangerous(title: str, description: str, occupation_code: str | None) -> bool:
    """Tell whether the law closes this work to everyone under 18."""
    mining = occupation_code is not None and occupation_code.startswith(MINING)
    return mining or DANGERS.search(f"{title} {description}") is not None


class Place(NamedTuple):
    """位置: projected metres, how far the place may be from them, and the name of the lowest known
    division."""

    x: int | None
    y: int | None
    blur_m: int
    name: str


def find_place(region_code: str, point: Point | None, *, exact: bool) -> Place:
    """Return where a place is: its own point, else the given centre or that of its lowest division that
    has one.

    The blur is that of the division whose centre stands in for the point. Raises UnknownRegion.
    """
    chain = gazetteer.ancestors(region_code)
    name = chain[-1].name
    if point is None:
        exact = False
        point = gazetteer.point(region_code)
    own_blur = BLUR_M[len(scope_prefix(region_code))]
    if point is None:
        return Place(None, None, own_blur, name)
    if exact:
        return Place(*point, 0, name)
    for division in reversed(chain):
        if (division.x, division.y) == point:
            return Place(*point, BLUR_M[len(scope_prefix(division.code))], name)
    # No built-in centre: the office gave its village a point of its own.
    return Place(*point, own_blur, name)
