"""台账后台任务: sealing everything anew after a change of keys, erasing what was sealed for long enough."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.core.tasks import Task, TaskContext, TaskState, daily_task, enqueue, task
from app.seekers.privacy.erasure import erase_due
from app.seekers.privacy.erasure_log import path_of
from app.seekers.privacy.rotation import Position, count_old_rows, reseal_batch

log = structlog.get_logger()

RESEAL: Final = "seekers.reseal"
ERASE_DUE: Final = "seekers.erase_due"


class OtherKey(Exception):
    """This worker runs with another data key than the one the rows are to be sealed with: restart it."""


def start_reseal(session: Session, cipher: FieldCipher, clock: Clock) -> bool:
    """Plans the change of keys as background work; False when it is under way already."""
    under_way = select(Task.id).where(
        Task.name == RESEAL, Task.state.in_((TaskState.WAITING, TaskState.RUNNING))
    )
    if session.scalar(under_way.limit(1)) is not None:
        return False
    payload = {"key": cipher.key_version, "table": 0, "after": 0}
    enqueue(session, RESEAL, payload, due_at=clock.now())
    return True


@task(RESEAL)
def reseal(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """换密钥: one batch, and the plan for the next, in one transaction: killed anywhere, it goes on there.
    Raises OtherKey."""
    cipher = cipher_of(Settings())
    if payload["key"] != cipher.key_version:
        raise OtherKey
    position = Position(payload["table"], payload["after"])
    following, _ = reseal_batch(context.session, cipher, position)
    if following is None:
        left = count_old_rows(context.session, cipher)
        if left:  # no key opens them, or a process that was not restarted still writes with the old one
            log.warning("reseal_left", **left)
    else:
        planned = {"key": cipher.key_version, "table": following.table, "after": following.after}
        enqueue(context.session, RESEAL, planned, due_at=context.clock.now())


@daily_task(ERASE_DUE, time(3, 50))
def erase_what_is_due(context: TaskContext, _: Mapping[str, Any]) -> None:
    """到期删除: sealed records nothing makes the office keep any more."""
    settings = Settings()
    erase_due(context.session, cipher=cipher_of(settings), clock=context.clock, list_path=path_of(settings))
