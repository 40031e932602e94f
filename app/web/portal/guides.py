"""政策库各页: the list with its search, one entry, and 适合我吗. Open to everyone, nothing is kept."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.core.http import CurrentClock, CurrentSettings, ReadSession
from app.policies import queries
from app.policies.questions import questions
from app.policies.rules import judge
from app.policies.terms import GuideKind
from app.web.csrf import check_public_form
from app.web.portal import guide_views as views
from app.web.portal.places import find_place
from app.web.portal.routes import portal_page
from app.web.reader import read_reader
from app.web.speech.routes import sound_of_guide
from app.web.staff.forms import SentForm

router = APIRouter(dependencies=[Depends(check_public_form)], include_in_schema=False)


@router.get("/policies")
def show_list(
    request: Request,
    session: ReadSession,
    clock: CurrentClock,
    settings: CurrentSettings,
    kind: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """What holds at the reader's place, of one kind or all; found by words."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    chosen = next((each for each in GuideKind if each.value == kind), None)
    words = " ".join(q.split())
    shown = queries.list_shown(session, place.code if place else None, clock.today())
    found = shown
    if words or chosen:
        found = queries.filter_shown(shown, kind=chosen, words=words)
    view = views.build_list(reader, place, shown, found, chosen, words, clock.today())
    return portal_page(request, settings, reader, "portal/guides.html", view)


@router.get("/policies/{slug}")
def show_entry(
    slug: str, request: Request, session: ReadSession, clock: CurrentClock, settings: CurrentSettings
) -> Response:
    """One entry. Raises GuideNotFound."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    shown = queries.get_shown(session, place.code if place else None, slug, clock.today())
    view = replace(
        views.build_entry(reader, place, shown, clock.today()),
        sound_href=sound_of_guide(request, reader, shown),
    )
    return portal_page(request, settings, reader, "portal/guide.html", view)


@router.post("/policies/{slug}")
def answer(
    slug: str,
    request: Request,
    session: ReadSession,
    clock: CurrentClock,
    settings: CurrentSettings,
    form: SentForm,
) -> Response:
    """适合我吗: the taps come in the body, so that no address tells of a household; nothing is written."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    shown = queries.get_shown(session, place.code if place else None, slug, clock.today())
    answers = {key: str(form.get(key, ""))[:20] for key in questions()}
    judgement = judge(shown.content.conditions, answers)
    view = views.build_entry(reader, place, shown, clock.today(), judgement=judgement, answers=answers)
    return portal_page(request, settings, reader, "portal/guide.html", view)
