"""Histories of referrals: anybody may try anything at any time, and the laws hold after each step.

Every history runs in a savepoint of the test's transaction and is taken back.
"""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from app.accounts.actor import SYSTEM, Actor
from app.core.errors import AppError
from app.jobs.models import JobPosting
from app.jobs.service import act_on_job
from app.jobs.terms import JobAction
from app.referrals import offering
from app.referrals.clocks import postings, running
from app.referrals.models import Referral, ReferralEvent
from app.referrals.rules import ENDED, HOLDING_A_PLACE, LIVE, NOT_AGAIN_WITHIN, TRANSITIONS
from app.referrals.schemas import Move
from app.referrals.spells.models import EmploymentAnswer, EmploymentSpell, FollowUpCheck
from app.referrals.terms import Evidence, Origin, Party, ReferralAction, ReferralState
from app.seekers.models import Person
from tests.referrals.situations import BROKER, BY_PHONE, COUNTY, OWNER, TOWNSHIP, VILLAGE, Scene

PEOPLE, JOBS = 3, 3
ACTIONS: Final = [action.value for action in ReferralAction][:13]
ACTORS: Final = ("village", "township", "county", "owner", "firm", "broker")
ONWARD: Final = {
    ReferralState.OFFERED: "interested",
    ReferralState.INTERESTED: "submit",
    ReferralState.SUBMITTED: "hire",
    ReferralState.VIEWED: "hire",
    ReferralState.POOLED: "hire",
    ReferralState.INTERVIEW: "hire",
    ReferralState.HIRED: "arrive",
    ReferralState.DEPARTING: "arrive",
}
# Another road, and the state from which it goes off.
ENDINGS: Final = {
    "": None,
    "refuse": ReferralState.SUBMITTED,
    "pool": ReferralState.SUBMITTED,
    "view": ReferralState.SUBMITTED,
    "no_show": ReferralState.HIRED,
    "depart": ReferralState.HIRED,
    "undo": None,
}
REASONS: Final = (None, "full", "too_far", "太远了")


