"""A community factory with people at work in it, and the county that recognised it, on both databases."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.employers.models import Employer
from app.recognised_places import service
from app.recognised_places.models import RecognisedPlace
from app.recognised_places.schemas import PlaceIn
from app.referrals.models import Referral
from tests.employers import factories as firms
from tests.employers.conftest import sign_in
from tests.referrals.situations import Scene
from tests.seekers import factories as people

__all__ = ["sign_in"]


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@dataclass
class Register:
    """The county's register, and people who start to work."""

    session: Session
    clock: FixedClock
    cipher: FieldCipher
    scene: Scene

    @property
    def firm(self) -> Employer:
        return self.scene.employer

    def form(self, employer: Employer | None = None, **changes: Any) -> PlaceIn:
        form = {
            "employer_id": (employer or self.firm).id,
            "kind": "community_factory",
            "level": "county",
            "makes": "校服和围裙",
            "recognised_on": self.clock.today() - timedelta(days=200),
            "recognised_by": "耀州区人社局",
        }
        return PlaceIn.model_validate(form | changes)

    def place(self, employer: Employer | None = None, **changes: Any) -> RecognisedPlace:
        data = self.form(employer, **changes)
        return service.recognise(self.session, firms.county_officer(), data, self.clock)

    def worker(self, kinds: tuple[str, ...] = (), **facts: Any) -> Referral:
        """Somebody who started, seen there by an officer."""
        number = people.id_number(sequence=100 + self.scene.people_made)
        self.scene.people_made += 1
        home = people.household(self.session, self.cipher, self.clock, kinds=list(kinds))
        form = {"id_number": number, "travel": "anywhere"} | facts
        person = people.seeker(self.session, self.cipher, self.clock, home, **form)
        return self.scene.at("onboard", person=person)


@pytest.fixture
def register(session: Session, cipher: FieldCipher, clock: FixedClock) -> Register:
    return Register(session, clock, cipher, Scene(session, cipher, clock))
