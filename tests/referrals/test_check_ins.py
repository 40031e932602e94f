"""The person says by their link how the work goes: once, told and no more; one message asks for a check."""

import pytest
from sqlalchemy import select

from app.core.errors import AppError
from app.core.tasks import Task, TaskContext, plan_daily_tasks, registered_tasks
from app.jobs.models import JobReport
from app.jobs.terms import ReportReason
from app.notifications.models import Message
from app.notifications.sealing import open_parameters, open_recipient
from app.notifications.subjects import is_still_wanted
from app.notifications.terms import Channel as By
from app.notifications.wording import render_template
from app.referrals import check_ins, tasks
from app.referrals.errors import ReferralNotFound
from app.referrals.models import Referral
from app.referrals.spells.models import CallBack, EmploymentAnswer, EmploymentSpell
from app.referrals.terms import (
    CallBackCause,
    Channel,
    CheckOutcome,
    EndReason,
    LeaveReason,
    TodayKind,
    VerifiedLevel,
)
from app.referrals.today import list_today
from app.seekers.privacy.models import Consent
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from app.seekers.terms import SeekerStatus
from tests.referrals.situations import VILLAGE, Scene


def answers(scene: Scene) -> list[EmploymentAnswer]:
    return list(scene.session.scalars(select(EmploymentAnswer).order_by(EmploymentAnswer.id)))


def say(scene: Scene, referral: Referral, is_as_promised: bool | None = None) -> None:
    check_ins.tell_in_post(
        scene.session,
        referral.id,
        is_as_promised=is_as_promised,
        cipher=scene.cipher,
        clock=scene.clock,
    )


def leave(scene: Scene, referral: Referral, tail: str) -> Referral | None:
    return check_ins.tell_left(
        scene.session, referral.id, LeaveReason.PAY, tail, cipher=scene.cipher, clock=scene.clock
    )


def asked_day(scene: Scene, referral: Referral) -> int | None:
    check = check_ins.find_check_in(scene.session, referral, scene.clock)
    return check.day if check is not None else None


def test_asked_inside_the_windows_only(scene: Scene) -> None:
    referral = scene.at("onboard")
    asked = {}
    for day in range(31):
        asked[day] = asked_day(scene, referral)
        scene.wait(days=1)
    assert asked == {
        day: 7 if 5 <= day <= 10 else 30 if day >= 25 else None  # REFERRALS, "After arrival"
        for day in range(31)
    }
    with pytest.raises(ReferralNotFound):
        say(scene, referral)


def test_one_tap_settles_day_seven_and_tapped_again_is_one_answer(scene: Scene) -> None:
    referral = scene.at("onboard")
    say(scene, referral)
    assert answers(scene) == [], "nothing is asked on the first day"
    scene.wait(days=7)
    assert [each.kind for each in list_today(scene.session, VILLAGE, scene.clock)] == [TodayKind.CHECK_DUE]
    for _ in range(3):
        say(scene, referral, is_as_promised=True)
    (answer,) = answers(scene)
    assert (answer.outcome, answer.level, answer.channel) == (
        CheckOutcome.IN_POST,
        VerifiedLevel.TOLD,
        Channel.APP,
    )
    assert answer.is_as_promised is True
    seventh, *others = scene.checks(referral)
    assert (seventh.outcome, seventh.answer_id) == (CheckOutcome.IN_POST, answer.id)
    assert [check.settled_at for check in others] == [None, None, None]
    assert list_today(scene.session, VILLAGE, scene.clock) == [], "the officer asks nobody again"
    assert scene.session.query(CallBack).count() == scene.session.query(JobReport).count() == 0


def test_later_checks_stay_with_the_officer(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=30)
    scene.answer(scene.checks(referral)[0])
    assert asked_day(scene, referral) is None, "an officer's word of today serves day 30 as well"
    other = scene.at("onboard", scene.neighbour(), scene.posting())
    scene.wait(days=26)
    for _ in range(2):
        say(scene, other)
    assert asked_day(scene, other) is None, "never asked twice"
    assert len(answers(scene)) == 2
    thirtieth = scene.checks(other)[1]
    assert (thirtieth.day, thirtieth.settled_at) == (30, None), "a tap is not proof"


