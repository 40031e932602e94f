"""点名: who was to come by today, and what the firm says about it (app/referrals/roll_call.py)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict
from app.core.http import ReadSession, WriteSession
from app.referrals import roll_call
from app.referrals.shown import show_referrals
from app.referrals.terms import ReferralState
from app.web.employer.people_views import list_firm_people

_EXPECTED: Final = (ReferralState.HIRED, ReferralState.DEPARTING)


@dataclass(frozen=True)
class RollRow:
    """点名的一个人: `said` what the firm told before."""

    id: int
    name: str
    job: str
    starts_on: str
    said: bool


def list_roll(session: ReadSession, actor: Actor, employer_id: int, clock: Clock) -> tuple[RollRow, ...]:
    """The people hired to start today or before who are not settled yet, by name of the work."""
    people = [
        referral
        for referral in list_firm_people(session, actor, clock, employer_id)
        if referral.state in _EXPECTED and referral.starts_on and referral.starts_on <= clock.today()
    ]
    rows = []
    for referral, out in zip(people, show_referrals(session, actor, people, clock), strict=True):
        start = referral.starts_on or clock.today()
        rows.append(
            RollRow(
                referral.id,
                out.seeker.name,
                out.job.title,
                f"{start.month} 月 {start.day} 日",
                roll_call.has_said_came(session, referral.id),
            )
        )
    return tuple(rows)


def call_roll(
    session: WriteSession,
    actor: Actor,
    employer_id: int,
    came: Collection[int],
    absent: Collection[int],
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> int:
    """Writes down what the firm saw; returns for how many. Who is not on the day's roll is passed over."""
    told = 0
    for row in list_roll(session, actor, employer_id, clock):
        if row.id in came and not row.said:
            say = roll_call.say_came
        elif row.id in absent and row.id not in came:
            say = roll_call.say_absent
        else:
            continue
        try:
            with session.begin_nested():
                say(session, actor, row.id, cipher=cipher, clock=clock)
            told += 1
        except Conflict:
            continue  # settled meanwhile: nothing more to say
    return told
