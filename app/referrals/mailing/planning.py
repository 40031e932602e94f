"""排群发: a campaign is made from filters, and its messages are written some hundred people at a time.

The first hundreds come with the request that makes it, so a village's or a township's campaign stands at
once; the rest follow in background tasks, each a short transaction of its own, so that nobody waits for
SQLite's only writer. What was written stays where a task was killed: the next one goes on after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Unsealable
from app.core.errors import Forbidden, Invalid
from app.core.tasks import enqueue
from app.jobs.terms import JobState
from app.notifications.campaigns import (
    CampaignReader,
    Limits,
    NewCampaign,
    Tariff,
    add_readers,
    finish_planning,
    may_send_in,
    open_campaign,
)
from app.notifications.models import Message, MessageCampaign
from app.notifications.subjects import register_reader_check, register_subject_check
from app.notifications.terms import CampaignState, SkipReason
from app.notifications.wording import clean_parameters
from app.referrals.mailing.audience import AudienceFilters, count_audience, next_people
from app.referrals.mailing.models import CampaignAudience, CampaignSkip
from app.referrals.mailing.queries import applied_among, find_audience
from app.referrals.queries import find_job
from app.seekers import sealing
from app.seekers.models import Person
from app.seekers.privacy.consents import allowed_among, is_allowed
from app.seekers.privacy.terms import ConsentPurpose

PLAN: Final = "referrals.plan_campaign"
# People looked at in one transaction: a fifth of a second of SQLite's only writer.
CHUNK: Final = 400
JOB: Final = "job"
_PERSON: Final = "person"
_ANY_NAME: Final = "某师傅"


@dataclass(frozen=True)
class CampaignOrder:
    """要做的群发: the campaign, whom it is for, the words of its text but the name, and the posting it is
    about."""

    new: NewCampaign
    filters: AudienceFilters
    words: Mapping[str, str]
    job_id: int | None = None


def prepare_campaign(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    actor: Actor,
    order: CampaignOrder,
    tariff: Tariff,
) -> MessageCampaign:
    """Makes the draft and writes its first messages; nothing goes out before it is started.

    Raises NotFound outside the area, Forbidden for more people than the role may reach, Invalid for words the
    text does not have and for nobody to write to.
    """
    clean_parameters(order.new.template_code, {**order.words, "name": _ANY_NAME})
    campaign = open_campaign(session, clock, cipher, actor, order.new)
    limits = may_send_in(actor, order.new.region_code) or Limits()
    counted = count_audience(session, actor, order.filters, clock.today())
    if counted.with_phone == 0:
        raise Invalid("这样选，没有一个人有手机号。换个条件，或者打电话、上门说。")
    if counted.with_phone > limits.max_people:
        raise Forbidden(too_many(counted.with_phone, limits))
    audience = CampaignAudience(
        campaign_id=campaign.id,
        filters=order.filters.model_dump(mode="json"),
        words=dict(order.words),
        job_id=order.job_id,
        price_fen=tariff.price_fen,
        max_people=limits.max_people,
        second_person_above=limits.second_person_above,
        last_person_id=0,
        seen=0,
    )
    session.add(audience)
    session.flush()
    _plan_chunk(session, clock, cipher, campaign, audience, tariff)
    return campaign


def too_many(people: int, limits: Limits) -> str:
    """Why so many people can't be written to at once, and what to do."""
    return f"您的账号一次最多发给 {limits.max_people} 人，现在有 {people} 人。少选一点，或者找上一级的同事。"


def plan_more(session: Session, clock: Clock, cipher: FieldCipher, campaign_id: int, signature: str) -> None:
    """The next people of a campaign that is not complete; does nothing for any other."""
    campaign = session.get(MessageCampaign, campaign_id, with_for_update=True)
    audience = find_audience(session, campaign_id, lock=True)
    if campaign is None or audience is None or campaign.planned_at is not None:
        return
    if campaign.state is not CampaignState.DRAFT:
        return  # stopped meanwhile
    _plan_chunk(session, clock, cipher, campaign, audience, Tariff(signature, audience.price_fen))


def _plan_chunk(
    session: Session,
    clock: Clock,
    cipher: FieldCipher,
    campaign: MessageCampaign,
    audience: CampaignAudience,
    tariff: Tariff,
) -> None:
    # Who made it was allowed the place and everybody in it (`prepare_campaign`).
    people = next_people(
        session,
        SYSTEM,
        AudienceFilters.model_validate(audience.filters),
        clock.today(),
        after=audience.last_person_id,
        limit=CHUNK,
    )
    skipped = _left_out(session, audience, people)
    readers = [_reader(person, audience, cipher) for person in people if person.id not in skipped]
    limits = Limits(audience.max_people or 0, audience.second_person_above)
    found = add_readers(session, clock, cipher, campaign, readers, tariff, limits)
    skipped |= {int(key.partition(":")[2]): reason for key, reason in found.items()}
    rows: list[dict[str, Any]] = [
        {"campaign_id": campaign.id, "person_id": person_id, "reason": reason}
        for person_id, reason in skipped.items()
    ]
    if rows:
        session.execute(insert(CampaignSkip), rows)
    audience.seen += len(people)
    audience.last_person_id = people[-1].id if people else audience.last_person_id
    if len(people) < CHUNK:
        finish_planning(campaign, clock)
    else:
        key = f"{PLAN} {campaign.id} {audience.last_person_id}"
        enqueue(session, PLAN, {"campaign_id": campaign.id}, due_at=clock.now(), dedupe_key=key)
    session.flush()


def _left_out(
    session: Session, audience: CampaignAudience, people: Sequence[Person]
) -> dict[int, SkipReason]:
    """Who is not to be written to, whatever their number."""
    ids = [person.id for person in people]
    allowed = allowed_among(session, ids, ConsentPurpose.MESSAGES)
    skipped = {person_id: SkipReason.SAID_NO for person_id in ids if person_id not in allowed}
    if audience.job_id is not None:
        applied = applied_among(session, ids, audience.job_id)
        skipped |= dict.fromkeys(applied, SkipReason.APPLIED)
    return skipped


def _reader(person: Person, audience: CampaignAudience, cipher: FieldCipher) -> CampaignReader:
    try:
        phone = sealing.open_phone(person, cipher) or ""
    except Unsealable:
        phone = ""
    subject = (JOB, audience.job_id) if audience.job_id is not None else None
    words = {**audience.words, "name": f"{person.name[:1]}师傅"}
    return CampaignReader(f"{_PERSON}:{person.id}", phone, words, subject)


def is_posting_open(session: Session, job_id: int, _template_code: str) -> bool:
    """A posting that was filled, paused or closed is not advertised any further."""
    job = find_job(session, job_id)
    return job is not None and job.state is JobState.OPEN


def is_wanted_by_person(session: Session, person_id: int, message: Message) -> bool:
    """Silent once settled: who said no to messages, or has applied meanwhile, is left alone."""
    if not is_allowed(session, person_id, ConsentPurpose.MESSAGES):
        return False
    if message.subject_kind != JOB or message.subject_id is None:
        return True
    return person_id not in applied_among(session, [person_id], message.subject_id)


register_subject_check(JOB, is_posting_open)
register_reader_check(_PERSON, is_wanted_by_person)
