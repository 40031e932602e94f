"""A village's board for tests: one village, a handful of firms, 45 postings near and far, all invented."""

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.accounts.schemas import NewStaff
from app.accounts.service import create_staff
from app.accounts.terms import Role
from app.codes.signing import make_code
from app.codes.terms import CodeKind
from app.core.clock import FixedClock
from app.core.settings import Settings
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from tests.employers.factories import OTHER_TOWN, TOWN, VILLAGE, plant_regions, verified_employer
from tests.jobs.factories import open_job, put_in_state

PHONE = "13900001111"
OFFICER, OFFICER_PHONE = "王桂兰", "13900002041"
PLACES = (TOWN, OTHER_TOWN, VILLAGE, TOWN)


def month(low: int, high: int) -> dict[str, object]:
    return {"min_fen": low * 100, "max_fen": high * 100, "unit": "month"}


def hang_board(session: Session, clock: FixedClock) -> dict[str, JobPosting]:
    """The postings that tests speak of by name, among forty others."""
    plant_regions(session, VILLAGE, OTHER_TOWN, "320505", "610203")
    officer = NewStaff(
        username="wangguilan",
        display_name=OFFICER,
        role=Role.VILLAGE_OFFICER,
        region_code=VILLAGE,
        work_phone=OFFICER_PHONE,
    )
    create_staff(session, clock, SYSTEM, officer, password_hash="x")
    workshop = verified_employer(
        session,
        clock,
        "小丘针织社区工厂",
        kind="community_factory",
        contact_phone=PHONE,
        contact_name="刘厂长",
    )
    village = verified_employer(session, clock, "石柱原村村委会", kind="public_welfare", region_code=VILLAGE)
    farm = verified_employer(session, clock, "惠家家庭农场", kind="family_farm")
    away = verified_employer(session, clock, "苏州明华电子厂", region_code="320505")
    next_door = verified_employer(session, clock, "王益建材厂", region_code="610203")
    jobs = {
        "sewing": open_job(
            session,
            clock,
            workshop,
            wage=month(2800, 3600),
            board=True,
            shifts=["day"],
            suits=["care_hours"],
            description="用平缝机做校服、围裙。\n坐着干，不搬重东西。",
            address="街道东头老粮站院里",
            openings=8,
        ),
        "welfare": open_job(
            session, clock, village, title="村道保洁", region_code=VILLAGE, wage=month(2200, 2200)
        ),
        "bagging": open_job(
            session,
            clock,
            farm,
            title="苹果套袋",
            profile="day",
            wage={"min_fen": 13000, "max_fen": 13000, "unit": "day"},
        ),
        "welder": open_job(
            session, clock, next_door, title="电焊工", region_code="610203", certificates=["焊工证"]
        ),
        "electronics": open_job(
            session,
            clock,
            away,
            title="电子厂装配工",
            region_code="320505",
            wage=month(5500, 7000),
            board=True,
            lodging=True,
            shifts=["rotating"],
        ),
        "piece": open_job(
            session, clock, workshop, title="串珠", wage={"min_fen": 120, "max_fen": 120, "unit": "piece"}
        ),
        "talk": open_job(session, clock, farm, title="果园看护", wage={"negotiable": True}),
        "full": put_in_state(session, open_job(session, clock, farm, title="摘花椒"), JobState.FILLED),
        "review": put_in_state(session, open_job(session, clock, farm, title="挖药材"), JobState.REVIEW),
    }
    for number in range(40):
        open_job(
            session,
            clock,
            workshop,
            title=("缝纫工", "锁边工", "服装熨烫工", "包装工")[number % 4],
            region_code=PLACES[number % 4],
            wage=month(2300 + number * 10, 3000 + number * 10),
            shifts=["day"],
            board=number % 2 == 0,
        )
    return jobs


def village_code(settings: Settings, region_code: str = VILLAGE) -> str:
    return make_code(settings.secret_key.get_secret_value(), CodeKind.VILLAGE, region_code)
