"""记结果: what came of a call, of a question, or of a receipt. States only rise, in guarded updates.

An acceptance counts whichever try it belongs to. Everything that would make a message go out again holds only
for the try it was learned from: a worker that wakes up late changes nothing.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import office_day
from app.notifications import health, spending
from app.notifications.claiming import Claimed, Doubted
from app.notifications.models import Message, MessageReceipt
from app.notifications.providers.base import Answer, Finding, Outcome, Provider, Verdict
from app.notifications.rules import MAX_ASKS, MAX_TRIES, ask_after, retry_after
from app.notifications.terms import MessageState, states_below

_APART: Final = {"synchronize_session": False}


def record_outcome(session: Session, claimed: Claimed, outcome: Outcome, now: datetime) -> None:
    """Writes down what came of the call."""
    health.record_call(session, claimed.provider.name, went_well=not outcome.tells_of_trouble, now=now)
    if outcome.verdict is Verdict.ACCEPTED:
        raise_state(
            session,
            claimed.message_id,
            MessageState.ACCEPTED,
            now,
            code=outcome.code,
            provider_id=outcome.provider_id,
        )
    elif outcome.verdict is Verdict.DOUBT:
        if claimed.provider.can_be_asked:
            _change(session, claimed, ask_at=now + ask_after(0), outcome_code=outcome.code)
        else:
            _give_up_asking(session, claimed, now, outcome.code)
    else:
        final = outcome.verdict is Verdict.REFUSED or claimed.attempt >= MAX_TRIES
        _not_accepted(session, claimed, outcome.code, now, final=final)


def record_answer(
    session: Session, doubted: Doubted, provider: Provider | None, answer: Answer, now: datetime
) -> None:
    """Writes down what the provider said when asked. `now` is when it was asked."""
    if answer.finding is Finding.FOUND and answer.state is not None:
        raise_state(
            session,
            doubted.message_id,
            answer.state,
            now,
            code=answer.code,
            provider_id=answer.provider_id,
        )
        return
    if provider is None or not provider.can_be_asked:
        _give_up_asking(session, doubted, now, "cannot_be_asked")
        return
    proves_after = provider.absence_proves_after
    proven = proves_after is not None and now - doubted.called_at >= proves_after
    if answer.finding is Finding.ABSENT and proven:
        _not_accepted(session, doubted, "absent", now, final=doubted.attempt >= MAX_TRIES)
    elif doubted.asks >= MAX_ASKS:
        _give_up_asking(session, doubted, now, answer.finding.value)
    else:
        _change(session, doubted, ask_at=now + ask_after(doubted.asks))


def raise_state(
    session: Session,
    message_id: int,
    state: MessageState,
    now: datetime,
    *,
    code: str = "",
    provider_id: str | None = None,
) -> None:
    """Raises a message to `state` unless it stands there or higher; a provider's number once known stays.
    Receipts that came before we knew the number are counted now."""
    values: dict[str, Any] = {"state": state, "settled_at": now, "drop_reason": None, "ask_at": None}
    if code:
        values["outcome_code"] = code
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state.in_(states_below(state)))
        .values(values)
        .execution_options(**_APART)
    )
    if provider_id is None:
        return
    name = session.scalar(
        update(Message)
        .where(Message.id == message_id)
        .values(provider_id=provider_id)
        .returning(Message.provider)
        .execution_options(**_APART)
    )
    early = session.scalars(
        select(MessageReceipt)
        .where(
            MessageReceipt.provider == name,
            MessageReceipt.provider_id == provider_id,
            MessageReceipt.message_id.is_(None),
        )
        .with_for_update()
    ).all()
    for receipt in early:
        receipt.message_id = message_id
        raise_state(session, message_id, receipt.state, now, code=receipt.code)


def _not_accepted(
    session: Session, call: Claimed | Doubted, code: str, now: datetime, *, final: bool
) -> None:
    """The call surely came to nothing: another try later, or the end."""
    if final:
        changed = _change(
            session, call, state=MessageState.FAILED, settled_at=now, ask_at=None, outcome_code=code
        )
    else:
        changed = _change(
            session,
            call,
            state=MessageState.WAITING,
            due_at=now + retry_after(call.attempt),
            ask_at=None,
            outcome_code=code,
        )
    if changed is not None and changed > 0:
        spending.give_back(session, office_day(call.called_at), changed)


def _give_up_asking(session: Session, call: Claimed | Doubted, now: datetime, code: str) -> None:
    _change(session, call, state=MessageState.UNKNOWN, settled_at=now, ask_at=None, outcome_code=code)


def _change(session: Session, call: Claimed | Doubted, **values: Any) -> int | None:
    """Changes the message if it is still being called in this try; returns its cost, None when it is not."""
    return session.scalar(
        update(Message)
        .where(
            Message.id == call.message_id,
            Message.state == MessageState.CALLING,
            Message.tries == call.attempt,
        )
        .values(**values)
        .returning(Message.cost_fen)
        .execution_options(**_APART)
    )