class World:
    """Three people (the first with an account of her own, given to a broker), three postings."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.people = [scene.neighbour() for _ in range(PEOPLE)]
        scene.own(self.people[0])
        scene.give_to_broker(self.people[0])
        start = scene.clock.today() + timedelta(days=3)
        self.jobs = [
            scene.posting(openings=1),
            scene.posting(openings=2, profile="season"),
            scene.posting(openings=3, profile="day", starts_on=start),
        ]
        self.actors: dict[str, Actor] = {
            "village": VILLAGE,
            "township": TOWNSHIP,
            "county": COUNTY,
            "owner": OWNER,
            "firm": scene.member,
            "broker": BROKER,
        }
        self.began = scene.clock.at


class Histories(RuleBasedStateMachine):
    """One history."""

    world: World
    outcomes: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.scene = self.world.scene
        self.session = self.scene.session
        self.scene.clock.at = self.world.began
        self.savepoint = self.session.begin_nested()
        self.log: dict[int, tuple[Any, ...]] = {}

    def teardown(self) -> None:
        self.savepoint.rollback()
        self.session.expire_all()
        self.scene.clock.at = self.world.began

    @initialize(jobs=st.lists(st.integers(0, JOBS - 1), min_size=2, max_size=4))
    def something_is_offered(self, jobs: list[int]) -> None:
        for number, job in enumerate(jobs):
            self.push("village", number % PEOPLE, job)

    # ------------------------------------------------------------------ what may happen
    def _try(self, name: str, act: Any) -> None:
        """An act that is refused leaves no trace."""
        try:
            with self.session.begin_nested():
                act()
            self.outcomes[name] += 1
        except AppError as error:
            self.outcomes[f"{name} {error.status}"] += 1

    @rule(
        who=st.sampled_from(("village", "township", "broker", "county")),
        person=st.integers(0, PEOPLE - 1),
        job=st.integers(0, JOBS - 1),
    )
    def push(self, who: str, person: int, job: int) -> None:
        actor, world = self.world.actors[who], self.world
        self._try("push", lambda: self.scene.push(actor, world.jobs[job], world.people[person]))

    @rule(job=st.integers(0, JOBS - 1))
    def apply(self, job: int) -> None:
        keys = {"cipher": self.scene.cipher, "clock": self.scene.clock}
        world = self.world
        self._try(
            "apply",
            lambda: offering.apply_for_job(
                self.session, OWNER, world.jobs[job].id, world.people[0].id, **keys
            ),
        )

    @rule(
        number=st.integers(0, 20),
        action=st.sampled_from(ACTIONS),
        who=st.sampled_from(ACTORS),
        reason=st.sampled_from(REASONS),
        has_form=st.booleans(),
        evidence=st.sampled_from([None, *Evidence]),
    )
    def act(
        self,
        number: int,
        action: str,
        who: str,
        reason: str | None,
        has_form: bool,
        evidence: Evidence | None,
    ) -> None:
        """Anything by anyone, with or without what it needs."""
        ids = self.session.scalars(select(Referral.id).order_by(Referral.id)).all()
        if not ids:
            return
        form: dict[str, Any] = {"action": action, "reason": reason, "evidence": evidence}
        if has_form:
            form |= {"on_behalf": BY_PHONE, "starts_on": self.scene.clock.today(), "wage_fen": 300000}
        self._move(ids[number % len(ids)], form, self.world.actors[who])

    @rule(number=st.integers(0, 20), choice=st.integers(0, 20))
    def usual_step(self, number: int, choice: int) -> None:
        """A step the table has, by whoever usually takes it: histories that get somewhere."""
        found = self.session.execute(select(Referral.id, Referral.state).order_by(Referral.id)).all()
        if not found:
            return
        row = found[number % len(found)]
        steps = [a.value for s, a in TRANSITIONS if s is row.state and a.value in ACTIONS]
        if steps:
            action = sorted(steps)[choice % len(steps)]
            actor, form = self.scene.usual(action)
            self._move(row.id, {"action": action} | form, actor)

    @rule(
        number=st.integers(0, 20),
        steps=st.integers(0, 6),
        is_meeting=st.booleans(),
        end=st.sampled_from(sorted(ENDINGS)),
    )
    def life_goes_on(self, number: int, steps: int, is_meeting: bool, end: str) -> None:
        """Several usual steps of a live referral towards the first day at work, then perhaps another road."""
        ids = self.session.scalars(
            select(Referral.id).where(Referral.ended_at.is_(None)).order_by(Referral.id)
        ).all()
        if not ids:
            return
        referral_id = ids[number % len(ids)]
        for _ in range(steps):
            state = self.session.scalar(select(Referral.state).where(Referral.id == referral_id))
            action = ONWARD.get(state) if state is not None else None
            if action is None or (state is not None and state is ENDINGS[end]):
                break
            if action == "hire" and is_meeting and state is not ReferralState.INTERVIEW:
                action = "interview"
            self._usually(referral_id, action)
        if end:
            self._usually(referral_id, end)

    def _usually(self, referral_id: int, action: str) -> None:
        actor, form = self.scene.usual(action)
        self._move(referral_id, {"action": action} | form, actor)

    def _move(self, referral_id: int, form: dict[str, Any], actor: Actor) -> None:
        move = Move.model_validate(form)
        args = (self.session, actor, referral_id, move)
        keys = {"cipher": self.scene.cipher, "clock": self.scene.clock}
        self._try(move.action.value, lambda: offering.move_referral(*args, **keys))

    @rule(hours=st.sampled_from((1, 3, 25, 80, 200, 600)), is_run=st.booleans())
    def time_passes(self, hours: int, is_run: bool) -> None:
        self.scene.wait(hours=hours)
        if is_run:
            running.run_clocks(self.session, cipher=self.scene.cipher, clock=self.scene.clock)
            postings.cancel_orphans(self.session, cipher=self.scene.cipher, clock=self.scene.clock)

    @rule(number=st.integers(0, 20), outcome=st.sampled_from(("in_post", "left", "unreachable", "moved")))
    def check(self, number: int, outcome: str) -> None:
        ids = self.session.scalars(select(FollowUpCheck.id).order_by(FollowUpCheck.id)).all()
        if not ids:
            return
        check = self.session.get_one(FollowUpCheck, ids[number % len(ids)])
        form = {"leave_reason": "pay", "employer_name": "别家", "outcome": outcome, "method": "visit"}
        self._try("check", lambda: self.scene.answer(check, **form))

    @rule(job=st.integers(0, JOBS - 1), action=st.sampled_from((JobAction.CLOSE, JobAction.REJECT)))
    def posting_goes(self, job: int, action: JobAction) -> None:
        if self.scene.clock.at - self.world.began < timedelta(days=20):
            return  # else most histories would be about nothing
        job_id = self.world.jobs[job].id
        self._try(
            "posting", lambda: act_on_job(self.session, SYSTEM, job_id, action, self.scene.clock, reason="假")
        )

    # ------------------------------------------------------------------ what must hold
    @invariant()
    def laws_hold(self) -> None:
        self.session.flush()
        self.session.expire_all()
        check_laws(self)


def check_laws(machine: Histories) -> None:
    """REFERRALS' invariants over everything there is."""
    session = machine.session
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
    check_places(machine, referrals)
    check_people(referrals)
    check_log(machine, {referral.id: referral for referral in referrals})
    check_spells(machine, referrals)


