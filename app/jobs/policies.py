"""谁能对岗位做什么 (SAFETY, row "posting"), asked of the table of permissions."""

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
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
    firm = frozenset({employer.id})
    offices = (employer.office_code, region_code)
    return any(_may(actor, Action.CREATE, Target(code, employer_ids=firm, state="draft")) for code in offices)


def may_edit_job(actor: Actor, job: JobPosting) -> bool:
    """The firm's own people, its broker, the township and county office that keep the posting; a village
    officer only while it is a draft."""
    return _may(actor, Action.EDIT, _target(job))


def may_act_on_job(actor: Actor, job: JobPosting, action: JobAction) -> bool:
    """Only the township or county office that keeps it approves and rejects, and never for a firm they
    belong to. Everything else goes with editing; so a village officer may hand in a draft."""
    return _may(actor, Action.DECIDE if action in DECISIONS else Action.EDIT, _target(job))


def is_own_decision(actor: Actor, job: JobPosting) -> bool:
    """Who submits does not approve."""
    return actor.user_id is not None and actor.user_id == job.submitted_by_id


def acts_for(actor: Actor, employer_id: int) -> bool:
    """A member of the firm, or its broker."""
    return employer_id in firms_of(actor)


def is_office_of(actor: Actor, job: JobPosting) -> bool:
    """A township or county officer in whose area the posting is kept."""
    return actor.manages(job.office_code, *_OFFICE)


def _target(job: JobPosting) -> Target:
    """Who submitted it is looked at apart (`is_own_decision`), for it has an answer of its own."""
    return Target(
        region_code=job.office_code,
        employer_ids=frozenset({job.employer_id}),
        state="draft" if job.state in _DRAFTING else None,
    )


def _may(actor: Actor, action: Action, target: Target) -> bool:
    return may(actor, action, Resource.POSTING, target) is not None
