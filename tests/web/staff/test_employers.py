"""The queue of firms to verify: county and township, papers at the counter, mandates; without scripts."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.accounts.actor import SYSTEM, Grant
from app.accounts.models import User
from app.accounts.queries import actor_of
from app.accounts.service import grant_role
from app.accounts.terms import Role, UserKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.employers.models import Employer
from app.employers.papers import queries
from app.employers.papers.terms import PaperKind, PaperState
from app.employers.terms import EmployerState
from tests.databases import RolledBackDatabase
from tests.employers import factories as given
from tests.employers.papers_given import photo, sent_paper
from tests.web.staff.conftest import Desk, hidden_in
from tests.web.staff.village import Village


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def firm_id(database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, village: Village) -> int:
    with database.write() as session:
        firm = given.pending_employer(
            session, clock, "惠家家庭农场", kind="family_farm", contact_phone="13900007788"
        )
        proof = {"vouched_by": "村主任王桂兰", "vouched_on": clock.today()}
        sent_paper(session, SYSTEM, firm, clock, cipher, PaperKind.VILLAGE_PROOF, **proof)
        return firm.id


@pytest.fixture
def county(desk_of: Any, village: Village) -> Desk:
    found: Desk = desk_of(village.county)
    return found


def state_of(database: RolledBackDatabase, firm_id: int) -> tuple[EmployerState, list[PaperState]]:
    with database.read() as session:
        papers = [paper.state for paper in queries.list_papers(session, firm_id)]
        return session.get_one(Employer, firm_id).state, papers


def test_the_county_looks_and_verifies(county: Desk, database: RolledBackDatabase, firm_id: int) -> None:
    page = county.see(f"/staff/employers?firm={firm_id}")
    assert "村主任王桂兰证明的" in page
    assert "13900007788" in page
    with database.read() as session:
        paper = queries.list_papers(session, firm_id)[0]
    shown = county.client.get(f"/staff/employers/papers/{paper.id}/photo")
    assert shown.headers["content-type"] == "image/jpeg"
    answer = county.client.post(
        f"/staff/employers/{firm_id}", data=hidden_in(page) | {"seen": paper.id, "action": "verify"}
    )
    assert answer.status_code == 303
    assert state_of(database, firm_id) == (EmployerState.VERIFIED, [PaperState.ACCEPTED])


def test_without_papers_the_county_writes_what_it_saw(
    county: Desk, database: RolledBackDatabase, clock: FixedClock, village: Village
) -> None:
    with database.write() as session:
        firm_id = given.pending_employer(session, clock).id
    page = county.see(f"/staff/employers?firm={firm_id}")
    form = hidden_in(page) | {"action": "verify"}
    refused = county.client.post(f"/staff/employers/{firm_id}", data=form)
    assert refused.status_code == 422
    assert "还缺营业执照" in refused.text
    done = county.client.post(f"/staff/employers/{firm_id}", data=form | {"reason": "看了执照原件"})
    assert done.status_code == 303
    assert state_of(database, firm_id) == (EmployerState.VERIFIED, [])


def test_sent_back_with_a_reason(county: Desk, database: RolledBackDatabase, firm_id: int) -> None:
    page = county.see(f"/staff/employers?firm={firm_id}")
    with database.read() as session:
        seen = [paper.id for paper in queries.list_papers(session, firm_id)]
    form = hidden_in(page) | {"action": "back", "seen": seen}
    assert county.client.post(f"/staff/employers/{firm_id}", data=form).status_code == 422
    assert state_of(database, firm_id) == (EmployerState.PENDING, [PaperState.WAITING])
    done = county.client.post(f"/staff/employers/{firm_id}", data=form | {"reason": "章看不清"})
    assert done.status_code == 303
    assert state_of(database, firm_id) == (EmployerState.REJECTED, [PaperState.SENT_BACK])


def test_the_township_looks_at_papers_only(
    desk_of: Any, village: Village, database: RolledBackDatabase, firm_id: int
) -> None:
    township: Desk = desk_of(village.township)
    page = township.see(f"/staff/employers?firm={firm_id}")
    assert "核验通过（A）" not in page
    with database.read() as session:
        seen = [paper.id for paper in queries.list_papers(session, firm_id)]
    form = hidden_in(page) | {"seen": seen}
    refused = township.client.post(f"/staff/employers/{firm_id}", data=form | {"action": "verify"})
    assert refused.status_code == 403
    assert state_of(database, firm_id) == (EmployerState.PENDING, [PaperState.WAITING])
    done = township.client.post(f"/staff/employers/{firm_id}", data=form | {"action": "accept"})
    assert done.status_code == 303
    assert state_of(database, firm_id) == (EmployerState.PENDING, [PaperState.ACCEPTED])


def test_a_firm_is_registered_at_the_counter_and_another_looks(
    county: Desk, database: RolledBackDatabase
) -> None:
    page = county.see("/staff/employers/new")
    typed = {
        "name": "塬上羊场",
        "kind": "family_farm",
        "place": given.TOWN,
        "contact_name": "老惠",
        "contact_phone": "13900007799",
    }
    wrong = county.client.post("/staff/employers/new", data=hidden_in(page) | typed | {"kind": "enterprise"})
    assert wrong.status_code == 422
    assert "统一社会信用代码" in wrong.text
    done = county.client.post("/staff/employers/new", data=hidden_in(page) | typed)
    assert done.status_code == 303
    address = done.headers["location"].split("&")[0]
    firm_id = int(address.split("=")[1])
    page = county.see(address)
    sent = county.client.post(
        f"/staff/employers/{firm_id}/papers",
        data=hidden_in(page) | {"kind": "licence"},
        files={"photo": ("a.jpg", photo(), "image/jpeg")},
    )
    assert sent.status_code == 303
    page = county.see(address)
    assert "要请另一位同事看" in page
    with database.read() as session:
        seen = [paper.id for paper in queries.list_papers(session, firm_id)]
    form = hidden_in(page) | {"action": "verify", "seen": seen}
    assert county.client.post(f"/staff/employers/{firm_id}", data=form).status_code == 403
    assert state_of(database, firm_id) == (EmployerState.PENDING, [PaperState.WAITING])


def test_who_has_no_business_here(desk_of: Any, village: Village, client: TestClient, firm_id: int) -> None:
    officer: Desk = desk_of(village.officer)
    assert officer.client.get("/staff/employers").status_code == 403
    assert officer.client.post(f"/staff/employers/{firm_id}", data={}).status_code in (403, 404, 422)


def test_a_broker_asks_to_act_for_a_firm(
    desk_of: Any, village: Village, database: RolledBackDatabase, clock: FixedClock
) -> None:
    with database.write() as session:
        given.verified_employer(session, clock, "小丘针织社区工厂", kind="community_factory")
        user = User(kind=UserKind.STAFF, username="laochen", display_name="老陈", created_at=clock.now())
        session.add(user)
        session.flush()
        grant_role(session, clock, SYSTEM, user.id, Grant(Role.BROKER, given.COUNTY))
        actor = actor_of(session, user, clock.now())
    broker: Desk = desk_of(actor)
    page = broker.see("/staff/mandates")
    typed = {"client": "没有这家", "until_on": str(clock.today())}
    sent = {"photo": ("a.jpg", photo(), "image/jpeg")}
    wrong = broker.client.post("/staff/mandates", data=hidden_in(page) | typed, files=sent)
    assert wrong.status_code == 422
    assert "没找到这家单位" in wrong.text
    typed["client"] = "小丘针织社区工厂"
    assert broker.client.post("/staff/mandates", data=hidden_in(page) | typed, files=sent).status_code == 303
    assert "等点头" in broker.see("/staff/mandates")
    county: Desk = desk_of(village.county)
    assert "劳务经纪人老陈 想替 小丘针织社区工厂 招人" in county.see("/staff/employers")
