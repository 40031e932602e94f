"""本人的链接: a short address for one referral, for people without an account; it is also the paper's code.

It names nobody, opens one referral only, and ends some time after the referral does. Saying yes or no needs
nothing else; what is harder to take back asks for the last four digits of the phone in the person's file.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core import ratelimit
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import TooMany
from app.core.ratelimit import Limit
from app.core.security import same_text
from app.referrals import queries, rules
from app.referrals.clocks.settings import county_clocks
from app.referrals.errors import ReferralMoveNotAllowed, ReferralNotFound
from app.referrals.models import Referral
from app.referrals.mover import Mover
from app.referrals.moving import apply_move
from app.referrals.schemas import Move
from app.referrals.terms import Party, ReferralAction
from app.seekers import sealing

LINK_OUTLIVES: Final = timedelta(days=30)
_TAIL: Final = 4
_TAIL_TRIES: Final = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))
# Answers that cost nothing to take back.
WITHOUT_DIGITS: Final = frozenset({ReferralAction.INTERESTED, ReferralAction.DECLINE})
BY_THE_PERSON: Final = Actor(None, "本人")
"""Who acts when somebody without an account takes a step by their link."""


def see_by_link(session: Session, referral_id: int, clock: Clock) -> Referral:
    """The referral, with person and posting. Raises ReferralNotFound when the link has ended."""
    referral = queries.get_referral(session, SYSTEM, referral_id, clock.now())
    if referral.ended_at is not None and referral.ended_at + LINK_OUTLIVES < clock.now():
        raise ReferralNotFound
    return referral


def move_by_link(
    session: Session,
    referral_id: int,
    move: Move,
    phone_tail: str = "",
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> Referral | None:
    """The person takes a step. None when the digits it asks for are wrong (the try is counted, so the caller
    must let the transaction commit); a step repeated by a double tap returns the referral as it is.

    Raises ReferralNotFound, ReferralMoveNotAllowed, TooMany, Invalid.
    """
    referral = see_by_link(session, referral_id, clock)
    queries.lock_person(session, referral.person_id)
    # Asked under the lock: of two taps at one instant the second finds the first one's step.
    if move.idempotency_key and queries.find_event(session, referral_id, move.idempotency_key):
        return referral
    if move.action not in WITHOUT_DIGITS and not shows_tail(session, referral, phone_tail, cipher, clock):
        return None
    return move_as_person(session, referral_id, move, cipher=cipher, clock=clock)


def move_as_person(
    session: Session, referral_id: int, move: Move, *, cipher: FieldCipher, clock: Clock
) -> Referral:
    """A step of the person's, once it is known that it is they who ask. Raises ReferralNotFound,
    ReferralMoveNotAllowed, Invalid."""
    referral = see_by_link(session, referral_id, clock)
    queries.lock_person(session, referral.person_id)
    session.refresh(referral, ["state", "version", "ended_at"])
    if not rules.may_party(Party.PERSON, referral.state, move.action):
        raise ReferralMoveNotAllowed
    county = county_clocks(session, referral.person.region_code)
    return apply_move(session, Mover(BY_THE_PERSON, Party.PERSON, cipher, clock, county), referral, move)


def shows_tail(
    session: Session, referral: Referral, phone_tail: str, cipher: FieldCipher, clock: Clock
) -> bool:
    """Whether these are the last four digits of the phone in the person's file; each try is counted. Raises
    TooMany."""
    wait_s = ratelimit.hit(session, f"referral:tail:{referral.id}", _TAIL_TRIES, clock.now())
    if wait_s:
        raise TooMany("试得太多了，先歇一会儿。着急就打信息员的电话。", retry_after_s=wait_s)
    phone = sealing.open_phone(referral.person, cipher) or ""
    return len(phone) >= _TAIL and same_text("".join(phone_tail.split()), phone[-_TAIL:])
