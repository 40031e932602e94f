"""Cursor pagination: a page begins after the last row seen, so rows that come or go in between cause neither
a gap nor a repeat. A cursor is opaque to clients and holds sort keys only, never personal data."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import Session

from app.core.errors import FieldProblem, Invalid

Item = TypeVar("Item")
Row = TypeVar("Row")

MAX_LIMIT = 100
Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]


class Page(BaseModel, Generic[Item]):
    """One page of a list. `next` is null on the last page."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True)
class SortKey:
    """A column to sort by. All keys of a list together must be unique (end with the id) and not null."""

    column: ColumnElement[Any]
    descending: bool = False


def encode_cursor(values: Sequence[Any]) -> str:
    """Packs sort values (numbers, text, ISO dates) into an opaque string."""
    packed = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """Unpacks a cursor of `length` values. Raises `Invalid` when it was cut or made up."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise Invalid("翻页的记号不对，请从第一页重新看。", fields=[FieldProblem("cursor", "记号不对")])
    return values


def read_cursor(cursor: str, parse: Sequence[Callable[[Any], Any]]) -> list[Any]:
    """Unpacks a cursor and turns each value back into its column's type. Raises `Invalid`."""
    values = decode_cursor(cursor, len(parse))
    try:
        return [read(value) for read, value in zip(parse, values, strict=True)]
    except (TypeError, ValueError) as error:
        raise Invalid("翻页的记号不对，请从第一页重新看。") from error


def paginate(
    session: Session,
    statement: Select[Any],
    keys: Sequence[SortKey],
    *,
    limit: int,
    cursor: str | None,
    sort_values: Callable[[Row], Sequence[Any]],
    parse: Sequence[Callable[[Any], Any]] | None = None,
) -> tuple[list[Row], str | None]:
    """Runs `statement` for one page.

    `sort_values` reads the values of `keys` off a row; `parse` turns each decoded cursor value back into the
    column's type (identity when left out). Returns the rows and the next cursor.
    """
    if cursor:
        values = read_cursor(cursor, parse) if parse else decode_cursor(cursor, len(keys))
        statement = statement.where(_after(keys, values))
    order = [key.column.desc() if key.descending else key.column.asc() for key in keys]
    rows: list[Row] = list(session.scalars(statement.order_by(*order).limit(limit + 1)))
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode_cursor(sort_values(rows[limit - 1]))


def _after(keys: Sequence[SortKey], values: Sequence[Any]) -> ColumnElement[bool]:
    """(a, b, c) after (x, y, z), spelled out because the keys may run in different directions."""
    alternatives: list[ColumnElement[bool]] = []
    for i, key in enumerate(keys):
        equal = [k.column == v for k, v in zip(keys[:i], values[:i], strict=True)]
        beyond = key.column < values[i] if key.descending else key.column > values[i]
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)
