"""岗位的后台任务."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import OFFICE_ZONE, Clock
from app.core.tasks import TaskContext, enqueue, task
from app.employers.changes import drop_old_changes
from app.jobs.bulk import BATCH, expire_jobs

EXPIRE = "jobs.expire"


@task(EXPIRE)
def expire(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Expires one batch of overdue postings; comes back at once while there are more, else tomorrow."""
    if expire_jobs(context.session, context.clock) == BATCH:
        batch = int(payload.get("batch", 0)) + 1
        day = context.clock.today().isoformat()
        enqueue(
            context.session,
            EXPIRE,
            {"batch": batch},
            due_at=context.clock.now(),
            dedupe_key=f"{EXPIRE} {day} {batch}",
        )
        return
    drop_old_changes(context.session)
    plan_expiry(context.session, context.clock, days_ahead=1)


def plan_expiry(session: Session, clock: Clock, *, days_ahead: int = 0) -> None:
    """Plans the sweep of a day, 00:10 in Beijing; once a day however often it is called."""
    day = clock.today() + timedelta(days=days_ahead)
    due_at = datetime(day.year, day.month, day.day, 0, 10, tzinfo=OFFICE_ZONE)
    enqueue(session, EXPIRE, {}, due_at=due_at, dedupe_key=f"{EXPIRE} {day.isoformat()}")
