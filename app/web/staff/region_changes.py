"""区划变更页: what becomes of villages, towns and counties; one person prepares, another approves."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import region_changes
from app.accounts.actor import Actor
from app.core.errors import AppError, Invalid
from app.core.http import ReadSession, WriteSession
from app.regions import queries as region_queries
from app.regions.change_checks import Wish
from app.regions.terms import RegionChangeKind
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page
from app.web.staff.region_views import PreviewView, Typed, change_view, list_view, touches, typed_of
from app.web.staff.wording import day_words

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_NOW = "accounts"


@router.get("/staff/regions")
def show_changes(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """The list, and the form. Raises Forbidden for who has no part in it."""
    typed = typed_of(request.query_params.multi_items())
    view = list_view(session, desk.actor, desk.today, typed)
    return console_page(request, desk.actor, "staff/region_list.html", view, now=_NOW)


@router.get("/staff/regions/preview")
def show_preview(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """What a change would touch; nothing is written."""
    typed = typed_of(request.query_params.multi_items())
    try:
        wish, day = _read(session, desk, typed)
        found = region_changes.preview(session, desk.actor, wish, desk.clock)
    except AppError as error:
        return _refused(request, session, desk, typed, error)
    view = PreviewView(typed, touches(session, desk.actor, found), day_words(day, desk.today))
    return console_page(request, desk.actor, "staff/region_preview.html", view, now=_NOW)


@router.post("/staff/regions")
def prepare(request: Request, session: WriteSession, desk: StaffDesk, form: SentForm) -> Response:
    """Writes the change down for a colleague to approve."""
    typed = typed_of([(name, str(value)) for name, value in form.multi_items()])
    try:
        wish, day = _read(session, desk, typed)
        change = region_changes.prepare(
            session,
            desk.actor,
            wish,
            effective_on=day,
            reason=typed.reason,
            clock=desk.clock,
            cipher=desk.cipher,
            proposal_id=int(typed.proposal) if typed.proposal.isdecimal() else None,
        )
    except AppError as error:
        return _refused(request, session, desk, typed, error)
    return RedirectResponse(f"/staff/regions/{change.id}?done=region_prepared", 303)


@router.get("/staff/regions/{change_id}")
def show_change(request: Request, session: ReadSession, desk: StaffDesk, change_id: int) -> Response:
    """One change."""
    change = region_changes.get_change(session, desk.actor, change_id)
    view = change_view(session, desk.actor, change, desk.clock)
    return console_page(request, desk.actor, "staff/region_change.html", view, now=_NOW)


@router.post("/staff/regions/{change_id}/approve")
def approve(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    change_id: int,
    widen: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """The second person's word; `widen` are the roles ticked by name."""
    try:
        with session.begin_nested():
            region_changes.approve(
                session, desk.actor, change_id, confirmed=widen or (), clock=desk.clock, cipher=desk.cipher
            )
    except AppError as error:
        return _change_page(request, session, desk, change_id, error)
    return RedirectResponse(f"/staff/regions/{change_id}?done=region_approved", 303)


@router.post("/staff/regions/{change_id}/drop")
def drop(request: Request, session: WriteSession, desk: StaffDesk, change_id: int) -> Response:
    """Gives it up before it takes effect."""
    try:
        with session.begin_nested():
            region_changes.drop(session, desk.actor, change_id, clock=desk.clock, cipher=desk.cipher)
    except AppError as error:
        return _change_page(request, session, desk, change_id, error)
    return RedirectResponse("/staff/regions?done=region_dropped", 303)


@router.post("/staff/regions/{change_id}/undo")
def undo(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    change_id: int,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Takes it back within 7 days."""
    try:
        with session.begin_nested():
            region_changes.undo(
                session, desk.actor, change_id, reason=reason, clock=desk.clock, cipher=desk.cipher
            )
    except AppError as error:
        return _change_page(request, session, desk, change_id, error)
    return RedirectResponse(f"/staff/regions/{change_id}?done=region_undone", 303)


def _change_page(
    request: Request, session: WriteSession, desk: Desk, change_id: int, error: AppError
) -> Response:
    change = region_changes.get_change(session, desk.actor, change_id)
    view = change_view(session, desk.actor, change, desk.clock, error.title)
    return console_page(request, desk.actor, "staff/region_change.html", view, now=_NOW, status=error.status)


def _refused(request: Request, session: ReadSession, desk: Desk, typed: Typed, error: AppError) -> Response:
    words = error.fields[0].message if error.fields else error.title
    view = list_view(session, desk.actor, desk.today, typed, words)
    return console_page(request, desk.actor, "staff/region_list.html", view, now=_NOW, status=error.status)


def _read(session: ReadSession, desk: Desk, typed: Typed) -> tuple[Wish, date]:
    """Raises Invalid for what cannot be read."""
    if typed.kind not in list(RegionChangeKind):
        raise Invalid("先选要办哪一种。")
    kind = RegionChangeKind(typed.kind)
    old = _find_place(session, desk.actor, typed.old)
    new = typed.new
    if kind is RegionChangeKind.MERGE:
        new = _find_place(session, desk.actor, new)
    try:
        day = date.fromisoformat(typed.on) if typed.on else desk.today
    except ValueError:
        raise Invalid("生效日这样写：2026-12-01。") from None
    return Wish(kind, old, "" if kind is RegionChangeKind.RENAME else new, typed.name), day


def _find_place(session: ReadSession, actor: Actor, text: str) -> str:
    """A code as it is; a name is looked up in the colleague's own places. Raises Invalid."""
    if not text or text.isdecimal():
        return text
    found: dict[str, str] = {}
    for area in {grant.region_code for grant in actor.grants}:
        regions, _ = region_queries.search_regions(session, text, within=area, limit=50)
        found |= {region.code: region.name for region in regions if region.name == text}
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise Invalid(f"没找到“{text[:20]}”，请写全名，或者填代码。")
    raise Invalid(f"叫“{text[:20]}”的不止一个（{'、'.join(sorted(found)[:5])}），请填代码。")
