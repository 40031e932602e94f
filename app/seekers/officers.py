"""包户人: which colleague is responsible for a household, as long as they are in office there, and naming one
for many households at once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import RoleGrant, User
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.accounts.queries import grant_in_force, is_officers_grant_over, list_officers_over
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid
from app.regions.scope import scope_prefix
from app.seekers import households, queries
from app.seekers.models import Household

# As many as one form shows and one transaction changes.
MOST_AT_ONCE: Final = 100


def is_in_office(now: datetime) -> ColumnElement[bool]:
    """Condition on households: the officer named still holds a role over the place. When the role ends, so
    does this, without anything being written."""
    return (
        exists()
        .where(
            RoleGrant.user_id == Household.officer_id,
            is_officers_grant_over(Household.__table__.c.region_code),
            grant_in_force(now),
            User.id == RoleGrant.user_id,
            User.disabled_at.is_(None),
        )
        .correlate(Household)
    )


def names_by_household(session: Session, household_ids: Collection[int], now: datetime) -> dict[int, str]:
    """Who is responsible for these households now, by household; those with nobody in office are left out.
    One statement."""
    if not household_ids:
        return {}
    rows = session.execute(
        select(Household.id, User.display_name)
        .join(User, User.id == Household.officer_id)
        .where(Household.id.in_(household_ids), is_in_office(now))
    )
    return {row.id: row.display_name for row in rows}


def list_choices(session: Session, region_code: str, now: datetime) -> list[User]:
    """Colleagues who may be named for households of a place, the nearest first."""
    return list_officers_over(session, region_code, now)


def list_without_officer(
    session: Session, actor: Actor, region_code: str, now: datetime, *, to_change: bool = False
) -> list[Household]:
    """Households of a place that `actor` may change and that have nobody in office, in the order they were
    entered; a hundred at most. Raises UnknownRegion."""
    prefixes = reading_prefixes(actor, Resource.HOUSEHOLD_FILE, Action.EDIT)
    statement = (
        queries.visible_households(actor)
        .where(
            queries.lies_in_any(Household.region_code, prefixes),
            queries.lies_in_any(Household.region_code, [scope_prefix(region_code)]),
            Household.closed_at.is_(None),
            ~is_in_office(now),
        )
        .order_by(Household.id)
        .limit(MOST_AT_ONCE)
    )
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(statement))


def name_for_many(
    session: Session,
    actor: Actor,
    region_code: str,
    officer_id: int,
    household_ids: Sequence[int],
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> int:
    """Names one colleague for those of the households of a place that have nobody; returns for how many.

    Who got somebody meanwhile keeps them. Raises Invalid (no officer of the place, too many at once),
    UnknownRegion.
    """
    if len(household_ids) > MOST_AT_ONCE:
        raise Invalid(f"一次最多定 {MOST_AT_ONCE} 户，请分几次办。")
    now = clock.now()
    if officer_id not in {user.id for user in list_choices(session, region_code, now)}:
        raise Invalid(fields=[FieldProblem("officer", "这位同事不管这个地方，请换一位")])
    wanted = set(household_ids)
    free = [
        h for h in list_without_officer(session, actor, region_code, now, to_change=True) if h.id in wanted
    ]
    for household in free:
        households.set_officer(session, actor, household.id, officer_id, cipher=cipher, clock=clock)
    return len(free)
