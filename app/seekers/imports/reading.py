"""读行: turns the cells of a chunk into what they say about people; for large files in a second process.

Half of an import is reading, the other half is judging and writing: on two cores the rows of the next chunk
are read while this one is written. The second process is given cells and names of villages through a pipe,
opens no database, has no key, writes nothing, and ends with the first one, however that ends.
"""

import gc
import os
import pickle  # between two processes of our own, through a pipe nobody else holds
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Final, cast

from app.core.sheets import Row
from app.core.sheets.importing import RowProblem
from app.regions import gazetteer
from app.regions.gazetteer import Amendments
from app.seekers.imports.columns import Column
from app.seekers.imports.places import PlaceReader, Villages
from app.seekers.imports.rows import PersonRow, RowReader

WORTH_IT_FROM: Final = 5_000
"""Rows of a file for which a second process is started; starting takes it about a second."""
RARELY: Final = (100_000, 50, 50)
"""Garbage collection: millions of small values come and go and hardly any of them in cycles."""


@dataclass(frozen=True)
class ReadRows:
    """读出来的: the readable rows of a chunk, and row number -> reason for the others."""

    rows: list[PersonRow]
    refused: dict[int, str]


@dataclass(frozen=True)
class Terms:
    """怎么读: the columns of the file (as stored), the importing office's area, and today."""

    columns: list[Any]
    region_code: str | None
    today: date


@dataclass(frozen=True)
class Places:
    """地点底册: town -> village name -> code, and what offices changed in the table of regions."""

    villages: Mapping[str, Mapping[str, str]]
    amendments: Amendments | None


def row_reader(terms: Terms, villages: Villages) -> RowReader:
    """The reader for a file's rows."""
    columns = [Column.from_json(stored) for stored in terms.columns]
    return RowReader(columns, PlaceReader(terms.region_code, villages), terms.today)


def read_rows(reader: RowReader, rows: Sequence[Row]) -> ReadRows:
    """Reads every row; what cannot be read is refused with a plain reason."""
    found = ReadRows([], {})
    for row in rows:
        try:
            found.rows.append(reader.read(row.number, row.cells))
        except RowProblem as problem:
            found.refused[row.number] = problem.reason
    return found


class SecondReader:
    """The second process. One chunk at a time: asked for, read meanwhile, taken.

    Whatever goes wrong with it, the chunk is read here instead: `take` then answers None.
    """

    def __init__(self, places: Places) -> None:
        path = os.pathsep.join(part for part in sys.path if part)
        self._process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            [sys.executable, "-c", f"from {__name__} import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
        )
        self._asked: tuple[Terms, int] | None = None
        self._send(places)

    def ask(self, terms: Terms, number: int, rows: Sequence[Row]) -> None:
        """Has a chunk read, unless one is being read."""
        if self._asked is None and self._send((terms, [(row.number, row.cells) for row in rows])):
            self._asked = terms, number

    def take(self, terms: Terms, number: int) -> ReadRows | None:
        """The chunk, when it was asked for and is to be read in the same way."""
        asked, self._asked = self._asked, None
        if asked is None:
            return None
        try:
            found: ReadRows = pickle.load(cast(BinaryIO, self._process.stdout))  # noqa: S301 - our own process
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            self.close()
            return None
        return found if asked == (terms, number) else None

    def close(self) -> None:
        """Ends the process; a second time does nothing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was still to be written has nobody to read it
                cast(BinaryIO, pipe).close()

    def _send(self, what: object) -> bool:
        stream = cast(BinaryIO, self._process.stdin)
        try:
            pickle.dump(what, stream, pickle.HIGHEST_PROTOCOL)
            stream.flush()
        except (OSError, ValueError):  # it has ended
            return False
        return True


def serve() -> None:
    """The second process: reads chunks until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*RARELY)
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    places: Places = pickle.load(asked)  # noqa: S301 - our own process
    if places.amendments is not None:
        gazetteer.amend(places.amendments)
    read_as: Terms | None = None
    reader: RowReader | None = None
    while True:
        try:
            terms, cells = pickle.load(asked)  # noqa: S301 - our own process
        except EOFError:
            return
        if reader is None or terms != read_as:
            reader, read_as = row_reader(terms, lambda town: places.villages.get(town, {})), terms
        rows = [Row(number, texts) for number, texts in cells]
        try:
            pickle.dump(read_rows(reader, rows), told, pickle.HIGHEST_PROTOCOL)
            told.flush()
        except BrokenPipeError:
            os._exit(1)  # the first process is gone; so is the pipe that leaving would flush
