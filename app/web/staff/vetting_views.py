"""审岗位页的内容: the queue, the posting with its words marked, the findings, the letter that goes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.core.clock import OFFICE_ZONE
from app.employers.models import Employer
from app.jobs.models import JobPosting, JobReport
from app.jobs.terms import JobState
from app.jobs.vetting import has_block
from app.jobs.vetting_queue import FirmRecord
from app.vetting.minimum_wage import Tier, find_minimum_wage
from app.vetting.terms import LAWS, Rule, Severity
from app.web.formats import yuan

LETTER_MOST: Final = 200
"""As long as a reason may be (job_events.reason)."""
_FIELDS: Final = (("title", "岗位名称"), ("description", "介绍"), ("wage_text", "工资"), ("address", "地址"))


@dataclass(frozen=True)
class QueueRow:
    """排着的一个."""

    id: int
    title: str
    line: str
    badge: str
    tone: str
    is_now: bool
    is_clean: bool


@dataclass(frozen=True)
class Piece:
    """一段字: `tone` "" plain, "b" must be changed, "w" have a look."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class WrittenPart:
    """厂家写的一项."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class FoundLine:
    """查出的一处."""

    badge: str
    tone: str
    label: str
    quote: str
    advice: str
    law: str


@dataclass(frozen=True)
class PostingView:
    """正在审的岗位."""

    id: int
    title: str
    line: str
    parts: tuple[WrittenPart, ...]
    found: tuple[FoundLine, ...]
    facts: tuple[tuple[str, str], ...]
    letter: str
    version: int
    is_open: bool
    is_blocked: bool
    is_own: bool
    next_href: str
    waits_for_second: str = ""
    twins: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Known:
    """审的时候还要知道的: the table of minimum wages, who named the vacancy, how many looked at it, live ones
    that say the same, and whether a colleague has said yes to a new firm's first posting already."""

    wages: Sequence[Tier]
    sources: str
    figures: str = ""
    twins: tuple[tuple[int, str], ...] = ()
    waits_for_second: str = ""


@dataclass(frozen=True)
class VettingView:
    """审岗位."""

    rows: tuple[QueueRow, ...]
    waiting: int
    clean: int
    oldest: str
    now: PostingView | None
    problem: str = ""
    is_chosen: bool = False


def queue_row(job: JobPosting, reports: int, now: datetime, chosen: int | None) -> QueueRow:
    badge, tone = _badge(job.findings, reports)
    line = f"{job.employer.name} · {waited_words(now - job.updated_at)}"
    if job.state is JobState.OPEN:
        line += " · 导入的，已经放着"
    clean = not job.findings and not reports and job.state is JobState.REVIEW
    return QueueRow(job.id, job.title, line, badge, tone, job.id == chosen, clean)


def _badge(findings: Sequence[Mapping[str, Any]], reports: int) -> tuple[str, str]:
    if reports:
        return f"举报 {reports}", "late"
    blocks = sum(1 for finding in findings if finding["severity"] == Severity.BLOCK)
    if blocks:
        return f"{Severity.BLOCK.label} {blocks}", "late"
    return (f"{Severity.WARN.label} {len(findings)}", "now") if findings else ("没毛病", "ok")


