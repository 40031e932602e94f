"""送岗到人: from a posting to the people it fits, from a person to the postings that fit, with reasons."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession, WriteSession, get_settings
from app.jobs import queries as jobs
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.matching.schemas import PeopleRankingOut
from app.matching.service import match_job, match_seeker
from app.notifications.api import CurrentCarriers
from app.notifications.campaigns import Tariff
from app.notifications.carriers import Carriers
from app.referrals import offering, queries
from app.referrals.models import Referral
from app.referrals.policies import may_offer_in
from app.referrals.previewing import preview_offers
from app.referrals.queries import ReferralFilters
from app.referrals.schemas import ReferralIn
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.models import Person
from app.web.csrf import FORM_FIELD, check_csrf
from app.web.formats import phone_words
from app.web.staff import once, places
from app.web.staff import pushing_views as views
from app.web.staff.campaign_views import money
from app.web.staff.file_views import line_of
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page, may_work_referrals
from app.web.staff.today_views import person_tel
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_JOBS_PAGE: Final = 20
_PEOPLE_PAGE: Final = 10
_MOST_PEOPLE: Final = 50
_POSTINGS: Final = 8
# Referrals of a posting or person looked through for "asked before": far more than are ever live.
_LOOKED_THROUGH: Final = 200
_COUNTY_DIGITS: Final = 6
Cursor = Annotated[str | None, Query(max_length=400)]


@router.get("/staff/jobs")
def list_jobs(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    q: Annotated[str, Query(max_length=60)] = "",
    far: Annotated[str, Query(max_length=1)] = "",
    cursor: Cursor = None,
) -> Response:
    """Open postings, the newest first: of my county, or (`far`) of everywhere."""
    if not may_work_referrals(desk.actor):
        raise Forbidden("推岗位由村里、镇上的同事来办。")
    own = places.own_places(desk.actor)
    county = own[0][:_COUNTY_DIGITS] if own else ""
    filters = JobFilters(region_code=None if far or not county else county, query=q)
    found, following = jobs.list_open_jobs(session, filters, desk.today, limit=_JOBS_PAGE, cursor=cursor)
    names = jobs.list_village_names(session, {job.region_code for job in found})
    view = views.JobsView(
        q,
        bool(far),
        tuple(views.job_line(job, names) for job in found),
        following,
        cursor is None,
        place_name(county, {}) if county else "",
    )
    return console_page(request, desk.actor, "staff/push_jobs.html", view, now="jobs")


@router.get("/staff/jobs/{job_id}/push")
def show_people(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    job_id: int,
    most: Annotated[int, Query(ge=1, le=_MOST_PEOPLE)] = _PEOPLE_PAGE,
) -> Response:
    """The people of my area whom this posting fits; the first five who were not asked yet are ticked."""
    job = jobs.get_visible_job(session, desk.actor, job_id, desk.today)
    return _people_page(request, session, desk, job, most)


def _people_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    job: JobPosting,
    most: int,
    problem: str = "",
    status: int = 200,
) -> Response:
    ranking = match_job(session, desk.actor, job.id, desk.today, limit=most)
    asked = _asked_of_job(session, desk, job.id)
    may_push = any(may_offer_in(desk.actor, code) for code in places.own_places(desk.actor))
    rows = _candidates(ranking, asked, desk, may_push=may_push)
    more = min(most + _PEOPLE_PAGE, _MOST_PEOPLE)
    view = views.PushView(
        views.job_line(job, jobs.list_village_names(session, [job.region_code])),
        rows,
        ranking.total,
        views.excluded_words(ranking.excluded),
        sum(row.is_ticked for row in rows),
        may_push,
        once.token_for(request, desk.clock),
        f"/staff/jobs/{job.id}/push?most={more}" if len(rows) < ranking.total and most < more else "",
        problem,
    )
    return console_page(request, desk.actor, "staff/push.html", view, now="jobs", status=status)


def _candidates(
    ranking: PeopleRankingOut, asked: dict[int, Referral], desk: Desk, *, may_push: bool
) -> tuple[views.Candidate, ...]:
    rows = []
    left = views.AT_ONCE if may_push else 0
    for match in ranking.items:
        before = asked.get(match.seeker.id)
        is_ticked = before is None and left > 0
        left -= is_ticked
        rows.append(views.candidate(match, before, desk.clock.now(), is_ticked=is_ticked))
    return tuple(rows)


def _asked_of_job(session: ReadSession, desk: Desk, job_id: int) -> dict[int, Referral]:
    """The latest referral of a posting by person."""
    filters = ReferralFilters(job_id=job_id)
    rows, _ = queries.list_referrals(session, desk.actor, filters, desk.clock.now(), limit=_LOOKED_THROUGH)
    return {row.person_id: row for row in reversed(rows)}


def asked_of_person(session: ReadSession, desk: Desk, person_id: int) -> dict[int, Referral]:
    """The latest referral of somebody by posting."""
    filters = ReferralFilters(person_id=person_id)
    rows, _ = queries.list_referrals(session, desk.actor, filters, desk.clock.now(), limit=_LOOKED_THROUGH)
    return {row.job_id: row for row in reversed(rows)}


@router.post("/staff/jobs/{job_id}/push")
def push(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    carriers: CurrentCarriers,
    job_id: int,
    form: SentForm,
) -> Response:
    """Sends to who was ticked; above five, or when asked for, after a preview. A double tap sends once."""
    job = jobs.get_visible_job(session, desk.actor, job_id, desk.today)
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return RedirectResponse(f"{given.headers['location']}&again=1", 303)
    ids = _numbers(form.getlist("person"))[: offering.MOST_AT_ONCE]
    if not ids:
        return _people_page(request, session, desk, job, _PEOPLE_PAGE, "还没有勾人。先勾上要送的人。", 422)
    wants_to_look = bool(form.get("look")) or len(ids) > views.AT_ONCE
    if wants_to_look and not form.get("looked"):
        return _preview(request, session, desk, carriers, job, ids, str(form.get(FORM_FIELD, "")))
    result = offering.push_batch(session, desk.actor, job.id, ids, cipher=desk.cipher, clock=desk.clock)
    left_out = ".".join(str(each.person_id) for each in result.skipped)
    address = f"/staff/jobs/{job.id}/pushed?batch={result.batch_key}&left={left_out}"
    return once.keep(session, asked, address, desk.clock)


def _numbers(sent: Sequence[object]) -> list[int]:
    texts = [str(each) for each in sent]
    return list(
        dict.fromkeys(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 16)
    )


def _preview(
    request: Request,
    session: ReadSession,
    desk: Desk,
    carriers: Carriers,
    job: JobPosting,
    ids: list[int],
    token: str,
) -> Response:
    """The text each person gets, by which way, what it costs, and who is left out and why."""
    preview = offering.preview_push(session, desk.actor, job.id, ids, clock=desk.clock)
    people = ledger.list_people_by_id(session, desk.actor, ids)
    told = preview_offers(
        session,
        job,
        [people[person_id] for person_id in preview.ready if person_id in people],
        cipher=desk.cipher,
        clock=desk.clock,
        settings=get_settings(request),
        tariff=Tariff(carriers.signature, carriers.price_fen),
    )
    now = desk.clock.now()
    view = views.PreviewView(
        views.job_line(job, jobs.list_village_names(session, [job.region_code])),
        tuple(views.ready_line(people[one.person_id].name, one, now) for one in told),
        tuple(
            _named(people, each.person_id, views.why_skipped(each.gate, each.why)) for each in preview.skipped
        ),
        tuple(preview.ready),
        token,
        sum(one.parts for one in told),
        money(sum(one.cost_fen for one in told)),
    )
    return console_page(request, desk.actor, "staff/push_preview.html", view, now="jobs")


def _named(people: dict[int, Person], person_id: int, words: str) -> views.Named:
    person = people.get(person_id)
    return views.Named(person.name if person else "有一位", words)


@router.get("/staff/jobs/{job_id}/pushed")
def show_result(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    job_id: int,
    batch: Annotated[str, Query(max_length=36)] = "",
    left: Annotated[str, Query(max_length=4000)] = "",
    again: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """Who has it now, and who was left out: why, is asked anew."""
    job = jobs.get_visible_job(session, desk.actor, job_id, desk.today)
    sent = queries.list_batch(session, desk.actor, batch, desk.clock.now())
    ids = _numbers(left.split("."))[: offering.MOST_AT_ONCE]
    people = ledger.list_people_by_id(session, desk.actor, ids)
    preview = offering.preview_push(session, desk.actor, job.id, list(people), clock=desk.clock)
    view = views.ResultView(
        views.job_line(job, jobs.list_village_names(session, [job.region_code])),
        tuple(
            views.Named(
                row.person.name,
                "" if row.person.phone else "没有电话，上门说一声",
                f"/staff/referrals/{row.id}",
            )
            for row in sent
            if row.job_id == job.id
        ),
        tuple(
            _named(people, each.person_id, views.why_skipped(each.gate, each.why)) for each in preview.skipped
        ),
        bool(again),
    )
    return console_page(request, desk.actor, "staff/push_result.html", view, now="jobs")


@router.get("/staff/people/{person_id}/push")
def show_postings(request: Request, session: ReadSession, desk: StaffDesk, person_id: int) -> Response:
    """The postings that fit somebody, with reasons; one tap each."""
    return _postings_page(request, session, desk, person_id)


def _postings_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    person_id: int,
    problem: str = "",
    status: int = 200,
) -> Response:
    person = ledger.get_person(session, desk.actor, person_id)
    ranking = match_seeker(session, desk.actor, person.id, desk.today, limit=_POSTINGS)
    asked = asked_of_person(session, desk, person.id)
    tel, now = person_tel(desk.actor, person, desk.cipher), desk.clock.now()
    view = views.PersonPushView(
        person.id,
        person.name,
        line_of(person, desk.today),
        tel,
        phone_words(tel),
        tuple(
            views.offer(match, asked.get(match.job.id), once.token_for(request, desk.clock), now)
            for match in ranking.items
        ),
        ranking.total,
        tuple(miss.text for miss in ranking.near_misses),
        may_offer_in(desk.actor, person.region_code),
        problem,
    )
    return console_page(request, desk.actor, "staff/push_person.html", view, status=status)


@router.post("/staff/people/{person_id}/push")
def push_one(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    form: SentForm,
    job_id: Annotated[int, Form(ge=1, lt=2**53)],
) -> Response:
    """Offers one posting to one person."""

    def show_again(problem: str, status: int) -> Response:
        return _postings_page(request, session, desk, person_id, problem, status)

    return push_from_page(
        request, session, desk, form, ReferralIn(job_id=job_id, seeker_id=person_id), show_again
    )


ShowAgain = Callable[[str, int], Response]
"""The page with the sentence that says what stands in the way, and its status."""


def push_from_page(
    request: Request,
    session: WriteSession,
    desk: Desk,
    form: SentForm,
    data: ReferralIn,
    show_again: ShowAgain,
) -> Response:
    """Takes a page's button that offers a posting to one person: a double tap offers it once."""
    asked, path = once.read(request, desk.clock, form), request.url.path
    if once.find(session, asked):
        return RedirectResponse(f"{path}?done=again", 303)
    problem = try_push(session, desk, data)
    if problem is not None:
        return show_again(problem.title, problem.status)
    return once.keep(session, asked, f"{path}?done=pushed", desk.clock)


def try_push(session: WriteSession, desk: Desk, data: ReferralIn) -> AppError | None:
    """Offers a posting; what stands in the way (409) is returned to be shown, anything else raised."""
    try:
        with session.begin_nested():
            offering.push_referral(session, desk.actor, data, cipher=desk.cipher, clock=desk.clock)
    except AppError as error:
        if error.status != 409:
            raise
        return error
    return None
