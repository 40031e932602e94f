"""对接会接口 (DOMAIN E6): sessions of one's area, their pairs, the steps of a meeting. `If-Match` with the
version seen makes a change of the pairs fail (412) when somebody else was quicker."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from app.accounts.dependencies import CurrentCipher, SignedInActor
from app.core.http import CurrentClock, ReadSession, Route, WriteSession
from app.core.pagination import Page
from app.employers.dependencies import IfMatch, etag
from app.referrals.sessions import confirming, proposing, queries, service
from app.referrals.sessions.board import Board, show_board
from app.referrals.sessions.models import MatchingSession
from app.referrals.sessions.terms import PairKind, SessionState

router = APIRouter(prefix="/sessions", tags=["referrals"], route_class=Route)
Id = Annotated[int, Field(ge=1, lt=2**53)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class SessionIn(BaseModel):
    """开一场对接会."""

    region_code: Annotated[str, StringConstraints(min_length=6, max_length=9)]
    held_on: date
    place: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""


class SessionOut(BaseModel):
    """对接会: `gap` is how far from the best possible the pairs can be at most, null before the first
    proposal."""

    id: int
    region_code: str
    held_on: date
    place: str
    state: SessionState
    oversend_percent: int
    proposed_at: datetime | None
    gap: float | None
    version: int

    @classmethod
    def of(cls, row: MatchingSession) -> "SessionOut":
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class PairOut(BaseModel):
    """对子: `seeker_name` is masked; `shut` says why it could not go out now."""

    id: int
    seeker_id: int
    seeker_name: str
    job_id: int
    kind: PairKind
    goes_first: bool
    reasons: list[str]
    gaps: list[str]
    shut: str
    referral_id: int | None
    skipped_why: str


class BoardOut(BaseModel):
    """会上的数和对子, of the people of the caller's area; `elsewhere` were brought by others."""

    session: SessionOut
    people: int
    elsewhere: int
    postings: int
    places: int
    helped: int
    sent: int
    skipped: int
    is_behind: bool
    pairs: list[PairOut]


class PeopleIn(BaseModel):
    """带人来."""

    seeker_ids: Annotated[list[Id], Field(max_length=service.MOST_PEOPLE)]


class PostingIn(BaseModel):
    """带活来."""

    job_id: Id
    source: Words = ""


class BroughtOut(BaseModel):
    """带来的."""

    added: int
    left_out: int


class PairIn(BaseModel):
    """定一对（pinned）、否一对（forbidden）、收回那句话（proposed）."""

    seeker_id: Id
    job_id: Id
    kind: PairKind


class ConfirmIn(BaseModel):
    """发出去; null: all of one's own people."""

    pair_ids: Annotated[list[Id], Field(max_length=3 * service.MOST_PEOPLE)] | None = None


class SentOut(BaseModel):
    """发出去了."""

    pairs: int
    people: int
    skipped: int


class StateIn(BaseModel):
    """开会、散会."""

    state: SessionState


@router.get("")
def list_sessions(
    session: ReadSession, actor: SignedInActor, limit: Annotated[int, Query(ge=1, le=60)] = 20
) -> Page[SessionOut]:
    """自己地方的对接会，没散的在前。"""
    rows = queries.list_sessions(session, actor, limit=limit)
    return Page(items=[SessionOut.of(row) for row in rows], next=None)


@router.post("", status_code=201)
def plan_session(
    data: SessionIn, session: WriteSession, actor: SignedInActor, clock: CurrentClock, response: Response
) -> SessionOut:
    """开一场。"""
    row = service.plan_session(session, actor, data.region_code, data.held_on, data.place, clock=clock)
    response.headers["Location"] = f"/api/v1/sessions/{row.id}"
    return _out(row, response)


@router.get("/{session_id}")
def show_session(
    session_id: int, session: ReadSession, actor: SignedInActor, clock: CurrentClock, response: Response
) -> BoardOut:
    """看一场：数、对子。"""
    board = show_board(session, actor, session_id, clock)
    response.headers["ETag"] = etag(board.session.version)
    return _board_out(board)


