"""换密钥: seals everything anew with the present data key, in batches that can be stopped at any point.

Each row names the key it was sealed with (core.crypto), so nothing needs to be remembered: what still has an
older key is what remains to be done. A row and its digests change together, in one transaction. Meanwhile old
rows open and are found as before. A value that no key opens is left as it is and goes on being counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import structlog
from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Row,
    RowMapping,
    Table,
    bindparam,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.accounts.audit.recording import renew_seal
from app.accounts.models import PhoneCode, User
from app.core.crypto import HEADER_BYTES, FieldCipher, Place, Unsealable
from app.core.db import Base
from app.employers.models import BarEntry, Employer
from app.employers.papers.models import PaperPicture
from app.employers.team.models import FirmInvitation
from app.notifications.models import Message, MessageOptOut
from app.seekers.imports.models import ImportChunk
from app.seekers.models import LedgerChange, Person, PrivateFacts
from app.seekers.privacy.models import ErasedIndex

log = structlog.get_logger()

BATCH: Final = 500
_KEY: Final = "row_key"


@dataclass(frozen=True)
class SealedColumn:
    """封存的列: `digests` are (column, purpose) of the digests made of its text, `tails` of its last four."""

    name: str
    digests: tuple[tuple[str, str], ...] = ()
    tails: tuple[tuple[str, str], ...] = ()

    def digests_of(self, text: str, cipher: FieldCipher) -> dict[str, str]:
        whole = {column: cipher.blind_index(purpose, text) for column, purpose in self.digests}
        return whole | {column: cipher.blind_index(purpose, text[-4:]) for column, purpose in self.tails}


@dataclass(frozen=True)
class SealedTable:
    """有封存列的表. `unique_digest`: the digest no two rows share, at least not with the same `beside`."""

    model: type[Base]
    columns: tuple[SealedColumn, ...]
    unique_digest: str | None = None
    beside: str | None = None

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def table(self) -> Table:
        return cast(Table, self.model.__table__)

    @property
    def key(self) -> ColumnElement[int]:
        (column,) = self.table.primary_key.columns
        return column

    def column(self, name: str) -> ColumnElement[Any]:
        return self.table.c[name]

    def is_old(self, cipher: FieldCipher) -> ColumnElement[bool]:
        """Whether one of the row's sealed values has another key than the present one."""
        present = literal(cipher.header, LargeBinary)
        heads = (func.substr(self.column(c.name), 1, HEADER_BYTES, type_=LargeBinary) for c in self.columns)
        return or_(*(head != present for head in heads))  # of no value at all, SQL says neither yes nor no


_PHONE: Final = (("phone_index", "phone"),)
_RECIPIENT: Final = (("recipient_index", "recipient"),)
SEALED_TABLES: Final = [
    SealedTable(
        Person,
        (
            SealedColumn("id_number", (("id_index", "id_number"),), (("id_tail_index", "id_tail"),)),
            SealedColumn("phone", _PHONE, (("phone_tail_index", "phone_tail"),)),
        ),
        unique_digest="id_index",
    ),
    SealedTable(PrivateFacts, (SealedColumn("ledger"), SealedColumn("health"))),
    SealedTable(LedgerChange, (SealedColumn("sealed"),)),
    SealedTable(ImportChunk, (SealedColumn("sealed"),)),
    SealedTable(
        User,
        (SealedColumn("phone", _PHONE), SealedColumn("totp_secret")),
        unique_digest="phone_index",
        beside="kind",
    ),
    SealedTable(PhoneCode, (SealedColumn("phone", _PHONE),)),
    SealedTable(Message, (SealedColumn("recipient", _RECIPIENT), SealedColumn("parameters"))),
    SealedTable(MessageOptOut, (SealedColumn("recipient", _RECIPIENT),), unique_digest="recipient_index"),
    SealedTable(Employer, (SealedColumn("contact_phone"),)),
    SealedTable(BarEntry, (SealedColumn("phone", _PHONE),)),
    SealedTable(FirmInvitation, (SealedColumn("phone", _PHONE),)),
    SealedTable(PaperPicture, (SealedColumn("picture_key"),)),
]


def seal_anew(table: SealedTable) -> None:
    """A domain above this one adds a table of its own; its module is imported in `app.tasks`."""
    if table not in SEALED_TABLES:
        SEALED_TABLES.append(table)


@dataclass(frozen=True)
class Position:
    """进度: rows of table number `table` with a key over `after` are still to be looked at."""

    table: int = 0
    after: int = 0


