"""批量建档: households with their members, hundreds at a time, the same ones again without a trace.

For demo data and for what another program hands over whole. An office's own sheets, with their conflicts and
their undoing, come in through `seekers.imports`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.db import Base
from app.core.errors import FieldProblem, Invalid
from app.core.ids import reserve_ids
from app.regions import queries as region_queries
from app.seekers import queries, rules, sealing
from app.seekers.models import Household, LedgerChange, Person, PrivateFacts
from app.seekers.people import complete_new
from app.seekers.schemas import HouseholdIn, MemberIn
from app.seekers.terms import ChangeKind, RecordKind, SaveOutcome, SeekerStatus
from app.seekers.values import PersonValues, merged_facts, read_values

BATCH: Final = 500
"""Rows of a statement; drafts are taken in whole households."""


@dataclass(frozen=True)
class HouseholdDraft:
    """待建的户: a household and its members, each as a form would send it."""

    data: HouseholdIn
    members: Sequence[MemberIn]


@dataclass
class SavedHouseholds:
    """存入结果: `ids` of the households by draft, in their order; people counted by outcome."""

    created: int = 0
    unchanged: int = 0
    ids: list[int] = field(default_factory=list)
    outcomes: list[SaveOutcome] = field(default_factory=list)


def save_households(
    session: Session,
    drafts: Sequence[HouseholdDraft],
    clock: Clock,
    *,
    cipher: FieldCipher,
    actor: Actor = SYSTEM,
    reason: str = "",
) -> SavedHouseholds:
    """Makes the households that are not there yet, each with one `created` change for it and for each member.

    A household is known by the ID number of any of its members; a known one is left as it is. The caller has
    asked for the permission. Raises Invalid for an unknown place or a member who cannot be.
    """
    result = SavedHouseholds()
    for batch in _batches(drafts):
        _save_batch(session, batch, clock, cipher, actor, reason, result)
    return result


def _batches(drafts: Sequence[HouseholdDraft]) -> Iterator[list[HouseholdDraft]]:
    batch: list[HouseholdDraft] = []
    size = 0
    for draft in drafts:
        if batch and size + len(draft.members) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(draft)
        size += len(draft.members)
    if batch:
        yield batch


def _save_batch(
    session: Session,
    drafts: list[HouseholdDraft],
    clock: Clock,
    cipher: FieldCipher,
    actor: Actor,
    reason: str,
    result: SavedHouseholds,
) -> None:
    today = clock.today()
    read = [[read_values(member, today) for member in draft.members] for draft in drafts]
    indexes = [
        [sealing.id_index(values.id_number.number, cipher) for values in people if values.id_number]
        for people in read
    ]
    known = queries.list_households_of(session, [index for row in indexes for index in row])
    _check_places(session, {draft.data.region_code for draft in drafts})
    new: list[tuple[HouseholdDraft, list[PersonValues]]] = []
    places: list[int | None] = []
    for draft, people, row in zip(drafts, read, indexes, strict=True):
        found = next((known[index] for index in row if index in known), None)
        places.append(found)
        outcome = SaveOutcome.CREATED if found is None else SaveOutcome.UNCHANGED
        result.outcomes.extend([outcome] * len(draft.members))
        if found is None:
            new.append((draft, people))
            result.created += len(draft.members)
        else:
            result.unchanged += len(draft.members)
    made = iter(_insert(session, new, clock, cipher, actor, reason))
    result.ids.extend(next(made) if found is None else found for found in places)


def _insert(
    session: Session,
    new: list[tuple[HouseholdDraft, list[PersonValues]]],
    clock: Clock,
    cipher: FieldCipher,
    actor: Actor,
    reason: str,
) -> Sequence[int]:
    if not new:
        return []
    now = clock.now()
    household_ids = reserve_ids(session, Household, len(new))
    rows = [_household_row(i, draft.data, now) for i, (draft, _) in zip(household_ids, new, strict=True)]
    _insert_rows(session, Household, rows)
    members = [
        (row, form, values)
        for row, (draft, people) in zip(rows, new, strict=True)
        for form, values in zip(draft.members, people, strict=True)
    ]
    person_ids = reserve_ids(session, Person, len(members))
    people_rows = [
        _person_row(person_id, row, form, values, clock, cipher)
        for person_id, (row, form, values) in zip(person_ids, members, strict=True)
    ]
    _insert_rows(session, Person, people_rows)
    facts = [
        _facts_row(person_id, values, cipher)
        for person_id, (_, _, values) in zip(person_ids, members, strict=True)
        if values.ledger or values.health
    ]
    _insert_rows(session, PrivateFacts, facts)
    changed = [(RecordKind.HOUSEHOLD, i) for i in household_ids] + [
        (RecordKind.PERSON, i) for i in person_ids
    ]
    change_ids = reserve_ids(session, LedgerChange, len(changed))
    created = [
        _created_row(change_id, kind, record_id, actor, now, reason)
        for change_id, (kind, record_id) in zip(change_ids, changed, strict=True)
    ]
    _insert_rows(session, LedgerChange, created)
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.CREATE,
        Resource.PEOPLE_FILE,
        detail={"households": len(rows), "people": len(people_rows)},
    )
    return household_ids


def _insert_rows(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Into the table, past the ORM: that would make a statement for every pattern of empty columns."""
    if rows:
        session.execute(insert(cast(Table, model.__table__)), rows)


