"""带队点名用例: an officer names who takes people to work; the leader says by a link who came.

The leader acts for the officer who named them: only people of that officer's area stand on the roll, and with
the officer's role the link ends. What the leader saw is roll-call evidence of an arrival (REFERRALS, "arrival
evidence"); the paid broker and the firm's own people are never named.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.actor import Actor
from app.accounts.rules import normalise_phone
from app.accounts.terms import Role
from app.core import ratelimit
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, FieldProblem, Forbidden, Gone, Invalid, NotFound, TooMany
from app.core.ids import reserve_ids
from app.core.ratelimit import Limit
from app.core.security import read_signed_number, sign_number
from app.employers import sealing as firm_sealing
from app.jobs.models import JobPosting
from app.referrals.models import Referral
from app.referrals.moving import move_referral
from app.referrals.rolls import queries
from app.referrals.rolls.models import ArrivalRoll
from app.referrals.schemas import Move
from app.referrals.terms import Evidence, ReferralAction, ReferralState
from app.seekers import sealing

_PURPOSE: Final = "arrival roll"
_TAIL: Final = 4
_TAIL_TRIES: Final = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))
_LONGEST_NAME: Final = 20
NOT_THEM: Final = "带队的不能是这家单位的人，也不能是劳务经纪人。请换村里、镇上的人。"


def name_leader(
    session: Session,
    actor: Actor,
    job_id: int,
    day: date,
    leader_name: str,
    leader_phone: str,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> ArrivalRoll:
    """Names who takes the actor's people to a posting on a day. Raises NotFound (nobody of the actor's area
    is to start there that day), Forbidden (a broker, or somebody of the firm), Invalid."""
    today = clock.today()
    words, phone = " ".join(leader_name.split()), normalise_phone(leader_phone)
    problems = [] if words and len(words) <= _LONGEST_NAME else [FieldProblem("name", "写带队人的名字")]
    problems += [] if phone else [FieldProblem("phone", "写带队人的手机号，11 位")]
    problems += (
        [] if today <= day <= today + queries.AHEAD else [FieldProblem("day", "选今天起一个月里的一天")]
    )
    if problems or phone is None:
        raise Invalid(fields=problems)
    expected = queries.list_expected(session, actor, day, day, job_id=job_id)
    if not expected:
        raise NotFound("这一天没有您管的人去这家上班。")
    _require_outsider(session, expected[0].job, phone, cipher, clock)
    [roll_id] = reserve_ids(session, ArrivalRoll, 1)
    roll = ArrivalRoll(
        id=roll_id,
        job_id=job_id,
        day=day,
        leader_name=words,
        tail_index=_tail_index(cipher, roll_id, phone[-_TAIL:]),
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    session.add(roll)
    session.flush()
    return roll


def end_roll(session: Session, actor: Actor, roll_id: int, clock: Clock) -> None:
    """Takes a roll back: who named the leader, or who could. Again, nothing happens. Raises NotFound."""
    roll = queries.find_roll(session, roll_id)
    if roll is None:
        raise NotFound
    is_theirs = roll.made_by_id == actor.user_id
    if not is_theirs and not queries.list_expected(session, actor, roll.day, roll.day, job_id=roll.job_id):
        raise NotFound
    if roll.ended_at is None:
        roll.ended_at = clock.now()
        session.flush()


@dataclass(frozen=True)
class CalledRoll:
    """带队人手上的名单: the people of the officer's area who are to start, or have started, there."""

    roll: ArrivalRoll
    job: JobPosting
    people: tuple[Referral, ...]
    officer: Actor


def link_code(key: str, roll_id: int) -> str:
    """The code in the leader's address."""
    return sign_number(key, _PURPOSE, roll_id)


