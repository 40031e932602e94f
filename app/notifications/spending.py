"""花费: a day's budget that cannot be overdrawn, whatever is enqueued."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.notifications.models import MessageSpending
from app.notifications.rows import locked_row


def spend(session: Session, day: date, cost_fen: int, budget_fen: int) -> bool:
    """Takes `cost_fen` from the budget of `day`; False, and nothing taken, when it does not suffice."""
    row = locked_row(session, MessageSpending, day, day=day, cost_fen=0, messages=0)
    if row.cost_fen + cost_fen > budget_fen:
        return False
    row.cost_fen += cost_fen
    row.messages += 1
    session.flush()
    return True


def give_back(session: Session, day: date, cost_fen: int) -> None:
    """What surely was not sent costs nothing."""
    session.execute(
        update(MessageSpending)
        .where(MessageSpending.day == day)
        .values(cost_fen=MessageSpending.cost_fen - cost_fen, messages=MessageSpending.messages - 1)
        .execution_options(synchronize_session="fetch")
    )


def spent_on(session: Session, day: date) -> tuple[int, int]:
    """Fen and messages of `day` so far."""
    row = session.get(MessageSpending, day)
    return (row.cost_fen, row.messages) if row else (0, 0)
