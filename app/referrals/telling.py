"""告知: the one place where referrals hand over what people are to be told.

`rules.tells` says who is told what by a transition, `clocks` what by a deadline; all of it passes through
`tell` and `tell_of_posting`, which write messages into the outbox in the transaction of the change. New
people for a firm are told together, twice a day (`tasks`). A message is dropped when its referral has moved
on before it went out (`is_still_wanted`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.accounts import queries as account_queries
from app.accounts.rules import normalise_phone
from app.core.clock import OFFICE_ZONE, Clock
from app.core.crypto import FieldCipher, Unsealable, cipher_of
from app.core.settings import Settings
from app.core.tasks import enqueue
from app.employers.links import PEOPLE, POSTING, make_link_code
from app.employers.sealing import open_contact
from app.jobs.models import JobPosting
from app.notifications.outbox import NewMessage, choose_channel, enqueue_message
from app.notifications.subjects import register_subject_check
from app.notifications.terms import HOTLINE, Channel
from app.notifications.wording import get_template
from app.referrals import link_codes, message_queries, messages
from app.referrals.messages import Office
from app.referrals.models import Referral
from app.referrals.rules import ENDED, Tell
from app.referrals.spells.models import FollowUpCheck
from app.referrals.terms import Party, ReferralState, TellKind
from app.seekers import sealing
from app.seekers.privacy.consents import is_allowed
from app.seekers.privacy.terms import ConsentPurpose

log = structlog.get_logger()

CONFIRM_POSTING: Final = Tell(Party.EMPLOYER, TellKind.CONFIRM_POSTING)
POSTING_PAUSED: Final = Tell(Party.EMPLOYER, TellKind.POSTING_PAUSED)
DIGEST: Final = "referrals.tell_employer"
SUBJECT: Final = "referral"
_ABOUT_THE_POSTING: Final = frozenset({"confirm_posting", "posting_paused"})
# Firms are told in the morning and in the afternoon, when somebody sits in the office.
_DIGEST_AT: Final = (time(9, 30), time(15, 30))
_ANSWER_DAYS: Final = 7
CHECK_IN: Final = "check_in"
ASKED_ON: Final = 7
"""The one check people are asked about by message (REFERRALS, "After arrival": one tap, SMS, call)."""
_NO_MORE: Final[Mapping[str, str]] = {}


def tell(session: Session, referral: Referral, tells: Sequence[Tell], clock: Clock) -> None:
    """Hands over what is to be told about a referral (person and posting loaded), in the transaction of the
    change. Nothing of it is in a log but ids and codes."""
    for one in tells:
        log.debug("referral_tell", referral_id=referral.id, to=one.to.value, kind=one.kind.value)
        if one.to is Party.PERSON:
            _tell_person(session, referral, one, clock)
        elif one.to is Party.EMPLOYER and one.kind is TellKind.NEW_PERSON:
            _plan_digest(session, referral.job, clock)
        elif one.to is Party.EMPLOYER:
            days = (clock.now() - (referral.submitted_at or clock.now())).days
            _tell_employer(session, referral.job, one, clock, f"referral:{referral.id}", 1, days, referral)


def tell_of_posting(session: Session, job: JobPosting, one: Tell, clock: Clock) -> None:
    """As `tell`, to the employer of a posting (loaded)."""
    log.debug("posting_tell", job_id=job.id, to=one.to.value, kind=one.kind.value)
    _tell_employer(session, job, one, clock, f"job:{job.id}:{clock.today()}", 0, 0)


def tell_new_people(session: Session, employer_id: int, clock: Clock) -> None:
    """The day's collection: one message for each posting of the firm that somebody waits at."""
    for job, count in message_queries.count_waiting_at(session, employer_id):
        _send_to_employer(
            session, job, "employer_referred", clock, f"job:{job.id}:{clock.now():%Y-%m-%dT%H}", count, 0
        )


def tell_check_in(session: Session, referral: Referral, check: FollowUpCheck, clock: Clock) -> None:
    """Asks how the work goes, by the personal link: one message for a check (spell loaded). Who has no mobile
    phone gets none: the officer calls when the check is due."""
    days = (clock.today() - check.spell.starts_on).days
    key = f"check:{check.id}"
    _send_to_person(session, referral, CHECK_IN, key, clock, {"days": str(days)}, sms_only=True)


def is_still_wanted(session: Session, subject_id: int, template_code: str) -> bool:
    """Silent once settled (REFERRALS, "Clocks"): an offer that was answered asks nobody again, a referral
    that has ended says no more than how it ended."""
    state = message_queries.find_state(session, subject_id)
    if state is None:
        return False
    if template_code in ("job_offer", "job_offer_reminder"):
        return state is ReferralState.OFFERED
    if template_code in ("interview", "employer_silent", "employer_chase"):
        return state not in ENDED
    if template_code == CHECK_IN:
        return message_queries.is_check_open(session, subject_id, ASKED_ON)
    return True


register_subject_check(SUBJECT, is_still_wanted)


