"""推荐查询: the only place with conditions on referrals. Everything shown starts from `visible_referrals`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.models import User
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.accounts.terms import Role
from app.core.clock import office_day
from app.core.pagination import SortKey, paginate
from app.core.search import index_aside
from app.employers.models import Employer
from app.employers.terms import EmployerState
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.referrals.errors import ReferralNotFound
from app.referrals.models import ClockSettings, Referral, ReferralEvent
from app.referrals.rules import HOLDING_A_PLACE, NOT_AGAIN_WITHIN
from app.referrals.terms import Party, ReferralState
from app.regions.scope import scope_prefix
from app.seekers import queries as seeker_queries
from app.seekers.access.ties import is_assigned, is_own, is_tied
from app.seekers.models import Household, Person
from app.seekers.queries import is_kept, lies_in_any

_VILLAGE_DIGITS: Final = 12


def lies_in(prefixes: Sequence[str]) -> ColumnElement[bool]:
    """Condition on people: their managing region begins with one of the prefixes. A single village is found
    by its index; in anything wider what is due or newest is the shorter way."""
    column = Person.__table__.c.region_code
    is_village = bool(prefixes) and all(len(prefix) == _VILLAGE_DIGITS for prefix in prefixes)
    return lies_in_any(column if is_village else index_aside(column), prefixes)


def may_see(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Condition on referrals joined with people: by area, one's own, of a person given to the broker, or
    submitted to one's firm by somebody who has not forbidden that."""
    if actor.is_system:
        return true()
    ways: list[ColumnElement[bool]] = []
    prefixes = reading_prefixes(actor, Resource.REFERRAL)
    if prefixes:
        ways.append(lies_in(prefixes))
    if actor.user_id is not None and not actor.is_staff:
        ways.append(and_(is_own(actor.user_id), Referral.state != ReferralState.DRAFT))
    if actor.user_id is not None and actor.has_role(Role.BROKER):
        ways.append(is_assigned(actor.user_id, now))
    tied = is_tied(actor, now)
    if actor.employer_ids and tied is not None:
        at_firm = Referral.employer_id.in_(actor.employer_ids)
        ways.append(and_(at_firm, Referral.submitted_at.is_not(None), tied))
    return or_(*ways) if ways else false()


def visible_referrals(actor: Actor, now: datetime) -> Select[Referral]:
    """Referrals `actor` may read, person, household, posting and employer loaded; nobody erased."""
    return (
        select(Referral)
        .join(Person, Person.id == Referral.person_id)
        .join(Household, Household.id == Person.household_id)
        .join(JobPosting, JobPosting.id == Referral.job_id)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(
            contains_eager(Referral.person).contains_eager(Person.household),
            contains_eager(Referral.job).contains_eager(JobPosting.employer),
        )
        .where(may_see(actor, now), is_kept(Person))
    )


@dataclass(frozen=True)
class ReferralFilters:
    """推荐单筛选."""

    state: ReferralState | None = None
    region_code: str | None = None
    job_id: int | None = None
    person_id: int | None = None
    live_only: bool = False


