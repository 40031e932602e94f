"""Campaigns from filters: whom they reach, whom not and why, in bits, and what holds until they are sent."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.tasks import Task
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.notifications import campaign_life as life
from app.notifications.campaigns import NewCampaign, Tariff
from app.notifications.models import Message, MessageCampaign
from app.notifications.opt_outs import opt_out
from app.notifications.outbox import NewMessage, enqueue_message
from app.notifications.subjects import is_still_wanted, is_wanted_by_reader
from app.notifications.terms import MessageState, SkipReason
from app.notifications.wording import templates
from app.referrals.mailing import planning
from app.referrals.mailing.answers import CampaignAnswer, count_answers
from app.referrals.mailing.audience import AudienceFilters, count_audience
from app.referrals.mailing.planning import CampaignOrder, plan_more, prepare_campaign
from app.referrals.mailing.queries import count_by_place, count_skips, find_audience, list_skipped
from app.regions.terms import Reach
from app.seekers.models import Person
from app.seekers.privacy.consents import record_consent
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from app.seekers.terms import HouseholdKind, LabourClass, SeekerStatus
from tests.referrals.situations import BY_PHONE, COUNTY, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given

FAIR = {k: v for k, v in templates()["job_fair"].example.items() if k != "name"}
POSTING = {k: v for k, v in templates()["posting_news"].example.items() if k != "name"}
S = SkipReason


@pytest.fixture(autouse=True)
def accounts(scene: Scene) -> None:
    given.plant_regions(scene.session)
    given.add_users(scene.session, scene.clock, VILLAGE, TOWNSHIP, COUNTY)


def order(region: str = given.VILLAGE, job: JobPosting | None = None, **asked: object) -> CampaignOrder:
    code, words = ("posting_news", POSTING) if job is not None else ("job_fair", FAIR)
    filters = AudienceFilters.model_validate({"region_code": region, **asked})
    return CampaignOrder(NewCampaign("群发", region, code), filters, words, job.id if job else None)


def prepare(scene: Scene, actor: Actor = VILLAGE, **asked: object) -> MessageCampaign:
    return prepare_campaign(
        scene.session,
        scene.clock,
        scene.cipher,
        actor,
        order(**asked),
        Tariff(),  # type: ignore[arg-type]
    )


def reached(session: Session, campaign: MessageCampaign) -> set[str]:
    return set(session.scalars(select(Message.recipient_key).where(Message.campaign_id == campaign.id)))


def keys(*people: Person) -> set[str]:
    return {f"person:{person.id}" for person in people}


def refuse(scene: Scene, person: Person) -> None:
    data = ConsentIn(purpose=ConsentPurpose.MESSAGES, is_given=False, method=ConsentMethod.PHONE)
    record_consent(scene.session, VILLAGE, person.id, data, cipher=scene.cipher, clock=scene.clock)


def test_who_is_left_out_and_why(scene: Scene) -> None:
    job = scene.posting()
    plain = scene.neighbour(phone="13900000001")
    scene.neighbour(phone="13900000001")
    scene.neighbour(phone=None)
    scene.neighbour(phone="13900000002")
    opt_out(scene.session, scene.clock, scene.cipher, "13900000002")
    shy, busy, eager = (scene.neighbour() for _ in range(3))
    refuse(scene, shy)
    told = NewMessage(
        "arrived", templates()["arrived"].example, "13811112222", recipient_key=f"person:{busy.id}"
    )
    message_id = enqueue_message(scene.session, scene.clock, scene.cipher, told)
    sent = scene.session.get_one(Message, message_id)
    sent.state, sent.called_at, sent.provider = MessageState.DELIVERED, scene.clock.now(), "console"
    scene.push(person=eager, job=job)
    campaign = prepare(scene, job=job)
    skips = count_skips(scene.session, campaign.id)
    assert skips == {S.NO_PHONE: 1, S.SAME_PHONE: 1, S.OPTED_OUT: 1, S.SAID_NO: 1, S.APPLIED: 1, S.LATER: 1}
    assert reached(scene.session, campaign) == keys(plain, busy)
    assert [p.id for p in list_skipped(scene.session, VILLAGE, campaign.id, S.SAID_NO, limit=5)] == [shy.id]
    far = given.village_officer(given.FAR_VILLAGE)
    assert list_skipped(scene.session, far, campaign.id, S.SAID_NO, limit=5) == []
    assert campaign.planned_at is not None


def test_filters_ask_for_what_they_say(scene: Scene) -> None:
    weaver = scene.neighbour(skills=["缝纫"], travel="township")
    scene.neighbour(skills=["做酱菜"], status="employed")
    child = scene.neighbour()
    scene.neighbour(home=given.FAR_VILLAGE)
    weaver.labour_class = LabourClass.SKILLED
    child.birth_on = scene.clock.today() - timedelta(days=365 * 15)
    scene.session.flush()
    today = scene.clock.today()

    def count(region: str = given.TOWN, actor: Actor = COUNTY, **asked: object) -> int:
        filters = AudienceFilters.model_validate({"region_code": region, **asked})
        return count_audience(scene.session, actor, filters, today).people

    assert count() == 2, "a child under 16 is never written to"
    assert count(region=given.COUNTY) == 3
    assert count(statuses=[SeekerStatus.EMPLOYED]) == 1
    assert count(classes=[LabourClass.SKILLED]) == 1
    assert count(skills=["缝纫"]) == 1
    assert count(skills=["做酱菜"]) == 1, "a skill in people's own words"
    assert count(reach=Reach.COUNTY) == 1
    assert count(reach=Reach.VILLAGE) == 2
    assert count(kinds=[HouseholdKind.LOW_INCOME]) == 0
    assert count(region=given.COUNTY, actor=VILLAGE) == 2, "nobody outside one's own area"


def test_a_large_one_is_written_bit_by_bit_and_goes_on_where_it_stopped(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "CHUNK", 3)
    people = [scene.neighbour() for _ in range(8)]
    campaign = prepare(scene)
    assert (campaign.planned_at, campaign.people) == (None, 3)
    with pytest.raises(Conflict):
        life.start_campaign(scene.session, scene.clock, scene.cipher, VILLAGE, campaign.id)
    plan_more(scene.session, scene.clock, scene.cipher, campaign.id, "送岗")
    plan_more(scene.session, scene.clock, scene.cipher, campaign.id, "送岗")
    audience = find_audience(scene.session, campaign.id)
    assert audience is not None
    assert (campaign.people, audience.seen) == (8, 8)
    assert campaign.planned_at is not None
    plan_more(scene.session, scene.clock, scene.cipher, campaign.id, "送岗")
    assert campaign.people == 8, "planned is planned"
    assert reached(scene.session, campaign) == keys(*people)
    assert scene.session.scalar(select(func.count()).where(Task.name == planning.PLAN)) == 2
    assert count_by_place(scene.session, campaign.id) == {(given.VILLAGE, MessageState.WAITING): 8}


def test_stopped_while_it_is_written(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "CHUNK", 2)
    for _ in range(5):
        scene.neighbour()
    campaign = prepare(scene)
    life.stop_campaign(scene.session, scene.clock, scene.cipher, VILLAGE, campaign.id)
    plan_more(scene.session, scene.clock, scene.cipher, campaign.id, "送岗")
    assert campaign.people == 2
    states = set(scene.session.scalars(select(Message.state)))
    assert states == {MessageState.DROPPED}


def test_the_second_person_counts_over_all_parts(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task writes for nobody in particular; the limit is that of who made it."""
    monkeypatch.setattr(planning, "CHUNK", 2)
    limits = planning.Limits(max_people=4, second_person_above=3)
    monkeypatch.setattr(planning, "may_send_in", lambda *_: limits)
    for _ in range(4):
        scene.neighbour()
    campaign = prepare(scene, actor=COUNTY)
    scene.neighbour()
    for _ in range(2):
        plan_more(scene.session, scene.clock, scene.cipher, campaign.id, "送岗")
    assert campaign.people == 4
    assert campaign.needs_second_person
    assert count_skips(scene.session, campaign.id) == {S.OVER_LIMIT: 1}


