"""推荐的后台任务: the clocks every ten minutes; postings that are gone or unconfirmed."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from app.core.crypto import cipher_of
from app.core.settings import Settings
from app.core.tasks import TaskContext, daily_task, enqueue, task
from app.referrals import check_ins, telling
from app.referrals.clocks import postings, running
from app.referrals.figures import refresh_applicants
from app.referrals.following import follow_merges

PLAN: Final = "referrals.plan_clocks"
RUN: Final = "referrals.run_clocks"
CONFIRM: Final = "referrals.confirm_postings"
ASK_ARRIVALS: Final = "referrals.ask_arrivals"
EVERY: Final = timedelta(minutes=10)
"""How often clocks are looked at; the shortest of them is two hours."""


@daily_task(PLAN, time(0, 5))
def plan_clocks(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Plans the day's looks at the clocks: one for each ten minutes, however often this runs."""
    first = _slot(context.clock.now())
    ends = first + timedelta(days=1)
    at = first
    while at < ends:
        enqueue(context.session, RUN, {"batch": 0}, due_at=at, dedupe_key=f"{RUN} {at:%Y-%m-%dT%H:%M}")
        at += EVERY


@task(RUN)
def run_clocks(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Takes one batch of due steps, cancels what belongs to postings that are gone, moves what belongs to
    merged files, and counts who asks for each posting; comes back at once while there are more."""
    cipher = cipher_of(Settings())
    steps = running.run_clocks(context.session, cipher=cipher, clock=context.clock)
    gone = postings.cancel_orphans(context.session, cipher=cipher, clock=context.clock)
    follow_merges(context.session)
    refresh_applicants(context.session)
    more = steps.seen - steps.failed == running.BATCH or gone.seen - gone.failed == postings.BATCH
    if more:
        now, batch = context.clock.now(), int(payload.get("batch", 0)) + 1
        key = f"{RUN} {_slot(now):%Y-%m-%dT%H:%M} {batch}"
        enqueue(context.session, RUN, {"batch": batch}, due_at=now, dedupe_key=key)


@daily_task(CONFIRM, time(8, 30))
def confirm_postings(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Asks firms whether they still recruit, and pauses postings nobody has confirmed."""
    run = postings.confirm_postings(context.session, clock=context.clock)
    if run.steps["pause"] - run.failed == postings.BATCH:
        batch = int(payload.get("batch", 0)) + 1
        again = {"day": payload["day"], "batch": batch}
        key = f"{CONFIRM} {payload['day']} {batch}"
        enqueue(context.session, CONFIRM, again, due_at=context.clock.now(), dedupe_key=key)


def _slot(moment: datetime) -> datetime:
    """The beginning of the ten minutes a moment lies in."""
    plain = moment.astimezone(UTC).replace(second=0, microsecond=0)
    return plain - timedelta(minutes=plain.minute % 10)


@task(telling.DIGEST)
def tell_employer(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Tells a firm, once for all of them, that people wait for its answer."""
    telling.tell_new_people(context.session, int(payload["employer_id"]), context.clock)


@daily_task(ASK_ARRIVALS, time(9, 0))
def ask_arrivals(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Asks who started five days ago how it goes, once."""
    check_ins.ask_arrivals(context.session, context.clock)
