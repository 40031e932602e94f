"""变更历史 (DOMAIN C5): every change to a household or a person goes through `record_change`, and any past
day can be rebuilt from what it wrote.

A day is rebuilt backwards: from the record of today, undoing change after change. So nothing is stored twice,
and what was erased from a record and its changes is gone from every day of the past as well.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.actor import Actor
from app.accounts.models import User
from app.core.clock import OFFICE_ZONE, Clock
from app.core.crypto import FieldCipher
from app.core.errors import Stale
from app.core.ids import reserve_ids
from app.core.pagination import SortKey, paginate
from app.seekers import sealing
from app.seekers.fields import Record, kind_of, label_of_field, plain, snapshot
from app.seekers.models import Household, LedgerChange, Person, PrivateFacts
from app.seekers.terms import ChangeKind, RecordKind

# In `after`: names of the fields whose values stand under seal, so that a timeline can name them.
SEALED_NAMES: Final = "sealed_fields"


@dataclass(frozen=True)
class FieldChange:
    """一项变更: one field from what to what; `is_sealed` ones show nothing unless they were opened."""

    name: str
    label: str
    before: Any
    after: Any
    is_sealed: bool = False


@dataclass(frozen=True)
class TimelineEntry:
    """历史一条: what happened to a record, and who did it for whom."""

    id: int
    record_kind: RecordKind
    record_id: int
    kind: ChangeKind
    at: datetime
    actor_id: int | None
    actor_name: str
    acting_for: str
    reason: str
    import_id: int | None
    version: int
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class PastRecord:
    """某日档案: a record as it stood at the end of a day; `fields` as plain JSON."""

    kind: RecordKind
    record_id: int
    day: date
    fields: dict[str, Any] = field(default_factory=dict)


def record_change(
    session: Session,
    actor: Actor,
    record: Record,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    kind: ChangeKind,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
    acting_for: str = "",
    import_id: int | None = None,
) -> LedgerChange:
    """Writes down one change of `record` in the caller's transaction and makes it the next version.

    `before` and `after` hold the changed fields only; the sealed ones (sealing.SEALED_FIELDS) are kept under
    seal. The record itself is changed by the caller, in the same transaction. Raises Stale when someone else
    made a version in the meantime.
    """
    now = clock.now()
    if kind is not ChangeKind.CREATED:
        _next_version(session, record, now)
    (change_id,) = reserve_ids(session, LedgerChange, 1)
    change = LedgerChange(
        id=change_id,
        record_kind=kind_of(record).value,
        record_id=record.id,
        kind=kind.value,
        at=now,
        actor_id=actor.user_id,
        acting_for=acting_for,
        reason=reason,
        import_id=import_id,
        version=record.version,
        **change_columns(change_id, before, after, cipher),
    )
    session.add(change)
    session.flush()
    return change


def change_columns(
    change_id: int, before: Mapping[str, Any], after: Mapping[str, Any], cipher: FieldCipher
) -> dict[str, Any]:
    """`before`, `after` and `sealed` of a ledger change with this id."""
    hidden = sorted(sealing.SEALED_FIELDS & (before.keys() | after.keys()))
    columns: dict[str, Any] = {
        "before": {name: plain(value) for name, value in before.items() if name not in hidden},
        "after": {name: plain(value) for name, value in after.items() if name not in hidden},
        "sealed": None,
    }
    if hidden:
        columns["after"][SEALED_NAMES] = hidden
        columns["sealed"] = sealing.seal_change(
            change_id,
            {name: before.get(name) for name in hidden},
            {name: after.get(name) for name in hidden},
            cipher,
        )
    return columns


def _next_version(session: Session, record: Record, now: datetime) -> None:
    model = type(record)
    moved = session.scalar(
        update(model)
        .where(model.id == record.id, model.version == record.version)
        .values(version=model.version + 1, updated_at=now)
        .returning(model.version)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise Stale
    set_committed_value(record, "version", moved)
    set_committed_value(record, "updated_at", now)


def as_of(
    session: Session,
    record: Record,
    day: date,
    *,
    cipher: FieldCipher | None = None,
    may_open: Collection[str] = frozenset(),
) -> PastRecord | None:
    """The record at the end of a Beijing day; None when it was not there yet.

    Sealed fields are left out but for those named in `may_open` (then `cipher` is needed); the caller has
    asked for the permission.
    """
    fields = snapshot(record)
    opened = set(may_open) & sealing.SEALED_FIELDS
    if cipher is not None and opened and isinstance(record, Person):
        present = open_present(session, record, cipher)
        fields |= {name: present[name] for name in opened}
    for change in _changes_after(session, record, day):
        if change.kind == ChangeKind.CREATED.value:
            return None
        fields |= change.before
        if cipher is not None and opened and change.sealed is not None:
            before, _ = sealing.open_change(change, cipher)
            fields |= {name: value for name, value in before.items() if name in opened}
    return PastRecord(kind_of(record), record.id, day, fields)


def open_present(session: Session, person: Person, cipher: FieldCipher) -> dict[str, Any]:
    """All sealed fields of a person as they are now, by name. The caller has asked for the permission."""
    facts = session.get(PrivateFacts, person.id)
    return {
        sealing.ID_NUMBER: sealing.open_id_number(person, cipher),
        sealing.PHONE: sealing.open_phone(person, cipher),
        sealing.LEDGER: sealing.open_facts(facts, "ledger", cipher),
        sealing.HEALTH: sealing.open_facts(facts, "health", cipher),
    }


def _changes_after(session: Session, record: Record, day: date) -> list[LedgerChange]:
    """Newest first."""
    end = datetime.combine(day + timedelta(days=1), time.min, OFFICE_ZONE)
    return list(
        session.scalars(
            select(LedgerChange)
            .where(
                LedgerChange.record_kind == kind_of(record).value,
                LedgerChange.record_id == record.id,
                LedgerChange.at >= end,
            )
            .order_by(LedgerChange.version.desc(), LedgerChange.id.desc())
        )
    )


def list_merges(session: Session, record: Record) -> list[LedgerChange]:
    """The merges a record took part in, newest first."""
    return list(
        session.scalars(
            select(LedgerChange)
            .where(
                LedgerChange.record_kind == kind_of(record).value,
                LedgerChange.record_id == record.id,
                LedgerChange.kind == ChangeKind.MERGED.value,
            )
            .order_by(LedgerChange.id.desc())
        )
    )


def timeline(
    session: Session,
    record: Record,
    *,
    limit: int = 20,
    cursor: str | None = None,
    cipher: FieldCipher | None = None,
    may_open: Collection[str] = frozenset(),
) -> tuple[list[TimelineEntry], str | None]:
    """One page of what happened, newest first; a household's includes what happened to its present members.

    One statement, one more for the colleagues' names, one for the members of a household. Sealed fields are
    named; their values are shown for those in `may_open` only.
    """
    statement = select(LedgerChange).where(
        LedgerChange.record_kind == kind_of(record).value, LedgerChange.record_id == record.id
    )
    if isinstance(record, Household):
        # As a list: asked as a subquery, PostgreSQL reads the whole history of everybody.
        members = session.scalars(select(Person.id).where(Person.household_id == record.id)).all()
        statement = select(LedgerChange).where(
            or_(
                (LedgerChange.record_kind == RecordKind.HOUSEHOLD.value)
                & (LedgerChange.record_id == record.id),
                (LedgerChange.record_kind == RecordKind.PERSON.value) & LedgerChange.record_id.in_(members),
            )
        )
    changes: list[LedgerChange]
    changes, following = paginate(
        session,
        statement,
        [SortKey(LedgerChange.__table__.c.id, descending=True)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda change: (change.id,),
        parse=(int,),
    )
    names = _names_of(session, {change.actor_id for change in changes} - {None})
    return [_entry(change, names, cipher, frozenset(may_open)) for change in changes], following


def _names_of(session: Session, ids: Collection[int | None]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_(ids)))
    return {row.id: row.display_name for row in rows}


def _entry(
    change: LedgerChange, names: Mapping[int, str], cipher: FieldCipher | None, may_open: frozenset[str]
) -> TimelineEntry:
    fields = [
        FieldChange(name, label_of_field(name), change.before.get(name), value)
        for name, value in change.after.items()
        if name != SEALED_NAMES
    ]
    hidden = change.after.get(SEALED_NAMES, [])
    opened: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    if cipher is not None and may_open & set(hidden):
        opened = sealing.open_change(change, cipher)
    for name in hidden:
        shown = name in may_open
        before, after = (opened[0].get(name), opened[1].get(name)) if shown else (None, None)
        fields.append(FieldChange(name, label_of_field(name), before, after, is_sealed=True))
    actor_name = names.get(change.actor_id, "已停用的账号") if change.actor_id is not None else "系统"
    return TimelineEntry(
        change.id,
        RecordKind(change.record_kind),
        change.record_id,
        ChangeKind(change.kind),
        change.at,
        change.actor_id,
        actor_name,
        change.acting_for,
        change.reason,
        change.import_id,
        change.version,
        tuple(fields),
    )
