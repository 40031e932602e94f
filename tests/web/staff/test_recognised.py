"""The register of recognised places: in the console, on the firm's phone, on the portal."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from tests.databases import RolledBackDatabase
from tests.employers import factories as firms
from tests.recognised_places.conftest import Register
from tests.referrals.situations import Scene
from tests.web.employer.firms import sign_in, with_firm
from tests.web.markup import markup_faults
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village

PLACES = "/staff/places"
FIRM = "耀州红星制衣"


@pytest.fixture
def firm(database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, village: Village) -> int:
    with database.write() as session:
        register = Register(session, clock, cipher, Scene(session, cipher, clock))
        register.worker(("lifted",))
        return register.firm.id


def test_recognise_review_support(desk_of: Any, village: Village, firm: int, clock: FixedClock) -> None:
    county: Desk = desk_of(village.county)
    assert f'href="{PLACES}"' in county.see("/staff")
    assert "还没有认定过的" in county.see(PLACES)
    assert "照名单选" in county.see(f"{PLACES}/new?firm=没有这家")
    shown = county.see(f"{PLACES}/new?firm={FIRM}")
    late = clock.today() - timedelta(days=400)
    typed = {"kind": "workshop", "level": "county", "makes": "校服", "recognised_by": "耀州区人社局"}
    typed |= {"recognised_on": str(clock.today() + timedelta(days=1)), "headquarters_id": ""}
    assert "不能在今天以后" in county.refused(county.send(shown, f"{PLACES}/new", **typed), 422)
    sent = county.send(shown, f"{PLACES}/new", **(typed | {"recognised_on": str(late)}))
    page = county.follow(sent)
    address = sent.headers["location"].split("?")[0]
    assert "年审过了 35 天" in page
    assert "<dt>脱贫户的人</dt><dd>1</dd>" in page
    assert "<dt>在岗</dt><dd>1</dd>" in page
    assert "1 家该年审" in county.see(PLACES)
    review = {"step": "review", "outcome": "withdrawn", "on": str(clock.today()), "note": ""}
    assert "取消认定要写明原因" in county.refused(county.send(page, address, **review), 422)
    page = county.follow(county.send(page, address, **(review | {"outcome": "kept"})))
    assert "合格，在岗 1 人" in page
    support = {"step": "support", "kind_code": "guaranteed_loan", "on": str(clock.today()), "amount": "20万"}
    assert "只写数" in county.refused(county.send(page, address, **support), 422)
    page = county.follow(county.send(page, address, **(support | {"amount": "200,000"})))
    assert "担保贷款 200,000 元" in page
    page = county.follow(
        county.send(page, address, **(typed | {"step": "save", "makes": "童装", "recognised_on": str(late)}))
    )
    assert "童装" in page
    assert county.client.get(f"{PLACES}/export").status_code == 200
    township: Desk = desk_of(village.township)
    below = township.see(address)
    assert "<dt>脱贫户的人</dt><dd>少于 10</dd>" in below
    assert "记一笔扶持" not in below
    assert township.client.get(f"{PLACES}/new").status_code == 403
    stranger: Desk = desk_of(village.stranger)
    assert stranger.client.get(address).status_code == 404


def test_the_firm_learns_how_many_and_nothing_else(
    client: TestClient, session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    register = Register(session, clock, cipher, Scene(session, cipher, clock))
    sign_in(client, with_firm(session, clock, cipher, register.firm))
    assert "还没有认定" in client.get("/employer/recognition").text
    register.place()
    register.worker(("lifted",))
    page = client.get("/employer/recognition").text
    assert markup_faults(page) == []
    assert "核实过的在岗 1 人" in page
    assert "脱贫" not in page


def test_places_near_a_village(
    client: TestClient, session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    register = Register(session, clock, cipher, Scene(session, cipher, clock))
    far = firms.verified_employer(session, clock, "石柱车间", region_code=firms.OTHER_TOWN)
    assert client.get("/workshops").status_code == 303
    address = f"/workshops?at={firms.VILLAGE}"
    assert "还没有认定过的厂" in client.get(address).text
    register.place(far, kind="workshop", makes="布老虎")
    register.place(makes="校服")
    waiting = firms.pending_employer(session, clock, "没核验的厂")
    register.place(waiting)
    register.scene.posting(title="平车工")
    page = client.get(address).text
    assert page.index("校服") < page.index("布老虎")
    assert "平车工" in page
    assert "没核验的厂" not in page
    assert "人在岗" not in page
    assert "/workshops" in client.get(f"/?at={firms.VILLAGE}").text
    assert "布老虎" not in client.get(f"/workshops?at={firms.OTHER_COUNTY}").text
