"""增补接口 (DOMAIN D2)."""

from fastapi import APIRouter

from app.accounts.dependencies import StaffActor
from app.core.http import CurrentClock, ReadSession, Route
from app.referrals.supplements import service
from app.referrals.supplements.schemas import SupplementsOut

router = APIRouter(tags=["matches"], route_class=Route)


@router.get("/seekers/{seeker_id}/supplements")
def show_supplements(
    seeker_id: int, session: ReadSession, actor: StaffActor, clock: CurrentClock
) -> SupplementsOut:
    """收入不够，下一步帮什么：六个增补里用得上的、能推的岗位，和用不上的为什么。"""
    return service.find_for(session, actor, seeker_id, clock.today())
