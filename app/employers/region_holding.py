"""单位随区划走: employers, their office, and the bar list, when a region's code changes."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.employers import places
from app.employers.models import BarEntry, Employer
from app.employers.rules import content_key
from app.regions import gazetteer, holders
from app.regions.holders import Holder, Moving

holders.hold(
    Holder(Employer.office_code, "用人单位"),
    Holder(Employer.region_code),
    Holder(BarEntry.region_code, "黑名单"),
)
gazetteer.forget_on_change(places.forget_readings)


@holders.follow
def rename_identities(session: Session, moving: Moving) -> None:
    """Firms without a credit code are known in imports by name and county: a county's new code is a new
    key.
    """
    counties = [new for new in moving.moves.values() if len(new) == 6]
    if not counties:
        return
    inside = or_(*(Employer.region_code.startswith(county) for county in counties))
    firms = session.scalars(
        select(Employer).where(inside, Employer.credit_code.is_(None), Employer.content_key.is_not(None))
    ).all()
    keys = {firm.id: content_key(firm.name, firm.region_code) for firm in firms}
    taken = set(
        session.scalars(select(Employer.content_key).where(Employer.content_key.in_(set(keys.values()))))
    )
    for firm in firms:
        key = keys[firm.id]
        if key not in taken:  # else the firm is known there already: two rows for people to merge
            taken.add(key)
            firm.content_key = key
    session.flush()
