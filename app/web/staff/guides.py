"""政策和通知: what the office writes for people who look for work; another colleague publishes or sends it
back."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
from app.core.errors import AppError, Forbidden
from app.core.http import ReadSession, WriteSession
from app.policies import queries, service
from app.policies.content import Content
from app.policies.library import library
from app.policies.models import GuideVersion
from app.policies.queries import Shown
from app.policies.terms import GuideKind, GuideState
from app.regions import gazetteer
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.portal import guide_views
from app.web.portal.places import find_place
from app.web.reader import read_reader
from app.web.staff import guide_forms as forms
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page, staff_page
from app.web.staff.wording import day_words, place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_HOME: Final = "/staff/guides"
_KINDS: Final = tuple((kind.value, kind.label) for kind in GuideKind)


@dataclass(frozen=True)
class GuideRow:
    """条目一行."""

    id: int
    title: str
    line: str
    state: str
    tone: str


@dataclass(frozen=True)
class GuidesView:
    """政策和通知: `shipped` are (address, title) that ship, for filling in."""

    rows: tuple[GuideRow, ...]
    may_write: bool
    shipped: tuple[tuple[str, str, bool], ...]
    kinds: tuple[tuple[str, str], ...] = _KINDS


@dataclass(frozen=True)
class EditView:
    """写一条."""

    title: str
    action: str
    kind: str
    slug: str
    is_new: bool
    places: tuple[tuple[str, str], ...]
    place: str
    boxes: tuple[forms.Box, ...]
    fits: tuple[forms.FitBox, ...]
    after: int
    problem: str = ""


@dataclass(frozen=True)
class VersionLine:
    """一个版本."""

    id: int
    number: int
    state: str
    line: str
    note: str


@dataclass(frozen=True)
class EntryView:
    """一条: its versions and what may be done with the newest."""

    id: int
    title: str
    kind: str
    address: str
    place: str
    versions: tuple[VersionLine, ...]
    newest_id: int
    shown_id: int
    may_hand_in: bool
    may_decide: bool
    may_edit: bool
    waits_for_another: bool
    advice: tuple[str, ...]
    problem: str = ""


@router.get(_HOME)
def show_list(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """All entries of the area, what waits for a reader first."""
    if not queries.may_look_anywhere(desk.actor):
        raise Forbidden("政策和通知由镇里写，县里发布。")
    found = queries.list_managed(session, desk.actor)
    rows = tuple(
        GuideRow(
            each.entry.id,
            each.content.title,
            f"{each.entry.kind.label}，{place_name(each.entry.region_code, {})}，{each.author}写",
            each.newest.state.label,
            "now" if each.newest.state is GuideState.SUBMITTED else "",
        )
        for each in found
    )
    may_write = queries.may_write_anywhere(desk.actor)
    shipped = tuple((slug, each.title, each.is_local) for slug, each in library().items())
    return console_page(
        request, desk.actor, "staff/guides.html", GuidesView(rows, may_write, shipped if may_write else ())
    )


@router.get(_HOME + "/new")
def show_new(
    request: Request,
    desk: StaffDesk,
    kind: Annotated[str, Query(max_length=20)] = "policy",
    fill: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The editor for a new entry; `fill` begins with what ships under that address."""
    chosen = _kind(kind)
    start = library().get(fill)
    typed = forms.standing(start) if start is not None else {}
    conditions = start.conditions if start is not None else ()
    view = _edit_view(desk, chosen, fill if start else "", typed, {}, forms.fits_of(chosen, conditions))
    return console_page(request, desk.actor, "staff/guide_edit.html", view)


@router.post(_HOME + "/new")
def create(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    form: SentForm,
    kind: Annotated[str, Form(max_length=20)] = "policy",
    slug: Annotated[str, Form(max_length=60)] = "",
    place: Annotated[str, Form(max_length=12)] = "",
) -> Response:
    """Keeps the draft and shows it."""
    chosen = _kind(kind)
    typed, conditions = forms.typed_in(chosen, form)
    content, problems = forms.read_content(typed, conditions)
    problem = "有的地方要改，看下面。" if problems else ""
    if content is not None:
        try:
            with session.begin_nested():
                entry = service.create_entry(
                    session, desk.actor, chosen, slug.strip(), place, content, clock=desk.clock
                )
            return RedirectResponse(f"{_HOME}/{entry.id}?done=saved", 303)
        except AppError as error:
            if error.status not in (409, 422):
                raise
            problem = error.title
    fits = forms.fits_of(chosen, conditions)
    view = _edit_view(desk, chosen, slug, typed, problems, fits, place=place, problem=problem)
    return console_page(request, desk.actor, "staff/guide_edit.html", view, status=422)


@router.get(_HOME + "/{entry_id}")
def show_entry(request: Request, session: ReadSession, desk: StaffDesk, entry_id: int) -> Response:
    """One entry with its versions."""
    return _entry_page(request, session, desk, entry_id)


@router.get(_HOME + "/{entry_id}/edit")
def show_edit(request: Request, session: ReadSession, desk: StaffDesk, entry_id: int) -> Response:
    """The editor on top of the newest version."""
    entry = queries.get_entry(session, desk.actor, entry_id)
    newest = queries.list_versions(session, entry.id)[0]
    content = Content.model_validate(newest.content)
    fits = forms.fits_of(entry.kind, content.conditions)
    view = _edit_view(
        desk,
        entry.kind,
        entry.slug,
        forms.standing(content),
        {},
        fits,
        entry_id=entry.id,
        after=newest.number,
    )
    return console_page(request, desk.actor, "staff/guide_edit.html", view)


