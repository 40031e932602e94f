"""Campaigns: who may reach how many, previewed, approved by another person, paced, paused, reported."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.notifications import campaign_life as life
from app.notifications import campaign_reports, campaigns
from app.notifications.campaign_reports import through_at
from app.notifications.campaigns import CampaignReader, NewCampaign, Tariff
from app.notifications.models import Message, MessageCampaign
from app.notifications.opt_outs import opt_out
from app.notifications.terms import CampaignState, DropReason, MessageState
from app.notifications.wording import templates
from app.notifications.worker import OutboxWorker
from tests.accounts.situations import (
    COUNTY,
    OTHER_COUNTY,
    TOWN,
    VILLAGE,
    add_regions,
    staff_member,
)
from tests.databases import RolledBackDatabase
from tests.notifications.fake_provider import FakeProvider
from tests.notifications.situations import phone_of

TARIFF = Tariff()
FAIR = dict(templates()["job_fair"].example)
S = MessageState


class Office:
    """Officers of a county, and the county's database."""

    def __init__(self, database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher) -> None:
        self.database, self.clock, self.cipher = database, clock, cipher
        with database.write() as session:
            add_regions(session)
            self.village = staff_member(session, clock, Role.VILLAGE_OFFICER, VILLAGE)
            self.town = staff_member(session, clock, Role.TOWNSHIP_OFFICER, TOWN)
            self.county = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY)
            self.colleague = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "colleague")
            self.stranger = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY)

    def draft(self, session: Session, actor: Actor, people: int, pace: int = 60) -> MessageCampaign:
        """Drafts for a fair; above 2,000 in several goes."""
        region_code = actor.grants[0].region_code or ""
        new = NewCampaign("招聘会", region_code, "job_fair", pace)
        listed = readers(people)
        campaign = campaigns.draft_campaign(
            session, self.clock, self.cipher, actor, new, listed[: campaigns.AT_ONCE], TARIFF
        )
        for start in range(campaigns.AT_ONCE, people, campaigns.AT_ONCE):
            part = listed[start : start + campaigns.AT_ONCE]
            self.extend(session, actor, campaign, part)
        return campaign

    def extend(
        self, session: Session, actor: Actor, campaign: MessageCampaign, part: Sequence[CampaignReader]
    ) -> None:
        campaigns.extend_campaign(session, self.clock, self.cipher, actor, campaign.id, part, TARIFF)


def readers(count: int) -> list[CampaignReader]:
    return [CampaignReader(f"person:{n}", phone_of(n), FAIR) for n in range(count)]


@pytest.fixture
def office(database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher) -> Office:
    return Office(database, clock, cipher)


def test_a_village_reaches_fifty_a_township_a_thousand(session: Session, office: Office) -> None:
    assert office.draft(session, office.village, 50).people == 50
    assert office.draft(session, office.town, 1000).people == 1000
    for actor, people in ((office.village, 51), (office.town, 1001)):
        with pytest.raises(Forbidden), session.begin_nested():
            office.draft(session, actor, people)
    assert not office.draft(session, office.county, 1000).needs_second_person
    big = office.draft(session, office.county, 1001)
    assert big.needs_second_person
    with pytest.raises(NotFound):
        campaigns.draft_campaign(
            session,
            office.clock,
            office.cipher,
            office.village,
            NewCampaign("x", TOWN, "job_fair"),
            readers(1),
            TARIFF,
        )


def test_adding_bit_by_bit_does_not_get_around_the_limit(session: Session, office: Office) -> None:
    campaign = office.draft(session, office.village, 40)
    with pytest.raises(Forbidden), session.begin_nested():
        office.extend(session, office.village, campaign, readers(60)[40:])
    session.refresh(campaign)
    assert campaign.people == 40
    office.extend(session, office.village, campaign, readers(50)[30:])
    assert (campaign.people, campaign.skipped) == (50, 10)
    assert session.scalar(select(func.count()).select_from(Message)) == 50


