"""随后的事: what a step brings about elsewhere: places, the spell, ties, call-backs, answer rates."""

from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.jobs import places
from app.jobs.terms import JobState
from app.referrals import answer_rates, queries, similar
from app.referrals.models import Referral
from app.referrals.mover import Mover
from app.referrals.rules import CALL_BACK_AFTER, EMPLOYER_ANSWERS, HOLDING_A_PLACE
from app.referrals.schemas import Move
from app.referrals.spells import service as spells
from app.referrals.terms import Evidence, Party, ReferralAction, ReferralState
from app.seekers.access.service import tie_employer
from app.seekers.models import Person

_A, _S = ReferralAction, ReferralState
_GONE: Final = frozenset({JobState.CLOSED, JobState.REJECTED})


def take_and_free_places(
    session: Session,
    actor: Actor,
    referral: Referral,
    before: ReferralState,
    after: ReferralState,
    action: ReferralAction,
    clock: Clock,
) -> None:
    """A place is held from hiring on, filled by the arrival, given back by whoever does not come. Raises
    JobFull."""
    if action is _A.ARRIVE:
        places.fill_held_place(session, referral.job_id, clock, actor=actor)
    elif action is _A.UNDO:
        places.hold_filled_place(session, referral.job_id, clock, actor=actor)
    elif after in HOLDING_A_PLACE and before not in HOLDING_A_PLACE:
        places.hold_place(session, referral.job_id, clock)
    elif before in HOLDING_A_PLACE and after not in HOLDING_A_PLACE:
        places.release_place(session, referral.job_id, clock)


def begin_spell(session: Session, mover: Mover, referral: Referral, move: Move) -> int:
    """The spell of an arrival; returns its id. The first day is the one told, else the one agreed, at the
    latest today."""
    today = mover.clock.today()
    agreed = referral.starts_on or today
    evidence = move.evidence or Evidence.SELF
    if mover.party is Party.PERSON:
        evidence = Evidence.SELF
    spell = spells.open_referred_spell(
        session,
        mover.actor,
        referral.person,
        referral.job,
        starts_on=move.starts_on or min(agreed, today),
        wage_fen=referral.wage_fen,
        evidence=evidence,
        cipher=mover.cipher,
        clock=mover.clock,
    )
    return spell.id


def end_spell_again(session: Session, mover: Mover, referral: Referral, move: Move) -> None:
    """The arrival is undone."""
    if referral.spell_id is not None:
        spells.undo_spell(
            session,
            mover.actor,
            referral.spell_id,
            referral.person,
            reason=move.reason or "",
            cipher=mover.cipher,
            clock=mover.clock,
        )


def may_return(session: Session, referral: Referral) -> bool:
    """Whether a referral closed by an arrival that is undone can go on: its posting stands, no newer one
    took its place, and a place it held is still free."""
    if referral.job.state in _GONE:
        return False
    others = queries.list_live_of(session, referral.person_id)
    if any(other.job_id == referral.job_id for other in others):
        return False
    if queries.state_before_last(session, referral.id) in HOLDING_A_PLACE:
        return referral.job.filled + referral.job.held < referral.job.openings
    return True


def is_in_ledger(person: Person) -> bool:
    """Whether there is somebody to talk to: neither closed, erased nor merged into another file."""
    return person.closed_at is None and person.erased_at is None and person.merged_into_id is None


def follow_up(
    session: Session, referral: Referral, action: ReferralAction, after: ReferralState, clock: Clock
) -> None:
    """Ties the person to the firm, renews the firm's answer rate, asks an officer to call back."""
    if action is _A.SUBMIT:
        tie_employer(session, referral.person_id, referral.employer_id, clock.now())
    if action in EMPLOYER_ANSWERS or action is _A.EXPIRE_EMPLOYER:
        answer_rates.refresh(session, referral.employer_id, referral.job.profile, clock)
    cause = CALL_BACK_AFTER.get(after)
    if not is_in_ledger(referral.person):
        return
    if cause is not None and after is not _S.CANCELLED:
        spells.ask_to_call_back(session, referral.person_id, cause, f"referral:{referral.id}", clock)
    elif cause is not None:
        jobs = similar.find_similar(session, referral.person, referral.job, clock.today())
        spells.ask_to_call_back(
            session, referral.person_id, cause, f"referral:{referral.id}", clock, job_ids=jobs
        )
