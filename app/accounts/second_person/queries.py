"""二人确认查询: what waits for a colleague, what they asked for, and who may answer."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import User
from app.accounts.permissions import Permission, Target, may, reading_prefixes
from app.accounts.second_person.errors import ConfirmationNotFound
from app.accounts.second_person.models import Confirmation
from app.accounts.second_person.terms import ConfirmationKind, ConfirmationState

# Nobody works through more at a sitting; older ones first.
MOST_WAITING: Final = 100
MOST_OWN: Final = 20


def may_answer(actor: Actor, confirmation: Confirmation) -> bool:
    """Whether a colleague is the second person: not who asked, and able to do the same thing unmasked."""
    return permission_to_answer(actor, confirmation) is not None


def permission_to_answer(actor: Actor, confirmation: Confirmation) -> Permission | None:
    """As `may_answer`, with the role under which it is allowed."""
    if actor.user_id is None or actor.user_id == confirmation.asked_by_id:
        return None
    kind = confirmation.kind
    target = Target(
        region_code=confirmation.region_code, submitted_by_ids=frozenset({confirmation.asked_by_id})
    )
    permission = may(actor, kind.action, kind.resource, target)
    return None if permission is None or permission.is_masked else permission


def list_waiting(session: Session, actor: Actor, now: datetime) -> list[Confirmation]:
    """What waits for this colleague's yes or no, the oldest first; one statement, none for who never answers
    anything."""
    ways = []
    for kind in ConfirmationKind:
        for prefix in reading_prefixes(actor, kind.resource, kind.action):
            within = Confirmation.region_code.between(prefix, prefix.ljust(12, "9"))
            ways.append((Confirmation.kind == kind) & within)
    if not ways or actor.user_id is None:
        return []
    statement = (
        select(Confirmation)
        .where(
            Confirmation.state == ConfirmationState.WAITING,
            Confirmation.expires_at > now,
            Confirmation.asked_by_id != actor.user_id,
            or_(*ways),
        )
        .order_by(Confirmation.id)
        .limit(MOST_WAITING)
    )
    return [found for found in session.scalars(statement) if may_answer(actor, found)]


def list_own(session: Session, actor: Actor, kind: ConfirmationKind | None = None) -> list[Confirmation]:
    """What this colleague asked for, the newest first."""
    statement = select(Confirmation).where(Confirmation.asked_by_id == actor.user_id)
    if kind is not None:
        statement = statement.where(Confirmation.kind == kind)
    return list(session.scalars(statement.order_by(Confirmation.id.desc()).limit(MOST_OWN)))


def get_confirmation(session: Session, actor: Actor, confirmation_id: int) -> Confirmation:
    """One that the colleague asked for or may answer. Raises ConfirmationNotFound."""
    found = session.get(Confirmation, confirmation_id)
    if found is None or not (_is_own(actor, found) or may_answer(actor, found)):
        raise ConfirmationNotFound
    return found


def find_waiting(
    session: Session, kind: ConfirmationKind, subject_id: int, now: datetime
) -> Confirmation | None:
    """The request about one record that waits for an answer; None when nobody asked, or it ran out."""
    statement = select(Confirmation).where(
        Confirmation.kind == kind,
        Confirmation.subject_id == subject_id,
        Confirmation.state == ConfirmationState.WAITING,
        Confirmation.expires_at > now,
    )
    return session.scalar(statement.order_by(Confirmation.id).limit(1))


def names_of(session: Session, confirmations: Collection[Confirmation]) -> dict[int, str]:
    """What those who asked and answered are called, by user id; one statement."""
    ids = {c.asked_by_id for c in confirmations} | {c.answered_by_id for c in confirmations}
    known = [user_id for user_id in ids if user_id is not None]
    if not known:
        return {}
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_(known)))
    return {row.id: row.display_name for row in rows}


def _is_own(actor: Actor, confirmation: Confirmation) -> bool:
    return actor.user_id is not None and actor.user_id == confirmation.asked_by_id
