"""A row that is made when first needed, by whoever comes first."""

from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.db import Base

Row = TypeVar("Row", bound=Base)


def locked_row(session: Session, model: type[Row], key: Any, **initial: Any) -> Row:
    """The row with primary key `key`, locked until the transaction ends; made with `initial` if need be."""
    found = session.get(model, key, with_for_update=True, populate_existing=True)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            made = model(**initial)
            session.add(made)
            session.flush()
            return made
    except IntegrityError:  # another transaction made it meanwhile
        return session.get_one(model, key, with_for_update=True, populate_existing=True)
