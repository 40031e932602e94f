"""Situations with employers and the people around them, in 铜川市耀州区 (610204)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.employers import sealing, service
from app.employers.models import Employer
from app.employers.schemas import EmployerIn
from app.employers.service import EmployerDraft
from app.employers.terms import EmployerKind
from app.regions import gazetteer
from app.regions.models import Region
from app.regions.terms import Level, RegionSource

SignIn = Callable[[Actor], None]

COUNTY = "610204"
TOWN = "610204101"
OTHER_TOWN = "610204103"
VILLAGE = "610204101201"
OTHER_COUNTY = "610203"
FAR_CITY = "320500"


def plant_regions(session: Session, *codes: str) -> None:
    """The places tests speak of and all above them, where reference data was not loaded."""
    for code in codes or (VILLAGE, OTHER_TOWN, OTHER_COUNTY, "320505", "440105"):
        for step in gazetteer.ancestors(code):
            if session.get(Region, step.code) is None:
                session.add(_region(step.code, step.name, step.level, step.parent_code, step.x, step.y))
        if len(code) == 12 and session.get(Region, code) is None:
            session.add(_region(code, "石柱原村", Level.VILLAGE, code[:9], None, None))
    session.flush()


def _region(code: str, name: str, level: Level, parent: str | None, x: int | None, y: int | None) -> Region:
    return Region(
        code=code,
        level=level,
        name=name,
        short_name=name,
        parent_code=parent,
        pinyin="",
        initials="",
        x=x,
        y=y,
        source=RegionSource.OFFICE if level is Level.VILLAGE else RegionSource.BUILTIN,
    )


def officer(role: Role, region: str, user_id: int = 1) -> Actor:
    return Actor(user_id, "王同志", (Grant(role, region_code=region),))


def county_officer(region: str = COUNTY, user_id: int = 1) -> Actor:
    return officer(Role.COUNTY_OFFICER, region, user_id)


def township_officer(region: str = TOWN, user_id: int = 2) -> Actor:
    return officer(Role.TOWNSHIP_OFFICER, region, user_id)


def village_officer(region: str = VILLAGE, user_id: int = 3) -> Actor:
    return officer(Role.VILLAGE_OFFICER, region, user_id)


def member_of(employer: Employer, user_id: int = 50) -> Actor:
    return Actor(user_id, "厂里的人", (Grant(Role.EMPLOYER, employer_id=employer.id),))


def somebody(user_id: int = 90) -> Actor:
    """Signed in, without any role."""
    return Actor(user_id, "路人")


def employer_form(**changes: Any) -> EmployerIn:
    form: dict[str, Any] = {"name": "耀州红星制衣有限公司", "kind": "enterprise", "region_code": TOWN}
    return EmployerIn.model_validate(form | changes)


def verified_employer(
    session: Session, clock: FixedClock, name: str = "耀州红星制衣", **changes: Any
) -> Employer:
    return _saved(session, clock, True, name, changes)


def pending_employer(
    session: Session, clock: FixedClock, name: str = "耀州新来制衣", **changes: Any
) -> Employer:
    return _saved(session, clock, False, name, changes)


def set_phone(employer: Employer, phone: str) -> None:
    """Gives a firm another contact phone, as it is kept."""
    employer.contact_phone = sealing.seal_contact(employer.id, phone, sealing.keys_or(None))


def phone_of(employer: Employer) -> str:
    return sealing.open_contact(employer, sealing.keys_or(None))


def _saved(
    session: Session, clock: FixedClock, verified: bool, name: str, changes: dict[str, Any]
) -> Employer:
    plant_regions(session)
    draft = EmployerDraft(employer_form(name=name, **changes))
    saved = service.save_employers(session, [draft], clock, verified=verified)
    employer = session.get(Employer, saved.ids[0])
    assert employer is not None
    assert employer.kind is EmployerKind(changes.get("kind", "enterprise"))
    return employer
