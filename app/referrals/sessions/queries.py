"""对接会查询: the only place with conditions on sessions. Everything shown starts from what `actor` sees."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.errors import Stale
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.referrals.models import Referral
from app.referrals.sessions import policies
from app.referrals.sessions.errors import SessionNotFound
from app.referrals.sessions.models import MatchingSession, SessionPair, SessionPerson, SessionPosting
from app.referrals.sessions.terms import PairKind, SessionState
from app.regions.scope import scope_prefix
from app.seekers.models import Household, Person
from app.seekers.queries import is_kept, lies_in_any, visible_people
from app.seekers.terms import SeekerStatus

MOST_LISTED = 60


def list_sessions(session: Session, actor: Actor, *, limit: int = MOST_LISTED) -> list[MatchingSession]:
    """The sessions that are any of the actor's business: open ones first, then the latest."""
    prefixes = reading_prefixes(actor, Resource.REFERRAL)
    wider = {prefix[:size] for prefix in prefixes for size in (6, 9, 12) if size <= len(prefix)}
    column = MatchingSession.__table__.c.region_code
    rows = session.scalars(
        select(MatchingSession)
        .where(or_(lies_in_any(column, prefixes), column.in_(wider)))
        .order_by(
            MatchingSession.closed_at.is_not(None), MatchingSession.held_on.desc(), MatchingSession.id.desc()
        )
        .limit(limit)
    )
    return [row for row in rows if policies.may_see(actor, row.region_code)]


def find_session(session: Session, region_code: str, held_on: date) -> MatchingSession | None:
    """The session of a region and day that is not over."""
    return session.scalar(
        select(MatchingSession)
        .where(
            MatchingSession.region_code == region_code,
            MatchingSession.held_on == held_on,
            MatchingSession.state != SessionState.CLOSED,
        )
        .order_by(MatchingSession.id)
        .limit(1)
    )


def get_session(
    session: Session, actor: Actor, session_id: int, *, to_change: bool = False
) -> MatchingSession:
    """One session, freshly read; locked where it is to be changed. Raises SessionNotFound."""
    statement = select(MatchingSession).where(MatchingSession.id == session_id)
    if to_change:
        statement = statement.with_for_update()
    row = session.scalar(statement.execution_options(populate_existing=True))
    if row is None or not policies.may_see(actor, row.region_code):
        raise SessionNotFound
    return row


