"""收入不够，下一步帮什么: the six supplements for one person (DOMAIN D2), each with postings one tap away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.core.http import ReadSession, WriteSession
from app.matching.supplements.terms import IncomeState, SupplementKind, WorkKind
from app.policies import queries as guides
from app.policies.terms import GuideKind
from app.referrals.models import Referral
from app.referrals.policies import may_offer_in
from app.referrals.schemas import ReferralIn
from app.referrals.supplements import service
from app.referrals.supplements.schemas import (
    CertificateOut,
    SupplementJobOut,
    SupplementOut,
    SupplementsOut,
)
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.formats import phone_words
from app.web.staff import once
from app.web.staff import pushing_views as views
from app.web.staff.file_views import line_of
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page
from app.web.staff.pushing import asked_of_person, push_from_page
from app.web.staff.today_views import person_tel

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_TRAINING = "training"
"""The entry about free training that comes with the product."""


@dataclass(frozen=True)
class Extra:
    """增补的一个岗位: as a push page has it, with how much more it pays and what must be settled first."""

    offer: views.Offer
    more: str
    ask_first: str


Make = Callable[[SupplementJobOut], Extra]


@dataclass(frozen=True)
class Step:
    """考一个证."""

    text: str
    extras: tuple[Extra, ...]


@dataclass(frozen=True)
class Remedy:
    """一个增补."""

    label: str
    why: str
    looks_for: str
    changed: tuple[str, ...]
    extras: tuple[Extra, ...]
    steps: tuple[Step, ...]
    teaches: bool


@dataclass(frozen=True)
class Course:
    """学手艺的条目."""

    title: str
    href: str


@dataclass(frozen=True)
class SupplementsView:
    """收入不够，下一步帮什么."""

    id: int
    name: str
    line: str
    tel: str
    tel_words: str
    work: str
    is_short: bool
    is_enough: bool
    has_work: bool
    pay: str
    measures: tuple[tuple[str, bool | None], ...]
    household: str
    remedies: tuple[Remedy, ...]
    not_now: tuple[tuple[str, str], ...]
    courses: tuple[Course, ...]
    may_push: bool
    problem: str = ""


@router.get("/staff/people/{person_id}/supplements")
def show_supplements(request: Request, session: ReadSession, desk: StaffDesk, person_id: int) -> Response:
    """What somebody earns against every figure on record, and what to offer next."""
    return _page(request, session, desk, person_id)


@router.post("/staff/people/{person_id}/supplements")
def push_one(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    form: SentForm,
    job_id: Annotated[int, Form(ge=1, lt=2**53)],
) -> Response:
    """Offers one of the postings."""

    def show_again(problem: str, status: int) -> Response:
        return _page(request, session, desk, person_id, problem, status)

    return push_from_page(
        request, session, desk, form, ReferralIn(job_id=job_id, seeker_id=person_id), show_again
    )


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    person_id: int,
    problem: str = "",
    status: int = 200,
) -> Response:
    told = service.find_for(session, desk.actor, person_id, desk.today)
    person = ledger.get_person(session, desk.actor, person_id)
    asked = asked_of_person(session, desk, person_id)
    now, tel = desk.clock.now(), person_tel(desk.actor, person, desk.cipher)

    def extra(job: SupplementJobOut) -> Extra:
        return _extra(job, asked, once.token_for(request, desk.clock), now)

    shown = guides.list_shown(session, person.region_code, desk.today)
    view = SupplementsView(
        person.id,
        person.name,
        line_of(person, desk.today),
        tel,
        phone_words(tel),
        _tell_work(told),
        told.income.state is IncomeState.SHORT,
        told.income.state is IncomeState.ENOUGH,
        told.work.kind is not WorkKind.NONE,
        told.income.text,
        tuple((measure.text, measure.is_short) for measure in told.income.measures),
        told.household.text,
        tuple(_remedy(item, extra) for item in told.items),
        tuple((item.label, item.why.text) for item in told.not_now),
        tuple(
            Course(each.content.title, f"/policies/{each.slug}")
            for each in shown
            if each.kind is GuideKind.TRAINING or each.slug == _TRAINING
        ),
        may_offer_in(desk.actor, person.region_code) and person.closed_at is None,
        problem,
    )
    return console_page(request, desk.actor, "staff/supplements.html", view, status=status)


def _tell_work(told: SupplementsOut) -> str:
    """在广东省深圳市的某电子厂干装配工."""
    work = told.work
    if work.kind is not WorkKind.JOB:
        return work.label
    place = f"在{work.place_name}" if work.place_name else "上班的地方没写清"
    parts = (place, work.employer_name or "单位没写", work.title or "干什么没写")
    return "，".join(parts)


def _extra(job: SupplementJobOut, asked: Mapping[int, Referral], token: str, now: datetime) -> Extra:
    before = asked.get(job.job.id)
    offer = views.Offer(
        views.line_of_out(job.job),
        job.verdict_label,
        tuple(job.reasons),
        tuple(job.gaps),
        token,
        f"推过了：{before.state.label}" if before is not None else "",
        before.id if before is not None else None,
        views.may_again(before, now),
    )
    return Extra(offer, job.more_than_now, job.ask_first)


def _remedy(item: SupplementOut, extra: Make) -> Remedy:
    return Remedy(
        item.label,
        item.why.text,
        item.looks_for.text,
        tuple(sentence.text for sentence in item.changed),
        tuple(extra(job) for job in item.jobs),
        tuple(_step(step, extra) for step in item.certificates),
        item.kind is SupplementKind.SKILL,
    )


def _step(step: CertificateOut, extra: Make) -> Step:
    return Step(step.text, tuple(extra(job) for job in step.jobs))
