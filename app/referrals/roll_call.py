"""单位点名: what a firm saw on the day people were to come. It is written down and settles nothing: an
arrival needs the person's own tap or an officer's look (REFERRALS, "arrival evidence")."""

from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.referrals import policies, queries
from app.referrals.clocks.settings import county_clocks
from app.referrals.models import Referral
from app.referrals.mover import Mover
from app.referrals.moving import move_referral, write_event
from app.referrals.schemas import Move
from app.referrals.terms import Evidence, Party, ReferralAction, ReferralState
from app.seekers.access.ties import tie_of

SAID_CAME: Final = "单位点名：到了"
SAID_ABSENT: Final = "单位点名：没来"


def say_came(
    session: Session, actor: Actor, referral_id: int, *, cipher: FieldCipher, clock: Clock
) -> Referral:
    """The firm says that somebody came. A hired person is then "on the way"; who is that already stays so,
    and the firm's word is added to the log, once.

    Raises ReferralNotFound, Forbidden, ReferralMoveNotAllowed (not hired, or settled).
    """
    move = Move(action=ReferralAction.DEPART, evidence=Evidence.ROLL_CALL, reason=SAID_CAME)
    referral = queries.get_referral(session, actor, referral_id, clock.now())
    if referral.state is not ReferralState.DEPARTING:
        return move_referral(session, actor, referral_id, move, cipher=cipher, clock=clock)
    queries.lock_person(session, referral.person_id)
    ties = tie_of(session, actor, referral.person_id)
    party = policies.require_party(actor, referral, move.action, ties, clock.now())
    if not has_said_came(session, referral_id):
        county = county_clocks(session, referral.person.region_code)
        mover = Mover(actor, party, cipher, clock, county)
        write_event(session, referral_id, referral.state, referral.state, move, mover)
    return referral


def say_absent(
    session: Session, actor: Actor, referral_id: int, *, cipher: FieldCipher, clock: Clock
) -> Referral:
    """The firm says that somebody did not come. Raises as `move_referral`."""
    move = Move(action=ReferralAction.NO_SHOW, reason=SAID_ABSENT)
    return move_referral(session, actor, referral_id, move, cipher=cipher, clock=clock)


def has_said_came(session: Session, referral_id: int) -> bool:
    """Whether the firm has said at a roll that they came."""
    return any(
        event.party is Party.EMPLOYER and event.evidence is Evidence.ROLL_CALL
        for event in queries.list_events(session, referral_id)
    )
