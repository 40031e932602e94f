"""报名用例: taking a wish, letting the person see and take it back, and an officer's settling it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC, Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, require
from app.core import ratelimit
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.errors import TooMany
from app.core.ids import reserve_ids
from app.core.security import hash_token, same_text
from app.jobs import queries as job_queries
from app.referrals import offering
from app.referrals import queries as referral_queries
from app.referrals.by_link import move_as_person
from app.referrals.errors import GateClosed
from app.referrals.models import Referral
from app.referrals.moving import move_referral
from app.referrals.schemas import Move, OnBehalf, ReferralIn
from app.referrals.terms import Channel, ReferralAction
from app.referrals.wishes import queries, rules
from app.referrals.wishes.errors import WishNotFound, WishSettled
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.schemas import WishIn
from app.referrals.wishes.terms import WishClose, WishState
from app.seekers import sealing
from app.seekers.access import queries as access_queries

_TAIL = 4


@dataclass(frozen=True)
class Asked:
    """谁在报: where the form came from. `user_id` is null for whoever is not signed in."""

    form_key: str
    visitor: str
    region_code: str | None = None
    actor: Actor = PUBLIC


def take_wish(
    session: Session, job_id: int, data: WishIn, asked: Asked, *, cipher: FieldCipher, clock: Clock
) -> JobWish:
    """Takes a wish, or returns the one that this filling-in, or the same person before, made already.

    Somebody signed in, whose file has this name and phone, has the referral at once; everybody else is
    called back by an officer of the place. Raises JobNotFound, JobGone, TooMany.
    """
    sent_before = queries.find_by_form(session, asked.form_key)
    if sent_before is not None and sent_before.state is WishState.WITHDRAWN:
        # Taken back, and asked for once more from the page that was still open.
        return take_wish(session, job_id, data, _once_more(asked, sent_before), cipher=cipher, clock=clock)
    again = sent_before or queries.find_waiting(
        session, job_id, data.name, sealing.phone_indexes(data.phone, cipher)
    )
    if again is not None:
        return again
    now = clock.now()
    job = job_queries.get_visible_job(session, PUBLIC, job_id, clock.today())
    _count(session, data, asked, cipher, now)
    (wish_id,) = reserve_ids(session, JobWish, 1)
    wish = JobWish(
        id=wish_id,
        job_id=job.id,
        region_code=asked.region_code or job.office_code,
        way=data.way,
        is_for_family=data.is_for_family,
        name=data.name,
        phone=cipher.seal(data.phone, Place("job_wishes", "phone", wish_id)),
        phone_index=sealing.phone_index(data.phone, cipher),
        form_key=asked.form_key,
        user_id=asked.actor.user_id,
        due_at=rules.call_back_by(now),
        created_at=now,
    )
    session.add(wish)
    session.flush()
    session.refresh(wish, ["job"])
    if not data.is_for_family:
        _go_the_short_way(session, wish, data, asked.actor, cipher, clock)
    return queries.get_by_receipt(session, wish_id, now)


def _once_more(asked: Asked, withdrawn: JobWish) -> Asked:
    return replace(asked, form_key=hash_token(f"{asked.form_key} after {withdrawn.id}"))


def _count(session: Session, data: WishIn, asked: Asked, cipher: FieldCipher, now: datetime) -> None:
    """A phone and an address of the network ask a limited number of times."""
    of_phone = f"wish:{sealing.phone_index(data.phone, cipher)}"
    wait_s = ratelimit.hit(session, of_phone, rules.LIMITS_OF_A_PHONE, now) or ratelimit.hit(
        session, f"wish:from:{asked.visitor}", rules.LIMITS_OF_AN_ADDRESS, now
    )
    if wait_s:
        raise TooMany("报得有点多了，歇一会儿再报。急着找活，就打信息员的电话。", retry_after_s=wait_s)


def _go_the_short_way(
    session: Session, wish: JobWish, data: WishIn, actor: Actor, cipher: FieldCipher, clock: Clock
) -> None:
    """A referral at once for one's own file; where a rule stands against it, the officer calls after all."""
    if actor.user_id is None or actor.is_staff:
        return
    for person in access_queries.list_own_people(session, actor.user_id):
        if person.name != data.name or sealing.open_phone(person, cipher) != data.phone:
            continue
        try:
            with session.begin_nested():
                referral = offering.apply_for_job(
                    session, actor, wish.job_id, person.id, cipher=cipher, clock=clock
                )
                _settle(session, wish, WishState.REFERRED, None, clock, referral_id=referral.id)
        except (GateClosed, IntegrityError):
            return
        return


