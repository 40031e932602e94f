"""What the commands share: the configured database, and errors said plainly on the terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.core.db import Database
from app.core.errors import AppError
from app.core.settings import Settings
from app.regions.amendments import refresh

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
# The command was understood, but could not be done (unreadable file, unknown region ...).
NOT_DONE = 2


@contextmanager
def opened_database(settings: Settings | None = None) -> Iterator[Database]:
    """The configured database, closed at the end."""
    database = Database(settings or Settings())
    try:
        # What offices changed in the table of regions counts for a command as well; before the first
        # migration there is nothing to know.
        with suppress(SQLAlchemyError), database.read() as session:
            refresh(session)
        yield database
    finally:
        database.dispose()


@contextmanager
def said_plainly() -> Iterator[None]:
    """Prints what went wrong as one sentence and ends with exit code 2."""
    try:
        yield
    except AppError as error:
        err.print(f"[red]没办成：[/]{escape(error.title)}")
        for problem in error.fields:
            err.print(f"  {problem.field}：{problem.message}")
    except ValidationError as error:
        # Only the field and the rule: what was typed may be personal data.
        for item in error.errors():
            place = ".".join(str(part) for part in item["loc"])
            err.print(f"[red]没办成：[/]{place} {item['msg'].removeprefix('Value error, ')}")
    except OperationalError:
        err.print("[red]没办成：[/]数据库打不开，或者还没有升级。请先运行 songgang migrate。")
    else:
        return
    raise typer.Exit(NOT_DONE)


def progress_bar() -> Progress:
    """How far a long command is, on a terminal only; gone when it ends."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty())