def _tell_person(session: Session, referral: Referral, one: Tell, clock: Clock) -> None:
    code = messages.template_for(one, referral)
    if code is not None:
        key = f"referral:{referral.id}:{one.kind.value}:{referral.version}.{referral.clock_step}"
        _send_to_person(session, referral, code, key, clock)


def _send_to_person(
    session: Session,
    referral: Referral,
    code: str,
    key: str,
    clock: Clock,
    more: Mapping[str, str] = _NO_MORE,
    *,
    sms_only: bool = False,
) -> None:
    person = referral.person
    if not is_allowed(session, person.id, ConsentPurpose.MESSAGES):
        return
    settings = Settings()
    cipher = cipher_of(settings)
    duty = account_queries.find_duty_officer(session, person.region_code, clock.now())
    link = _address(
        settings, f"/a/{link_codes.link_code(settings.secret_key.get_secret_value(), referral.id)}"
    )
    office = Office(duty.phone if duty else HOTLINE, link)
    words = messages.words_to_person(referral, office, _ANSWER_DAYS) | dict(more)
    try:
        phone = sealing.open_phone(person, cipher) or ""
    except Unsealable:
        log.warning("phone_not_readable", person_id=person.id)
        return
    if sms_only and choose_channel(code, words, phone) is not Channel.SMS:
        return
    _put(session, clock, cipher, code, words, phone, f"person:{person.id}", referral.id, key)


def _plan_digest(session: Session, job: JobPosting, clock: Clock) -> None:
    due_at = next_digest(clock.now())
    key = f"{DIGEST}:{job.employer_id}:{due_at.isoformat()}"
    enqueue(session, DIGEST, {"employer_id": job.employer_id}, due_at=due_at, dedupe_key=key)


def next_digest(now: datetime) -> datetime:
    """When firms are told next of people who want to come."""
    local = now.astimezone(OFFICE_ZONE)
    today = [datetime.combine(local.date(), at, OFFICE_ZONE) for at in _DIGEST_AT]
    tomorrow = datetime.combine(local.date() + timedelta(days=1), _DIGEST_AT[0], OFFICE_ZONE)
    return next((at for at in today if at > local), tomorrow)


def _tell_employer(
    session: Session,
    job: JobPosting,
    one: Tell,
    clock: Clock,
    about: str,
    count: int,
    days: int,
    referral: Referral | None = None,
) -> None:
    code = messages.template_for(one, referral)
    if code is not None:
        key = f"{about}:{one.kind.value}:{clock.today()}"
        _send_to_employer(session, job, code, clock, key, count, days, referral)


def _send_to_employer(
    session: Session,
    job: JobPosting,
    code: str,
    clock: Clock,
    key: str,
    count: int,
    days: int,
    referral: Referral | None = None,
) -> None:
    settings = Settings()
    link = _employer_link(settings, job, code, clock)
    duty = account_queries.find_duty_officer(session, job.office_code, clock.now())
    office = Office(duty.phone if duty else HOTLINE, link)
    day = referral.starts_on if referral is not None and referral.starts_on else clock.today()
    words = messages.words_to_employer(job, office, messages.day_text(day), count=count, days=days)
    phone = _phone_of(job, cipher_of(settings))
    about_referral = referral.id if referral is not None else None
    _put(
        session,
        clock,
        cipher_of(settings),
        code,
        words,
        phone,
        f"employer:{job.employer_id}",
        about_referral,
        f"employer:{key}",
    )


def _phone_of(job: JobPosting, cipher: FieldCipher) -> str:
    """The firm's mobile number; empty where there is none to send to."""
    try:
        return normalise_phone(open_contact(job.employer, cipher)) or ""
    except Unsealable:
        log.warning("phone_not_readable", employer_id=job.employer_id)
        return ""


def _employer_link(settings: Settings, job: JobPosting, code: str, clock: Clock) -> str:
    """Where the firm answers: about one posting, or about the people it was sent."""
    key, today = settings.secret_key.get_secret_value(), clock.today()
    if code in _ABOUT_THE_POSTING:
        return _address(settings, f"/c/{make_link_code(key, POSTING, job.id, today)}")
    return _address(settings, f"/e/{make_link_code(key, PEOPLE, job.employer_id, today)}")


def _put(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    code: str,
    words: dict[str, str],
    phone: str,
    recipient_key: str,
    referral_id: int | None,
    dedupe_key: str,
) -> None:
    """Into the outbox."""
    slots = get_template(code).slots
    enqueue_message(
        session,
        clock,
        cipher,
        NewMessage(
            code,
            messages.only_asked_for(slots, words),
            recipient=normalise_phone(phone) or "",
            channel=choose_channel(code, words, phone),
            recipient_key=recipient_key,
            subject_kind=SUBJECT if referral_id is not None else None,
            subject_id=referral_id,
            dedupe_key=dedupe_key,
        ),
    )


def _address(settings: Settings, path: str) -> str:
    """An address as it stands in a message: without the https://."""
    return settings.public_url.rstrip("/").partition("://")[2] + path
