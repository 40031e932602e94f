"""报名各页的内容: the form, the receipt, an offer to answer. Plain values, no sessions."""

from dataclasses import dataclass, field
from datetime import date, datetime

from babel.dates import format_time

from app.core.clock import OFFICE_ZONE, office_day
from app.core.http import ReadSession
from app.jobs import queries as job_queries
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.referrals.models import Referral
from app.referrals.terms import DeclineReason, Party, ReferralState
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.terms import WishState
from app.regions.terms import Reach
from app.web.formats import day_words, yuan
from app.web.languages import Language, mark
from app.web.portal.cards import job_card
from app.web.portal.check_ins import CheckInView
from app.web.portal.places import Place
from app.web.portal.views import JobCard, Officer, PlaceView
from app.web.reader import Reader

_SIMILAR = 2
_USUAL_ANSWER_DAYS = 3


@dataclass(frozen=True)
class Typing:
    """填了什么: stays in the fields when something must be changed; `problems` are (field, sentence)."""

    name: str = ""
    phone: str = ""
    for_family: bool = False
    problems: tuple[tuple[str, str], ...] = ()

    def problem(self, field_name: str) -> str:
        return dict(self.problems).get(field_name, "")


NOTHING_TYPED = Typing()


@dataclass(frozen=True)
class ApplyPage:
    """报名."""

    card: JobCard
    place: PlaceView | None
    token: str
    action: str
    back_href: str
    call_href: str
    typed: Typing = NOTHING_TYPED


@dataclass(frozen=True)
class Step:
    """路上的一步: `when` is "done", "now" or "todo"."""

    title: str
    when: str
    note: str = ""


