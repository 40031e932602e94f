"""收不收消息: a reader's word about messages, given by themself or told to a colleague on the phone.

What is refused belongs to a number: a family that shares one shares the choice. A no is taken from anybody
and for any number; a no is taken back only with the word of somebody of one's own area.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.accounts.rules import normalise_phone
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, FieldProblem, Forbidden, Invalid
from app.core.terms import LabelledEnum
from app.notifications.opt_outs import find_opt_out, opt_in, opt_out
from app.notifications.terms import OptOutScope
from app.seekers import sealing
from app.seekers.models import Person
from app.seekers.privacy.consents import is_allowed, record_consent
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from app.seekers.queries import visible_people


class MessageChoice(LabelledEnum):
    """收消息的选择."""

    ALL = "all", "都发给我"
    OWN = "own", "只发我自己的事"
    NONE = "none", "都不要发"


_SCOPES = {MessageChoice.OWN: OptOutScope.CAMPAIGNS, MessageChoice.NONE: OptOutScope.EVERYTHING}


@dataclass(frozen=True)
class NumberChoice:
    """一个号码的选择: `since` it was made (None: never refused), and whose number it is in one's area."""

    phone: str
    choice: MessageChoice
    since: datetime | None
    people: tuple[Person, ...] = ()


def clean_phone(typed: str) -> str:
    """The eleven digits. Raises Invalid."""
    phone = normalise_phone(typed)
    if phone is None:
        message = "手机号要 11 位数字，请再看看。"
        raise Invalid(message, fields=[FieldProblem("phone", message)])
    return phone


def may_record(actor: Actor) -> bool:
    """Whether a colleague writes down what others tell them about messages: who may send to many."""
    return bool(reading_prefixes(actor, Resource.CAMPAIGN, Action.CREATE))


def look_up(session: Session, actor: Actor, typed: str, *, cipher: FieldCipher) -> NumberChoice:
    """How a number stands. Raises Forbidden, Invalid."""
    _require(actor)
    phone = clean_phone(typed)
    choice, since = choice_of(session, cipher, phone)
    people = session.scalars(
        visible_people(actor)
        .where(sealing.find_by_phone(phone, cipher), Person.closed_at.is_(None))
        .order_by(Person.id)
    ).all()
    return NumberChoice(phone, choice, since, tuple(people))


def choice_of(session: Session, cipher: FieldCipher, phone: str) -> tuple[MessageChoice, datetime | None]:
    """What holds for a number, and since when."""
    found = find_opt_out(session, cipher, phone)
    if found is None:
        return MessageChoice.ALL, None
    everything = found.scope is OptOutScope.EVERYTHING
    return (MessageChoice.NONE if everything else MessageChoice.OWN), found.opted_out_at


def record_choice(
    session: Session,
    actor: Actor,
    typed: str,
    choice: MessageChoice,
    told_by: str,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """What somebody told a colleague about a number; written down with who said it. Raises Forbidden, Invalid
    without a name of who said it, Conflict for wanting more again from a number nobody of one's area has."""
    known = look_up(session, actor, typed, cipher=cipher)
    if not told_by.strip():
        message = "写上是谁说的，比如“本人来电话”。"
        raise Invalid(message, fields=[FieldProblem("told_by", message)])
    order = list(MessageChoice)
    if order.index(choice) < order.index(known.choice) and not known.people:
        raise Conflict("这个号码不在您管的人里，不能替他恢复。请本人登录“我的”自己改，或者找他村里的信息员。")
    _store(session, known.phone, choice, cipher=cipher, clock=clock)
    about = known.people[0] if known.people else None
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.OPT_OUT,
        Resource.CAMPAIGN,
        subject_id=about.id if about else None,
        region_code=about.region_code if about else None,
        reason=told_by,
        detail={"choice": choice.value},
    )


def own_choice(session: Session, person: Person, cipher: FieldCipher) -> tuple[str, MessageChoice | None]:
    """The person's number as it is called (empty: none that takes messages) and what holds for them; None
    where nothing can be sent."""
    phone = normalise_phone(sealing.open_phone(person, cipher) or "")
    if phone is None:
        return "", None
    choice, _ = choice_of(session, cipher, phone)
    if not is_allowed(session, person.id, ConsentPurpose.MESSAGES):
        choice = MessageChoice.NONE
    return phone, choice


def choose_own(
    session: Session,
    actor: Actor,
    person: Person,
    choice: MessageChoice,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """The person's own word about their own file's number. Wanting messages again is an agreement, too, where
    they had taken that back. Raises Conflict without a number."""
    phone, _ = own_choice(session, person, cipher)
    if not phone:
        raise Conflict("档案里没有你的手机号，发不了消息。先去“改一改”里填上。")
    _store(session, phone, choice, cipher=cipher, clock=clock)
    refused = not is_allowed(session, person.id, ConsentPurpose.MESSAGES)
    if choice is not MessageChoice.NONE and refused:
        data = ConsentIn(purpose=ConsentPurpose.MESSAGES, is_given=True, method=ConsentMethod.SELF)
        record_consent(session, actor, person.id, data, cipher=cipher, clock=clock)
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.OPT_OUT,
        Resource.CAMPAIGN,
        subject_id=person.id,
        region_code=person.region_code,
        detail={"choice": choice.value},
    )


def _store(session: Session, phone: str, choice: MessageChoice, *, cipher: FieldCipher, clock: Clock) -> None:
    if choice_of(session, cipher, phone)[0] is choice:
        return
    opt_in(session, cipher, phone)
    if choice in _SCOPES:
        opt_out(session, clock, cipher, phone, _SCOPES[choice])


def _require(actor: Actor) -> None:
    if not may_record(actor):
        raise Forbidden("退订由村里、镇上和县里的同事来记。")
