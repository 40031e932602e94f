"""推荐单接口 (CONTRACT, /referrals); the checks stand in `spells/api.py`. Outside one's area all is 404."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from app.accounts.dependencies import CurrentCipher, SignedInActor
from app.core.http import CurrentClock, ReadSession, Route, WriteSession
from app.core.idempotency import MAX_KEY_LENGTH
from app.core.pagination import Page
from app.employers.dependencies import IfMatch, etag
from app.referrals import flagging, moving, offering, queries
from app.referrals.queries import ReferralFilters
from app.referrals.schemas import MoveIn, ReferralIn, ReferralPatch
from app.referrals.shown import ReferralEventOut, ReferralOut, show_events, show_referral, show_referrals
from app.referrals.terms import ReferralState

router = APIRouter(prefix="/referrals", tags=["referrals"], route_class=Route)
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=400)]
Region = Annotated[str | None, Query(max_length=12)]
IdempotencyKey = Annotated[str | None, Header(max_length=MAX_KEY_LENGTH)]


@router.get("")
def list_referrals(
    session: ReadSession,
    actor: SignedInActor,
    clock: CurrentClock,
    state: ReferralState | None = None,
    region: Region = None,
    job: int | None = None,
    seeker: int | None = None,
    live: bool = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ReferralOut]:
    """看得见的推荐单，新的在前。"""
    filters = ReferralFilters(state, region or None, job, seeker, live)
    rows, following = queries.list_referrals(session, actor, filters, clock.now(), limit=limit, cursor=cursor)
    return Page(items=show_referrals(session, actor, rows, clock), next=following)


@router.post("", status_code=201)
def push_referral(
    data: ReferralIn,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> ReferralOut:
    """推一个岗位给一个人；本人调就是报名。"""
    referral = offering.push_referral(
        session, actor, data, cipher=cipher, clock=clock, idempotency_key=idempotency_key
    )
    response.headers["Location"] = f"/api/v1/referrals/{referral.id}"
    response.headers["ETag"] = etag(referral.version)
    return show_referral(session, actor, referral, clock)


@router.get("/{referral_id}")
def show_one(
    referral_id: int, session: ReadSession, actor: SignedInActor, clock: CurrentClock, response: Response
) -> ReferralOut:
    """看一张推荐单。"""
    referral = queries.get_referral(session, actor, referral_id, clock.now())
    response.headers["ETag"] = etag(referral.version)
    return show_referral(session, actor, referral, clock)


@router.patch("/{referral_id}")
def flag_referral(
    referral_id: int,
    data: ReferralPatch,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    if_match: IfMatch,
    response: Response,
) -> ReferralOut:
    """先放一放到哪天、说法不一、备注；If-Match 带上看到的版本。"""
    referral = flagging.flag_referral(session, actor, referral_id, data, clock, version=if_match)
    response.headers["ETag"] = etag(referral.version)
    return show_referral(session, actor, referral, clock)


@router.post("/{referral_id}/actions")
def move_referral(
    referral_id: int,
    data: MoveIn,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> ReferralOut:
    """愿意、不愿意、送企业、看过、约见面、录用、不录用、备选、动身、到岗、没到场、撤回、撤销到岗。"""
    move = data if data.idempotency_key else data.model_copy(update={"idempotency_key": idempotency_key})
    referral = moving.move_referral(session, actor, referral_id, move, cipher=cipher, clock=clock)
    response.headers["ETag"] = etag(referral.version)
    return show_referral(session, actor, referral, clock)


@router.get("/{referral_id}/events")
def list_events(
    referral_id: int, session: ReadSession, actor: SignedInActor, clock: CurrentClock
) -> Page[ReferralEventOut]:
    """一张推荐单走过的每一步，早的在前。"""
    referral = queries.get_referral(session, actor, referral_id, clock.now())
    events = queries.list_events(session, referral.id)
    return Page(items=show_events(session, actor, referral, events))
