"""/me over HTTP: a villager's own file on a phone that the whole family uses; both databases, no browser."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.audit.models import AuditEntry
from app.accounts.second_person.models import Confirmation
from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.http import SESSION_COOKIE
from app.core.settings import Settings
from app.notifications.opt_outs import has_opted_out
from app.notifications.terms import Purpose
from app.regions.terms import Reach
from app.seekers.models import Person
from app.seekers.privacy.consents import has_consent
from app.seekers.privacy.terms import ConsentPurpose
from app.seekers.words import label_of_word
from tests.accounts.situations import VILLAGE
from tests.databases import RolledBackDatabase
from tests.web.markup import markup_faults
from tests.web.portal_family import DAUGHTER, MOTHER, PHONE, Family, settle_family

Sit = Callable[[str], "Phone"]


class Phone:
    """A browser with somebody signed in."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client = client
        client.cookies.clear()
        client.cookies.set(SESSION_COOKIE, token)

    def see(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:1000]
        if status == 200:
            assert answer.headers["cache-control"] == "no-store"
            assert markup_faults(answer.text) == []
        return html.unescape(answer.text)

    def send(self, page: str, action: str, **typed: object) -> Response:
        """Sends the form at `page` to `action`."""
        shown = self.client.get(page).text
        token = re.search(r'name=csrf_token value="([^"]*)"', shown)
        assert token is not None
        return self.client.post(action, data={"csrf_token": token[1], **typed})

    def prove(self, number: str) -> Response:
        return self.send("/me/add", "/me/add", id_tail=number[-4:])


@pytest.fixture
def family(database: RolledBackDatabase, clock: FixedClock, shared_settings: Settings) -> Family:
    with database.write() as session:
        return settle_family(session, clock, cipher_of(shared_settings))


@pytest.fixture
def phone(client: TestClient, family: Family) -> Phone:
    return Phone(client, family.phone)


@pytest.fixture
def linked(phone: Phone) -> Phone:
    """The mother has shown that the file is hers."""
    assert phone.prove(MOTHER).status_code == 303
    return phone


def test_signed_out_one_finds_the_phone_sign_in(client: TestClient, family: Family) -> None:
    answer = client.get("/me")
    assert answer.status_code == 200
    assert 'action="/login/phone"' in answer.text
    assert 'name=next value="/me"' in answer.text
    led = client.get(f"/me/{family.mother}/file")
    assert led.status_code == 303
    assert led.headers["location"].startswith("/login/phone?next=%2Fme")


