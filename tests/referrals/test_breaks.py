"""Planted breaks: each law has a story that notices when what keeps it is taken away.

The guards proper stand in test_guards.py, the transitions in test_table.py; here is everything else that the
invariants of REFERRALS and SAFETY rest upon.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.actor import SYSTEM
from app.core.errors import AppError
from app.jobs import places
from app.jobs.models import JobPosting
from app.jobs.service import act_on_job
from app.jobs.terms import JobAction, JobState
from app.notifications import claiming, limits
from app.notifications.claiming import Claimed, claim_next
from app.notifications.models import Message
from app.referrals import by_link, consequences, fitness, guards, moving, offering, policies, queries, telling
from app.referrals.clocks import postings, running
from app.referrals.models import Referral
from app.referrals.schemas import Move
from app.referrals.spells import answering, rules, service
from app.referrals.spells.models import CallBack, EmploymentAnswer, EmploymentSpell
from app.referrals.terms import ReferralAction, ReferralState
from tests.referrals.laws import Memory, check_laws
from tests.referrals.machine import CARRIERS
from tests.referrals.situations import BY_PHONE, VILLAGE, Scene

S = ReferralState


def lawful(scene: Scene) -> None:
    scene.session.flush()
    scene.session.expire_all()
    check_laws(scene.session, Memory())


def refused(act: Callable[[], Any], *statuses: int) -> None:
    with pytest.raises(AppError) as error:
        act()
    assert error.value.status in statuses


def count(scene: Scene, model: type) -> int:
    scene.session.flush()
    return scene.session.scalar(select(func.count()).select_from(model)) or 0


def send_all(scene: Scene) -> int:
    """Empties the outbox; returns how many calls were made."""
    scene.session.flush()
    calls = 0
    while (claimed := claim_next(scene.session, scene.clock.now(), scene.cipher, CARRIERS)) is not None:
        calls += isinstance(claimed, Claimed)
    return calls


def run_clocks(scene: Scene) -> dict[str, int]:
    return dict(running.run_clocks(scene.session, cipher=scene.cipher, clock=scene.clock).steps)


# ------------------------------------------------------------------ places
def a_place_is_held_once(scene: Scene) -> None:
    job = scene.posting(openings=1)
    one, two = (scene.at("submitted", scene.neighbour(), job) for _ in range(2))
    scene.step(one, "hire")
    refused(lambda: scene.step(two, "hire"), 409)
    lawful(scene)


def a_full_posting_closes(scene: Scene) -> None:
    job = scene.posting(openings=1)
    scene.at("onboard", job=job)
    assert scene.session.scalar(select(JobPosting.state).where(JobPosting.id == job.id)) is JobState.FILLED
    lawful(scene)


def a_place_comes_back(scene: Scene) -> None:
    scene.step(scene.at("hired"), "no_show")
    lawful(scene)


# ------------------------------------------------------------------ who
def nobody_under_sixteen_is_pushed(scene: Scene) -> None:
    scene.person.birth_on = date(2011, 6, 1)
    scene.session.flush()
    refused(scene.push, 404, 409)


def a_child_cannot_apply(scene: Scene) -> None:
    owner = scene.own()
    scene.person.birth_on = date(2011, 6, 1)
    scene.session.flush()
    keys = {"cipher": scene.cipher, "clock": scene.clock}
    apply = offering.apply_for_job
    refused(lambda: apply(scene.session, owner, scene.job.id, scene.person.id, **keys), 404, 409)


def a_broker_does_not_answer(scene: Scene) -> None:
    broker = scene.give_to_broker()
    referral = scene.push(broker)
    refused(lambda: scene.act(referral, broker, "interested", on_behalf=BY_PHONE), 403)


def a_village_does_not_undo(scene: Scene) -> None:
    referral = scene.at("onboard")
    refused(lambda: scene.act(referral, VILLAGE, "undo", reason="错了"), 403)


def a_person_does_not_say_that_they_missed_the_meeting(scene: Scene) -> None:
    owner = scene.own()
    referral = scene.at("interview")
    refused(lambda: scene.act(referral, owner, "no_show"), 403)


def a_link_wants_the_digits(scene: Scene) -> None:
    referral = scene.at("hired")
    move = Move(action=ReferralAction.WITHDRAW)
    by_link.move_by_link(scene.session, referral.id, move, "0000", cipher=scene.cipher, clock=scene.clock)
    assert referral.state is S.HIRED


def a_link_ends(scene: Scene) -> None:
    referral = scene.at("declined")
    scene.wait(days=31)
    refused(lambda: by_link.see_by_link(scene.session, referral.id, scene.clock), 404)


# ------------------------------------------------------------------ arrival and undoing
def who_starts_waits_nowhere_else(scene: Scene) -> None:
    other = scene.at("submitted", job=scene.posting())
    scene.step(scene.at("hired"), "arrive")
    scene.session.refresh(other)
    assert other.state is S.OBSOLETE
    lawful(scene)


def an_arrival_undone_leaves_no_work(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.step(referral, "undo")
    spell = scene.session.scalars(select(EmploymentSpell)).one()
    assert spell.end_reason == "undone"
    lawful(scene)


def what_was_set_aside_comes_back_only_where_it_can(scene: Scene) -> None:
    away = scene.posting()
    other = scene.at("submitted", job=away)
    referral = scene.step(scene.at("hired"), "arrive")
    act_on_job(scene.session, SYSTEM, away.id, JobAction.CLOSE, scene.clock, reason="不招了")
    scene.step(referral, "undo")
    scene.session.refresh(other)
    assert other.state is S.OBSOLETE


def what_was_set_aside_comes_back(scene: Scene) -> None:
    other = scene.at("submitted", job=scene.posting())
    scene.step(scene.step(scene.at("hired"), "arrive"), "undo")
    scene.session.refresh(other)
    assert other.state is S.SUBMITTED


# ------------------------------------------------------------------ the log, double taps
def one_key_one_step(scene: Scene) -> None:
    referral = scene.at("interview")
    for _ in range(2):
        scene.step(referral, "interview", idempotency_key="tap 1")
    assert referral.interview_moves == 1


def one_key_one_answer(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=7)
    for _ in range(2):
        scene.answer(scene.checks(referral)[0], idempotency_key="tap 1")
    assert count(scene, EmploymentAnswer) == 1


# ------------------------------------------------------------------ checks
def the_windows_are_those_of_the_table(scene: Scene) -> None:
    scene.at("onboard")
    lawful(scene)


def one_answer_fills_check_and_month(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=30)
    scene.month(referral.spell_id or 0)
    lawful(scene)
    assert [check.day for check in scene.checks(referral) if check.settled_at is None] == [90, 180]


def a_word_is_no_proof(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=91)
    scene.month(referral.spell_id or 0)
    assert [check.day for check in scene.checks(referral) if check.settled_at is None] == [90, 180]


def three_tries_before_anybody_is_lost(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=7)
    scene.answer(scene.checks(referral)[0], outcome="unreachable")
    lawful(scene)
    assert scene.checks(referral)[0].settled_at is None
    assert not scene.checks(referral)[0].needs_visit


def two_tries_on_a_day_are_one(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=7)
    for number in range(2):
        scene.answer(scene.checks(referral)[0], outcome="unreachable", idempotency_key=f"{number}")
    assert scene.checks(referral)[0].tries == 1


def who_left_is_spoken_to(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=7)
    scene.answer(scene.checks(referral)[0], outcome="left", leave_reason="pay")
    assert count(scene, CallBack) == 1


def who_did_not_come_is_spoken_to(scene: Scene) -> None:
    scene.at("no_show")
    assert count(scene, CallBack) == 1


def a_closed_month_is_corrected(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=7)  # 29 November: the month was handed in on the 25th
    answer = scene.month(referral.spell_id or 0)
    assert answer.is_correction


def ended_work_is_not_asked_about(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=30)
    scene.month(referral.spell_id or 0, outcome="left", leave_reason="pay")
    assert all(check.settled_at is not None for check in scene.checks(referral))


# ------------------------------------------------------------------ clocks
def nothing_runs_out_before_its_time(scene: Scene) -> None:
    referral = scene.push()
    scene.wait(days=6, hours=23)
    run_clocks(scene)
    scene.session.refresh(referral)
    assert referral.state is S.OFFERED


def a_step_is_taken_once(scene: Scene) -> None:
    scene.push()
    scene.wait(hours=49)
    assert [run_clocks(scene), run_clocks(scene)] == [{"nudge": 1}, {}]


def a_closed_posting_takes_its_people_along(scene: Scene) -> None:
    referral = scene.at("submitted")
    act_on_job(scene.session, SYSTEM, scene.job.id, JobAction.CLOSE, scene.clock, reason="不招了")
    postings.cancel_orphans(scene.session, cipher=scene.cipher, clock=scene.clock)
    scene.session.refresh(referral)
    assert referral.state is S.CANCELLED


# ------------------------------------------------------------------ messages
def nobody_is_woken(scene: Scene) -> None:
    scene.wait(hours=12)  # nine in the evening
    scene.push()
    assert send_all(scene) == 0


def quiet_holds_when_the_worker_is_late(scene: Scene) -> None:
    scene.push()
    scene.wait(hours=12)
    assert send_all(scene) == 0


def one_message_a_day(scene: Scene) -> None:
    for _ in range(2):
        scene.push(job=scene.posting())
    assert send_all(scene) == 1


def silent_once_settled(scene: Scene) -> None:
    scene.at("declined")
    assert send_all(scene) == 0


def something_is_told(scene: Scene) -> None:
    scene.push()
    assert count(scene, Message) == 1


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _yes(*_: Any, **__: Any) -> bool:
    return True


def _no(*_: Any, **__: Any) -> bool:
    return False


def _always(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def _now(now: datetime, *_: Any) -> datetime:
    return now


def _all_steps(referral: Referral, county: Any, now: datetime) -> Any:
    return running.list_steps_of(referral, county)


SHIFTED = tuple(
    rules.PlannedCheck(each.day, each.opens + 1, each.closes + 1, each.wanted) for each in rules.PLAN
)
OFFICER = policies.Party.OFFICER
# A child is kept out three times over: only with all of it gone does one slip through.
AGE_ELSEWHERE = ((guards, "person_is_there", _nothing), (fitness, "find_closed_gate", _nothing))
# What is broken, how, the story that must notice, and what has to be broken along with it.
BREAKS: tuple[tuple[Any, ...], ...] = (
    (consequences, "take_and_free_places", _nothing, a_place_is_held_once),
    (places, "hold_place", _nothing, a_place_is_held_once),
    (places, "_turn", _nothing, a_full_posting_closes),
    (places, "release_place", _nothing, a_place_comes_back),
    (offering, "is_old_enough", _yes, nobody_under_sixteen_is_pushed, *AGE_ELSEWHERE),
    (offering, "is_old_enough", _yes, a_child_cannot_apply, *AGE_ELSEWHERE),
    (policies, "find_party", _always(OFFICER), a_broker_does_not_answer),
    (policies, "find_party", _always(OFFICER), a_village_does_not_undo),
    (policies.rules, "may_party", _yes, a_person_does_not_say_that_they_missed_the_meeting),
    (by_link, "shows_tail", _yes, a_link_wants_the_digits),
    (by_link, "LINK_OUTLIVES", timedelta(days=9999), a_link_ends),
    (queries, "list_live_of", _always([]), who_starts_waits_nowhere_else),
    (consequences, "end_spell_again", _nothing, an_arrival_undone_leaves_no_work),
    (consequences, "may_return", _yes, what_was_set_aside_comes_back_only_where_it_can),
    (consequences, "may_return", _no, what_was_set_aside_comes_back),
    (queries, "list_made_obsolete_by", _always([]), what_was_set_aside_comes_back),
    (moving, "write_event", _nothing, a_place_comes_back),
    (queries, "find_event", _nothing, one_key_one_step),
    (answering, "_is_known", _no, one_key_one_answer),
    (service, "PLAN", rules.PLAN[:3], the_windows_are_those_of_the_table),
    (service, "PLAN", SHIFTED, the_windows_are_those_of_the_table),
    (rules, "suffices", _no, one_answer_fills_check_and_month),
    (rules, "suffices", _yes, a_word_is_no_proof),
    (answering, "_is_last_try", _yes, three_tries_before_anybody_is_lost),
    (rules, "MOST_TRIES", 1, three_tries_before_anybody_is_lost),
    (answering, "end_spell", _nothing, who_left_is_spoken_to),
    (service, "ask_to_call_back", _nothing, who_left_is_spoken_to),
    (consequences, "follow_up", _nothing, who_did_not_come_is_spoken_to),
    (rules, "is_closed", _no, a_closed_month_is_corrected),
    (service, "_close", _nothing, ended_work_is_not_asked_about),
    (running, "due_steps", _all_steps, nothing_runs_out_before_its_time),
    (running, "_set_clock", _nothing, a_step_is_taken_once),
    (moving, "clock_values", _always({}), a_place_comes_back),
    (queries, "list_orphans", _always([]), a_closed_posting_takes_its_people_along),
    (claiming, "is_quiet", _no, quiet_holds_when_the_worker_is_late),
    (limits, "has_room_at", _now, one_message_a_day),
    (claiming, "is_still_wanted", _yes, silent_once_settled),
    (telling.messages, "template_for", _nothing, something_is_told),
)


def name_of(each: Any) -> str:
    room, what, _, story, *_ = each
    return f"{getattr(room, '__name__', room)}.{what}-{story.__name__}".removeprefix("app.")


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("planted", BREAKS, ids=name_of)
def test_a_planted_break_is_noticed(scene: Scene, planted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    room, what, broken, story, *more = planted
    began = scene.clock.at
    with scene.session.begin_nested() as savepoint:
        story(scene)
        savepoint.rollback()
    scene.session.expire_all()
    scene.clock.at = began
    fresh = Scene(scene.session, scene.cipher, scene.clock, people_made=100)
    for each in ((room, what, broken), *more):
        monkeypatch.setattr(*each)
    noticed: list[str] = []
    with suppress(Exception, pytest.fail.Exception):
        try:
            with scene.session.begin_nested():
                story(fresh)
        except (Exception, pytest.fail.Exception) as error:
            noticed.append(type(error).__name__)
            raise
    assert noticed, f"nobody misses {what}"
