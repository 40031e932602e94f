"""推岗位各页的内容: postings to push, people for one, postings for a person, and what came of a push."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.core.clock import office_day
from app.jobs.models import JobPosting
from app.jobs.schemas import JobOut, WageOut
from app.matching.schemas import MatchOut, PersonMatchOut
from app.matching.terms import Gate
from app.occupations.terms import WageUnit
from app.referrals.guards import AGAIN, TOO_MANY
from app.referrals.models import Referral
from app.referrals.previewing import OfferPreview
from app.referrals.rules import NOT_AGAIN_WITHIN
from app.web.formats import Pay
from app.web.portal.cards import pay_of
from app.web.staff.campaign_views import moment
from app.web.staff.wording import place_name

AT_ONCE: Final = 5
"""So many are ticked at first and sent without a second look; above it a preview comes first."""
_UNMADE: Final = re.compile(r"/a/x{8,}")
_BOARD: Final = (("board", "管饭"), ("lodging", "管住"), ("transport", "有车接"))


@dataclass(frozen=True)
class JobLine:
    """一个岗位: what an officer says on the phone about it."""

    id: int
    title: str
    employer: str
    place: str
    pay: Pay
    openings: int
    left: int
    facts: tuple[str, ...]
    href: str


@dataclass(frozen=True)
class JobsView:
    """正在招的岗位."""

    q: str
    everywhere: bool
    rows: tuple[JobLine, ...]
    next: str | None
    is_first: bool
    county: str


@dataclass(frozen=True)
class Candidate:
    """一个合适的人: `state` says how an earlier push of this posting stands; `is_ticked` at first."""

    id: int
    name: str
    line: str
    tag: str
    reasons: tuple[str, ...]
    gaps: tuple[str, ...]
    state: str = ""
    referral_id: int | None = None
    is_ticked: bool = False
    may_again: bool = True


@dataclass(frozen=True)
class PushView:
    """送岗到人."""

    job: JobLine
    rows: tuple[Candidate, ...]
    total: int
    excluded: tuple[tuple[str, int], ...]
    ticked: int
    may_push: bool
    token: str
    more_href: str
    problem: str = ""


@dataclass(frozen=True)
class Named:
    """一个人和一句话."""

    name: str
    words: str = ""
    href: str = ""


@dataclass(frozen=True)
class ReadyLine:
    """会送给的一个人: how they are told, when if not at once, and the words with their length."""

    name: str
    way: str
    when: str = ""
    text: str = ""
    length: int = 0
    parts: int = 0


@dataclass(frozen=True)
class PreviewView:
    """发之前看一眼: more than five were ticked, or somebody asked to look."""

    job: JobLine
    ready: tuple[ReadyLine, ...]
    skipped: tuple[Named, ...]
    ids: tuple[int, ...]
    token: str
    # Of all together: how many messages are billed, and what they cost.
    parts: int = 0
    cost: str = ""


@dataclass(frozen=True)
class ResultView:
    """推完了: who has it, who was left out and why."""

    job: JobLine
    sent: tuple[Named, ...]
    skipped: tuple[Named, ...]
    again: bool


@dataclass(frozen=True)
class Offer:
    """给这个人的一个岗位."""

    job: JobLine
    verdict: str
    reasons: tuple[str, ...]
    gaps: tuple[str, ...]
    token: str
    state: str = ""
    referral_id: int | None = None
    may_again: bool = True


@dataclass(frozen=True)
class PersonPushView:
    """合适的岗位."""

    id: int
    name: str
    line: str
    tel: str
    tel_words: str
    offers: tuple[Offer, ...]
    total: int
    misses: tuple[str, ...]
    may_push: bool
    problem: str = ""


def ready_line(name: str, preview: OfferPreview, now: datetime) -> ReadyLine:
    """What one person gets; the last part of their own link is not made yet."""
    when = ""
    if preview.due_at is not None and preview.due_at > now:
        when = f"{moment(preview.due_at, now)}才发"
    text = _UNMADE.sub("/a/……", preview.text)
    return ReadyLine(name, preview.way.label, when, text, len(preview.text), preview.parts)


def job_line(job: JobPosting, villages: Mapping[str, str]) -> JobLine:
    """A posting (employer loaded) as a line."""
    return JobLine(
        id=job.id,
        title=job.title,
        employer=job.employer.name,
        place=place_name(job.region_code, villages),
        pay=pay_of(job),
        openings=job.openings,
        left=max(job.openings - job.filled - job.held, 0),
        facts=tuple(words for name, words in _BOARD if getattr(job, name)),
        href=f"/staff/jobs/{job.id}/push",
    )


def line_of_out(job: JobOut) -> JobLine:
    """The same of a posting as matching answers it."""
    return JobLine(
        id=job.id,
        title=job.title,
        employer=job.employer.name,
        place=job.region.name,
        pay=_pay(job.wage),
        openings=job.openings,
        left=max(job.openings - job.filled, 0),
        facts=tuple(words for name, words in _BOARD if getattr(job, name)),
        href=f"/staff/jobs/{job.id}/push",
    )


def _pay(wage: WageOut) -> Pay:
    unit = WageUnit(wage.unit).value if wage.unit else None
    return Pay(wage.min_fen, wage.max_fen, unit, wage.negotiable, wage.estimate_fen, wage.text or "")


def may_again(asked: Referral | None, now: datetime) -> bool:
    """Whether a posting may be offered (again): the last time is over, and a week ago."""
    return asked is None or (not asked.is_live and asked.created_at <= now - NOT_AGAIN_WITHIN)


def candidate(match: PersonMatchOut, asked: Referral | None, now: datetime, *, is_ticked: bool) -> Candidate:
    """Somebody who fits; `asked` is the latest referral of this posting to them."""
    seeker = match.seeker
    words = [f"{seeker.age} 岁" if seeker.age is not None else "", seeker.labour_class.label]
    days = (office_day(now) - seeker.seeking_since_on).days if seeker.seeking_since_on else 0
    return Candidate(
        seeker.id,
        seeker.name,
        "，".join(word for word in words if word),
        f"等活 {days} 天" if days > 0 else "",
        tuple(match.reasons),
        tuple(match.gaps),
        f"推过了：{asked.state.label}" if asked is not None else "",
        asked.id if asked is not None else None,
        is_ticked,
        may_again(asked, now),
    )


def offer(match: MatchOut, asked: Referral | None, token: str, now: datetime) -> Offer:
    """A posting that fits somebody."""
    return Offer(
        line_of_out(match.job),
        match.verdict_label,
        tuple(match.reasons),
        tuple(match.gaps),
        token,
        f"推过了：{asked.state.label}" if asked is not None else "",
        asked.id if asked is not None else None,
        may_again(asked, now),
    )


def why_skipped(gate: str, title: str) -> str:
    """Why somebody was left out, short enough for a list."""
    short = {AGAIN: "7 天内推过这个活了", TOO_MANY: "手上已有 3 个活没回话"}
    found = next((each.label for each in Gate if each.value == gate), "")
    return short.get(gate) or found or title


def excluded_words(excluded: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Why the others are not in the list, the most frequent first."""
    labels = {gate.value: gate.label for gate in Gate}
    found = [(labels.get(code, code), count) for code, count in excluded.items() if count]
    return tuple(sorted(found, key=lambda pair: -pair[1]))