def test_the_empty_form_is_fetched_once_and_pages_of_somebody_are_never_kept(
    client: TestClient, family: Family
) -> None:
    form = client.get("/me")
    tag = {"If-None-Match": form.headers["etag"]}
    again = client.get("/me", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert "no-store" not in form.headers["cache-control"]
    wrong = client.post("/login/phone", data={"csrf_token": "x", "phone": "12"})
    asked = client.get("/login/code")
    assert wrong.headers["cache-control"] == asked.headers["cache-control"] == "no-store"
    # Signed in at the same address, the phone is not told that it has this page already.
    assert "身份证最后四位" in Phone(client, family.phone).see("/me")
    assert client.get("/me", headers=tag).status_code == 200


def test_the_way_to_the_file(phone: Phone, family: Family) -> None:
    assert "身份证最后四位" in phone.see("/me")
    answer = phone.prove(MOTHER)
    assert answer.headers["location"] == f"/me/{family.mother}?done=linked"
    assert "对上了" in phone.see(answer.headers["location"])
    assert phone.client.get("/me").headers["location"] == f"/me/{family.mother}"
    assert phone.prove(DAUGHTER).status_code == 303
    chosen = phone.see("/me")
    assert "王秀兰" in chosen
    assert "李小梅" in chosen
    assert "李明" not in chosen


def test_a_wrong_number_and_an_unknown_phone_are_answered_alike(client: TestClient, family: Family) -> None:
    answers = []
    for token, number in ((family.phone, "0000"), (family.stranger, MOTHER), (family.phone, "0000")):
        answer = Phone(client, token).prove(number)
        answers.append((answer.status_code, re.sub(r'csrf_token value="[^"]*"', "", answer.text)))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 422


def test_tries_run_out(phone: Phone) -> None:
    assert [phone.prove("0000").status_code for _ in range(6)] == [422] * 5 + [429]


def test_my_file_is_what_the_office_has_with_numbers_masked(linked: Phone, family: Family) -> None:
    shown = linked.see(f"/me/{family.mother}/file")
    for words in ("王秀兰", "139****2041", "缝纫", "每月最少 2,800 元", "腰不好", "二组 15 号", "柳树塬村"):
        assert words in shown
    for words in (PHONE, MOTHER, MOTHER[6:14], "李小梅"):
        assert words not in shown


def test_who_looked_is_told_by_office_and_role_without_names(linked: Phone, family: Family) -> None:
    shown = linked.see(f"/me/{family.mother}/looks")
    assert "柳树塬村 村就业信息员" in shown
    assert "看了你的身份证号全文" in shown
    assert "核对身份办补贴" in shown
    assert "wangguilan" not in shown


@pytest.mark.parametrize(
    "part", ["", "/file", "/looks", "/edit", "/consents", "/messages", "/copy", "/erase"]
)
def test_nobody_elses_file_opens(client: TestClient, linked: Phone, family: Family, part: str) -> None:
    linked.see(f"/me/{family.mother}{part}")
    linked.see(f"/me/{family.daughter}{part}", 404)
    linked.see(f"/me/{family.child}{part}", 404)
    for token in (family.stranger, family.officer):
        Phone(client, token).see(f"/me/{family.mother}{part}", 404)


def test_changing_what_is_mine(linked: Phone, family: Family, session: Session) -> None:
    page = f"/me/{family.mother}/edit"
    shown = linked.see(page)
    version = re.search(r'name=version value="(\d+)"', shown)
    assert version is not None
    typed = {
        "version": version[1],
        "status": "seeking",
        "travel": "county",
        "skills": "缝纫、做饭",
        "occupations": "缝纫工",
        "training_wish": "月嫂",
        "wage": "3000",
        "limits": ["heavy_lifting", "night"],
        "needs": ["needs_board"],
        "health-0": "腰不好，在吃药",
    }
    assert linked.send(page, page, **typed).headers["location"] == f"/me/{family.mother}?done=saved"
    person = session.get_one(Person, family.mother)
    assert (person.training_wish, person.wage_floor_fen, person.travel.value) == ("月嫂", 300_000, "county")
    assert (person.limits, person.needs_board, len(person.skills)) == (["heavy_lifting", "night"], True, 2)
    assert "腰不好，在吃药" in linked.see(f"/me/{family.mother}/file")
    # Sent from the same old page again: somebody, here oneself, has changed it meanwhile.
    again = linked.send(page, page, **typed | {"training_wish": "电工"})
    assert again.status_code == 412
    assert "电工" in again.text


def test_mistakes_are_named_and_nothing_is_lost(linked: Phone, family: Family) -> None:
    page = f"/me/{family.mother}/edit"
    typed = {"version": "1", "training_wish": "月嫂", "phone": "139"}
    answer = linked.send(page, page, **typed)
    assert answer.status_code == 422
    assert "手机号" in answer.text
    assert "月嫂" in answer.text
    assert linked.send(page, page, **typed | {"wage": "两千", "phone": ""}).status_code == 422


def test_a_new_phone_ends_what_this_one_may_see(linked: Phone, family: Family) -> None:
    page = f"/me/{family.mother}/edit"
    version = re.search(r'name=version value="(\d+)"', linked.see(page))
    assert version is not None
    answer = linked.send(
        page, page, version=version[1], phone="13900007777", skills="缝纫", occupations="缝纫工"
    )
    assert answer.headers["location"] == "/me/new-phone"
    linked.see("/me/new-phone")
    linked.see(f"/me/{family.mother}", 404)


def test_consents_are_given_and_taken_back_once_each(linked: Phone, family: Family, session: Session) -> None:
    page = f"/me/{family.mother}/consents"
    assert "还没问过你" in linked.see(page)
    for word in ("yes", "yes", "no"):
        linked.send(page, page, purpose="share_with_brokers", word=word)
        given = has_consent(session, family.mother, ConsentPurpose.SHARE_WITH_BROKERS)
        assert given is (word == "yes")
    said = [e.detail for e in session.scalars(select(AuditEntry)) if "share_with_brokers" in e.detail]
    assert len(said) == 2
    # Health goes with the word.
    linked.send(page, page, purpose="health", word="no")
    assert "腰不好" not in linked.see(f"/me/{family.mother}/file")


def test_the_copy_has_everything_but_the_whole_number(linked: Phone, family: Family) -> None:
    page = f"/me/{family.mother}/copy"
    linked.see(page)
    answer = linked.send(page, page)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    assert "王秀兰" in answer.text
    assert "腰不好" in answer.text
    assert MOTHER not in answer.text


def test_erasure_is_asked_for_once_and_can_be_taken_back(
    linked: Phone, family: Family, session: Session, clock: FixedClock
) -> None:
    page = f"/me/{family.mother}/erase"
    assert linked.send(page, page).status_code == 422
    for _ in range(2):
        answer = linked.send(page, page, sure="yes") if "sure" in linked.see(page) else None
    assert answer is None
    asked = session.scalars(select(Confirmation)).one()
    assert (asked.subject_id, asked.asked_by_id) == (family.mother, family.user_id)
    assert "11 月 29 日前" in linked.see(page)
    assert linked.see(f"/me/{family.mother}/file")  # nothing is gone before somebody has looked at it
    assert linked.send(page, f"/me/{family.mother}/keep").headers["location"].endswith("done=kept")
    assert "是我自己，要删除" in linked.see(page)
    clock.move(timedelta(days=1))


def test_signing_out_leaves_nothing(linked: Phone, family: Family) -> None:
    token = linked.client.cookies[SESSION_COOKIE]
    answer = linked.send(f"/me/{family.mother}", "/me/leave")
    assert answer.status_code == 200
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert f'{SESSION_COOKIE}=""' in answer.headers["set-cookie"]
    assert Phone(linked.client, token).client.get(f"/me/{family.mother}").status_code == 303


def test_large_letters_and_the_village_outlive_signing_out(linked: Phone, family: Family) -> None:
    """They say nothing about who held the phone, and go on in the only link the last page has."""
    linked.client.cookies.set("s", "2")
    linked.client.cookies.set("at", VILLAGE)
    answer = linked.send(f"/me/{family.mother}", "/me/leave")
    (onward,) = re.findall(r'href="(/\?[^"]*)"[^>]*>去看活', html.unescape(answer.text))
    linked.client.cookies.clear()
    assert "class=s2" in linked.client.get(onward).text
    assert {"s", "at"} <= set(linked.client.cookies)


ANSWERS = "k=cook&far=county&no=care&no=night"


def test_the_answers_are_kept_only_if_one_wants(linked: Phone, family: Family, session: Session) -> None:
    page = linked.client.get(f"/find/result?at={VILLAGE}&{ANSWERS}").text
    (href,) = re.findall(r'href="(/find/keep[^"]*)"', html.unescape(page))
    assert session.get_one(Person, family.mother).travel is Reach.TOWNSHIP
    shown = linked.see(href)
    for words in ("做饭", "不上夜班", "王秀兰"):
        assert words in shown
    hidden = [pair.split("=") for pair in ANSWERS.split("&")]
    typed = {name: [value for key, value in hidden if key == name] for name, _value in hidden}
    done = linked.send(href, "/find/keep", person_id=family.mother, **typed)
    assert done.headers["location"].partition("&")[0] == f"/me/{family.mother}?done=saved"
    session.expire_all()
    mother = session.get_one(Person, family.mother)
    assert (mother.travel, mother.cares_for_family) == (Reach.COUNTY, True)
    assert set(mother.limits) == {"heavy_lifting", "night"}
    assert len(mother.skills) >= 2
    assert "缝纫" in "".join(label_of_word(code) for code in mother.skills)
    assert linked.send(href, "/find/keep", person_id=family.daughter, **typed).status_code == 404


def test_keeping_asks_for_the_phone_and_for_whose_file(
    client: TestClient, phone: Phone, family: Family
) -> None:
    assert "先认一下" in phone.see(f"/find/keep?{ANSWERS}")
    for number in (MOTHER, DAUGHTER):
        phone.prove(number)
    assert "记到谁的档案里" in phone.see(f"/find/keep?{ANSWERS}")
    client.cookies.clear()
    answer = client.get(f"/find/keep?{ANSWERS}")
    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer.headers["location"]).query)["next"] == [f"/find/keep?{ANSWERS}"]
    assert (
        client.get("/find/keep", headers={"cookie": f"{SESSION_COOKIE}={family.officer}"}).status_code == 303
    )


