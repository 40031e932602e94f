"""What came of a posting, counted: wishes, referrals by state, answers; who asks stands at the posting."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.employers.changes import POSTING_CHANGES
from app.jobs.models import JobPosting
from app.matching import queries as matching
from app.referrals.figures import job_figures, refresh_applicants
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.terms import WishState, WishWay
from tests.referrals.situations import Scene


def wish(session: Session, scene: Scene, clock: FixedClock, name: str) -> JobWish:
    made = JobWish(
        job_id=scene.job.id,
        region_code=scene.job.office_code,
        way=WishWay.WANT,
        name=name,
        form_key=name,
        due_at=clock.now(),
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made


def test_wishes_and_referrals_are_counted_by_state(session: Session, clock: FixedClock, scene: Scene) -> None:
    referral = scene.at("submitted")
    waiting, called = wish(session, scene, clock, "王秀英"), wish(session, scene, clock, "李桂兰")
    called.state, called.settled_at, called.close_reason = WishState.WITHDRAWN, clock.now(), None
    session.flush()
    found = job_figures(session, [scene.job.id], clock.now())[scene.job.id]
    assert (found.wishes, found.waiting, found.referrals) == (2, 1, 1)
    assert found.by_state == {referral.state: 1}
    assert found.applicants == 2
    assert found.answer_permille is None, "one answer says nothing about a firm"
    assert waiting.id


def test_applicants_stand_at_the_posting_and_in_matching(
    session: Session, clock: FixedClock, scene: Scene
) -> None:
    referral = scene.at("submitted")
    wish(session, scene, clock, "王秀英")
    before = POSTING_CHANGES.newest(session)
    assert refresh_applicants(session) == 1
    assert stored(session, scene) == 2
    assert POSTING_CHANGES.newest(session) > before, "caches read it again"
    facts = matching.list_postings_by_id(session, [scene.job.id], clock.today())
    assert facts[scene.job.id].applicants == 2
    assert refresh_applicants(session) == 0, "nothing changed, nothing is written"
    scene.step(referral, "refuse")
    assert refresh_applicants(session) == 1
    assert stored(session, scene) == 1


def stored(session: Session, scene: Scene) -> int:
    found = session.scalar(select(JobPosting.applicants).where(JobPosting.id == scene.job.id))
    assert found is not None
    return found


def test_answers_of_one_posting(session: Session, clock: FixedClock, scene: Scene) -> None:
    referral = scene.at("submitted")
    rows = job_figures(session, [scene.job.id, 0], clock.now() + timedelta(days=1))
    assert rows[0].referrals == 0
    assert rows[scene.job.id].by_state[referral.state] == 1
