"""看全文: opening one sealed field of a person, with a reason where SAFETY asks for one; the audit log, which
the person can read, keeps it."""

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.duty import duty_user_ids
from app.accounts.permissions import Permission
from app.accounts.quotas import take_quota
from app.accounts.terms import Role
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid
from app.seekers import policies, sealing
from app.seekers.access.cards import get_reachable
from app.seekers.access.ties import tie_of
from app.seekers.history import open_present
from app.seekers.models import Person
from app.seekers.shown import RevealOut


def reveal_field(
    session: Session,
    actor: Actor,
    person_id: int,
    field: str,
    *,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
) -> RevealOut:
    """The whole `id_number`, `phone`, `health` or `ledger` of a person, whom the actor may reach by area or
    by a relation (app/seekers/access); `session` must be one that writes. A firm's reveals of phones are
    counted by firm and day.

    Raises PersonNotFound, Forbidden, QuotaSpent, Invalid (the reason is missing or too short).
    """
    now = clock.now()
    person = get_reachable(session, actor, person_id, now)
    ties = tie_of(session, actor, person.id)
    on_duty: frozenset[int] = frozenset()
    if field == sealing.HEALTH:
        on_duty = duty_user_ids(session, person.region_code, now)
    permission = policies.require_reveal(actor, person, field, on_duty, ties=ties, now=now)
    unmet = permission.unmet(reason=reason, actor_id=actor.user_id)
    if unmet is not None:
        raise Invalid(unmet, fields=[FieldProblem("reason", unmet)])
    firms = actor.employer_ids & ties.related_employer_ids
    of_firm = permission.role is Role.EMPLOYER and firms
    holder = f"employer:{min(firms)}" if of_firm else f"user:{actor.user_id}"
    take_quota(session, permission, holder, now)
    _record(session, actor, person, permission, cipher, clock, reason)
    return RevealOut(field=field, value=open_present(session, person, cipher)[field])


def _record(
    session: Session,
    actor: Actor,
    person: Person,
    permission: Permission,
    cipher: FieldCipher,
    clock: Clock,
    reason: str,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        permission.action,
        permission.resource,
        subject_id=person.id,
        region_code=person.region_code,
        permission=permission,
        reason=reason,
    )
