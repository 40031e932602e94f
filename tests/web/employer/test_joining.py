"""Registering a firm by phone: what it takes, twice, mistakes, and who does not come back."""

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.employers import service
from app.employers.membership import KINDS_WITH_CODE
from app.employers.models import Employer
from app.employers.rules import credit_check_sign
from app.employers.terms import EmployerAction, EmployerKind, EmployerState
from tests.employers.factories import TOWN, county_officer, plant_regions, verified_employer
from tests.web.employer.firms import BOSS_PHONE, Boss, boss, hidden, session_given, sign_in, use_session
from tests.web.markup import markup_faults

CODE17 = "91610204MA6X00001"
CODE = CODE17 + credit_check_sign(CODE17)


@pytest.fixture
def newcomer(session: Session, clock: FixedClock, cipher: FieldCipher, client: TestClient) -> Boss:
    plant_regions(session)
    who = boss(session, clock, cipher)
    sign_in(client, who)
    return who


def fill_in(client: TestClient, form: dict[str, str] | None = None, **changes: str) -> Response:
    page = client.get(f"/employer?at={TOWN}")
    assert page.status_code == 200
    assert markup_faults(page.text) == []
    form = form or hidden(page, "/employer/join")
    typed = {
        "name": "石柱缝纫厂",
        "kind": "community_factory",
        "place": "董家河镇",
        "region_code": TOWN,
        "contact_name": "陈厂长",
        "contact_phone": "13900007788",
    }
    return client.post("/employer/join", data=form | typed | changes)


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Employer)) or 0


def test_a_workshop_registers(client: TestClient, session: Session, newcomer: Boss) -> None:
    assert BOSS_PHONE in client.get("/employer").text, "their own number stands in the form"
    answer = fill_in(client)
    assert answer.status_code == 303, answer.text[-900:]
    firm = session.scalars(select(Employer)).one()
    assert firm.state is EmployerState.PENDING
    assert firm.registered_by_id == newcomer.user_id
    token = session_given(answer)
    assert token != newcomer.token, "a new role, a new session"
    use_session(client, token)
    home = client.get(answer.headers["location"])
    assert "登记好了" in home.text
    assert "人社局还没看你的登记" in home.text
    assert markup_faults(home.text) == []


def test_twice_is_one_firm(client: TestClient, session: Session, newcomer: Boss) -> None:
    page = client.get(f"/employer?at={TOWN}")
    form = hidden(page, "/employer/join")
    assert fill_in(client, form).status_code == 303
    # The second tap left before the first one's cookie came: that session has ended.
    use_session(client, newcomer.token)
    again = client.post("/employer/join", data=form | {"name": "石柱缝纫厂"})
    assert again.status_code == 401
    assert count(session) == 1


def test_an_enterprise_needs_its_code(client: TestClient, session: Session, newcomer: Boss) -> None:
    without = fill_in(client, kind="enterprise")
    assert without.status_code == 422
    assert "要填统一社会信用代码" in without.text
    assert "陈厂长" in without.text, "what was typed stays"
    wrong = fill_in(client, kind="enterprise", credit_code=CODE[:-1] + ("0" if CODE[-1] != "0" else "1"))
    assert wrong.status_code == 422
    assert "请照营业执照上的 18 位重新填" in wrong.text
    assert markup_faults(wrong.text) == []
    assert count(session) == 0
    assert fill_in(client, kind="enterprise", credit_code=CODE).status_code == 303


@pytest.mark.parametrize("kind", list(EmployerKind))
def test_every_kind_registers_and_posts(
    client: TestClient, session: Session, newcomer: Boss, kind: EmployerKind
) -> None:
    needs_code = kind in KINDS_WITH_CODE
    answer = fill_in(client, kind=kind.value, credit_code=CODE if needs_code else "")
    assert answer.status_code == 303, answer.text[-600:]
    use_session(client, session_given(answer))
    typed = {"title": "保洁员", "openings": "2", "low": "2600", "high": "3000", "unit": "month"}
    typed |= {"shift": "day", "profile": "long", "region_code": TOWN, "education": "none", "step": "show"}
    form = hidden(client.get("/employer/post"), "/employer/post")
    shown = client.post("/employer/post", data=form | typed)
    sent = client.post("/employer/post", data=hidden(shown, "/employer/post") | {"step": "send"})
    assert sent.status_code == 303
    page = client.get(sent.headers["location"])
    assert "等人看" in page.text
    assert "交上去了" in page.text


def test_what_is_missing_is_named(client: TestClient, session: Session, newcomer: Boss) -> None:
    page = fill_in(client, name="", kind="", contact_name="", place="没有这地方", region_code="")
    assert page.status_code == 422
    for words in ("写上单位的名字", "点一下是哪一种", "写上找谁", "没找到这个地方"):
        assert words in page.text
    assert count(session) == 0


def bar(session: Session, clock: FixedClock, firm: Employer) -> None:
    service.act_on_employer(session, county_officer(), firm.id, EmployerAction.BAR, clock, reason="收押金")


@pytest.mark.parametrize("known_by", ["code", "contact phone", "account's phone", "account", "name"])
def test_a_barred_firm_does_not_come_back(
    client: TestClient,
    session: Session,
    clock: FixedClock,
    newcomer: Boss,
    known_by: str,
) -> None:
    given = {
        "code": {"credit_code": CODE},
        "contact phone": {"contact_phone": "13900007788"},
        "account's phone": {"contact_phone": BOSS_PHONE},
    }.get(known_by, {})
    firm = verified_employer(session, clock, "石柱缝纫厂" if known_by == "name" else "黑心厂", **given)
    if known_by == "account":
        firm.registered_by_id = newcomer.user_id
    bar(session, clock, firm)
    typed = {"credit_code": CODE} if known_by == "code" else {}
    if known_by != "contact phone":
        typed["contact_phone"] = "13900009999"
    answer = fill_in(client, **typed)
    assert answer.status_code == 403
    assert "不能在这里招人" in answer.text
    assert count(session) == 1
