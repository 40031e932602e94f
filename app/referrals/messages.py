"""告知的话: which template says what about a referral, with which words. Pure but for the officer's phone.

Officers are told nothing by message: what they should do stands on today's list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isqrt
from typing import Final

from app.core.clock import OFFICE_ZONE
from app.jobs import queries as job_queries
from app.jobs import rules as job_rules
from app.jobs.models import JobPosting
from app.referrals.models import Referral
from app.referrals.rules import Tell
from app.referrals.terms import Party, ReferralState, TellKind
from app.regions import gazetteer
from app.seekers.models import Person

# The work a template can name in an SMS of one part (70 characters with the signature).
_LONGEST_NAME: Final = 10
_TO_PERSON: Final[Mapping[TellKind, str]] = {
    TellKind.OFFER: "job_offer",
    TellKind.NUDGE: "job_offer_reminder",
    TellKind.RECEIPT: "applied",
    TellKind.PROGRESS: "progress",
    TellKind.INTERVIEW: "interview",
    TellKind.REFUSAL: "refused",
    TellKind.ARRIVED: "arrived",
    TellKind.CANCELLED: "obsolete",
    TellKind.CLOSED: "closed",
    TellKind.MAY_PHONE: "employer_silent",
}
_TO_EMPLOYER: Final[Mapping[TellKind, str]] = {
    TellKind.CHASE: "employer_chase",
    TellKind.WITHDRAWN: "employer_withdrawn",
    TellKind.PROGRESS: "employer_departing",
    TellKind.NO_SHOW: "employer_no_show",
    TellKind.CONFIRM_POSTING: "confirm_posting",
    TellKind.POSTING_PAUSED: "posting_paused",
    TellKind.EMPLOYER_MUTED: "employer_muted",
}


@dataclass(frozen=True)
class Office:
    """谁在说: the phone a reader can call back, and the link that belongs to the message ('' = none)."""

    phone: str
    link: str = ""


def template_for(tell: Tell, referral: Referral | None) -> str | None:
    """The template of something to be told; None where a message says nothing about it."""
    if tell.to is Party.PERSON:
        if tell.kind is TellKind.PROGRESS and referral is not None and referral.state is ReferralState.HIRED:
            return "hired"
        return _TO_PERSON.get(tell.kind)
    return _TO_EMPLOYER.get(tell.kind) if tell.to is Party.EMPLOYER else None


def words_of_offer(person: Person, job: JobPosting, office: Office) -> dict[str, str]:
    """Every word an offer of a posting (employer loaded) to somebody may ask for."""
    return {
        "name": f"{person.name[:1]}师傅",
        "firm": short_name(job.employer.name),
        "job": short_name(job.title),
        "wage": job_rules.wage_words(
            job.wage_min_fen, job.wage_max_fen, job.wage_unit, negotiable=job.wage_negotiable
        ),
        "where": _where(person, job),
        "phone": office.phone,
        "link": office.link,
    }


def words_to_person(referral: Referral, office: Office, answer_days: int) -> dict[str, str]:
    """Every word a template to the person may ask for."""
    job = referral.job
    return words_of_offer(referral.person, job, office) | {
        "when": _when(referral.interview_at, referral.starts_on),
        "place": referral.interview_place or short_name(job.address) or "单位里",
        "reason": referral.reason or "这回没定您",
        "within": f"{answer_days}天",
        "progress": referral.state.label,
    }


def words_to_employer(job: JobPosting, office: Office, day: str, *, count: int, days: int) -> dict[str, str]:
    """Every word a template to the firm may ask for; nobody is named."""
    return {
        "firm": short_name(job.employer.name),
        "job": short_name(job.title),
        "count": str(count),
        "days": str(max(1, days)),
        "within": "3天",
        "when": day,
        "until": day,
        "link": office.link,
        "phone": office.phone,
    }


def only_asked_for(slots: tuple[str, ...], words: Mapping[str, str]) -> dict[str, str]:
    """The words a template has room for."""
    return {slot: words[slot] for slot in slots}


def day_text(day: date) -> str:
    """12月1日."""
    return f"{day.month}月{day.day}日"


def _when(interview_at: datetime | None, starts_on: date | None) -> str:
    if starts_on is not None:
        return day_text(starts_on)
    if interview_at is None:
        return "约好的时间"
    local = interview_at.astimezone(OFFICE_ZONE)
    minutes = f"{local.minute:02d}分" if local.minute else ""
    half = "上午" if local.hour < 12 else "下午"
    hour = local.hour if local.hour <= 12 else local.hour - 12
    return f"{day_text(local.date())}{half}{hour}点{minutes}"


def short_name(text: str) -> str:
    """A firm or a posting as a message names it: without brackets, cut to ten characters."""
    plain = text.split("（")[0].split("(")[0].strip()
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "…"


def _where(person: Person, job: JobPosting) -> str:
    """离家4公里 where both points are known, else the town."""
    if person.x is not None and person.y is not None and job.point_is_exact:
        km = (isqrt(job_queries.squared_way(job, (person.x, person.y))) + 500) // 1000
        return f"离家{km}公里" if km else "离家很近"
    nearest = gazetteer.find_nearest(job.region_code)
    return f"在{nearest.name}" if nearest else "地方问一下"
