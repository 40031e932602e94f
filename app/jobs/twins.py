"""同一个活: one vacancy that several sources name: the firm's form, an office's list, a broker.

A list that names again what the firm or its broker posted makes no second posting: it is noted as a further
source (`JobSource`). Two that stand already are shown to the officer who vets the newer one, and joined.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.core.clock import Clock
from app.jobs import policies
from app.jobs.errors import JobMoveNotAllowed
from app.jobs.models import JobPosting, JobSource
from app.jobs.queries import get_managed_job
from app.jobs.terms import JobSourceKind, JobState
from app.regions.scope import contains

_OWN: Final = frozenset({"form", "broker", "office"})
LIVE: Final = (JobState.OPEN, JobState.PAUSED, JobState.FILLED, JobState.REVIEW)
_AROUND: Final = re.compile(
    r"^(?:急招|诚招|诚聘|急聘|直招|高薪|长期|大量|招聘|招收|招)+"
    r"|(?:\d+|[一二两三四五六七八九十]+|若干|数)(?:名|人|位|个)?$|[（(【\[].*?[)）】\]]|若干|包吃住"
)
_MARKS: Final = re.compile(r"[\W_]+")


def plain_title(title: str) -> str:
    """What a title says without its trimmings.

    >>> plain_title("急招缝纫工（包吃住）5名") == plain_title("缝纫工")
    True
    """
    text = unicodedata.normalize("NFKC", title).lower().strip()
    before = ""
    while before != text:
        before, text = text, _AROUND.sub("", text).strip()
    return _MARKS.sub("", text) or _MARKS.sub("", title)


def is_same(one: Any, other: Any) -> bool:
    """Whether two postings (rows, or columns about to be stored, as attributes) name one vacancy: the same
    firm, title and place as far as both tell it, and pay that overlaps."""
    if one.employer_id != other.employer_id or plain_title(one.title) != plain_title(other.title):
        return False
    here, there = one.region_code, other.region_code
    return (contains(here, there) or contains(there, here)) and _pay_fits(one, other)


def _pay_fits(one: Any, other: Any) -> bool:
    low, high = _ends(one)
    other_low, other_high = _ends(other)
    if low is None or other_low is None or high is None or other_high is None:
        return True
    return one.wage_unit == other.wage_unit and low <= other_high and other_low <= high


def _ends(job: Any) -> tuple[int | None, int | None]:
    low = job.wage_min_fen if job.wage_min_fen is not None else job.wage_max_fen
    return low, (job.wage_max_fen if job.wage_max_fen is not None else low)


def list_twins(session: Session, job: Any, *, but: int | None = None) -> list[JobPosting]:
    """Live postings that name the same vacancy as `job`, the oldest first. For whoever may see `job`."""
    return [each for each in _live_of(session, [job.employer_id]) if each.id != but and is_same(each, job)]


def list_own_postings(session: Session, employer_ids: Collection[int]) -> list[JobPosting]:
    """Live postings of these firms that no list brought: what a list may name again."""
    return [job for job in _live_of(session, employer_ids) if job.source in _OWN]


def _live_of(session: Session, employer_ids: Iterable[int]) -> list[JobPosting]:
    statement = select(JobPosting).where(
        JobPosting.employer_id.in_(sorted(set(employer_ids))), JobPosting.state.in_(LIVE)
    )
    return list(session.scalars(statement.order_by(JobPosting.id)))


def find_named(session: Session, keys: Collection[str]) -> dict[str, int]:
    """Postings by the identity under which a list named them again."""
    rows = session.execute(
        select(JobSource.content_key, JobSource.job_id).where(JobSource.content_key.in_(keys))
    )
    return {key: job_id for key, job_id in rows if key is not None}


def name_again(session: Session, job_id: int, key: str, actor: Actor, clock: Clock) -> None:
    """A list names a posting that came from elsewhere, for the first time or again."""
    known = session.scalar(
        update(JobSource)
        .where(JobSource.content_key == key)
        .values(last_at=clock.now())
        .returning(JobSource.id)
        .execution_options(synchronize_session=False)
    )
    if known is None:
        _add(session, job_id, JobSourceKind.LIST, actor, clock, key)


def join_job(session: Session, actor: Actor, job_id: int, into_id: int, clock: Clock) -> JobPosting:
    """An officer joins a posting that nobody can see yet with the live one it repeats: it is noted there as a
    further source, and may be closed. Returns the one that stays.

    Raises JobNotFound, JobMoveNotAllowed (it is no twin, or people see it already).
    """
    job, stays = get_managed_job(session, actor, job_id), get_managed_job(session, actor, into_id)
    if job.state is not JobState.REVIEW or stays.state not in LIVE or not is_same(job, stays):
        raise JobMoveNotAllowed("这两个不是同一个活，或者已经放出去了，并不到一起。")
    _add(session, stays.id, source_kind(job.source), actor, clock, None, by=job.created_by_id)
    return stays


def _add(
    session: Session,
    job_id: int,
    kind: JobSourceKind,
    actor: Actor,
    clock: Clock,
    key: str | None,
    *,
    by: int | None = None,
) -> None:
    now = clock.now()
    session.add(
        JobSource(
            job_id=job_id, kind=kind, content_key=key, actor_id=by or actor.user_id, first_at=now, last_at=now
        )
    )
    session.flush()


def list_sources(session: Session, job: JobPosting) -> list[JobSourceKind]:
    """Who named the vacancy, its own source first, each kind once."""
    rows = session.scalars(
        select(JobSource.kind).where(JobSource.job_id == job.id).order_by(JobSource.id).limit(20)
    )
    return list(dict.fromkeys([source_kind(job.source), *rows]))


def source_of(actor: Actor, employer_id: int) -> str:
    """The word kept with a posting that `actor` writes (`JobPosting.source`)."""
    if actor.has_role(Role.BROKER) or actor.mandate_for(employer_id) is not None:
        return JobSourceKind.BROKER.value
    return "form" if policies.acts_for(actor, employer_id) else JobSourceKind.OFFICE.value


def source_kind(source: str) -> JobSourceKind:
    """What `JobPosting.source` says."""
    kinds = {"form": JobSourceKind.FIRM, "broker": JobSourceKind.BROKER, "office": JobSourceKind.OFFICE}
    return kinds.get(source, JobSourceKind.LIST)
