"""Row ids before the rows: what is sealed is bound to its row (core.crypto), so its id must come first."""

from collections.abc import Sequence

from sqlalchemy import Integer, MetaData, func, select, text
from sqlalchemy.orm import Session

from app.core.db import Base


def reserve_ids(session: Session, table: type[Base], count: int) -> Sequence[int]:
    """`count` ids, rising, for new rows of `table` (integer key `id`); insert them before asking again.

    PostgreSQL takes them from the table's sequence, so that no one else gets them; on SQLite the writer holds
    the only lock, and the next numbers are free.
    """
    if count == 0:
        return []
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        taken = text(
            "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count) ORDER BY 1"
        )
        return session.scalars(taken, {"name": table.__tablename__, "count": count}).all()
    column = table.__table__.c.id
    last = session.scalar(select(func.max(column))) or 0
    return range(last + 1, last + 1 + count)


def continue_numbering(session: Session, metadata: MetaData) -> None:
    """After rows came in with ids of their own (a restored backup): new rows continue after the highest."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        key = table.c.get("id")
        if key is None or not isinstance(key.type, Integer):
            continue
        highest = session.scalar(select(func.max(key))) or 0
        session.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :next, false)"),
            {"name": table.name, "next": highest + 1},
        )