def _household_row(household_id: int, data: HouseholdIn, now: datetime) -> dict[str, Any]:
    return _HOUSEHOLD_BLANK | {
        "id": household_id,
        "region_code": data.region_code,
        "household_number": data.household_number or None,
        "address": data.address,
        "kinds": [kind.value for kind in data.kinds],
        "is_monitored": rules.is_monitored(data.kinds),
        "officer_id": data.officer_id,
        "note": data.note,
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }


def _person_row(
    person_id: int,
    household: Mapping[str, Any],
    form: MemberIn,
    values: PersonValues,
    clock: Clock,
    cipher: FieldCipher,
) -> dict[str, Any]:
    complete_new(values, form, clock.today(), default=SeekerStatus.NOT_SEEKING)
    number = values.id_number.number if values.id_number else None
    return (
        _PERSON_BLANK
        | values.columns
        | sealing.seal_id_number(person_id, number, cipher)
        | sealing.seal_phone(person_id, values.phone, cipher)
        | {
            "id": person_id,
            "household_id": household["id"],
            "region_code": household["region_code"],
            "created_at": household["created_at"],
            "updated_at": household["created_at"],
            "version": 1,
        }
    )


def _facts_row(person_id: int, values: PersonValues, cipher: FieldCipher) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "ledger": sealing.seal_facts(person_id, "ledger", merged_facts({}, values.ledger), cipher),
        "health": sealing.seal_facts(person_id, "health", merged_facts({}, values.health), cipher),
    }


def _created_row(
    change_id: int, kind: RecordKind, record_id: int, actor: Actor, now: datetime, reason: str
) -> dict[str, Any]:
    return {
        "id": change_id,
        "record_kind": kind.value,
        "record_id": record_id,
        "kind": ChangeKind.CREATED.value,
        "at": now,
        "actor_id": actor.user_id,
        "acting_for": "",
        "reason": reason,
        "import_id": None,
        "before": {},
        "after": {},
        "sealed": None,
        "version": 1,
    }


def _check_places(session: Session, codes: set[str]) -> None:
    if codes - region_queries.hold_living(session, codes).keys():
        raise Invalid(fields=[FieldProblem("region_code", "没有这个地方，请重新选")])


def _blank(model: type[Household] | type[Person]) -> dict[str, Any]:
    """Each column's value where nothing is known, so that all rows of a statement have the same columns."""
    blank: dict[str, Any] = {}
    for column in model.__table__.columns:
        default: Any = column.default
        value = default.arg if default is not None and default.is_scalar else None
        blank[column.name] = [] if default is not None and default.is_callable else value
    return blank


_HOUSEHOLD_BLANK: Final = _blank(Household)
_PERSON_BLANK: Final = _blank(Person)
