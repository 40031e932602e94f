"""我的: a villager's own file on their own phone: finding it, seeing it and who saw it, signing out.

Changing it is in `me_edit`, consents, copy and erasure in `me_rights`. Works without JavaScript; nothing is
kept by the browser.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import signing_in
from app.accounts.audit.queries import who_looked
from app.accounts.dependencies import CurrentActor, CurrentCipher, SignedInActor
from app.core.http import CurrentClock, ReadSession, WriteSession
from app.seekers import masking, sealing
from app.seekers import queries as ledger
from app.seekers.access import service
from app.seekers.access.own import get_own_person, read_own_health
from app.seekers.access.queries import list_own_people
from app.seekers.fields import PERSON_LABELS
from app.seekers.models import Person
from app.web import sessions
from app.web.csrf import check_csrf
from app.web.languages import mark
from app.web.portal.me_views import (
    File,
    Hub,
    Looks,
    Pairs,
    People,
    Proof,
    choices_of,
    look_lines,
    me_page,
    place_of,
)
from app.web.reader import read_reader
from app.web.staff.file_views import line_of, person_groups, tags_of, wage_words, words_of
from app.web.staff.signing_in import phone_form

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_MOST_LOOKS = 100
DONE = {
    "saved": mark("改好了。"),
    "linked": mark("对上了，这是你的档案。"),
    "asked": mark("记下来了，接下来有人给你办。"),
    "kept": mark("收回来了，档案还在。"),
}
# SAFETY: nothing stays on a shared phone. Cookies go one by one as well, for browsers that don't know it.
FORGET_ALL = '"cache", "cookies", "storage"'


@router.get("/me")
def show_me(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """One's own file; where a family shares the phone, whose; where none is known, the way to it. Whoever is
    not signed in has the form at once: on a weak line being led elsewhere costs two seconds."""
    if not actor.is_signed_in:
        return phone_form(request, request.url.path)
    if actor.is_staff:
        return RedirectResponse("/staff", 303)
    people = list_own_people(session, actor.user_id or 0)
    if not people:
        return me_page(request, actor, "portal/me_proof.html", Proof())
    if len(people) == 1:
        return RedirectResponse(read_reader(request).url(f"/me/{people[0].id}"), 303)
    return me_page(request, actor, "portal/me_people.html", People(choices_of(people)))


@router.get("/me/add")
def show_proof(request: Request, session: ReadSession, actor: SignedInActor) -> Response:
    """Where another member of the family shows that a file is theirs."""
    known = bool(actor.user_id and list_own_people(session, actor.user_id))
    return me_page(request, actor, "portal/me_proof.html", Proof(known))


@router.post("/me/add")
def prove(
    request: Request,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    id_tail: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Takes the last four of the ID number. One answer for every cause; the try is counted either way."""
    reader = read_reader(request)
    person_id = service.link_person(session, actor, id_tail, cipher=cipher, clock=clock)
    if person_id is not None:
        return RedirectResponse(reader.url(f"/me/{person_id}", done="linked"), 303)
    known = bool(actor.user_id and list_own_people(session, actor.user_id))
    problem = reader.language.gettext(mark("没对上。看看身份证最后四位，再填一次。"))
    return me_page(request, actor, "portal/me_proof.html", Proof(known, problem), 422)


@router.get("/me/{person_id:int}")
def show_hub(
    request: Request,
    session: ReadSession,
    actor: SignedInActor,
    person_id: int,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """What one can do about one's own file."""
    person = get_own_person(session, actor, person_id)
    people = list_own_people(session, actor.user_id or 0)
    villages = ledger.list_village_names(session, [person.region_code])
    looks = who_looked(session, person.id, person.household_id, limit=_MOST_LOOKS)
    said = read_reader(request).language.gettext(DONE[done]) if done in DONE else ""
    view = Hub(
        person.id,
        person.name,
        place_of(person.region_code, villages),
        sum(look.actor_id != actor.user_id for look in looks),
        len(people) > 1,
        said,
    )
    return me_page(request, actor, "portal/me.html", view)


@router.get("/me/{person_id:int}/file")
def show_file(
    request: Request,
    session: ReadSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    person_id: int,
) -> Response:
    """The file as the office sees it, numbers masked."""
    person = get_own_person(session, actor, person_id)
    villages = ledger.list_village_names(session, {person.region_code, *person.refused_places})
    words = words_of(person, villages) | {"wage_floor_fen": wage_words(person)}
    groups, unknown = person_groups(words, PERSON_LABELS)
    who = (
        ("姓名", person.name),
        ("", line_of(person, clock.today())),
        ("电话", masking.mask_phone(sealing.open_phone(person, cipher)) or "没有"),
        ("身份证号", masking.mask_id_number(sealing.open_id_number(person, cipher)) or "没有"),
    )
    health = tuple(read_own_health(session, actor, person, cipher).items())
    shown = [
        ("你是谁", who),
        ("你家", _household_pairs(session, person, villages)),
        *((title, tuple(pairs)) for title, pairs in groups if pairs),
        ("身体情况", health or (("", "没有登记"),)),
    ]
    return me_page(request, actor, "portal/me_file.html", File(person.id, person.name, tuple(shown), unknown))


def _household_pairs(session: ReadSession, person: Person, villages: dict[str, str]) -> Pairs:
    """What the office holds of the household; of its other members nothing."""
    home = person.household
    officers = ledger.list_officer_names(session, {home.officer_id} if home.officer_id else set())
    pairs = (
        ("村", place_of(person.region_code, villages)),
        ("住址", home.address),
        ("户类型", "、".join(tags_of(home))),
        ("包户人", officers.get(home.officer_id or 0, "")),
    )
    return tuple((label, words) for label, words in pairs if words)


@router.get("/me/{person_id:int}/looks")
def show_looks(
    request: Request, session: ReadSession, actor: SignedInActor, clock: CurrentClock, person_id: int
) -> Response:
    """Who looked at one's file: by office and role, when, why; no names."""
    person = get_own_person(session, actor, person_id)
    looks = who_looked(session, person.id, person.household_id, limit=_MOST_LOOKS)
    villages = ledger.list_village_names(session, {look.team_code for look in looks if look.team_code})
    language = read_reader(request).language
    lines = look_lines(language, looks, actor, clock.today(), villages)
    return me_page(request, actor, "portal/me_looks.html", Looks(person.id, lines))


@router.post("/me/{person_id:int}/unlink")
def unlink(
    request: Request,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    person_id: int,
) -> Response:
    """This phone lets go of the file."""
    person = get_own_person(session, actor, person_id)
    service.leave_person(session, actor, person.id, cipher=cipher, clock=clock)
    return RedirectResponse(read_reader(request).url("/me"), 303)


@router.post("/me/leave")
def leave(request: Request, actor: CurrentActor, session: WriteSession, clock: CurrentClock) -> Response:
    """Signs out and leaves nothing behind on a shared phone."""
    token = sessions.session_token(request)
    if token:
        signing_in.sign_out(session, clock, token)
    response = me_page(request, None, "portal/me_left.html", None)
    sessions.forget_session(response)
    response.headers["Clear-Site-Data"] = FORGET_ALL
    return response
