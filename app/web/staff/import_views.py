"""导入页的内容: what each step of an import shows. Plain values; the templates do the layout."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.accounts.actor import Actor
from app.core.clock import OFFICE_ZONE, Clock
from app.core.crypto import FieldCipher
from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession
from app.seekers.fields import label_of_field
from app.seekers.imports import queries, service, showing
from app.seekers.imports.columns import Column, Confidence
from app.seekers.imports.headings import FIELDS, HEALTH, LEDGER, SKIP, field_label
from app.seekers.imports.models import ImportBatch
from app.seekers.imports.showing import SentBack
from app.seekers.imports.terms import ConflictKind, Decision, ImportState, RowResult
from app.seekers.queries import list_village_names
from app.web.staff.wording import place_name, say

_BUSY: Final = frozenset({ImportState.PREVIEWING, ImportState.RUNNING, ImportState.UNDOING})
_STEPS: Final = ("选文件", "对列名", "先看结果（还没入库）", "入库")
_COLOURS: Final = (
    (RowResult.NEW, "#1b6a43"),
    (RowResult.CHANGED, "#1f4e79"),
    (RowResult.SAME, "#9c8656"),
    (RowResult.CONFLICT, "#b8860b"),
    (RowResult.REJECTED, "#98142a"),
)
_WIDE: Final = 1000


@dataclass(frozen=True)
class ImportLine:
    """导过的一次."""

    href: str
    name: str
    words: str
    state: str


@dataclass(frozen=True)
class ListView:
    """导入首页: `places` are the offices in whose name this colleague may import."""

    places: tuple[tuple[str, str], ...]
    lines: tuple[ImportLine, ...]
    problem: str = ""


@dataclass(frozen=True)
class ColumnLine:
    """表里的一列: what it is taken for and how sure that is."""

    index: int
    label: str
    field: str
    words: str
    confidence: str
    is_sure: bool


@dataclass(frozen=True)
class ColumnsView:
    """对列名."""

    id: int
    name: str
    lines: tuple[ColumnLine, ...]
    options: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, bool, bool], ...]
    problem: str = ""


@dataclass(frozen=True)
class Share:
    """一段: one kind of result, its rows, and its piece of the bar."""

    words: str
    rows: int
    colour: str
    left: int
    width: int


@dataclass(frozen=True)
class ConflictView:
    """对不上的一处: lines of (field, in the ledger, in the sheet)."""

    number: int
    name: str
    kind: str
    lines: tuple[tuple[str, str, str], ...]
    choices: tuple[tuple[str, str], ...]
    decision: str
    left_head: str


@dataclass(frozen=True)
class ImportView:
    """一次导入."""

    id: int
    name: str
    place: str
    state: ImportState
    is_busy: bool
    rows: int
    done: int
    percent: int
    shares: tuple[Share, ...]
    kept: int
    sent_back: int
    steps: tuple[tuple[str, bool, bool], ...]
    shape: str
    header_row: int
    columns: tuple[ColumnLine, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    rejected: tuple[SentBack, ...] = ()
    next_row: int = 0
    conflicts: tuple[ConflictView, ...] = ()
    undecided: int = 0
    left: tuple[tuple[str, str], ...] = field(default=())
    finished: str = ""


def import_places(session: ReadSession, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Code and name of the places in whose name the actor may import."""
    found: list[tuple[str, str]] = []
    for code in sorted(set(actor.officer_regions()), key=lambda code: (len(code), code)):
        try:
            service.require_office(actor, code)
        except AppError:  # not there or not allowed: the same to this list
            continue
        found.append((code, place_name(code, {})))
    return tuple(found)


def list_view(session: ReadSession, actor: Actor, *, problem: str = "") -> ListView:
    """Raises Forbidden for who may import nowhere."""
    places = import_places(session, actor)
    if not places:
        raise Forbidden("导入表格由镇上和县里来办。您有表，请交给镇上的同事。")
    lines = [
        ImportLine(f"/staff/imports/{batch.id}", batch.file_name, _counts_words(batch), batch.state.label)
        for batch in queries.list_batches(session, actor)
    ]
    return ListView(places, tuple(lines), problem)


def _counts_words(batch: ImportBatch) -> str:
    day = _when(batch.created_at)
    counts = [f"{result.label} {batch.counts[result]:,}" for result in RowResult if batch.counts.get(result)]
    return f"{day}，{batch.rows:,} 行" + (f"：{'，'.join(counts)}" if counts else "")


def _when(moment: datetime) -> str:
    local = moment.astimezone(OFFICE_ZONE)
    return f"{local.month} 月 {local.day} 日 {local:%H:%M}"


def all_sure(batch: ImportBatch) -> bool:
    """Whether nobody needs to look at the columns."""
    columns = [Column.from_json(stored) for stored in batch.columns]
    fields = {column.field for column in columns}
    return {"name", "id_number"} <= fields and all(c.confidence is not Confidence.LOOK for c in columns)


def columns_view(batch: ImportBatch, problem: str = "") -> ColumnsView:
    options = [(name, label) for name, (label, _) in FIELDS.items()]
    options += [(name, field_label(name)) for name in (LEDGER, HEALTH, SKIP)]
    return ColumnsView(
        batch.id, batch.file_name, _column_lines(batch), tuple(options), _steps(ImportState.UPLOADED), problem
    )


