"""推荐单页的内容: how it stands, what happened in plain words, and what the reader may do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.core.clock import OFFICE_ZONE
from app.referrals.models import Referral
from app.referrals.roll_call import SAID_ABSENT, SAID_CAME
from app.referrals.shown import ReferralEventOut, ReferralOut
from app.referrals.silence import SILENCE
from app.referrals.spells.models import FollowUpCheck
from app.referrals.terms import (
    Channel,
    DeclineReason,
    Evidence,
    Party,
    ReferralAction,
    ReferralState,
    RefuseReason,
    StepKind,
)
from app.web.formats import yuan
from app.web.staff.wording import HistoryLine, day_words

# What the buttons say; the sentence after "记下了" is the event's own.
STEP_WORDS: Final = (
    {action.value: action.label for action in ReferralAction}
    | {step.value: step.label for step in StepKind}
    | {SILENCE: "说单位一直没打电话"}
)
_STATE_WORDS: Final = {
    ReferralState.DRAFT: "还没发出去",
    ReferralState.OFFERED: "推出去了，等本人回话",
    ReferralState.INTERESTED: "本人愿意，等着送给单位",
    ReferralState.SUBMITTED: "送到单位了，等回话",
    ReferralState.VIEWED: "单位看过了，等回话",
    ReferralState.INTERVIEW: "约好见面了",
    ReferralState.POOLED: "单位先留着，列为备选",
    ReferralState.HIRED: "要了，等着上班",
    ReferralState.DEPARTING: "动身了，等着到岗",
    ReferralState.ONBOARD: "上班了",
    ReferralState.DECLINED: "本人不去",
    ReferralState.REFUSED: "单位没录用",
    ReferralState.NO_SHOW: "没到场",
    ReferralState.WITHDRAWN: "撤回了",
    ReferralState.OBSOLETE: "已经在别处上班",
    ReferralState.EXPIRED: "过了时限，关了",
    ReferralState.CANCELLED: "岗位没了",
}
_GOOD: Final = frozenset({ReferralState.ONBOARD, ReferralState.HIRED, ReferralState.DEPARTING})
EVIDENCES: Final = (
    (Evidence.VISIT, "去看过，人在"),
    (Evidence.ROLL_CALL, "点过名"),
    (Evidence.SELF, "本人电话里说的"),
    (Evidence.CONTRACT, "有合同"),
    (Evidence.PAYROLL, "有工资单"),
)


@dataclass(frozen=True)
class ReferralLine:
    """一张推荐单 as a line of a person's page."""

    href: str
    title: str
    employer: str
    state: str
    tone: str
    day: str


@dataclass(frozen=True)
class ReferralView:
    """推荐单: `may` are the codes of the actions the reader has; `letter` is what the person reads."""

    id: int
    name: str
    person_href: str
    title: str
    employer: str
    state: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    letter: str
    may: frozenset[str]
    tel: str
    tel_words: str
    firm_tel: str
    firm_tel_words: str
    token: str
    history: tuple[HistoryLine, ...]
    link: str
    today: str
    agreed_on: str
    usual_wage: str
    check_href: str
    waits_for_firm: bool
    checks: tuple[tuple[str, str], ...] = ()
    is_stable: bool = False
    decline_reasons: tuple[tuple[str, str], ...] = tuple((one.value, one.label) for one in DeclineReason)
    refuse_reasons: tuple[tuple[str, str], ...] = tuple((one.value, one.label) for one in RefuseReason)
    evidences: tuple[tuple[str, str], ...] = tuple((one.value, words) for one, words in EVIDENCES)
    problem: str = ""
    # Which part of the page stays open after a mistake in it.
    open: str = ""


def state_words(state: ReferralState) -> str:
    """How a referral stands, as one says it."""
    return _STATE_WORDS[state]


