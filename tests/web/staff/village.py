"""A village for the console's tests: invented people with numbers that pass the check, and their officers."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.actor import Actor
from app.accounts.models import User
from app.accounts.terms import Role
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.seekers import households, people
from app.seekers.models import Household, Person
from app.seekers.schemas import HouseholdIn, MemberIn
from tests.accounts.situations import COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, add_regions, staff_member

PHONE = "13900002041"


def id_number(born: str, serial: int = 12, place: str = "610204") -> str:
    """A number with a right last character (GB 11643)."""
    body = f"{place}{born}{serial:03d}"
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


@dataclass(frozen=True)
class Village:
    """Who is there: ids, so that any session can read them."""

    officer: Actor
    township: Actor
    county: Actor
    stranger: Actor
    household: int
    wife: int
    husband: int
    child: int
    other_household: int
    far_household: int


def settle(session: Session, clock: Clock, cipher: FieldCipher) -> Village:
    """Two households in one village, one in the next."""
    add_regions(session)
    officer = staff_member(session, clock, Role.VILLAGE_OFFICER, VILLAGE, "wangguilan")
    township = staff_member(session, clock, Role.TOWNSHIP_OFFICER, TOWN, "leijuncang")
    county = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "xian")
    stranger = staff_member(session, clock, Role.VILLAGE_OFFICER, OTHER_VILLAGE, "lijuan")
    by = {"cipher": cipher, "clock": clock}
    home = _household(session, officer, by, VILLAGE, "二组 15 号", ["unstable", "relocated"])
    husband = _member(
        session,
        officer,
        by,
        home,
        "李拴虎",
        "head",
        id_number("19800312", 11),
        "employed",
        skills=["分拣"],
        employer_name="药材厂",
    )
    wife = _member(
        session,
        officer,
        by,
        home,
        "赵改霞",
        "spouse",
        id_number("19850609", 24),
        "seeking",
        phone=PHONE,
        skills=["缝纫"],
        occupations=["缝纫工"],
        travel="township",
        wage_floor_fen=280000,
    )
    child = _member(session, officer, by, home, "李明", "child", id_number("20140101", 31), "studying")
    other = _household(session, officer, by, VILLAGE, "三组 2 号", ["ordinary"])
    _member(session, officer, by, other, "王存良", "head", id_number("19701212", 17), "not_seeking")
    far = _household(session, stranger, by, OTHER_VILLAGE, "一组", [])
    _member(session, stranger, by, far, "杨彩霞", "head", id_number("19901212", 28), "seeking")
    return Village(
        officer, township, county, stranger, home.id, wife.id, husband.id, child.id, other.id, far.id
    )


def _household(session: Session, actor: Actor, by: dict, code: str, address: str, kinds: list) -> Household:  # type: ignore[type-arg]
    data = HouseholdIn(region_code=code, address=address, kinds=kinds)
    return households.create_household(session, actor, data, **by)


def _member(session, actor, by, household, name, relation, number, status, **more) -> Person:  # type: ignore[no-untyped-def]
    data = MemberIn(name=name, relation=relation, id_number=number, status=status, **more)
    return people.add_member(session, actor, household.id, data, **by)


def open_session(session: Session, clock: Clock, actor: Actor) -> str:
    """A session cookie for a colleague."""
    user = session.get_one(User, actor.user_id)
    return sessions.open_session(session, clock, user)


TODAY = date(2026, 11, 22)
