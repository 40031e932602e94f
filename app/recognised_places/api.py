"""认定登记接口: `/recognised-places`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.accounts.dependencies import SignedInActor, StaffActor
from app.core.http import CurrentClock, ReadSession, Route, WriteSession
from app.core.pagination import Page
from app.employers.dependencies import IfMatch, etag
from app.recognised_places import policies, queries, service
from app.recognised_places.models import RecognisedPlace
from app.recognised_places.schemas import PlaceEdit, PlaceIn, PlaceOut, ReviewIn, SupportIn
from app.recognised_places.terms import PlaceKind

router = APIRouter(prefix="/recognised-places", tags=["recognised places"], route_class=Route)


@router.get("")
def list_places(
    session: ReadSession,
    actor: SignedInActor,
    region: Annotated[str, Query(max_length=12)] = "",
    kind: PlaceKind | None = None,
) -> Page[PlaceOut]:
    """登记里的载体和在岗人数，先到期年审的在前。"""
    places = queries.list_places(session, actor, region_code=region or None, kind=kind)
    figures = queries.count_workers(session, [place.employer_id for place in places])
    items = [PlaceOut.of(place, policies.told(actor, place, figures[place.employer_id])) for place in places]
    return Page(items=items, next=None)


@router.post("", status_code=201)
def recognise(
    data: PlaceIn, session: WriteSession, actor: StaffActor, clock: CurrentClock, response: Response
) -> PlaceOut:
    """认定一家单位。"""
    place = service.recognise(session, actor, data, clock)
    response.headers["Location"] = f"/api/v1/recognised-places/{place.id}"
    return _shown(session, actor, place, response)


@router.get("/{place_id}")
def show_place(place_id: int, session: ReadSession, actor: SignedInActor, response: Response) -> PlaceOut:
    """看一家。"""
    return _shown(session, actor, queries.get_place(session, actor, place_id), response)


@router.put("/{place_id}")
def edit_place(
    place_id: int,
    data: PlaceEdit,
    session: WriteSession,
    actor: StaffActor,
    clock: CurrentClock,
    if_match: IfMatch,
    response: Response,
) -> PlaceOut:
    """改一家，整份送来；If-Match 带上看到的版本。"""
    place = service.edit_place(session, actor, place_id, data, clock, version=if_match)
    return _shown(session, actor, place, response)


@router.post("/{place_id}/reviews", status_code=201)
def review_place(
    place_id: int,
    data: ReviewIn,
    session: WriteSession,
    actor: StaffActor,
    clock: CurrentClock,
    response: Response,
) -> PlaceOut:
    """年审：合格、限期整改、取消认定。"""
    return _shown(session, actor, service.review_place(session, actor, place_id, data, clock), response)


@router.post("/{place_id}/supports", status_code=201)
def record_support(
    place_id: int,
    data: SupportIn,
    session: WriteSession,
    actor: StaffActor,
    clock: CurrentClock,
    response: Response,
) -> PlaceOut:
    """记一笔扶持。"""
    service.record_support(session, actor, place_id, data, clock)
    return _shown(session, actor, queries.get_place(session, actor, place_id), response)


def _shown(
    session: ReadSession, actor: SignedInActor, place: RecognisedPlace, response: Response
) -> PlaceOut:
    response.headers["ETag"] = etag(place.version)
    figures = queries.count_workers(session, [place.employer_id])[place.employer_id]
    return PlaceOut.of(place, policies.told(actor, place, figures))
