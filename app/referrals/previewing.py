"""推之前看一眼: what each person would get by pushing them a posting, how, when, and what it costs.

Says what `telling` will do, without doing it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries as account_queries
from app.accounts.rules import normalise_phone
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Unsealable
from app.core.settings import Settings
from app.core.terms import LabelledEnum
from app.jobs.models import JobPosting
from app.notifications.campaigns import Tariff
from app.notifications.limits import room_at
from app.notifications.opt_outs import opted_out_among
from app.notifications.rules import after_quiet
from app.notifications.terms import HOTLINE, Channel, Purpose
from app.notifications.wording import PARAMETER_MAX, get_template, preview_message, render_template
from app.referrals import link_codes, messages
from app.referrals.messages import Office
from app.seekers import sealing
from app.seekers.models import Person
from app.seekers.privacy.consents import allowed_among
from app.seekers.privacy.terms import ConsentPurpose

_OFFER: Final = "job_offer"


class Way(LabelledEnum):
    """怎么告诉本人."""

    SMS = "sms", "发短信"
    CALL = "call", "收不了短信，放到要打的电话里"
    REFUSED = "refused", "说过不要发消息，您当面说一声"
    OPTED_OUT = "opted_out", "退订了短信，您当面说一声"


@dataclass(frozen=True)
class OfferPreview:
    """一个人会收到什么: `due_at` when an SMS goes; `text` empty where nothing is sent."""

    person_id: int
    way: Way
    text: str = field(default="", repr=False)
    parts: int = 0
    cost_fen: int = 0
    due_at: datetime | None = None


def preview_offers(
    session: Session,
    job: JobPosting,
    people: Sequence[Person],
    *,
    cipher: FieldCipher,
    clock: Clock,
    settings: Settings,
    tariff: Tariff,
) -> list[OfferPreview]:
    """For each of the people (whom the caller may push this posting to) what they would get. A statement for
    each place they live in, three for all."""
    now = clock.now()
    phones = {person.id: _mobile(person, cipher) for person in people}
    allowed = allowed_among(session, [person.id for person in people], ConsentPurpose.MESSAGES)
    numbers = {phone for phone in phones.values() if phone}
    want_none = opted_out_among(session, cipher, numbers, Purpose.SERVICE)
    later = room_at(session, [f"person:{person.id}" for person in people], Channel.SMS, now)
    offices: dict[str, Office] = {}
    found = []
    for person in people:
        if person.region_code not in offices:
            offices[person.region_code] = _office(session, person.region_code, settings, now)
        office = offices[person.region_code]
        words = messages.only_asked_for(
            get_template(_OFFER).slots, messages.words_of_offer(person, job, office)
        )
        phone = phones[person.id]
        if person.id not in allowed:
            found.append(OfferPreview(person.id, Way.REFUSED))
        elif phone is None or len(office.link) > PARAMETER_MAX:
            said = render_template(_OFFER, words | {"link": "."}, on_paper=True)
            found.append(OfferPreview(person.id, Way.CALL, said))
        elif phone in want_none:
            found.append(OfferPreview(person.id, Way.OPTED_OUT))
        else:
            seen = preview_message(_OFFER, words, signature=tariff.signature, price_fen=tariff.price_fen)
            due_at = after_quiet(later.get(f"person:{person.id}", now))
            found.append(OfferPreview(person.id, Way.SMS, seen.text, seen.parts, seen.cost_fen, due_at))
    return found


def _office(session: Session, region_code: str, settings: Settings, now: datetime) -> Office:
    """Whom to call, and a link as long as the real one: that is made with the referral."""
    duty = account_queries.find_duty_officer(session, region_code, now)
    code = link_codes.link_code(settings.secret_key.get_secret_value(), 10**6)
    site = settings.public_url.rstrip("/").partition("://")[2]
    return Office(duty.phone if duty is not None else HOTLINE, f"{site}/a/{'x' * len(code)}")


def _mobile(person: Person, cipher: FieldCipher) -> str | None:
    try:
        return normalise_phone(sealing.open_phone(person, cipher) or "")
    except Unsealable:
        return None
