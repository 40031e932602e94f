"""What the person has the last word on: consents, a request to be erased, and the county's holds."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.matching.candidates import list_candidates
from app.seekers.models import Person
from app.seekers.privacy import consents
from app.seekers.privacy.models import LegalHold
from app.seekers.privacy.terms import ConsentPurpose
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.village import Village

NAME = "赵改霞"


@pytest.fixture
def town(desk_of: Any, village: Village, tmp_path: Path) -> Desk:
    found: Desk = desk_of(village.township)
    app = found.client.app
    assert isinstance(app, FastAPI)
    # The list of erased people of this test alone.
    app.state.settings = app.state.settings.model_copy(update={"var_dir": tmp_path})
    return found


def page_of(village: Village, part: str = "") -> str:
    return f"/staff/people/{village.wife}{part}"


def say(desk: Desk, village: Village, **told: str) -> Any:
    path = page_of(village, "/consents")
    form = {"purpose": "messages", "given": "1", "method": "phone", "told_by": ""} | told
    return desk.send(desk.see(path), path, **form)


def test_consents_are_shown_written_down_and_taken_back(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    html = desk.see(page_of(village))
    assert "没说不行，可以办" in html
    assert "还没问，先问了再办" in html
    html = desk.follow(say(desk, village, purpose="share_with_brokers", method="paper", told_by="女儿"))
    assert "11 月 22 日同意，签了纸，女儿说的，wangguilan记" in html
    with database.read() as session:
        assert consents.is_allowed(session, village.wife, ConsentPurpose.SHARE_WITH_BROKERS)
    html = desk.follow(say(desk, village, purpose="share_with_brokers", given="0"))
    assert "不同意，电话里说的" in html
    assert "说过的话，2 条" in html
    with database.read() as session:
        assert not consents.is_allowed(session, village.wife, ConsentPurpose.SHARE_WITH_BROKERS)
    assert "不同意" in desk.see(page_of(village))


@pytest.mark.parametrize("told", [{"method": "self"}, {"method": ""}, {"given": ""}, {"purpose": "all"}])
def test_a_consent_nobody_could_have_given_so_is_refused(
    desk: Desk, village: Village, told: dict[str, str]
) -> None:
    desk.refused(say(desk, village, **told), 422)
    assert "还没有记过" in desk.see(page_of(village, "/consents"))


def test_a_no_on_the_page_takes_the_person_out_of_the_candidates(
    desk: Desk, village: Village, database: RolledBackDatabase, clock: FixedClock
) -> None:
    def candidates() -> list[int | None]:
        with database.read() as session:
            return [one.id for one, _ in list_candidates(session, village.officer, clock.today())]

    assert candidates() == [village.wife]
    say(desk, village, purpose="ledger", given="0")
    assert candidates() == []


def test_other_places_and_readers_only(desk_of: Any, village: Village) -> None:
    stranger = desk_of(village.stranger)
    shown = stranger.see("/staff")
    for part in ("/consents", "/erasure", "/holds"):
        assert stranger.client.get(page_of(village, part)).status_code == 404
        assert stranger.send(
            shown, page_of(village, part), method="phone", reason="本人要求删"
        ).status_code in (
            404,
            422,
        )
    assert (
        stranger.send(
            shown, page_of(village, "/consents"), purpose="messages", given="1", method="phone"
        ).status_code
        == 404
    )
    officer = desk_of(village.officer)
    assert officer.client.get(page_of(village, "/holds")).status_code == 403
    assert officer.client.get("/staff/holds").status_code == 403


def test_erasing_takes_a_second_colleague(
    town: Desk, desk_of: Any, village: Village, database: RolledBackDatabase
) -> None:
    officer = desk_of(village.officer)
    path = page_of(village, "/erasure")
    short = officer.refused(officer.send(officer.see(path), path, method="phone", reason="删"), 422)
    assert "最少 4 个字" in short
    html = officer.follow(officer.send(officer.see(path), path, method="phone", reason="本人电话里要求删"))
    assert "等另一位同事核对" in html
    own = re.findall(r"/staff/confirmations/(\d+)/withdraw", officer.see("/staff/confirmations"))[0]
    shown = officer.see("/staff")
    assert "件事等您点头" not in shown
    assert officer.send(shown, f"/staff/confirmations/{own}/approve").status_code == 403
    stranger = desk_of(village.stranger)
    assert stranger.send(stranger.see("/staff"), f"/staff/confirmations/{own}/approve").status_code == 404
    assert "有 1 件事等您点头" in town.see("/staff")
    waiting = town.see("/staff/confirmations")
    assert f"删除{NAME}的资料" in waiting
    assert "本人电话里要求删" in waiting
    html = town.follow(town.send(waiting, f"/staff/confirmations/{own}/approve"))
    assert "删了" in html
    assert officer.client.get(page_of(village)).status_code == 404
    with database.read() as session:
        assert session.get_one(Person, village.wife).name != NAME
    assert NAME not in officer.see("/staff/confirmations")


def test_the_county_keeps_a_record_and_lets_it_go(
    town: Desk, desk_of: Any, village: Village, database: RolledBackDatabase, cipher: FieldCipher
) -> None:
    county = desk_of(village.county)
    path = page_of(village, "/holds")
    shown = county.see(path)
    assert county.send(shown, path, why="", until="").status_code == 422
    assert county.send(shown, path, why="case_open", until="去年").status_code == 422
    html = county.follow(county.send(shown, path, why="case_open", until=""))
    assert "留到解除为止" in html
    officer = desk_of(village.officer)
    officer.send(officer.see("/staff"), page_of(village, "/erasure"), method="paper", reason="本人写了申请")
    waiting = town.see("/staff/confirmations")
    number = re.findall(r"/staff/confirmations/(\d+)/approve", waiting)[0]
    town.follow(town.send(waiting, f"/staff/confirmations/{number}/approve"))
    html = county.see("/staff/holds")
    assert "封存的一份档案" in html
    assert NAME not in html
    lift = re.findall(r'action="(/staff/holds/\d+/lift)"', html)[0]
    assert "为什么解除" in county.refused(county.send(html, lift, reason="办完"), 422)
    assert (
        officer.send(officer.see("/staff"), lift, person=village.wife, reason="仲裁办完了").status_code == 404
    )
    assert "解除了" in county.follow(county.send(html, lift, reason="仲裁办完了"))
    with database.read() as session:
        (hold,) = session.query(LegalHold).all()
    assert hold.lifted_by_id == village.county.user_id
