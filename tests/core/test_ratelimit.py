"""Limits count exactly over a sliding window, and concurrent callers do not slip through together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.db import Base, Database
from app.core.ratelimit import Limit, RateHit, forget_old_hits, forgive, hit

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TWO_A_MINUTE = [Limit(2, timedelta(minutes=1))]


def test_the_window_slides(session: Session, clock: FixedClock) -> None:
    assert hit(session, "a", TWO_A_MINUTE, clock.now()) == 0
    clock.move(timedelta(seconds=50))
    assert hit(session, "a", TWO_A_MINUTE, clock.now()) == 0
    assert hit(session, "a", TWO_A_MINUTE, clock.now()) == 10
    clock.move(timedelta(seconds=10))
    assert hit(session, "a", TWO_A_MINUTE, clock.now()) == 0
    # A fixed window would begin anew here.
    assert hit(session, "a", TWO_A_MINUTE, clock.now()) == 50


def test_subjects_are_apart_and_can_be_forgiven(session: Session, clock: FixedClock) -> None:
    for _ in range(2):
        hit(session, "a", TWO_A_MINUTE, clock.now())
    assert hit(session, "b", TWO_A_MINUTE, clock.now()) == 0
    forgive(session, "a")
    assert hit(session, "a", TWO_A_MINUTE, clock.now()) == 0


def test_old_hits_are_forgotten(session: Session, clock: FixedClock) -> None:
    hit(session, "a", TWO_A_MINUTE, clock.now())
    clock.move(timedelta(days=1, seconds=1))
    hit(session, "a", TWO_A_MINUTE, clock.now())
    forget_old_hits(session, clock.now())
    assert session.scalar(select(func.count()).select_from(RateHit)) == 1


def test_twenty_at_once_are_counted_one_after_the_other(own_database: Database, clock: FixedClock) -> None:
    limits = [Limit(5, timedelta(minutes=1))]

    def ask(_: int) -> int:
        with own_database.write() as session:
            return hit(session, "crowd", limits, clock.now())

    with ThreadPoolExecutor(4) as pool:
        waits = list(pool.map(ask, range(20)))
    assert waits.count(0) == 5


@given(
    st.lists(st.integers(0, 40), max_size=60),
    st.integers(1, 4),
    st.integers(5, 60),
    st.integers(1, 8),
    st.integers(60, 600),
)
def test_no_window_ever_holds_more_and_nobody_waits_in_vain(
    pauses_s: list[int], few: int, short_s: int, many: int, long_s: int
) -> None:
    """Against a list kept beside it: let through exactly when no limit is reached."""
    limits = [Limit(few, timedelta(seconds=short_s)), Limit(many, timedelta(seconds=long_s))]
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[RateHit.__table__])  # type: ignore[list-item]
    clock = FixedClock(START)
    passed = []
    with Session(engine) as session:
        for pause in pauses_s:
            clock.move(timedelta(seconds=pause))
            full = any(
                sum(clock.now() - limit.window < moment for moment in passed) >= limit.times
                for limit in limits
            )
            wait_s = hit(session, "a", limits, clock.now())
            assert (wait_s > 0) is full
            if not full:
                passed.append(clock.now())
    engine.dispose()
