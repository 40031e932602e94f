"""办事台: what every endpoint of the ledger needs besides its session."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends

from app.accounts.actor import Actor
from app.accounts.dependencies import CurrentCipher, SignedInActor, StaffActor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.http import CurrentClock
from app.employers.dependencies import IfMatch


@dataclass(frozen=True)
class Desk:
    """办事台: the colleague who asks, the keys, the time, and the version an edit speaks of (If-Match)."""

    actor: Actor
    cipher: FieldCipher
    clock: Clock
    version: int | None = None

    @property
    def today(self) -> date:
        return self.clock.today()


def get_desk(actor: StaffActor, cipher: CurrentCipher, clock: CurrentClock, if_match: IfMatch) -> Desk:
    return Desk(actor, cipher, clock, if_match)


StaffDesk = Annotated[Desk, Depends(get_desk)]


def get_open_desk(actor: SignedInActor, cipher: CurrentCipher, clock: CurrentClock) -> Desk:
    return Desk(actor, cipher, clock)


# For what people themselves and firms may ask too: who stands in no relation to the record finds none.
OpenDesk = Annotated[Desk, Depends(get_open_desk)]