def test_each_person_and_each_phone_once(session: Session, office: Office) -> None:
    listed = [
        CampaignReader("person:1", phone_of(1), FAIR),
        CampaignReader("person:1", phone_of(2), FAIR),
        CampaignReader("person:3", f"+86 {phone_of(1)}", FAIR),
        CampaignReader("person:4", "0919-1234567", FAIR),
        CampaignReader("person:5", phone_of(5), FAIR),
    ]
    new = NewCampaign("招聘会", VILLAGE, "job_fair")
    campaign = campaigns.draft_campaign(
        session, office.clock, office.cipher, office.village, new, listed, TARIFF
    )
    assert (campaign.people, campaign.skipped) == (2, 3)
    with pytest.raises(Conflict):
        campaigns.draft_campaign(
            session, office.clock, office.cipher, office.village, new, listed[3:4], TARIFF
        )
    with pytest.raises(Invalid):
        campaigns.draft_campaign(
            session, office.clock, office.cipher, office.village, new, readers(2001), TARIFF
        )
    with pytest.raises(Conflict):
        single = NewCampaign("x", VILLAGE, "job_offer")
        campaigns.draft_campaign(
            session, office.clock, office.cipher, office.village, single, readers(1), TARIFF
        )


def test_the_preview_says_what_will_happen(session: Session, office: Office) -> None:
    campaign = office.draft(session, office.county, 1200)
    seen = campaign_reports.preview_campaign(
        session, office.clock, office.cipher, office.colleague, campaign.id, TARIFF
    )
    assert (seen.people, seen.parts, seen.cost_fen, seen.skipped) == (1200, 1200, 6000, 0)
    assert seen.samples[0].text.startswith("【送岗】王师傅您好")
    assert seen.needs_second_person
    assert seen.through_at == office.clock.now() + timedelta(minutes=20)


def test_pace_over_the_night(clock: FixedClock) -> None:
    """11 hours of the first day from 09:00, then 12 hours a day."""
    assert through_at(clock.now(), 60 * 11, 1) == clock.now() + timedelta(hours=11)
    assert through_at(clock.now(), 60 * 12, 1) == clock.now() + timedelta(hours=24)
    assert through_at(clock.now(), 60 * 24, 1) == clock.now() + timedelta(hours=48)
    assert through_at(clock.now() + timedelta(hours=12), 60, 1) == clock.now() + timedelta(hours=24)


def test_above_a_thousand_another_person_says_yes(session: Session, office: Office) -> None:
    clock, cipher = office.clock, office.cipher
    campaign = office.draft(session, office.county, 1001)
    with pytest.raises(Forbidden):
        life.start_campaign(session, clock, cipher, office.county, campaign.id)
    with pytest.raises(Forbidden):
        life.approve_campaign(session, clock, cipher, office.county, campaign.id)
    with pytest.raises(NotFound):
        life.approve_campaign(session, clock, cipher, office.stranger, campaign.id)
    for nobody in (office.village, office.town):
        with pytest.raises(NotFound):
            life.approve_campaign(session, clock, cipher, nobody, campaign.id)
    life.approve_campaign(session, clock, cipher, office.colleague, campaign.id)
    with pytest.raises(Conflict):
        office.extend(session, office.county, campaign, [CampaignReader("person:x", phone_of(9999), FAIR)])
    life.start_campaign(session, clock, cipher, office.county, campaign.id)
    assert campaign.state is CampaignState.RUNNING
    session.flush()
    session.commit()
    entries = session.scalars(select(AuditEntry.action).where(AuditEntry.resource == "campaign")).all()
    assert entries == ["create", "decide", "create"]


