"""年度区划表: codes that a new yearly table no longer has.

Where nothing is kept under such a code it is retired at once. Where people, postings or villages are, the
table only proposes: somebody takes the proposal up, another person approves it, and everything moves as
with any change.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.regions import gazetteer
from app.regions.change_models import RegionChange
from app.regions.changing import is_anything_kept
from app.regions.models import Region
from app.regions.terms import Level, RegionChangeKind, RegionChangeState, RegionSource


@dataclass(frozen=True)
class LeavingCodes:
    """离表代码: how many were retired at once and how many wait for people."""

    retired: int
    proposed: int


def propose_changes(session: Session, clock: Clock) -> LeavingCodes:
    """Looks for living built-in codes that the table no longer has; doing it again proposes nothing twice."""
    table = gazetteer.built_in().divisions
    rows = session.execute(
        select(Region.code, Region.level).where(
            Region.source == RegionSource.BUILTIN, Region.level != Level.VILLAGE, Region.retired_on.is_(None)
        )
    )
    leaving = sorted((row.code for row in rows if row.code not in table), key=len, reverse=True)
    waiting = set(
        session.scalars(
            select(RegionChange.old_code).where(
                RegionChange.old_code.in_(leaving),
                RegionChange.state.in_(
                    (RegionChangeState.PROPOSED, RegionChangeState.PREPARED, RegionChangeState.APPROVED)
                ),
            )
        )
    )
    retired = proposed = 0
    for code in leaving:  # towns before their counties
        region = session.get_one(Region, code)
        successor = _successor(region)
        if _is_empty(session, code, clock):
            region.retired_on, region.moved_to = clock.today(), successor
            session.flush()
            retired += 1
        elif code not in waiting:
            session.add(_proposal(session, region, successor, clock))
            proposed += 1
    session.flush()
    return LeavingCodes(retired, proposed)


def _is_empty(session: Session, code: str, clock: Clock) -> bool:
    below = select(Region.code).where(Region.parent_code == code, Region.retired_on.is_(None)).limit(1)
    return session.scalar(below) is None and not is_anything_kept(session, code, clock.now())


def _successor(region: Region) -> str | None:
    """Where the table says, or a town of the same name in the county that came after; else unknown."""
    table = gazetteer.built_in()
    if len(region.code) == 6:
        found = table.successors.get(region.code)
        return found if found in table.divisions else None
    county = table.successors.get(region.code[:6], region.code[:6])
    alike = [town.code for town in table.children.get(county, ()) if town.name == region.name]
    return alike[0] if len(alike) == 1 else None


def _proposal(session: Session, region: Region, successor: str | None, clock: Clock) -> RegionChange:
    target = session.get(Region, successor) if successor else None
    today: date = clock.today()
    return RegionChange(
        kind=RegionChangeKind.MERGE,
        state=RegionChangeState.PROPOSED,
        old_code=region.code,
        new_code=successor or "",
        old_name=region.name,
        new_name=target.name if target else "",
        target_name=target.name if target else "",
        manager_code=region.parent_code,
        effective_on=today,
        reason="新的年度区划表里没有这个代码了",
        prepared_at=clock.now(),
    )
