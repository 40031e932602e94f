"""他们一直没打电话: when it may be said, what the officer and the firm's figures get of it, once."""

from datetime import timedelta

import pytest

from app.employers.models import Employer
from app.matching import candidates
from app.matching import queries as matching_queries
from app.matching.index.following import current_market
from app.referrals import answer_rates, silence, today
from app.referrals.clocks.running import run_clocks
from app.referrals.clocks.settings import save_clock_settings
from app.referrals.errors import ReferralMoveNotAllowed
from app.referrals.models import Referral
from app.referrals.queries import Submission
from app.referrals.terms import TodayKind
from tests.employers import factories as employers
from tests.referrals.situations import COUNTY, VILLAGE, Scene


def tell(scene: Scene, referral: Referral) -> Referral:
    return silence.tell_silence(scene.session, referral.id, scene.clock)


@pytest.mark.parametrize(("profile", "after"), [("long", timedelta(days=7)), ("season", timedelta(days=2))])
def test_it_may_be_said_from_the_day_on_which_the_person_may_phone(
    scene: Scene, profile: str, after: timedelta
) -> None:
    referral = scene.at("submitted", job=scene.posting(profile=profile))
    scene.clock.move(after - timedelta(minutes=1))
    assert not silence.may_tell_silence(scene.session, referral, scene.clock.now())
    with pytest.raises(ReferralMoveNotAllowed):
        tell(scene, referral)
    scene.wait(minutes=1)
    assert silence.may_tell_silence(scene.session, referral, scene.clock.now())
    assert tell(scene, referral).silence_told_at == scene.clock.now()


def test_day_work_may_be_said_at_once(scene: Scene) -> None:
    day = scene.clock.today() + timedelta(days=1)
    job = scene.posting(
        profile="day", starts_on=day, wage={"min_fen": 13000, "max_fen": 13000, "unit": "day"}
    )
    assert tell(scene, scene.at("submitted", job=job)).silence_told_at is not None


def test_a_county_may_set_another_day_or_none(scene: Scene) -> None:
    referral = scene.at("submitted")
    county = {"township_confirms": False, "month_closes_on": 25, "clock": scene.clock}
    overrides: dict[str, int | None]
    for overrides, may in (({"long.phone_hint": 60}, True), ({"long.phone_hint": None}, False)):
        save_clock_settings(scene.session, COUNTY, "610204", overrides=overrides, **county)
        scene.wait(hours=2)
        assert silence.may_tell_silence(scene.session, referral, scene.clock.now()) is may


def test_it_is_on_the_officer_s_list_today_and_said_once(scene: Scene) -> None:
    referral = scene.at("submitted")
    scene.wait(days=8)
    assert TodayKind.EMPLOYER_SILENT not in today.count_today(scene.session, VILLAGE, scene.clock)
    tell(scene, referral)
    version = referral.version
    scene.wait(hours=1)
    tell(scene, referral)
    assert referral.version == version, "twice is once"
    assert [event.action for event in scene.events(referral)].count(silence.SILENCE) == 1
    [item] = today.list_today(scene.session, VILLAGE, scene.clock)
    assert (item.referral_id, item.kind, item.told_silent) == (referral.id, TodayKind.EMPLOYER_SILENT, True)


def test_once_the_firm_has_answered_there_is_nothing_to_say(scene: Scene) -> None:
    referral = scene.at("interview")
    scene.wait(days=8)
    with pytest.raises(ReferralMoveNotAllowed):
        tell(scene, referral)


def test_it_counts_against_the_firm_until_the_firm_answers(scene: Scene) -> None:
    """Five people were sent; four got an answer. What the firm's rate says is what matching reads."""
    job = scene.posting(openings=9)
    current_market(scene.session, scene.clock.today())
    waiting = [scene.at("submitted", scene.neighbour(), job) for _ in range(5)]
    scene.wait(days=3)
    for referral in waiting[1:]:
        scene.step(referral, "pool")
    scene.wait(days=5)
    scene.session.refresh(scene.employer)
    assert scene.employer.answer_permille is None, "four are too few"
    tell(scene, waiting[0])
    scene.session.refresh(scene.employer)
    assert (scene.employer.answer_permille, scene.employer.median_answer_hours) == (800, 72)
    facts = matching_queries.list_postings_by_id(scene.session, [job.id], scene.clock.today())[job.id]
    assert (facts.answer_permille, facts.answer_days) == (800, 3)
    scene.step(waiting[0], "pool")
    scene.session.refresh(scene.employer)
    assert scene.employer.answer_permille == 1000


def test_what_was_said_does_not_mute_the_firm(scene: Scene) -> None:
    now = scene.clock.now()
    told = [Submission(now - timedelta(days=8), told_silent=True)] * 12
    assert answer_rates.figures_of(told) == (0, None)
    assert not answer_rates.is_silent(told, now, 10)


def test_who_answers_stands_before_who_does_not(scene: Scene) -> None:
    """Two firms with the same posting: their answers alone tell them apart in everybody's list."""
    slow = scene.posting(title="平车工", openings=9)
    quick = scene.posting(title="平车工", openings=9, employer=scene_firm(scene, "耀州快手制衣"))
    for job, answered in ((slow, 1), (quick, 5)):
        sent = [scene.at("submitted", scene.neighbour(), job) for _ in range(5)]
        for referral in sent[:answered]:
            scene.step(referral, "pool")
    scene.wait(days=22)
    run_clocks(scene.session, cipher=scene.cipher, clock=scene.clock)
    today = scene.clock.today()
    asking = scene.neighbour(status="seeking")
    person = candidates.read_stored_person(asking, today, None).facts
    order = [key[2] for key in current_market(scene.session, today).rank(person)]
    assert order.index(quick.id) < order.index(slow.id)
    facts = matching_queries.list_postings_by_id(scene.session, [slow.id, quick.id], today)
    assert (facts[slow.id].answer_permille, facts[quick.id].answer_permille) == (200, 1000)


def scene_firm(scene: Scene, name: str) -> Employer:
    return employers.verified_employer(scene.session, scene.clock, name=name)