@dataclass(frozen=True)
class ReceiptPage:
    """回执: what was asked for, how it stands, what comes next and when."""

    title: str
    number: int
    card: JobCard
    steps: tuple[Step, ...]
    promise: str
    officer: Officer | None
    is_over: bool
    may_withdraw: bool
    action: str
    job_href: str
    similar: tuple[JobCard, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class AnswerPage:
    """回个话: an offer with its two buttons, or how a referral stands. `letter` why the firm said no, `tried`
    the step that met a `problem`."""

    greeting: str
    referrer: str
    card: JobCard
    answer_by: str
    officer: Officer | None
    action: str
    token: str
    is_waiting: bool
    title: str
    steps: tuple[Step, ...] = ()
    letter: str = ""
    jobs_href: str = ""
    may_withdraw: bool = False
    may_arrive: bool = False
    may_tell_silence: bool = False
    told_silence: bool = False
    problem: str = ""
    tried: str = ""
    asks_why: bool = False
    check_in: CheckInView | None = None
    reasons_to_decline: tuple[tuple[str, str, str], ...] = field(
        default=(
            (DeclineReason.TOO_FAR.value, mark("太远"), "pin"),
            (DeclineReason.LOW_PAY.value, mark("钱少"), "coin"),
            (DeclineReason.HOURS.value, mark("时间对不上"), "shift"),
            (DeclineReason.FAMILY.value, mark("家里走不开"), "family"),
            (DeclineReason.HEALTH.value, mark("身体不方便"), "me"),
            (DeclineReason.NOT_MY_TRADE.value, mark("不爱干这种活"), "no"),
            (DeclineReason.HAS_WORK.value, mark("已经有活了"), "ok"),
        )
    )


def moment_words(language: Language, at: datetime) -> str:
    """11 月 24 日 9:12."""
    local = at.astimezone(OFFICE_ZONE)
    day = day_words(language, local.date(), local.date())
    return f"{day} {format_time(local, 'H:mm', locale=language.tag.replace('-', '_'))}"


def wish_steps(language: Language, wish: JobWish, referral: Referral | None) -> tuple[Step, ...]:
    """Where a wish stands, from asking to the first day at work."""
    _ = language.gettext
    asked = Step(_("你报了名"), "done", moment_words(language, wish.created_at))
    if referral is not None:
        return (asked, *referral_steps(language, referral, is_asked_for=True))
    if wish.state is WishState.WITHDRAWN:
        return (asked, Step(_("你撤了"), "done"))
    if wish.state is WishState.CLOSED:
        label = wish.close_reason.label if wish.close_reason else ""
        return (asked, Step(_("没办成"), "done", label))
    by = day_words(language, office_day(wish.due_at), office_day(wish.created_at))
    return (
        asked,
        Step(_("信息员给你打电话"), "now", _("最晚 %(day)s。问清楚你会干什么、哪天能去。") % {"day": by}),
        Step(_("跟厂里说好，去看看"), "todo", _("带身份证就行")),
        Step(_("上班"), "todo"),
    )


def referral_steps(language: Language, referral: Referral, *, is_asked_for: bool = False) -> tuple[Step, ...]:
    """Where a referral stands after the person said yes (or, `is_asked_for`, asked for it first)."""
    _ = language.gettext
    state, today = referral.state, office_day(referral.updated_at)
    order = (ReferralState.SUBMITTED, ReferralState.INTERVIEW, ReferralState.HIRED, ReferralState.ONBOARD)
    reached = {
        ReferralState.INTERESTED: -1,
        ReferralState.SUBMITTED: 0,
        ReferralState.VIEWED: 0,
        ReferralState.POOLED: 1,
        ReferralState.INTERVIEW: 1,
        ReferralState.HIRED: 2,
        ReferralState.DEPARTING: 2,
        ReferralState.ONBOARD: 3,
    }.get(state)
    said = () if is_asked_for else _said_yes(language, referral)
    if reached is None:
        title, note = _ended_words(language, referral)
        return (*said, Step(title, "done", note))
    notes = {
        ReferralState.SUBMITTED: _("一般 %(n)s 天内有回话，电话要接。") % {"n": _USUAL_ANSWER_DAYS},
        ReferralState.INTERVIEW: _("带身份证就行"),
    }
    lasting: dict[ReferralState, str] = {}
    if referral.interview_at is not None:
        place = referral.interview_place or ""
        lasting[ReferralState.INTERVIEW] = " ".join(
            filter(None, (moment_words(language, referral.interview_at), place))
        )
    if referral.starts_on is not None:
        lasting[ReferralState.HIRED] = _agreed(language, referral, today)
    titles = (_("厂里给你回话"), _("去厂里看看"), _("定工钱、定日子"), _("上班"))
    found: list[Step] = []
    for at, (each, title) in enumerate(zip(order, titles, strict=True)):
        done = at < reached or (at == reached and state is ReferralState.ONBOARD)
        when = "done" if done else "now" if at == max(reached, 0) else "todo"
        found.append(Step(title, when, lasting.get(each) or ("" if done else notes.get(each, ""))))
    return (*said, *found)


def _said_yes(language: Language, referral: Referral) -> tuple[Step, ...]:
    """The first step of somebody who was offered the work and wanted it."""
    wanted = referral.submitted_at is not None or referral.state is ReferralState.INTERESTED
    if referral.offered_at is None or referral.answered_at is None or not wanted:
        return ()
    return (Step(language.gettext("你说愿意去"), "done", moment_words(language, referral.answered_at)),)


def _agreed(language: Language, referral: Referral, today: date) -> str:
    """11 月 25 日上班，一个月 3,300 元."""
    _ = language.gettext
    day = day_words(language, referral.starts_on or today, today)
    if not referral.wage_fen:
        return _("%(day)s上班") % {"day": day}
    return _("%(day)s上班，一个月 %(yuan)s 元") % {"day": day, "yuan": yuan(referral.wage_fen)}


def _ended_words(language: Language, referral: Referral) -> tuple[str, str]:
    """How a referral ended, and why or what to do now."""
    _ = language.gettext
    if referral.state is ReferralState.EXPIRED and referral.late_party is Party.EMPLOYER:
        return _("厂里一直没回话，先关了"), _("不是你的事，我们接着给你找。")
    if referral.state is ReferralState.EXPIRED:
        return _("没等到你的回话，先关了"), _("还想去，打下面的电话说一声。")
    return _ended_title(language, referral.state), referral.reason


def _ended_title(language: Language, state: ReferralState) -> str:
    _ = language.gettext
    return {
        ReferralState.OFFERED: _("等你回话"),
        ReferralState.DECLINED: _("你说不去"),
        ReferralState.REFUSED: _("没成，不是你的事"),
        ReferralState.NO_SHOW: _("那天没去成"),
        ReferralState.WITHDRAWN: _("你撤了"),
        ReferralState.OBSOLETE: _("你已经在别处上班了"),
        ReferralState.CANCELLED: _("厂里不招了"),
    }.get(state, state.label)


def similar_cards(
    session: ReadSession, reader: Reader, place: Place | None, job: JobPosting, now: datetime
) -> tuple[JobCard, ...]:
    """Two others near the reader's place."""
    if place is None:
        return ()
    filters = JobFilters(region_code=place.code, within=Reach.ANYWHERE, near=place.point)
    found, _next = job_queries.list_open_jobs(session, filters, office_day(now), limit=_SIMILAR + 1)
    return tuple(job_card(other, reader, place) for other in found if other.id != job.id)[:_SIMILAR]
