"""Accounts for tests, named after situations. Places are real divisions, the village is invented."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.schemas import NewStaff, Visit
from app.accounts.service import add_staff, create_staff
from app.accounts.terms import Role
from app.core.clock import Clock
from app.core.db import Database
from app.core.security import hash_password
from app.regions import gazetteer
from app.regions.models import Region
from app.regions.terms import Level, RegionSource

PROVINCE, CITY, COUNTY, TOWN = "610000", "610200", "610204", "610204101"
VILLAGE, OTHER_VILLAGE = "610204101201", "610204101202"
OTHER_COUNTY, OTHER_TOWN = "610222", "610222102"
PASSWORD = "柳树塬的苹果今年红了"
# Hashing is slow on purpose; one hash serves all tests that never sign in.
PASSWORD_HASH = hash_password(PASSWORD)
HOME = Visit("192.0.2.10")
PHONE = "13900002041"


def add_regions(session: Session) -> None:
    """The rows that roles point to, unless the reference data is loaded already."""
    for code in (PROVINCE, CITY, COUNTY, OTHER_COUNTY, TOWN, OTHER_TOWN):
        division = gazetteer.get(code)
        if session.get(Region, code) is None:
            session.add(_row(code, division.level, division.name, division.parent_code))
            session.flush()
    for code, name in ((VILLAGE, "柳树塬村"), (OTHER_VILLAGE, "北塬村")):
        if session.get(Region, code) is None:
            session.add(_row(code, Level.VILLAGE, name, TOWN))
    session.flush()


def _row(code: str, level: Level, name: str, parent: str | None) -> Region:
    return Region(
        code=code,
        level=level,
        name=name,
        short_name=name,
        parent_code=parent,
        pinyin="x",
        initials="x",
        source=RegionSource.OFFICE,
    )


def officer_who_can_sign_in(database: Database, clock: Clock, username: str = "wangguilan") -> int:
    """A village officer with a password; returns the user's id."""
    return add_staff(database, clock, username, Role.VILLAGE_OFFICER, VILLAGE, PASSWORD)


def staff_member(
    session: Session, clock: Clock, role: Role, region_code: str | None, name: str = ""
) -> Actor:
    """A colleague with one role, as the actor they are."""
    username = name or f"{role.value}-{region_code or 'all'}".replace("_", "-")
    new = NewStaff(username=username, display_name=username, role=role, region_code=region_code)
    user = create_staff(session, clock, SYSTEM, new, password_hash=PASSWORD_HASH)
    return queries.actor_of(session, user, clock.now())


def holding(role: Role, region_code: str | None, user_id: int = 1) -> Actor:
    """An actor without a row behind it, for rules."""
    return Actor(user_id, "同事", (Grant(role, region_code),))


@dataclass
class Outbox:
    """Stands in for the provider and keeps what was sent."""

    sent: list[tuple[str, str]] = field(default_factory=list)

    def send_code(self, phone: str, code: str) -> None:
        self.sent.append((phone, code))

    @property
    def last_code(self) -> str:
        return self.sent[-1][1]
