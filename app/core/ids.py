"""Row ids before the rows: what is sealed is bound to its row (core.crypto), so its id must come first."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
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
