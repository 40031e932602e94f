"""What people are told about a referral: the right words, once, never after it is settled."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import OFFICE_ZONE
from app.core.crypto import FieldCipher
from app.core.tasks import Task
from app.notifications.models import Message
from app.notifications.rules import count_parts, with_signature
from app.notifications.sealing import open_parameters, open_recipient
from app.notifications.subjects import is_still_wanted
from app.notifications.terms import Channel
from app.notifications.wording import render_template
from app.referrals import telling
from app.referrals.models import Referral
from app.seekers.privacy.models import Consent
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from tests.employers.factories import set_phone
from tests.referrals.situations import Scene


def sent(scene: Scene, about: Referral | None = None) -> list[Message]:
    statement = select(Message).order_by(Message.id)
    if about is not None:
        statement = statement.where(Message.subject_id == about.id)
    return list(scene.session.scalars(statement))


def words(message: Message, cipher: FieldCipher) -> str:
    return render_template(message.template_code, open_parameters(message, cipher))


def test_an_offer_comes_with_pay_place_and_a_link_in_one_part(scene: Scene) -> None:
    referral = scene.push()
    (message,) = sent(scene)
    text = words(message, scene.cipher)
    assert (message.template_code, message.channel) == ("job_offer", Channel.SMS)
    assert open_recipient(message, scene.cipher) == "13900000001"
    assert f"/a/{referral.id}-" in text
    assert "平车工" in text
    assert scene.person.name not in text, "a full name is nobody's business on a lost phone"
    assert count_parts(with_signature(text, "送岗")) <= 2


def test_every_step_of_a_good_life_says_its_own_words(scene: Scene) -> None:
    referral = scene.push()
    for action in ("interested", "submit", "view", "interview", "hire", "arrive"):
        scene.step(referral, action)
    codes = [message.template_code for message in sent(scene, referral) if message.purpose == "service"]
    assert codes == ["job_offer", "progress", "interview", "hired", "arrived"]


def test_a_refusal_says_why(scene: Scene) -> None:
    referral = scene.push()
    for action in ("interested", "submit", "refuse"):
        scene.step(referral, action)
    refusal = next(message for message in sent(scene, referral) if message.template_code == "refused")
    assert referral.reason in words(refusal, scene.cipher)


def test_who_wants_no_messages_gets_none(scene: Scene) -> None:
    scene.session.add(
        Consent(
            person_id=scene.person.id,
            purpose=ConsentPurpose.MESSAGES,
            is_given=False,
            method=ConsentMethod.PHONE,
            text_version="",
            at=scene.clock.now(),
        )
    )
    scene.session.flush()
    scene.push()
    assert sent(scene) == []


def test_without_a_mobile_phone_it_goes_onto_the_call_list(scene: Scene) -> None:
    scene.push(person=scene.neighbour(phone=None))
    (message,) = sent(scene)
    assert message.channel is Channel.CALL


def test_an_answered_offer_is_not_sent_any_more(scene: Scene) -> None:
    referral = scene.push()
    (message,) = sent(scene)
    args = (scene.session, message.subject_kind, message.subject_id, message.template_code)
    assert is_still_wanted(*args)
    scene.step(referral, "interested")
    assert not is_still_wanted(*args)
    assert not is_still_wanted(scene.session, "referral", 999_999, "job_offer")


def test_a_firm_is_told_of_all_its_people_together(scene: Scene, session: Session) -> None:
    set_phone(scene.employer, "13911112222")
    for _ in range(3):
        referral = scene.push(person=scene.neighbour())
        scene.step(referral, "interested")
        scene.step(referral, "submit")
    planned = session.scalars(select(Task).where(Task.name == telling.DIGEST)).all()
    assert len(planned) == 1
    telling.tell_new_people(session, scene.employer.id, scene.clock)
    telling.tell_new_people(session, scene.employer.id, scene.clock)
    (message,) = [m for m in sent(scene) if m.template_code == "employer_referred"]
    text = words(message, scene.cipher)
    assert "3人" in text
    assert "/e/" in text
    assert open_recipient(message, scene.cipher) == "13911112222"
    for person_name in {scene.person.name}:
        assert person_name not in text


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-20 08:00", "2026-11-20 09:30"),
        ("2026-11-20 09:30", "2026-11-20 15:30"),
        ("2026-11-20 16:00", "2026-11-21 09:30"),
    ],
)
def test_firms_are_told_twice_a_day(now: str, then: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=OFFICE_ZONE)
    assert telling.next_digest(at) == datetime.fromisoformat(then).replace(tzinfo=OFFICE_ZONE)


def test_confirming_a_posting_links_to_it(scene: Scene) -> None:
    set_phone(scene.employer, "13911112222")
    telling.tell_of_posting(scene.session, scene.job, telling.CONFIRM_POSTING, scene.clock)
    telling.tell_of_posting(scene.session, scene.job, telling.CONFIRM_POSTING, scene.clock)
    (message,) = sent(scene)
    assert "/c/" in words(message, scene.cipher)
    scene.clock.move(timedelta(days=1))
    telling.tell_of_posting(scene.session, scene.job, telling.CONFIRM_POSTING, scene.clock)
    assert len(sent(scene)) == 2
