"""个人信息接口: consents, the copy for the person, erasure, sealed records, and how long records are kept."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from app.core.http import CurrentSettings, ReadSession, Route, WriteSession
from app.seekers.dependencies import StaffDesk
from app.seekers.privacy import consents, copies, erasure, holds
from app.seekers.privacy.copy_text import write_copy
from app.seekers.privacy.erasure_log import path_of
from app.seekers.privacy.schemas import (
    ConsentIn,
    ConsentOut,
    ConsentsOut,
    CopyOut,
    ErasureIn,
    ErasureOut,
    ErasureRequestOut,
    HoldIn,
    HoldOut,
    HoldsOut,
    LiftIn,
    OpenSealedIn,
    RefusalIn,
    ReturnIn,
)
from app.seekers.privacy.terms import ConsentMethod

router = APIRouter(prefix="/seekers", tags=["privacy"], route_class=Route)


@router.post("/returns", status_code=204)
def allow_return(data: ReturnIn, session: WriteSession, desk: StaffDesk, settings: CurrentSettings) -> None:
    """以前要求删除过的人重新同意建档：记下来，然后照常登记。"""
    erasure.allow_return(
        session, desk.actor, data, cipher=desk.cipher, clock=desk.clock, list_path=path_of(settings)
    )


@router.get("/{seeker_id}/consents")
def list_consents(seeker_id: int, session: ReadSession, desk: StaffDesk) -> ConsentsOut:
    """本人同意过什么，现在能做什么。"""
    return ConsentsOut.of(consents.list_consents(session, desk.actor, seeker_id))


@router.post("/{seeker_id}/consents", status_code=201)
def record_consent(seeker_id: int, data: ConsentIn, session: WriteSession, desk: StaffDesk) -> ConsentOut:
    """记下本人同意，或收回同意。"""
    return ConsentOut.of(
        consents.record_consent(session, desk.actor, seeker_id, data, cipher=desk.cipher, clock=desk.clock)
    )


@router.get("/{seeker_id}/copy", response_model=CopyOut)
def make_copy(
    seeker_id: int,
    session: WriteSession,  # the copy is written into the audit log
    desk: StaffDesk,
    response: Response,
    asked: Annotated[ConsentMethod, Query(description="本人怎么提的")] = ConsentMethod.VISIT,
    form: Annotated[Literal["json", "text"], Query(alias="format")] = "json",
) -> CopyOut | Response:
    """给本人的一份自己的全部资料：JSON，或能打印的文字。记进审计，本人能看到。"""
    copy = copies.make_copy(session, desk.actor, seeker_id, asked=asked, cipher=desk.cipher, clock=desk.clock)
    response.headers["Cache-Control"] = "no-store"
    if form == "text":
        return PlainTextResponse(write_copy(copy), headers={"Cache-Control": "no-store"})
    return copy


@router.post("/{seeker_id}/erasure", status_code=202)
def request_erasure(
    seeker_id: int, data: ErasureIn, session: WriteSession, desk: StaffDesk
) -> ErasureRequestOut:
    """记下本人要求删除；要另一位同事核对后办。"""
    asked = erasure.request_erasure(
        session, desk.actor, seeker_id, data, cipher=desk.cipher, clock=desk.clock
    )
    return ErasureRequestOut.of(asked)


@router.post("/{seeker_id}/erasure/carry-out")
def carry_out_erasure(
    seeker_id: int, session: WriteSession, desk: StaffDesk, settings: CurrentSettings
) -> ErasureOut:
    """另一位同事核对过了，删除：马上删；依法要留的先封存，到期再删。"""
    done = erasure.carry_out_erasure(
        session,
        desk.actor,
        seeker_id,
        cipher=desk.cipher,
        clock=desk.clock,
        list_path=path_of(settings),
    )
    return ErasureOut.of(done)


@router.post("/{seeker_id}/erasure/refuse")
def refuse_erasure(
    seeker_id: int, data: RefusalIn, session: WriteSession, desk: StaffDesk
) -> ErasureRequestOut:
    """另一位同事不同意删，写明为什么。"""
    refused = erasure.refuse_erasure(
        session, desk.actor, seeker_id, data.reason, cipher=desk.cipher, clock=desk.clock
    )
    return ErasureRequestOut.of(refused)


@router.post("/{seeker_id}/sealed-record")
def open_sealed_record(
    seeker_id: int, data: OpenSealedIn, session: WriteSession, desk: StaffDesk, response: Response
) -> CopyOut:
    """打开封存的档案：只有县里能开，要写明为什么，记进审计。"""
    response.headers["Cache-Control"] = "no-store"
    return copies.open_sealed(
        session, desk.actor, seeker_id, data.reason, cipher=desk.cipher, clock=desk.clock
    )


@router.post("/{seeker_id}/holds", status_code=201)
def place_hold(seeker_id: int, data: HoldIn, session: WriteSession, desk: StaffDesk) -> HoldOut:
    """县里定：这份档案依法要留到哪天。"""
    hold = holds.place_hold(
        session,
        desk.actor,
        seeker_id,
        data.reason,
        data.until_on,
        cipher=desk.cipher,
        clock=desk.clock,
    )
    return HoldOut.of(hold)


@router.get("/{seeker_id}/holds")
def list_holds(seeker_id: int, session: ReadSession, desk: StaffDesk) -> HoldsOut:
    """这份档案眼下为什么要留着。"""
    found = holds.list_holds(session, desk.actor, seeker_id, desk.clock)
    return HoldsOut(items=[HoldOut.of(hold) for hold in found])


@router.post("/{seeker_id}/holds/lift")
def lift_hold(seeker_id: int, data: LiftIn, session: WriteSession, desk: StaffDesk) -> HoldOut:
    """县里定：留存的原因没有了。封存的档案没有别的原因，当晚就删。"""
    hold = holds.lift_hold(
        session,
        desk.actor,
        seeker_id,
        data.hold_id,
        data.reason,
        cipher=desk.cipher,
        clock=desk.clock,
    )
    return HoldOut.of(hold)