def open_link(session: Session, key: str, code: str, clock: Clock) -> CalledRoll:
    """What a leader's link opens. Raises NotFound for one that is not ours, Gone when it was taken back, the
    day is over, or the officer's role has ended."""
    number = read_signed_number(key, _PURPOSE, code)
    roll = queries.find_roll(session, number) if number is not None else None
    if roll is None:
        raise NotFound("这个链接不对，可能少抄了几个字。请问让您带队的人。")
    user = accounts.find_user(session, roll.made_by_id) if roll.made_by_id is not None else None
    officer = (
        accounts.actor_of(session, user, clock.now())
        if user is not None and user.disabled_at is None
        else None
    )
    is_over = roll.ended_at is not None or clock.today() > roll.day + queries.BEHIND
    if is_over or officer is None or not officer.is_officer:
        raise Gone("这个点名的链接用不了了。请问让您带队的人。")
    job = queries.find_job(session, roll.job_id)
    if job is None:
        raise NotFound
    people = queries.list_expected(session, officer, roll.day, roll.day, job_id=roll.job_id)
    return CalledRoll(roll, job, tuple(people), officer)


def shows_tail(session: Session, roll: ArrivalRoll, typed: str, cipher: FieldCipher, clock: Clock) -> bool:
    """Whether these are the last four digits of the leader's phone. Wrong ones are counted, so the caller
    lets the transaction commit. Raises TooMany."""
    subject = f"roll:tail:{roll.id}"
    wait_s = ratelimit.hit(session, subject, _TAIL_TRIES, clock.now())
    if wait_s:
        raise TooMany("试得太多了，先歇一会儿，或者打电话问让您带队的人。", retry_after_s=wait_s)
    tail = "".join(typed.split())
    is_right = roll.tail_index in cipher.blind_indexes(_PURPOSE, f"{roll.id}:{tail}")
    if is_right:
        ratelimit.forgive(session, subject)
    return is_right


def call_roll(
    session: Session,
    called: CalledRoll,
    action: ReferralAction,
    referral_ids: Collection[int],
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> int:
    """Writes down what the leader saw: on the bus (depart), there (arrive), not come (no_show); returns for
    how many. Who is not on the roll, or settled meanwhile, is passed over; said twice, it is one. Raises
    Conflict before the day."""
    if clock.today() < called.roll.day:
        raise Conflict("还没到那天。到了那天再点名。")
    said = {
        ReferralAction.DEPART: "上车了",
        ReferralAction.ARRIVE: "到了",
        ReferralAction.NO_SHOW: "没来",
    }[action]
    done = 0
    for referral in called.people:
        goes = referral.state is ReferralState.HIRED or action is not ReferralAction.DEPART
        if referral.id not in referral_ids or not goes:
            continue
        move = Move(
            action=action,
            evidence=Evidence.ROLL_CALL if action is not ReferralAction.NO_SHOW else None,
            starts_on=called.roll.day if action is ReferralAction.ARRIVE else None,
            reason=f"带队人{called.roll.leader_name}点名：{said}",
            idempotency_key=f"roll:{called.roll.id}:{action.value}",
        )
        try:
            with session.begin_nested():
                move_referral(session, called.officer, referral.id, move, cipher=cipher, clock=clock)
            done += 1
        except Conflict:
            continue  # settled meanwhile: nothing more to say
    return done


def _tail_index(cipher: FieldCipher, roll_id: int, tail: str) -> str:
    return cipher.blind_index(_PURPOSE, f"{roll_id}:{tail}")


def _require_outsider(
    session: Session, job: JobPosting, phone: str, cipher: FieldCipher, clock: Clock
) -> None:
    """Neither the firm's contact, nor a member of it, nor a broker."""
    firm_phone = normalise_phone(firm_sealing.open_contact(job.employer, cipher))
    by_phone = accounts.find_by_phone(session, sealing.phone_indexes(phone, cipher))
    users = [*queries.list_users_by_work_phone(session, phone), *([by_phone] if by_phone else [])]
    actors = [accounts.actor_of(session, user, clock.now()) for user in users]
    is_party = any(job.employer_id in actor.employer_ids or actor.has_role(Role.BROKER) for actor in actors)
    if firm_phone == phone or is_party:
        raise Forbidden(NOT_THEM)
