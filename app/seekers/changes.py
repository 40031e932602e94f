"""人员变更记录: the log that caches of people who look for work follow, written with every change.

What goes through a session is noted by itself: records when they are flushed, statements over many when they
are executed. Who hands statements to the connection past the session says so with `note_all_people`.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from app.core.change_log import ChangeLog
from app.core.db import REFILLS, Base
from app.core.types import BigId

MOST_NOTED: Final = 1_000
"""More changes at once are noted as a batch: a follower would read everything again anyway."""


class PersonChange(Base):
    """人员变更: written in the transaction of every change to what an index over people holds of a person,
    their household or their consents."""

    __tablename__ = "person_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(BigId)
    household_id: Mapped[int | None] = mapped_column(BigId, comment="all members of this household")


PERSON_CHANGES: Final = ChangeLog(PersonChange.__table__, "person_id", "household_id")

# Columns that bear on who is ranked, by whom they may be seen, and on the rank.
_OF_A_PERSON: Final = (
    *("household_id", "region_code", "birth_on", "education", "labour_class", "class_reason", "skills"),
    *("certificates", "limits", "status", "seeking_since_on", "occupations", "travel", "wage_floor_fen"),
    *("wage_floor_unit", "shifts", "profiles", "needs_board", "needs_lodging", "cares_for_family"),
    *("refused_places", "welfare_eligible", "x", "y", "closed_at", "merged_into_id", "erased_at"),
)
WATCHED: Final[Mapping[str, tuple[str, ...]]] = {
    "people": _OF_A_PERSON,
    "households": ("is_monitored",),
    "consents": ("person_id", "purpose", "is_given"),
    "regions": ("x", "y"),
}
"""By table, the columns whose changes are noted. A village's point is where its people are taken to live."""

Noted = tuple[int | None, int | None]
_EVERYTHING: Final[Noted] = (None, None)


def note_all_people(session: Session) -> None:
    """Notes that anybody may have changed, by statements past the session."""
    _add(session, {_EVERYTHING})


def _add(session: Session, noted: set[Noted]) -> None:
    if len(noted) > MOST_NOTED or _EVERYTHING in noted:
        noted = {_EVERYTHING}
    PERSON_CHANGES.add(session.connection(), sorted(noted, key=str))


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _: UOWTransaction) -> None:
    if session.info.get(REFILLS):
        return  # the log comes back with everything else
    noted: set[Noted] = set()
    for record in session.new:
        noted |= _noted_of(record, is_new=True)
    for record in session.deleted:
        noted |= _noted_of(record, is_new=True)
    for record in session.dirty:
        noted |= _noted_of(record, is_new=False)
    if noted:
        _add(session, noted)


def _noted_of(record: Any, *, is_new: bool) -> set[Noted]:
    table = record.__tablename__
    names = WATCHED.get(table)
    if names is None:
        return set()
    state = inspect(record)
    changed = [name for name in names if name in state.dict and state.attrs[name].history.has_changes()]
    if not is_new and not changed:
        return set()
    if table == "people":
        left = state.attrs["household_id"].history.deleted or ()
        return {(record.id, record.household_id), *((None, home) for home in left if home is not None)}
    if table == "households":
        return set() if is_new else {(None, record.id)}
    if table == "consents":
        return {(record.person_id, None)}
    return set() if is_new else {_EVERYTHING}


@event.listens_for(Session, "do_orm_execute")
def _note_executed(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if not writes or state.session.info.get(REFILLS):
        return
    statement: Any = state.statement
    table = statement.table.name
    if table not in WATCHED or (state.is_insert and table in ("households", "regions")):
        return  # nobody lives yet in what is only being made
    rows = state.parameters if isinstance(state.parameters, list) else []
    if state.is_insert and rows and all("id" in row or "person_id" in row for row in rows):
        people = {row.get("person_id", row.get("id")) for row in rows}
        homes = {row["household_id"] for row in rows if "household_id" in row}
        _add(state.session, {*((person, None) for person in people), *((None, home) for home in homes)})
    elif not state.is_update or _is_watched(table, statement, rows):
        _add(state.session, {_EVERYTHING})


def _is_watched(table: str, statement: Any, rows: list[Any]) -> bool:
    """Whether an update sets a column that bears on anybody; a next version alone does not."""
    names = {column.key if hasattr(column, "key") else column for column in statement._values or ()}
    names |= {name for row in rows for name in row}
    return not names or not names.isdisjoint(WATCHED[table])
