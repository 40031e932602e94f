"""报名的后台任务: numbers that the office has no more use for are forgotten."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from app.core.tasks import TaskContext, daily_task
from app.referrals.wishes import queries, rules


@daily_task("wishes.forget_phones", time(3, 30))
def forget_phones(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Empties the phones of wishes that were settled `PHONE_KEPT_FOR` ago."""
    queries.forget_phones(context.session, context.clock.now() - rules.PHONE_KEPT_FOR)
