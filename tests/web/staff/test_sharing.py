"""Lending workers from one firm to another in the console, without scripts."""

from typing import Any

import pytest

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from tests.databases import RolledBackDatabase
from tests.employers import factories as firms
from tests.labour_sharing.conftest import Sharing
from tests.referrals.situations import Scene
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village

SHARING = "/staff/sharing"


@pytest.fixture
def offer(database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, village: Village) -> int:
    """A quiet firm with somebody at work, a busy one; the quiet one's notice."""
    with database.write() as session:
        scene = Scene(session, cipher, clock)
        host = firms.verified_employer(session, clock, "耀州忙得很服饰", region_code=firms.OTHER_TOWN)
        sharing = Sharing(session, clock, cipher, scene, host, firms.county_officer(user_id=9))
        sharing.worker()
        sharing.notice(host, "need", headcount=2)
        return sharing.notice(sharing.home, "offer").id


def test_from_the_notice_to_the_return(desk_of: Any, village: Village, offer: int, clock: FixedClock) -> None:
    county: Desk = desk_of(village.county)
    assert f'href="{SHARING}"' in county.see("/staff")
    assert "耀州忙得很服饰" in county.see(SHARING)
    found = county.see(f"{SHARING}/notices/{offer}")
    assert "对得上的 1 家" in found
    form = found.split('href="/staff/sharing/new?')[1].split('"')[0].replace("&amp;", "&")
    shown = county.see(f"{SHARING}/new?{form}")
    typed = {"title": "缝纫工", "headcount": "1", "wage": "三千", "note": ""}
    typed |= {"starts_on": str(clock.today()), "ends_on": "2026-12-20"}
    refused = county.refused(county.send(shown, f"{SHARING}/new", **typed), 422)
    assert "只写数" in refused
    assert "先念一遍再勾" in refused
    sent = county.send(shown, f"{SHARING}/new", **(typed | {"wage": "3500", "terms_read": "1"}))
    page = county.follow(sent)
    address = sent.headers["location"].split("?")[0]
    assert "两家都点了头，才能提人的名" in page
    for side in ("offer", "need"):
        page = county.follow(county.send(page, address, step="agree", side=side, said_by="paper"))
    assert "两家说定了" in page
    spell = page.split("<select name=spell_id>")[1].split('value="')[1].split('"')[0]
    page = county.follow(county.send(page, address, step="name", spell_id=spell))
    stay = page.split("name=stay_id value=")[1].strip('"').split('"')[0]
    held = county.send(page, address, step="move", stay_id=stay, on=str(clock.today()))
    assert "本人还没点头" in county.refused(held, 409)
    page = county.follow(county.send(page, address, step="consent", stay_id=stay, said_by="phone"))
    assert "本人同意（电话里说的）" in page
    page = county.follow(county.send(page, address, step="move", stay_id=stay, said_by="", on=""))
    assert "12 月 20 日前回" in county.see(SHARING)
    page = county.follow(county.send(page, address, step="bring_back", stay_id=stay, on=""))
    assert "一周后问一问" in page
    answer = {"outcome": "in_post", "said_by": "phone", "leave_reason": ""}
    page = county.follow(county.send(page, address, step="check", stay_id=stay, **answer))
    assert "问过了" in page


def test_whose_business_it_is_not(desk_of: Any, village: Village, offer: int) -> None:
    stranger: Desk = desk_of(village.stranger)
    assert "借出去 0 人" in stranger.see(SHARING)
    assert stranger.client.get(f"{SHARING}/notices/{offer}").status_code == 404
    assert stranger.client.get(f"{SHARING}/notices/new").status_code == 403


def test_an_officer_speaks_for_a_firm(desk_of: Any, village: Village, offer: int, clock: FixedClock) -> None:
    county: Desk = desk_of(village.county)
    shown = county.see(f"{SHARING}/notices/new?firm=耀州忙得很服饰")
    typed = {"side": "need", "title": "熨烫工", "headcount": "5", "from_on": str(clock.today())}
    typed |= {"until_on": "2027-01-31", "note": "每人先交押金200元"}
    address = f"{SHARING}/notices/new"
    assert "不许收本人的钱" in county.refused(county.send(shown, address, **typed), 422)
    page = county.follow(county.send(shown, address, **(typed | {"note": ""})))
    assert "熨烫工" in page
    closed = county.send(page, page.split('method=post action="')[1].split('"')[0])
    assert "熨烫工" not in county.follow(closed)
