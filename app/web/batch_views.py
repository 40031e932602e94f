"""成批发岗位的内容: what the pages of firms and of the office show of a filled-in template."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import UploadFile
from fastapi.responses import Response

from app.core.clock import OFFICE_ZONE, Clock
from app.core.http import ReadSession
from app.core.sheets import write_xlsx
from app.employers.models import Employer
from app.jobs import rules
from app.jobs.batches import service
from app.jobs.batches.columns import columns
from app.jobs.batches.models import JobBatch
from app.jobs.batches.service import Looked
from app.jobs.batches.template import write_template
from app.jobs.vetting import has_block
from app.regions import gazetteer
from app.regions.terms import Level
from app.vetting.terms import Rule
from app.web.employer.trades import trades

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class BatchLine:
    """传过的一张表."""

    id: int
    name: str
    words: str
    state: str


@dataclass(frozen=True)
class RowLine:
    """一行: `tone` ok, now (stands already or vetting looks at it), late (cannot be handed in)."""

    number: int
    title: str
    tone: str
    badge: str
    said: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class BatchView:
    """一张表: before it is confirmed `rows` as they are read; after that the counts and what was refused."""

    id: int
    firm: str
    name: str
    address: str
    rows: tuple[RowLine, ...]
    good: int
    bad: int
    is_taken: bool
    counts: tuple[tuple[str, int], ...] = ()
    refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class UploadView:
    """传表: the form for a file, and what was uploaded lately."""

    address: str
    template: str
    lines: tuple[BatchLine, ...]
    problem: str = ""
    firm: str = ""


def template_of(employer: Employer) -> Response:
    """The template with the towns of the firm's county."""
    county = gazetteer.ancestor_at(employer.region_code, Level.COUNTY)
    towns = tuple(town.name for town in gazetteer.children(county.code)) if county is not None else ()
    labels = tuple(trade.label for trade in trades())
    return download(write_template(columns(towns, labels)), "songgang-jobs.xlsx")


def download(body: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=XLSX, headers=headers)


def bytes_of(file: UploadFile) -> bytes:
    """The file, or a little more than may be taken of it."""
    return file.file.read(service.MOST_BYTES + 1)


def batch_lines(batches: Sequence[JobBatch]) -> tuple[BatchLine, ...]:
    return tuple(
        BatchLine(
            batch.id,
            batch.file_name,
            f"{batch.created_at.astimezone(OFFICE_ZONE):%m-%d %H:%M}，{len(batch.rows)} 行",
            "交过了" if batch.taken_at else "还没交",
        )
        for batch in batches
    )


def batch_view(session: ReadSession, batch: JobBatch, address: str, clock: Clock) -> BatchView:
    """The preview, or what came of it."""
    firm, name = batch.employer.name, batch.file_name
    if batch.taken_at is not None:
        result = batch.result or {}
        labels = (("created", "交上去"), ("updated", "改了"), ("unchanged", "早就有，没变"))
        counts = (*((words, int(result.get(key, 0))) for key, words in labels),)
        refused = tuple((number, reason) for number, reason, _cells in service.refused_rows(batch))
        return BatchView(batch.id, firm, name, address, (), 0, len(refused), True, counts, refused)
    rows = tuple(_line(looked) for looked in service.look_at(session, batch, clock))
    bad = sum(row.tone == "late" for row in rows)
    return BatchView(batch.id, firm, name, address, rows, len(rows) - bad, bad, False)


def _line(looked: Looked) -> RowLine:
    row, form = looked.row, looked.row.form
    if form is None:
        problems = tuple(f"“{problem.column}”：{problem.words}" for problem in row.problems)
        return RowLine(row.number, row.title or "（没写）", "late", "要改", "", problems)
    wage = form.wage
    pay = rules.wage_words(wage.min_fen, wage.max_fen, wage.unit, negotiable=wage.negotiable)
    if wage.estimate_fen:
        pay += f"（一月大概 {rules.yuan(wage.estimate_fen)} 元）"
    said = f"{pay}，要 {form.openings} 人，{gazetteer.get_nearest(form.region_code).name}"
    if form.valid_until is not None:
        said += f"，招到 {form.valid_until:%m-%d}"
    found = tuple(
        f"“{finding['quote']}”（{Rule(finding['rule']).label}）：{finding['advice']}"
        for finding in looked.findings
    )
    if looked.twin_id is not None:
        return RowLine(row.number, form.title, "now", "已经有了", said, (*row.notes, *found))
    if has_block(looked.findings):
        return RowLine(row.number, form.title, "now", "会被退回", said, found)
    return RowLine(row.number, form.title, "ok", "能交", said, (*row.notes, *found))


def rejects_of(batch: JobBatch) -> Response:
    """The rows that were not handed in, to be put right and sent again."""
    target = io.BytesIO()
    header = ["行号", "没收进来的原因", *batch.labels]
    write_xlsx(target, header, ([number, why, *cells] for number, why, cells in service.refused_rows(batch)))
    return download(target.getvalue(), f"rejects-{batch.id}.xlsx")
