"""推荐给人: pushing a posting to a person, to many at once, and a person's own application."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import AppError, FieldProblem, Forbidden, Invalid
from app.jobs.errors import JobNotFound
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.referrals import fitness, guards, policies, queries, rules, telling
from app.referrals.clocks.settings import county_clocks
from app.referrals.models import Referral
from app.referrals.mover import Mover
from app.referrals.moving import clock_values, move_referral, write_event
from app.referrals.queries import History
from app.referrals.schemas import Move, ReferralIn
from app.referrals.terms import Origin, Party, ReferralAction, ReferralState
from app.seekers.access.cards import get_reachable
from app.seekers.access.ties import tie_of
from app.seekers.errors import PersonNotFound
from app.seekers.models import Person
from app.seekers.rules import is_old_enough, may_seek

MOST_AT_ONCE: Final = 500
_NEVER_SHOWN: Final = frozenset({JobState.DRAFT, JobState.REVIEW})
_ORIGINS: Final = {Party.OFFICER: Origin.OFFICER, Party.BROKER: Origin.BROKER, Party.PERSON: Origin.SELF}


def push_referral(
    session: Session,
    actor: Actor,
    data: ReferralIn,
    *,
    cipher: FieldCipher,
    clock: Clock,
    idempotency_key: str | None = None,
) -> Referral:
    """An officer or broker offers a posting to a person: state `offered`. A person who pushes to themself
    applies: `interested`.

    Raises PersonNotFound, JobNotFound, Forbidden, GateClosed (409; says which gate, `extra["gate"]`).
    """
    person = _lock_reachable(session, actor, data.seeker_id, clock)
    party = _party(session, actor, person, clock)
    if party is Party.PERSON:
        return apply_for_job(session, actor, data.job_id, person.id, data.note, cipher=cipher, clock=clock)
    job = _get_job(session, data.job_id)
    _check(session, person, job, clock)
    mover = Mover(actor, party, cipher, clock, county_clocks(session, person.region_code))
    move = Move(action=ReferralAction.OFFER, idempotency_key=idempotency_key)
    return _create(session, mover, person, job, move, note=data.note)


def apply_for_job(
    session: Session,
    actor: Actor,
    job_id: int,
    person_id: int,
    note: str = "",
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> Referral:
    """A person applies for themself: state `interested`. Who was offered this posting before says yes to that
    offer instead.

    Raises PersonNotFound (not the account's own file), JobNotFound, GateClosed (409).
    """
    queries.lock_person(session, person_id)
    person = queries.find_own_seeker(session, actor, person_id)
    if person is None or not is_old_enough(person.birth_on, clock.today()):
        raise PersonNotFound
    job = _get_job(session, job_id)
    history = queries.read_history(session, person.id, job.id, clock.now())
    waiting = history.live_for_job
    if waiting is not None and waiting.state is ReferralState.OFFERED:
        yes = Move(action=ReferralAction.INTERESTED)
        return move_referral(session, actor, waiting.id, yes, cipher=cipher, clock=clock)
    _check(session, person, job, clock, history)
    mover = Mover(actor, Party.PERSON, cipher, clock, county_clocks(session, person.region_code))
    return _create(session, mover, person, job, Move(action=ReferralAction.INTERESTED), note=note)


def forward_refused(
    session: Session,
    actor: Actor,
    referral_id: int,
    job_id: int,
    move: Move,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> Referral:
    """After a refusal: the person is offered another posting, with their consent recorded in `move`
    (`on_behalf`). The new referral names the old one. Raises as `push_referral`, Invalid without consent."""
    old = queries.get_referral(session, actor, referral_id, clock.now())
    if old.state is not ReferralState.REFUSED:
        raise Invalid("只有没录用的才能转荐到别处。")
    if move.on_behalf is None:
        raise Invalid("转荐前要问过本人。", fields=[FieldProblem("on_behalf", "写明本人怎么同意的")])
    data = ReferralIn(job_id=job_id, seeker_id=old.person_id)
    referral = push_referral(session, actor, data, cipher=cipher, clock=clock)
    referral.forwarded_from_id = old.id
    session.flush()
    return referral


@dataclass(frozen=True)
class Skipped:
    """跳过的人: who is left out of a batch, by which gate, and the words for it."""

    person_id: int
    gate: str
    why: str


@dataclass
class PushPreview:
    """推送预览: who would get the posting, and who would not and why."""

    job_id: int
    ready: list[int] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


@dataclass
class PushResult(PushPreview):
    """推送结果: `referrals` by person."""

    batch_key: str = ""
    referrals: dict[int, int] = field(default_factory=dict)


@dataclass
class PairsResult:
    """按对子推送的结果: the referral made of each (person, posting), and those left out with the reason."""

    batch_key: str
    referrals: dict[tuple[int, int], int] = field(default_factory=dict)
    skipped: dict[tuple[int, int], Skipped] = field(default_factory=dict)


def push_pairs(
    session: Session,
    actor: Actor,
    pairs: Sequence[tuple[int, int]],
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> PairsResult:
    """Offers each person the posting they were paired with, (person, posting) in the order given: of more
    than a person may have waiting, the first ones go out. Raises Invalid (more than 500)."""
    wanted = list(dict.fromkeys(pairs))
    # All locks first and in one order, so that two that share people never wait for each other.
    for person_id in sorted(_once([person for person, _ in wanted])):
        queries.lock_person(session, person_id)
    result = PairsResult(str(uuid4()))
    for person_id, job_id in wanted:
        try:
            done = _make_batch(
                session,
                actor,
                job_id,
                [person_id],
                "",
                ReferralAction.OFFER,
                cipher=cipher,
                clock=clock,
                batch_key=result.batch_key,
            )
        except JobNotFound as error:
            result.skipped[person_id, job_id] = Skipped(person_id, error.code, error.title)
            continue
        if done.skipped:
            result.skipped[person_id, job_id] = done.skipped[0]
        else:
            result.referrals[person_id, job_id] = done.referrals[person_id]
    return result


def preview_push(
    session: Session, actor: Actor, job_id: int, person_ids: Sequence[int], *, clock: Clock
) -> PushPreview:
    """What `push_batch` would do, without doing it. Raises JobNotFound, Invalid (more than 500)."""
    job = _get_job(session, job_id)
    preview = PushPreview(job.id)
    for person_id in _once(person_ids):
        problem = _problem_of(session, actor, person_id, job, clock, lock=False)
        if problem is None:
            preview.ready.append(person_id)
        else:
            preview.skipped.append(problem)
    return preview


def push_batch(
    session: Session,
    actor: Actor,
    job_id: int,
    person_ids: Sequence[int],
    note: str = "",
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> PushResult:
    """Offers a posting to several people; who cannot have it is skipped with the reason. More people than
    places is as it should be: not everyone says yes. Raises JobNotFound, Invalid (more than 500)."""
    return _make_batch(
        session, actor, job_id, person_ids, note, ReferralAction.OFFER, cipher=cipher, clock=clock
    )


def draft_batch(
    session: Session,
    actor: Actor,
    job_id: int,
    person_ids: Sequence[int],
    note: str = "",
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> PushResult:
    """As `push_batch`, but the referrals wait as drafts until `send_batch`. Raises JobNotFound, Invalid."""
    return _make_batch(
        session, actor, job_id, person_ids, note, ReferralAction.PREPARE, cipher=cipher, clock=clock
    )


def send_batch(
    session: Session, actor: Actor, batch_key: str, *, cipher: FieldCipher, clock: Clock
) -> PushResult:
    """Sends the drafts of a batch; who cannot have the posting any more stays a draft and is told as skipped.
    Sent twice, nothing happens the second time."""
    result = PushResult(0, batch_key=batch_key)
    for draft in queries.list_drafts(session, actor, batch_key, clock.now()):
        result.job_id = draft.job_id
        queries.lock_person(session, draft.person_id)
        try:
            told = queries.read_history(
                session, draft.person_id, draft.job_id, clock.now(), leave_out=draft.id
            )
            _check(session, draft.person, draft.job, clock, told)
            offer = Move(action=ReferralAction.OFFER)
            move_referral(session, actor, draft.id, offer, cipher=cipher, clock=clock)
        except AppError as error:
            gate = str(error.extra.get("gate", error.code))
            result.skipped.append(Skipped(draft.person_id, gate, error.title))
            continue
        result.ready.append(draft.person_id)
        result.referrals[draft.person_id] = draft.id
    return result


def _make_batch(
    session: Session,
    actor: Actor,
    job_id: int,
    person_ids: Sequence[int],
    note: str,
    action: ReferralAction,
    *,
    cipher: FieldCipher,
    clock: Clock,
    batch_key: str | None = None,
) -> PushResult:
    job = _get_job(session, job_id)
    result = PushResult(job.id, batch_key=batch_key or str(uuid4()))
    # In one order everywhere, so that two batches never wait for each other.
    for person_id in sorted(_once(person_ids)):
        problem = _problem_of(session, actor, person_id, job, clock, lock=True)
        if problem is not None:
            result.skipped.append(problem)
            continue
        person = _reachable(session, actor, person_id, clock)
        party = _party(session, actor, person, clock)
        mover = Mover(actor, party, cipher, clock, county_clocks(session, person.region_code))
        move = Move(action=action)
        referral = _create(session, mover, person, job, move, note=note, batch_key=result.batch_key)
        result.ready.append(person_id)
        result.referrals[person_id] = referral.id
    return result


def _problem_of(
    session: Session, actor: Actor, person_id: int, job: JobPosting, clock: Clock, *, lock: bool
) -> Skipped | None:
    try:
        if lock:
            queries.lock_person(session, person_id)
        person = _reachable(session, actor, person_id, clock)
        if _party(session, actor, person, clock) is Party.PERSON:
            raise Forbidden("推给自己的请用报名。")
        _check(session, person, job, clock)
    except AppError as error:
        return Skipped(person_id, str(error.extra.get("gate", error.code)), error.title)
    return None


def _once(person_ids: Sequence[int]) -> list[int]:
    ids = list(dict.fromkeys(person_ids))
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(fields=[FieldProblem("person_ids", f"一次最多 {MOST_AT_ONCE} 人")])
    return ids


def _party(session: Session, actor: Actor, person: Person, clock: Clock) -> Party:
    party = policies.require_offer(actor, person, tie_of(session, actor, person.id), clock.now())
    return Party.OFFICER if party is Party.SYSTEM else party


def _lock_reachable(session: Session, actor: Actor, person_id: int, clock: Clock) -> Person:
    queries.lock_person(session, person_id)
    return _reachable(session, actor, person_id, clock)


def _reachable(session: Session, actor: Actor, person_id: int, clock: Clock) -> Person:
    """Somebody of 16 or over whom the actor reaches. Raises PersonNotFound."""
    person = get_reachable(session, actor, person_id, clock.now())
    if not is_old_enough(person.birth_on, clock.today()):
        raise PersonNotFound
    return person


def _get_job(session: Session, job_id: int) -> JobPosting:
    job = queries.find_job(session, job_id)
    if job is None or job.state in _NEVER_SHOWN:
        raise JobNotFound
    return job


def _check(
    session: Session, person: Person, job: JobPosting, clock: Clock, history: History | None = None
) -> None:
    """All guards of an offer, in the order in which an officer would want to hear of them. Raises
    GateClosed."""
    today = clock.today()
    guards.person_is_there(person, may_seek(person.birth_on, person.status, today))
    guards.gates_are_open(fitness.find_closed_gate(session, person, job, today))
    told = history or queries.read_history(session, person.id, job.id, clock.now())
    guards.is_not_repeated(told)
    guards.few_offers_wait(told)


def _create(
    session: Session,
    mover: Mover,
    person: Person,
    job: JobPosting,
    move: Move,
    *,
    note: str = "",
    batch_key: str | None = None,
) -> Referral:
    state = rules.next_state(None, move.action)
    if state is None:
        raise ValueError(move.action)
    now, by_person = mover.now, mover.party is Party.PERSON
    is_offered = state is ReferralState.OFFERED
    referral = Referral(
        person_id=person.id,
        job_id=job.id,
        employer_id=job.employer_id,
        state=state,
        origin=_ORIGINS[mover.party],
        referrer_id=None if by_person else mover.actor.user_id,
        note=note,
        batch_key=batch_key,
        offered_at=now if is_offered else None,
        answered_at=now if by_person else None,
        entered_at=now,
        interview_moves=0,
        created_by_id=mover.actor.user_id,
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(referral)
    session.flush()
    loaded = queries.list_referrals_by_id(session, [referral.id])[referral.id]
    for name, value in clock_values(loaded, {}, mover.county).items():
        setattr(loaded, name, value)
    write_event(session, loaded.id, None, state, move, mover)
    told = rules.tells(None, move.action, state, employer_knows=False)
    telling.tell(session, loaded, told, mover.clock)
    return loaded