def test_not_as_promised_warns_of_the_posting_and_an_officer_asks(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=6)
    for _ in range(2):
        say(scene, referral, is_as_promised=False)
    (report,) = scene.session.scalars(select(JobReport))
    assert (report.job_id, report.reason) == (referral.job_id, ReportReason.FALSE)
    (call,) = scene.session.scalars(select(CallBack))
    assert (call.cause, call.person_id) == (CallBackCause.DISPUTED, referral.person_id)
    assert scene.checks(referral)[0].outcome is CheckOutcome.IN_POST


def test_leaving_asks_for_the_digits_and_ends_the_work(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=6)
    assert leave(scene, referral, "9999") is None
    assert answers(scene) == []
    for _ in range(2):
        assert leave(scene, referral, "0001") is not None
    (answer,) = answers(scene)
    assert (answer.outcome, answer.leave_reason) == (CheckOutcome.LEFT, LeaveReason.PAY)
    spell = scene.session.get_one(EmploymentSpell, referral.spell_id)
    assert (spell.end_reason, spell.ends_on) == (EndReason.LEFT, scene.clock.today())
    assert scene.person.status is SeekerStatus.SEEKING
    (call,) = scene.session.scalars(select(CallBack))
    assert call.cause is CallBackCause.LEFT
    say(scene, referral)
    assert len(answers(scene)) == 1


def test_guessing_the_digits_is_stopped(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=6)
    for _ in range(5):
        assert leave(scene, referral, "9999") is None
    with pytest.raises(AppError, match="too_many"):
        leave(scene, referral, "0001")


# ------------------------------------------------------------------------ the message
def asked(scene: Scene) -> list[Message]:
    statement = select(Message).where(Message.template_code == "check_in").order_by(Message.id)
    return list(scene.session.scalars(statement))


def test_one_message_when_the_window_opens(scene: Scene) -> None:
    referral = scene.at("onboard")
    counts = {}
    for day in range(12):
        for _ in range(2):
            check_ins.ask_arrivals(scene.session, scene.clock)
        counts[day] = len(asked(scene))
        scene.wait(days=1)
    assert counts == {day: int(day >= 5) for day in range(12)}
    (message,) = asked(scene)
    assert (message.channel, open_recipient(message, scene.cipher)) == (By.SMS, "13900000001")
    text = render_template("check_in", open_parameters(message, scene.cipher))
    assert f"/a/{referral.id}-" in text
    assert "5天" in text
    assert scene.person.name not in text


def test_the_clock_asks_by_itself(scene: Scene) -> None:
    scene.at("onboard")
    scene.wait(days=5)
    plan_daily_tasks(scene.session, scene.clock)
    planned = scene.session.scalars(select(Task).where(Task.name == tasks.ASK_ARRIVALS)).one()
    registered_tasks()[planned.name](TaskContext(scene.session, scene.clock), planned.payload)
    assert len(asked(scene)) == 1


def test_silent_once_settled(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=5)
    check_ins.ask_arrivals(scene.session, scene.clock)
    (message,) = asked(scene)
    args = (scene.session, message.subject_kind, message.subject_id, message.template_code)
    assert is_still_wanted(*args)
    say(scene, referral, is_as_promised=True)
    assert not is_still_wanted(*args)


def test_who_is_not_asked_by_message(scene: Scene) -> None:
    """No phone, no messages wanted, answered already, gone again, not the first week."""
    scene.at("onboard", scene.neighbour(phone=None), scene.posting())
    unwilling = scene.neighbour()
    no = {"is_given": False, "method": ConsentMethod.PHONE, "text_version": ""}
    scene.session.add(
        Consent(person_id=unwilling.id, purpose=ConsentPurpose.MESSAGES, at=scene.clock.now(), **no)
    )
    scene.at("onboard", unwilling, scene.posting())
    told = scene.at("onboard", scene.neighbour(), scene.posting())
    undone = scene.at("onboard", scene.neighbour(), scene.posting())
    scene.step(undone, "undo")
    scene.wait(days=6)
    say(scene, told, is_as_promised=True)
    assert check_ins.ask_arrivals(scene.session, scene.clock) == 2
    assert asked(scene) == []
    scene.wait(days=22)
    assert check_ins.ask_arrivals(scene.session, scene.clock) == 0


def test_more_than_one_batch(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_ins, "BATCH", 1)
    for _ in range(2):
        scene.at("onboard", scene.neighbour(), scene.posting())
    scene.wait(days=5)
    assert check_ins.ask_arrivals(scene.session, scene.clock) == 2
    assert len(asked(scene)) == 2
