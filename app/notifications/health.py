"""通道健康: a provider that keeps failing is left alone for a while, then tried with one message.

Counted in windows of five minutes: at least five failures, and half of the calls. The first pause is two
minutes, each further one twice as long, up to half an hour. In the database, so that all workers agree.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.notifications.models import ProviderHealth
from app.notifications.rows import locked_row

WINDOW: Final = timedelta(minutes=5)
FAILURES: Final = 5
FIRST_PAUSE: Final = timedelta(minutes=2)
LONGEST_PAUSE: Final = timedelta(minutes=30)
# How long the one message may take that finds out whether a provider is well again.
PROBE_FOR: Final = timedelta(minutes=2)


def first_well(session: Session, providers: Iterable[str], now: datetime) -> str | None:
    """The first of `providers` that may be called now; taking one that is on trial takes its only turn."""
    for name in providers:
        state = session.execute(
            select(ProviderHealth.open_until).where(ProviderHealth.provider == name)
        ).one_or_none()
        if state is None or state.open_until is None:
            return name
        if state.open_until <= now and _take_trial(session, name, state.open_until, now):
            return name
    return None


def _take_trial(session: Session, name: str, seen: datetime, now: datetime) -> bool:
    taken = session.scalar(
        update(ProviderHealth)
        .where(ProviderHealth.provider == name, ProviderHealth.open_until == seen)
        .values(open_until=now + PROBE_FOR)
        .returning(ProviderHealth.provider)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def record_call(session: Session, provider: str, *, went_well: bool, now: datetime) -> None:
    """Counts one call. A good one makes a provider well at once, if it was on trial."""
    health = locked_row(
        session,
        ProviderHealth,
        provider,
        provider=provider,
        window_at=now,
        calls=0,
        failures=0,
        open_until=None,
        openings=0,
    )
    if now - health.window_at >= WINDOW:
        health.window_at, health.calls, health.failures = now, 0, 0
    health.calls += 1
    if went_well:
        if health.open_until is not None:
            health.window_at, health.calls, health.failures = now, 0, 0
            health.open_until, health.openings = None, 0
        return
    health.failures += 1
    failed_trial = health.open_until is not None
    too_many = health.failures >= FAILURES and health.failures * 2 >= health.calls
    if failed_trial or too_many:
        health.open_until = now + min(FIRST_PAUSE * 2**health.openings, LONGEST_PAUSE)
        # Calls still under way when it was opened count as one trial, not as many.
        health.openings = min(health.openings + 1, 5)


def list_health(session: Session) -> list[ProviderHealth]:
    """How every provider fares, by name."""
    return list(session.scalars(select(ProviderHealth).order_by(ProviderHealth.provider)))
