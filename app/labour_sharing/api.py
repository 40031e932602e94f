"""余缺调剂接口: `/labour-sharing`: notices, what fits them, agreements, stays."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.dependencies import CurrentCipher, SignedInActor, StaffActor
from app.core.http import CurrentClock, ReadSession, Route, WriteSession
from app.core.pagination import Page
from app.labour_sharing import queries, service, staying
from app.labour_sharing.schemas import (
    AgreementIn,
    AgreementOut,
    FirmWord,
    NameIn,
    NewNotice,
    NoticeIn,
    NoticeOut,
    StayCheck,
    StayOut,
    StayStep,
)
from app.labour_sharing.terms import AgreementState, SharingSide

router = APIRouter(prefix="/labour-sharing", tags=["labour sharing"], route_class=Route)
MOST_FITTING = 20
States = Annotated[list[AgreementState], Query(default_factory=list)]


@router.get("/notices")
def list_notices(
    session: ReadSession, actor: SignedInActor, clock: CurrentClock, side: SharingSide | None = None
) -> Page[NoticeOut]:
    """还挂着的余缺，先开始的在前。"""
    notices = queries.list_notices(session, actor, clock.today(), side=side)
    return Page(items=[NoticeOut.of(notice) for notice in notices], next=None)


@router.post("/notices", status_code=201)
def post_notice(
    data: NewNotice, session: WriteSession, actor: SignedInActor, clock: CurrentClock
) -> NoticeOut:
    """报一条余缺：有人闲，或者缺人。"""
    form = NoticeIn.model_validate(data.model_dump(exclude={"employer_id"}))
    return NoticeOut.of(service.post_notice(session, actor, data.employer_id, form, clock))


@router.post("/notices/{notice_id}/close")
def close_notice(
    notice_id: int, session: WriteSession, actor: SignedInActor, clock: CurrentClock
) -> NoticeOut:
    """撤下一条余缺。"""
    return NoticeOut.of(service.close_notice(session, actor, notice_id, clock))


@router.get("/notices/{notice_id}/fitting")
def list_fitting(
    notice_id: int, session: ReadSession, actor: StaffActor, clock: CurrentClock
) -> Page[NoticeOut]:
    """对得上的另一边，最合适的在前。"""
    notice = queries.get_notice(session, actor, notice_id)
    found = queries.list_fitting(session, actor, notice, clock.today(), limit=MOST_FITTING)
    return Page(items=[NoticeOut.of(each) for each in found], next=None)


@router.get("/agreements")
def list_agreements(session: ReadSession, actor: SignedInActor, state: States) -> Page[AgreementOut]:
    """管得着的协议，新的在前。"""
    found = queries.list_agreements(session, actor, states=state)
    return Page(items=[AgreementOut.of(each) for each in found], next=None)


@router.post("/agreements", status_code=201)
def propose_agreement(
    data: AgreementIn, session: WriteSession, actor: StaffActor, clock: CurrentClock
) -> AgreementOut:
    """拟一份协议，等两家点头。"""
    return AgreementOut.of(service.propose_agreement(session, actor, data, clock))


@router.get("/agreements/{agreement_id}")
def show_agreement(agreement_id: int, session: ReadSession, actor: SignedInActor) -> AgreementOut:
    """看一份协议。"""
    return AgreementOut.of(queries.get_agreement(session, actor, agreement_id))


@router.post("/agreements/{agreement_id}/agree")
def agree(
    agreement_id: int, data: FirmWord, session: WriteSession, actor: SignedInActor, clock: CurrentClock
) -> AgreementOut:
    """一家点头；两家都点了就说定了。"""
    return AgreementOut.of(service.agree(session, actor, agreement_id, data, clock))


@router.post("/agreements/{agreement_id}/cancel")
def cancel_agreement(
    agreement_id: int, session: WriteSession, actor: StaffActor, clock: CurrentClock
) -> AgreementOut:
    """协议没成；提了名的人照旧在原单位。"""
    return AgreementOut.of(service.cancel_agreement(session, actor, agreement_id, clock))


@router.get("/agreements/{agreement_id}/stays")
def list_stays(agreement_id: int, session: ReadSession, actor: StaffActor) -> Page[StayOut]:
    """这份协议里自己管得着的人。"""
    agreement = queries.get_agreement(session, actor, agreement_id)
    return Page(
        items=[StayOut.of(stay) for stay in queries.list_stays(session, actor, agreement.id)], next=None
    )


@router.post("/agreements/{agreement_id}/stays", status_code=201)
def name_worker(
    agreement_id: int, data: NameIn, session: WriteSession, actor: StaffActor, clock: CurrentClock
) -> StayOut:
    """提一个人的名，接着问本人。"""
    return StayOut.of(staying.name_worker(session, actor, agreement_id, data, clock))


@router.get("/stays")
def list_out(session: ReadSession, actor: StaffActor) -> Page[StayOut]:
    """眼下借在外面的人，先到期的在前。"""
    return Page(items=[StayOut.of(stay) for stay in queries.list_out(session, actor)], next=None)


@router.post("/stays/{stay_id}/actions")
def step_stay(
    stay_id: int, data: StayStep, session: WriteSession, actor: StaffActor, clock: CurrentClock
) -> StayOut:
    """本人同意、不去、过去上班、回原单位、不去了。"""
    return StayOut.of(staying.step_stay(session, actor, stay_id, data, clock))


@router.post("/stays/{stay_id}/check")
def check_after_return(
    stay_id: int,
    data: StayCheck,
    session: WriteSession,
    actor: StaffActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
) -> StayOut:
    """回来以后的回访；当月的核实也算做了。"""
    return StayOut.of(staying.check_after_return(session, actor, stay_id, data, cipher=cipher, clock=clock))