def test_this_phone_forgets_the_file(linked: Phone, family: Family) -> None:
    home = f"/me/{family.mother}"
    assert linked.send(home, f"{home}/unlink").status_code == 303
    linked.see(home, 404)


def test_a_colleague_is_led_to_the_console(client: TestClient, family: Family) -> None:
    assert Phone(client, family.officer).client.get("/me").headers["location"] == "/staff"


def test_without_the_forms_token_nothing_is_taken(linked: Phone, family: Family) -> None:
    for action in ("/me/add", f"/me/{family.mother}/erase", f"/me/{family.mother}/consents"):
        assert linked.client.post(action, data={"sure": "yes"}).status_code == 403


def test_what_is_sent_to_me_is_my_own_choice(
    linked: Phone, family: Family, session: Session, shared_settings: Settings
) -> None:
    page, cipher = f"/me/{family.mother}/messages", cipher_of(shared_settings)
    assert page in linked.see(f"/me/{family.mother}")
    shown = linked.see(page)
    assert "139****2041" in shown
    assert PHONE not in shown
    assert 'value="all" checked' in shown

    def wanted() -> list[bool]:
        session.expire_all()
        return [not has_opted_out(session, cipher, PHONE, p) for p in (Purpose.CAMPAIGN, Purpose.SERVICE)]

    for choice, expected in (("own", [False, True]), ("none", [False, False]), ("all", [True, True])):
        for _ in range(2):
            answer = linked.send(page, page, choice=choice)
            assert answer.headers["location"] == f"{page}?done=said"
            assert wanted() == expected
        assert f'value="{choice}" checked' in linked.see(page)
    assert linked.send(page, page, choice="whatever").status_code == 422
