"""台账后台任务: sealing everything anew after a change of keys, erasing what was sealed for long enough,
classes that follow the age."""

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
from app.seekers.changes import PERSON_CHANGES
from app.seekers.people import follow_age
from app.seekers.privacy.erasure import erase_due
from app.seekers.privacy.erasure_log import path_of
from app.seekers.privacy.rotation import Position, count_old_rows, reseal_batch

log = structlog.get_logger()

RESEAL: Final = "seekers.reseal"
ERASE_DUE: Final = "seekers.erase_due"
FOLLOW_AGE: Final = "seekers.follow_age"
AGED_AT_ONCE: Final = 200


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
    """到期删除: sealed records nothing makes the office keep any more; old lines of the log of changes."""
    settings = Settings()
    erase_due(context.session, cipher=cipher_of(settings), clock=context.clock, list_path=path_of(settings))
    PERSON_CHANGES.drop_old(context.session)


@daily_task(FOLLOW_AGE, time(0, 30))
def follow_ages(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """满 61 岁改类别: one batch; comes back at once while there are more."""
    cipher = cipher_of(Settings())
    if follow_age(context.session, cipher=cipher, clock=context.clock, limit=AGED_AT_ONCE) == AGED_AT_ONCE:
        batch = int(payload.get("batch", 0)) + 1
        again = {"day": payload["day"], "batch": batch}
        key = f"{FOLLOW_AGE} {payload['day']} {batch}"
        enqueue(context.session, FOLLOW_AGE, again, due_at=context.clock.now(), dedupe_key=key)
