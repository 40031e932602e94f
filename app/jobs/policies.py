"""谁能对岗位做什么 (SAFETY, row "posting")."""

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.employers.models import Employer
from app.employers.queries import firms_of
from app.jobs.models import JobPosting
from app.jobs.rules import DECISIONS
from app.jobs.terms import JobAction, JobState

_OFFICE = (Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER)
_DRAFTING = frozenset({JobState.DRAFT, JobState.REJECTED})


def may_post_job(actor: Actor, employer: Employer, region_code: str) -> bool:
    """The firm's own people, its broker, and officers of the firm's or the work place's area post for it."""
    if actor.is_system or acts_for(actor, employer.id):
        return True
    return actor.manages(employer.office_code) or actor.manages(region_code)


def may_edit_job(actor: Actor, job: JobPosting) -> bool:
    """The firm's own people, its broker, the township and county office that keep the posting; a village
    officer only while it is a draft."""
    if actor.is_system or acts_for(actor, job.employer_id) or is_office_of(actor, job):
        return True
    return job.state in _DRAFTING and actor.manages(job.office_code, Role.VILLAGE_OFFICER)


def may_act_on_job(actor: Actor, job: JobPosting, action: JobAction) -> bool:
    """Only the township or county office that keeps it approves and rejects, and never for a firm they
    belong to. Everything else also belongs to the firm; a village officer may hand in a draft."""
    if actor.is_system:
        return True
    if action in DECISIONS:
        return is_office_of(actor, job) and not acts_for(actor, job.employer_id)
    if acts_for(actor, job.employer_id) or is_office_of(actor, job):
        return True
    return action is JobAction.SUBMIT and actor.manages(job.office_code, Role.VILLAGE_OFFICER)


def is_own_decision(actor: Actor, job: JobPosting) -> bool:
    """Who submits does not approve."""
    return actor.user_id is not None and actor.user_id == job.submitted_by_id


def acts_for(actor: Actor, employer_id: int) -> bool:
    """A member of the firm, or its broker."""
    return employer_id in firms_of(actor)


def is_office_of(actor: Actor, job: JobPosting) -> bool:
    """A township or county officer in whose area the posting is kept."""
    return actor.manages(job.office_code, *_OFFICE)