def tone_of(state: ReferralState) -> str:
    """The colour of a state: good, waiting, over."""
    if state in _GOOD:
        return "ok"
    over = (
        *(ReferralState.DECLINED, ReferralState.REFUSED, ReferralState.NO_SHOW, ReferralState.WITHDRAWN),
        *(ReferralState.OBSOLETE, ReferralState.EXPIRED, ReferralState.CANCELLED),
    )
    return "" if state in over else "now"


def referral_line(referral: Referral, today: date) -> ReferralLine:
    """A referral with its posting and employer loaded."""
    return ReferralLine(
        f"/staff/referrals/{referral.id}",
        referral.job.title,
        referral.job.employer.name,
        state_words(referral.state),
        tone_of(referral.state),
        day_words(referral.entered_at, today),
    )


def facts_of(out: ReferralOut, today: date) -> tuple[tuple[str, str], ...]:
    """What was agreed so far."""
    pairs = [
        ("推荐人说", out.note or ""),
        ("见面", _moment(out.interview_at) if out.interview_at else ""),
        ("见面的地方", out.interview_place),
        ("哪天上班", day_words(out.starts_on, today) if out.starts_on else ""),
        ("说好的工钱", f"一个月 {yuan(out.wage_fen)} 元" if out.wage_fen else ""),
        ("为什么", out.reason if out.state is not ReferralState.ONBOARD else ""),
    ]
    return tuple((label, words) for label, words in pairs if words)


def _moment(at: datetime) -> str:
    local = at.astimezone(OFFICE_ZONE)
    return f"{local.month} 月 {local.day} 日 {local.hour}:{local.minute:02d}"


def check_lines(checks: Sequence[FollowUpCheck], today: date) -> tuple[tuple[str, str], ...]:
    """Each check that was asked or is still to come: which day, and what it showed."""
    lines = []
    for check in checks:
        if check.outcome is not None:
            words = check.outcome.label
        elif check.settled_at is not None:
            words = "不用问了"
        else:
            words = f"{day_words(check.due_on, today)}问"
        lines.append((f"第 {check.day} 天", words))
    return tuple(lines)


def history_of(
    events: Sequence[ReferralEventOut], names: Mapping[int, str], today: date
) -> tuple[HistoryLine, ...]:
    """The log in plain words, the latest first."""
    return tuple(_event_line(event, names, today) for event in reversed(events))


def _event_line(event: ReferralEventOut, names: Mapping[int, str], today: date) -> HistoryLine:
    if event.reason in (SAID_CAME, SAID_ABSENT):
        return HistoryLine(event.reason, _moment(event.at), _who(event, names), "", ())
    title = STEP_WORDS.get(event.action, event.to_state.label)
    words = []
    at = event.detail.get("interview_at")
    if isinstance(at, str):
        words.append(f"{_moment(datetime.fromisoformat(at))}见面")
    if event.detail.get("interview_place"):
        words.append(str(event.detail["interview_place"]))
    starts = event.detail.get("starts_on")
    if isinstance(starts, str) and event.action != ReferralAction.INTERVIEW.value:
        words.append(f"{day_words(date.fromisoformat(starts), today)}上班")
    if event.detail.get("wage_fen"):
        words.append(f"一个月 {yuan(int(event.detail['wage_fen']))} 元")
    if event.evidence is not None:
        words.append(event.evidence.label)
    if words:
        title = f"{title}：{'，'.join(words)}"
    reasons = {one.value: one.label for one in (*DeclineReason, *RefuseReason)}
    return HistoryLine(
        title, _moment(event.at), _who(event, names), reasons.get(event.reason, event.reason), ()
    )


def _who(event: ReferralEventOut, names: Mapping[int, str]) -> str:
    name = names.get(event.actor_id or 0, "")
    if event.party is Party.SYSTEM:
        return "到时候自动办的"
    if event.party is not Party.OFFICER:
        return f"{event.party.label}自己办的"
    by = f"{name or '同事'}记"
    if event.acting_for is None:
        return by
    said = event.channel.label if event.channel is not Channel.OFFICE else "说的"
    return f"{event.acting_for.label}{said}，{by}"
