"""Every background task of the product, imported here so that whoever runs tasks knows them all; gathered the
same way: whose records follow a region when its code changes (regions.holders), and what is sealed."""

from app.accounts import region_holding as roles_held
from app.accounts import region_tasks as region_changes
from app.accounts import tasks as accounts
from app.cases import region_holding as cases_held
from app.cases import sealing as cases_sealed
from app.cases import tasks as cases
from app.core import idempotency
from app.core.clock import Clock
from app.core.db import Database
from app.core.tasks import TaskRunner
from app.employers import region_holding as employers_held
from app.employers.papers import tasks as employer_papers
from app.jobs import import_vetting
from app.jobs import region_holding as jobs_held
from app.jobs import tasks as jobs
from app.labour_sharing import tasks as labour_sharing
from app.notifications import tasks as notifications
from app.policies import region_holding as guides_held
from app.referrals import region_holding as clocks_held
from app.referrals import tasks as referrals
from app.referrals.mailing import tasks as mailing
from app.referrals.wishes import sealing as wishes_sealed
from app.referrals.wishes import tasks as wishes
from app.seekers import rehoming as people_held
from app.seekers import tasks as seekers
from app.seekers.imports import tasks as people_imports

MODULES = (
    idempotency,
    accounts,
    region_changes,
    notifications,
    employer_papers,
    jobs,
    import_vetting,
    seekers,
    people_imports,
    referrals,
    labour_sharing,
    mailing,
    wishes,
    cases,
)
SEALED = (
    wishes_sealed,
    cases_sealed,
)
HELD_BY_REGION = (roles_held, employers_held, jobs_held, clocks_held, people_held, cases_held, guides_held)


def make_runner(database: Database, clock: Clock) -> TaskRunner:
    """A runner that knows every task."""
    return TaskRunner(database, clock)
