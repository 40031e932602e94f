"""报名规则: numbers and pure functions."""

from datetime import datetime, time, timedelta
from typing import Final

from app.core.clock import OFFICE_ZONE
from app.core.ratelimit import Limit

# Our own figures: a family on one phone asks for a handful of postings, a machine for hundreds; a village
# shares few addresses of the network.
LIMITS_OF_A_PHONE: Final = (Limit(8, timedelta(hours=1)), Limit(20, timedelta(days=1)))
LIMITS_OF_AN_ADDRESS: Final = (Limit(60, timedelta(hours=1)),)
# Tries at the last four digits of a receipt's phone.
LIMITS_OF_TAILS: Final = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))
# A receipt is looked at for as long as a referral of it can live.
RECEIPT_LIVES: Final = timedelta(days=180)
# What is left of a settled wish when the office has no more use for the number (PIPL art. 19).
PHONE_KEPT_FOR: Final = timedelta(days=90)
_DAY_BEGINS, _DAY_ENDS = time(8, 30), time(17, 30)


def call_back_by(at: datetime) -> datetime:
    """When the officer should have called: the end of the office's next working day (REFERRALS: the person
    hears within a day or two)."""
    local = at.astimezone(OFFICE_ZONE)
    day = local.date() + timedelta(days=1)
    if local.time() < _DAY_BEGINS:
        day = local.date()
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, _DAY_ENDS, OFFICE_ZONE)
