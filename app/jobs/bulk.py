"""批量存入岗位: what an import or the demo data brings, 500 at a time, the same again without a trace."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.employers import queries as employer_queries
from app.employers.changes import note_change
from app.employers.models import Employer
from app.jobs import queries, twins
from app.jobs.import_vetting import FEW, plan_vetting
from app.jobs.models import JobEvent, JobPosting
from app.jobs.schemas import JobIn
from app.jobs.terms import JobEventKind, JobState, SaveOutcome
from app.jobs.values import DERIVED, read_values
from app.jobs.vetting import findings_of_columns, has_block, is_held_at_import
from app.vetting.minimum_wage import Tier
from app.vetting.queries import list_tiers

BATCH: Final = 500
_VETTED: Final = frozenset(
    {"title", "description", "wage_text", "address", "age_min", "age_max", "region_code"}
)
_LIVE: Final = frozenset({JobState.OPEN, JobState.PAUSED, JobState.FILLED})


@dataclass(frozen=True)
class JobDraft:
    """待存岗位: one posting of an import or of the demo data.

    `content_key` identifies it (see rules.content_key). `wage_text` is the pay as the office wrote it;
    `office_code` the office that keeps the record (the employer's where left out); `published_at` when the
    source says it appeared.
    """

    data: JobIn
    content_key: str
    source: str = "import"
    wage_text: str | None = None
    office_code: str | None = None
    published_at: datetime | None = None


@dataclass
class SavedJobs:
    """存入结果: created + updated + unchanged = drafts; `outcomes` by draft, in their order."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    outcomes: list[SaveOutcome] = field(default_factory=list)

    def count(self, outcome: SaveOutcome) -> None:
        self.outcomes.append(outcome)
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)


def save_jobs(
    session: Session,
    drafts: Sequence[JobDraft],
    clock: Clock,
    *,
    actor: Actor = SYSTEM,
    opened: bool = True,
) -> SavedJobs:
    """Takes in many postings at once. What an office imports itself counts as checked: new ones are open, or
    wait for review when not `opened`; one whose last day has passed comes in as expired (CONTRACT, import).

    A posting known by its content key is updated where the draft says otherwise, without changing its state,
    except that a passed or renewed last day expires or reopens it. A draft without a last day leaves a day
    that still runs. Of drafts with the same key the first counts. Raises Invalid for an unknown region or
    occupation: a caller checks its rows first.
    """
    result = SavedJobs()
    seen: set[str] = set()
    for start in range(0, len(drafts), BATCH):
        _save_batch(session, drafts[start : start + BATCH], clock, actor, opened, seen, result)
    return result


def _save_batch(
    session: Session,
    drafts: Sequence[JobDraft],
    clock: Clock,
    actor: Actor,
    opened: bool,
    seen: set[str],
    result: SavedJobs,
) -> None:
    today, now = clock.today(), clock.now()
    known = queries.find_jobs_by_key(session, [draft.content_key for draft in drafts])
    employers = employer_queries.list_employers_by_id(session, {draft.data.employer_id for draft in drafts})
    places = queries.list_places(session, {draft.data.region_code for draft in drafts})
    new: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    later: list[str] = []
    wages = list_tiers(session) if len(drafts) <= FEW else None
    told = _Told(session, [draft for draft in drafts if draft.content_key not in known], actor, clock)
    for draft in drafts:
        if draft.content_key in seen:
            result.count(SaveOutcome.UNCHANGED)
            continue
        seen.add(draft.content_key)
        employer = employers[draft.data.employer_id]
        values = read_values(draft.data, employer.name, places, today=today, wage_text=draft.wage_text)
        job = known.get(draft.content_key)
        if job is None and told.is_known(draft, values):
            result.count(SaveOutcome.UNCHANGED)
        elif job is None:
            new.append(_new_row(draft, values, employer, actor, now, today, opened, wages))
            later.append(draft.content_key)
            result.count(SaveOutcome.CREATED)
        elif change := _difference(job, draft, values, today):
            if change.keys() & _VETTED:
                later.append(draft.content_key)
                if wages is not None:
                    change["findings"] = findings_of_columns(values, employer.kind, today, wages)
                    change["needs_look"] = job.state is JobState.OPEN and has_block(change["findings"])
            changes.append({"id": job.id, "before": job.state, "version": job.version + 1} | change)
            result.count(SaveOutcome.UPDATED)
        else:
            result.count(SaveOutcome.UNCHANGED)
    _insert(session, new, actor, now)
    _apply(session, changes, actor, now)
    if wages is None:
        plan_vetting(session, later, clock)
    if new or changes:
        note_change(session)


