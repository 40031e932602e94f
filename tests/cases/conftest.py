"""An office with its colleagues, and people with something to say."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC, Actor
from app.accounts.terms import Role
from app.cases import service
from app.cases.handling import Hand
from app.cases.models import Case
from app.cases.schemas import CaseIn
from app.cases.service import Said
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from tests.accounts.situations import COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, add_regions, staff_member

PHONE = "13800006612"
SITE = "https://songgang.cn/"
STORY = "去年腊月在老街工地砌墙，干了两个月，钱一分没给。"


@dataclass
class Office:
    """诉求的场面."""

    session: Session
    cipher: FieldCipher
    clock: FixedClock
    colleagues: dict[str, Actor] = field(default_factory=dict)

    def colleague(self, role: Role, region: str, name: str = "") -> Actor:
        key = name or f"{role.value}-{region}"
        if key not in self.colleagues:
            self.colleagues[key] = staff_member(self.session, self.clock, role, region, name)
        return self.colleagues[key]

    @property
    def village(self) -> Actor:
        return self.colleague(Role.VILLAGE_OFFICER, VILLAGE)

    @property
    def town(self) -> Actor:
        return self.colleague(Role.TOWNSHIP_OFFICER, TOWN)

    @property
    def county(self) -> Actor:
        return self.colleague(Role.COUNTY_OFFICER, COUNTY)

    @property
    def next_village(self) -> Actor:
        return self.colleague(Role.VILLAGE_OFFICER, OTHER_VILLAGE)

    @property
    def keys(self) -> dict[str, Any]:
        return {"cipher": self.cipher, "clock": self.clock}

    def hand(self, actor: Actor) -> Hand:
        return Hand(actor, self.cipher, self.clock, SITE)

    def say(
        self,
        *,
        form_key: str = "",
        place: str | None = VILLAGE,
        actor: Actor = PUBLIC,
        on_behalf: bool = False,
        **changes: Any,
    ) -> Case:
        said = CaseIn.model_validate({"kind": "other", "story": STORY, "phone": PHONE} | changes)
        by = Said(form_key or uuid4().hex, "somewhere", place, actor, on_behalf)
        return service.open_case(self.session, said, by, **self.keys)


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def office(session: Session, cipher: FieldCipher, clock: FixedClock) -> Office:
    add_regions(session)
    return Office(session, cipher, clock)
