"""谁在办: who takes a step with a referral, and what is needed for it."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.referrals.clocks.rules import CountyClocks
from app.referrals.terms import Party


@dataclass(frozen=True)
class Mover:
    """谁在办: the actor, as which party, with the keys, the clock and the county's deadlines."""

    actor: Actor
    party: Party
    cipher: FieldCipher
    clock: Clock
    county: CountyClocks

    @property
    def now(self) -> datetime:
        return self.clock.now()
