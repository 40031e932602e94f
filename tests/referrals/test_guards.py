"""Every guard has a situation that needs it: with the guard taken away, the situation goes wrong."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import AppError
from app.referrals import consequences, guards, policies
from app.referrals.models import Referral
from app.referrals.terms import ReferralState
from app.seekers.terms import SeekerStatus
from tests.referrals.situations import BY_PHONE, TOWNSHIP, VILLAGE, Scene

NOTHING_MORE = (AssertionError, pytest.fail.Exception)


def refused(act: Callable[[], Any], status: int) -> None:
    """The act is refused in words, not by a crash."""
    with pytest.raises(AppError) as error:
        act()
    assert error.value.status == status


def somebody_at_school(scene: Scene) -> None:
    scene.person.status = SeekerStatus.STUDYING
    scene.session.flush()
    refused(scene.push, 409)


def a_closed_gate(scene: Scene) -> None:
    refused(lambda: scene.push(job=scene.posting(age_max=20)), 409)


def the_same_again(scene: Scene) -> None:
    scene.at("declined")
    refused(scene.push, 409)


def a_fourth_offer(scene: Scene) -> None:
    for _ in range(3):
        scene.push(job=scene.posting())
    refused(scene.push, 409)


def a_yes_without_consent(scene: Scene) -> None:
    refused(lambda: scene.act(scene.push(), VILLAGE, "interested"), 422)


def a_refusal_without_reason(scene: Scene) -> None:
    referral = scene.at("submitted")
    refused(lambda: scene.act(referral, TOWNSHIP, "refuse", told_by="phone"), 422)


def a_meeting_without_a_day(scene: Scene) -> None:
    referral = scene.at("submitted")
    refused(lambda: scene.act(referral, TOWNSHIP, "interview", told_by="phone"), 422)


def a_meeting_moved_thrice(scene: Scene) -> None:
    referral = scene.at("interview")
    for _ in range(2):
        scene.step(referral, "interview")
    refused(lambda: scene.step(referral, "interview"), 409)


def hired_for_nobody_knows_what(scene: Scene) -> None:
    referral = scene.at("submitted")
    refused(lambda: scene.act(referral, TOWNSHIP, "hire", told_by="phone"), 422)


def arrived_by_the_firm_s_word(scene: Scene) -> None:
    referral = scene.at("hired")
    refused(lambda: scene.act(referral, scene.member, "arrive", evidence="contract"), 409)


def arrived_tomorrow(scene: Scene) -> None:
    referral = scene.at("hired")
    tomorrow = str(scene.clock.today() + timedelta(days=1))
    refused(lambda: scene.step(referral, "arrive", starts_on=tomorrow), 422)


def undone_without_a_word(scene: Scene) -> None:
    referral = scene.at("onboard")
    refused(lambda: scene.step(referral, "undo", reason=None), 422)


def undone_in_the_second_week(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=8)
    refused(lambda: scene.step(referral, "undo"), 409)


def sent_to_a_posting_that_is_gone(scene: Scene) -> None:
    referral = scene.at("interested")
    scene.job.state = type(scene.job.state)("closed")
    scene.session.flush()
    refused(lambda: scene.step(referral, "submit"), 409)


SITUATIONS: dict[str, Callable[[Scene], None]] = {
    "person_is_there": somebody_at_school,
    "gates_are_open": a_closed_gate,
    "is_not_repeated": the_same_again,
    "few_offers_wait": a_fourth_offer,
    "consent_is_recorded": a_yes_without_consent,
    "refusal_has_reason": a_refusal_without_reason,
    "interview_has_slot": a_meeting_without_a_day,
    "interview_moves_are_few": a_meeting_moved_thrice,
    "hire_has_start_and_wage": hired_for_nobody_knows_what,
    "arrival_is_proven": arrived_by_the_firm_s_word,
    "arrival_is_not_ahead": arrived_tomorrow,
    "undo_has_reason": undone_without_a_word,
    "undo_is_in_time": undone_in_the_second_week,
    "posting_still_stands": sent_to_a_posting_that_is_gone,
}


def test_every_guard_has_its_situation() -> None:
    public = {
        name
        for name, value in vars(guards).items()
        if inspect.isfunction(value) and value.__module__ == guards.__name__
    }
    assert public - {"check_move"} == set(SITUATIONS)


@pytest.mark.parametrize("guard", SITUATIONS)
def test_a_guard_that_is_gone_is_missed(scene: Scene, guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene.session.begin_nested() as savepoint:
        SITUATIONS[guard](scene)
        savepoint.rollback()
    scene.session.expire_all()
    fresh = Scene(scene.session, scene.cipher, scene.clock, people_made=100)
    monkeypatch.setattr(guards, guard, lambda *_: None)
    missed: list[str] = []
    try:
        with scene.session.begin_nested():
            SITUATIONS[guard](fresh)
    except (*NOTHING_MORE, Exception) as error:
        missed.append(type(error).__name__)
    assert missed, f"nobody misses {guard}"


def test_places_and_permissions_are_missed_too(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for what is not a guard by name: places held, and who may do what."""
    job = scene.posting(openings=1)
    one, two = (scene.at("submitted", scene.neighbour(), job) for _ in range(2))
    with scene.session.begin_nested() as savepoint, monkeypatch.context() as broken:
        broken.setattr(consequences, "take_and_free_places", lambda *_: None)
        scene.step(one, "hire")
        scene.step(two, "hire")
        assert hired(scene, job.id) == 2, "overbooked"
        savepoint.rollback()
    scene.session.expire_all()
    scene.step(one, "hire")
    refused(lambda: scene.step(two, "hire"), 409)
    refused(lambda: scene.act(two, VILLAGE, "refuse", told_by="phone", reason="full"), 403)
    officer = policies.Party.OFFICER
    monkeypatch.setattr(policies, "find_party", lambda *_, **__: officer)
    with pytest.raises(NOTHING_MORE):
        refused(lambda: scene.act(two, VILLAGE, "refuse", told_by="phone", reason="full"), 403)
    assert BY_PHONE


def hired(scene: Scene, job_id: int) -> int:
    return scene.session.query(Referral).filter_by(job_id=job_id, state=ReferralState.HIRED).count()
