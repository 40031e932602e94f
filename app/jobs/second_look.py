"""两个人看: the first posting of a firm that registered itself opens after two officers have looked.

Who verified the firm is one of them, so a colleague's approval is enough; where the same officer verified it
and approves, the posting waits for another one. A firm that an office registered or imported is known to it.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import RoleGrant
from app.accounts.terms import Role
from app.employers.models import Employer, EmployerEvent
from app.employers.terms import EmployerAction
from app.jobs.models import JobEvent, JobPosting
from app.jobs.terms import JobState


def needs_second(session: Session, actor: Actor, job: JobPosting) -> bool:
    """Whether the posting still needs another officer after `actor` said yes."""
    if actor.is_system or not is_new_firm(session, job.employer, but=job.id):
        return False
    looked = {job.first_approved_by_id, _verifier(session, job.employer_id)} - {None}
    return not looked - {actor.user_id}


def is_new_firm(session: Session, employer: Employer, *, but: int | None = None) -> bool:
    """It registered itself, and none of its postings (`but` this one) was ever open."""
    member = select(RoleGrant.id).where(
        RoleGrant.user_id == employer.registered_by_id,
        RoleGrant.role == Role.EMPLOYER,
        RoleGrant.employer_id == employer.id,
    )
    if employer.registered_by_id is None or session.scalar(member.limit(1)) is None:
        return False
    opened = (
        select(JobEvent.id)
        .join(JobPosting, JobPosting.id == JobEvent.job_id)
        .where(JobPosting.employer_id == employer.id, JobEvent.to_state == JobState.OPEN.value)
    )
    if but is not None:
        opened = opened.where(JobPosting.id != but)
    return session.scalar(opened.limit(1)) is None


def _verifier(session: Session, employer_id: int) -> int | None:
    return session.scalar(
        select(EmployerEvent.actor_id)
        .where(EmployerEvent.employer_id == employer_id, EmployerEvent.action == EmployerAction.VERIFY)
        .order_by(EmployerEvent.id.desc())
        .limit(1)
    )
