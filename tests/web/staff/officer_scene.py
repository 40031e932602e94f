"""A village where people look for work, with a sewing factory that hires: for the officer's phone pages."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import User
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.jobs.models import JobPosting
from app.referrals import moving, offering
from app.referrals.models import Referral
from app.referrals.schemas import Move, ReferralIn
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.schemas import WishIn
from app.referrals.wishes.service import Asked, take_wish
from app.seekers.models import Person
from tests.accounts.situations import VILLAGE
from tests.employers import factories as employers
from tests.jobs.factories import open_job
from tests.seekers import factories as given
from tests.web.staff.village import Village

SURNAMES = "张王李赵陈刘杨黄周吴徐孙马朱胡"
PHONE = {"method": "phone", "consent": True}


@dataclass
class Scene:
    """村里的推荐: `village` has the colleagues."""

    session: Session
    cipher: FieldCipher
    clock: FixedClock
    village: Village
    made: int = field(default=0)

    def posting(self, **changes: Any) -> JobPosting:
        employer = changes.pop("employer", None) or employers.verified_employer(self.session, self.clock)
        employers.set_phone(employer, "09196001234")
        form = {"title": "平车工", "valid_until": self.clock.today() + timedelta(days=300), "openings": 9}
        return open_job(self.session, self.clock, employer, **(form | changes))

    def neighbour(self, **changes: Any) -> Person:
        """Somebody who looks for work, each with a name and a phone of their own."""
        self.made += 1
        household = given.household(
            self.session, self.cipher, self.clock, region_code=VILLAGE, address=f"{self.made} 组"
        )
        form = {
            "name": f"{SURNAMES[self.made % len(SURNAMES)]}巧{SURNAMES[self.made // len(SURNAMES)]}",
            "id_number": given.id_number(date(1985, 3, 8), 100 + self.made),
            "travel": "anywhere",
            "phone": f"139{self.made:08d}",
            "skills": ["缝纫"],
        }
        return given.seeker(self.session, self.cipher, self.clock, household, **(form | changes))

    def push(self, person: Person, job: JobPosting, actor: Actor | None = None) -> Referral:
        data = ReferralIn(job_id=job.id, seeker_id=person.id)
        return offering.push_referral(
            self.session, actor or self.village.officer, data, cipher=self.cipher, clock=self.clock
        )

    def act(self, referral: Referral, action: str, actor: Actor | None = None, **form: Any) -> Referral:
        move = Move.model_validate({"action": action, **form})
        by = actor or self.village.township
        return moving.move_referral(self.session, by, referral.id, move, cipher=self.cipher, clock=self.clock)

    def hired(self, person: Person, job: JobPosting) -> Referral:
        referral = self.push(person, job)
        self.act(referral, "interested", on_behalf=PHONE)
        self.act(referral, "submit")
        today = str(self.clock.today())
        return self.act(referral, "hire", told_by="phone", starts_on=today, wage_fen=320000)

    def at_work(self, person: Person, job: JobPosting) -> Referral:
        return self.act(self.hired(person, job), "arrive", evidence="visit")

    def wish(self, job: JobPosting, name: str = "赵改霞", phone: str = "13900002041") -> JobWish:
        self.made += 1
        asked = Asked(form_key=f"form {self.made}", visitor="somewhere", region_code=VILLAGE)
        data = WishIn.model_validate({"name": name, "phone": phone})
        return take_wish(self.session, job.id, data, asked, cipher=self.cipher, clock=self.clock)

    def colleague(self, actor: Actor) -> str:
        return self.session.get_one(User, actor.user_id).display_name
