"""逐块办理: one chunk of an import at a time, each in one transaction with the mark that it is done.

Whoever is killed in between loses nothing and repeats nothing: the next one goes on after the last mark. The
command line and the background task may even take turns; the import's row is locked while a chunk is done.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.inserting import WideInsert
from app.seekers.imports import queries
from app.seekers.imports.judging import Judge, Verdict
from app.seekers.imports.models import ImportBatch, ImportChunk, ImportRow
from app.seekers.imports.office import Office
from app.seekers.imports.placing import Placing
from app.seekers.imports.reading import ReadRows, SecondReader, Terms, read_rows, row_reader
from app.seekers.imports.rows import PersonRow, RowReader
from app.seekers.imports.staging import open_rows
from app.seekers.imports.terms import Decision, ImportState, RowResult
from app.seekers.imports.writing import Writer

_MOST_REASONS: Final = 60
_ROWS: Final = WideInsert(
    cast(Table, ImportRow.__table__),
    dict.fromkeys(column.name for column in ImportRow.__table__.columns),
    {},
)


class ChunkWorker:
    """Does the chunks of one import, for the preview or for good. Keeps what it learned of places.

    With a `second` reader the rows of the next chunk are read while one is done.
    """

    def __init__(
        self, import_id: int, cipher: FieldCipher, clock: Clock, second: SecondReader | None = None
    ) -> None:
        self._import_id, self._cipher, self._clock = import_id, cipher, clock
        self._second = second
        self._villages: dict[str, Mapping[str, str]] = {}
        self._session: Session | None = None
        self._reader: RowReader | None = None
        self._read_as: Terms | None = None

    def step(self, session: Session) -> bool:
        """The next chunk, in the caller's transaction. False when there was none left to do."""
        batch = queries.get_batch(session, self._import_id, to_change=True)
        if batch.state not in (ImportState.RUNNING, ImportState.PREVIEWING):
            return False
        if batch.done_chunks < batch.chunks:
            self._session = session
            chunk = queries.get_chunk(session, batch.id, batch.done_chunks)
            self._do(session, batch, chunk)
            batch.done_chunks += 1
        if batch.done_chunks >= batch.chunks:
            self._finish(batch)
        session.flush()
        return batch.state in (ImportState.RUNNING, ImportState.PREVIEWING)

    def read_rows(self, session: Session, batch: ImportBatch, chunk: ImportChunk) -> ReadRows:
        """What the rows of a chunk say."""
        self._session = session
        terms = self._terms(batch)
        if self._reader is None or terms != self._read_as:
            self._reader, self._read_as = row_reader(terms, self._villages_of), terms
        return read_rows(self._reader, open_rows(chunk, self._cipher))

    def _read_ahead(self, session: Session, batch: ImportBatch, chunk: ImportChunk) -> ReadRows:
        """As `read_rows`; the chunk may have been read meanwhile, and the next one is asked for."""
        terms = self._terms(batch)
        found = self._second.take(terms, chunk.number) if self._second else None
        if self._second and chunk.number + 1 < batch.chunks:
            following = queries.get_chunk(session, batch.id, chunk.number + 1)
            self._second.ask(terms, following.number, open_rows(following, self._cipher))
        return found or self.read_rows(session, batch, chunk)

    def _terms(self, batch: ImportBatch) -> Terms:
        return Terms(list(batch.columns), batch.region_code, self._clock.today())

    def _do(self, session: Session, batch: ImportBatch, chunk: ImportChunk) -> None:
        for_good = batch.state is ImportState.RUNNING
        office = Office(batch.id, batch.region_code, batch.created_by_id)
        read = self._read_ahead(session, batch, chunk)
        decisions = queries.decisions_of(session, batch.id, chunk.first_row, chunk.last_row)
        session.execute(
            delete(ImportRow).where(
                ImportRow.import_id == batch.id,
                ImportRow.row_number.between(chunk.first_row, chunk.last_row),
            )
        )
        verdicts = self._judge(session, batch, office, read.rows, decisions, for_good=for_good)
        written: dict[int, int] = {}
        if for_good:
            written = self._take_in(session, office, verdicts)
            verdicts = self._second_pass(session, batch, office, verdicts, decisions, written)
        self._note(session, batch, verdicts, read.refused, decisions, written, for_good=for_good)

    def _judge(
        self,
        session: Session,
        batch: ImportBatch,
        office: Office,
        rows: Sequence[PersonRow],
        decisions: Mapping[int, Decision],
        *,
        for_good: bool,
    ) -> list[Verdict]:
        def recall(number: int) -> PersonRow | None:
            chunk = queries.find_chunk_of_row(session, batch.id, number)
            found = self.read_rows(session, batch, chunk).rows if chunk is not None else []
            return next((row for row in found if row.number == number), None)

        judge = Judge(
            session,
            office,
            self._cipher,
            self._clock.now(),
            self._clock.today(),
            recall,
            to_change=for_good,
        )
        return judge.judge(rows, decisions)

    def _take_in(self, session: Session, office: Office, verdicts: Sequence[Verdict]) -> dict[int, int]:
        now = self._clock.now()
        # A second row about a person of this very chunk has no household of its own.
        first = [v for v in verdicts if not v.is_deferred and not (v.other_row and v.person is None)]
        Placing(session, office, self._cipher, now).place(first)
        return Writer(session, office, self._cipher, now).write(first)

    def _second_pass(
        self,
        session: Session,
        batch: ImportBatch,
        office: Office,
        verdicts: list[Verdict],
        decisions: Mapping[int, Decision],
        written: dict[int, int],
    ) -> list[Verdict]:
        """Rows that were chosen over an earlier row of the same chunk, now that its person is there."""
        late = [verdict for verdict in verdicts if verdict.is_deferred]
        if not late:
            return verdicts
        session.expire_all()
        again = self._judge(
            session, batch, office, [verdict.row for verdict in late], decisions, for_good=True
        )
        written |= self._take_in(session, office, again)
        return [verdict for verdict in verdicts if not verdict.is_deferred] + again

    def _note(
        self,
        session: Session,
        batch: ImportBatch,
        verdicts: Sequence[Verdict],
        refused: Mapping[int, str],
        decisions: Mapping[int, Decision],
        written: Mapping[int, int],
        *,
        for_good: bool,
    ) -> None:
        people = {v.digest: written[v.row.number] for v in verdicts if v.row.number in written}
        rows: list[dict[str, Any]] = [
            {
                "row_number": verdict.row.number,
                "result": verdict.result,
                "reason": verdict.reason[:200],
                "conflict": verdict.conflict,
                "decision": decisions.get(verdict.row.number),
                "other_row": verdict.other_row,
                "person_id": verdict.person.id if verdict.person else people.get(verdict.digest),
                "person_digest": verdict.digest,
            }
            for verdict in verdicts
        ]
        rows += [
            {
                "row_number": number,
                "result": RowResult.REJECTED,
                "reason": reason[:200],
                "decision": decisions.get(number),
            }
            for number, reason in refused.items()
        ]
        _ROWS.run(session, {"import_id": batch.id, "is_applied": for_good}, rows)
        results = Counter(row["result"].value for row in rows)
        batch.counts = dict(Counter(batch.counts) + results)
        sent_back = (RowResult.REJECTED, RowResult.CONFLICT)
        reasons = Counter(row["reason"] for row in rows if row["result"] in sent_back)
        batch.reasons = _most(Counter(batch.reasons) + reasons)
        notes = Counter(note for v in verdicts if v.result not in sent_back for note in v.row.notes)
        batch.notes = _most(Counter(batch.notes) + notes)

    def _finish(self, batch: ImportBatch) -> None:
        if batch.state is ImportState.PREVIEWING:
            batch.state = ImportState.PREVIEWED
        else:
            batch.state = ImportState.DONE
            batch.finished_at = self._clock.now()

    def _villages_of(self, town_code: str) -> Mapping[str, str]:
        known = self._villages.get(town_code)
        if known is None and self._session is not None:
            under = queries.villages_under(self._session, town_code)
            known = self._villages[town_code] = under.get(town_code, {})
        return known or {}


def begin(batch: ImportBatch, state: ImportState) -> None:
    """Starts a walk over all chunks: the preview or the taking in."""
    batch.state = state
    batch.done_chunks = 0
    batch.counts, batch.reasons, batch.notes = {}, {}, {}


def _most(counted: Counter[str]) -> dict[str, int]:
    """The most frequent; a reason that names a row number is one of a kind and need not all be kept."""
    return dict(counted.most_common(_MOST_REASONS))
