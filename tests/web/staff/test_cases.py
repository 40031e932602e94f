"""Cases in the office: who sees which, what is done with them, and what the firm reads."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import handling, queries
from app.cases.handling import Hand
from app.cases.models import Case
from app.cases.schemas import AnswerIn
from app.cases.telling import SUBJECT
from app.cases.terms import CaseState
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.http import SESSION_COOKIE
from app.core.settings import Settings
from app.notifications.models import Message
from app.notifications.sealing import open_parameters
from tests.cases.conftest import PHONE, STORY
from tests.employers.factories import VILLAGE, verified_employer
from tests.web.employer.firms import with_firm
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village
from tests.web.test_cases import form_of, say


@pytest.fixture
def cases(client: TestClient, session: Session, village: Village) -> list[Case]:
    say(client)
    say(client, kind="training", story="想学电焊，什么时候有空位")
    return list(session.scalars(select(Case).order_by(Case.id)))


def test_the_county_answers_and_closes(
    desk_of: Any, village: Village, cases: list[Case], client: TestClient, session: Session
) -> None:
    desk: Desk = desk_of(village.county)
    assert "/staff/cases" in desk.see("/staff")
    listed = desk.see("/staff/cases")
    assert "干了活，不给钱" in listed
    assert PHONE not in listed
    address = f"/staff/cases/{cases[0].id}"
    shown = desk.see(address)
    assert STORY in shown
    assert PHONE not in shown
    called = desk.send(shown, f"{address}/phone")
    assert f'href="tel:{PHONE}"' in called.text
    shown = desk.follow(desk.send(shown, address, do="take"))
    said = "问过工地了，下周一给你结。"
    sent = [desk.send(shown, address, do="answer", words=said).headers["location"] for _ in range(3)]
    assert len(set(sent)) == 1
    shown = desk.see(address)
    assert "点一个结果" in desk.refused(desk.send(shown, address, do="close", words="办完了吧"), 422)
    desk.follow(desk.send(shown, address, do="close", words="钱打到卡上了", reason="paid"))
    found = client.post("/cases", data={"number": cases[0].number, "tail": PHONE[-4:]})
    receipt = client.get(found.headers["location"]).text
    assert "钱要回来了" in receipt
    assert said in receipt
    session.expire_all()
    assert cases[0].state is CaseState.CLOSED


def test_the_message_leads_to_this_portal(
    desk_of: Any,
    village: Village,
    cases: list[Case],
    session: Session,
    cipher: FieldCipher,
    shared_settings: Settings,
) -> None:
    desk: Desk = desk_of(village.county)
    address = f"/staff/cases/{cases[0].id}"
    desk.follow(desk.send(desk.see(address), address, do="answer", words="问过工地了，下周一给你结。"))
    message = session.scalars(select(Message).where(Message.subject_kind == SUBJECT)).one()
    site = shared_settings.public_url.partition("://")[2]
    assert open_parameters(message, cipher)["link"] == f"{site}/cases?n={cases[0].number}"


def test_each_sees_their_own_area_only(desk_of: Any, village: Village, cases: list[Case]) -> None:
    wages, training = (f"/staff/cases/{case.id}" for case in cases)
    for actor, seen in ((village.officer, training), (village.township, training)):
        desk = desk_of(actor)
        desk.see(seen)
        desk.see(wages, 404)
    desk_of(village.stranger).see(training, 404)
    assert "由镇里、县里来办" in desk_of(village.officer).see(training)


def test_an_officer_writes_for_somebody(desk_of: Any, village: Village, session: Session) -> None:
    desk: Desk = desk_of(village.officer)
    typed = {"kind": "family", "place": VILLAGE, "story": "老人没人送饭了", "phone": PHONE}
    again = desk.fill("/staff/cases/new", **typed | {"phone": "1"})
    assert "你填了 1 位" in desk.refused(again, 422)
    done = desk.fill("/staff/cases/new", **typed)
    case = session.scalars(select(Case)).one()
    assert case.number[:4] in done.text
    assert case.written_by_id == village.officer.user_id
    assert desk.fill("/staff/cases/new", **typed | {"place": "610204101202"}).status_code == 403


def test_the_county_sets_its_days(desk_of: Any, village: Village) -> None:
    desk: Desk = desk_of(village.county)
    shown = desk.see("/staff/cases/limits")
    sent = desk.send(shown, "/staff/cases/limits", kind="wages", days="2", source="县里的规定")
    assert "县里的规定" in desk.follow(sent)
    refused = desk.send(shown, "/staff/cases/limits", kind="wages", days="0", source="x")
    assert "1 到 60" in desk.refused(refused, 422)
    desk_of(village.township).see("/staff/cases/limits", 403)


def test_the_firm_reads_the_question_and_never_the_phone(
    village: Village,
    cases: list[Case],
    client: TestClient,
    session: Session,
    clock: FixedClock,
    cipher: FieldCipher,
) -> None:
    firm = verified_employer(session, clock, "老街工地建筑队")
    hand = Hand(village.county, cipher, clock, "https://songgang.cn")
    handling.ask_firm(session, hand, cases[0].id, firm.id, AnswerIn(words="有人说欠两个月工钱，是吗？"))
    boss = with_firm(session, clock, cipher, firm)
    client.cookies.set(SESSION_COOKIE, boss.token)
    assert "1 件事人社局在问你" in client.get("/employer").text
    page = client.get("/employer/cases")
    for words in ("欠两个月工钱", "不愿说名字"):
        assert words in page.text
    for secret in (PHONE, STORY[:8]):
        assert secret not in page.text
    form = form_of(page) | {"words": "月底结清"}
    assert client.post("/employer/cases", data=form).status_code == 303
    assert queries.find_firm_question(session, cases[0].id)[1] is not None
    client.cookies.clear()
