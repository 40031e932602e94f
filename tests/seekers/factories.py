"""Situations with households and people, in 铜川市耀州区 (610204)."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.models import User
from app.accounts.terms import Role, UserKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.demo.numbers import id_check_sign
from app.regions import gazetteer
from app.regions.models import Region
from app.regions.terms import Level, RegionSource
from app.seekers import households, people
from app.seekers.models import Household, Person
from app.seekers.schemas import HouseholdIn, MemberIn, SeekerIn

COUNTY, TOWN, OTHER_TOWN = "610204", "610204101", "610204103"
VILLAGE, OTHER_VILLAGE, FAR_VILLAGE = "610204101201", "610204101202", "610204103201"
OTHER_COUNTY = "610222"
NAMES = {VILLAGE: "柳树塬村", OTHER_VILLAGE: "北塬村", FAR_VILLAGE: "石柱村"}


def plant_regions(session: Session) -> None:
    """The villages of these tests and all above them, where reference data was not loaded."""
    for code, name in NAMES.items():
        for step in gazetteer.ancestors(code):
            if session.get(Region, step.code) is None:
                session.add(_region(step.code, step.name, step.level, step.parent_code))
                session.flush()
        if session.get(Region, code) is None:
            session.add(_region(code, name, Level.VILLAGE, code[:9]))
    session.flush()


def _region(code: str, name: str, level: Level, parent: str | None) -> Region:
    sounds = {"柳树塬村": "liushuyuancun", "北塬村": "beiyuancun", "石柱村": "shizhucun"}
    return Region(
        code=code,
        level=level,
        name=name,
        short_name=name,
        parent_code=parent,
        pinyin=sounds.get(name, ""),
        initials="",
        source=RegionSource.OFFICE if level is Level.VILLAGE else RegionSource.BUILTIN,
    )


def holding(role: Role, region: str | None, user_id: int = 1, *, read_only: bool = False) -> Actor:
    return Actor(user_id, "王同志", (Grant(role, region_code=region, is_read_only=read_only),))


def add_users(session: Session, clock: FixedClock, *actors: Actor) -> None:
    """The accounts behind actors, where a table points to them."""
    for actor in actors:
        if session.get(User, actor.user_id) is None:
            session.add(
                User(
                    id=actor.user_id,
                    kind=UserKind.STAFF,
                    username=f"user{actor.user_id}",
                    display_name=actor.name,
                    created_at=clock.now(),
                )
            )
    session.flush()


def village_officer(region: str = VILLAGE, user_id: int = 3) -> Actor:
    return holding(Role.VILLAGE_OFFICER, region, user_id)


def township_officer(region: str = TOWN, user_id: int = 2) -> Actor:
    return holding(Role.TOWNSHIP_OFFICER, region, user_id)


def county_officer(region: str = COUNTY, user_id: int = 1) -> Actor:
    return holding(Role.COUNTY_OFFICER, region, user_id)


def id_number(born_on: date = date(1975, 3, 8), sequence: int = 12) -> str:
    """Area 990204 is nobody's; odd sequences are men's."""
    first17 = f"990204{born_on:%Y%m%d}{sequence:03d}"
    return first17 + id_check_sign(first17)


def household(session: Session, cipher: FieldCipher, clock: FixedClock, **changes: Any) -> Household:
    plant_regions(session)
    form = HouseholdIn.model_validate({"region_code": VILLAGE, "address": "柳树塬村3组7号"} | changes)
    return households.create_household(session, SYSTEM, form, cipher=cipher, clock=clock)


def seeker(
    session: Session, cipher: FieldCipher, clock: FixedClock, home: Household | None = None, **changes: Any
) -> Person:
    """王桂兰, 51, of 柳树塬村, looking for work."""
    home = home or household(session, cipher, clock)
    form = {"household_id": home.id, "name": "王桂兰", "id_number": id_number(), "phone": "13900002041"}
    data = SeekerIn.model_validate(form | changes)
    return people.add_seeker(session, SYSTEM, data, cipher=cipher, clock=clock)


def member(
    session: Session, cipher: FieldCipher, clock: FixedClock, home: Household, **changes: Any
) -> Person:
    form = {"name": "王小宝", "birth_on": "2015-06-01", "relation": "child"}
    data = MemberIn.model_validate(form | changes)
    return people.add_member(session, SYSTEM, home.id, data, cipher=cipher, clock=clock)
