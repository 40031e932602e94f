"""The short links of a firm that only has a phone: what they open, for how long, to whom."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.settings import Settings
from app.employers import links, service
from app.employers.terms import EmployerAction
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.referrals import queries
from app.referrals.terms import Party, ReferralState
from app.seekers.privacy.consents import record_consent
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from tests.employers.factories import county_officer
from tests.jobs.factories import open_job
from tests.referrals.situations import VILLAGE, Scene
from tests.web.employer.firms import CONTACT_PHONE, Boss, hidden
from tests.web.employer.test_people import state_of
from tests.web.markup import markup_faults

TAIL = CONTACT_PHONE[-4:]


def link(settings: Settings, purpose: str, number: int, scene: Scene) -> str:
    key = settings.secret_key.get_secret_value()
    code = links.make_link_code(key, purpose, number, scene.clock.today())
    return f"/{'e' if purpose == links.PEOPLE else 'c'}/{code}"


@pytest.fixture
def address(shared_settings: Settings, scene: Scene) -> str:
    return link(shared_settings, links.PEOPLE, scene.employer.id, scene)


def test_counts_first_then_four_digits_then_masked_answers(
    client: TestClient, scene: Scene, session: Session, address: str
) -> None:
    referral = scene.at("submitted")
    name = referral.person.name
    page = client.get(address)
    assert "1 个人等你回话" in page.text
    assert f"{name[0]}*" not in page.text
    assert CONTACT_PHONE not in page.text
    assert markup_faults(page.text) == []
    wrong = client.post(address, data={"tail": "0000"})
    assert wrong.status_code == 422
    assert f"{name[0]}*" not in wrong.text
    opened = client.post(address, data={"tail": TAIL})
    assert opened.status_code == 200
    assert markup_faults(opened.text) == []
    assert f"{name[0]}*" in opened.text
    assert name not in opened.text
    assert "看电话，打给" not in opened.text
    day = (scene.clock.today() + timedelta(days=1)).isoformat()
    form = hidden(opened, address) | {
        "who": str(referral.id),
        "do": "interview",
        "day": day,
        "place": "厂门口",
    }
    for _ in range(2):
        told = client.post(address, data=form)
        assert told.status_code == 200
        assert "1 个记下了" in told.text
    assert state_of(session, referral) is ReferralState.INTERVIEW
    events = [each for each in queries.list_events(session, referral.id) if each.action == "interview"]
    assert [(each.party, each.actor_id) for each in events] == [(Party.EMPLOYER, None)]


def test_the_firm_s_own_figures_are_shown_to_it_first(
    client: TestClient, scene: Scene, session: Session, address: str
) -> None:
    scene.at("submitted")
    assert "回满 5 个人" in client.get(address).text, "too few to say anything"
    scene.employer.answer_permille, scene.employer.median_answer_hours = 640, 72
    session.flush()
    assert "这三个月 64% 都回了，一般 3 天回" in client.get(address).text


def test_answers_without_the_digits_are_not_taken(
    client: TestClient, scene: Scene, session: Session, address: str
) -> None:
    referral = scene.at("submitted")
    form = {"who": str(referral.id), "do": "pool"}
    assert client.post(address, data=form).status_code == 422
    assert client.post(address, data=form | {"form_token": "made.up.here"}).status_code == 403
    assert state_of(session, referral) is ReferralState.SUBMITTED


def test_guessing_is_slowed_down(client: TestClient, scene: Scene, address: str) -> None:
    for guess in range(5):
        assert client.post(address, data={"tail": f"000{guess}"}).status_code == 422
    assert client.post(address, data={"tail": TAIL}).status_code == 429


def test_it_ends_and_made_up_codes_open_nothing(
    client: TestClient, scene: Scene, clock: FixedClock, address: str, shared_settings: Settings
) -> None:
    assert client.get(address[:-1] + ("a" if address[-1] != "a" else "b")).status_code == 404
    assert client.get(address.replace("/e/", "/c/")).status_code == 404
    clock.at += timedelta(days=14)
    assert client.get(address).status_code == 200
    clock.at += timedelta(days=1)
    assert client.get(address).status_code == 410


def test_a_barred_firms_link_is_dead(
    client: TestClient, scene: Scene, session: Session, clock: FixedClock, address: str
) -> None:
    officer = county_officer(user_id=900)
    service.act_on_employer(session, officer, scene.employer.id, EmployerAction.BAR, clock, reason="收押金")
    assert client.get(address).status_code == 404
    assert client.post(address, data={"tail": TAIL}).status_code == 404


def test_who_said_no_to_firms_is_not_on_the_list(
    client: TestClient, scene: Scene, session: Session, address: str
) -> None:
    referral = scene.at("submitted")
    no = ConsentIn(purpose=ConsentPurpose.SHARE_WITH_EMPLOYERS, method=ConsentMethod.PHONE, is_given=False)
    record_consent(session, VILLAGE, referral.person_id, no, cipher=scene.cipher, clock=scene.clock)
    assert "没有人等你回话" in client.get(address).text
    assert "都回了" in client.post(address, data={"tail": TAIL}).text


def test_still_hiring_by_one_tap(
    client: TestClient, scene: Scene, session: Session, shared_settings: Settings, own: Boss
) -> None:
    job = open_job(session, scene.clock, scene.employer, title="锁边工")
    address = link(shared_settings, links.POSTING, job.id, scene)
    scene.clock.at += timedelta(days=20)
    page = client.get(address)
    assert "“锁边工”还在招吗" in page.text
    assert markup_faults(page.text) == []
    for _ in range(2):
        done = client.post(address)
        assert done.status_code == 200
        assert "记下了：还在招" in done.text
    statement = select(JobPosting).where(JobPosting.id == job.id).execution_options(populate_existing=True)
    fresh = session.scalars(statement).one()
    assert fresh.confirmed_at == scene.clock.now()
    assert fresh.valid_until == scene.clock.today() + timedelta(days=30)
    assert fresh.state is JobState.OPEN


def test_a_closed_posting_is_not_opened_by_its_link(
    client: TestClient, scene: Scene, session: Session, shared_settings: Settings
) -> None:
    job = open_job(session, scene.clock, scene.employer, title="锁边工")
    job.state = JobState.CLOSED
    session.flush()
    address = link(shared_settings, links.POSTING, job.id, scene)
    assert "这里点不了" in client.get(address).text
    assert client.post(address).status_code == 409
