"""诉求随区划走: a case belongs to its place's office, whatever the code; a county's own days go along."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.cases.models import Case, CaseLimit, CaseStep
from app.regions import holders
from app.regions.holders import Holder, Moving

holders.hold(Holder(Case.region_code, "诉求"), Holder(Case.place_code), Holder(CaseStep.to_code))
holders.stay("case_limits.region_code", "moved below: the county that stays keeps its own")


@holders.follow
def move_limits(session: Session, moving: Moving) -> None:
    """A county with a new code keeps its days; where it joins another, the other's hold."""
    for old, new in moving.moves.items():
        kept = set(session.scalars(select(CaseLimit.kind).where(CaseLimit.region_code == new)))
        if kept:
            session.execute(delete(CaseLimit).where(CaseLimit.region_code == old, CaseLimit.kind.in_(kept)))
        session.execute(update(CaseLimit).where(CaseLimit.region_code == old).values(region_code=new))
    session.flush()