def test_too_many_nobody_and_elsewhere_are_refused(scene: Scene) -> None:
    with pytest.raises(Invalid):
        prepare(scene)
    for _ in range(51):
        scene.neighbour()
    with pytest.raises(Forbidden):
        prepare(scene)
    assert prepare(scene, actor=TOWNSHIP).people == 51
    with pytest.raises(NotFound):
        prepare(scene, region=given.FAR_VILLAGE)


def test_silent_once_settled(scene: Scene) -> None:
    """Who applied or said no after the planning is left alone, and a closed posting is not advertised."""
    job = scene.posting()
    applied, shy, other = (scene.neighbour() for _ in range(3))
    campaign = prepare(scene, job=job)

    def wanted() -> Mapping[str, bool]:
        return {
            message.recipient_key: is_wanted_by_reader(scene.session, message)
            and is_still_wanted(
                scene.session, message.subject_kind, message.subject_id, message.template_code
            )
            for message in scene.session.scalars(select(Message).where(Message.campaign_id == campaign.id))
        }

    assert all(wanted().values())
    scene.push(person=applied, job=job)
    refuse(scene, shy)
    assert wanted() == {
        f"person:{applied.id}": False,
        f"person:{shy.id}": False,
        f"person:{other.id}": True,
    }
    job.state = JobState.CLOSED
    scene.session.flush()
    assert not any(wanted().values())


def test_what_people_did_afterwards(scene: Scene) -> None:
    job = scene.posting()
    eager, asked = scene.neighbour(), scene.neighbour()
    elsewhere = scene.neighbour(home=given.OTHER_VILLAGE)
    campaign = prepare(scene, job=job)
    assert count_answers(scene.session, campaign) == {}
    life.start_campaign(scene.session, scene.clock, scene.cipher, VILLAGE, campaign.id)
    for message in scene.session.scalars(select(Message).where(Message.campaign_id == campaign.id)):
        message.state, message.called_at, message.provider = MessageState.DELIVERED, scene.clock.now(), "x"
    scene.clock.move(timedelta(hours=1))
    scene.push(person=asked, job=job)
    for person in (eager, elsewhere):
        referral = scene.push(TOWNSHIP, job, person)
        scene.act(referral, TOWNSHIP, "interested", on_behalf=BY_PHONE)
    scene.session.flush()
    assert count_answers(scene.session, campaign) == {
        CampaignAnswer.APPLIED: 1,
        CampaignAnswer.HIRED: 0,
        CampaignAnswer.AT_WORK: 0,
    }, "who was only asked has not answered, and the next village's people were not written to"
