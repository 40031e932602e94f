"""A firm's answers on the phone: masked people, one answer for many, hiring, the phone, the roll."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.referrals import queries
from app.referrals.models import Referral
from app.referrals.terms import Evidence, Party, ReferralState
from tests.employers.factories import verified_employer
from tests.referrals.situations import Scene
from tests.web.employer.firms import CONTACT_PHONE, Boss, boss, hidden, sign_in
from tests.web.markup import markup_faults, without_tokens

NAME = "王桂兰"
PEOPLE = "/employer/people"


def state_of(session: Session, referral: Referral) -> ReferralState:
    statement = select(Referral.state).where(Referral.id == referral.id)
    return ReferralState(session.scalars(statement).one())


def see(client: TestClient, address: str) -> Response:
    page = client.get(address)
    assert page.status_code == 200, page.text[-600:]
    assert page.headers["cache-control"] == "no-store"
    assert markup_faults(page.text) == []
    return page


def say(client: TestClient, address: str, do: str, *who: Referral, **typed: str) -> Response:
    form = hidden(see(client, address), address)
    data = form | {"do": do, "who": [str(each.id) for each in who]} | typed
    return client.post(address, data=data)


def tomorrow(scene: Scene) -> str:
    return (scene.clock.today() + timedelta(days=1)).isoformat()


def test_home_counts_who_waits_first(client: TestClient, scene: Scene, own: Boss) -> None:
    sign_in(client, own)
    assert "没有人等你回话" in see(client, "/employer").text
    scene.at("submitted").submitted_at = scene.clock.now() - timedelta(days=3)
    scene.session.flush()
    home = see(client, "/employer")
    assert "<h1>1 个人等你回话</h1>" in home.text
    assert "等了 <b>3 天</b>" in home.text
    assert home.text.index("等你回话") < home.text.index("你招的活")
    scene.employer.answer_permille, scene.employer.median_answer_hours = 920, 26
    scene.session.flush()
    assert "92% 都回了，一般 26 小时回" in see(client, "/employer").text


def test_masked_until_they_are_to_meet(client: TestClient, scene: Scene, own: Boss, session: Session) -> None:
    referral = scene.at("submitted")
    name = referral.person.name
    sign_in(client, own)
    page = see(client, PEOPLE)
    assert name not in page.text
    assert f"{name[0]}*" in page.text
    assert "139" not in without_tokens(page.text).replace(CONTACT_PHONE, "")
    answer = say(client, PEOPLE, "interview", referral, day=tomorrow(scene), hour="pm", place="厂门口")
    assert answer.status_code == 303
    assert state_of(session, referral) is ReferralState.INTERVIEW
    page = see(client, PEOPLE)
    assert name in page.text
    assert "14:30 见面" in page.text


def test_many_at_once_and_twice(client: TestClient, scene: Scene, own: Boss, session: Session) -> None:
    people = [scene.at("submitted", person=scene.neighbour()) for _ in range(3)]
    sign_in(client, own)
    form = hidden(see(client, PEOPLE), PEOPLE)
    data = form | {"do": "refuse", "reason": "full", "who": [str(each.id) for each in people]}
    for _ in range(2):
        assert client.post(PEOPLE, data=data).status_code == 303
    for each in people:
        assert state_of(session, each) is ReferralState.REFUSED
        taken = [event for event in queries.list_events(session, each.id) if event.action == "refuse"]
        assert len(taken) == 1
        assert (taken[0].party, taken[0].actor_id) == (Party.EMPLOYER, own.user_id)


@pytest.mark.parametrize(
    ("do", "typed", "words"),
    [
        ("refuse", {}, "点一下为啥不合适"),
        ("interview", {"day": ""}, "写上哪天见面"),
        ("interview", {"day": "2020-01-01"}, "已经过了"),
        ("arrive", {}, "点一下怎么回"),
    ],
)
def test_what_is_missing_stops_everything(
    client: TestClient,
    scene: Scene,
    own: Boss,
    session: Session,
    do: str,
    typed: dict[str, str],
    words: str,
) -> None:
    people = [scene.at("submitted", person=scene.neighbour()) for _ in range(2)]
    sign_in(client, own)
    page = say(client, PEOPLE, do, *people, **typed)
    assert page.status_code == 422
    assert words in page.text
    assert {state_of(session, each) for each in people} == {ReferralState.SUBMITTED}
    assert "先点一下要回的人" in say(client, PEOPLE, "pool").text


def test_who_withdrew_meanwhile_does_not_stop_the_others(
    client: TestClient, scene: Scene, own: Boss, session: Session
) -> None:
    here, gone = (scene.at("submitted", person=scene.neighbour()) for _ in range(2))
    sign_in(client, own)
    form = hidden(see(client, PEOPLE), PEOPLE)
    scene.step(gone, "withdraw")
    data = form | {"do": "pool", "who": [str(here.id), str(gone.id)]}
    page = client.post(PEOPLE, data=data)
    assert "1 个记下了" in page.text
    assert "1 个没办成" in page.text
    assert state_of(session, here) is ReferralState.POOLED
    assert state_of(session, gone) is ReferralState.WITHDRAWN


def test_hired_from_a_day_for_a_wage(client: TestClient, scene: Scene, own: Boss, session: Session) -> None:
    referral = scene.at("submitted")
    sign_in(client, own)
    address = f"{PEOPLE}/{referral.id}"
    assert (
        "写上一个月多少钱" in say(client, address, "hire", referral, starts_on=tomorrow(scene), wage="").text
    )
    assert state_of(session, referral) is ReferralState.SUBMITTED
    answer = say(client, address, "hire", referral, starts_on=tomorrow(scene), wage="3,600")
    assert answer.status_code == 303
    session.refresh(referral)
    assert (referral.state, referral.wage_fen) == (ReferralState.HIRED, 360000)
    assert "说好要来（1）" in see(client, PEOPLE).text


def test_a_phone_one_at_a_time_and_no_more_than_the_quota(
    client: TestClient, scene: Scene, own: Boss, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = scene.at("submitted")
    sign_in(client, own)
    address = f"{PEOPLE}/{referral.id}"
    page = see(client, address)
    assert "139 " not in page.text
    form = hidden(page, f"{address}/phone")
    opened = client.post(f"{address}/phone", data=form)
    assert "tel:139" in opened.text
    assert "tel:139" not in see(client, address).text, "shown once"
    for _ in range(19):
        assert client.post(f"{address}/phone", data=form).status_code == 200
    spent = client.post(f"{address}/phone", data=form)
    assert spent.status_code == 429
    assert "一天最多看 20 个" in spent.text
    assert "tel:139" not in spent.text


def test_another_firm_finds_nobody(
    client: TestClient, scene: Scene, session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    referral = scene.at("submitted")
    rival = verified_employer(session, clock, "别家厂")
    other = boss(session, clock, cipher, firm=rival, phone="13900006699")
    sign_in(client, other)
    assert "还没有人" in see(client, PEOPLE).text
    address = f"{PEOPLE}/{referral.id}"
    assert client.get(address).status_code == 404
    form = hidden(see(client, "/employer/post"))
    assert client.post(f"{address}/phone", data=form).status_code == 404
    page = hidden(see(client, "/employer/post"))
    assert client.post(address, data=page | {"do": "pool", "who": str(referral.id)}).status_code in (403, 404)
    assert state_of(session, referral) is ReferralState.SUBMITTED


def test_nobody_signed_in_is_led_to_the_phone_form(client: TestClient, scene: Scene) -> None:
    for address in ("/employer", PEOPLE, "/employer/post", "/employer/roll"):
        answer = client.get(address)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login/phone?next=")


def test_the_roll_is_never_enough_alone(
    client: TestClient, scene: Scene, own: Boss, session: Session
) -> None:
    came, absent, later, underway = (scene.at("hired", person=scene.neighbour()) for _ in range(4))
    scene.step(underway, "depart")
    later.starts_on = scene.clock.today() + timedelta(days=2)
    session.flush()
    sign_in(client, own)
    page = see(client, "/employer/roll")
    assert f'value="{later.id}"' not in page.text
    form = hidden(page, "/employer/roll")
    assert client.post("/employer/roll", data=form).status_code == 422
    data = form | {"came": [str(came.id), str(later.id), str(underway.id)], "absent": str(absent.id)}
    for _ in range(2):
        assert client.post("/employer/roll", data=data).status_code == 303
    assert state_of(session, came) is ReferralState.DEPARTING, "an arrival needs the person or an officer"
    assert state_of(session, absent) is ReferralState.NO_SHOW
    assert state_of(session, later) is ReferralState.HIRED
    assert state_of(session, underway) is ReferralState.DEPARTING
    for each in (came, underway):
        said = [event for event in queries.list_events(session, each.id) if event.evidence]
        assert [(event.party, event.evidence) for event in said] == [(Party.EMPLOYER, Evidence.ROLL_CALL)]
    assert "说过来了" in see(client, "/employer/roll").text
