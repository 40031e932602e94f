"""导入岗位: stores the rows of a list of vacancies in batches, the same list again without a trace."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.core.db import Database
from app.core.sheets.importing import (
    ImportOptions,
    ImportSummary,
    Progress,
    RowOutcome,
    RowProblem,
    run_import,
)
from app.employers.imports import find_or_register
from app.employers.service import check_region
from app.jobs import queries, rules
from app.jobs.bulk import JobDraft, save_jobs
from app.jobs.imports.headings import know_heading
from app.jobs.imports.rows import JobRow, read_job_row
from app.regions.terms import CoordinateSystem


class JobImporter:
    """岗位导入 (see core.sheets.importing). Keeps what the file has named so far: a repeated row changes
    nothing, a second vacancy with the same name and other pay is a vacancy of its own.
    """

    def __init__(self, options: ImportOptions, clock: Clock, actor: Actor) -> None:
        self.notes: Counter[str] = Counter()
        self._options, self._clock, self._actor = options, clock, actor
        self._today = clock.today()
        self._coordinates = None if options.coordinates is None else CoordinateSystem(options.coordinates)
        self._pays: dict[str, list[tuple[int | None, int | None, str | None]]] = {}

    def know(self, label: str) -> str | None:
        return know_heading(label)

    def read(self, cells: Mapping[str, str], labels: Mapping[str, str]) -> JobRow:
        row = read_job_row(
            cells,
            labels,
            home=self._options.region_code,
            today=self._today,
            coordinates=self._coordinates,
        )
        self.notes.update(row.notes)
        return row

    def save(self, session: Session, items: Sequence[JobRow]) -> list[RowOutcome | RowProblem]:
        # Held until the end: asking for each firm's place again then costs no query.
        _places = queries.list_places(session, {item.form.region_code for item in items})
        firms = find_or_register(
            session,
            [item.employer for item in items],
            self._clock,
            actor=self._actor,
            verified=not self._options.review,
            office_code=self._options.region_code,
        )
        outcomes: list[RowOutcome | RowProblem] = [RowOutcome.UNCHANGED] * len(items)
        drafts: list[JobDraft] = []
        places: list[int] = []
        for index, (item, firm) in enumerate(zip(items, firms, strict=True)):
            if firm.is_barred:
                outcomes[index] = RowProblem("这家单位在禁止发布的名单里。")
                continue
            key = self._new_key(item)
            if key is None:
                continue
            drafts.append(
                JobDraft(
                    item.form.model_copy(update={"employer_id": firm.id}),
                    key,
                    wage_text=item.wage_text,
                    office_code=self._options.region_code,
                    published_at=item.published_at,
                )
            )
            places.append(index)
        saved = save_jobs(session, drafts, self._clock, actor=self._actor, opened=not self._options.review)
        for index, outcome in zip(places, saved.outcomes, strict=True):
            outcomes[index] = RowOutcome[outcome.name]
        return outcomes

    def _new_key(self, item: JobRow) -> str | None:
        """The content key of a row, None for one this file has had already."""
        pays = self._pays.setdefault(item.identity, [])
        if item.pay in pays:
            return None
        pays.append(item.pay)
        return item.identity if len(pays) == 1 else rules.content_key(item.identity, "", "", str(len(pays)))


def import_jobs(
    database: Database,
    path: Path,
    options: ImportOptions,
    clock: Clock,
    *,
    actor: Actor = SYSTEM,
    progress: Progress | None = None,
) -> ImportSummary:
    """Take in a list of vacancies (CONTRACT, import). What an office imports itself counts as checked:
    employers verified, postings open, unless `options.review`; without a usable deadline valid for 30 days,
    with a passed one expired. Raises TableUnreadable (nothing stored), Invalid (unknown `region_code`).
    """
    if options.region_code:
        with database.read() as session:
            check_region(session, options.region_code)
    return run_import(database, path, JobImporter(options, clock, actor), options, progress)