def test_the_database_knows_of_two_persons_too(session: Session, office: Office) -> None:
    campaign = office.draft(session, office.county, 1001)
    for values in (
        {"approved_by": office.county.user_id},
        {"state": CampaignState.RUNNING},
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(update(MessageCampaign).where(MessageCampaign.id == campaign.id).values(values))


def test_who_sees_which_campaign(session: Session, office: Office) -> None:
    mine = office.draft(session, office.village, 3)
    theirs = office.draft(session, office.town, 3)
    assert [c.id for c in campaign_reports.list_campaigns(session, office.village)] == [mine.id]
    assert [c.id for c in campaign_reports.list_campaigns(session, office.county)] == [theirs.id, mine.id]
    assert campaign_reports.list_campaigns(session, office.stranger) == []
    assert campaign_reports.list_campaigns(session, Actor(None, "公众")) == []
    with pytest.raises(campaigns.CampaignNotFound):
        campaign_reports.report_campaign(session, office.village, theirs.id)


def count(office: Office, state: MessageState) -> int:
    with office.database.read() as session:
        counted = select(func.count()).where(Message.state == state)
        return session.scalar(counted) or 0


def test_paced_paused_and_through(office: Office, worker: OutboxWorker, fake: FakeProvider) -> None:
    clock, cipher, actor = office.clock, office.cipher, office.village
    with office.database.write() as session:
        campaign_id = office.draft(session, actor, 10, pace=2).id
    worker.run_due()
    assert fake.books.calls == 0  # a draft sends nothing
    with office.database.write() as session:
        life.start_campaign(session, clock, cipher, actor, campaign_id)
    sent = []
    for _ in range(6):
        worker.run_due()
        sent.append(count(office, S.ACCEPTED))
        clock.move(timedelta(seconds=20))
    assert sent == [1, 1, 2, 2, 3, 3]  # two a minute: 0, 30 -> 40, 70 -> 80 s
    with office.database.write() as session:
        life.pause_campaign(session, clock, cipher, actor, campaign_id)
    clock.move(timedelta(minutes=30))
    worker.run_due()
    assert count(office, S.ACCEPTED) == 3
    with office.database.write() as session:
        life.resume_campaign(session, clock, cipher, actor, campaign_id)
    worker.run_due()
    assert count(office, S.ACCEPTED) == 4  # the pause is not made up for
    for _ in range(20):
        clock.move(timedelta(seconds=30))
        worker.run_due()
    with office.database.read() as session:
        report = campaign_reports.report_campaign(session, actor, campaign_id)
        assert session.get_one(MessageCampaign, campaign_id).state is CampaignState.DONE
    assert report.by_state == {S.ACCEPTED: 10}
    assert (report.cost_fen, report.waiting) == (50, 0)


def test_what_a_worker_slept_through_is_made_up_for_but_not_a_pause(
    office: Office, worker: OutboxWorker, fake: FakeProvider
) -> None:
    clock, cipher, actor = office.clock, office.cipher, office.village
    with office.database.write() as session:
        campaign_id = office.draft(session, actor, 50, pace=600).id
        life.start_campaign(session, clock, cipher, actor, campaign_id)
    worker.run_due()
    sent = [len(fake.books.accepted)]
    for seconds in (1, 1, 60):
        clock.move(timedelta(seconds=seconds))
        worker.run_due()
        sent.append(len(fake.books.accepted))
    assert sent == [1, 11, 21, 42]  # ten a second; after a minute of sleep two seconds' worth


def test_a_campaign_rests_at_night_without_touching_its_messages(
    office: Office, worker: OutboxWorker, fake: FakeProvider
) -> None:
    clock, cipher, actor = office.clock, office.cipher, office.village
    clock.move(timedelta(hours=10, minutes=59))  # 19:59
    with office.database.write() as session:
        campaign_id = office.draft(session, actor, 5, pace=2).id
        life.start_campaign(session, clock, cipher, actor, campaign_id)
    for _ in range(10):
        worker.run_due()
        clock.move(timedelta(seconds=30))
    assert len(fake.books.accepted) == 2
    clock.move(timedelta(hours=12))
    for _ in range(10):
        worker.run_due()
        clock.move(timedelta(seconds=30))
    assert len(fake.books.accepted) == 5


def test_stopped_means_stopped(office: Office, worker: OutboxWorker, fake: FakeProvider) -> None:
    clock, cipher, actor = office.clock, office.cipher, office.village
    with office.database.write() as session:
        campaign_id = office.draft(session, actor, 5).id
        life.start_campaign(session, clock, cipher, actor, campaign_id)
        opt_out(session, clock, cipher, phone_of(0))
    worker.run_due()
    with office.database.write() as session:
        assert life.stop_campaign(session, clock, cipher, actor, campaign_id) == 3
    clock.move(timedelta(hours=1))
    worker.run_due()
    assert len(fake.books.accepted) == 1
    with office.database.write() as session:
        report = campaign_reports.report_campaign(session, actor, campaign_id)
        assert report.dropped_for == {DropReason.OPTED_OUT: 1, DropReason.STOPPED: 3}
        with pytest.raises(Conflict):
            life.resume_campaign(session, clock, cipher, actor, campaign_id)
