"""同意记录: who agreed to what, when and how; taking it back stops the purpose at once (PIPL art. 15)."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.seekers import queries
from app.seekers.access.ties import tie_of
from app.seekers.history import record_change
from app.seekers.models import Person, PrivateFacts
from app.seekers.privacy import policies
from app.seekers.privacy.errors import ConsentMissing
from app.seekers.privacy.models import Consent
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.privacy.scrubbing import forget_in_history
from app.seekers.privacy.terms import ConsentPurpose
from app.seekers.sealing import HEALTH, open_facts
from app.seekers.terms import ChangeKind

# Raised with every change of wording; the texts themselves stand with the forms.
TEXT_VERSION = "2026-11"


def record_consent(
    session: Session, actor: Actor, person_id: int, data: ConsentIn, *, cipher: FieldCipher, clock: Clock
) -> Consent:
    """Writes down a yes or a no. Raises PersonNotFound, Forbidden."""
    return (give_consent if data.is_given else withdraw_consent)(
        session, actor, person_id, data, cipher=cipher, clock=clock
    )


def give_consent(
    session: Session, actor: Actor, person_id: int, data: ConsentIn, *, cipher: FieldCipher, clock: Clock
) -> Consent:
    """The person agrees to a purpose. Raises PersonNotFound, Forbidden."""
    person = queries.get_person(session, actor, person_id, to_change=True)
    return _add(session, actor, person, data, is_given=True, cipher=cipher, clock=clock)


def withdraw_consent(
    session: Session, actor: Actor, person_id: int, data: ConsentIn, *, cipher: FieldCipher, clock: Clock
) -> Consent:
    """The person takes an agreement back: the purpose stops with this transaction. Health facts, which only
    that consent allowed to keep, go at once. Raises PersonNotFound, Forbidden.
    """
    person = queries.get_person(session, actor, person_id, to_change=True)
    consent = _add(session, actor, person, data, is_given=False, cipher=cipher, clock=clock)
    if data.purpose is ConsentPurpose.HEALTH:
        _forget_health(session, actor, person, cipher, clock)
    return consent


def list_consents(session: Session, actor: Actor, person_id: int) -> list[Consent]:
    """All a person said, newest first. Raises PersonNotFound, Forbidden."""
    person = queries.get_person(session, actor, person_id)
    owner_id = tie_of(session, actor, person.id).owner_user_id
    policies.require_reading_consents(actor, person, owner_id)
    return consents_of(session, person_id)


def consents_of(session: Session, person_id: int) -> list[Consent]:
    """As `list_consents`; the caller has asked for the permission."""
    statement = select(Consent).where(Consent.person_id == person_id).order_by(Consent.id.desc())
    return list(session.scalars(statement))


def has_consent(session: Session, person_id: int, purpose: ConsentPurpose) -> bool:
    """Whether the person's last word on a purpose was yes."""
    return _last_words(session, [person_id], purpose).get(person_id, False)


def is_allowed(session: Session, person_id: int, purpose: ConsentPurpose) -> bool:
    """Whether the office may do it: with a yes, or, where the law needs none, without a no."""
    return person_id in allowed_among(session, [person_id], purpose)


def require_allowed(session: Session, person_id: int, purpose: ConsentPurpose) -> None:
    """As `is_allowed`. Raises ConsentMissing."""
    if not is_allowed(session, person_id, purpose):
        raise ConsentMissing


def allowed_among(session: Session, person_ids: Collection[int], purpose: ConsentPurpose) -> set[int]:
    """Those of these people for whom the purpose is allowed; one statement, for lists of up to a page or a
    batch."""
    said = _last_words(session, person_ids, purpose)
    return {i for i in person_ids if said.get(i, not purpose.needs_asking)}


def is_allowed_for(purpose: ConsentPurpose) -> ColumnElement[bool]:
    """The same as a condition on people, for statements over many."""
    last = (
        select(func.max(Consent.id))
        .where(Consent.person_id == Person.id, Consent.purpose == purpose)
        .correlate(Person)
        .scalar_subquery()
    )
    if purpose.needs_asking:
        return exists().where(Consent.id == last, Consent.is_given)
    return ~exists().where(Consent.id == last, Consent.is_given.is_(False))


def _last_words(session: Session, person_ids: Collection[int], purpose: ConsentPurpose) -> Mapping[int, bool]:
    if not person_ids:
        return {}
    last = (
        select(func.max(Consent.id))
        .where(Consent.person_id.in_(person_ids), Consent.purpose == purpose)
        .group_by(Consent.person_id)
    )
    rows = session.execute(select(Consent.person_id, Consent.is_given).where(Consent.id.in_(last)))
    return {row.person_id: row.is_given for row in rows}


def _add(
    session: Session,
    actor: Actor,
    person: Person,
    data: ConsentIn,
    *,
    is_given: bool,
    cipher: FieldCipher,
    clock: Clock,
) -> Consent:
    owner_id = tie_of(session, actor, person.id).owner_user_id
    permission = policies.require_recording_consent(actor, person, owner_id)
    consent = Consent(
        person_id=person.id,
        purpose=data.purpose,
        is_given=is_given,
        method=data.method,
        told_by=data.told_by,
        text_version=data.text_version or TEXT_VERSION,
        at=clock.now(),
        actor_id=actor.user_id,
    )
    session.add(consent)
    session.flush()
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.EDIT,
        Resource.SEEKER_CARD,
        subject_id=person.id,
        region_code=person.region_code,
        permission=permission,
        detail={"consent": data.purpose.value, "given": is_given, "method": data.method.value},
    )
    return consent


def _forget_health(session: Session, actor: Actor, person: Person, cipher: FieldCipher, clock: Clock) -> None:
    facts = session.get(PrivateFacts, person.id)
    known = open_facts(facts, HEALTH, cipher)
    if facts is None or not known:
        return
    facts.health = None
    forget_in_history(session, person.id, HEALTH, cipher)
    record_change(
        session,
        actor,
        person,
        {},
        {HEALTH: {}},
        kind=ChangeKind.UPDATED,
        cipher=cipher,
        clock=clock,
        reason="本人收回同意，健康情况已删",
    )