def waited_words(waited: timedelta) -> str:
    """等了 20 分钟, 等了 5 小时, 等了 2 天."""
    minutes = int(waited.total_seconds() // 60)
    if minutes < 60:
        return f"等了 {max(minutes, 1)} 分钟"
    return f"等了 {minutes // 60} 小时" if minutes < 48 * 60 else f"等了 {minutes // 1440} 天"


def build_posting(
    job: JobPosting,
    record: FirmRecord,
    reports: Sequence[JobReport],
    today: date,
    *,
    is_own: bool,
    next_href: str,
    known: Known,
) -> PostingView:
    """Everything about the posting in front of the colleague."""
    state = "核验过" if job.employer.is_verified else job.employer.state.label
    line = f"{job.employer.name}，{job.employer.kind.label}，{state}"
    return PostingView(
        job.id,
        job.title,
        line,
        _written(job),
        tuple(_found(finding) for finding in job.findings),
        (
            *_facts(job, job.employer, record, reports, today, known.wages, known.sources),
            *((("看的人", known.figures),) if known.figures else ()),
        ),
        letter_for(job.title, job.findings),
        job.version,
        job.state is JobState.OPEN,
        has_block(job.findings),
        is_own,
        next_href,
        known.waits_for_second,
        known.twins,
    )


def _written(job: JobPosting) -> tuple[WrittenPart, ...]:
    parts = []
    for name, label in _FIELDS:
        text = str(getattr(job, name) or "")
        if text:
            marks = [finding for finding in job.findings if finding["field"] == name]
            parts.append(WrittenPart(label, tuple(mark_text(text, marks))))
    limits = [str(age) for age in (job.age_min, job.age_max) if age is not None]
    if limits:
        marked = any(finding["field"] == "age_max" for finding in job.findings)
        parts.append(WrittenPart("年龄", (Piece(f"{'-'.join(limits)} 岁", "w" if marked else ""),)))
    return tuple(parts)


def mark_text(text: str, findings: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """The text cut where findings begin and end; of two that overlap the first counts.

    >>> found = {"start": 0, "quote": "押金", "severity": "block"}
    >>> [piece.words for piece in mark_text("押金300元", [found])]
    ['押金', '300元']
    """
    pieces: list[Piece] = []
    at = 0
    for finding in sorted(findings, key=lambda found: int(found["start"])):
        start, quote = int(finding["start"]), str(finding["quote"])
        if start < at or text[start : start + len(quote)] != quote or not quote:
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(quote, "b" if finding["severity"] == Severity.BLOCK else "w"))
        at = start + len(quote)
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


def _found(finding: Mapping[str, Any]) -> FoundLine:
    rule, severity = Rule(finding["rule"]), Severity(finding["severity"])
    tone = "late" if severity is Severity.BLOCK else "now"
    return FoundLine(severity.label, tone, rule.label, finding["quote"], finding["advice"], LAWS[rule])


def _facts(
    job: JobPosting,
    employer: Employer,
    record: FirmRecord,
    reports: Sequence[JobReport],
    today: date,
    wages: Sequence[Tier],
    sources: str,
) -> tuple[tuple[str, str], ...]:
    back = f"{record.sent_back} 次" if record.sent_back else "没有"
    if record.last_reason:
        back += f"，上回说的是：{record.last_reason[:40]}"
    facts = [
        ("单位", employer.state.label),
        ("发过", f"{record.postings} 个岗位" if record.postings else "头一回发"),
        ("退回", back),
        ("招", f"{job.openings} 人，到 {job.valid_until:%m-%d} 截止"),
        ("来路", sources),
        ("交来", f"{job.updated_at.astimezone(OFFICE_ZONE):%m-%d %H:%M}"),
    ]
    facts.insert(3, ("最低工资", minimum_words(job.region_code, today, wages)))
    for report in reports[:3]:
        said = f"：{report.note}" if report.note else ""
        facts.append(("举报", f"{report.reason.label}{said}"))
    return tuple(facts)


def minimum_words(region_code: str, today: date, wages: Sequence[Tier]) -> str:
    """What the law asks at least at a place, or that nobody put it into the table."""
    least = find_minimum_wage(region_code, today, wages)
    if least is None:
        return "本地的标准还没填进表里，工资够不够要人看"
    return f"{least.words}每月 {yuan(least.month_fen)} 元（{least.effective_on} 起）"


def letter_for(title: str, findings: Sequence[Mapping[str, Any]]) -> str:
    """The words that send a posting back, ready to be changed; never longer than a reason may be."""
    if not findings:
        return ""
    blocks = [finding for finding in findings if finding["severity"] == Severity.BLOCK] or list(findings)
    head = f"您好，“{title[:20]}”有 {len(blocks)} 处要改才能上："
    tail = "改好再交上来，我们马上看。"
    body = ""
    for number, finding in enumerate(blocks, 1):
        advice = str(finding["advice"]).split("。")[0]
        line = f"{number}. “{finding['quote'][:14]}”（{Rule(finding['rule']).label}）：{advice}。"
        if len(head) + len(body) + len(line) + len(tail) > LETTER_MOST:
            break
        body += line
    return f"{head}{body}{tail}"[:LETTER_MOST]
