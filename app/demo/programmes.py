"""专项的样子: what firms of the demo county will need this season, so that demand and supply have something
to show. Through the same services as real plans; where there is one already, nothing is done.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import Clock
from app.demand_plans import queries as plan_queries
from app.demand_plans import rules as plan_rules
from app.demand_plans import service as plans
from app.demand_plans.queries import PlanFilters
from app.demand_plans.schemas import DemandPlanIn
from app.demo.county import DemoCounty
from app.demo.places import COUNTY_CODE
from app.employers.terms import EmployerState

# Firm, work, people, month from this one, months of the season (0 = all year), yuan a month.
_PLANS: Final = (
    ("铜川和暖服饰有限公司", "缝纫工", 60, 3, 0, 3200, 4800),
    ("小丘针织社区工厂", "缝纫工", 25, 2, 0, 2800, 3600),
    ("耀州塬上果业有限公司", "苹果分拣工", 80, 9, 2, 2600, 3200),
    ("惠家家庭农场", "摘苹果", 40, 10, 1, 3000, 3600),
    ("铜川沮岸乳业有限公司", "包装工", 30, 1, 0, 3000, 3800),
    ("董家河宏立机械厂", "焊工", 18, 2, 0, 5000, 6800),
    ("福安敬老院", "护理员", 12, 1, 0, 2800, 3600),
    ("石柱高标准农田项目部", "瓦工", 35, 4, 6, 5500, 7000),
)


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