def see_receipt(session: Session, wish_id: int, clock: Clock) -> JobWish:
    """The wish of a receipt whose signed address was good. Raises WishNotFound after RECEIPT_LIVES."""
    return queries.get_by_receipt(session, wish_id, clock.now() - rules.RECEIPT_LIVES)


def withdraw_wish(
    session: Session, wish_id: int, phone_tail: str, *, cipher: FieldCipher, clock: Clock
) -> JobWish | None:
    """The person takes the wish back, showing the last four digits of the phone they left; None when these
    are wrong (the try is counted, so the caller must let the transaction commit).

    Raises WishNotFound, WishSettled, ReferralMoveNotAllowed (it has ended), TooMany.
    """
    wish = see_receipt(session, wish_id, clock)
    wait_s = ratelimit.hit(session, f"wish:tail:{wish.id}", rules.LIMITS_OF_TAILS, clock.now())
    if wait_s:
        raise TooMany("试得太多了，先歇一会儿。着急就打信息员的电话。", retry_after_s=wait_s)
    phone = queries.open_phone(wish, cipher) or ""
    if not phone or not same_text("".join(phone_tail.split()), phone[-_TAIL:]):
        return None
    if wish.state is WishState.REFERRED and wish.referral_id is not None:
        withdraw = Move(action=ReferralAction.WITHDRAW)
        move_as_person(session, wish.referral_id, withdraw, cipher=cipher, clock=clock)
    else:
        _settle(session, wish, WishState.WITHDRAWN, None, clock)
    return wish


def refer_wish(
    session: Session,
    actor: Actor,
    wish_id: int,
    person_id: int,
    method: Channel = Channel.PHONE,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> Referral:
    """An officer who spoke to the person turns the wish into a referral that the person said yes to.

    Raises WishNotFound, WishSettled, PersonNotFound, Forbidden, GateClosed (409, which gate).
    """
    wish = queries.get_wish(session, actor, wish_id)
    _require_waiting(wish)
    live = next(
        (each for each in referral_queries.list_live_of(session, person_id) if each.job_id == wish.job_id),
        None,
    )
    referral = live or offering.push_referral(
        session, actor, ReferralIn(job_id=wish.job_id, seeker_id=person_id), cipher=cipher, clock=clock
    )
    if referral.answered_at is None:
        behalf = OnBehalf.model_validate({"method": method, "consent": True})
        yes = Move(action=ReferralAction.INTERESTED, on_behalf=behalf)
        referral = move_referral(session, actor, referral.id, yes, cipher=cipher, clock=clock)
    _settle(session, wish, WishState.REFERRED, actor, clock, referral_id=referral.id)
    return referral


def close_wish(session: Session, actor: Actor, wish_id: int, reason: WishClose, *, clock: Clock) -> JobWish:
    """Nothing came of it; the person sees why on the receipt. Raises WishNotFound, WishSettled, Forbidden."""
    wish = queries.get_wish(session, actor, wish_id)
    require(
        actor, Action.CREATE, Resource.REFERRAL, Target(region_code=wish.region_code), missing=WishNotFound
    )
    _settle(session, wish, WishState.CLOSED, actor, clock, close_reason=reason)
    return wish


def read_phone(session: Session, actor: Actor, wish_id: int, *, cipher: FieldCipher, clock: Clock) -> str:
    """The number to call back, for an officer of the place; written into the log. Raises WishNotFound,
    Forbidden."""
    wish = queries.get_wish(session, actor, wish_id)
    target = Target(region_code=wish.region_code)
    permission = require(actor, Action.READ, Resource.PHONE, target, missing=WishNotFound)
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.READ,
        Resource.PHONE,
        region_code=wish.region_code,
        permission=permission,
        detail={"wish": wish.id},
    )
    return queries.open_phone(wish, cipher) or ""


def _require_waiting(wish: JobWish) -> None:
    if wish.state is not WishState.WAITING:
        raise WishSettled


def _settle(
    session: Session,
    wish: JobWish,
    state: WishState,
    actor: Actor | None,
    clock: Clock,
    *,
    referral_id: int | None = None,
    close_reason: WishClose | None = None,
) -> None:
    """A guarded UPDATE: of two who settle it at once, one is told. Raises WishSettled."""
    settled = session.scalar(
        update(JobWish)
        .where(JobWish.id == wish.id, JobWish.state == WishState.WAITING)
        .values(
            state=state,
            referral_id=referral_id,
            close_reason=close_reason,
            settled_at=clock.now(),
            settled_by_id=actor.user_id if actor is not None else None,
        )
        .returning(JobWish.id)
        .execution_options(synchronize_session=False)
    )
    if settled is None:
        raise WishSettled
    session.refresh(wish)
