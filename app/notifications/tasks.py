"""通知后台任务: throwing away what is no longer needed."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any, Final

from sqlalchemy import delete, update

from app.core.tasks import TaskContext, daily_task
from app.notifications.models import Message, MessageReceipt
from app.notifications.terms import SETTLED_STATES

FORGET: Final = "notifications.forget"
# Long enough to answer "what did you write to me?"; that a message was sent is kept for the statistics.
KEEP_WORDS_FOR: Final = timedelta(days=180)
KEEP_RECEIPTS_FOR: Final = timedelta(days=90)


@daily_task(FORGET, time(3, 40))
def forget_what_is_over(context: TaskContext, _: Mapping[str, Any]) -> None:
    """清理消息: takes reader and words out of messages settled half a year ago, deletes old receipts."""
    now = context.clock.now()
    context.session.execute(
        update(Message)
        .where(
            Message.state.in_(SETTLED_STATES),
            Message.settled_at < now - KEEP_WORDS_FOR,
            Message.parameters.is_not(None),
        )
        .values(parameters=None, recipient=None, recipient_index=None)
        .execution_options(synchronize_session=False)
    )
    context.session.execute(
        delete(MessageReceipt).where(MessageReceipt.received_at < now - KEEP_RECEIPTS_FOR)
    )
