"""群发各页的内容: the list, the form, and one campaign from draft to report. Plain values and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.clock import OFFICE_ZONE
from app.notifications.campaign_reports import CampaignReport
from app.notifications.models import MessageCampaign
from app.notifications.rules import is_quiet
from app.notifications.terms import CampaignState, MessageState, SkipReason
from app.notifications.wording import Preview
from app.referrals.mailing.answers import CampaignAnswer
from app.web.formats import yuan
from app.web.staff.fields import Group
from app.web.staff.wording import day_words, place_name

_PLANNING = "正在排人"
_TONES = {
    CampaignState.RUNNING: "now",
    CampaignState.DONE: "ok",
    CampaignState.PAUSED: "late",
}
# What became of the messages, as sentences, in the order in which they matter.
_FATES = (
    ("送到了", "#1b6a43", (MessageState.DELIVERED,)),
    ("交给运营商了，等回执", "#7fa88c", (MessageState.ACCEPTED,)),
    ("没送到", "#98142a", (MessageState.FAILED,)),
    ("说不清送没送到", "#7a5200", (MessageState.UNKNOWN,)),
    ("没有发", "#85765c", (MessageState.DROPPED,)),
    ("还没发", "#f1e8d6", (MessageState.WAITING, MessageState.CALLING)),
)


@dataclass(frozen=True)
class CampaignLine:
    """群发列表的一行."""

    href: str
    title: str
    line: str
    state: str
    tone: str
    is_mine_to_approve: bool


@dataclass(frozen=True)
class KindLine:
    """能发的一种."""

    href: str
    title: str
    line: str


@dataclass(frozen=True)
class CampaignsView:
    """群发列表."""

    rows: tuple[CampaignLine, ...]
    kinds: tuple[KindLine, ...]
    limit: str
    may_opt_out: bool = True


@dataclass(frozen=True)
class Counted:
    """数了数: how many people the filters give, and what that would cost."""

    people: int
    with_phone: int
    cost: str
    too_many: str = ""

    @property
    def without_phone(self) -> int:
        return self.people - self.with_phone


@dataclass(frozen=True)
class NewView:
    """拟一次群发: `groups` the form, `sample` how the text looks, `counted` after "先数一数"."""

    code: str
    title: str
    job_line: str
    job_id: int
    groups: tuple[Group, ...]
    limit: str
    token: str
    sample: Preview | None = None
    counted: Counted | None = None
    problem: str = ""
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sample:
    """发出去的话: what a phone shows, how long it is, how many messages are billed."""

    text: str
    length: int
    parts: int


@dataclass(frozen=True)
class Figure:
    """一行数: `href` leads to the people behind it, `share` is its part of the bar in thousandths."""

    words: str
    count: int
    href: str = ""
    share: int = 0
    colour: str = ""


@dataclass(frozen=True)
class CampaignView:
    """一次群发, from draft to report."""

    id: int
    title: str
    kind: str
    place: str
    state: str
    tone: str
    lines: tuple[str, ...]
    warnings: tuple[str, ...]
    samples: tuple[Sample, ...]
    skips: tuple[Figure, ...]
    fates: tuple[Figure, ...]
    answers: tuple[Figure, ...]
    planned: int
    people: int
    cost: str
    doubts: int
    is_planning: bool
    is_running: bool
    may_approve: bool
    may_start: bool
    may_pause: bool
    may_resume: bool
    may_stop: bool
    waits_for_other: bool
    csrf: str = ""


@dataclass(frozen=True)
class SkippedView:
    """没有发给谁."""

    id: int
    title: str
    reason: str
    rows: tuple[tuple[str, str, str], ...]
    is_cut: bool


def money(fen: int) -> str:
    """61.5 元."""
    return f"{yuan(fen)} 元"


def moment(at: datetime, now: datetime) -> str:
    """11 月 22 日 9:05."""
    local = at.astimezone(OFFICE_ZONE)
    return f"{day_words(local, now.astimezone(OFFICE_ZONE).date())} {local.hour}:{local.minute:02d}"


def state_of(campaign: MessageCampaign, now: datetime) -> tuple[str, str]:
    """How it stands, in words, and the colour for it."""
    if campaign.state is CampaignState.DRAFT:
        if campaign.planned_at is None:
            return _PLANNING, "now"
        if campaign.needs_second_person and campaign.approved_by is None:
            return "等另一位同事点头", "now"
        return "拟好了，还没发", ""
    if campaign.state is CampaignState.RUNNING and is_quiet(now):
        return "晚上歇着，早上 8 点接着发", "now"
    return campaign.state.label, _TONES.get(campaign.state, "")


def line_of(
    campaign: MessageCampaign, now: datetime, villages: Mapping[str, str], *, approves: bool
) -> CampaignLine:
    """A campaign as a line of the list."""
    state, tone = state_of(campaign, now)
    place = place_name(campaign.region_code, villages)
    line = f"{place}，{campaign.people:,} 人，{moment(campaign.prepared_at, now)}拟的"
    return CampaignLine(f"/staff/campaigns/{campaign.id}", campaign.title, line, state, tone, approves)


def sample_of(preview: Preview) -> Sample:
    """What one person gets."""
    return Sample(preview.text, len(preview.text), preview.parts)


def fates_of(report: CampaignReport) -> tuple[Figure, ...]:
    """What became of the messages; zeros are left out."""
    whole = max(report.people, 1)
    found = []
    for words, colour, states in _FATES:
        count = report.count(*states)
        if count:
            found.append(Figure(words, count, share=count * 1000 // whole, colour=colour))
    return tuple(found)


def drops_of(report: CampaignReport) -> tuple[Figure, ...]:
    """Why messages were not sent after all."""
    return tuple(Figure(reason.label, count) for reason, count in report.dropped_for.items())


def skips_of(campaign_id: int, skips: Mapping[SkipReason, int]) -> tuple[Figure, ...]:
    """Who was left out and why; who comes later stands last."""
    return tuple(
        Figure(reason.label, skips[reason], f"/staff/campaigns/{campaign_id}/skipped?reason={reason.value}")
        for reason in SkipReason
        if skips.get(reason)
    )


def answers_of(answers: Mapping[CampaignAnswer, int], report: CampaignReport) -> tuple[Figure, ...]:
    """What people did afterwards."""
    found = [Figure(answer.label, count) for answer, count in answers.items()]
    if report.opted_out:
        found.append(Figure("收到后退订了", report.opted_out))
    return tuple(found)


def report_rows(
    by_place: Mapping[tuple[str, MessageState], int],
    report: CampaignReport,
    skips: Mapping[SkipReason, int],
    answers: Sequence[Figure],
    villages: Mapping[str, str],
) -> tuple[tuple[str, ...], list[list[str | int]]]:
    """The report as a table: by place, then who was left out, then the answers. No name and no number of
    anybody."""
    heads = [words for words, _, _ in _FATES]
    totals = [report.count(*states) for _, _, states in _FATES]
    rows: list[list[str | int]] = [["合计", report.people, *totals]]
    for place in sorted({place for place, _ in by_place}):
        counts = [sum(by_place.get((place, state), 0) for state in states) for _, _, states in _FATES]
        rows.append([place_name(place, villages), sum(counts), *counts])
    rows += [[f"没有发或晚发：{reason.label}", skips[reason]] for reason in SkipReason if skips.get(reason)]
    rows += [[f"排好后没有发：{figure.words}", figure.count] for figure in drops_of(report)]
    rows += [[f"回音：{figure.words}", figure.count] for figure in answers]
    rows.append(["花费（元）", yuan(report.cost_fen).replace(",", "")])
    return ("地方", "收信人", *heads), rows
