"""后台任务: work that happens after the answer was sent, kept on a table so that a crash loses nothing.

A task is enqueued in the transaction that caused it: rolled back together, visible together. A runner
claims due tasks (SKIP LOCKED on PostgreSQL, BEGIN IMMEDIATE on SQLite), and each handler runs in one
transaction with the row that marks it done, so its database effects happen exactly once. A runner that dies
leaves its claim behind; the claim runs out and another runner takes the task. Handlers that call the
outside world write down their intent first (see notifications).
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog
from sqlalchemy import Index, Integer, String, UniqueConstraint, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import OFFICE_ZONE, Clock
from app.core.db import Base, Database
from app.core.terms import LabelledEnum
from app.core.types import BigId, JsonDocument, UtcDateTime, enum_column

log = structlog.get_logger()

MAX_ATTEMPTS = 8
CLAIM_FOR = timedelta(minutes=5)
FIRST_RETRY_S = 10
KEEP_DONE_FOR = timedelta(days=60)


class TaskState(LabelledEnum):
    """任务状态."""

    WAITING = "waiting", "等着做"
    RUNNING = "running", "正在做"
    DONE = "done", "做完了"
    FAILED = "failed", "没做成，要人看"


class Task(Base):
    """后台任务: one piece of background work."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index("ix_tasks_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), comment="domain.verb")
    payload: Mapped[dict[str, Any]] = mapped_column(JsonDocument, comment="ids and codes, no personal data")
    dedupe_key: Mapped[str | None] = mapped_column(String(200), comment="one task with this key, ever")
    state: Mapped[TaskState] = mapped_column(enum_column(TaskState), default=TaskState.WAITING)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(String(200), comment="class of the error, never its text")


@dataclass(frozen=True)
class TaskContext:
    """What a handler is given besides its payload."""

    session: Session
    clock: Clock


TaskHandler = Callable[[TaskContext, Mapping[str, Any]], None]
_HANDLERS: dict[str, TaskHandler] = {}
_DAILY: dict[str, time] = {}


def task(name: str) -> Callable[[TaskHandler], TaskHandler]:
    """Registers a handler under `domain.verb`."""

    def register(handler: TaskHandler) -> TaskHandler:
        if name in _HANDLERS:
            raise ValueError(f"task {name} is registered twice")
        _HANDLERS[name] = handler
        return handler

    return register


def daily_task(name: str, at: time) -> Callable[[TaskHandler], TaskHandler]:
    """As `task`; every runner plans it once a day at `at`, Beijing time. The payload has the `day`.

    A day on which nothing ran is not made up for: what the task sweeps is still there the next day.
    """
    _DAILY[name] = at
    return task(name)


def plan_daily_tasks(session: Session, clock: Clock) -> None:
    """Plans today's daily tasks; once a day however often, and by however many runners, it is called."""
    day = clock.today()
    for name, at in _DAILY.items():
        due_at = datetime.combine(day, at, OFFICE_ZONE)
        enqueue(session, name, {"day": str(day)}, due_at=due_at, dedupe_key=f"{name} {day}")


def registered_tasks() -> Mapping[str, TaskHandler]:
    return dict(_HANDLERS)


def enqueue(
    session: Session,
    name: str,
    payload: Mapping[str, Any],
    *,
    due_at: datetime,
    dedupe_key: str | None = None,
) -> None:
    """Adds a task to the caller's transaction. With a `dedupe_key` that is known already, does nothing."""
    if name not in _HANDLERS:
        raise ValueError(f"no handler for task {name}")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Task)
        .values(
            name=name,
            payload=dict(payload),
            dedupe_key=dedupe_key,
            due_at=due_at,
            state=TaskState.WAITING,
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
    )


