"""改动一个人: the steps below the use cases, shared by people, merging and imports. They ask nothing:
the caller has read the person for changing and has asked for the permission.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem
from app.seekers import queries, sealing
from app.seekers.access.links import end_links
from app.seekers.access.terms import LinkEnd
from app.seekers.errors import PersonExists
from app.seekers.fields import PERSON_LABELS, difference
from app.seekers.history import open_present, record_change
from app.seekers.id_numbers import IdNumber
from app.seekers.models import Household, Person, PrivateFacts
from app.seekers.names import search_text_of
from app.seekers.privacy.erased_index import refuse_erased
from app.seekers.terms import ChangeKind, Relation
from app.seekers.values import PersonValues, merged_facts, settle


def change_person(
    session: Session,
    actor: Actor,
    person: Person,
    values: PersonValues,
    *,
    cipher: FieldCipher,
    clock: Clock,
    kind: ChangeKind = ChangeKind.UPDATED,
    reason: str = "",
    acting_for: str = "",
    import_id: int | None = None,
) -> bool:
    """Sets what `values` say on a person who was read for changing, with its history. Returns whether
    anything was different. The caller has asked for the permission.

    Raises PersonExists, Invalid, Stale.
    """
    today = clock.today()
    columns = dict(values.columns)
    present = open_present(session, person, cipher)
    ledger = merged_facts(present["ledger"], values.ledger)
    health = merged_facts(present["health"], values.health)
    current = {name: getattr(person, name) for name in PERSON_LABELS}
    settle(current, columns, health, today)
    before, after = difference(person, columns, [name for name in columns if name in PERSON_LABELS])
    sealed: dict[str, Any] = {"ledger": ledger, "health": health}
    if "id_number" in values.sent:
        sealed["id_number"] = values.id_number.number if values.id_number else None
    if "phone" in values.sent:
        sealed["phone"] = values.phone
    for name, value in sealed.items():
        if value != present[name]:
            before[name], after[name] = present[name], value
    if not after:
        return False
    if "id_number" in after and values.id_number is not None:
        check_new_number(session, actor, values.id_number, person, cipher)
    apply_sealed(session, person, {name: after[name] for name in sealed if name in after}, cipher)
    if "phone" in after:  # whoever holds the old phone is no longer known to be this person
        end_links(session, [person.id], LinkEnd.PHONE_CHANGED, clock)
    for name, value in columns.items():
        setattr(person, name, value)
    if "name" in after:
        person.search_text = search_text_of(person.name)
    record_change(
        session,
        actor,
        person,
        before,
        after,
        kind=kind,
        cipher=cipher,
        clock=clock,
        reason=reason,
        acting_for=acting_for,
        import_id=import_id,
    )
    audit(session, actor, person, Action.EDIT, cipher, clock)
    return True


def apply_sealed(session: Session, person: Person, values: Mapping[str, Any], cipher: FieldCipher) -> None:
    """Puts new sealed values (id_number, phone, ledger, health) into their places."""
    columns: dict[str, Any] = {}
    if "id_number" in values:
        columns |= sealing.seal_id_number(person.id, values["id_number"], cipher)
    if "phone" in values:
        columns |= sealing.seal_phone(person.id, values["phone"], cipher)
    for name, value in columns.items():
        setattr(person, name, value)
    save_facts(session, person.id, cipher, values.get("ledger"), values.get("health"))


def put_into_household(
    session: Session,
    actor: Actor,
    person: Person,
    household: Household,
    *,
    cipher: FieldCipher,
    clock: Clock,
    relation: Relation | None = None,
    reason: str = "",
    import_id: int | None = None,
) -> bool:
    """Moves a person who was read for changing. Returns whether anything was different."""
    values: dict[str, Any] = {"household_id": household.id, "region_code": household.region_code}
    if relation is not None:
        values["relation"] = relation
    before, after = difference(person, values)
    if not after:
        return False
    for name in after:
        setattr(person, name, values[name])
    record_change(
        session,
        actor,
        person,
        before,
        after,
        kind=ChangeKind.MOVED,
        cipher=cipher,
        clock=clock,
        reason=reason,
        import_id=import_id,
    )
    audit(session, actor, person, Action.EDIT, cipher, clock)
    return True


def audit(
    session: Session, actor: Actor, person: Person, action: Action, cipher: FieldCipher, clock: Clock
) -> None:
    """One entry of the audit log about a person's card."""
    record_audit(
        session,
        cipher,
        clock,
        actor,
        action,
        Resource.SEEKER_CARD,
        subject_id=person.id,
        region_code=person.region_code,
        detail={"version": person.version},
    )


def check_new_number(
    session: Session, actor: Actor, number: IdNumber, person: Person | None, cipher: FieldCipher
) -> None:
    """Raises PersonExists (tells which record it is only to who may see it), ErasedBefore."""
    refuse_erased(session, number.number, cipher)
    holder = queries.find_person_by_id_number(session, number.number, cipher)
    if holder is None or (person is not None and holder.id == person.id):
        return
    seen = session.scalar(queries.visible_people(actor).where(Person.id == holder.id))
    extra = {"person_id": seen.id, "household_id": seen.household_id} if seen is not None else None
    raise PersonExists(fields=[FieldProblem("id_number", "已经登记过了")], extra=extra)


def save_facts(
    session: Session,
    person_id: int,
    cipher: FieldCipher,
    ledger: Mapping[str, str] | None,
    health: Mapping[str, str] | None,
) -> None:
    """Writes the sealed documents that are given; None leaves one as it is."""
    if not ledger and not health and session.get(PrivateFacts, person_id) is None:
        return
    row = session.get(PrivateFacts, person_id)
    if row is None:
        row = PrivateFacts(person_id=person_id)
        session.add(row)
    if ledger is not None:
        row.ledger = sealing.seal_facts(person_id, "ledger", ledger, cipher)
    if health is not None:
        row.health = sealing.seal_facts(person_id, "health", health, cipher)
    session.flush()
