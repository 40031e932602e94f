"""持有方: whatever is kept under a region code and has to follow when the code changes.

Every column with a foreign key to the table of regions moves by itself, so a new table cannot be forgotten.
A domain says in one file of its own (`region_holding`, `rehoming`; all imported by app/tasks.py) where more
is to be done: what is counted in the preview, rows that keep their old code, lists of codes, lines of
history. A table without a numeric `id` must say what becomes of it: `missing_columns` stops every change
until it has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Table, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.db import Base
from app.regions.change_rules import DIGITS
from app.regions.models import Region

# The table's own foreign keys: `regions.changing` looks after them.
_OWN: Final = frozenset({"regions.parent_code", "regions.moved_to"})


@dataclass(frozen=True)
class Moving:
    """一次搬迁: a change as its holders see it. `moves` maps old codes to new ones, the way back when a
    change is undone; `roots` are the places the change is about, `renamed` those with another name."""

    change_id: int
    moves: Mapping[str, str]
    roots: tuple[str, ...]
    renamed: tuple[str, ...]
    at: datetime
    actor_id: int | None
    reason: str
    is_undoing: bool = False


Follow = Callable[[Session, Moving], None]
Trouble = Callable[[Session, Moving], str | None]


@dataclass(frozen=True)
class Holder:
    """持有方: a column with region codes of a table keyed by `id`.

    `label` counts its rows in the preview (empty: not counted). `living` tells rows that move from such that
    keep their old code for good (a role ended long ago). `follows`: moved by its domain, not by itself.
    """

    column: InstrumentedAttribute[Any]
    label: str = ""
    living: Callable[[datetime], ColumnElement[bool]] | None = None
    follows: bool = False
    # Whether a row is something that officers of the place see (a role or an import is not).
    holds_records: bool = True

    @property
    def model(self) -> type[Base]:
        return cast(type[Base], self.column.class_)

    @property
    def key(self) -> ColumnElement[int]:
        key: ColumnElement[int] = self.model.__table__.c.id
        return key

    @property
    def name(self) -> str:
        return f"{self.model.__tablename__}.{self.column.key}"

    def moves(self, at: datetime) -> ColumnElement[bool]:
        """Condition on the rows that move."""
        return true() if self.living is None else self.living(at)


_HOLDERS: dict[str, Holder] = {}
_FOLLOWS: list[Follow] = []
_TROUBLES: list[Trouble] = []
_STAYING: dict[str, str] = {}


def hold(*holders: Holder) -> None:
    """Registers columns that move with a code."""
    for holder in holders:
        _HOLDERS[holder.name] = holder


def stay(name: str, reason: str) -> None:
    """Registers a `table.column` that keeps an old code on purpose."""
    _STAYING[name] = reason


def follow(handler: Follow) -> Follow:
    """Registers what else happens after the columns have moved (lists of codes, history)."""
    _FOLLOWS.append(handler)
    return handler


def trouble(handler: Trouble) -> Trouble:
    """Registers a question asked before a change: the sentence that stops it for now, or None."""
    _TROUBLES.append(handler)
    return handler


def holders() -> tuple[Holder, ...]:
    """All columns that move: those spoken for, and every other foreign key to the table of regions."""
    spoken = [*_HOLDERS.values()]
    others = [
        Holder(attribute)
        for name, attribute in _foreign_keys().items()
        if name not in _HOLDERS and name not in _STAYING and has_number(attribute)
    ]
    return tuple(spoken + others)


def _foreign_keys() -> dict[str, InstrumentedAttribute[Any]]:
    """`table.column` -> attribute of every mapped foreign key to the table of regions, but its own."""
    found: dict[str, InstrumentedAttribute[Any]] = {}
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__):
        for column in cast(Table, mapper.local_table).columns:
            name = f"{mapper.class_.__tablename__}.{column.name}"
            if name not in _OWN and any(key.target_fullname == "regions.code" for key in column.foreign_keys):
                found[name] = getattr(mapper.class_, mapper.get_property_by_column(column).key)
    return found


def has_number(attribute: InstrumentedAttribute[Any]) -> bool:
    """Whether the table's key is a numeric `id`, by which a moved row is remembered."""
    keys = [column.name for column in attribute.class_.__table__.primary_key.columns]
    return keys == ["id"]


def follows() -> tuple[Follow, ...]:
    return tuple(_FOLLOWS)


def troubles() -> tuple[Trouble, ...]:
    return tuple(_TROUBLES)


def missing_columns() -> list[str]:
    """Foreign keys to the table of regions that cannot move by themselves and that nobody has spoken for."""
    return sorted(
        name
        for name, attribute in _foreign_keys().items()
        if name not in _HOLDERS and name not in _STAYING and not has_number(attribute)
    )


def width_of(session: Session, code: str) -> int:
    """How many digits of a code fix its area, by the table's own word (a process's memory may be older)."""
    if len(code) > 6:
        return len(code)
    return DIGITS[session.get_one(Region, code).level]