def _column_lines(batch: ImportBatch) -> tuple[ColumnLine, ...]:
    return tuple(
        ColumnLine(
            column.index,
            column.label or f"第 {column.index + 1} 列",
            column.field,
            field_label(column.field),
            column.confidence.label,
            column.confidence is Confidence.SURE,
        )
        for column in (Column.from_json(stored) for stored in batch.columns)
    )


def import_view(
    session: ReadSession,
    batch: ImportBatch,
    cipher: FieldCipher,
    clock: Clock,
    *,
    reason: str = "",
    after_row: int = 0,
) -> ImportView:
    """The page of an import that is under way or past its columns."""
    busy = batch.state in _BUSY
    count = batch.counts.get
    sent_back, conflicts = count(RowResult.REJECTED, 0), count(RowResult.CONFLICT, 0)
    done = min(batch.done_chunks, batch.chunks) if batch.state is not ImportState.UNDOING else 0
    rejected = (
        [] if busy else showing.list_sent_back(session, batch, cipher, reason=reason, after_row=after_row)
    )
    decides = batch.state is ImportState.PREVIEWED and conflicts
    sides = showing.list_conflicts(session, batch, cipher, clock) if decides else []
    villages = _villages(session, sides)
    return ImportView(
        id=batch.id,
        name=batch.file_name,
        place=place_name(batch.region_code or "", {}),
        state=batch.state,
        is_busy=busy,
        rows=batch.rows,
        done=sum(batch.counts.values()),
        percent=round(100 * done / batch.chunks) if batch.chunks else 0,
        shares=_shares(batch),
        kept=batch.rows - sent_back - conflicts,
        sent_back=sent_back + conflicts,
        steps=_steps(batch.state),
        shape=batch.shape.label,
        header_row=batch.header_row,
        columns=_column_lines(batch) if batch.state is ImportState.PREVIEWED else (),
        reasons=tuple(pair for pair in batch.reasons.items() if not _is_conflict(pair[0]))[:12],
        notes=tuple(batch.notes.items())[:12],
        reason=reason,
        rejected=tuple(rejected),
        next_row=rejected[-1].number if len(rejected) == showing.PAGE else 0,
        conflicts=tuple(_conflict_view(side, villages) for side in sides),
        undecided=queries.count_undecided(session, batch.id) if decides else 0,
        left=tuple(_left(kind, record_id) for kind, record_id in batch.left),
        finished=_when(batch.undone_at or batch.finished_at) if batch.finished_at else "",
    )


def _villages(session: ReadSession, sides: list[showing.SideBySide]) -> Mapping[str, str]:
    codes = {
        str(value) for side in sides for name, *pair in side.lines if name == "region_code" for value in pair
    }
    return list_village_names(session, codes)


def _conflict_view(side: showing.SideBySide, villages: Mapping[str, str]) -> ConflictView:
    return ConflictView(
        side.number,
        side.name,
        side.kind.label,
        tuple(
            (_label(name), _words(name, ledger, villages), _words(name, sheet, villages))
            for name, ledger, sheet in side.lines
        ),
        tuple((choice.value, _choice_words(choice, side)) for choice in side.choices),
        _choice_words(side.decision, side) if side.decision else "",
        f"第 {side.other_row} 行" if side.kind is ConflictKind.TWICE else "台账里",
    )


def _choice_words(choice: Decision, side: showing.SideBySide) -> str:
    if side.kind is ConflictKind.TWICE:
        return {Decision.KEEP: "留前一行", Decision.TAKE: "用这一行"}.get(choice, choice.label)
    return choice.label


def _label(name: str) -> str:
    return label_of_field(name)


def _words(name: str, value: object, villages: Mapping[str, str]) -> str:
    return str(value or "没填") if name in ("phone", "name") else say(name, value, villages)


def _shares(batch: ImportBatch) -> tuple[Share, ...]:
    """Pieces of the bar, none narrower than the eye can see."""
    present = [(result, batch.counts.get(result, 0), colour) for result, colour in _COLOURS]
    present = [piece for piece in present if piece[1]]
    total = sum(rows for _, rows, _ in present) or 1
    free = _WIDE - 7 * len(present)
    shares: list[Share] = []
    left = 0
    for result, rows, colour in present:
        width = 5 + free * rows // total
        shares.append(Share(result.label, rows, colour, left, width))
        left += width + 2
    return tuple(shares)


def _steps(state: ImportState) -> tuple[tuple[str, bool, bool], ...]:
    """(words, reached, now) of the four steps."""
    reached = {ImportState.UPLOADED: 2, ImportState.PREVIEWING: 3, ImportState.PREVIEWED: 3}.get(state, 4)
    return tuple((f"{i} {words}", i <= reached, i == reached) for i, words in enumerate(_STEPS, start=1))


def _is_conflict(reason: str) -> bool:
    return any(reason.startswith(kind.label) for kind in ConflictKind) or reason.startswith("和第 ")


def _left(kind: str, record_id: int) -> tuple[str, str]:
    if kind == "household":
        return f"/staff/households/{record_id}", f"{record_id} 号户"
    return f"/staff/people/{record_id}", f"{record_id} 号人"
