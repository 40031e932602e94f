"""印纸: posters, boards and leaflets of a village or a town as PDF, and letters to people without work."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action
from app.codes import letters, service
from app.codes import queries as codes
from app.codes.schemas import NewCode
from app.codes.terms import CodeKind
from app.core.db import Database
from app.core.errors import AppError, Forbidden, Invalid
from app.core.http import ReadSession, get_settings, read_once, run_with_database
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.paper.content import Office, gather_papers, villages_in
from app.web.paper.fonts import find_font
from app.web.paper.poster import draw_poster
from app.web.paper.printing import USUAL, PaperKind, as_poster, draw_villages
from app.web.paper.sheet import PaperSize, Sheet
from app.web.staff.page import console_page
from app.web.staff.paper_letters import LetterForm, print_letters
from app.web.staff.paper_places import place_choices

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
# A page takes a tenth of a second: a town at most, a county prints town by town.
_MOST_VILLAGES: Final = 60
_TITLE = "给想找活的乡亲的一封信"


@dataclass(frozen=True)
class PapersView:
    """印纸: what can be chosen, and what stood in the form."""

    places: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str, bool], ...]
    sizes: tuple[str, ...]
    region: str = ""
    spot: str = ""
    hung_by: str = ""
    may_write: bool = False
    most_letters: int | None = None
    problem: str = ""


@router.get("/staff/papers")
def show_papers(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    region: Annotated[str, Query(alias="in", max_length=12)] = "",
) -> Response:
    """The form. Raises Forbidden for who gives out codes nowhere."""
    view = _view(session, desk.actor, region)
    return console_page(request, desk.actor, "staff/papers.html", view, now="papers")


@router.post("/staff/papers")
async def print_papers(
    request: Request,
    desk: StaffDesk,
    region: Annotated[str, Form(max_length=12)] = "",
    kind: Annotated[list[PaperKind] | None, Form()] = None,
    size: Annotated[PaperSize, Form()] = PaperSize.A4,
    spot: Annotated[str, Form(max_length=60)] = "",
    hung_by: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """The document; each poster in it has a code of its own."""
    kinds = tuple(kind or ())

    def draw(database: Database) -> Response:
        service.require_in(desk.actor, Action.CREATE, region)
        with database.read() as session:
            villages = list(villages_in(session, region))
        _check(villages, kinds)
        with Sheet(find_font(), size) as sheet:
            posters = {}
            if PaperKind.POSTER in kinds:
                with database.write() as session:
                    posters = {
                        code: service.issue_code(
                            session,
                            desk.actor,
                            NewCode(kind=CodeKind.POSTER, region_code=code, spot=spot, hung_by=hung_by),
                            cipher=desk.cipher,
                            clock=desk.clock,
                        ).id
                        for code in villages
                    }
            with database.read() as session:
                draw_villages(session, sheet, villages, kinds, _office(request), desk.clock, posters)
            return _pdf(sheet, f"papers-{region}")

    typed = (region, spot, hung_by)
    return await _try(request, desk, draw, typed)


def _check(villages: list[str], kinds: tuple[PaperKind, ...]) -> None:
    if not kinds:
        raise Invalid("挑一样要印的，海报、岗位表、传单都行。")
    if not villages:
        raise Invalid("这个地方下面还没有村。请先导入村名单。")
    if len(villages) > _MOST_VILLAGES:
        raise Invalid(f"一次最多印 {_MOST_VILLAGES} 个村，请一个镇一个镇地印。")


@router.post("/staff/papers/letters")
async def write_letters(
    request: Request,
    desk: StaffDesk,
    region: Annotated[str, Form(max_length=12)] = "",
    everyone: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """A letter for each person; who got one is in the log, and in each person's own list."""
    form = LetterForm(region, _TITLE, is_for_everyone=bool(everyone))

    def draw(database: Database) -> Response:
        with Sheet(find_font()) as sheet:
            print_letters(database, sheet, desk, form, _office(request))
            return _pdf(sheet, f"letters-{region}")

    return await _try(request, desk, draw, (region, "", ""))


@router.get("/staff/papers/poster/{kind}/{number:int}")
def print_again(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    kind: CodeKind,
    number: int,
    size: PaperSize = PaperSize.A4,
) -> Response:
    """The poster of a code given out before: a poster once more, or the sheet of a fair or campaign."""
    row = codes.get_code(session, desk.actor, kind, number)
    office = _office(request)
    papers = as_poster(gather_papers(session, row.region_code, office, desk.clock), office, number)
    if row.kind is not CodeKind.POSTER:
        words = f"{row.title} · 扫这儿看活"
        mark = f"{row.kind.label.removesuffix('码')} {number}"
        papers = replace(papers, url=office.numbered_url(row.kind, number), heading=words, mark=mark)
    with Sheet(find_font(), size) as sheet:
        draw_poster(sheet, papers)
        return _pdf(sheet, f"{kind.value}-{number}")


def _office(request: Request) -> Office:
    settings = get_settings(request)
    return Office(settings.public_url, settings.secret_key.get_secret_value())


def _pdf(sheet: Sheet, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(sheet.as_bytes(), media_type="application/pdf", headers=headers)


async def _try(
    request: Request, desk: Desk, draw: Callable[[Database], Response], typed: tuple[str, str, str]
) -> Response:
    try:
        return await run_with_database(request, draw)
    except AppError as error:
        title, status = error.title, error.status
    region, spot, hung_by = typed
    view = await read_once(request, lambda session: _view(session, desk.actor, region))
    view = replace(view, spot=spot, hung_by=hung_by, problem=title)
    return console_page(request, desk.actor, "staff/papers.html", view, now="papers", status=status)


def _view(session: ReadSession, actor: Actor, region: str) -> PapersView:
    places = place_choices(session, actor)
    if not places:
        raise Forbidden("您的账号不印海报。")
    chosen = region if region in dict(places) else places[0][0]
    permissions = [letters.find_letter_permission(actor, code) for code, _name in places]
    allowed = [permission for permission in permissions if permission is not None]
    limits = [p.max_people or p.second_person_above for p in allowed]
    return PapersView(
        places,
        tuple((kind.value, kind.label, kind in USUAL) for kind in PaperKind),
        tuple(size.value for size in PaperSize),
        chosen,
        may_write=bool(allowed),
        most_letters=max((limit for limit in limits if limit), default=None),
    )
