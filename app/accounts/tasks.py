"""账号后台任务: throwing away what is over."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from sqlalchemy import delete, or_

from app.accounts.models import PhoneCode, UserSession
from app.accounts.queries import SIGNED_IN_FOR
from app.core import ratelimit
from app.core.tasks import TaskContext, daily_task

FORGET = "accounts.forget"
# Long enough to answer "who was signed in last Friday?"; account events are kept.
KEEP_SESSIONS_FOR = timedelta(days=30)
# A spent code is of no use to anyone, and its row holds a phone.
KEEP_CODES_FOR = timedelta(days=1)


@daily_task(FORGET, time(3, 20))
def forget_what_is_over(context: TaskContext, _: Mapping[str, Any]) -> None:
    """清理账号: deletes old codes, sessions that ended a month ago, and hits no limit looks back to."""
    session, now = context.session, context.clock.now()
    session.execute(delete(PhoneCode).where(PhoneCode.created_at < now - KEEP_CODES_FOR))
    session.execute(
        delete(UserSession).where(
            or_(
                UserSession.ended_at < now - KEEP_SESSIONS_FOR,
                UserSession.created_at < now - SIGNED_IN_FOR - KEEP_SESSIONS_FOR,
            )
        )
    )
    ratelimit.forget_old_hits(session, now)
