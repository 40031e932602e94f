"""账号后台任务: throwing away what is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from app.accounts.models import PhoneCode, UserSession
from app.accounts.queries import SIGNED_IN_FOR
from app.core import ratelimit
from app.core.clock import OFFICE_ZONE, Clock
from app.core.tasks import TaskContext, enqueue, task

FORGET = "accounts.forget"
# Long enough to answer "who was signed in last Friday?"; account events are kept.
KEEP_SESSIONS_FOR = timedelta(days=30)
# A spent code is of no use to anyone, and its row holds a phone.
KEEP_CODES_FOR = timedelta(days=1)


@task(FORGET)
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
    plan_forgetting(session, context.clock, days_ahead=1)


def plan_forgetting(session: Session, clock: Clock, *, days_ahead: int = 0) -> None:
    """Plans the cleaning of a day, 03:20 in Beijing; once a day however often it is called."""
    day = clock.today() + timedelta(days=days_ahead)
    due_at = datetime(day.year, day.month, day.day, 3, 20, tzinfo=OFFICE_ZONE)
    enqueue(session, FORGET, {}, due_at=due_at, dedupe_key=f"{FORGET} {day.isoformat()}")
