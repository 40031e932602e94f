"""岗位的后台任务."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from app.core.tasks import TaskContext, daily_task, enqueue
from app.employers.changes import drop_old_changes
from app.jobs.batches.service import forget_batches
from app.jobs.bulk import BATCH, expire_jobs

EXPIRE = "jobs.expire"


@daily_task(EXPIRE, time(0, 10))
def expire(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Expires one batch of overdue postings; comes back at once while there are more."""
    if expire_jobs(context.session, context.clock) == BATCH:
        batch = int(payload.get("batch", 0)) + 1
        again = {"day": payload["day"], "batch": batch}
        key = f"{EXPIRE} {payload['day']} {batch}"
        enqueue(context.session, EXPIRE, again, due_at=context.clock.now(), dedupe_key=key)
        return
    drop_old_changes(context.session)
    forget_batches(context.session, context.clock)
