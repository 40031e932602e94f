"""导入后审核: a long list of vacancies is vetted right after it came in, in the background.

What an office imports counts as checked by it (CONTRACT), so its postings are open at once; vetting 2,000 of
them takes longer than storing them. A few are vetted as they are stored.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.tasks import TaskContext, enqueue, task
from app.jobs import queries
from app.jobs.models import JobPosting
from app.jobs.service import hold_job
from app.jobs.terms import JobState
from app.jobs.vetting import findings_of_job, has_block, is_held_at_import
from app.vetting.queries import list_tiers

VET: Final = "jobs.vet_imported"
FEW: Final = 20
"""As many postings are vetted while they are stored."""
AT_ONCE: Final = 100
HELD: Final = "导入后审核查出要钱、扣证件一类的说法，先收起来，请人看过再放。"


def plan_vetting(session: Session, content_keys: Sequence[str], clock: Clock) -> None:
    """Plans the vetting of stored postings, in the caller's transaction."""
    for start in range(0, len(content_keys), AT_ONCE):
        keys = list(content_keys[start : start + AT_ONCE])
        enqueue(session, VET, {"keys": keys}, due_at=clock.now(), dedupe_key=f"{VET} {uuid4().hex}")


@task(VET)
def vet_imported(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Vets some postings: what takes money or papers is taken out of sight, what else must be decided stands
    open in the queue (ADR 0016). Doing it twice changes nothing."""
    session, today = context.session, context.clock.today()
    wages = list_tiers(session)
    for job in queries.list_jobs_by_key(session, list(payload["keys"])):
        findings = findings_of_job(job, today, wages)
        is_held = is_held_at_import(findings) and hold_job(session, job, HELD, context.clock)
        needs_look = not is_held and job.state is JobState.OPEN and has_block(findings)
        session.execute(
            update(JobPosting)
            .where(JobPosting.id == job.id)
            .values(findings=findings, needs_look=needs_look)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()
