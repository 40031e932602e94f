"""专项的样子: what firms will need this season, two that share workers, and places the county has recognised.
Through the same services as real ones; where there is one already, nothing is done.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.demand_plans import queries as plan_queries
from app.demand_plans import rules as plan_rules
from app.demand_plans import service as plans
from app.demand_plans.queries import PlanFilters
from app.demand_plans.schemas import DemandPlanIn
from app.demo.county import DemoCounty
from app.demo.lending import load_lending
from app.demo.places import COUNTY_CODE
from app.employers.terms import EmployerState
from app.labour_sharing import queries as sharing_queries
from app.labour_sharing import service as sharing
from app.labour_sharing.schemas import NoticeIn
from app.labour_sharing.terms import SharingSide
from app.recognised_places import queries as place_queries
from app.recognised_places import service as recognising
from app.recognised_places.schemas import PlaceIn, SupportIn
from app.recognised_places.support_kinds import support_kinds
from app.recognised_places.terms import PlaceKind, PlaceLevel

# Firm, work, people, month from this one, months of the season (0 = all year), yuan a month.
_PLANS: Final = (
    ("铜川和暖服饰有限公司", "缝纫工", 60, 3, 0, 3200, 4800),
    ("小丘针织社区工厂", "缝纫工", 25, 2, 0, 2800, 3600),
    ("耀州塬上果业有限公司", "选果工", 80, 9, 2, 2600, 3200),
    ("惠家家庭农场", "摘苹果", 40, 10, 1, 3000, 3600),
    ("铜川沮岸乳业有限公司", "包装工", 30, 1, 0, 3000, 3800),
    ("董家河宏立机械厂", "焊工", 18, 2, 0, 5000, 6800),
    ("福安敬老院", "护理员", 12, 1, 0, 2800, 3600),
    ("石柱高标准农田项目部", "瓦工", 35, 4, 6, 5500, 7000),
)
# Side, firm, work, people, for how many days.
_NOTICES: Final = (
    (SharingSide.OFFER, "铜川和暖服饰有限公司", "缝纫工", 12, 75),
    (SharingSide.OFFER, "耀州塬上果业有限公司", "选果工", 20, 120),
    (SharingSide.NEED, "小丘针织社区工厂", "缝纫工", 8, 60),
    (SharingSide.NEED, "孙塬好日子帮扶车间", "缝纫工", 5, 40),
)
# Firm, kind, level, what it makes, recognised how many days ago, headquarters.
_HEAD: Final = "小丘针织社区工厂"
_PLACES: Final = (
    (_HEAD, PlaceKind.COMMUNITY_FACTORY, PlaceLevel.CITY, "校服和围裙", 350, ""),
    (
        "关庄巧手社区工厂",
        PlaceKind.COMMUNITY_FACTORY,
        PlaceLevel.COUNTY,
        "童装和布玩具",
        200,
        "小丘针织社区工厂",
    ),
    (
        "瑶曲暖阳社区工厂",
        PlaceKind.COMMUNITY_FACTORY,
        PlaceLevel.COUNTY,
        "工作服和数据线",
        380,
        "小丘针织社区工厂",
    ),
    ("石柱锦程社区工厂", PlaceKind.COMMUNITY_FACTORY, PlaceLevel.COUNTY, "线束和手套", 90, ""),
    ("孙塬好日子帮扶车间", PlaceKind.WORKSHOP, PlaceLevel.COUNTY, "熨烫、缝纫", 300, ""),
    ("小丘黄芩加工厂", PlaceKind.WORKSHOP, PlaceLevel.COUNTY, "切黄芩、包药材", 120, ""),
    ("照金手工帮扶车间", PlaceKind.WORKSHOP, PlaceLevel.COUNTY, "布老虎、红军小帽", 30, ""),
    ("耀州药王谷中药饮片有限公司", PlaceKind.BASE, PlaceLevel.PROVINCE, "饮片和中成药", 150, ""),
)


def load_programmes(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    county: DemoCounty,
    employer_ids: Mapping[int, int],
) -> None:
    """Everything of this module that is not there yet."""
    load_plans(session, clock, county, employer_ids)
    firms = {
        firm.name: employer_ids[firm.number]
        for firm in county.employers
        if firm.state is EmployerState.VERIFIED
    }
    places = {employer_ids[firm.number]: firm.region_code for firm in county.employers}
    today = clock.today()
    if not sharing_queries.list_notices(session, SYSTEM, today, limit=1):
        for side, name, title, headcount, days in _NOTICES:
            notice = NoticeIn(
                side=side,
                title=title,
                headcount=headcount,
                from_on=today,
                until_on=today + timedelta(days=days),
                region_code=places[firms[name]],
            )
            sharing.post_notice(session, SYSTEM, firms[name], notice, clock)
    if not place_queries.list_places(session, SYSTEM, limit=1):
        _recognise(session, clock, firms)
    if not sharing_queries.list_agreements(session, SYSTEM, limit=1):
        load_lending(session, cipher, clock, firms, COUNTY_CODE)


def _recognise(session: Session, clock: Clock, firms: Mapping[str, int]) -> None:
    ids: dict[str, int] = {}
    today = clock.today()
    for name, kind, level, makes, days, head in _PLACES:
        data = PlaceIn(
            employer_id=firms[name],
            kind=kind,
            level=level,
            makes=makes,
            recognised_on=today - timedelta(days=days),
            recognised_by="耀州区人社局",
            headquarters_id=ids.get(head),
        )
        place = recognising.recognise(session, SYSTEM, data, clock)
        ids[name] = place.id
        if days > 100:
            support = SupportIn(
                kind_code=next(iter(support_kinds())),
                received_on=today - timedelta(days=days - 90),
                amount_fen=days * 10_000,
            )
            recognising.record_support(session, SYSTEM, place.id, support, clock)


def load_plans(session: Session, clock: Clock, county: DemoCounty, employer_ids: Mapping[int, int]) -> int:
    """States the season's plans once; returns how many."""
    known, _next = plan_queries.list_plans(session, SYSTEM, PlanFilters(region_code=COUNTY_CODE), limit=1)
    if known:
        return 0
    firms = {firm.name: firm for firm in county.employers if firm.state is EmployerState.VERIFIED}
    months = plan_rules.months_from(clock.today(), 24)
    made = 0
    for name, title, headcount, start, lasts, low, high in _PLANS:
        firm = firms.get(name)
        if firm is None:
            continue
        form = DemandPlanIn(
            title=title,
            headcount=headcount,
            needed_on=months[start],
            until_on=_last_day(months[start + lasts]) if lasts else None,
            region_code=firm.region_code,
            wage_min_fen=low * 100,
            wage_max_fen=high * 100,
            board=firm.meals > 0,
            lodging=firm.lodging,
        )
        plans.state_plan(session, SYSTEM, employer_ids[firm.number], form, clock)
        made += 1
    return made


def _last_day(month_on: date) -> date:
    return month_on.replace(day=28)
