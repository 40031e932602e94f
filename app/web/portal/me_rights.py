"""我的权利: what a villager agreed to, a copy of all that is held about them, and asking
for it to be erased."""

from contextlib import suppress
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from app.accounts.dependencies import CurrentCipher, SignedInActor
from app.accounts.second_person import service as second_person
from app.accounts.second_person.errors import AskedBefore, NotWaiting
from app.core.clock import office_day
from app.core.http import CurrentClock, ReadSession, WriteSession
from app.seekers.access.own import get_own_person
from app.seekers.privacy import consents, copies, erasure
from app.seekers.privacy.copy_text import write_copy
from app.seekers.privacy.schemas import ConsentIn, ConsentsOut, ErasureIn
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from app.web.csrf import check_csrf
from app.web.formats import day_words
from app.web.languages import mark
from app.web.portal.me_views import Consents, Copy, Erase, consent_lines, me_page
from app.web.reader import read_reader

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
ASKED_ONLINE = "本人在网上要求删除自己的资料"
NOT_TICKED = mark("还没勾。想好了，先点上面那一条，再点要求删除。")


@router.get("/me/{person_id:int}/consents")
def show_consents(
    request: Request,
    session: ReadSession,
    actor: SignedInActor,
    clock: CurrentClock,
    person_id: int,
    done: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """What one agreed to, with a button to give or to take back each by itself."""
    person = get_own_person(session, actor, person_id)
    said = ConsentsOut.of(consents.list_consents(session, actor, person.id))
    lines = consent_lines(read_reader(request).language, said, clock.today())
    view = Consents(person.id, lines, done == "said")
    return me_page(request, actor, "portal/me_consents.html", view)


@router.post("/me/{person_id:int}/consents")
def say_consent(
    request: Request,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    person_id: int,
    purpose: Annotated[ConsentPurpose, Form()],
    word: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """A yes or a no to one purpose; a no counts at once. Said twice, it is written down once."""
    person = get_own_person(session, actor, person_id)
    is_given = word == "yes"
    last = next((c for c in consents.consents_of(session, person.id) if c.purpose is purpose), None)
    if last is None or last.is_given is not is_given:
        data = ConsentIn(purpose=purpose, is_given=is_given, method=ConsentMethod.SELF)
        consents.record_consent(session, actor, person.id, data, cipher=cipher, clock=clock)
    return RedirectResponse(read_reader(request).url(f"/me/{person.id}/consents", done="said"), 303)


@router.get("/me/{person_id:int}/copy")
def show_copy(request: Request, session: ReadSession, actor: SignedInActor, person_id: int) -> Response:
    """What is in the copy, before it is made."""
    person = get_own_person(session, actor, person_id)
    return me_page(request, actor, "portal/me_copy.html", Copy(person.id))


@router.post("/me/{person_id:int}/copy")
def make_copy(
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    person_id: int,
) -> Response:
    """All that is held about the person, as a text file; the ID number stays masked."""
    person = get_own_person(session, actor, person_id)
    copy = copies.make_copy(session, actor, person.id, asked=ConsentMethod.SELF, cipher=cipher, clock=clock)
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="my-file.txt"'}
    # The mark at the beginning tells old phones that the file is UTF-8.
    return PlainTextResponse("\ufeff" + write_copy(copy), headers=headers)


@router.get("/me/{person_id:int}/erase")
def show_erase(
    request: Request, session: ReadSession, actor: SignedInActor, clock: CurrentClock, person_id: int
) -> Response:
    """What erasure means and what happens next; with a request that waits, by when."""
    return _erase_page(request, session, actor, clock, person_id)


@router.post("/me/{person_id:int}/erase")
def ask_erase(
    request: Request,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    person_id: int,
    sure: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Writes the request down; a colleague of the office carries it out. A second tap changes nothing."""
    person = get_own_person(session, actor, person_id)
    reader = read_reader(request)
    if sure != "yes":
        problem = reader.language.gettext(NOT_TICKED)
        return _erase_page(request, session, actor, clock, person.id, problem=problem)
    data = ErasureIn(method=ConsentMethod.SELF, reason=ASKED_ONLINE)
    with suppress(AskedBefore):
        erasure.request_erasure(session, actor, person.id, data, cipher=cipher, clock=clock)
    return RedirectResponse(reader.url(f"/me/{person.id}/erase"), 303)


@router.post("/me/{person_id:int}/keep")
def take_back(
    request: Request,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    person_id: int,
) -> Response:
    """Takes one's own request back while it waits."""
    person = get_own_person(session, actor, person_id)
    asked = erasure.find_request(session, person.id, clock)
    if asked is None or asked.asked_by_id != actor.user_id:
        raise NotWaiting
    second_person.withdraw(session, cipher, clock, actor, asked.id)
    return RedirectResponse(read_reader(request).url(f"/me/{person.id}", done="kept"), 303)


def _erase_page(
    request: Request,
    session: ReadSession,
    actor: SignedInActor,
    clock: CurrentClock,
    person_id: int,
    *,
    problem: str = "",
) -> Response:
    person = get_own_person(session, actor, person_id)
    asked = erasure.find_request(session, person.id, clock)
    until, mine = "", False
    if asked is not None:
        language = read_reader(request).language
        last_day = office_day(asked.expires_at - timedelta(seconds=1))
        until = day_words(language, last_day, clock.today())
        mine = asked.asked_by_id == actor.user_id
    view = Erase(person.id, person.name, second_person.WAITS_FOR.days, until, mine, problem)
    return me_page(request, actor, "portal/me_erase.html", view, 422 if problem else 200)
