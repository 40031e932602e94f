"""余缺调剂的后台任务: who should be back and is not, who came back and is to be asked, what is over."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from app.accounts.actor import SYSTEM
from app.core.tasks import TaskContext, daily_task, enqueue
from app.labour_sharing import queries, staying
from app.labour_sharing.terms import AgreementState
from app.referrals.spells.service import ask_to_call_back
from app.referrals.terms import CallBackCause

WATCH: Final = "labour_sharing.watch"
BATCH: Final = 500


@daily_task(WATCH, time(7, 0))
def watch(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Once a day, before the officers look at their list. Every part may run again: a stay has one call-back
    of each cause, ever. Comes back at once while there is more than a batch."""
    session, clock = context.session, context.clock
    today = clock.today()
    orphans = queries.list_orphans(session, BATCH)
    for stay in orphans:
        staying.leave_with_spell(session, stay, clock)
    late = queries.list_late(session, today, BATCH)
    back = queries.list_unchecked(session, today, BATCH)
    for cause, stays in ((CallBackCause.NOT_BACK, late), (CallBackCause.BACK, back)):
        for stay in stays:
            person_id = stay.home_spell.person_id
            ask_to_call_back(session, person_id, cause, staying.source_key(stay), clock)
    over = queries.list_over(session, today, BATCH)
    for agreement in over:
        agreement.state, agreement.updated_at = AgreementState.ENDED, clock.now()
        agreement.version += 1
        staying.drop_waiting(session, SYSTEM, agreement, clock)
    session.flush()
    if BATCH in (len(orphans), len(over)):
        batch = int(payload.get("batch", 0)) + 1
        again = {"day": payload["day"], "batch": batch}
        enqueue(session, WATCH, again, due_at=clock.now(), dedupe_key=f"{WATCH} {payload['day']} {batch}")
