"""Every table of the product, for migrations and for tests that look at the whole schema."""

from app.accounts import models as accounts
from app.accounts.audit import models as audit
from app.accounts.second_person import models as second_person
from app.cases import models as cases
from app.codes import models as codes
from app.core import idempotency, ratelimit, tasks
from app.core.db import Base
from app.demand_plans import models as demand_plans
from app.employers import models as employers
from app.employers.papers import models as employer_papers
from app.employers.team import models as employer_team
from app.jobs import models as jobs
from app.jobs.batches import models as job_batches
from app.labour_sharing import models as labour_sharing
from app.notifications import models as notifications
from app.policies import models as policies
from app.recognised_places import models as recognised_places
from app.referrals import models as referrals
from app.referrals.mailing import models as mailing
from app.referrals.recommending import models as recommending
from app.referrals.rolls import models as arrival_rolls
from app.referrals.sessions import models as matching_sessions
from app.referrals.spells import models as spells
from app.referrals.wishes import models as wishes
from app.regions import change_models as region_changes
from app.regions import models as regions
from app.seekers import models as seekers
from app.seekers.access import models as people_access
from app.seekers.imports import models as people_imports
from app.seekers.privacy import models as privacy
from app.vetting import models as vetting

metadata = Base.metadata

__all__ = [
    "accounts",
    "arrival_rolls",
    "audit",
    "cases",
    "codes",
    "demand_plans",
    "employer_papers",
    "employer_team",
    "employers",
    "idempotency",
    "job_batches",
    "jobs",
    "labour_sharing",
    "mailing",
    "matching_sessions",
    "metadata",
    "notifications",
    "people_access",
    "people_imports",
    "policies",
    "privacy",
    "ratelimit",
    "recognised_places",
    "recommending",
    "referrals",
    "region_changes",
    "regions",
    "second_person",
    "seekers",
    "spells",
    "tasks",
    "vetting",
    "wishes",
]
