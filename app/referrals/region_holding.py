"""时限随区划走: a county's own times for the clocks, when its code changes."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.referrals.models import ClockSettings
from app.regions import holders
from app.regions.holders import Moving

holders.stay("clock_settings.region_code", "copied to the new code, so that undoing has nothing to take back")


@holders.follow
def copy_clock_settings(session: Session, moving: Moving) -> None:
    """A county with a new code keeps its times; where two counties become one, the one that stays has its
    own.
    """
    table = ClockSettings.__table__
    rows = session.execute(select(table).where(table.c.region_code.in_(list(moving.moves)))).mappings().all()
    kept = set(
        session.scalars(select(table.c.region_code).where(table.c.region_code.in_(moving.moves.values())))
    )
    for row in rows:
        new = moving.moves[row["region_code"]]
        if new not in kept:
            session.execute(insert(ClockSettings).values(dict(row) | {"region_code": new}))
            kept.add(new)
