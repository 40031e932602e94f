"""推荐单的标记: paused until a day, disputed, the office's note. Flags, not states (REFERRALS)."""

from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import require
from app.core.clock import Clock
from app.core.errors import FieldProblem, Invalid, Stale
from app.referrals import policies, queries
from app.referrals.errors import ReferralNotFound
from app.referrals.models import Referral, ReferralEvent
from app.referrals.schemas import ReferralPatch
from app.referrals.terms import Channel, Party
from app.seekers.access.ties import tie_of

FLAGGED: Final = "flag"


def flag_referral(
    session: Session,
    actor: Actor,
    referral_id: int,
    patch: ReferralPatch,
    clock: Clock,
    *,
    version: int | None = None,
) -> Referral:
    """Sets what was sent, with an event. While a referral is paused its clock takes no step; the steps that
    fell due meanwhile are taken on the day after.

    Raises ReferralNotFound, Forbidden (a change of the record: township and county), Stale, Invalid (a day
    that is over).
    """
    queries.lock_person(session, queries.get_referral(session, actor, referral_id, clock.now()).person_id)
    referral = queries.get_referral(session, actor, referral_id, clock.now())
    target = policies.target_of(referral, tie_of(session, actor, referral.person_id))
    require(actor, Action.EDIT, Resource.REFERRAL, target, now=clock.now(), missing=ReferralNotFound)
    if version is not None and version != referral.version:
        raise Stale
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    values: dict[str, Any] = {
        name: value for name, value in sent.items() if value is not None or name == "paused_until"
    }
    if values.get("paused_until") is not None and values["paused_until"] < clock.today():
        raise Invalid(fields=[FieldProblem("paused_until", "这个日子已经过了")])
    values = {name: value for name, value in values.items() if getattr(referral, name) != value}
    if not values:
        return referral
    session.execute(
        update(Referral)
        .where(Referral.id == referral.id)
        .values(**values, updated_at=clock.now(), version=Referral.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.add(
        ReferralEvent(
            referral_id=referral.id,
            action=FLAGGED,
            from_state=referral.state.value,
            to_state=referral.state.value,
            actor_id=actor.user_id,
            party=Party.OFFICER,
            channel=Channel.OFFICE,
            detail={name: str(value) for name, value in values.items() if name != "note"},
            at=clock.now(),
        )
    )
    session.flush()
    return queries.get_referral(session, actor, referral_id, clock.now())