def count_up(session: Session, row: MatchingSession, version: int | None) -> None:
    """One more change of the pairs. Raises Stale when `version` is not the one that was seen."""
    if version is not None and version != row.version:
        raise Stale("会上刚刚有人改过，先看一眼新的，再定。")
    session.execute(
        update(MatchingSession)
        .where(MatchingSession.id == row.id)
        .values(version=MatchingSession.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row, ["version"])


def list_brought(session: Session, actor: Actor, session_id: int) -> list[Person]:
    """The people brought to it whose referrals `actor` may read, household loaded, in the order brought."""
    rows = session.scalars(
        select(Person)
        .join(SessionPerson, SessionPerson.person_id == Person.id)
        .join(Household, Household.id == Person.household_id)
        .options(contains_eager(Person.household))
        .where(
            SessionPerson.session_id == session_id,
            lies_in_any(Person.region_code, reading_prefixes(actor, Resource.REFERRAL)),
            is_kept(Person),
        )
        .order_by(SessionPerson.id)
    )
    return list(rows)


def count_brought(session: Session, session_id: int) -> int:
    """How many people were brought, wherever they live."""
    statement = select(func.count()).select_from(SessionPerson)
    return session.scalar(statement.where(SessionPerson.session_id == session_id)) or 0


def list_brought_ids(session: Session, session_id: int) -> set[int]:
    return set(session.scalars(select(SessionPerson.person_id).where(SessionPerson.session_id == session_id)))


def list_waiting_ids(session: Session, actor: Actor, region_code: str, limit: int) -> list[int]:
    """People of the actor's area in a region who look for work, who waits longest first."""
    rows = session.scalars(
        visible_people(actor)
        .with_only_columns(Person.id)
        .where(
            lies_in_any(Person.region_code, [scope_prefix(region_code)]),
            Person.status == SeekerStatus.SEEKING,
            Person.closed_at.is_(None),
        )
        .order_by(Person.seeking_since_on.is_(None), Person.seeking_since_on, Person.id)
        .limit(limit)
    )
    return list(rows)


def list_postings(session: Session, session_id: int) -> list[tuple[SessionPosting, JobPosting]]:
    """The postings brought, employers loaded, in the order brought."""
    rows = session.execute(
        select(SessionPosting, JobPosting)
        .join(JobPosting, JobPosting.id == SessionPosting.job_id)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(contains_eager(JobPosting.employer))
        .where(SessionPosting.session_id == session_id)
        .order_by(SessionPosting.id)
    )
    return [(row[0], row[1]) for row in rows]


def find_person_row(session: Session, session_id: int, person_id: int) -> SessionPerson | None:
    return session.scalar(
        select(SessionPerson).where(
            SessionPerson.session_id == session_id, SessionPerson.person_id == person_id
        )
    )


def find_posting_row(session: Session, session_id: int, job_id: int) -> SessionPosting | None:
    return session.scalar(
        select(SessionPosting).where(SessionPosting.session_id == session_id, SessionPosting.job_id == job_id)
    )


def list_pairs(
    session: Session, session_id: int, *, people: Collection[int] | None = None
) -> list[SessionPair]:
    """The pairs of a session (of some people), households without a worker first."""
    statement = select(SessionPair).where(SessionPair.session_id == session_id)
    if people is not None:
        statement = statement.where(SessionPair.person_id.in_(people))
    order = (SessionPair.goes_first.desc(), SessionPair.person_id, SessionPair.id)
    return list(session.scalars(statement.order_by(*order)))


def find_pair(session: Session, session_id: int, person_id: int, job_id: int) -> SessionPair | None:
    return session.scalar(
        select(SessionPair).where(
            SessionPair.session_id == session_id,
            SessionPair.person_id == person_id,
            SessionPair.job_id == job_id,
        )
    )


def count_sent(session: Session, session_id: int) -> dict[int, int]:
    """Posting -> how many of its pairs were sent and are still under way."""
    rows = session.execute(
        select(SessionPair.job_id, func.count())
        .join(Referral, Referral.id == SessionPair.referral_id)
        .where(SessionPair.session_id == session_id, Referral.ended_at.is_(None))
        .group_by(SessionPair.job_id)
    )
    return {row[0]: row[1] for row in rows}


def delete_proposed(session: Session, session_id: int) -> None:
    """Takes out what the last proposal made and was not sent."""
    session.execute(
        delete(SessionPair)
        .where(
            SessionPair.session_id == session_id,
            SessionPair.kind == PairKind.PROPOSED,
            SessionPair.referral_id.is_(None),
        )
        .execution_options(synchronize_session="fetch")
    )


def delete_unsent_of(
    session: Session, session_id: int, *, person_id: int | None = None, job_id: int | None = None
) -> None:
    """Takes out the pairs of somebody, or of a posting, that were not sent."""
    statement = delete(SessionPair).where(
        SessionPair.session_id == session_id, SessionPair.referral_id.is_(None)
    )
    if person_id is not None:
        statement = statement.where(SessionPair.person_id == person_id)
    if job_id is not None:
        statement = statement.where(SessionPair.job_id == job_id)
    session.execute(statement.execution_options(synchronize_session="fetch"))


def has_sent(
    session: Session, session_id: int, *, person_id: int | None = None, job_id: int | None = None
) -> bool:
    """Whether a pair of somebody, or of a posting, was sent."""
    statement = select(SessionPair.id).where(
        SessionPair.session_id == session_id, SessionPair.referral_id.is_not(None)
    )
    if person_id is not None:
        statement = statement.where(SessionPair.person_id == person_id)
    if job_id is not None:
        statement = statement.where(SessionPair.job_id == job_id)
    return session.scalar(statement.limit(1)) is not None


def referrals_of(session: Session, pairs: Sequence[SessionPair]) -> dict[int, Referral]:
    """What was sent, by the referral's id."""
    ids = {pair.referral_id for pair in pairs if pair.referral_id is not None}
    rows = session.scalars(select(Referral).where(Referral.id.in_(ids)))
    return {row.id: row for row in rows}
