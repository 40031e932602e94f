"""Situations with postings."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import FixedClock
from app.employers.models import Employer
from app.jobs import places, queries, service
from app.jobs.bulk import JobDraft, save_jobs
from app.jobs.models import JobPosting
from app.jobs.schemas import JobIn
from app.jobs.terms import JobState
from tests.employers.factories import TOWN


def job_form(employer: Employer | int, **changes: Any) -> JobIn:
    form: dict[str, Any] = {
        "employer_id": employer if isinstance(employer, int) else employer.id,
        "title": "缝纫工",
        "region_code": TOWN,
        "wage": {"min_fen": 300000, "max_fen": 450000, "unit": "month"},
        "openings": 5,
    }
    return JobIn.model_validate(form | changes)


def open_job(session: Session, clock: FixedClock, employer: Employer, **changes: Any) -> JobPosting:
    """A posting as an import makes it: open at once."""
    form = job_form(employer, **changes)
    key = f"key {session.query(JobPosting).count()}"
    save_jobs(session, [JobDraft(form, key)], clock)
    job = queries.find_jobs_by_key(session, [key])[key]
    return queries.get_managed_job(session, SYSTEM, job.id)


def draft_job(
    session: Session, clock: FixedClock, actor: Actor, employer: Employer, **changes: Any
) -> JobPosting:
    return service.create_job(session, actor, job_form(employer, **changes), clock)


def put_in_state(session: Session, job: JobPosting, state: JobState) -> JobPosting:
    """Whatever came before."""
    job.state = state
    session.flush()
    return job


def move_past_deadline(clock: FixedClock, job: JobPosting) -> None:
    clock.move(timedelta(days=(job.valid_until - clock.today()).days + 1))


def take_place(session: Session, job_id: int, clock: FixedClock) -> None:
    """Somebody is hired and starts."""
    places.hold_place(session, job_id, clock)
    places.fill_held_place(session, job_id, clock)


def free_place(session: Session, job_id: int, clock: FixedClock) -> None:
    """Somebody who started leaves at once."""
    places.hold_filled_place(session, job_id, clock)
    places.release_place(session, job_id, clock)
