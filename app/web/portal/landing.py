"""扫码落地: what a scanned code opens. A code that is made up, called back or over is explained, with a way
on; nothing is ever redirected, so a sticker leads nowhere but here."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.actor import PUBLIC
from app.codes import letters
from app.codes import queries as codes
from app.codes.counting import ScanCounter
from app.codes.queries import FoundCode
from app.codes.signing import code_keys
from app.codes.terms import CodeKind, LetterAnswer
from app.core.errors import NotFound
from app.core.http import CurrentClock, CurrentSettings, ReadSession, WriteSession
from app.employers import queries as employer_queries
from app.employers.errors import EmployerNotFound
from app.jobs import queries as job_queries
from app.jobs.errors import JobGone, JobNotFound
from app.web.csrf import check_public_form
from app.web.portal import landing_views as views
from app.web.portal import lists, posting
from app.web.portal.opening import is_opened
from app.web.portal.places import Place, find_place
from app.web.portal.routes import portal_page
from app.web.reader import Reader, read_reader

router = APIRouter(dependencies=[Depends(check_public_form)], include_in_schema=False)


class Landing:
    """落地: one request for a code, with what it is answered from."""

    def __init__(
        self,
        code: str,
        request: Request,
        session: ReadSession,
        clock: CurrentClock,
        settings: CurrentSettings,
    ) -> None:
        self.code, self.request, self.session = code, request, session
        self.clock, self.settings = clock, settings
        self.reader = read_reader(request)

    def find(self) -> FoundCode | None:
        return codes.open_code(self.session, code_keys(self.settings), self.code, self.clock.today())

    def place(self, region_code: str | None) -> Place | None:
        return find_place(self.session, region_code, self.clock.now())

    def page(
        self, template: str, view: object, *, reader: Reader | None = None, status: int = 200
    ) -> Response:
        return portal_page(self.request, self.settings, reader or self.reader, template, view, status)

    def count(self, found: FoundCode, region_code: str, response: Response) -> Response:
        """Counts one scan, when it is one as far as can be known."""
        if is_scan(self.request, response):
            counter: ScanCounter = self.request.app.state.scans
            counter.scanned(found.counted_as, region_code)
        return response


Asked = Annotated[Landing, Depends(Landing)]


def is_scan(request: Request, response: Response) -> bool:
    """Whether a page was opened by a camera, not by another link of the page."""
    return not request.url.query and is_opened(request.headers, response.status_code)


@router.get("/q/{code}")
def land_from_code(asked: Asked) -> Response:
    """扫码落地 of any kind of code; 404 for a made-up one, 410 for one that was called back or is over."""
    found = asked.find()
    if found is None:
        return asked.page("portal/code.html", None, status=404)
    place = asked.place(found.region_code)
    if found.recall is not None or found.over_since is not None:
        notice = views.no_longer(asked.reader, found, place, asked.clock.today())
        return asked.page("portal/code.html", notice, status=410)
    if found.code.kind is CodeKind.POSTING:
        return _show_posting(asked, found)
    if found.code.kind is CodeKind.EMPLOYER:
        return _show_employer(asked, found)
    if place is None:
        return asked.page("portal/code.html", None, status=404)
    reader = read_reader(asked.request, place=place.code)
    if found.code.kind is CodeKind.LETTER:
        view = views.letter(reader, found, place, asked.code)
        return asked.count(found, place.code, asked.page("portal/letter.html", view, reader=reader))
    home = lists.build_home(asked.session, reader, place, asked.clock.today())
    if found.row is not None:
        home = replace(home, paper=views.paper_lines(reader.language, found.row, asked.clock.today()))
    return asked.count(found, place.code, asked.page("portal/home.html", home, reader=reader))


def _show_posting(asked: Landing, found: FoundCode) -> Response:
    """The posting of a board's small code. Whoever has chosen no place yet is told whom to ring where the
    posting is."""
    today = asked.clock.today()
    place = asked.place(asked.reader.place)
    try:
        job = job_queries.get_visible_job(asked.session, PUBLIC, found.code.number or 0, today)
    except JobNotFound:
        return asked.page("portal/code.html", None, status=404)
    except JobGone:
        gone = posting.build_gone(asked.session, asked.reader, place, today)
        return asked.page("portal/gone.html", gone, status=410)
    view = posting.build_job(job, asked.reader, place, today, asked.settings.public_url)
    there = place or asked.place(job.region_code)
    view = replace(view, place=there.view() if there else None, scanned=True)
    return asked.count(found, job.region_code, asked.page("portal/job.html", view))


def _show_employer(asked: Landing, found: FoundCode) -> Response:
    """What a firm is looking for; a firm that is not shown any more is explained."""
    try:
        firm = employer_queries.get_visible_employer(asked.session, PUBLIC, found.code.number or 0)
    except EmployerNotFound:
        notice = views.firm_gone(asked.reader, asked.place(asked.reader.place))
        return asked.page("portal/code.html", notice, status=410)
    today = asked.clock.today()
    there = asked.place(firm.region_code)
    view = views.build_firm(asked.session, asked.reader, firm, asked.place(asked.reader.place), there, today)
    return asked.count(found, firm.region_code, asked.page("portal/firm.html", view))


@router.post("/q/{code}")
def answer(
    code: str,
    request: Request,
    session: WriteSession,
    clock: CurrentClock,
    settings: CurrentSettings,
    said: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """The answer to a letter. Tapped twice, it is one answer; another tap changes it."""
    found = codes.open_code(session, code_keys(settings), code, clock.today())
    chosen = {each.value: each for each in LetterAnswer}.get(said)
    if found is None or found.code.kind is not CodeKind.LETTER or found.recall is not None:
        raise NotFound
    if chosen is not None and found.row is not None:
        letters.answer_letter(session, found.row.id, chosen, clock)
    return RedirectResponse(read_reader(request).url(f"/q/{code}", said="1"), 303)
