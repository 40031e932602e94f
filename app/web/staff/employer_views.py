"""核验单位页的内容: the queue, the firm in front of the colleague, its papers and what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.core.http import ReadSession
from app.employers import policies, sealing
from app.employers import queries as employer_queries
from app.employers.models import Employer
from app.employers.papers import queries, rules
from app.employers.papers.policies import may_decide_paper, may_send_paper
from app.employers.papers.rules import day_words
from app.employers.papers.terms import PaperKind, PaperState
from app.employers.team.mandate_queries import MandateLine
from app.employers.terms import EmployerAction, EmployerState
from app.seekers.dependencies import Desk
from app.web.employer.papers import PaperRow, firm_facts, paper_row
from app.web.staff.vetting_views import waited_words

REASON_MOST: Final = 200
_HOME: Final = "/staff/employers"


@dataclass(frozen=True)
class QueueRow:
    """排着的一家."""

    id: int
    name: str
    line: str
    badge: str
    tone: str
    is_now: bool


@dataclass(frozen=True)
class FirmView:
    """正在看的单位. `waiting` ids of papers that wait; `is_own`: this colleague may not decide."""

    id: int
    name: str
    line: str
    facts: tuple[tuple[str, str], ...]
    papers: tuple[PaperRow, ...]
    waiting: tuple[int, ...]
    missing: str
    may_verify: bool
    may_send: bool
    is_own: bool
    kinds: tuple[tuple[str, str], ...]
    history: tuple[tuple[str, str], ...]
    version: int
    next_href: str


@dataclass(frozen=True)
class MandateLook:
    """等着看的一份委托."""

    id: int
    words: str
    line: str
    paper_id: int


@dataclass(frozen=True)
class QueueView:
    """核验单位."""

    rows: tuple[QueueRow, ...]
    waiting: int
    now: FirmView | None
    mandates: tuple[MandateLook, ...]
    problem: str = ""
    is_chosen: bool = False


def queue_rows(
    session: ReadSession, firms: Sequence[Employer], now: datetime, chosen: int | None
) -> tuple[QueueRow, ...]:
    """The queue as it stands at the left."""
    counts = queries.count_waiting_papers(session, [firm.id for firm in firms])
    rows = []
    for firm in firms:
        papers = counts.get(firm.id, 0)
        is_new = firm.state is EmployerState.PENDING
        badge = f"{papers} 份材料" if papers else "没交材料"
        line = (
            f"{firm.kind.label} · {'新来的' if is_new else '换材料'} · {waited_words(now - firm.updated_at)}"
        )
        rows.append(QueueRow(firm.id, firm.name, line, badge, "now" if papers else "", firm.id == chosen))
    return tuple(rows)


def missing_words(session: ReadSession, firm: Employer, today: date) -> str:
    """What no accepted paper in date shows; empty when all is there."""
    held = queries.list_held(session, [firm.id]).get(firm.id, [])
    groups = rules.missing_groups(firm.kind, held, today)
    return "；".join(rules.words_of_group(group) for group in groups)


def build_firm(session: ReadSession, desk: Desk, firm: Employer, waiting: Sequence[Employer]) -> FirmView:
    """Everything about the firm in front of the colleague."""
    shown = [p for p in queries.list_papers(session, firm.id) if p.kind is not PaperKind.MANDATE]
    open_ones = [paper for paper in shown if paper.state is PaperState.WAITING]
    at = waiting.index(firm) if firm in waiting else -1
    after = waiting[(at + 1) % len(waiting)] if waiting else firm
    phone = sealing.open_contact(firm, desk.cipher) if policies.may_see_contact(desk.actor, firm) else ""
    verifies = policies.may_act_on_employer(desk.actor, firm, EmployerAction.VERIFY)
    may_now = verifies and firm.state in (EmployerState.PENDING, EmployerState.REJECTED)
    return FirmView(
        firm.id,
        firm.name,
        f"{firm.kind.label}，{firm.state.label}",
        firm_facts(firm, phone),
        tuple(paper_row(paper, desk.today) for paper in shown),
        tuple(paper.id for paper in open_ones),
        missing_words(session, firm, desk.today),
        may_now,
        may_send_paper(desk.actor, firm) is not None,
        any(may_decide_paper(desk.actor, firm, paper) is None for paper in open_ones),
        tuple((kind.value, kind.label) for kind in rules.offered_papers(firm.kind)),
        tuple(
            (f"{event.at:%m-%d} {event.action.label}", event.reason)
            for event in employer_queries.list_events(session, firm.id)[-6:]
        ),
        firm.version,
        f"{_HOME}?firm={after.id}" if after is not firm else "",
    )


def mandate_row(line: MandateLine) -> MandateLook:
    """A mandate somebody asked for."""
    return MandateLook(
        line.mandate.id,
        f"{line.agent} 想替 {line.client.name} 招人",
        f"到 {day_words(line.until)}",
        line.mandate.paper_id or 0,
    )
