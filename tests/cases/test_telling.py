"""Who said something is told by message that there is an answer, and nothing of what it is about."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.cases import handling, queries, service
from app.cases.models import Case
from app.cases.schemas import AnswerIn, CloseIn
from app.cases.telling import SUBJECT, is_still_wanted
from app.cases.terms import CaseClose
from app.notifications.models import Message
from app.notifications.sealing import open_parameters, open_recipient
from app.notifications.subjects import is_still_wanted as asked_by_the_outbox
from app.notifications.terms import Channel, DropReason, MessageState
from app.notifications.wording import render_template
from tests.cases.conftest import PHONE, STORY, Office

WORDS = AnswerIn(words="问过工地了，下周一给你结。")
DONE = CloseIn(words="钱已经打到卡上。", reason=CaseClose.PAID)


def messages_about(office: Office, case: Case) -> list[Message]:
    found = select(Message).where(Message.subject_kind == SUBJECT, Message.subject_id == case.id)
    return list(office.session.scalars(found.order_by(Message.id)))


def text_of(office: Office, message: Message) -> str:
    return render_template(message.template_code, open_parameters(message, office.cipher))


def test_the_answer_is_told_where_it_can_be_read(office: Office) -> None:
    case = office.say()
    office.session.get_one(User, office.county.user_id).work_phone = "0919-1234567"
    handling.answer_case(office.session, office.hand(office.county), case.id, WORDS)
    (message,) = messages_about(office, case)
    assert message.channel is Channel.SMS
    assert open_recipient(message, office.cipher) == PHONE
    number, link = f"{case.number[:4]} {case.number[4:]}", f"songgang.cn/cases?n={case.number}"
    told = f"您好，您说的事（编号{number}）有回话了。点 {link} 看，或打0919-1234567问。"
    assert text_of(office, message) == told
    for secret in (WORDS.words, STORY, case.kind.label):
        assert secret not in text_of(office, message)


def test_without_a_work_phone_the_hotline_is_told(office: Office) -> None:
    case = office.say()
    office.session.get_one(User, office.county.user_id).work_phone = None
    handling.answer_case(office.session, office.hand(office.county), case.id, WORDS)
    assert "或打12333问" in text_of(office, messages_about(office, case)[0])


def test_two_answers_of_one_evening_are_one_message(office: Office) -> None:
    case = office.say()
    hand = office.hand(office.county)
    handling.answer_case(office.session, hand, case.id, WORDS)
    office.clock.move(timedelta(minutes=5))
    handling.close_case(office.session, hand, case.id, DONE)
    first, second = messages_about(office, case)
    office.session.refresh(first)
    assert (first.state, first.drop_reason) == (MessageState.DROPPED, DropReason.SETTLED)
    assert second.state is MessageState.WAITING


def test_other_steps_tell_nobody(office: Office) -> None:
    case = office.say()
    hand = office.hand(office.county)
    handling.take_case(office.session, hand, case.id)
    handling.pass_case_on(office.session, hand, case.id, office.town.grants[0].region_code or "", WORDS)
    assert messages_about(office, case) == []


def test_who_took_it_back_is_not_told(office: Office) -> None:
    case = office.say()
    handling.answer_case(office.session, office.hand(office.county), case.id, WORDS)
    (message,) = messages_about(office, case)
    assert asked_by_the_outbox(office.session, SUBJECT, case.id, message.template_code)
    service.withdraw_case(office.session, case.id, PHONE[-4:], **office.keys)
    assert not asked_by_the_outbox(office.session, SUBJECT, case.id, message.template_code)


def test_what_is_forgotten_is_not_told(office: Office) -> None:
    case = office.say()
    hand = office.hand(office.county)
    handling.close_case(office.session, hand, case.id, DONE)
    queries.forget_people(office.session, office.clock.now() + timedelta(days=1))
    office.session.refresh(case)
    assert not is_still_wanted(office.session, case.id, "case_answered")
    assert not is_still_wanted(office.session, case.id + 1_000, "case_answered")


def test_where_the_address_has_no_room_an_officer_calls(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.cases.conftest.SITE", "https://jiuye.a-very-long-name.gov.cn")
    case = office.say()
    handling.answer_case(office.session, office.hand(office.county), case.id, WORDS)
    assert messages_about(office, case)[0].channel is Channel.CALL