class TaskRunner:
    """Claims and runs due tasks until told to stop."""

    def __init__(self, database: Database, clock: Clock, *, idle_s: float = 2.0) -> None:
        self._database = database
        self._clock = clock
        self._idle_s = idle_s
        self._stop = threading.Event()
        self._planned_on: date | None = None

    def stop(self) -> None:
        self._stop.set()

    def run_forever(self) -> None:
        """Works until `stop`; waits `idle_s` seconds (with jitter) when nothing is due."""
        while not self._stop.is_set():
            try:
                self.plan_today()
                busy = self.run_one()
            except Exception as error:
                log.error("task_runner_trouble", kind=type(error).__name__)
                busy = False
            if not busy:
                # Jitter keeps several workers from asking in step; it needs no secrecy.
                self._stop.wait(self._idle_s * random.uniform(0.5, 1.5))  # noqa: S311

    def plan_today(self) -> None:
        """Plans the daily tasks when a new day has begun in Beijing."""
        today = self._clock.today()
        if self._planned_on != today:
            with self._database.write() as session:
                plan_daily_tasks(session, self._clock)
            self._planned_on = today

    def run_due(self) -> int:
        """Runs everything due now; returns how many tasks were tried."""
        tried = 0
        while self.run_one():
            tried += 1
        return tried

    def run_one(self) -> bool:
        """Claims and runs one task; False when nothing is due."""
        claimed = self._claim()
        if claimed is None:
            return False
        task_id, attempt = claimed
        try:
            self._run(task_id, attempt)
        except Exception as error:
            log.error("task_failed", task_id=task_id, kind=type(error).__name__, exc_info=error)
            self._put_back(task_id, attempt, error)
        return True

    def _claim(self) -> tuple[int, int] | None:
        now = self._clock.now()
        due = (
            select(Task.id)
            .where(
                Task.due_at <= now,
                or_(
                    Task.state == TaskState.WAITING,
                    (Task.state == TaskState.RUNNING) & (Task.claimed_until < now),
                ),
            )
            .order_by(Task.due_at, Task.id)
            .limit(1)
        )
        with self._database.read() as session:
            # Looking first keeps an idle runner from taking SQLite's only write lock every other second.
            if session.scalar(due) is None:
                return None
        with self._database.write() as session:
            # SQLite's BEGIN IMMEDIATE has the lock already and ignores FOR UPDATE.
            task_id = session.scalar(due.with_for_update(skip_locked=True))
            if task_id is None:
                return None
            attempt = session.scalar(
                update(Task)
                .where(Task.id == task_id)
                .values(
                    state=TaskState.RUNNING,
                    claimed_until=now + CLAIM_FOR,
                    attempts=Task.attempts + 1,
                )
                .returning(Task.attempts)
            )
            return task_id, attempt or 1

    def _run(self, task_id: int, attempt: int) -> None:
        with self._database.write() as session:
            row = session.execute(
                select(Task.name, Task.payload)
                .where(Task.id == task_id, Task.attempts == attempt, Task.state == TaskState.RUNNING)
                .with_for_update()
            ).one_or_none()
            if row is None:
                return  # our claim ran out and another runner has it
            _HANDLERS[row.name](TaskContext(session, self._clock), row.payload)
            session.execute(
                update(Task)
                .where(Task.id == task_id)
                .values(state=TaskState.DONE, claimed_until=None, last_error=None)
            )

    def _put_back(self, task_id: int, attempt: int, error: Exception) -> None:
        failed = attempt >= MAX_ATTEMPTS
        retry_at = self._clock.now() + timedelta(seconds=FIRST_RETRY_S * 2 ** (attempt - 1))
        with self._database.write() as session:
            session.execute(
                update(Task)
                .where(Task.id == task_id, Task.attempts == attempt)
                .values(
                    state=TaskState.FAILED if failed else TaskState.WAITING,
                    due_at=retry_at,
                    claimed_until=None,
                    last_error=type(error).__name__,
                )
            )


@daily_task("core.forget", time(3, 30))
def forget(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Deletes tasks done long ago. Failed ones stay until a person has looked."""
    long_ago = context.clock.now() - KEEP_DONE_FOR
    context.session.execute(delete(Task).where(Task.state == TaskState.DONE, Task.due_at < long_ago))


def count_tasks(session: Session) -> dict[str, int]:
    """How many tasks there are in each state that still matters."""
    rows = session.execute(
        select(Task.state, func.count()).where(Task.state != TaskState.DONE).group_by(Task.state)
    )
    return {state.value: count for state, count in rows}
