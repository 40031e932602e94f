"""交办经纪人接口: officers of the area give people to labour brokers until a day, and take them back."""

from fastapi import APIRouter

from app.core.http import ReadSession, Route, WriteSession
from app.seekers.access import service
from app.seekers.access.schemas import AssignedOut, AssignIn, TakeBackIn
from app.seekers.dependencies import StaffDesk

router = APIRouter(prefix="/seekers", tags=["access"], route_class=Route)


@router.get("/{seeker_id}/brokers")
def list_brokers(seeker_id: int, session: ReadSession, desk: StaffDesk) -> list[AssignedOut]:
    """眼下交给了哪些经纪人。"""
    found = service.list_assignments(session, desk.actor, seeker_id, desk.clock)
    return [AssignedOut.of(each) for each in found]


@router.post("/{seeker_id}/brokers", status_code=201)
def assign_broker(
    seeker_id: int, data: AssignIn, session: WriteSession, desk: StaffDesk
) -> list[AssignedOut]:
    """交给经纪人，到期自动收回；要本人同意过。"""
    service.assign_broker(
        session,
        desk.actor,
        seeker_id,
        data.broker_user_id,
        data.until_on,
        cipher=desk.cipher,
        clock=desk.clock,
    )
    return list_brokers(seeker_id, session, desk)


@router.post("/{seeker_id}/brokers/end")
def end_assignment(
    seeker_id: int, data: TakeBackIn, session: WriteSession, desk: StaffDesk
) -> list[AssignedOut]:
    """马上收回。"""
    service.end_assignment(
        session, desk.actor, seeker_id, data.broker_user_id, cipher=desk.cipher, clock=desk.clock
    )
    return list_brokers(seeker_id, session, desk)
