"""The weekly session and the day's draft as an officer sees them: no scripts, names masked, sent once."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.referrals.models import Referral
from app.referrals.recommending.models import Recommendation
from app.referrals.recommending.running import draft_here
from app.referrals.sessions.models import MatchingSession, SessionPair
from app.referrals.sessions.terms import PairKind, SessionState
from app.seekers.models import Person
from app.seekers.terms import SeekerStatus
from tests.accounts.situations import VILLAGE
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk, hidden_in
from tests.web.staff.officer_scene import Scene
from tests.web.staff.village import Village

HOME = "/staff/fridays"


@pytest.fixture
def scene(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, village: Village
) -> Iterator[Scene]:
    with database.write() as session:
        yield Scene(session, cipher, clock, village)
        session.flush()


@pytest.fixture
def town_desk(desk_of: Any, village: Village) -> Desk:
    """The township's colleague."""
    found: Desk = desk_of(village.township)
    return found


def held(desk: Desk, scene: Scene) -> tuple[str, MatchingSession]:
    """A session with three people and a posting of two places, paired and opened."""
    for _ in range(3):
        scene.neighbour()
    scene.posting(openings=2)
    scene.session.flush()
    answer = desk.fill(HOME, region_code=VILLAGE[:9], held_on=str(scene.clock.today()))
    roster = desk.follow(answer)
    address = answer.headers["location"].removesuffix("/roster")
    desk.follow(desk.send(roster, f"{address}/people", person="0"))
    desk.follow(desk.send(roster, f"{address}/jobs", job="0", source="人社局"))
    for path, typed in (("propose", {"oversend": "100"}), ("state", {"state": "running"})):
        desk.follow(
            desk.send(desk.see(address), f"{address}/{path}", version=version(desk, address), **typed)
        )
    row = scene.session.scalars(select(MatchingSession)).one()
    return address, row


def version(desk: Desk, address: str) -> str:
    return re.findall(r'name=version value="(\d+)"', desk.see(address))[0]


def test_a_session_from_the_first_tap_to_the_report(town_desk: Desk, scene: Scene) -> None:
    address, row = held(town_desk, scene)
    screen = town_desk.see(address)
    assert "还要 2 人" in screen
    assert "人社局带来" in screen
    pairs = scene.session.scalars(select(SessionPair)).all()
    assert len(pairs) == 2
    form = hidden_in(screen) | {"version": str(row.version)}
    for _ in range(2):
        answer = town_desk.client.post(address, data=form)
        assert answer.status_code == 303, answer.text[:300]
    assert scene.session.query(Referral).count() == 2, "a double tap sends once"
    assert "发出去 2 条了" in town_desk.see(address)
    town_desk.follow(
        town_desk.send(screen, f"{address}/state", version=version(town_desk, address), state="closed")
    )
    scene.session.expire_all()
    assert row.state is SessionState.CLOSED
    assert "散会了：发出去 2 条" in town_desk.see(address)
    assert town_desk.send(screen, f"{address}/propose", version="9").status_code == 409


def test_names_are_masked_until_the_switch_on_every_page_of_the_meeting(
    town_desk: Desk, scene: Scene
) -> None:
    address, _ = held(town_desk, scene)
    person = scene.session.scalars(select(SessionPair)).first()
    assert person is not None
    pages = (address, f"{address}/roster", f"{address}/paper", f"{address}/people/{person.person_id}")
    for page in pages:
        html = town_desk.client.get(page).text
        assert not re.search(r"[张王李赵陈刘杨]巧", html), page
        assert re.search(r"[张王李赵陈刘杨]巧", town_desk.client.get(f"{page}?names=1").text), page


def test_the_meeting_sets_and_rules_out_and_who_was_slower_is_told(town_desk: Desk, scene: Scene) -> None:
    address, row = held(town_desk, scene)
    screen = town_desk.see(address)
    pair = scene.session.scalars(select(SessionPair)).first()
    assert pair is not None
    seen = str(row.version)
    typed = {"version": seen, "person": str(pair.person_id), "job": str(pair.job_id)}
    town_desk.follow(town_desk.send(screen, f"{address}/pairs", **typed, kind="pinned"))
    scene.session.expire_all()
    assert pair.kind is PairKind.PINNED
    late = town_desk.send(screen, f"{address}/pairs", **typed, kind="forbidden")
    assert late.status_code == 412
    assert "会上刚刚有人改过" in late.text
    scene.session.expire_all()
    assert pair.kind is PairKind.PINNED, "nothing happened"


