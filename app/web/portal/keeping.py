"""记到档案里: the answers of the three questions, written into one's own file, only if the person wants it.

Without this page nothing of them is stored anywhere. What the file says already stays: skills and limits are
added, how far one goes is replaced.
"""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import QueryParams

from app.accounts.actor import Actor
from app.accounts.dependencies import CurrentActor, CurrentCipher, SignedInActor
from app.core.http import CurrentClock, ReadSession, WriteSession
from app.seekers.access.own import OwnPatch, edit_own, get_own_person
from app.seekers.access.queries import list_own_people
from app.seekers.models import Person
from app.seekers.words import label_of_word
from app.web.csrf import check_csrf
from app.web.portal.answers import Answers, read_answers
from app.web.portal.me_views import me_page
from app.web.portal.places import find_place
from app.web.portal.questions import county_name, question_url
from app.web.reader import Reader, read_reader
from app.web.staff.forms import SentForm

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)


@dataclass(frozen=True)
class Keep:
    """记到档案里: what would be written, into whose file; `people` empty where none is known."""

    answers: tuple[str, ...]
    hidden: tuple[tuple[str, str], ...]
    people: tuple[tuple[int, str], ...]
    back_href: str


@router.get("/find/keep")
def ask_whose(request: Request, session: ReadSession, actor: CurrentActor, clock: CurrentClock) -> Response:
    """Whose file, and what is written into it. Whoever is not signed in comes back here afterwards."""
    reader = read_reader(request)
    answers = read_answers(request.query_params)
    if not actor.is_signed_in:
        onward = f"{request.url.path}?{urlencode(answers.pairs())}"
        return RedirectResponse(reader.url("/login/phone", next=onward), 303)
    if actor.is_staff:
        return RedirectResponse("/staff", 303)
    place = find_place(session, reader.place, clock.now())
    county = county_name(place) if place else reader.language.gettext("县")
    return me_page(request, actor, "portal/keep.html", _view(session, actor, reader, answers, county))


def _view(session: ReadSession, actor: Actor, reader: Reader, answers: Answers, county: str) -> Keep:
    people = list_own_people(session, actor.user_id or 0)
    return Keep(
        answers.sentences(reader.language, county),
        answers.pairs(),
        tuple((person.id, person.name) for person in people),
        question_url(reader, "/find/result", answers),
    )


@router.post("/find/keep")
def keep(
    request: Request,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    form: SentForm,
    person_id: Annotated[int, Form(ge=1)],
) -> Response:
    """Writes the answers into one's own file, with history. Raises PersonNotFound for another's."""
    sent = [(key, str(value)) for key, value in form.multi_items() if key in ("k", "far", "no")]
    answers = read_answers(QueryParams(sent))
    person = get_own_person(session, actor, person_id)
    patch = OwnPatch.model_validate(_changes(person, answers))
    edit_own(session, actor, person.id, patch, cipher=cipher, clock=clock)
    return RedirectResponse(read_reader(request).url(f"/me/{person.id}", done="saved"), 303)


def _changes(person: Person, answers: Answers) -> dict[str, Any]:
    known = [label_of_word(code) for code in person.skills]
    changes: dict[str, Any] = {
        "skills": [*known, *(word for word in answers.words if word not in known)],
        "limits": sorted({*person.limits, *answers.demands}),
    }
    if answers.far:
        changes["travel"] = answers.reach
    if "care" in answers.limits:
        changes["cares_for_family"] = True
    if "live" in answers.limits:
        changes |= {"needs_board": True, "needs_lodging": True}
    return changes
