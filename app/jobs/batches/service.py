"""成批发岗位: a filled-in template is taken up, read row by row for a look, and handed in once confirmed.

Each good row is handed in like one typed on the phone: vetted, counted, looked at by the office. The same
file again, or the same row in another file, makes no second posting.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from app.core.sheets import TableUnreadable, find_header, open_table
from app.employers.errors import EmployerBarred
from app.employers.models import Employer
from app.employers.terms import EmployerState
from app.jobs import policies, queries, rules, service, twins
from app.jobs.batches.columns import EXAMPLE_MARK, MOST_ROWS
from app.jobs.batches.models import JobBatch
from app.jobs.batches.reading import ReadRow, read_row
from app.jobs.imports.headings import know_heading
from app.jobs.models import JobPosting
from app.jobs.schemas import JobIn, JobPatch
from app.jobs.terms import JobAction, SaveOutcome
from app.jobs.values import read_values
from app.jobs.vetting import findings_of_columns
from app.vetting.queries import list_tiers

MOST_BYTES: Final = 2 * 1024 * 1024
KEPT_FOR: Final = timedelta(days=30)
_MOST_COLUMNS: Final = 60
_OWN_HEADINGS: Final = {"计件月收入": "estimate", "班车": "transport"}


class BatchTaken(Conflict):
    code, title = "batch_taken", "这张表已经交过了。"


@dataclass(frozen=True)
class Looked:
    """看过的一行: what it says, what vetting found, and whether the vacancy stands already."""

    row: ReadRow
    findings: list[dict[str, Any]]
    twin_id: int | None = None


def upload_batch(
    session: Session, actor: Actor, employer: Employer, file: bytes, name: str, clock: Clock
) -> JobBatch:
    """Takes a sheet up; nothing is posted. The same file again leads to the batch it made before.

    Raises Forbidden, EmployerBarred, Invalid (not a table, too large, too many rows, no vacancies in it).
    """
    if not policies.may_post_job(actor, employer, employer.region_code):
        raise Forbidden("您只能给自己的单位或自己管的地方发岗位。")
    if employer.state is EmployerState.BARRED:
        raise EmployerBarred
    if len(file) > MOST_BYTES:
        raise Invalid(f"文件超过 {MOST_BYTES // 1024 // 1024} MB。用模板填，一次最多 {MOST_ROWS} 行。")
    digest = hashlib.sha256(file).hexdigest()
    known = session.scalar(
        select(JobBatch.id)
        .where(JobBatch.employer_id == employer.id, JobBatch.file_digest == digest)
        .limit(1)
    )
    if known is not None:
        return get_batch(session, actor, known)
    labels, fields, rows = _read_file(file, name)
    batch = JobBatch(
        employer_id=employer.id,
        actor_id=actor.user_id,
        file_name=name[-120:],
        file_digest=digest,
        labels=labels,
        fields=fields,
        rows=rows,
        created_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    return get_batch(session, actor, batch.id)


def _read_file(file: bytes, name: str) -> tuple[list[str], list[str | None], list[list[Any]]]:
    try:
        header = find_header(open_table(file, name).rows(), _know, least=2)
        rows = []
        for row in header.rows:
            cells = [cell[:2000] for cell in row.cells[:_MOST_COLUMNS]]
            if not any(cells) or any(cell.startswith(EXAMPLE_MARK) for cell in cells):
                continue
            rows.append([row.number, *cells])
            if len(rows) > MOST_ROWS:
                raise Invalid(f"超过 {MOST_ROWS} 行了，分成几张表传。")
    except TableUnreadable as error:
        raise Invalid(str(error.title)) from error
    if "title" not in header.fields:
        raise Invalid("表里没有“岗位名称”这一列。用我们的模板填，再传一次。")
    if not rows:
        raise Invalid("表里还没写岗位。在例子下面一行一个活往下写。")
    return header.labels[:_MOST_COLUMNS], header.fields[:_MOST_COLUMNS], rows


def _know(label: str) -> str | None:
    return _OWN_HEADINGS.get(label.strip()) or know_heading(label)


def get_batch(session: Session, actor: Actor, batch_id: int) -> JobBatch:
    """A batch with its firm, for whoever may post for it. Raises NotFound."""
    batch = session.scalar(
        select(JobBatch)
        .join(Employer, Employer.id == JobBatch.employer_id)
        .options(contains_eager(JobBatch.employer))
        .where(JobBatch.id == batch_id)
        .execution_options(populate_existing=True)
    )
    if batch is None or not policies.may_post_job(actor, batch.employer, batch.employer.region_code):
        raise NotFound("没找到这张表。")
    return batch


def list_batches(session: Session, employer: Employer, limit: int = 5) -> list[JobBatch]:
    """A firm's latest batches. The caller has made sure they may be seen."""
    statement = select(JobBatch).where(JobBatch.employer_id == employer.id)
    return list(session.scalars(statement.order_by(JobBatch.id.desc()).limit(limit)))


