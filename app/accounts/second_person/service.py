"""二人确认用例: asking, answering, taking back, making use of what was approved.

    asked = service.ask(session, cipher, clock, actor, kind, region_code=..., people=..., reason=...)
    service.approve(session, cipher, clock, colleague, asked.id, "核对过了")
    agreed = service.take(session, clock, actor, asked.id, people=number_now)

Each step is one guarded UPDATE: of two answers at the same instant one counts.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.chain import DetailValue, clean_reason
from app.accounts.audit.recording import record_audit
from app.accounts.permissions import MIN_REASON, Permission
from app.accounts.second_person import queries
from app.accounts.second_person.errors import (
    AskedBefore,
    ConfirmationNotFound,
    MorePeople,
    NotApproved,
    NotWaiting,
    OwnRequest,
)
from app.accounts.second_person.models import Confirmation
from app.accounts.second_person.terms import ConfirmationKind, ConfirmationState
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Forbidden, Invalid

# Our own figures: a request outlives a week's leave, an approval a weekend.
WAITS_FOR: Final = timedelta(days=7)
APPROVED_FOR: Final = timedelta(days=3)


def ask(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    actor: Actor,
    kind: ConfirmationKind,
    *,
    region_code: str,
    people: int,
    reason: str,
    subject_id: int | None = None,
    detail: Mapping[str, DetailValue] | None = None,
) -> Confirmation:
    """Asks for another colleague's yes; the caller has asked for the permission of the thing itself.

    `people` is how many it concerns now; `detail` holds codes and ids. Raises Forbidden for who has no
    account, Invalid without a reason, AskedBefore when the same was asked about `subject_id`.
    """
    if actor.user_id is None:
        raise Forbidden
    said = read_reason(reason)
    now = clock.now()
    if subject_id is not None and queries.find_waiting(session, kind, subject_id, now) is not None:
        raise AskedBefore
    confirmation = Confirmation(
        kind=kind,
        state=ConfirmationState.WAITING,
        region_code=region_code,
        subject_id=subject_id,
        people=people,
        detail=dict(detail or {}),
        reason=said,
        asked_by_id=actor.user_id,
        asked_at=now,
        answer_reason="",
        expires_at=now + WAITS_FOR,
    )
    session.add(confirmation)
    session.flush()
    _audit(session, cipher, clock, actor, confirmation, "asked", said)
    return confirmation


def approve(
    session: Session, cipher: FieldCipher, clock: Clock, actor: Actor, confirmation_id: int, reason: str = ""
) -> Confirmation:
    """Says yes: who asked may do it for three days. Raises ConfirmationNotFound, OwnRequest, NotWaiting."""
    return _answer(session, cipher, clock, actor, confirmation_id, ConfirmationState.APPROVED, reason)


def refuse(
    session: Session, cipher: FieldCipher, clock: Clock, actor: Actor, confirmation_id: int, reason: str
) -> Confirmation:
    """Says no and why; who asked reads it. Raises as `approve`, Invalid without a reason."""
    return _answer(
        session, cipher, clock, actor, confirmation_id, ConfirmationState.REFUSED, read_reason(reason)
    )


def carry_out(
    session: Session, cipher: FieldCipher, clock: Clock, actor: Actor, confirmation_id: int
) -> Confirmation:
    """Marks as done by the second person themself; the caller does it in the same transaction. Raises as
    `approve`."""
    return _answer(session, cipher, clock, actor, confirmation_id, ConfirmationState.DONE, "")


def withdraw(
    session: Session, cipher: FieldCipher, clock: Clock, actor: Actor, confirmation_id: int
) -> Confirmation:
    """Takes one's own request back, approved or not. Raises ConfirmationNotFound, NotWaiting."""
    found = _get_own(session, actor, confirmation_id)
    open_states = (ConfirmationState.WAITING, ConfirmationState.APPROVED)
    _move(session, found, open_states, {"state": ConfirmationState.WITHDRAWN}, NotWaiting)
    _audit(session, cipher, clock, actor, found, "withdrawn", "")
    return found


def take(session: Session, clock: Clock, actor: Actor, confirmation_id: int, *, people: int) -> Confirmation:
    """What was approved for this colleague, for making use of it now; it may be used again until it runs out.

    `people` is how many it concerns by now. Raises ConfirmationNotFound (another's), NotApproved, MorePeople.
    """
    found = _get_own(session, actor, confirmation_id)
    now = clock.now()
    if found.state is not ConfirmationState.APPROVED or found.expires_at <= now:
        raise NotApproved
    if people > found.people:
        raise MorePeople
    _move(session, found, (ConfirmationState.APPROVED,), {"used_at": now}, NotApproved)
    return found


def read_reason(typed: str) -> str:
    """A reason as it is kept. Raises Invalid when it is too short."""
    said = clean_reason(typed)
    if len(said) < MIN_REASON:
        message = f"请写明为什么（最少 {MIN_REASON} 个字），另一位同事要看。"
        raise Invalid(message, fields=[FieldProblem("reason", message)])
    return said


def _answer(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    actor: Actor,
    confirmation_id: int,
    state: ConfirmationState,
    reason: str,
) -> Confirmation:
    found = queries.get_confirmation(session, actor, confirmation_id)
    permission = queries.permission_to_answer(actor, found)
    if permission is None:
        raise OwnRequest
    now = clock.now()
    if found.expires_at <= now:
        raise NotWaiting
    values: dict[str, Any] = {
        "state": state,
        "answered_by_id": actor.user_id,
        "answered_at": now,
        "answer_reason": clean_reason(reason),
    }
    if state is ConfirmationState.APPROVED:
        values["expires_at"] = now + APPROVED_FOR
    if state is ConfirmationState.DONE:
        values["used_at"] = now
    _move(session, found, (ConfirmationState.WAITING,), values, NotWaiting)
    _audit(session, cipher, clock, actor, found, state.value, values["answer_reason"], permission)
    return found


def _move(
    session: Session,
    found: Confirmation,
    states: tuple[ConfirmationState, ...],
    values: dict[str, Any],
    refused: type[Exception],
) -> None:
    moved = session.execute(
        update(Confirmation)
        .where(Confirmation.id == found.id, Confirmation.state.in_(states))
        .values(values)
        .returning(Confirmation.id)
        .execution_options(synchronize_session=False)
    ).first()
    if moved is None:
        raise refused
    session.refresh(found)


def _get_own(session: Session, actor: Actor, confirmation_id: int) -> Confirmation:
    found = session.get(Confirmation, confirmation_id)
    if found is None or actor.user_id is None or found.asked_by_id != actor.user_id:
        raise ConfirmationNotFound
    return found


def _audit(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    actor: Actor,
    confirmation: Confirmation,
    step: str,
    reason: str,
    permission: Permission | None = None,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        confirmation.kind.action,
        confirmation.kind.resource,
        subject_id=confirmation.subject_id,
        region_code=confirmation.region_code,
        permission=permission,
        reason=reason,
        detail={"confirmation": confirmation.id, "step": step, "people": confirmation.people},
    )