class _Told:
    """Which of a list's new rows name a vacancy that the firm or its broker posted themselves."""

    def __init__(self, session: Session, drafts: Sequence[JobDraft], actor: Actor, clock: Clock) -> None:
        self._session, self._actor, self._clock = session, actor, clock
        listed = [draft for draft in drafts if draft.source == "import"]
        self._named = twins.find_named(session, [draft.content_key for draft in listed])
        self._own = twins.list_own_postings(session, {draft.data.employer_id for draft in listed})

    def is_known(self, draft: JobDraft, values: dict[str, Any]) -> bool:
        """Notes the list as one more source where it names a vacancy that stands already."""
        job_id = self._named.get(draft.content_key)
        if job_id is None and draft.source == "import":
            row = SimpleNamespace(**values)
            job_id = next((job.id for job in self._own if twins.is_same(job, row)), None)
        if job_id is None:
            return False
        twins.name_again(self._session, job_id, draft.content_key, self._actor, self._clock)
        return True


def _new_row(
    draft: JobDraft,
    values: dict[str, Any],
    employer: Employer,
    actor: Actor,
    now: datetime,
    today: date,
    opened: bool,
    wages: Sequence[Tier] | None,
) -> dict[str, Any]:
    findings = findings_of_columns(values, employer.kind, today, wages) if wages is not None else []
    # What an office imports counts as checked by it, but for what takes money or papers (ADR 0016).
    state = JobState.OPEN if opened and not is_held_at_import(findings) else JobState.REVIEW
    if values["valid_until"] < today:
        state = JobState.EXPIRED
    return values | {
        "office_code": draft.office_code or employer.office_code,
        "state": state,
        "findings": findings,
        "needs_look": state is JobState.OPEN and has_block(findings),
        "filled": 0,
        "source": draft.source,
        "content_key": draft.content_key,
        "created_by_id": actor.user_id,
        "submitted_by_id": actor.user_id,
        "confirmed_at": now,
        "published_at": draft.published_at or now,
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }


def _difference(job: JobPosting, draft: JobDraft, values: dict[str, Any], today: date) -> dict[str, Any]:
    if draft.data.valid_until is None and job.valid_until >= today:
        values = values | {"valid_until": job.valid_until}
    if values["openings"] < job.filled + job.held:
        values = values | {"openings": job.filled + job.held}
    change = {column: value for column, value in values.items() if getattr(job, column) != value}
    if not change.keys() - DERIVED:
        # Only our own reading of it changed (a better word list): stored, but no news to anybody.
        change = {}
    valid_until = values["valid_until"]
    if valid_until < today and job.state in _LIVE:
        change["state"] = JobState.EXPIRED
    elif valid_until >= today and job.state is JobState.EXPIRED:
        change["state"] = JobState.OPEN
    return change


def _insert(session: Session, rows: list[dict[str, Any]], actor: Actor, now: datetime) -> None:
    if not rows:
        return
    # Asking for the ids in their order makes SQLite insert row by row; the unique key tells them as well.
    session.execute(insert(JobPosting), rows)
    ids = queries.list_ids_by_key(session, [row["content_key"] for row in rows])
    events = [
        _event(ids[row["content_key"]], JobEventKind.CREATE, None, row["state"], actor, now) for row in rows
    ]
    session.execute(insert(JobEvent), events)


def _apply(session: Session, changes: list[dict[str, Any]], actor: Actor, now: datetime) -> None:
    events = []
    for change in changes:
        job_id, before = change.pop("id"), change.pop("before")
        session.execute(
            update(JobPosting)
            .where(JobPosting.id == job_id)
            .values(**change, updated_at=now)
            .execution_options(synchronize_session=False)
        )
        after = change.get("state", before)
        kind = _KINDS.get(after, JobEventKind.EDIT) if after is not before else JobEventKind.EDIT
        events.append(_event(job_id, kind, before, after, actor, now))
    if events:
        session.execute(insert(JobEvent), events)
        session.expire_all()


_KINDS: Final = {JobState.EXPIRED: JobEventKind.EXPIRE, JobState.OPEN: JobEventKind.CONFIRM}


def _event(
    job_id: int,
    kind: JobEventKind,
    before: JobState | None,
    after: JobState,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> dict[str, Any]:
    return {
        "job_id": job_id,
        "kind": kind,
        "from_state": before.value if before else None,
        "to_state": after.value,
        "actor_id": actor.user_id,
        "reason": reason,
        "at": now,
    }


def expire_jobs(session: Session, clock: Clock, *, limit: int = BATCH) -> int:
    """Sets postings whose last day has passed to `expired`, at most `limit`; returns how many.

    Lists leave them out by their date already; this makes the state say so.
    """
    rows = queries.list_overdue_states(session, clock.today(), limit)
    if not rows:
        return 0
    now = clock.now()
    session.execute(
        update(JobPosting)
        .where(JobPosting.id.in_([row.id for row in rows]))
        .values(state=JobState.EXPIRED, updated_at=now, version=JobPosting.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        insert(JobEvent),
        [_event(row.id, JobEventKind.EXPIRE, row.state, JobState.EXPIRED, SYSTEM, now) for row in rows],
    )
    note_change(session)
    return len(rows)