def list_referrals(
    session: Session,
    actor: Actor,
    filters: ReferralFilters,
    now: datetime,
    *,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[Referral], str | None]:
    """One page, newest first; one statement. Raises UnknownRegion."""
    statement = visible_referrals(actor, now)
    if filters.state is not None:
        statement = statement.where(Referral.state == filters.state)
    if filters.region_code is not None:
        statement = statement.where(lies_in([scope_prefix(filters.region_code)]))
    if filters.job_id is not None:
        statement = statement.where(Referral.job_id == filters.job_id)
    if filters.person_id is not None:
        statement = statement.where(Referral.person_id == filters.person_id)
    if filters.live_only:
        statement = statement.where(index_aside(Referral.__table__.c.ended_at).is_(None))
    return paginate(
        session,
        statement,
        [SortKey(Referral.__table__.c.id, descending=True)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda referral: (referral.id,),
        parse=(int,),
    )


def get_referral(session: Session, actor: Actor, referral_id: int, now: datetime) -> Referral:
    """One referral, freshly read. Raises ReferralNotFound."""
    referral = session.scalar(
        visible_referrals(actor, now)
        .where(Referral.id == referral_id)
        .execution_options(populate_existing=True)
    )
    if referral is None:
        raise ReferralNotFound
    return referral


def list_events(session: Session, referral_id: int) -> list[ReferralEvent]:
    """What happened to a referral, oldest first. The caller has made sure it may be seen."""
    statement = select(ReferralEvent).where(ReferralEvent.referral_id == referral_id)
    return list(session.scalars(statement.order_by(ReferralEvent.id)))


def find_event(session: Session, referral_id: int, idempotency_key: str) -> ReferralEvent | None:
    """The step that was taken with this key before."""
    return session.scalar(
        select(ReferralEvent).where(
            ReferralEvent.referral_id == referral_id, ReferralEvent.idempotency_key == idempotency_key
        )
    )


def state_before_last(session: Session, referral_id: int) -> ReferralState:
    """Where a referral stood before its last change of state. Raises ReferralNotFound for a new one."""
    found = session.scalar(
        select(ReferralEvent.from_state)
        .where(ReferralEvent.referral_id == referral_id, ReferralEvent.from_state != ReferralEvent.to_state)
        .order_by(ReferralEvent.id.desc())
        .limit(1)
    )
    if found is None:
        raise ReferralNotFound
    return ReferralState(found)


def lock_person(session: Session, person_id: int) -> None:
    """Everything that concerns one person's referrals happens one after the other."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def list_live_of(session: Session, person_id: int) -> list[Referral]:
    """A person's live referrals, freshly read, in the order they were made."""
    return list(
        session.scalars(
            _loaded()
            .where(Referral.person_id == person_id, Referral.ended_at.is_(None))
            .order_by(Referral.id)
            .execution_options(populate_existing=True)
        )
    )


def list_made_obsolete_by(session: Session, person_id: int, at: datetime) -> list[Referral]:
    """Those of a person's referrals that were closed at the moment another went onboard."""
    return list(
        session.scalars(
            _loaded()
            .where(
                Referral.person_id == person_id,
                Referral.state == ReferralState.OBSOLETE,
                Referral.ended_at == at,
            )
            .order_by(Referral.id)
            .execution_options(populate_existing=True)
        )
    )


def list_orphans(session: Session, limit: int) -> list[Referral]:
    """Live referrals whose posting was closed or found false, whose employer was barred, or whose person is
    no longer in the ledger. A firm that closes because it has enough people keeps those it has hired."""
    is_false = or_(JobPosting.state == JobState.REJECTED, Employer.state == EmployerState.BARRED)
    is_closed = and_(JobPosting.state == JobState.CLOSED, Referral.state.not_in(HOLDING_A_PLACE))
    is_left = or_(
        Person.closed_at.is_not(None), Person.erased_at.is_not(None), Person.merged_into_id.is_not(None)
    )
    return list(
        session.scalars(
            _loaded()
            .where(Referral.ended_at.is_(None), or_(is_false, is_closed, is_left))
            .order_by(Referral.person_id, Referral.id)
            .limit(limit)
        )
    )


def list_due_clocks(session: Session, now: datetime, limit: int) -> list[Referral]:
    """Referrals whose clock has a step due and that are not paused, the oldest first."""
    today = office_day(now)
    return list(
        session.scalars(
            _loaded()
            .where(
                Referral.clock_at <= now,
                or_(Referral.paused_until.is_(None), Referral.paused_until < today),
            )
            .order_by(Referral.clock_at, Referral.id)
            .limit(limit)
        )
    )


def _loaded() -> Select[Referral]:
    return (
        select(Referral)
        .join(Person, Person.id == Referral.person_id)
        .join(Household, Household.id == Person.household_id)
        .join(JobPosting, JobPosting.id == Referral.job_id)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(
            contains_eager(Referral.person).contains_eager(Person.household),
            contains_eager(Referral.job).contains_eager(JobPosting.employer),
        )
    )


@dataclass(frozen=True)
class History:
    """推过什么: what the guards of an offer ask about a person."""

    waiting_offers: int
    same_job_lately: bool
    live_for_job: Referral | None


def read_history(
    session: Session, person_id: int, job_id: int, now: datetime, *, leave_out: int = 0
) -> History:
    """What was offered to a person: how many wait for an answer, and whether this posting was among what was
    made in the last seven days (the referral `leave_out` aside). Two statements; the person is locked by the
    caller."""
    waiting = session.scalar(
        select(func.count())
        .select_from(Referral)
        .where(Referral.person_id == person_id, Referral.state == ReferralState.OFFERED)
    )
    same = session.scalars(
        _loaded()
        .where(Referral.person_id == person_id, Referral.job_id == job_id, Referral.id != leave_out)
        .where(or_(Referral.ended_at.is_(None), Referral.created_at > now - NOT_AGAIN_WITHIN))
        .order_by(Referral.id.desc())
        .execution_options(populate_existing=True)
    ).all()
    live = next((referral for referral in same if referral.is_live), None)
    return History(waiting or 0, bool(same), live)


def find_job(session: Session, job_id: int) -> JobPosting | None:
    """A posting in whatever state, employer loaded, freshly read."""
    return session.scalar(
        select(JobPosting)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(contains_eager(JobPosting.employer))
        .where(JobPosting.id == job_id)
        .execution_options(populate_existing=True)
    )


def list_drafts(session: Session, actor: Actor, batch_key: str, now: datetime) -> list[Referral]:
    """The prepared referrals of a batch that `actor` may read, in the order of their people."""
    statement = visible_referrals(actor, now).where(
        Referral.batch_key == batch_key, Referral.state == ReferralState.DRAFT
    )
    return list(session.scalars(statement.order_by(Referral.person_id)))


def find_own_seeker(session: Session, actor: Actor, person_id: int) -> Person | None:
    """The actor's own file, household loaded."""
    return session.scalar(seeker_queries.own_people(actor).where(Person.id == person_id))


def find_clock_settings(session: Session, county_code: str) -> ClockSettings | None:
    """What a county set for itself."""
    return session.get(ClockSettings, county_code)


@dataclass(frozen=True)
class Submission:
    """送过去的一位: when the firm got somebody, when it answered first, whether its time ran out, and whether
    the person said that nobody called."""

    sent_at: datetime
    answered_at: datetime | None = None
    ran_out: bool = False
    told_silent: bool = False


def list_answers_of_employer(
    session: Session, employer_id: int, since: datetime, limit: int
) -> list[Submission]:
    """How each of a firm's latest referrals was answered, newest first."""
    rows = session.execute(
        select(
            Referral.submitted_at,
            Referral.employer_answered_at,
            Referral.late_party == Party.EMPLOYER,
            Referral.silence_told_at.is_not(None),
        )
        .where(Referral.employer_id == employer_id, Referral.submitted_at >= since)
        .order_by(Referral.submitted_at.desc())
        .limit(limit)
    )
    return [Submission(row[0], row[1], bool(row[2]), row[3]) for row in rows if row[0] is not None]


def list_referrals_by_id(
    session: Session, ids: Collection[int], *, fresh: bool = False
) -> dict[int, Referral]:
    """Referrals by id, everything loaded, whoever asks; `fresh` reads them anew."""
    statement = _loaded().where(Referral.id.in_(ids)).execution_options(populate_existing=fresh)
    return {row.id: row for row in session.scalars(statement)}


def list_due_for_officer(
    session: Session,
    actor: Actor,
    states: Sequence[ReferralState],
    until: datetime,
    region_code: str | None,
    limit: int,
) -> list[Referral]:
    """Live referrals of the actor's area at which an officer should look before `until`, what is due first.
    Raises UnknownRegion."""
    statement = _loaded().where(*_is_due(actor, states, until, region_code))
    return list(session.scalars(statement.order_by(Referral.officer_due_at, Referral.id).limit(limit)))


def count_due_for_officer(
    session: Session,
    actor: Actor,
    states: Sequence[ReferralState],
    until: datetime,
    region_code: str | None,
) -> dict[ReferralState, int]:
    """How many there are of `list_due_for_officer`, by state. Raises UnknownRegion."""
    rows = session.execute(
        select(Referral.state, func.count())
        .join(Person, Person.id == Referral.person_id)
        .where(*_is_due(actor, states, until, region_code))
        .group_by(Referral.state)
    )
    return {row[0]: row[1] for row in rows}


def _is_due(
    actor: Actor, states: Sequence[ReferralState], until: datetime, region_code: str | None
) -> list[ColumnElement[bool]]:
    conditions = [
        Referral.officer_due_at < until,
        Referral.state.in_(states),
        lies_in(reading_prefixes(actor, Resource.REFERRAL)),
        is_kept(Person),
    ]
    if region_code is not None:
        conditions.append(lies_in([scope_prefix(region_code)]))
    return conditions


def list_batch(session: Session, actor: Actor, batch_key: str, now: datetime) -> list[Referral]:
    """The referrals that were sent together and that `actor` may read."""
    statement = visible_referrals(actor, now).where(Referral.batch_key == batch_key)
    return list(session.scalars(statement.order_by(Referral.person_id)))


def names_of_actors(session: Session, events: Sequence[ReferralEvent]) -> dict[int, str]:
    """Who wrote the steps of a log, by the user's id."""
    ids = {event.actor_id for event in events if event.actor_id is not None}
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_(ids)))
    return {row.id: row.display_name for row in rows}
