"""收不收消息: a villager's own word on what may be sent to the number in their file; needs no scripts."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.dependencies import CurrentCipher, SignedInActor
from app.core.errors import Conflict
from app.core.http import CurrentClock, ReadSession, WriteSession
from app.referrals.mailing.opting import MessageChoice, choose_own, own_choice
from app.seekers import masking
from app.seekers.access.own import get_own_person
from app.web.csrf import check_csrf
from app.web.languages import mark
from app.web.portal.me_views import me_page
from app.web.reader import read_reader

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_CHOICES = {
    MessageChoice.ALL: (mark("都发给我"), mark("有新活、招聘会、政策，也告诉我。")),
    MessageChoice.OWN: (mark("只发我自己的事"), mark("给我推的活、面试、上班。群发的不要。")),
    MessageChoice.NONE: (mark("都不要发"), mark("有事请打电话，或者上门说。验证码照发。")),
}


@dataclass(frozen=True)
class MessageOption:
    """一个选项."""

    value: str
    title: str
    note: str
    is_chosen: bool


@dataclass(frozen=True)
class Messages:
    """收不收消息: `phone` masked, empty where the file has none."""

    id: int
    phone: str
    options: tuple[MessageOption, ...]
    done: bool = False


@router.get("/me/{person_id:int}/messages")
def show_messages(
    request: Request,
    session: ReadSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    person_id: int,
    done: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """What holds for one's number, with the three ways it can be."""
    person = get_own_person(session, actor, person_id)
    phone, chosen = own_choice(session, person, cipher)
    language = read_reader(request).language
    options = tuple(
        MessageOption(choice.value, language.gettext(title), language.gettext(note), choice is chosen)
        for choice, (title, note) in _CHOICES.items()
    )
    view = Messages(person.id, masking.mask_phone(phone) or "", options, done == "said")
    return me_page(request, actor, "portal/me_messages.html", view)


@router.post("/me/{person_id:int}/messages")
def choose_messages(
    request: Request,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    person_id: int,
    choice: Annotated[MessageChoice, Form()],
) -> Response:
    """The person's word; it counts at once. Sent twice, nothing more happens."""
    person = get_own_person(session, actor, person_id)
    address = f"/me/{person.id}/messages"
    try:
        choose_own(session, actor, person, choice, cipher=cipher, clock=clock)
    except Conflict:
        return RedirectResponse(read_reader(request).url(address), 303)
    return RedirectResponse(read_reader(request).url(address, done="said"), 303)
