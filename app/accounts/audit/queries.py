"""审计查询: who looked at a person's file, and what of the log a colleague may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.actor import Actor
from app.accounts.audit.models import AuditEntry
from app.accounts.models import User
from app.accounts.permission_table import permission_table
from app.accounts.permission_terms import Action, Resource, Tie
from app.accounts.permissions import area_prefix, reading_prefixes
from app.accounts.terms import Role

# What an admin looks after: accounts and the log itself, nobody's file.
TECHNICAL_RESOURCES = (Resource.STAFF_ACCOUNT, Resource.AUDIT_LOG)
_LOOKS = (Action.READ, Action.REVEAL, Action.READ_ABILITY, Action.EXPORT)
_OF_A_PERSON = (Resource.SEEKER_CARD, Resource.PHONE, Resource.ID_NUMBER, Resource.HEALTH)


@dataclass(frozen=True)
class Look:
    """查看: one time someone saw something of a person's file. `role` and `actor_name` may be gone.

    `team_code` is the region of the role under which it was done.
    """

    at: datetime
    actor_name: str
    role: Role | None
    resource: Resource
    action: Action
    reason: str
    actor_id: int | None = None
    team_code: str | None = None


def who_looked(
    session: Session, person_id: int, household_id: int | None = None, *, limit: int = 200
) -> list[Look]:
    """Who read the file of a person (with `household_id`: and of their household), newest first."""
    about = and_(AuditEntry.subject_id == person_id, AuditEntry.resource.in_(_codes(_OF_A_PERSON)))
    if household_id is not None:
        files = AuditEntry.resource == Resource.HOUSEHOLD_FILE.value
        about = or_(about, and_(AuditEntry.subject_id == household_id, files))
    statement = (
        select(AuditEntry, User.display_name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(about, AuditEntry.action.in_(_codes(_LOOKS)))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [
        Look(
            entry.at,
            name or "系统",
            _role(entry.role),
            Resource(entry.resource),
            Action(entry.action),
            entry.reason,
            entry.actor_id,
            entry.team_code,
        )
        for entry, name in session.execute(statement)
    ]


def visible_entries(actor: Actor) -> Select[AuditEntry]:
    """What of the log `actor` may see: their team's, their county's, the technical part, or all of it."""
    ways = [_in(AuditEntry.region_code, prefix) for prefix in reading_prefixes(actor, Resource.AUDIT_LOG)]
    for grant in actor.grants:
        for rule in permission_table().rules(Resource.AUDIT_LOG, grant.role):
            prefix = area_prefix(grant)
            if rule.tie is Tie.TEAM and prefix is not None:
                ways.append(_in(AuditEntry.team_code, prefix))
            if rule.tie is Tie.TECHNICAL:
                ways.append(AuditEntry.resource.in_(_codes(TECHNICAL_RESOURCES)))
    return select(AuditEntry).where(or_(*ways) if ways else false())


def _in(column: InstrumentedAttribute[str | None], prefix: str) -> ColumnElement[bool]:
    # A range, not LIKE: an index serves it under every collation.
    return column.between(prefix, prefix.ljust(12, "9")) if prefix else true()


def _role(code: str | None) -> Role | None:
    return next((role for role in Role if role.value == code), None)


def _codes(terms: Sequence[Resource] | Sequence[Action]) -> list[str]:
    return [term.value for term in terms]
