"""县里的时限: the deadlines that hold for a place, and setting them."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, require
from app.core.clock import Clock
from app.core.errors import FieldProblem, Invalid
from app.referrals import queries
from app.referrals.clocks.rules import CountyClocks, with_overrides
from app.referrals.models import ClockSettings

_COUNTY_DIGITS: Final = 6
_LAST_DAY: Final = 28


def county_clocks(session: Session, region_code: str) -> CountyClocks:
    """The deadlines that hold where `region_code` lies; REFERRALS' own where the county set none."""
    row = queries.find_clock_settings(session, region_code[:_COUNTY_DIGITS])
    if row is None:
        return CountyClocks()
    return CountyClocks(with_overrides(row.overrides), row.township_confirms, row.month_closes_on)


def save_clock_settings(
    session: Session,
    actor: Actor,
    county_code: str,
    *,
    overrides: Mapping[str, int | None],
    township_confirms: bool,
    month_closes_on: int,
    clock: Clock,
) -> ClockSettings:
    """A county sets its own deadlines; `overrides` are "long.nudge": minutes (None: that step is left out).
    Running clocks keep their next step. Raises NotFound outside the area, Forbidden, Invalid."""
    require(actor, Action.DECIDE, Resource.REFERRAL, Target(region_code=county_code))
    try:
        with_overrides(overrides)
    except ValueError as error:
        raise Invalid(fields=[FieldProblem("overrides", f"{error} 填得不对")]) from error
    if not 1 <= month_closes_on <= _LAST_DAY:
        raise Invalid(fields=[FieldProblem("month_closes_on", "填 1 到 28 之间的一天")])
    row = queries.find_clock_settings(session, county_code)
    if row is None:
        row = ClockSettings(region_code=county_code, version=0)
        session.add(row)
    row.overrides = dict(overrides)
    row.township_confirms, row.month_closes_on = township_confirms, month_closes_on
    row.updated_by_id, row.updated_at = actor.user_id, clock.now()
    row.version += 1
    session.flush()
    return row
