import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core import tasks
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.tasks import CLAIM_FOR, MAX_ATTEMPTS, Task, TaskContext, TaskRunner, TaskState, enqueue

SEEN: Counter[Any] = Counter()


@pytest.fixture(autouse=True)
def test_handlers() -> Iterator[None]:
    SEEN.clear()
    known, daily = dict(tasks._HANDLERS), dict(tasks._DAILY)
    tasks._DAILY.clear()

    @tasks.task("test.note")
    def note(context: TaskContext, payload: Mapping[str, Any]) -> None:
        SEEN[payload["n"]] += 1

    @tasks.task("test.fail")
    def fail(context: TaskContext, payload: Mapping[str, Any]) -> None:
        enqueue(context.session, "test.note", {"n": 99}, due_at=context.clock.now())
        raise RuntimeError("a text that must not be stored")

    yield
    tasks._HANDLERS.clear()
    tasks._HANDLERS.update(known)
    tasks._DAILY.clear()
    tasks._DAILY.update(daily)


def add(database: Database, clock: FixedClock, name: str, n: int, **more: Any) -> None:
    with database.write() as session:
        enqueue(session, name, {"n": n}, due_at=clock.now(), **more)


def only_task(database: Database) -> Task:
    with database.read() as session:
        return session.scalars(select(Task)).one()


def test_a_task_is_run_once(own_database: Database, clock: FixedClock) -> None:
    add(own_database, clock, "test.note", 1)
    runner = TaskRunner(own_database, clock)
    assert runner.run_due() == 1
    assert runner.run_due() == 0
    assert SEEN == {1: 1}
    assert only_task(own_database).state is TaskState.DONE


def test_a_task_of_a_rolled_back_transaction_never_existed(own_database: Database, clock: FixedClock) -> None:
    with pytest.raises(RuntimeError), own_database.write() as session:
        enqueue(session, "test.note", {"n": 1}, due_at=clock.now())
        raise RuntimeError
    assert TaskRunner(own_database, clock).run_due() == 0


def test_a_task_waits_until_it_is_due(own_database: Database, clock: FixedClock) -> None:
    with own_database.write() as session:
        enqueue(session, "test.note", {"n": 1}, due_at=clock.now() + timedelta(hours=1))
    runner = TaskRunner(own_database, clock)
    assert runner.run_due() == 0
    clock.move(timedelta(hours=1))
    assert runner.run_due() == 1


def test_the_same_dedupe_key_makes_one_task(own_database: Database, clock: FixedClock) -> None:
    for _ in range(3):
        add(own_database, clock, "test.note", 1, dedupe_key="sweep:2026-11-22")
    assert TaskRunner(own_database, clock).run_due() == 1


def test_a_failing_task_leaves_no_trace_tries_again_later_and_gives_up(
    own_database: Database, clock: FixedClock
) -> None:
    add(own_database, clock, "test.fail", 1)
    runner = TaskRunner(own_database, clock)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert runner.run_due() == 1
        row = only_task(own_database)  # the task it enqueued before failing was rolled back
        assert row.attempts == attempt
        assert row.last_error == "RuntimeError"
        clock.move(timedelta(hours=1))
    assert row.state is TaskState.FAILED
    assert runner.run_due() == 0


def test_a_dead_runner_s_task_is_taken_over_when_its_claim_runs_out(
    own_database: Database, clock: FixedClock
) -> None:
    add(own_database, clock, "test.note", 1)
    dead = TaskRunner(own_database, clock)
    assert dead._claim() is not None
    heir = TaskRunner(own_database, clock)
    assert heir.run_due() == 0
    clock.move(CLAIM_FOR + timedelta(seconds=1))
    assert heir.run_due() == 1
    assert SEEN == {1: 1}


def test_a_runner_that_lost_its_claim_does_nothing(own_database: Database, clock: FixedClock) -> None:
    add(own_database, clock, "test.note", 1)
    slow = TaskRunner(own_database, clock)
    claimed = slow._claim()
    assert claimed is not None
    clock.move(CLAIM_FOR + timedelta(seconds=1))
    TaskRunner(own_database, clock).run_due()
    slow._run(*claimed)
    assert SEEN == {1: 1}


def test_four_runners_share_the_work_without_doing_any_twice(
    own_database: Database, clock: FixedClock
) -> None:
    for n in range(40):
        add(own_database, clock, "test.note", n)
    runners = [threading.Thread(target=TaskRunner(own_database, clock).run_due) for _ in range(4)]
    for thread in runners:
        thread.start()
    for thread in runners:
        thread.join(60)
    assert dict.fromkeys(range(40), 1) == SEEN


def test_an_unknown_task_is_refused_when_it_is_enqueued(own_database: Database, clock: FixedClock) -> None:
    with pytest.raises(ValueError, match=r"no handler"), own_database.write() as session:
        enqueue(session, "test.nobody", {}, due_at=clock.now())


def test_a_daily_task_is_planned_once_a_day_by_any_number_of_runners(
    own_database: Database, clock: FixedClock
) -> None:
    @tasks.daily_task("test.daily", time(0, 10))
    def sweep(context: TaskContext, payload: Mapping[str, Any]) -> None:
        SEEN[payload["day"]] += 1

    for _ in range(2):
        runner = TaskRunner(own_database, clock)
        runner.plan_today()
        runner.run_due()
    assert SEEN == {"2026-11-22": 1}
    clock.move(timedelta(days=1))
    runner.plan_today()
    runner.run_due()
    assert SEEN == {"2026-11-22": 1, "2026-11-23": 1}


def test_a_runner_stops_when_told(own_database: Database, clock: FixedClock) -> None:
    add(own_database, clock, "test.note", 1)
    runner = TaskRunner(own_database, clock, idle_s=0.01)

    @tasks.task("test.stop")
    def stop(context: TaskContext, payload: Mapping[str, Any]) -> None:
        runner.stop()

    add(own_database, clock, "test.stop", 2)
    thread = threading.Thread(target=runner.run_forever)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    assert SEEN[1] == 1
