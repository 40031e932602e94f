"""对接会用例: planning a session, bringing and dropping people and postings, opening and closing it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.errors import FieldProblem, Forbidden, Invalid
from app.jobs import queries as job_queries
from app.jobs.queries import JobFilters
from app.jobs.terms import JobState
from app.referrals.sessions import policies, queries
from app.referrals.sessions.errors import (
    PairSettled,
    SessionClosed,
    SessionExists,
    SessionNotFound,
    SessionStepNotAllowed,
)
from app.referrals.sessions.models import MatchingSession, SessionPerson, SessionPosting
from app.referrals.sessions.terms import SessionState
from app.regions.gazetteer import find_nearest
from app.regions.terms import Level
from app.seekers import queries as seeker_queries

MOST_PEOPLE: Final = 500
"""So many people fit one sitting; the assignment of 500 takes under a second (ours)."""
MOST_POSTINGS: Final = 200
OVERSENDS: Final = (100, 150, 200)
"""Recommendations for each 100 places: not everyone says yes (MATCHING, "oversend factor")."""
_LEVELS: Final = (Level.TOWN, Level.COUNTY)
_NOT_YOURS: Final = "这一步由开会的镇里或县里来办。"


def plan_session(
    session: Session, actor: Actor, region_code: str, held_on: date, place: str = "", *, clock: Clock
) -> MatchingSession:
    """A session of a township or county on a day that is not over. Raises SessionNotFound outside the area,
    Forbidden, Invalid, SessionExists."""
    division = find_nearest(region_code)
    if division is None or division.code != region_code or division.level not in _LEVELS:
        raise Invalid(fields=[FieldProblem("region_code", "选一个镇或者县")])
    if not policies.may_see(actor, region_code):
        raise SessionNotFound
    if not policies.may_run(actor, region_code):
        raise Forbidden(_NOT_YOURS)
    if held_on < clock.today():
        raise Invalid(fields=[FieldProblem("held_on", "这个日子已经过了")])
    there = queries.find_session(session, region_code, held_on)
    if there is not None:
        raise SessionExists(there.id)
    now = clock.now()
    row = MatchingSession(
        region_code=region_code,
        held_on=held_on,
        place=place,
        state=SessionState.PLANNED,
        oversend_percent=OVERSENDS[0],
        roster_at=now,
        made_by_id=actor.user_id,
        made_at=now,
        version=1,
    )
    session.add(row)
    session.flush()
    return row


def move_session(
    session: Session, actor: Actor, session_id: int, state: SessionState, *, version: int | None, clock: Clock
) -> MatchingSession:
    """Opens a planned session, or closes one. Raises SessionNotFound, Forbidden, SessionStepNotAllowed,
    Stale."""
    row = get_to_run(session, actor, session_id)
    allowed = {
        SessionState.RUNNING: (SessionState.PLANNED,),
        SessionState.CLOSED: (SessionState.PLANNED, SessionState.RUNNING),
    }
    if row.state not in allowed.get(state, ()):
        raise SessionStepNotAllowed
    queries.count_up(session, row, version)
    row.state = state
    row.closed_at = clock.now() if state is SessionState.CLOSED else None
    session.flush()
    return row


def set_oversend(
    session: Session, actor: Actor, session_id: int, percent: int, *, version: int | None, clock: Clock
) -> MatchingSession:
    """How many are asked for each 100 places; counts from the next proposal on. Raises as `move_session`,
    Invalid."""
    if percent not in OVERSENDS:
        raise Invalid(fields=[FieldProblem("percent", "选 100、150 或 200")])
    row = get_to_run(session, actor, session_id)
    if row.oversend_percent != percent:
        queries.count_up(session, row, version)
        row.oversend_percent, row.roster_at = percent, clock.now()
        session.flush()
    return row


@dataclass(frozen=True)
class Brought:
    """带来的: how many are new on the list, and how many could not be put there (not seen by the actor, not
    of the region, taken down, or no room left)."""

    added: int
    left_out: int


def bring_people(
    session: Session, actor: Actor, session_id: int, person_ids: Collection[int], *, clock: Clock
) -> Brought:
    """Puts people of one's own area on the list; who stands there already is passed over. Raises
    SessionNotFound, Forbidden, SessionClosed."""
    row = _get_to_bring(session, actor, session_id)
    there = queries.list_brought_ids(session, row.id)
    wanted = [person_id for person_id in dict.fromkeys(person_ids) if person_id not in there]
    found = seeker_queries.list_people_by_id(session, actor, wanted)
    fitting = [
        person_id
        for person_id in wanted
        if (person := found.get(person_id)) is not None
        and person.closed_at is None
        and policies.overlaps((person.region_code,), row.region_code)
        and policies.may_bring_person(actor, person.region_code)
    ][: max(0, MOST_PEOPLE - len(there))]
    _add(session, SessionPerson, row, actor, [{"person_id": person_id} for person_id in fitting], clock)
    return _noted(session, row, Brought(len(fitting), len(wanted) - len(fitting)), clock)


def bring_waiting(session: Session, actor: Actor, session_id: int, *, clock: Clock) -> Brought:
    """Puts everybody of one's own area in the region on the list who looks for work, who waits longest first,
    as far as there is room. Raises as `bring_people`."""
    row = _get_to_bring(session, actor, session_id)
    room = MOST_PEOPLE - queries.count_brought(session, row.id)
    there = queries.list_brought_ids(session, row.id)
    waiting = queries.list_waiting_ids(session, actor, row.region_code, MOST_PEOPLE + len(there))
    wanted = [person_id for person_id in waiting if person_id not in there]
    return bring_people(session, actor, session_id, wanted[: max(0, room)], clock=clock)


def drop_person(
    session: Session, actor: Actor, session_id: int, person_id: int, *, clock: Clock
) -> MatchingSession:
    """Takes somebody of one's own area off the list, with their pairs. Not there, nothing happens. Raises
    SessionNotFound, Forbidden, SessionClosed, PairSettled."""
    row = _get_to_bring(session, actor, session_id)
    there = queries.find_person_row(session, row.id, person_id)
    person = next(
        (each for each in queries.list_brought(session, actor, row.id) if each.id == person_id), None
    )
    if there is None or person is None:
        return row
    own = policies.may_bring_person(actor, person.region_code)
    if not own and not policies.may_run(actor, row.region_code):
        raise Forbidden(_NOT_YOURS)
    if queries.has_sent(session, row.id, person_id=person_id):
        raise PairSettled
    queries.delete_unsent_of(session, row.id, person_id=person_id)
    session.delete(there)
    _noted(session, row, Brought(1, 0), clock)
    return row


def bring_posting(
    session: Session, actor: Actor, session_id: int, job_id: int, source: str = "", *, clock: Clock
) -> Brought:
    """Puts an open posting on the list; `source` is who brought it ("人社局"), empty: the firm itself. Raises
    SessionNotFound, Forbidden, SessionClosed, JobNotFound, JobGone."""
    job = job_queries.get_visible_job(session, actor, job_id, clock.today())
    return _bring_postings(
        session, actor, session_id, [job.id] if job.state is JobState.OPEN else [], source, clock
    )


def bring_open_postings(
    session: Session, actor: Actor, session_id: int, source: str = "", *, clock: Clock
) -> Brought:
    """Puts all open postings of the region's county on the list, the newest first, as far as there is room.
    Raises as `bring_posting`."""
    row = queries.get_session(session, actor, session_id)
    filters = JobFilters(region_code=row.region_code[:6])
    jobs, _ = job_queries.list_open_jobs(session, filters, clock.today(), limit=MOST_POSTINGS)
    return _bring_postings(session, actor, session_id, [job.id for job in jobs], source, clock)


def drop_posting(
    session: Session, actor: Actor, session_id: int, job_id: int, *, clock: Clock
) -> MatchingSession:
    """Takes a posting off the list, with its pairs. Not there, nothing happens. Raises as `drop_person`."""
    row = _get_to_bring(session, actor, session_id)
    there = queries.find_posting_row(session, row.id, job_id)
    if there is None:
        return row
    if there.brought_by_id != actor.user_id and not policies.may_run(actor, row.region_code):
        raise Forbidden("别人带来的活，由开会的镇里或县里来拿掉。")
    if queries.has_sent(session, row.id, job_id=job_id):
        raise PairSettled
    queries.delete_unsent_of(session, row.id, job_id=job_id)
    session.delete(there)
    _noted(session, row, Brought(1, 0), clock)
    return row


def get_to_run(session: Session, actor: Actor, session_id: int) -> MatchingSession:
    """A session that is not over, locked, of which the actor has charge. Raises SessionNotFound, Forbidden,
    SessionClosed."""
    row = queries.get_session(session, actor, session_id, to_change=True)
    if not policies.may_run(actor, row.region_code):
        raise Forbidden(_NOT_YOURS)
    if not row.is_open:
        raise SessionClosed
    return row


def _get_to_bring(session: Session, actor: Actor, session_id: int) -> MatchingSession:
    row = queries.get_session(session, actor, session_id, to_change=True)
    if not policies.may_bring(actor, row.region_code):
        raise Forbidden("人由镇里、村里带来，活由部门和单位带来。")
    if not row.is_open:
        raise SessionClosed
    return row


def _bring_postings(
    session: Session, actor: Actor, session_id: int, job_ids: Collection[int], source: str, clock: Clock
) -> Brought:
    row = _get_to_bring(session, actor, session_id)
    there = {posting.job_id for posting, _ in queries.list_postings(session, row.id)}
    wanted = [job_id for job_id in dict.fromkeys(job_ids) if job_id not in there]
    fitting = wanted[: max(0, MOST_POSTINGS - len(there))]
    rows = [{"job_id": job_id, "source": source} for job_id in fitting]
    _add(session, SessionPosting, row, actor, rows, clock)
    return _noted(session, row, Brought(len(fitting), len(wanted) - len(fitting)), clock)


def _add(
    session: Session,
    table: type[SessionPerson] | type[SessionPosting],
    row: MatchingSession,
    actor: Actor,
    rows: Sequence[dict[str, Any]],
    clock: Clock,
) -> None:
    """Puts rows on one of the lists in one statement."""
    same = {"session_id": row.id, "brought_by_id": actor.user_id, "brought_at": clock.now()}
    if rows:
        session.execute(insert(table), [same | each for each in rows])


def _noted(session: Session, row: MatchingSession, brought: Brought, clock: Clock) -> Brought:
    """Notes that the lists are other ones than the last proposal saw."""
    if brought.added:
        row.roster_at = clock.now()
    session.flush()
    return brought
