"""The JSON API: the list of domain routers under /api/v1, nothing else."""

from fastapi import APIRouter

from app.core.http import Route
from app.demand_plans import api as demand_plans
from app.employers import api as employers
from app.jobs import api as jobs
from app.labour_sharing import api as labour_sharing
from app.matching import api as matching
from app.notifications import api as notifications
from app.occupations import api as occupations
from app.recognised_places import api as recognised_places
from app.referrals import api as referrals
from app.referrals.recommending import api as recommending
from app.referrals.sessions import api as matching_sessions
from app.referrals.spells import api as spells
from app.referrals.supplements import api as supplements
from app.regions import api as regions
from app.seekers import api as seekers
from app.seekers.access import api as people_access
from app.seekers.privacy import api as privacy

router = APIRouter(prefix="/api/v1", route_class=Route)
router.include_router(regions.router)
router.include_router(occupations.router)
router.include_router(employers.router)
router.include_router(jobs.router)
router.include_router(seekers.router)
router.include_router(privacy.router)
router.include_router(people_access.router)
router.include_router(matching.router)
router.include_router(referrals.router)
router.include_router(recommending.router)
router.include_router(matching_sessions.router)
router.include_router(spells.router)
router.include_router(supplements.router)
router.include_router(demand_plans.router)
router.include_router(labour_sharing.router)
router.include_router(recognised_places.router)
router.include_router(notifications.router)