def check_places(machine: Histories, referrals: list[Referral]) -> None:
    for job in machine.session.scalars(select(JobPosting).order_by(JobPosting.id)):
        states = Counter(r.state for r in referrals if r.job_id == job.id)
        assert job.held == sum(states[state] for state in HOLDING_A_PLACE), "held = hired and departing"
        assert job.filled == states[ReferralState.ONBOARD], "filled = onboard"
        assert job.filled + job.held <= job.openings, "never overbooked"


def check_people(referrals: list[Referral]) -> None:
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


def check_log(machine: Histories, referrals: dict[int, Referral]) -> None:
    """Every state has its event, events only grow, and what they say is lawful."""
    last: dict[int, ReferralEvent] = {}
    for event in machine.session.scalars(select(ReferralEvent).order_by(ReferralEvent.id)):
        row = tuple(getattr(event, c.key) for c in ReferralEvent.__table__.columns if c.key != "detail")
        assert machine.log.setdefault(event.id, row) == row, "the log only grows"
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
        check_event(event, referrals[event.referral_id])
    assert len(machine.log) == machine.session.scalar(select(func.count()).select_from(ReferralEvent))
    for referral_id, event in last.items():
        assert event.to_state == referrals[referral_id].state.value, "no state without its event"


def check_event(event: ReferralEvent, referral: Referral) -> None:
    said_by_officer = event.party is Party.OFFICER and event.action in ("interested", "decline")
    if said_by_officer:
        assert (event.has_consent, event.acting_for) == (True, "person")
    if event.action == "arrive":
        assert event.party in (Party.PERSON, Party.OFFICER), "never the firm's or the broker's word"
    if event.action == "undo":
        assert event.reason
    if event.party is Party.BROKER:
        assert (event.action, referral.origin) == ("offer", Origin.BROKER)


def check_spells(machine: Histories, referrals: list[Referral]) -> None:
    session = machine.session
    by_referral = {referral.spell_id for referral in referrals if referral.spell_id is not None}
    for spell in session.scalars(select(EmploymentSpell)):
        assert (spell.ends_on is None) == (spell.end_reason is None)
        if spell.origin == "referral" and spell.end_reason != "undone":
            assert spell.id in by_referral
        checks = list(session.scalars(select(FollowUpCheck).where(FollowUpCheck.spell_id == spell.id)))
        assert sorted(check.day for check in checks) == [7, 30, 90, 180]
        if spell.ends_on is not None:
            assert all(check.settled_at is not None for check in checks), "nobody asks about ended work"
    firsts = Counter(
        (answer.spell_id, answer.month_on)
        for answer in session.scalars(select(EmploymentAnswer))
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
