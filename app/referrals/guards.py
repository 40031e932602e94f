"""把关: what must hold for a transition besides the table, one small function each (REFERRALS, "guard").

Each raises what the person is told; `moving` and `offering` call all that belong to an action. Pure.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from app.core.clock import office_day
from app.core.errors import FieldProblem, Invalid
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.matching.terms import Gate
from app.referrals import rules
from app.referrals.errors import ArrivalNotProven, GateClosed, ReferralMoveNotAllowed, TooLate
from app.referrals.models import Referral
from app.referrals.queries import History
from app.referrals.schemas import Move
from app.referrals.terms import Evidence, Party, ReferralAction, ReferralState
from app.seekers.models import Person

AGAIN: Final = "again"
TOO_MANY: Final = "too_many"
_GONE: Final = frozenset({JobState.CLOSED, JobState.REJECTED})
_UNCHECKED: Final = frozenset({JobState.DRAFT, JobState.REVIEW})


# ---------------------------------------------------------------- offers
def person_is_there(person: Person, may_seek: bool) -> None:
    """The file is kept, and the person neither goes to school nor is unable to work."""
    if person.closed_at is not None:
        raise GateClosed("person", "这个人的档案已经销了，推荐不了。")
    if not may_seek:
        raise GateClosed("person", "这个人在上学，或者干不了活，推荐不了。")


def gates_are_open(gate: Gate | None) -> None:
    """No hard gate of matching shuts; the posting being open and having a place left are among them."""
    if gate is not None:
        raise GateClosed(gate, f"这个活推荐不了：{gate.label}。")


def is_not_repeated(history: History) -> None:
    """The same posting was not offered to this person in the last seven days."""
    if history.same_job_lately:
        raise GateClosed(AGAIN, "这个岗位 7 天内推荐过给这个人了，先等等回话。")


def few_offers_wait(history: History) -> None:
    """No more than three offers wait for the person's answer, this one counted."""
    if history.waiting_offers >= rules.MOST_LIVE_OFFERS:
        raise GateClosed(TOO_MANY, "已经有 3 个岗位等着回话了，先回一个再推新的。")


# ---------------------------------------------------------------- moves
def consent_is_recorded(party: Party, move: Move) -> None:
    """What the person says through an officer comes with how they said it and that they agreed."""
    if party is not Party.OFFICER or move.action not in rules.OF_THE_PERSON:
        return
    asked_for = move.action is ReferralAction.WITHDRAW and bool(move.reason)
    if move.on_behalf is None and not asked_for:
        raise Invalid(
            "替本人记的，请写明本人是怎么说的。",
            fields=[FieldProblem("on_behalf", "写明方式（phone、visit、paper）和本人同意")],
        )


def refusal_has_reason(move: Move) -> None:
    """Nobody is turned down without a word of why."""
    if move.action is ReferralAction.REFUSE and not move.reason:
        raise Invalid("请写明为什么没录用，本人能看到。", fields=[FieldProblem("reason", "这一项要填")])


def interview_has_slot(move: Move, now: datetime) -> None:
    """A meeting has a day at least, and it lies ahead."""
    if move.action is not ReferralAction.INTERVIEW:
        return
    slot = move.interview_slot
    if slot is None:
        raise Invalid(
            "请写明哪天见面。",
            fields=[FieldProblem("starts_on", "填见面的日子，或者用 interview_at 写明时间")],
        )
    if office_day(slot) < office_day(now):
        raise Invalid("见面的日子已经过了。", fields=[FieldProblem("starts_on", "这个日子已经过了")])


def interview_moves_are_few(referral: Referral, move: Move) -> None:
    """A meeting is moved twice at most."""
    is_moved = move.action is ReferralAction.INTERVIEW and referral.state is ReferralState.INTERVIEW
    if is_moved and referral.interview_moves >= rules.MOST_INTERVIEW_MOVES:
        raise ReferralMoveNotAllowed("见面的时间已经改过两次了，不能再改。请定下来录不录用。")


def hire_has_start_and_wage(move: Move) -> None:
    """Who is hired knows from when and for how much."""
    if move.action is not ReferralAction.HIRE:
        return
    missing = [
        FieldProblem(name, words)
        for name, value, words in (
            ("starts_on", move.starts_on, "写明哪天上班"),
            ("wage_fen", move.wage_fen, "写明一个月多少钱（分）"),
        )
        if value is None
    ]
    if missing:
        raise Invalid("录用要写明哪天上班、多少钱。", fields=missing)


def arrival_is_proven(party: Party, move: Move) -> None:
    """The person's own tap, or what an officer saw or holds; never the broker's or the firm's word alone."""
    if move.action is not ReferralAction.ARRIVE:
        return
    if party in (Party.EMPLOYER, Party.BROKER):
        raise ArrivalNotProven
    if party is Party.OFFICER and move.evidence is None:
        raise Invalid("请写明凭什么说到岗了。", fields=[FieldProblem("evidence", "这一项要填")])
    is_told = move.evidence is Evidence.SELF and party is Party.OFFICER
    if is_told and move.on_behalf is None and move.told_by is None:
        raise Invalid(
            "本人说到了的，请写明是怎么说的。",
            fields=[FieldProblem("on_behalf", "写明方式（phone、visit、paper）")],
        )


def undo_has_reason(move: Move) -> None:
    """An arrival is undone for a reason that stays in the log."""
    if move.action is ReferralAction.UNDO and not move.reason:
        raise Invalid("请写明为什么撤销。", fields=[FieldProblem("reason", "这一项要填")])


def undo_is_in_time(referral: Referral, move: Move, now: datetime) -> None:
    """Within seven days of the arrival."""
    if move.action is not ReferralAction.UNDO:
        return
    if referral.ended_at is None or now - referral.ended_at > rules.UNDO_WITHIN:
        raise TooLate


def arrival_is_not_ahead(move: Move, today: date) -> None:
    """Nobody has started on a day that is still to come."""
    is_ahead = move.starts_on is not None and move.starts_on > today
    if move.action is ReferralAction.ARRIVE and is_ahead:
        raise Invalid(fields=[FieldProblem("starts_on", "到岗的日子不能在今天以后")])


def posting_still_stands(job: JobPosting, move: Move) -> None:
    """Nobody is sent to or hired for a posting that was taken down; who was hired before may come. Nobody new
    is sent to one that was rewritten until an office has looked at it."""
    steps = (ReferralAction.SUBMIT, ReferralAction.HIRE, ReferralAction.INTERVIEW)
    if move.action in steps and job.state in _GONE:
        raise ReferralMoveNotAllowed("这个岗位已经撤下来了，办不了这一步。")
    if move.action is ReferralAction.SUBMIT and job.state in _UNCHECKED:
        raise ReferralMoveNotAllowed("这个岗位刚改过，等人看过再送。")


def check_move(referral: Referral, job: JobPosting, party: Party, move: Move, now: datetime) -> None:
    """All guards of a move. Raises Invalid, Conflict."""
    checks: tuple[tuple[Callable[..., None], tuple[object, ...]], ...] = (
        (consent_is_recorded, (party, move)),
        (refusal_has_reason, (move,)),
        (interview_has_slot, (move, now)),
        (interview_moves_are_few, (referral, move)),
        (hire_has_start_and_wage, (move,)),
        (arrival_is_proven, (party, move)),
        (arrival_is_not_ahead, (move, office_day(now))),
        (undo_has_reason, (move,)),
        (undo_is_in_time, (referral, move, now)),
        (posting_still_stands, (job, move)),
    )
    for guard, facts in checks:
        guard(*facts)
