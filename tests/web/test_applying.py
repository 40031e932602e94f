"""Asking for a posting on the phone: no account, no scripts, cookies refused, tapped twice."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.referrals.link_codes import link_code
from app.referrals.models import Referral
from app.referrals.spells.models import EmploymentAnswer
from app.referrals.terms import CheckOutcome, LeaveReason, ReferralState
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.terms import WishState
from tests.employers.factories import VILLAGE
from tests.jobs.factories import put_in_state
from tests.referrals.situations import Scene
from tests.web.board import OFFICER, hang_board
from tests.web.markup import markup_faults, without_tokens

PHONE = "13800006612"


@pytest.fixture
def board(session: Session, clock: FixedClock) -> dict[str, JobPosting]:
    return hang_board(session, clock)


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


def form_of(page: Response) -> dict[str, str]:
    assert page.status_code in (200, 422), page.text[:300]
    assert markup_faults(page.text) == []
    return dict(re.findall(r'<input type=hidden name="?(\w+)"? value="([^"]*)"', page.text))


def fill_in(client: TestClient, job: JobPosting, **changes: str) -> Response:
    address = f"/jobs/{job.id}/apply?at={VILLAGE}"
    form = form_of(client.get(address)) | {"name": "张秀梅", "phone": PHONE, "who": "me", "way": "want"}
    return client.post(f"/jobs/{job.id}/apply?at={VILLAGE}", data=form | changes)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(JobWish)) or 0


def test_from_the_posting_to_the_receipt(
    client: TestClient, board: dict[str, JobPosting], session: Session
) -> None:
    job = board["sewing"]
    assert f'href="/jobs/{job.id}/apply' in client.get(f"/jobs/{job.id}").text
    answer = fill_in(client, job)
    assert answer.status_code == 303
    receipt = client.get(answer.headers["location"])
    assert markup_faults(receipt.text) == []
    for words in ("报上名了", job.title, OFFICER, "信息员给你打电话"):
        assert words in receipt.text
    wish = session.scalars(select(JobWish)).one()
    assert (wish.job_id, wish.region_code, wish.name) == (job.id, VILLAGE, "张秀梅")
    for secret in (PHONE, PHONE[-4:], "张秀梅"):
        assert secret not in receipt.text
        assert secret not in answer.headers["location"]


def test_ten_taps_and_a_lost_line_make_one_wish(
    client: TestClient, board: dict[str, JobPosting], session: Session
) -> None:
    form = form_of(client.get(f"/jobs/{board['sewing'].id}/apply")) | {"name": "张秀梅", "phone": PHONE}
    places = {
        client.post(f"/jobs/{board['sewing'].id}/apply", data=form).headers["location"] for _ in range(10)
    }
    assert len(places) == 1
    assert count(session) == 1


def test_the_form_is_not_fetched_twice_and_serves_two_people_of_one_phone(
    client: TestClient, board: dict[str, JobPosting], session: Session, clock: FixedClock
) -> None:
    address = f"/jobs/{board['sewing'].id}/apply"
    page = client.get(address)
    seen = {"If-None-Match": page.headers["etag"]}
    assert client.get(address, headers=seen).status_code == 304
    form = form_of(page) | {"name": "张秀梅", "phone": PHONE}
    receipt = client.post(address, data=form).headers["location"]
    other = client.post(address, data=form | {"name": "李冬生"}).headers["location"]
    assert receipt != other
    # Taken back, and asked for once more from the page that is still open.
    assert client.post(receipt, data={"tail": PHONE[-4:]}).status_code == 303
    again = client.post(address, data=form).headers["location"]
    assert again not in (receipt, other)
    assert client.post(address, data=form).headers["location"] == again
    assert count(session) == 3
    clock.move(timedelta(hours=2))
    assert client.get(address, headers=seen).status_code == 200


def test_with_cookies_refused_the_choices_travel_along(
    client: TestClient, board: dict[str, JobPosting], session: Session
) -> None:
    address = f"/jobs/{board['sewing'].id}/apply?at={VILLAGE}&s=2"
    form = form_of(client.get(address)) | {"name": "张秀梅", "phone": PHONE}
    client.cookies.clear()
    action = f"/jobs/{board['sewing'].id}/apply?at={form.get('at', '')}&s={form.get('s', '')}"
    answer = client.post(action, data=form)
    assert answer.status_code == 303
    assert session.scalars(select(JobWish.region_code)).one() == VILLAGE
    client.cookies.clear()
    assert '<html lang="zh-CN" class=s2>' in client.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phone": "1380000661"}, "手机号要 11 位，你填了 10 位"),
        ({"phone": ""}, "写上手机号"),
        ({"name": ""}, "写上姓名"),
        ({"name": "<script>alert(1)</script>", "phone": "1"}, "手机号要 11 位"),
    ],
)
def test_what_is_wrong_is_shown_beside_what_was_typed(
    client: TestClient, board: dict[str, JobPosting], session: Session, changes: dict[str, str], words: str
) -> None:
    answer = fill_in(client, board["sewing"], **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert markup_faults(answer.text) == []
    assert "<script>alert" not in answer.text
    assert count(session) == 0


def test_a_page_left_open_overnight_and_one_without_its_token_are_taken(
    client: TestClient, board: dict[str, JobPosting], session: Session, clock: FixedClock
) -> None:
    form = form_of(client.get(f"/jobs/{board['sewing'].id}/apply")) | {"name": "张秀梅", "phone": PHONE}
    clock.move(timedelta(hours=20))
    assert client.post(f"/jobs/{board['sewing'].id}/apply", data=form).status_code == 303
    bare = {"name": "李冬生", "phone": PHONE}
    assert client.post(f"/jobs/{board['sewing'].id}/apply", data=bare).status_code == 303
    assert count(session) == 2


def test_another_site_can_not_send_the_form(
    client: TestClient, board: dict[str, JobPosting], session: Session
) -> None:
    form = {"name": "张秀梅", "phone": PHONE}
    headers = {"Origin": "https://elsewhere.example"}
    assert client.post(f"/jobs/{board['sewing'].id}/apply", data=form, headers=headers).status_code == 403
    assert count(session) == 0


def test_what_has_ended_takes_nobody(
    client: TestClient, board: dict[str, JobPosting], session: Session
) -> None:
    job = board["sewing"]
    form = form_of(client.get(f"/jobs/{job.id}/apply")) | {"name": "张秀梅", "phone": PHONE}
    put_in_state(session, job, JobState.CLOSED)
    assert client.get(f"/jobs/{job.id}/apply").status_code == 410
    assert client.post(f"/jobs/{job.id}/apply", data=form).status_code == 410
    assert count(session) == 0


def test_taken_back_on_the_receipt(
    client: TestClient, board: dict[str, JobPosting], session: Session
) -> None:
    receipt = fill_in(client, board["sewing"]).headers["location"]
    wrong = client.post(receipt, data={"tail": "0000"})
    assert (wrong.status_code, "对不上" in wrong.text) == (422, True)
    assert markup_faults(wrong.text) == []
    assert client.post(receipt, data={"tail": "6612"}).status_code == 303
    assert "撤好了" in client.get(receipt).text
    assert session.scalars(select(JobWish.state)).one() is WishState.WITHDRAWN
    assert client.post(receipt, data={"tail": "6612"}).status_code == 409


@pytest.mark.parametrize(
    "path", ["/w/1-aaaaaaaa", "/w/x", "/a/1-aaaaaaaa", "/a/1", "/w/9999999999999999999-a"]
)
def test_a_made_up_address_opens_nothing(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, data={"tail": "0000", "action": "interested"}).status_code == 404


@pytest.fixture
def scene(session: Session, cipher: FieldCipher, clock: FixedClock) -> Scene:
    return Scene(session, cipher, clock)


def link_of(referral: Referral, settings: Settings) -> str:
    return f"/a/{link_code(settings.secret_key.get_secret_value(), referral.id)}"


def test_an_offer_is_answered_with_one_tap(
    client: TestClient, scene: Scene, shared_settings: Settings
) -> None:
    referral = scene.push()
    link = link_of(referral, shared_settings)
    page = client.get(link)
    assert "你愿意去吗" in page.text
    for secret in (scene.person.name, "139"):
        assert secret not in without_tokens(page.text)
    form = form_of(page) | {"action": "interested"}
    for _ in range(3):
        assert client.post(link, data=form).status_code == 303
    scene.session.refresh(referral)
    assert referral.state is ReferralState.INTERESTED
    assert "办到哪一步了" in client.get(link).text


def test_a_no_may_say_why(client: TestClient, scene: Scene, shared_settings: Settings) -> None:
    referral = scene.push()
    link = link_of(referral, shared_settings)
    form = form_of(client.get(f"{link}?no=1")) | {"action": "decline", "reason": "too_far"}
    client.post(link, data=form)
    scene.session.refresh(referral)
    assert (referral.state, referral.reason_code) == (ReferralState.DECLINED, "too_far")


def test_taking_back_and_arriving_ask_for_the_last_four(
    client: TestClient, scene: Scene, shared_settings: Settings
) -> None:
    referral = scene.push()
    scene.step(referral, "interested")
    link = link_of(referral, shared_settings)
    form = form_of(client.get(link)) | {"action": "withdraw", "tail": "9999"}
    assert client.post(link, data=form).status_code == 422
    scene.session.refresh(referral)
    assert referral.state is ReferralState.INTERESTED
    assert client.post(link, data=form | {"tail": "0001"}).status_code == 303
    scene.session.refresh(referral)
    assert referral.state is ReferralState.WITHDRAWN
    scene.clock.move(timedelta(days=31))
    assert client.get(link).status_code == 404


def test_they_never_called_is_one_tap_and_says_what_happens(
    client: TestClient, scene: Scene, shared_settings: Settings
) -> None:
    referral = scene.at("submitted")
    link = link_of(referral, shared_settings)
    assert "他们一直没打电话" not in client.get(link).text, "not before the days are over"
    client.post(link, data={"action": "silence"})
    scene.session.refresh(referral)
    assert referral.silence_told_at is None
    scene.clock.move(timedelta(days=7))
    form = form_of(client.get(link)) | {"action": "silence"}
    for _ in range(3):
        assert client.post(link, data=form).status_code == 303
    scene.session.refresh(referral)
    assert referral.silence_told_at == scene.clock.now()
    page = client.get(link)
    assert "信息员两天内替你打给单位" in page.text
    assert "value=silence" not in page.text


def test_the_first_week_is_one_tap(client: TestClient, scene: Scene, shared_settings: Settings) -> None:
    referral = scene.at("onboard")
    link = link_of(referral, shared_settings)
    assert "value=same" not in client.get(link).text, "not before the window opens"
    scene.clock.move(timedelta(days=6))
    page = client.get(link)
    for words in ("跟当初说的一样不", "到了，跟说的一样", "到了，跟说的不一样", "不干了"):
        assert words in page.text
    for secret in (scene.person.name, "139"):
        assert secret not in without_tokens(page.text)
    form = form_of(page) | {"action": "same"}
    for _ in range(10):
        assert client.post(link, data=form).status_code == 303
    (answer,) = scene.session.scalars(select(EmploymentAnswer))
    assert (answer.outcome, answer.is_as_promised) == (CheckOutcome.IN_POST, True)
    page = client.get(link)
    assert "记下了，谢谢你说一声" in page.text
    assert "value=same" not in page.text


def test_still_there_and_not_as_promised(client: TestClient, scene: Scene, shared_settings: Settings) -> None:
    referral = scene.at("onboard")
    link = link_of(referral, shared_settings)
    scene.clock.move(timedelta(days=6))
    client.post(link, data=form_of(client.get(link)) | {"action": "different"})
    assert "跟说的不一样。信息员三天内" in client.get(link).text
    scene.clock.move(timedelta(days=21))
    page = client.get(link)
    assert "干得咋样" in page.text
    client.post(link, data=form_of(page) | {"action": "still"})
    assert "记下了，谢谢你说一声" in client.get(link).text
    assert len(scene.session.scalars(select(EmploymentAnswer)).all()) == 2


def test_leaving_says_why_and_shows_the_last_four(
    client: TestClient, scene: Scene, shared_settings: Settings
) -> None:
    referral = scene.at("onboard")
    link = link_of(referral, shared_settings)
    scene.clock.move(timedelta(days=6))
    assert f'href="{link}?no=1"' in client.get(link).text
    form = form_of(client.get(f"{link}?no=1")) | {"action": "left", "reason": "pay", "tail": "0001"}
    for wrong, words in (({"reason": ""}, "先点一下为啥不干了"), ({"tail": "9999"}, "后四位对不上")):
        refused = client.post(link, data=form | wrong)
        assert refused.status_code == 422
        assert words in refused.text
        assert markup_faults(refused.text) == []
    assert scene.session.scalars(select(EmploymentAnswer)).all() == []
    for _ in range(3):
        assert client.post(link, data=form).status_code == 303
    assert scene.session.scalars(select(EmploymentAnswer.leave_reason)).one() is LeaveReason.PAY
    assert "帮你再找" in client.get(link).text
