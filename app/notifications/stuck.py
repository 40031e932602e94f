"""发不动的: messages that wait not for their turn but for a channel or for money."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.notifications.models import Message
from app.notifications.terms import MessageState

# Of `Message.outcome_code` (claiming): nobody carries this text now, or the day's money is spent.
NOBODY_CARRIES: Final = "nobody_carries"
BUDGET: Final = "budget"


def count_stuck(session: Session) -> Mapping[str, int]:
    """How many single messages are stuck, by why; campaigns say so themselves."""
    counted = (
        select(Message.outcome_code, func.count())
        .where(
            Message.campaign_id.is_(None),
            Message.state == MessageState.WAITING,
            Message.outcome_code.in_((NOBODY_CARRIES, BUDGET)),
        )
        .group_by(Message.outcome_code)
    )
    return {row[0]: row[1] for row in session.execute(counted)}
