"""求职者页面的地址: home, code, lists, postings, questions, places, help. All of them open to everyone."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers

from app.accounts.actor import PUBLIC
from app.core.http import CurrentClock, CurrentSettings, ReadSession
from app.core.settings import Settings
from app.core.tallies import Key, Tally
from app.jobs import queries as job_queries
from app.jobs.errors import JobGone
from app.web.kept import note_each_view
from app.web.portal import lists, posting, questions, results
from app.web.portal.answers import read_answers
from app.web.portal.case_views import help_kinds
from app.web.portal.kinds import find_kind
from app.web.portal.opening import is_opened
from app.web.portal.places import Place, find_place, list_places
from app.web.portal.views import Empty, Help
from app.web.portal.words import read_words
from app.web.reader import Reader, read_reader
from app.web.rendering import page_response, render
from app.web.speech.routes import sound_of_job

router = APIRouter(include_in_schema=False)

Words = Annotated[str, Query(max_length=40)]
ShortCode = Annotated[str, Query(max_length=20)]


def portal_page(
    request: Request, settings: Settings, reader: Reader, template: str, view: object, status: int = 200
) -> Response:
    """A page of the portal."""
    html = render(template, reader, view=view)
    return page_response(
        request, html, reader, status=status, secure=settings.public_url.startswith("https:")
    )


def _to_place(reader: Reader) -> Response:
    return RedirectResponse(reader.url("/place"), status_code=303)


@router.get("/")
def show_home(
    request: Request, session: ReadSession, clock: CurrentClock, settings: CurrentSettings
) -> Response:
    """首页 of the remembered place; without one, the page to choose it."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    if place is None:
        choices = list_places(session, reader, "", "")
        return portal_page(request, settings, reader, "portal/place.html", choices)
    return _home(request, session, clock, settings, reader, place)


def _home(
    request: Request,
    session: ReadSession,
    clock: CurrentClock,
    settings: Settings,
    reader: Reader,
    place: Place,
) -> Response:
    view = lists.build_home(session, reader, place, clock.today())
    return portal_page(request, settings, reader, "portal/home.html", view)


@router.get("/jobs")
def show_jobs(
    request: Request,
    session: ReadSession,
    clock: CurrentClock,
    settings: CurrentSettings,
    far: ShortCode = "",
    kind: ShortCode = "",
    q: Words = "",
    p: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """岗位列表 around the reader's place."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    if place is None:
        return _to_place(reader)
    wanted = read_words(q)
    view = lists.build_jobs(
        session,
        reader,
        place,
        clock.today(),
        far=far,
        kind=find_kind(kind) or wanted.kind,
        words=wanted.words,
        cursor=p,
    )
    template = "portal/empty.html" if isinstance(view, Empty) else "portal/jobs.html"
    return portal_page(request, settings, reader, template, view)


@router.get("/kinds")
def show_kinds(
    request: Request,
    session: ReadSession,
    clock: CurrentClock,
    settings: CurrentSettings,
    far: ShortCode = "",
) -> Response:
    """工种选择."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    if place is None:
        return _to_place(reader)
    view = lists.build_kinds(session, reader, place, clock.today(), far=far)
    return portal_page(request, settings, reader, "portal/kinds.html", view)


@router.get("/jobs/{job_id}")
def show_job(
    job_id: int, request: Request, session: ReadSession, clock: CurrentClock, settings: CurrentSettings
) -> Response:
    """岗位详情; 410 with what is near for one that has ended."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    today = clock.today()
    try:
        job = job_queries.get_visible_job(session, PUBLIC, job_id, today)
    except JobGone:
        gone = posting.build_gone(session, reader, place, today)
        return portal_page(request, settings, reader, "portal/gone.html", gone, status=410)
    view = posting.build_job(job, reader, place, today, settings.public_url)
    view = replace(view, sound_href=sound_of_job(request, job, clock))
    response = portal_page(request, settings, reader, "portal/job.html", view)
    views: Tally[Key] = request.app.state.views

    def note(headers: Headers, status: int) -> None:
        if is_opened(headers, status):
            views.note((job_id, today))

    note_each_view(request, response, note)
    return response


@router.get("/jobs/{job_id}/ask")
def show_ask(
    job_id: int, request: Request, session: ReadSession, clock: CurrentClock, settings: CurrentSettings
) -> Response:
    """我想去: whom to ring and what to say."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    today = clock.today()
    try:
        job = job_queries.get_visible_job(session, PUBLIC, job_id, today)
    except JobGone:
        gone = posting.build_gone(session, reader, place, today)
        return portal_page(request, settings, reader, "portal/gone.html", gone, status=410)
    return portal_page(request, settings, reader, "portal/ask.html", posting.build_ask(job, reader, place))


@router.get("/find")
def ask_question(
    request: Request,
    session: ReadSession,
    clock: CurrentClock,
    settings: CurrentSettings,
    step: Annotated[int, Query(ge=1, le=3)] = 1,
) -> Response:
    """三个问题, one a page; the answers travel in the address."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    if place is None:
        return _to_place(reader)
    answers = read_answers(request.query_params)
    view = questions.build_question(session, reader, place, answers, step, clock.today())
    return portal_page(request, settings, reader, "portal/question.html", view)


@router.get("/find/result")
def show_result(
    request: Request,
    session: ReadSession,
    clock: CurrentClock,
    settings: CurrentSettings,
    n: Annotated[int, Query(ge=1, le=results.MOST_SHOWN)] = results.FIRST_SHOWN,
) -> Response:
    """挑活结果: ranked, with reasons, near misses and who is left out."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    if place is None:
        return _to_place(reader)
    answers = read_answers(request.query_params)
    view = results.build_result(session, reader, place, answers, clock.today(), shown=n)
    return portal_page(request, settings, reader, "portal/result.html", view)


@router.get("/place")
def choose_place(
    request: Request,
    session: ReadSession,
    settings: CurrentSettings,
    q: Words = "",
    inside: Annotated[str, Query(alias="in", max_length=12)] = "",
) -> Response:
    """选地方: by name, or from the province down."""
    reader = read_reader(request)
    choices = list_places(session, reader, inside, q)
    return portal_page(request, settings, reader, "portal/place.html", choices)


@router.get("/help")
def show_help(
    request: Request, session: ReadSession, clock: CurrentClock, settings: CurrentSettings
) -> Response:
    """求助: whom to ring about what."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    return portal_page(
        request,
        settings,
        reader,
        "portal/help.html",
        Help(place.view() if place else None, help_kinds(reader)),
    )


@router.get("/formula")
def show_formula(request: Request, settings: CurrentSettings) -> Response:
    """怎么排的: the published order in plain words."""
    reader = read_reader(request)
    formula = results.build_formula(reader.language)
    return portal_page(request, settings, reader, "portal/formula.html", formula)