@router.post(_HOME + "/{entry_id}/edit")
def edit(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    entry_id: int,
    form: SentForm,
    after: Annotated[int, Form(ge=0, lt=10**6)] = 0,
) -> Response:
    """Keeps a new version as a draft; what is shown stays until it is published."""
    entry = queries.get_entry(session, desk.actor, entry_id)
    typed, conditions = forms.typed_in(entry.kind, form)
    content, problems = forms.read_content(typed, conditions)
    problem, status = "有的地方要改，看下面。", 422
    if content is not None:
        try:
            with session.begin_nested():
                service.write_version(session, desk.actor, entry.id, content, after=after, clock=desk.clock)
            return RedirectResponse(f"{_HOME}/{entry.id}?done=saved", 303)
        except AppError as error:
            if error.status != 409:
                raise
            problem, status = error.title, error.status
    fits = forms.fits_of(entry.kind, conditions)
    view = _edit_view(
        desk, entry.kind, entry.slug, typed, problems, fits, entry_id=entry.id, after=after, problem=problem
    )
    return console_page(request, desk.actor, "staff/guide_edit.html", view, status=status)


@router.get(_HOME + "/{entry_id}/preview")
def preview(request: Request, session: ReadSession, desk: StaffDesk, entry_id: int) -> Response:
    """The newest version as people will see it on the phone."""
    entry = queries.get_entry(session, desk.actor, entry_id)
    content = Content.model_validate(queries.list_versions(session, entry.id)[0].content)
    reader = read_reader(request)
    place = find_place(session, entry.region_code, desk.clock.now())
    shown = Shown(entry.slug, entry.kind, content, entry.region_code)
    return staff_page(request, "portal/guide.html", guide_views.build_entry(reader, place, shown, desk.today))


@router.post(_HOME + "/{entry_id}")
def act(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    entry_id: int,
    do: Annotated[str, Form(max_length=10)],
    version: Annotated[int, Form(ge=1, lt=2**53)],
    note: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Hand in, publish, send back, take off; done twice, the second is told that it was done."""
    cipher, clock = desk.cipher, desk.clock
    try:
        with session.begin_nested():
            if do == "hand_in":
                service.hand_in(session, desk.actor, version)
            elif do == "publish":
                service.publish(session, desk.actor, version, cipher=cipher, clock=clock)
            elif do == "back":
                service.send_back(session, desk.actor, version, note, cipher=cipher, clock=clock)
            else:
                service.take_off(session, desk.actor, version, cipher=cipher, clock=clock)
    except AppError as error:
        if error.status not in (403, 409, 422):
            raise
        return _entry_page(request, session, desk, entry_id, problem=error.title, status=error.status)
    return RedirectResponse(f"{_HOME}/{entry_id}?done=moved_on", 303)


def _kind(text: str) -> GuideKind:
    return next((kind for kind in GuideKind if kind.value == text), GuideKind.POLICY)


def _places(actor: Actor) -> tuple[tuple[str, str], ...]:
    codes = [grant.region_code for grant in actor.grants if grant.region_code]
    return tuple(
        (code, place_name(code, {}))
        for code in dict.fromkeys(codes)
        if may(actor, Action.CREATE, Resource.GUIDE, Target(region_code=code)) is not None
    )


def _edit_view(
    desk: Desk,
    kind: GuideKind,
    slug: str,
    typed: dict[str, str],
    problems: dict[str, str],
    fits: tuple[forms.FitBox, ...],
    *,
    entry_id: int = 0,
    after: int = 0,
    place: str = "",
    problem: str = "",
) -> EditView:
    places = _places(desk.actor)
    if not places:
        raise Forbidden("政策和通知由镇里写，县里发布。")
    return EditView(
        f"写一条{kind.label}" if not entry_id else "改一改",
        f"{_HOME}/{entry_id}/edit" if entry_id else f"{_HOME}/new",
        kind.value,
        slug,
        not entry_id,
        places,
        place,
        forms.boxes_of(kind, typed, problems),
        fits,
        after,
        problem,
    )


def _entry_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    entry_id: int,
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    entry = queries.get_entry(session, desk.actor, entry_id)
    versions = queries.list_versions(session, entry.id)
    names = queries.names_of(session, versions)
    newest = versions[0]
    content = Content.model_validate(newest.content)
    editing = may(desk.actor, Action.EDIT, Resource.GUIDE, Target(region_code=entry.region_code)) is not None
    submitted = newest.state is GuideState.SUBMITTED
    deciding = submitted and service.may_publish(desk.actor, entry, newest)
    shown = next((each.id for each in versions if each.state is GuideState.PUBLISHED), 0)
    division = gazetteer.find_nearest(entry.region_code)
    view = EntryView(
        entry.id,
        content.title,
        entry.kind.label,
        f"/policies/{entry.slug}",
        division.name if division is not None else "",
        tuple(_line(each, names, desk) for each in versions),
        newest.id,
        shown,
        editing and newest.state in (GuideState.DRAFT, GuideState.SENT_BACK),
        deciding,
        editing,
        submitted and not deciding,
        forms.advice_on(content),
        problem,
    )
    return console_page(request, desk.actor, "staff/guide.html", view, status=status)


def _line(version: GuideVersion, names: dict[int, str], desk: Desk) -> VersionLine:
    line = f"{names.get(version.made_by_id, '')} {day_words(version.made_at, desk.today)}写"
    if version.decided_by_id is not None and version.decided_at is not None:
        verb = "退回" if version.state is GuideState.SENT_BACK else "发布"
        line += f"，{names.get(version.decided_by_id, '')} {day_words(version.decided_at, desk.today)}{verb}"
    return VersionLine(version.id, version.number, version.state.label, line, version.decision_note)
