"""看全文: opening one sealed field of a person, with a reason where SAFETY asks for one; the audit log, which
the person can read, keeps it."""

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.duty import duty_user_ids
from app.accounts.permissions import Permission
from app.accounts.quotas import take_quota
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid
from app.seekers import policies, queries, sealing
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
    """The whole `id_number`, `phone`, `health` or `ledger` of a person; `session` must be one that writes.

    Raises PersonNotFound, Forbidden, Invalid (the reason is missing or too short).
    """
    person = queries.get_person(session, actor, person_id)
    on_duty: frozenset[int] = frozenset()
    if field == sealing.HEALTH:
        on_duty = duty_user_ids(session, person.region_code, clock.now())
    permission = policies.require_reveal(actor, person, field, on_duty)
    unmet = permission.unmet(reason=reason, actor_id=actor.user_id)
    if unmet is not None:
        raise Invalid(unmet, fields=[FieldProblem("reason", unmet)])
    take_quota(session, permission, f"user:{actor.user_id}", clock.now())
    _record(session, actor, person, permission, cipher, clock, reason)
    return RevealOut(field=field, value=open_present(session, person, cipher)[field])


def reveal_phone_to_employer(
    session: Session,
    actor: Actor,
    person_id: int,
    *,
    related_employer_ids: frozenset[int],
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
) -> str | None:
    """The phone of somebody who applied, or was referred, to a posting of the actor's firm; None where no
    phone is known. `related_employer_ids` are the firms of those postings, which the caller has looked up.

    Twenty a day for a firm, however many of its members ask (SAFETY: "one-time reveal, rel, quota, logged");
    the person can read who asked. Raises PersonNotFound, QuotaSpent.
    """
    person = queries.get_kept_person(session, person_id)
    permission = policies.require_phone_of_applicant(actor, person, related_employer_ids)
    firm = min(actor.employer_ids & related_employer_ids)
    take_quota(session, permission, f"employer:{firm}", clock.now())
    _record(session, actor, person, permission, cipher, clock, reason)
    return sealing.open_phone(person, cipher)


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