@router.post("/{session_id}/people")
def bring_people(
    session_id: int, data: PeopleIn, session: WriteSession, actor: SignedInActor, clock: CurrentClock
) -> BroughtOut:
    """带自己地方的人来。"""
    done = service.bring_people(session, actor, session_id, data.seeker_ids, clock=clock)
    return BroughtOut(added=done.added, left_out=done.left_out)


@router.delete("/{session_id}/people/{seeker_id}", status_code=204)
def drop_person(
    session_id: int, seeker_id: int, session: WriteSession, actor: SignedInActor, clock: CurrentClock
) -> None:
    """这个人不来了。"""
    service.drop_person(session, actor, session_id, seeker_id, clock=clock)


@router.post("/{session_id}/jobs")
def bring_posting(
    session_id: int, data: PostingIn, session: WriteSession, actor: SignedInActor, clock: CurrentClock
) -> BroughtOut:
    """带一个在招的活来。"""
    done = service.bring_posting(session, actor, session_id, data.job_id, data.source, clock=clock)
    return BroughtOut(added=done.added, left_out=done.left_out)


@router.delete("/{session_id}/jobs/{job_id}", status_code=204)
def drop_posting(
    session_id: int, job_id: int, session: WriteSession, actor: SignedInActor, clock: CurrentClock
) -> None:
    """这个活不带了。"""
    service.drop_posting(session, actor, session_id, job_id, clock=clock)


@router.post("/{session_id}/propose")
def propose(
    session_id: int,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    if_match: IfMatch,
    response: Response,
) -> SessionOut:
    """排一遍，定了的、否了的不动。"""
    return _out(proposing.propose(session, actor, session_id, version=if_match, clock=clock), response)


@router.put("/{session_id}/pairs", status_code=204)
def decide_pair(
    session_id: int,
    data: PairIn,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    if_match: IfMatch,
) -> None:
    """定一对、否一对，或者收回。"""
    proposing.decide_pair(
        session,
        actor,
        session_id,
        data.seeker_id,
        data.job_id,
        data.kind,
        version=if_match,
        clock=clock,
    )


@router.post("/{session_id}/state")
def move_session(
    session_id: int,
    data: StateIn,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    if_match: IfMatch,
    response: Response,
) -> SessionOut:
    """开会、散会。"""
    row = service.move_session(session, actor, session_id, data.state, version=if_match, clock=clock)
    return _out(row, response)


@router.post("/{session_id}/confirm")
def confirm_pairs(
    session_id: int,
    data: ConfirmIn,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    if_match: IfMatch,
) -> SentOut:
    """发出去：每一条都过一遍推荐的规矩，没发成的写明为什么。"""
    done = confirming.confirm_pairs(
        session, actor, session_id, data.pair_ids, version=if_match, cipher=cipher, clock=clock
    )
    return SentOut(pairs=done.pairs, people=done.people, skipped=done.skipped)


def _out(row: MatchingSession, response: Response) -> SessionOut:
    response.headers["ETag"] = etag(row.version)
    return SessionOut.of(row)


def _board_out(board: Board) -> BoardOut:
    sums = board.sums
    return BoardOut(
        session=SessionOut.of(board.session),
        is_behind=board.is_behind,
        **{name: getattr(sums, name) for name in _SUMS},
        pairs=[
            PairOut(
                id=line.pair.id,
                seeker_id=person.id,
                seeker_name=person.name,
                job_id=line.job.id,
                kind=line.pair.kind,
                goes_first=line.pair.goes_first,
                reasons=list(line.words.reasons),
                gaps=list(line.words.gaps),
                shut=line.words.shut,
                referral_id=line.pair.referral_id,
                skipped_why=line.pair.skipped_why,
            )
            for person in board.people
            for line in (*person.pairs, *person.ruled_out)
        ],
    )


_SUMS = ("people", "elsewhere", "postings", "places", "helped", "sent", "skipped")
