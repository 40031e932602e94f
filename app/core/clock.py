"""A clock that can be replaced, so that deadlines can be tested without waiting."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

# Every deadline of the product is an office deadline, and every office keeps Beijing time.
OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time. Services take one; they never call `datetime.now` themselves."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...

    def today(self) -> date:
        """The calendar day in Beijing."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return office_day(self.now())


@dataclass
class FixedClock:
    """A clock for tests: stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return office_day(self.at)

    def move(self, by: timedelta) -> None:
        self.at += by


def office_day(moment: datetime) -> date:
    """The calendar day in Beijing at `moment` (timezone-aware)."""
    return moment.astimezone(OFFICE_ZONE).date()