def test_a_village_officer_finds_the_meeting_brings_people_and_sends_nothing_by_hand(
    desk: Desk, town_desk: Desk, scene: Scene
) -> None:
    address, _ = held(town_desk, scene)
    html = desk.see(HOME)
    assert address in html
    assert "定一场" not in html
    assert "重新排" not in desk.see(address)
    assert "把我这儿等活的都带来" in desk.see(f"{address}/roster")
    assert desk.client.get(f"{HOME}/999999").status_code == 404


def test_links_lead_there(town_desk: Desk, scene: Scene) -> None:
    html = town_desk.see("/staff")
    assert HOME in html
    assert "/staff/recommendations" in html


# ---------------------------------------------------------------- the day's draft
def draft(scene: Scene) -> list[Recommendation]:
    for _ in range(2):
        scene.neighbour()
    scene.posting(openings=1)
    scene.posting(openings=1, title="锁边工")
    scene.session.flush()
    draft_here(scene.session, VILLAGE, scene.clock)
    return list(scene.session.scalars(select(Recommendation).order_by(Recommendation.id)))


def test_the_draft_is_looked_over_and_sent_in_one_act(desk: Desk, scene: Scene) -> None:
    rows = draft(scene)
    page = "/staff/recommendations"
    html = desk.see(page)
    assert html.count("name=pick") == len(rows) == 2
    form = hidden_in(html) | {"pick": [str(row.id) for row in rows]}
    for _ in range(2):
        assert desk.client.post(page, data=form).headers["location"] == f"{page}?done=sent_out"
    assert scene.session.query(Referral).count() == 2, "a double tap sends once"
    assert "没有拟推的" in desk.see(page)
    assert desk.client.post(page, data=hidden_in(desk.see(page))).status_code == 422


def test_one_that_does_not_fit_is_taken_out_with_a_reason_and_stays_out(desk: Desk, scene: Scene) -> None:
    row = draft(scene)[0]
    page = "/staff/recommendations"
    html = desk.see(page)
    assert desk.send(html, f"{page}/{row.id}/reject").status_code == 422
    for done in ("not_this", "again"):
        answer = desk.send(html, f"{page}/{row.id}/reject", why="家里走不开", more="婆婆病了")
        assert answer.headers["location"] == f"{page}?done={done}"
    scene.session.expire_all()
    assert row.rejected_why == "家里走不开，婆婆病了"
    draft_here(scene.session, VILLAGE, scene.clock)
    again = scene.session.scalars(select(Recommendation).where(Recommendation.settled_at.is_(None)))
    assert (row.person_id, row.job_id) not in {(each.person_id, each.job_id) for each in again}


def test_what_cannot_go_out_says_why_and_stays_in_the_draft(desk: Desk, scene: Scene) -> None:
    row = draft(scene)[0]
    page = "/staff/recommendations"
    html = desk.see(page)
    scene.session.get_one(Person, row.person_id).closed_at = scene.clock.now()
    scene.session.flush()
    answer = desk.client.post(page, data=hidden_in(html) | {"pick": [str(row.id)]})
    assert answer.headers["location"] == f"{page}?done=none_out"
    assert scene.session.query(Referral).count() == 0


def test_the_colleague_may_have_it_worked_out_now(desk: Desk, scene: Scene) -> None:
    person = scene.neighbour()
    scene.posting()
    scene.session.flush()
    page = "/staff/recommendations"
    html = desk.see(page)
    assert "现在给" in html
    run = hidden_in(html[html.rindex("<form class=mt") :])
    answer = desk.client.post(page, data=run | {"act": "run"})
    assert "排好了" in desk.follow(answer)
    assert person.id in set(scene.session.scalars(select(Recommendation.person_id)))


def test_who_was_left_out_stands_below_with_the_way_to_what_nearly_fits(desk: Desk, scene: Scene) -> None:
    person = scene.neighbour(wage_floor_fen=99_000_00)
    scene.posting()
    scene.session.flush()
    draft_here(scene.session, VILLAGE, scene.clock)
    html = desk.see("/staff/recommendations")
    assert "还有 1 个人没排上" in html
    assert "1 人：眼下没有合适、还要人的岗位" in html
    assert f'href="/staff/people/{person.id}/push"' in html
    person.status = SeekerStatus.NOT_SEEKING
    scene.session.flush()
    assert "没排上" not in desk.see("/staff/recommendations")
