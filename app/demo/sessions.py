"""对接会的样子: the demo town's session of the coming Friday, people and postings brought, pairs worked out.
Nothing is sent."""

from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries as account_queries
from app.core.clock import Clock
from app.referrals.sessions import proposing, queries, service

_SOURCE: Final = "人社局"
_FRIDAY: Final = 4
_DAYS: Final = 7


def load_session(session: Session, clock: Clock) -> bool:
    """Plans it where the township has none that is open; whether it did. Does nothing without the demo's
    officers."""
    found = account_queries.find_staff(session, "township")
    if found is None:
        return False
    township = account_queries.actor_of(session, found, clock.now())
    region_code = next(grant.region_code for grant in township.grants if grant.region_code)
    if any(row.is_open for row in queries.list_sessions(session, township)):
        return False
    today = clock.today()
    friday = date.fromordinal(today.toordinal() + (_FRIDAY - today.weekday()) % _DAYS)
    row = service.plan_session(session, township, region_code, friday, "镇政府二楼会议室", clock=clock)
    service.bring_waiting(session, township, row.id, clock=clock)
    service.bring_open_postings(session, township, row.id, _SOURCE, clock=clock)
    proposing.propose(session, township, row.id, version=None, clock=clock)
    return True
