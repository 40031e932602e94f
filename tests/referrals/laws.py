"""The laws of REFERRALS and SAFETY over everything there is, written once more by hand: no figure here comes
from the code that is tested."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.notifications.models import Message
from app.referrals.models import Referral, ReferralEvent
from app.referrals.rules import ENDED, HOLDING_A_PLACE, LIVE, NOT_AGAIN_WITHIN, TRANSITIONS
from app.referrals.spells.models import EmploymentAnswer, EmploymentSpell, FollowUpCheck
from app.referrals.terms import (
    CheckOutcome,
    Evidence,
    Origin,
    Party,
    ReferralAction,
    ReferralState,
    VerifiedLevel,
)
from app.seekers.models import Person
from tests.referrals.situations import COUNTY

BEIJING: Final = ZoneInfo("Asia/Shanghai")
# Day of the check: days after the start on which it opens, is due and closes.
WINDOWS: Final = {7: (5, 7, 10), 30: (25, 30, 37), 90: (83, 90, 100), 180: (170, 180, 200)}
LEVELS: Final = [
    *(VerifiedLevel.TOLD, VerifiedLevel.VILLAGE_CHECKED, VerifiedLevel.PROVEN, VerifiedLevel.MATCHED),
]
# What an answer must be known by to spare the question.
WANTED: Final = {7: 0, 30: 1, 90: 2, 180: 2}
ASKS_THE_PERSON: Final = ("job_offer", "job_offer_reminder")
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass
class Memory:
    """What was seen before: the log, and how well each spell was known."""

    log: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)


def is_sixteen(born_on: date | None, day: date) -> bool:
    return born_on is not None and (day.year - 16, day.month, day.day) >= (
        *(born_on.year, born_on.month, born_on.day),
    )


def window(spell: EmploymentSpell, check: FollowUpCheck) -> tuple[int, int, int]:
    days = [(day - spell.starts_on).days for day in (check.opens_on, check.due_on, check.closes_on)]
    return days[0], days[1], days[2]


def check_laws(session: Session, memory: Memory) -> None:
    """REFERRALS' invariants over everything there is."""
    referrals = list(session.scalars(select(Referral).order_by(Referral.id)))
    for referral in referrals:
        assert (referral.ended_at is None) == (referral.state in LIVE), "live means not ended"
        if referral.state in ENDED:
            assert (referral.clock_at, referral.officer_due_at) == (None, None), "no clock runs on an end"
        if referral.state is ReferralState.REFUSED:
            assert referral.reason, "a refusal has its reason"
        if referral.state in HOLDING_A_PLACE:
            assert referral.starts_on is not None
            assert referral.wage_fen is not None
        assert (referral.state is ReferralState.ONBOARD) == (referral.spell_id is not None)
    check_places(session, referrals)
    check_people(session, referrals)
    check_log(session, memory, {referral.id: referral for referral in referrals})
    check_spells(session, memory, referrals)
    check_messages(session)


def check_places(session: Session, referrals: list[Referral]) -> None:
    for job in session.scalars(select(JobPosting).order_by(JobPosting.id)):
        states = Counter(r.state for r in referrals if r.job_id == job.id)
        assert job.held == sum(states[state] for state in HOLDING_A_PLACE), "held = hired and departing"
        assert job.filled == states[ReferralState.ONBOARD], "filled = onboard"
        assert job.filled + job.held <= job.openings, "never overbooked"
        is_full = job.filled == job.openings
        assert not (job.state is JobState.OPEN and is_full), "nothing open is oversold"
        assert job.state is not JobState.FILLED or is_full


def check_people(session: Session, referrals: list[Referral]) -> None:
    born = {row[0]: row[1] for row in session.execute(select(Person.id, Person.birth_on))}
    for referral in referrals:
        made_on = referral.created_at.astimezone(BEIJING).date()
        assert is_sixteen(born[referral.person_id], made_on), "nobody under 16"
    for person_id in {referral.person_id for referral in referrals}:
        own = [referral for referral in referrals if referral.person_id == person_id]
        live = [referral.job_id for referral in own if referral.is_live]
        assert len(live) == len(set(live)), "one live referral a posting"
        assert sum(r.state is ReferralState.OFFERED for r in own) <= 3, "three offers at most"
        for job_id in {referral.job_id for referral in own}:
            made = sorted(r.created_at for r in own if r.job_id == job_id)
            gaps = [later - earlier for earlier, later in pairwise(made)]
            assert all(gap >= NOT_AGAIN_WITHIN for gap in gaps), "not again within seven days"
        for arrived in own:
            if arrived.state is ReferralState.ONBOARD:
                assert all(r.entered_at >= arrived.entered_at for r in own if r.is_live), (
                    "who starts is not waiting elsewhere"
                )


def check_log(session: Session, memory: Memory, referrals: dict[int, Referral]) -> None:
    """Every state has its event, events only grow, and what they say is lawful."""
    last: dict[int, ReferralEvent] = {}
    arrived: dict[int, datetime] = {}
    meetings = Counter[int]()
    for event in session.scalars(select(ReferralEvent).order_by(ReferralEvent.id)):
        row = tuple(getattr(event, c.key) for c in ReferralEvent.__table__.columns if c.key != "detail")
        assert memory.log.setdefault(event.id, row) == row, "the log only grows"
        before = last.get(event.referral_id)
        assert event.from_state == (before.to_state if before else None), "no step is missing"
        last[event.referral_id] = event
        if event.from_state != event.to_state and event.action in set(ReferralAction):
            step = (
                ReferralState(event.from_state) if event.from_state else None,
                ReferralAction(event.action),
            )
            assert step in TRANSITIONS
            after = TRANSITIONS[step]
            assert after is None or after.value == event.to_state
        check_event(event, referrals[event.referral_id], arrived.get(event.referral_id))
        if event.to_state == "onboard":
            arrived[event.referral_id] = event.at
        meetings[event.referral_id] += event.action == "interview"
    assert len(memory.log) == session.scalar(select(func.count()).select_from(ReferralEvent))
    assert all(count <= 3 for count in meetings.values()), "a meeting is moved twice at most"
    for referral_id, event in last.items():
        assert event.to_state == referrals[referral_id].state.value, "no state without its event"