def count_old_rows(session: Session, cipher: FieldCipher) -> dict[str, int]:
    """Table -> rows with a value sealed with another key than the present one; others are left out."""
    counted = (
        (
            table.name,
            session.scalar(select(func.count()).select_from(table.model).where(table.is_old(cipher))),
        )
        for table in SEALED_TABLES
    )
    return {name: count for name, count in counted if count}


def count_old_erasures(session: Session, cipher: FieldCipher) -> int:
    """Entries of the list of erased people made with another key; they can't be made anew."""
    other = ErasedIndex.key_version != cipher.key_version
    return session.scalar(select(func.count()).select_from(ErasedIndex).where(other)) or 0


def reseal_batch(
    session: Session, cipher: FieldCipher, position: Position, *, limit: int = BATCH
) -> tuple[Position | None, int]:
    """Seals up to `limit` rows anew, in the caller's transaction. Returns where to go on (None: all tables
    were gone through) and how many rows were done."""
    table = SEALED_TABLES[position.table]
    columns = [table.key.label(_KEY), *(table.column(c.name) for c in table.columns)]
    if table.beside:
        columns.append(table.column(table.beside).label("beside"))
    rows = session.execute(
        select(*columns)
        .where(table.key > position.after, table.is_old(cipher))
        .order_by(table.key)
        .limit(limit)
        .with_for_update()
    ).all()
    done = _reseal(session, cipher, table, rows)
    if len(rows) == limit:
        return Position(position.table, rows[-1]._mapping[_KEY]), done
    following = position.table + 1
    if following == len(SEALED_TABLES):
        renew_audit_seal(session, cipher)
        return None, done
    return Position(following), done


def renew_audit_seal(session: Session, cipher: FieldCipher) -> None:
    """Seals the head of the audit log with the present key; one that fits no key is for `audit verify`."""
    for version in cipher.versions:
        try:
            renew_seal(session, old=version, new=cipher)
        except ValueError:
            continue
        return


def _reseal(session: Session, cipher: FieldCipher, table: SealedTable, rows: Sequence[Row[Any]]) -> int:
    """Each row by itself may have one column less to change, so they are written in groups alike."""
    changes: list[dict[str, Any]] = []
    for row in rows:
        try:
            changes.append(_resealed(cipher, table, row._mapping))
        except Unsealable:
            log.warning("reseal_no_key_opens", table=table.name, row=row._mapping[_KEY])
    if table.unique_digest:
        _give_way(session, table, rows, changes)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in changes:
        groups.setdefault(tuple(change), []).append(change)
    for names, group in groups.items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != _KEY}
        statement = update(table.table).where(table.key == bindparam(_KEY)).values(values)
        session.connection().execute(
            statement,
            [{n if n == _KEY else f"new_{n}": value for n, value in change.items()} for change in group],
        )
    return len(changes)


def _resealed(cipher: FieldCipher, table: SealedTable, row: RowMapping) -> dict[str, Any]:
    """The new columns of a row. Raises Unsealable."""
    change: dict[str, Any] = {_KEY: row[_KEY]}
    for column in table.columns:
        sealed = row[column.name]
        if sealed is None or cipher.is_current(sealed):
            continue
        place = Place(table.name, column.name, row[_KEY])
        text = cipher.open(sealed, place)
        change[column.name] = cipher.seal(text, place)
        change |= column.digests_of(text, cipher)
    return change


def _give_way(
    session: Session, table: SealedTable, rows: Sequence[Row[Any]], changes: list[dict[str, Any]]
) -> None:
    """Of two rows with the same number, entered in the same instant under two keys, the one that has the
    present key's digest is found by it; the other loses its digest, for a colleague to merge."""
    unique = table.unique_digest or ""
    wanted = [change[unique] for change in changes if unique in change]
    columns = [table.column(unique), *([table.column(table.beside)] if table.beside else [])]
    taken = {
        tuple(found) for found in session.execute(select(*columns).where(table.column(unique).in_(wanted)))
    }
    beside = {row._mapping[_KEY]: (row._mapping["beside"],) if table.beside else () for row in rows}
    for change in changes:
        if unique not in change:
            continue
        mark = (change[unique], *beside[change[_KEY]])
        if mark in taken:
            log.warning("reseal_duplicate", table=table.name, row=change[_KEY])
            change[unique] = None
        taken.add(mark)
