"""带队点名: who may be named, whom the link shows, and what the leader's word does to a referral."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.accounts.actor import Actor
from app.accounts.models import RoleGrant, User
from app.accounts.terms import Role, UserKind
from app.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from app.core.settings import Settings
from app.referrals.models import Referral
from app.referrals.rolls import service
from app.referrals.rolls.models import ArrivalRoll
from app.referrals.schemas import Move
from app.referrals.spells.models import EmploymentSpell
from app.referrals.terms import Evidence, ReferralAction, ReferralState, VerifiedLevel
from tests.accounts.situations import staff_member
from tests.employers.factories import set_phone
from tests.referrals.situations import BROKER, COUNTY, OWNER, Scene
from tests.seekers import factories as given

PHONE = "13800006612"
KEY = "a key of sixteen letters or more"


@pytest.fixture
def officer(scene: Scene) -> Actor:
    """The township's, with a row of their own."""
    assert scene.person.id
    return staff_member(scene.session, scene.clock, Role.TOWNSHIP_OFFICER, given.TOWN, "leijuncang")


@pytest.fixture
def hired(scene: Scene, officer: Actor) -> Referral:
    """Somebody of the village who starts today."""
    return scene.at("hired")


def named(scene: Scene, referral: Referral, actor: Actor, phone: str = PHONE) -> ArrivalRoll:
    return service.name_leader(
        scene.session,
        actor,
        referral.job_id,
        referral.starts_on,  # type: ignore[arg-type]
        "马师傅",
        phone,
        cipher=scene.cipher,
        clock=scene.clock,
    )


def opened(scene: Scene, roll: ArrivalRoll) -> service.CalledRoll:
    return service.open_link(scene.session, KEY, service.link_code(KEY, roll.id), scene.clock)


def say(scene: Scene, roll: ArrivalRoll, action: ReferralAction, *ids: int) -> int:
    called = opened(scene, roll)
    return service.call_roll(scene.session, called, action, ids, cipher=scene.cipher, clock=scene.clock)


def test_on_the_bus_then_there_by_the_leader_s_roll(scene: Scene, hired: Referral, officer: Actor) -> None:
    roll = named(scene, hired, officer)
    assert say(scene, roll, ReferralAction.DEPART, hired.id) == 1
    assert say(scene, roll, ReferralAction.DEPART, hired.id) == 0, "is on the bus already"
    assert hired.state is ReferralState.DEPARTING
    assert say(scene, roll, ReferralAction.ARRIVE, hired.id) == 1
    scene.session.refresh(hired)
    assert hired.state is ReferralState.ONBOARD
    spell = scene.session.get_one(EmploymentSpell, hired.spell_id)
    assert (spell.evidence, spell.level) == (Evidence.ROLL_CALL, VerifiedLevel.VILLAGE_CHECKED)
    assert opened(scene, roll).people == (), "nobody is left to call"
    last = scene.events(hired)[-1]
    assert (last.reason, last.actor_id) == ("带队人马师傅点名：到了", officer.user_id)


def test_who_did_not_come_is_called_back_the_same_day(scene: Scene, hired: Referral, officer: Actor) -> None:
    assert say(scene, named(scene, hired, officer), ReferralAction.NO_SHOW, hired.id) == 1
    scene.session.refresh(hired)
    assert hired.state is ReferralState.NO_SHOW


def test_nobody_else_s_people_stand_on_it(scene: Scene, hired: Referral, officer: Actor) -> None:
    far = scene.at("hired", scene.neighbour(), hired.job)
    far.person.region_code = given.FAR_VILLAGE
    scene.session.flush()
    roll = named(scene, hired, officer)
    assert [each.id for each in opened(scene, roll).people] == [hired.id]
    assert say(scene, roll, ReferralAction.ARRIVE, far.id) == 0


@pytest.mark.parametrize("actor", [BROKER, OWNER, given.township_officer(given.OTHER_TOWN, user_id=19)])
def test_only_an_office_of_the_people_s_area_names_a_leader(
    scene: Scene, hired: Referral, actor: Actor
) -> None:
    with pytest.raises(NotFound):
        named(scene, hired, actor)