def look_at(session: Session, batch: JobBatch, clock: Clock) -> list[Looked]:
    """Every row as it is read today, with what vetting finds. Nothing is stored."""
    today = clock.today()
    read = _rows_of(batch, clock)
    forms = [row.form for row in read if row.form is not None]
    places = queries.list_places(session, {form.region_code for form in forms})
    looked, wages = [], list_tiers(session)
    for row in read:
        if row.form is None:
            looked.append(Looked(row, []))
            continue
        values = read_values(row.form, batch.employer.name, places, today=today)
        twin = _stands_already(session, row.form, values)
        findings = findings_of_columns(values, batch.employer.kind, today, wages)
        looked.append(Looked(row, findings, twin.id if twin is not None else None))
    return looked


def _rows_of(batch: JobBatch, clock: Clock) -> list[ReadRow]:
    labels = {field: label for field, label in zip(batch.fields, batch.labels, strict=False) if field}
    return [
        read_row(int(row[0]), _cells(batch.fields, row[1:]), labels, batch.employer, clock.today())
        for row in batch.rows
    ]


def _cells(fields: list[str | None], cells: list[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=False):
        if field and cell and not found.get(field):
            found[field] = cell
    return found


def _key(form: JobIn) -> str:
    pay = form.wage
    further = (str(pay.min_fen), str(pay.max_fen), str(pay.unit))
    return rules.content_key(f"firm {form.employer_id}", form.title, form.region_code, *further)


def _stands_already(session: Session, form: JobIn, values: Mapping[str, Any]) -> JobPosting | None:
    known = queries.find_jobs_by_key(session, [_key(form)]).get(_key(form))
    if known is not None:
        return known
    found = twins.list_twins(session, _Values(values))
    return found[0] if found else None


class _Values:
    """Columns about to be stored, read like a posting's."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)


def take_batch(session: Session, actor: Actor, batch_id: int, clock: Clock) -> JobBatch:
    """Hands in every good row; of two who confirm at once one does. A row that cannot be handed in is kept
    with its reason, the others go on. Raises NotFound, BatchTaken."""
    batch = get_batch(session, actor, batch_id)
    taken = session.scalar(
        update(JobBatch)
        .where(JobBatch.id == batch.id, JobBatch.taken_at.is_(None))
        .values(taken_at=clock.now(), result={})
        .returning(JobBatch.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise BatchTaken
    counts = {outcome.value: 0 for outcome in SaveOutcome}
    refused: list[list[Any]] = []
    for looked in look_at(session, batch, clock):
        row = looked.row
        if row.form is None:
            reason = "；".join(f"“{problem.column}”{problem.words}" for problem in row.problems)
        else:
            reason = _hand_in(session, actor, row.form, looked.twin_id, counts, clock)
        if reason:
            refused.append([row.number, reason])
    result = counts | {"rows": len(batch.rows), "rejected": len(refused), "refused": refused}
    session.execute(
        update(JobBatch)
        .where(JobBatch.id == batch.id)
        .values(result=result)
        .execution_options(synchronize_session=False)
    )
    return get_batch(session, actor, batch_id)


def _hand_in(
    session: Session, actor: Actor, form: JobIn, twin_id: int | None, counts: dict[str, int], clock: Clock
) -> str:
    """One row; returns why it could not be handed in, or nothing."""
    try:
        with session.begin_nested():
            if twin_id is None:
                job = service.create_job(session, actor, form, clock, content_key=_key(form))
                service.act_on_job(session, actor, job.id, JobAction.SUBMIT, clock)
                outcome = SaveOutcome.CREATED
            else:
                outcome = _renew(session, actor, form, twin_id, clock)
    except AppError as error:
        words = [problem.message for problem in error.fields]
        return "；".join(words) or error.title
    except ValidationError:
        return "这一行的内容填得不对，请检查。"
    counts[outcome.value] += 1
    return ""


def _renew(session: Session, actor: Actor, form: JobIn, job_id: int, clock: Clock) -> SaveOutcome:
    """A vacancy that stands already: what the row says otherwise is changed, the rest stays."""
    before = queries.get_managed_job(session, actor, job_id)
    version = before.version
    given = form.model_dump(include={"openings", "description", "address", "valid_until"}, exclude_none=True)
    kept = {name: value for name, value in given.items() if value != "" and getattr(before, name) != value}
    if not kept:
        return SaveOutcome.UNCHANGED
    job = service.edit_job(session, actor, job_id, JobPatch.model_validate(kept), clock)
    return SaveOutcome.UNCHANGED if job.version == version else SaveOutcome.UPDATED


def refused_rows(batch: JobBatch) -> list[tuple[int, str, list[str]]]:
    """The rows that were not handed in: number, reason, and the cells as they stood."""
    cells = {int(row[0]): [str(cell) for cell in row[1:]] for row in batch.rows}
    refused = (batch.result or {}).get("refused", [])
    return [(int(number), str(reason), cells.get(int(number), [])) for number, reason in refused]


def forget_batches(session: Session, clock: Clock) -> None:
    """Deletes what was uploaded a month ago."""
    session.execute(delete(JobBatch).where(JobBatch.created_at < clock.now() - KEPT_FOR))
