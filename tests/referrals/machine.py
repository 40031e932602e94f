"""Histories of referrals: anybody may try anything at any time, and the laws (laws.py) hold after each step.

Every history runs in a savepoint of the test's transaction and is taken back.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from app.accounts.actor import SYSTEM, Actor
from app.core.errors import AppError
from app.jobs.service import act_on_job
from app.jobs.terms import JobAction
from app.notifications.carriers import Carriers
from app.notifications.claiming import Claimed, claim_next
from app.notifications.providers.base import Outcome, Verdict
from app.notifications.providers.console import Console
from app.notifications.recording import record_outcome
from app.referrals import offering
from app.referrals.clocks import postings, running
from app.referrals.models import Referral
from app.referrals.rules import TRANSITIONS
from app.referrals.schemas import Move
from app.referrals.spells.models import EmploymentSpell, FollowUpCheck
from app.referrals.terms import Evidence, ReferralAction, ReferralState
from tests.referrals.laws import Memory, check_laws, check_sending
from tests.referrals.situations import BROKER, BY_PHONE, COUNTY, OWNER, TOWNSHIP, VILLAGE, Scene

PEOPLE, JOBS = 4, 3
CHILD: Final = 3
MOST_SENT: Final = 30
CARRIERS: Final = Carriers((Console(),))
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
    """Three people (the first with an account of her own, given to a broker) and a child, three postings."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.people = [scene.neighbour() for _ in range(PEOPLE)]
        self.people[CHILD].birth_on = date(2011, 6, 1)
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
        self.memory = Memory()

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

    @rule(hours=st.integers(0, 23))
    def messages_go_out(self, hours: int) -> None:
        """The outbox is emptied, at whatever hour."""
        self.scene.wait(hours=hours)
        self.session.flush()
        now = self.scene.clock.now()
        for _ in range(MOST_SENT):
            claimed = claim_next(self.session, now, self.scene.cipher, CARRIERS)
            if claimed is None:
                break
            if isinstance(claimed, Claimed):
                check_sending(self.session, claimed.message_id)
                done = Outcome(Verdict.ACCEPTED, provider_id=claimed.outgoing.reference)
                record_outcome(self.session, claimed, done, now)
                self.outcomes["sent"] += 1

    @rule(number=st.integers(0, 20), outcome=st.sampled_from(("in_post", "left", "disputed")))
    def month(self, number: int, outcome: str) -> None:
        """The month's verification, whether or not a check is due."""
        ids = self.session.scalars(select(EmploymentSpell.id).order_by(EmploymentSpell.id)).all()
        if ids:
            form = {"outcome": outcome, "leave_reason": "pay", "method": "phone"}
            self._try("month", lambda: self.scene.month(ids[number % len(ids)], **form))

    @rule(number=st.integers(0, 20), outcome=st.sampled_from(("in_post", "left", "unreachable", "moved")))
    def check(self, number: int, outcome: str) -> None:
        ids = self.session.scalars(select(FollowUpCheck.id).order_by(FollowUpCheck.id)).all()
        if not ids:
            return
        check = self.session.get_one(FollowUpCheck, ids[number % len(ids)])
        form = {"leave_reason": "pay", "employer_name": "别家", "outcome": outcome, "method": "visit"}
        self._try("check", lambda: self.scene.answer(check, **form))

    @rule(
        job=st.integers(0, JOBS - 1),
        action=st.sampled_from((JobAction.PAUSE, JobAction.RESUME, JobAction.CONFIRM)),
    )
    def posting_rests(self, job: int, action: JobAction) -> None:
        job_id = self.world.jobs[job].id
        self._try("posting", lambda: act_on_job(self.session, SYSTEM, job_id, action, self.scene.clock))

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
        check_laws(self.session, self.memory)
