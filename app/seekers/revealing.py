"""看全文: opening one sealed field of a person, with a reason where SAFETY asks for one; the audit log, which
the person can read, keeps it."""

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid
from app.seekers import policies, queries
from app.seekers.history import open_present
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
    """The whole `id_number`, `phone`, `health` or `ledger` of a person; `session` must be one that writes.

    Raises PersonNotFound, Forbidden, Invalid (the reason is missing or too short).
    """
    person = queries.get_person(session, actor, person_id)
    permission = policies.require_reveal(actor, person, field)
    unmet = permission.unmet(reason=reason, actor_id=actor.user_id)
    if unmet is not None:
        raise Invalid(unmet, fields=[FieldProblem("reason", unmet)])
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
    return RevealOut(field=field, value=open_present(session, person, cipher)[field])
