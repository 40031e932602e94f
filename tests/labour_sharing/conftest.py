"""A quiet sewing factory with workers at it, and a busy one, on both databases."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.employers.models import Employer
from app.labour_sharing import service, staying
from app.labour_sharing.models import SharedStay, SharingAgreement, SharingNotice
from app.labour_sharing.schemas import AgreementIn, FirmWord, NameIn, NoticeIn, StayStep
from app.labour_sharing.terms import SharingSide
from app.referrals.spells import queries as spell_queries
from app.referrals.spells.models import EmploymentSpell
from tests.employers import factories as firms
from tests.employers.conftest import sign_in
from tests.referrals.situations import VILLAGE, Scene

__all__ = ["sign_in"]


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@dataclass
class Sharing:
    """Two firms, the office, and steps with what they usually need."""

    session: Session
    clock: FixedClock
    cipher: FieldCipher
    scene: Scene
    host: Employer
    county: Actor

    @property
    def home(self) -> Employer:
        return self.scene.employer

    def notice(self, firm: Employer, side: str, **changes: Any) -> SharingNotice:
        today = self.clock.today()
        form = {
            "side": side,
            "title": "缝纫工",
            "headcount": 10,
            "from_on": today,
            "until_on": today + timedelta(days=60),
            "region_code": firms.TOWN,
        }
        data = NoticeIn.model_validate(form | changes)
        return service.post_notice(self.session, self.county, firm.id, data, self.clock)

    def proposal(self, **changes: Any) -> SharingAgreement:
        today = self.clock.today()
        form = {
            "home_employer_id": self.home.id,
            "host_employer_id": self.host.id,
            "title": "缝纫工",
            "headcount": 2,
            "starts_on": today,
            "ends_on": today + timedelta(days=30),
            "wage_fen": 350000,
            "terms_read": True,
        }
        data = AgreementIn.model_validate(form | changes)
        return service.propose_agreement(self.session, self.county, data, self.clock)

    def deal(self, **changes: Any) -> SharingAgreement:
        agreement = self.proposal(**changes)
        for side in SharingSide:
            word = FirmWord.model_validate({"side": side, "said_by": "phone"})
            agreement = service.agree(self.session, self.county, agreement.id, word, self.clock)
        return agreement

    def worker(self) -> EmploymentSpell:
        """Somebody at work at the home firm."""
        referral = self.scene.at("onboard", person=self.scene.neighbour())
        assert referral.spell_id is not None
        return spell_queries.get_spell(self.session, VILLAGE, referral.spell_id)

    def name(self, agreement: SharingAgreement, spell: EmploymentSpell | None = None) -> SharedStay:
        spell = spell or self.worker()
        data = NameIn(spell_id=spell.id)
        return staying.name_worker(self.session, VILLAGE, agreement.id, data, self.clock)

    def step(self, stay: SharedStay, action: str, actor: Actor = VILLAGE, **form: Any) -> SharedStay:
        usual = {"said_by": "visit"} if action in ("consent", "decline") else {}
        data = StayStep.model_validate({"action": action} | usual | form)
        return staying.step_stay(self.session, actor, stay.id, data, self.clock)

    def lent(self, agreement: SharingAgreement | None = None) -> SharedStay:
        """Somebody who agreed and went."""
        stay = self.name(agreement or self.deal())
        return self.step(self.step(stay, "consent"), "move")


@pytest.fixture
def sharing(session: Session, cipher: FieldCipher, clock: FixedClock) -> Sharing:
    scene = Scene(session, cipher, clock)
    host = firms.verified_employer(session, clock, "耀州忙得很服饰", region_code=firms.OTHER_TOWN)
    return Sharing(session, clock, cipher, scene, host, firms.county_officer())
