"""诉求的后台任务: what the office has no more use for is forgotten."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from app.cases import queries, rules
from app.core.tasks import TaskContext, daily_task


@daily_task("cases.forget_people", time(3, 40))
def forget_people(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Empties name, phone and words of cases that ended `PERSON_KEPT_FOR` ago."""
    queries.forget_people(context.session, context.clock.now() - rules.PERSON_KEPT_FOR)
