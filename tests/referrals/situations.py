"""Situations with referrals in 铜川市耀州区 (610204)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.models import User
from app.accounts.terms import Role, UserKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.referrals import moving, offering, queries
from app.referrals.models import Referral, ReferralEvent
from app.referrals.schemas import Move, ReferralIn
from app.referrals.spells import answering
from app.referrals.spells import queries as spell_queries
from app.referrals.spells.models import EmploymentAnswer, FollowUpCheck
from app.referrals.spells.schemas import AnswerIn
from app.referrals.terms import ReferralAction, ReferralState
from app.seekers.access.models import BrokerAssignment, PersonLink
from app.seekers.access.terms import LinkProof
from app.seekers.models import Person
from app.seekers.privacy.models import Consent
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from tests.employers import factories as employers
from tests.jobs.factories import open_job
from tests.seekers import factories as given

BY_PHONE = {"method": "phone", "consent": True}
VILLAGE = given.village_officer()
TOWNSHIP = given.township_officer()
COUNTY = given.county_officer()
OWNER_ID, BROKER_ID, MEMBER_ID = 71, 72, 73
OWNER = Actor(OWNER_ID, "王桂兰", (Grant(Role.SEEKER),))
BROKER = Actor(BROKER_ID, "经纪人", (Grant(Role.BROKER, given.TOWN),))


@dataclass
class Scene:
    session: Session
    cipher: FieldCipher
    clock: FixedClock
    people_made: int = field(default=0)

    @cached_property
    def employer(self) -> Employer:
        return employers.verified_employer(self.session, self.clock)

    @cached_property
    def member(self) -> Actor:
        return employers.member_of(self.employer, MEMBER_ID)

    @cached_property
    def person(self) -> Person:
        return self.neighbour()

    @cached_property
    def job(self) -> JobPosting:
        return self.posting()

    def posting(self, **changes: Any) -> JobPosting:
        form = {"title": "平车工", "valid_until": self.clock.today() + timedelta(days=200)} | changes
        return open_job(self.session, self.clock, form.pop("employer", self.employer), **form)

    def neighbour(self, home: str = given.VILLAGE, **changes: Any) -> Person:
        self.people_made += 1
        number = given.id_number(date(1985, 3, 8), self.people_made)
        household = given.household(self.session, self.cipher, self.clock, region_code=home)
        form = {"id_number": number, "travel": "anywhere", "phone": f"139{self.people_made:08d}"}
        return given.seeker(self.session, self.cipher, self.clock, household, **(form | changes))

    def user(self, user_id: int, person: Person | None = None) -> None:
        """An account; with `person`, the one whose file that is."""
        if self.session.get(User, user_id) is None:
            user = User(
                id=user_id,
                kind=UserKind.PERSON,
                display_name="乡亲",
                phone_index=person.phone_index if person is not None else f"none {user_id}",
                created_at=self.clock.now(),
                version=1,
            )
            self.session.add(user)
            self.session.flush()

    def own(self, person: Person | None = None) -> Actor:
        """The person's own account."""
        person = person or self.person
        self.user(OWNER_ID, person)
        link = PersonLink(
            user_id=OWNER_ID, person_id=person.id, proof=LinkProof.ID_TAIL, made_at=self.clock.now()
        )
        self.session.add(link)
        self.session.flush()
        return OWNER

    def give_to_broker(self, person: Person | None = None) -> Actor:
        person = person or self.person
        self.user(BROKER_ID)
        now = self.clock.now()
        consent = Consent(
            person_id=person.id,
            purpose=ConsentPurpose.SHARE_WITH_BROKERS,
            is_given=True,
            method=ConsentMethod.PHONE,
            at=now,
        )
        for name in ("text_version", "acting_for", "note"):
            if hasattr(Consent, name):
                setattr(consent, name, "")
        self.session.add(consent)
        self.session.add(
            BrokerAssignment(
                person_id=person.id,
                broker_user_id=BROKER_ID,
                starts_at=now,
                ends_at=now + timedelta(days=300),
            )
        )
        self.session.flush()
        return BROKER

    # ------------------------------------------------------------ what people do
    def push(
        self, actor: Actor = VILLAGE, job: JobPosting | None = None, person: Person | None = None
    ) -> Referral:
        data = ReferralIn(job_id=(job or self.job).id, seeker_id=(person or self.person).id)
        return offering.push_referral(self.session, actor, data, cipher=self.cipher, clock=self.clock)

    def act(self, referral: Referral, actor: Actor, action: str, **form: Any) -> Referral:
        move = Move.model_validate({"action": action, **form})
        return moving.move_referral(
            self.session, actor, referral.id, move, cipher=self.cipher, clock=self.clock
        )

    def step(self, referral: Referral, action: str, **form: Any) -> Referral:
        """As whoever usually does it, with what it needs."""
        actor, usual = self.usual(action)
        return self.act(referral, actor, action, **(usual | form))

    def usual(self, action: str) -> tuple[Actor, dict[str, Any]]:
        day = str(self.clock.today() + timedelta(days=1))
        told: dict[str, Any] = {"told_by": "phone"}
        return {
            "interested": (VILLAGE, {"on_behalf": BY_PHONE}),
            "decline": (VILLAGE, {"on_behalf": BY_PHONE, "reason": "too_far"}),
            "submit": (VILLAGE, {}),
            "view": (TOWNSHIP, told),
            "interview": (TOWNSHIP, told | {"starts_on": day}),
            "hire": (TOWNSHIP, told | {"starts_on": str(self.clock.today()), "wage_fen": 350000}),
            "refuse": (TOWNSHIP, told | {"reason": "skill"}),
            "pool": (TOWNSHIP, told),
            "depart": (VILLAGE, {}),
            "arrive": (VILLAGE, {"evidence": "visit"}),
            "no_show": (VILLAGE, {}),
            "withdraw": (VILLAGE, {"on_behalf": BY_PHONE}),
            "undo": (COUNTY, {"reason": "点错了人"}),
        }[action]

    def at(self, state: str, person: Person | None = None, job: JobPosting | None = None) -> Referral:
        """A referral that came to a state the usual way."""
        referral = self.push(person=person, job=job)
        for action in WAYS[state]:
            referral = self.step(referral, action)
        assert referral.state is ReferralState(state)
        return referral

    def by_itself(self, referral: Referral, action: ReferralAction) -> Referral:
        fresh = queries.list_referrals_by_id(self.session, [referral.id], fresh=True)[referral.id]
        return moving.move_by_itself(
            self.session, fresh, action, cipher=self.cipher, clock=self.clock, reason="到时候了"
        )

    def events(self, referral: Referral) -> list[ReferralEvent]:
        return queries.list_events(self.session, referral.id)

    def checks(self, referral: Referral) -> list[FollowUpCheck]:
        filters = spell_queries.CheckFilters(spell_id=referral.spell_id)
        today = self.clock.today()
        return spell_queries.list_checks(self.session, SYSTEM, filters, today, limit=10)[0]

    def answer(self, check: FollowUpCheck, actor: Actor = VILLAGE, **form: Any) -> FollowUpCheck:
        data = AnswerIn.model_validate({"outcome": "in_post", "method": "phone"} | form)
        return answering.answer_check(
            self.session, actor, check.id, data, cipher=self.cipher, clock=self.clock
        )

    def month(self, spell_id: int, actor: Actor = VILLAGE, **form: Any) -> EmploymentAnswer:
        data = AnswerIn.model_validate({"outcome": "in_post", "method": "phone"} | form)
        return answering.answer_month(
            self.session, actor, spell_id, data, cipher=self.cipher, clock=self.clock
        )

    def wait(self, **by: float) -> None:
        self.clock.move(timedelta(**by))


WAYS: dict[str, tuple[str, ...]] = {
    "offered": (),
    "interested": ("interested",),
    "declined": ("decline",),
    "submitted": ("interested", "submit"),
    "viewed": ("interested", "submit", "view"),
    "interview": ("interested", "submit", "interview"),
    "pooled": ("interested", "submit", "pool"),
    "refused": ("interested", "submit", "refuse"),
    "hired": ("interested", "submit", "hire"),
    "departing": ("interested", "submit", "hire", "depart"),
    "onboard": ("interested", "submit", "hire", "arrive"),
    "no_show": ("interested", "submit", "hire", "no_show"),
    "withdrawn": ("interested", "withdraw"),
}
