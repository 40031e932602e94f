"""区划变更后台任务: an approved change takes effect on its day."""

from collections.abc import Mapping
from typing import Any

from app.accounts import region_changes
from app.accounts.actor import SYSTEM
from app.core.crypto import cipher_of
from app.core.errors import AppError
from app.core.settings import Settings
from app.core.tasks import TaskContext, task


@task(region_changes.APPLY)
def apply_region_change(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """区划变更生效: all of it or nothing. What stands in the way is written on the change, and tried
    again.
    """
    session, clock = context.session, context.clock
    try:
        with session.begin_nested():
            region_changes.apply_change(
                session, payload["change"], clock=clock, cipher=cipher_of(Settings()), actor=SYSTEM
            )
    except AppError as error:
        region_changes.note_trouble(session, payload["change"], error, clock)
