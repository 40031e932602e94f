"""户的合计: how many households of one's places need something, and those households."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.terms import LabelledEnum
from app.regions.scope import scope_prefix
from app.seekers import queries
from app.seekers.models import Household, Person
from app.seekers.officers import is_in_office
from app.seekers.rules import WORKING


class HouseholdNeed(LabelledEnum):
    """户的情形: what makes an officer look at a household first."""

    MONITORED = "monitored", "监测户"
    NO_OFFICER = "no_officer", "没人包"
    NOBODY_WORKING = "nobody_working", "没人上班"


@dataclass(frozen=True)
class HouseholdCounts:
    """户的合计: all of them, and those with each need."""

    households: int
    needs: dict[HouseholdNeed, int]


def count_households(
    session: Session, actor: Actor, now: datetime, *, region_code: str | None = None
) -> HouseholdCounts:
    """How many households `actor` may read, closed ones left out; one statement, however many places. Raises
    UnknownRegion."""
    sums = [func.coalesce(func.sum(case((condition_of(need, now), 1), else_=0)), 0) for need in HouseholdNeed]
    statement = queries.visible_households(actor).where(Household.closed_at.is_(None))
    if region_code is not None:
        statement = statement.where(queries.lies_in_any(Household.region_code, [scope_prefix(region_code)]))
    total, *numbers = session.execute(statement.with_only_columns(func.count(), *sums)).one()
    needs = {need: int(number) for need, number in zip(HouseholdNeed, numbers, strict=True)}
    return HouseholdCounts(int(total), needs)


def condition_of(need: HouseholdNeed, now: datetime) -> ColumnElement[bool]:
    """Condition on households: they have this need now."""
    if need is HouseholdNeed.MONITORED:
        return Household.is_monitored.is_(True)
    if need is HouseholdNeed.NO_OFFICER:
        return ~is_in_office(now)
    working = exists().where(
        Person.household_id == Household.id,
        Person.status.in_(WORKING),
        Person.closed_at.is_(None),
        queries.is_kept(Person),
    )
    return ~working.correlate(Household)