def check_event(event: ReferralEvent, referral: Referral, arrived_at: datetime | None) -> None:
    said_by_officer = event.party is Party.OFFICER and event.action in ("interested", "decline")
    if said_by_officer:
        assert (event.has_consent, event.acting_for) == (True, "person")
    if event.action == "arrive":
        assert event.party in (Party.PERSON, Party.OFFICER), "never the firm's or the broker's word"
        assert event.party is Party.PERSON or event.evidence is not None
        assert event.evidence is not Evidence.SELF or event.party is Party.PERSON or event.acting_for
    if event.action == "undo":
        assert event.reason
        assert (event.party, event.actor_id) == (Party.OFFICER, COUNTY.user_id), "the county's to undo"
        assert arrived_at is not None
        assert event.at - arrived_at <= timedelta(days=7), "undone within a week"
    if event.action == "refuse":
        assert event.reason
    if event.action == "interview":
        assert event.detail.get("interview_at")
    if event.party is Party.BROKER:
        assert (event.action, referral.origin) == ("offer", Origin.BROKER)


def check_spells(session: Session, memory: Memory, referrals: list[Referral]) -> None:
    by_referral = {referral.spell_id for referral in referrals if referral.spell_id is not None}
    answers: dict[int, list[EmploymentAnswer]] = defaultdict(list)
    for answer in session.scalars(select(EmploymentAnswer).order_by(EmploymentAnswer.id)):
        answers[answer.spell_id].append(answer)
    for spell in session.scalars(select(EmploymentSpell)):
        assert (spell.ends_on is None) == (spell.end_reason is None)
        if spell.origin == "referral" and spell.end_reason != "undone":
            assert spell.id in by_referral
        checks = list(session.scalars(select(FollowUpCheck).where(FollowUpCheck.spell_id == spell.id)))
        assert {check.day: window(spell, check) for check in checks} == WINDOWS
        level = LEVELS.index(spell.level)
        assert memory.levels.get(spell.id, 0) <= level, "what is known only grows"
        memory.levels[spell.id] = level
        check_nobody_is_asked_twice(spell, checks, answers[spell.id])
        if spell.ends_on is not None:
            assert all(check.settled_at is not None for check in checks), "nobody asks about ended work"
    firsts = Counter(
        (answer.spell_id, answer.month_on)
        for given in answers.values()
        for answer in given
        if not answer.is_correction
    )
    assert all(count == 1 for count in firsts.values())
    running_now = session.execute(
        select(EmploymentSpell.person_id)
        .join(Referral, Referral.spell_id == EmploymentSpell.id)
        .where(EmploymentSpell.ends_on.is_(None))
    )
    for (person_id,) in running_now:
        assert session.get_one(Person, person_id).status == "employed"


def check_nobody_is_asked_twice(
    spell: EmploymentSpell, checks: list[FollowUpCheck], answers: list[EmploymentAnswer]
) -> None:
    """One answer fills the month and every check it is good enough for."""
    for check in checks:
        known = [
            answer
            for answer in answers
            if answer.told_on >= check.opens_on and LEVELS.index(answer.level) >= WANTED[check.day]
        ]
        assert not known or check.settled_at is not None, "evidence in hand, yet asked again"
        if check.outcome is CheckOutcome.UNREACHABLE:
            assert check.tries >= 3, "three tries on three days, then a visit"
    for answer in answers:
        assert answer.month_on == answer.told_on.replace(day=1)


def check_messages(session: Session) -> None:
    """Nobody is woken, and nobody is written to more often than once a day and three times a week."""
    called = select(Message.recipient_key, Message.channel, Message.called_at).where(
        Message.called_at.is_not(None), Message.purpose == "service"
    )
    by_reader: dict[str, list[tuple[Any, datetime]]] = defaultdict(list)
    for key, channel, at in session.execute(called.order_by(Message.called_at)):
        assert at is not None
        by_reader[key].append((channel, at))
    for sent in by_reader.values():
        for channel in {each for each, _ in sent}:
            times = [at for each, at in sent if each is channel]
            assert all(later - earlier >= DAY for earlier, later in pairwise(times)), "a day apart"
        times = [at for _, at in sent]
        assert all(last - first >= WEEK for first, last in zip(times, times[3:], strict=False)), (
            "three a week"
        )


def check_sending(session: Session, message_id: int) -> None:
    """At the moment a message goes out."""
    message = session.get_one(Message, message_id)
    assert message.called_at is not None
    assert 8 <= message.called_at.astimezone(BEIJING).hour < 20, "nobody is woken"
    if message.template_code in ASKS_THE_PERSON and message.subject_id is not None:
        state = session.scalar(select(Referral.state).where(Referral.id == message.subject_id))
        assert state is ReferralState.OFFERED, "silent once settled"
