"""材料到期: firms are told before a licence ends; the day after, the firm goes back to the office's look."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.accounts.rules import normalise_phone
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Unsealable, cipher_of
from app.core.settings import Settings
from app.core.tasks import TaskContext, daily_task
from app.employers import queries as employer_queries
from app.employers import sealing, service
from app.employers.errors import EmployerMoveNotAllowed
from app.employers.models import Employer
from app.employers.papers import queries, rules
from app.employers.papers.models import EmployerPaper
from app.employers.terms import EmployerAction, EmployerState
from app.notifications.outbox import NewMessage, enqueue_message
from app.notifications.terms import Channel

LAPSE, REMIND = "employers.lapse_papers", "employers.remind_papers"
_AT_ONCE = 200


@daily_task(LAPSE, time(0, 20))
def lapse_papers(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Puts firms whose licence ran out back to review; their postings vanish until the office has looked."""
    put_back_lapsed(context.session, context.clock)


def put_back_lapsed(session: Session, clock: Clock) -> int:
    """As the daily task; returns how many firms."""
    today, after, done = clock.today(), 0, 0
    while firms := queries.list_firms_with_ended(session, today, limit=_AT_ONCE, after=after):
        after = firms[-1].id
        held = queries.list_held(session, [firm.id for firm in firms])
        for firm in firms:
            ended = rules.lapsed(firm.kind, held.get(firm.id, []), today)
            if ended is not None and ended.expires_on is not None:
                done += _put_back(session, firm, f"{ended.kind.label} {ended.expires_on} 到期", clock)
    return done


def _put_back(session: Session, firm: Employer, reason: str, clock: Clock) -> int:
    try:
        service.move_employer(
            session, firm, EmployerAction.EXPIRE, EmployerState.PENDING, SYSTEM, reason, clock
        )
    except EmployerMoveNotAllowed:
        return 0  # somebody of the office decided about it in this very moment
    return 1


@daily_task(REMIND, time(9, 10))
def remind_papers(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Tells firms that a paper ends in 30 days, and again in 7."""
    remind(context.session, cipher_of(Settings()), context.clock)


def remind(session: Session, cipher: FieldCipher, clock: Clock) -> int:
    """As the daily task; returns how many messages. Each is written once, however often this runs."""
    today = clock.today()
    papers = queries.list_ending(session, [today + timedelta(days=days) for days in rules.REMIND_DAYS])
    firms = employer_queries.list_employers_by_id(session, {paper.employer_id for paper in papers})
    for paper in papers:
        _tell(session, firms[paper.employer_id], paper, today, cipher, clock)
    return len(papers)


def _tell(
    session: Session, firm: Employer, paper: EmployerPaper, today: date, cipher: FieldCipher, clock: Clock
) -> None:
    try:
        phone = normalise_phone(sealing.open_contact(firm, cipher)) or ""
    except Unsealable:
        phone = ""
    ends = paper.expires_on or today
    enqueue_message(
        session,
        clock,
        cipher,
        NewMessage(
            "paper_ending",
            {"firm": firm.name[:20], "paper": paper.kind.label, "until": f"{ends.month}月{ends.day}日"},
            recipient=phone,
            channel=Channel.SMS if phone else Channel.CALL,
            recipient_key=f"employer:{firm.id}",
            dedupe_key=f"paper:{paper.id}:{(ends - today).days}",
        ),
    )