def test_the_firm_s_own_people_and_brokers_are_never_named(
    scene: Scene, hired: Referral, officer: Actor
) -> None:
    set_phone(scene.employer, "13700001111")
    member = User(
        id=400, kind=UserKind.PERSON, display_name="厂里的人", created_at=scene.clock.now(), version=1
    )
    member.phone_index = scene.cipher.blind_index("phone", "13700002222")
    scene.session.add(member)
    broker = staff_member(scene.session, scene.clock, Role.BROKER, given.TOWN, "jingjiren")
    scene.session.get_one(User, broker.user_id).work_phone = "13700003333"
    scene.session.flush()
    now = scene.clock.now()
    grant = RoleGrant(user_id=400, role=Role.EMPLOYER, employer_id=scene.employer.id, starts_at=now)
    scene.session.add(grant)
    scene.session.flush()
    for phone in ("13700001111", "13700002222", "13700003333"):
        with pytest.raises(Forbidden):
            named(scene, hired, officer, phone=phone)
    with pytest.raises(Invalid):
        named(scene, hired, officer, phone="0919")


def test_the_firm_s_word_alone_still_proves_nothing(scene: Scene, hired: Referral, officer: Actor) -> None:
    move = Move(action=ReferralAction.ARRIVE, evidence=Evidence.ROLL_CALL)
    with pytest.raises(Conflict):
        scene.act(hired, scene.member, move.action.value, evidence="roll_call")
    assert hired.state is ReferralState.HIRED


def test_not_before_the_day_and_not_long_after(scene: Scene, officer: Actor) -> None:
    referral = scene.at("submitted")
    day = scene.clock.today() + timedelta(days=2)
    scene.act(referral, COUNTY, "hire", told_by="phone", starts_on=str(day), wage_fen=300000)
    roll = named(scene, referral, officer)
    with pytest.raises(Conflict):
        say(scene, roll, ReferralAction.DEPART, referral.id)
    scene.wait(days=3)
    assert say(scene, roll, ReferralAction.ARRIVE, referral.id) == 1, "the day after"
    scene.wait(days=1)
    with pytest.raises(Gone):
        opened(scene, roll)


def test_taken_back_or_with_the_officer_s_role_the_link_ends(
    scene: Scene, hired: Referral, officer: Actor
) -> None:
    roll, other = named(scene, hired, officer), named(scene, hired, officer)
    service.end_roll(scene.session, COUNTY, roll.id, scene.clock)
    with pytest.raises(Gone):
        opened(scene, roll)
    assert opened(scene, other).people
    scene.session.query(RoleGrant).filter_by(user_id=officer.user_id).update({"ended_at": scene.clock.now()})
    with pytest.raises(Gone):
        opened(scene, other)


def test_the_link_names_nobody_before_the_last_four_digits(
    client: TestClient, scene: Scene, hired: Referral, officer: Actor, shared_settings: Settings
) -> None:
    roll = named(scene, hired, officer)
    address = f"/b/{service.link_code(shared_settings.secret_key.get_secret_value(), roll.id)}"
    assert client.get("/b/1-aaaaaaaa").status_code == 404
    name = hired.person.name
    page = client.get(address)
    assert "还有 1 个人没点到" in page.text
    assert name not in page.text
    wrong = client.post(address, data={"tail": "0000"})
    assert (wrong.status_code, name in wrong.text) == (422, False)
    shown = client.post(address, data={"tail": "6612"})
    assert name in shown.text
    [token] = re.findall(r'name=form_token value="([^"]+)"', shown.text)
    form = {"form_token": token, "person": str(hired.id), "act": "arrive"}
    assert "记下了 1 个人" in client.post(address, data=form).text
    scene.session.refresh(hired)
    assert hired.state is ReferralState.ONBOARD
    assert client.post(address, data=form | {"form_token": "made up"}).status_code in (403, 410)
