"""The officer's day on the phone: the list, the push, the referral, the check, the wish, the paper."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.http import SESSION_COOKIE
from app.referrals.models import Referral
from app.referrals.spells.models import CallBack, EmploymentAnswer, FollowUpCheck
from app.referrals.terms import CheckOutcome, ReferralState
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.terms import WishState
from app.seekers.sealing import open_phone
from tests.accounts.situations import staff_member
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk
from tests.web.staff.officer_scene import PHONE, Scene
from tests.web.staff.village import Village, open_session


@pytest.fixture
def scene(
    database: RolledBackDatabase, clock: FixedClock, cipher: FieldCipher, village: Village
) -> Iterator[Scene]:
    with database.write() as session:
        yield Scene(session, cipher, clock, village)
        session.flush()


def wait(desk: Desk, scene: Scene, days: float) -> None:
    """Time goes by, and the officer signs in again."""
    scene.clock.move(timedelta(days=days))
    scene.session.expire_all()
    token = open_session(scene.session, scene.clock, scene.village.officer)
    scene.session.flush()
    desk.client.cookies.clear()
    desk.client.cookies.set(SESSION_COOKIE, token)


def tick(html: str) -> list[str]:
    """The people ticked on a push page."""
    return re.findall(r'name=person value="(\d+)" checked', html)


def test_everything_due_stands_in_one_list_in_the_order_it_is_due(
    desk: Desk, scene: Scene, clock: FixedClock
) -> None:
    job = scene.posting()
    worker, asked, shy = scene.neighbour(), scene.neighbour(), scene.neighbour()
    scene.at_work(worker, job)
    wait(desk, scene, 3)
    scene.push(asked, job)
    hired = scene.hired(shy, job)
    scene.act(hired, "no_show")
    wait(desk, scene, 4)
    scene.wish(job)
    html = desk.see("/staff/today")
    for words in (worker.name, asked.name, shy.name, "赵改霞", "等回话", "上班第 7 天", "没到场", "过了"):
        assert words in html, words
    assert f'href="tel:{open_phone(asked, scene.cipher)}"' in html
    assert "13900002041" not in html, "the number of a wish is asked for on its own page"
    places = [html.index(name) for name in (shy.name, worker.name)]
    assert places == sorted(places), "what was due days ago stands above what is due today"
    only = desk.see("/staff/today?only=check_due")
    assert worker.name in only
    assert asked.name not in only
    assert "这一类 1 件" in only


def test_nothing_due_is_said_kindly(desk: Desk) -> None:
    html = desk.see("/staff/today")
    assert "歇一歇" in html
    assert "/staff/jobs" in html


def test_the_list_takes_as_many_statements_however_long_it_is(
    desk: Desk, scene: Scene, clock: FixedClock, database: RolledBackDatabase
) -> None:
    job = scene.posting(openings=50)
    for _ in range(2):
        scene.at_work(scene.neighbour(), job)
    wait(desk, scene, 8)
    counted: list[int] = []
    for _ in range(2):
        statements: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any, into: list[str] = statements) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE")):
                into.append(statement)

        engine = scene.session.get_bind().engine
        event.listen(engine, "before_cursor_execute", note)
        desk.see("/staff/today")
        event.remove(engine, "before_cursor_execute", note)
        counted.append(len(statements))
        for _ in range(6):
            scene.push(scene.neighbour(), job)
            scene.wish(job, name=f"王{'甲乙丙丁戊己'[_]}", phone=f"1380000661{_}")
        wait(desk, scene, 5)
    assert counted[0] <= 20
    assert counted[1] <= counted[0] + 1, "one more for the wishes' village names at most"


def test_who_is_called_back_is_done_once(desk: Desk, scene: Scene) -> None:
    hired = scene.hired(scene.neighbour(), scene.posting())
    scene.act(hired, "no_show")
    html = desk.see("/staff/today")
    (address,) = re.findall(r"/staff/today/call-backs/\d+", html)
    assert "办完了" in desk.follow(desk.send(html, address, note="车坏了，明天去"))
    assert "刚才那次已经记上了" in desk.follow(desk.send(html, address))
    assert scene.session.query(CallBack).one().note == "车坏了，明天去"


def test_a_posting_goes_to_the_five_who_fit_in_one_tap(desk: Desk, scene: Scene) -> None:
    job = scene.posting()
    people = [scene.neighbour() for _ in range(7)]
    assert job.title in desk.see("/staff/jobs")
    html = desk.see(f"/staff/jobs/{job.id}/push")
    ticked = tick(html)
    assert len(ticked) == 5
    fitting = set(re.findall(r'name=person value="(\d+)"', html))
    assert fitting >= {str(person.id) for person in people}
    answer = desk.send(html, f"/staff/jobs/{job.id}/push", person=ticked)
    shown = desk.follow(answer)
    assert "送给了 5 个人" in shown
    again = desk.send(html, f"/staff/jobs/{job.id}/push", person=ticked)
    assert "没有重复送" in desk.follow(again)
    assert scene.session.query(Referral).count() == 5
    later = desk.see(f"/staff/jobs/{job.id}/push")
    assert "推过了" in later
    assert set(tick(later)) == fitting - set(ticked)
    assert desk.send(later, f"/staff/jobs/{job.id}/push").status_code == 422


def test_more_than_five_are_looked_at_before_they_are_sent(desk: Desk, scene: Scene) -> None:
    job = scene.posting()
    people = [scene.neighbour() for _ in range(7)]
    scene.push(people[0], job)
    html = desk.see(f"/staff/jobs/{job.id}/push")
    ids = [str(person.id) for person in people]
    preview = desk.refused(desk.send(html, f"/staff/jobs/{job.id}/push", person=ids), 200)
    assert "要送给 6 个人" in preview
    assert "7 天内推过这个活了" in preview
    assert scene.session.query(Referral).count() == 1
    sent = desk.send(preview, f"/staff/jobs/{job.id}/push", person=ids, looked="1")
    shown = desk.follow(sent)
    assert "送给了 6 个人" in shown
    assert "7 天内推过这个活了" in shown
    assert people[0].name in shown


def test_a_person_is_offered_what_fits_with_reasons(desk: Desk, scene: Scene) -> None:
    job, person = scene.posting(), scene.neighbour()
    path = f"/staff/people/{person.id}/push"
    html = desk.see(path)
    assert job.title in html
    assert "class=why" in html
    assert "推出去了" in desk.follow(desk.send(html, path, job_id=str(job.id)))
    assert "刚才那次已经记上了" in desk.follow(desk.send(html, path, job_id=str(job.id)))
    assert "推过了：已推送" in desk.see(path)


def test_yes_by_phone_to_the_first_day_at_work(desk_of: Any, scene: Scene, village: Village) -> None:
    desk = desk_of(village.township)
    referral = scene.push(scene.neighbour(), scene.posting(), village.township)
    path = f"/staff/referrals/{referral.id}"

    def tap(**typed: str) -> str:
        return str(desk.follow(desk.send(desk.see(path), path, **typed)))

    assert "记下了：本人愿意" in tap(does="interested", method="visit")
    tap(does="submit")
    today = scene.clock.today()
    day = str(today + timedelta(days=1))
    html = tap(does="interview", method="phone", day=day, hour="14:30", place="厂门口")
    assert "14:30见面" in html
    assert "厂门口" in html
    html = tap(does="hire", day=str(today), wage="3,200.50")
    assert "3,200.5 元" in html
    html = tap(does="arrive", evidence="visit", day=str(today))
    assert "记回访" in html
    assert "撤销到岗" not in html, "that is the county's"
    for said in ("本人当面说的", "用人单位电话里说的", "记"):
        assert said in html
    scene.session.refresh(referral)
    assert referral.state is ReferralState.ONBOARD
    county = desk_of(village.county)
    undone = county.follow(county.send(county.see(path), path, does="undo", reason="点错了人"))
    assert "要了，等着上班" in undone


def test_no_and_refused_have_their_reason_and_letter(desk_of: Any, scene: Scene, village: Village) -> None:
    job = scene.posting()
    referral = scene.push(scene.neighbour(), job)
    desk = desk_of(village.township)
    path = f"/staff/referrals/{referral.id}"
    html = desk.follow(desk.send(desk.see(path), path, does="decline:too_far"))
    assert "本人不去" in html
    assert "太远" in html
    other = scene.push(scene.neighbour(), job)
    scene.act(other, "interested", on_behalf=PHONE)
    scene.act(other, "submit")
    path = f"/staff/referrals/{other.id}"
    html = desk.follow(desk.send(desk.see(path), path, does="refuse:skill"))
    assert "手艺还差一点" in html
    assert "给" in html
    assert "免费的培训" in html


def test_what_is_missing_is_said_and_nothing_is_changed(desk_of: Any, scene: Scene, village: Village) -> None:
    referral = scene.push(scene.neighbour(), scene.posting())
    scene.act(referral, "interested", on_behalf=PHONE)
    scene.act(referral, "submit")
    desk = desk_of(village.township)
    path = f"/staff/referrals/{referral.id}"
    html = desk.refused(desk.send(desk.see(path), path, does="hire", day="", wage="三千"), 422)
    assert "写上哪一天" in html
    html = desk.refused(desk.send(html, path, does="hire", day="2026-12-01", wage="三千"), 422)
    assert "只写数字" in html
    village_desk = desk_of(village.officer)
    html = village_desk.see(path)
    assert "单位咋说" not in html, "a village officer does not write down what the firm says"
    village_desk.refused(village_desk.send(html, path, does="refuse:full"), 403)
    scene.session.refresh(referral)
    assert referral.state is ReferralState.SUBMITTED


def test_outside_the_area_there_is_nothing(desk_of: Any, scene: Scene, village: Village) -> None:
    job = scene.posting()
    worked = scene.at_work(scene.neighbour(), job)
    wish = scene.wish(job)
    check = scene.session.query(FollowUpCheck).filter_by(day=7).one()
    stranger = desk_of(village.stranger)
    for path in (
        f"/staff/referrals/{worked.id}",
        f"/staff/checks/{check.id}",
        f"/staff/wishes/{wish.id}",
        f"/staff/people/{worked.person_id}/push",
    ):
        stranger.see(path, 404)
    assert scene.session.query(AuditEntry).filter_by(resource="phone").count() == 0


def test_a_check_is_recorded_once_and_serves_the_month(desk: Desk, scene: Scene, clock: FixedClock) -> None:
    scene.at_work(scene.neighbour(), scene.posting())
    wait(desk, scene, 7)
    check = scene.session.query(FollowUpCheck).filter_by(day=7).one()
    path = f"/staff/checks/{check.id}"
    html = desk.see(path)
    assert 'value="3200"' in html
    answer = desk.send(html, path, does="in_post:on_time", wage="3300", method="phone")
    assert "已经记上了" in desk.follow(answer)
    again = desk.follow(desk.send(html, path, does="in_post:on_time", wage="3300", method="phone"))
    assert "刚才那次已经记上了" in again
    (found,) = scene.session.query(EmploymentAnswer).all()
    assert (found.wage_fen, found.is_paid_on_time, found.outcome) == (330000, True, CheckOutcome.IN_POST)
    html = desk.see(f"{path}?again=1")
    assert "按时发了吗" in html
    desk.follow(desk.send(html, path, does="in_post:late", wage="3000", method="phone"))
    assert scene.session.query(EmploymentAnswer).count() == 2


def test_left_moved_and_nobody_there(desk: Desk, scene: Scene, clock: FixedClock) -> None:
    job = scene.posting()
    for _ in range(3):
        scene.at_work(scene.neighbour(), job)
    wait(desk, scene, 7)
    left, moved, silent = scene.session.query(FollowUpCheck).filter_by(day=7).order_by(FollowUpCheck.id)
    path = f"/staff/checks/{left.id}"
    assert "离岗" in desk.follow(desk.send(desk.see(f"{path}?way=left"), path, does="left:pay"))
    path = f"/staff/checks/{moved.id}"
    html = desk.see(f"{path}?way=moved")
    html = desk.refused(desk.send(html, path, does="moved", firm=" "), 422)
    assert "换厂要写明" in html
    assert "换厂" in desk.follow(desk.send(html, path, does="moved", firm="好日子服装厂"))
    path = f"/staff/checks/{silent.id}"
    for day in range(3):
        html = desk.follow(desk.send(desk.see(f"{path}?way=unreachable"), path, does="unreachable"))
        assert ("请上门看看" in html) is (day == 2)
        wait(desk, scene, 1)
    html = desk.see(f"{path}?way=unreachable")
    html = desk.follow(desk.send(html, path, does="unreachable", method="visit"))
    assert "联系不上" in html


def test_a_wish_is_called_and_becomes_a_referral(desk: Desk, scene: Scene, village: Village) -> None:
    wish = scene.wish(scene.posting())
    path = f"/staff/wishes/{wish.id}"
    html = desk.see(path)
    assert "13900002041" not in html
    shown = desk.refused(desk.send(html, f"{path}/phone"), 200)
    assert 'href="tel:13900002041"' in shown
    assert scene.session.query(AuditEntry).filter_by(resource="phone").count() == 1
    assert "就是赵改霞" in shown
    answer = desk.send(shown, path, person=str(village.wife))
    assert "本人愿意" in desk.follow(answer)
    assert desk.send(shown, path, person=str(village.wife)).headers["location"] == answer.headers["location"]
    scene.session.expire_all()
    assert scene.session.query(JobWish).one().state is WishState.REFERRED


def test_a_wish_without_a_file_leads_to_a_new_one_or_is_closed(desk: Desk, scene: Scene) -> None:
    wish = scene.wish(scene.posting(), name="党小红", phone="13800006612")
    path = f"/staff/wishes/{wish.id}"
    html = desk.see(path)
    assert "没找到叫这个名字" in html
    form = desk.see(f"/staff/households?wish={wish.id}")
    made = desk.send(form, "/staff/households", region_code="610204101201", address="四组")
    assert "党小红" in desk.follow(made), "the name stands in the new person's form"
    desk.refused(desk.send(html, f"{path}/close"), 422)
    assert "关掉了" in desk.follow(desk.send(html, f"{path}/close", reason="unreachable"))
    desk.refused(desk.send(html, f"{path}/close", reason="unreachable"), 409)


def test_the_paper_has_numbers_and_boxes_and_logs_what_it_shows(desk: Desk, scene: Scene) -> None:
    job, person = scene.posting(), scene.neighbour()
    scene.push(person, job)
    wait(desk, scene, 8)
    scene.wish(job)
    paper = desk.client.get("/staff/today/print").text
    for words in ("柳树塬村", person.name, "□", "问：", "号码在手机上点开看"):
        assert words in paper
    assert "139 0000 2041" not in paper
    whole = desk.send(paper, "/staff/today/print").text
    assert "139 0000 2041" in whole
    assert scene.session.query(AuditEntry).filter_by(resource="phone").count() == 1


def test_the_person_page_tells_of_referrals(desk: Desk, scene: Scene) -> None:
    person = scene.neighbour()
    referral = scene.push(person, scene.posting())
    html = desk.see(f"/staff/people/{person.id}")
    assert f"/staff/referrals/{referral.id}" in html
    assert f"/staff/people/{person.id}/push" in html


def test_an_auditor_reads_masked_and_changes_nothing(
    desk_of: Any, desk: Desk, scene: Scene, clock: FixedClock
) -> None:
    worked = scene.at_work(scene.neighbour(), scene.posting())
    offered = scene.push(scene.neighbour(), scene.posting())
    hired = scene.hired(scene.neighbour(), scene.posting())
    scene.act(hired, "no_show")
    check = scene.session.query(FollowUpCheck).filter_by(day=7).one()
    auditor = desk_of(staff_member(scene.session, clock, Role.AUDITOR, None, "shenji"))
    auditor.see("/staff/today", 403)
    auditor.see("/staff/today/print", 403)
    for path, person in (
        (f"/staff/referrals/{offered.id}", offered.person),
        (f"/staff/checks/{check.id}", worked.person),
    ):
        html = auditor.see(path)
        assert person.name not in html
        assert "tel:139" not in html
        assert "/a/" not in html, "whoever holds the link answers as the person"
        assert "name=does" not in html
    shown = desk.see("/staff/today")
    (back,) = re.findall(r"/staff/today/call-backs/\d+", shown)
    page = auditor.see("/staff/account")
    auditor.refused(auditor.send(page, back), 403)
    assert scene.session.query(CallBack).one().done_at is None
