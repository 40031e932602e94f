"""Changing: people and households in place, two colleagues at once, new ones, a double tap."""

from datetime import timedelta
from typing import Any

from app.core.clock import FixedClock
from app.seekers.models import Household, Person
from tests.accounts.situations import VILLAGE
from tests.databases import RolledBackDatabase
from tests.web.staff.conftest import Desk, standing
from tests.web.staff.village import Village, id_number


def person(database: RolledBackDatabase, person_id: int) -> Person:
    with database.read() as session:
        return session.get_one(Person, person_id)


def test_a_person_is_changed_in_their_own_words(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    path = f"/staff/people/{village.wife}/edit"
    answer = desk.fill(
        path,
        skills="缝纫 开三轮",
        wage_floor_fen="3000.5",
        travel="county",
        limits=["night", "heights"],
        yes=["needs_board", "cares_for_family"],
        refused_places="新疆",
        phone="13900007788",
        reason="11 月 20 日上门问的",
        acting_for="本人",
    )
    html = desk.follow(answer)
    for word in ("改好了", "3,000.5 元", "爬高、上夜班", "139****7788", "11 月 20 日上门问的", "听本人说的"):
        assert word in html
    saved = person(database, village.wife)
    assert (saved.wage_floor_fen, saved.needs_board, saved.refused_places) == (300050, True, ["650000"])
    assert saved.version == 2
    assert saved.class_reason is None


def test_saving_without_a_change_writes_nothing(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    answer = desk.fill(f"/staff/people/{village.wife}/edit", reason="看看")
    assert "没有要改的" in desk.follow(answer)
    assert person(database, village.wife).version == 1


def test_losing_work_takes_the_firm_away_with_it(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    desk.follow(desk.fill(f"/staff/people/{village.husband}/edit", status="seeking"))
    assert person(database, village.husband).employer_name == ""


def test_mistakes_are_named_at_their_fields_and_what_was_typed_stays(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    path = f"/staff/people/{village.wife}/edit"
    html = desk.refused(desk.fill(path, phone="1390000", skills="绣花", name="赵改侠"), 422)
    assert "手机号" in html
    assert "绣花" in html
    assert "赵改侠" in html
    html = desk.refused(desk.fill(path, wage_floor_fen="三千", refused_places="不知道哪里"), 422)
    assert "要填数字" in html
    assert "没找到“不知道哪里”" in html
    assert person(database, village.wife).version == 1


def test_two_colleagues_one_person_the_slower_one_sees_what_changed_and_loses_nothing(
    desk: Desk, desk_of: Any, village: Village, database: RolledBackDatabase
) -> None:
    path = f"/staff/people/{village.wife}/edit"
    mine = desk.see(path)
    other = desk_of(village.township)
    other.follow(other.fill(path, travel="county", training_wish="月嫂"))
    typed = standing(mine) | {"training_wish": "护理", "skills": "缝纫 做饭"}
    html = desk.refused(desk.send(mine, path, **typed), 412)
    for word in ("您填的时候，leijuncang也改了", "愿意走多远", "本县", "月嫂", "两个人都改了：想学什么"):
        assert word in html
    now = standing(html)
    assert now["training_wish"] == ["护理"]
    assert now["skills"] == ["缝纫 做饭"]
    assert now["travel"] == ["county"]
    assert person(database, village.wife).training_wish == "月嫂"
    desk.follow(desk.send(html, path, **now))
    saved = person(database, village.wife)
    assert (saved.training_wish, saved.travel.value, saved.version) == ("护理", "county", 3)


def test_the_class_is_set_by_hand_with_a_reason_and_let_go_again(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    path = f"/staff/people/{village.wife}/edit"
    desk.follow(desk.fill(path, labour_class="semi", class_reason="腰伤，医生说的"))
    saved = person(database, village.wife)
    assert (saved.labour_class.value, saved.class_reason) == ("semi", "腰伤，医生说的")
    desk.follow(desk.fill(path, labour_class="", class_reason=""))
    assert person(database, village.wife).class_reason is None


def test_a_household_is_changed_and_taken_on(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    path = f"/staff/households/{village.household}"
    html = desk.follow(desk.fill(f"{path}/edit", address="二组 16 号", kinds=["lifted"], note="门口有枣树"))
    for word in ("二组 16 号", "脱贫户", "门口有枣树"):
        assert word in html
    assert "监测户" not in html
    shown = desk.see(f"{path}/edit")
    html = desk.follow(desk.send(shown, f"{path}/officer", mine="1"))
    assert "包户人 wangguilan" in html


def test_two_colleagues_one_household(desk: Desk, desk_of: Any, village: Village) -> None:
    path = f"/staff/households/{village.household}/edit"
    mine = desk.see(path)
    other = desk_of(village.township)
    other.follow(other.fill(path, address="二组 88 号"))
    html = desk.refused(desk.send(mine, path, **(standing(mine) | {"note": "狗厉害"})), 412)
    assert "二组 88 号" in html
    assert standing(html)["note"] == ["狗厉害"]
    assert "狗厉害" in desk.follow(desk.send(html, path, **standing(html)))


def test_a_household_is_opened_and_gets_its_first_member_once(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    shown = desk.see("/staff/households")
    typed = {"region_code": VILLAGE, "address": "四组 1 号", "kinds": ["ordinary"]}
    first = desk.send(shown, "/staff/households", **typed)
    again = desk.send(shown, "/staff/households", **typed)
    assert first.headers["location"] == again.headers["location"]
    members = first.headers["location"].partition("?")[0]
    form = desk.follow(first)
    assert "户建好了" in form
    assert standing(form)["relation"] == ["head"]
    typed_person = standing(form) | {"name": "马秀英", "id_number": id_number("19660303", 22)}
    one = desk.send(form, members, **typed_person)
    two = desk.send(form, members, **typed_person)
    assert one.headers["location"] == two.headers["location"]
    html = desk.follow(one)
    assert "马秀英家" in html
    with database.read() as session:
        assert session.query(Person).filter_by(name="马秀英").count() == 1
        assert session.query(Household).filter_by(address="四组 1 号").count() == 1


def test_a_number_that_is_known_already_is_not_entered_twice(desk: Desk, village: Village) -> None:
    path = f"/staff/households/{village.other_household}/members"
    html = desk.refused(desk.fill(path, name="赵改霞", id_number=id_number("19850609", 24)), 409)
    assert "已经登记过了" in html
    assert standing(html)["name"] == ["赵改霞"]


def test_a_form_without_its_token_or_from_elsewhere_changes_nothing(desk: Desk, village: Village) -> None:
    path = f"/staff/people/{village.wife}/edit"
    shown = desk.see(path)
    assert desk.client.post(path, data=standing(shown)).status_code == 403
    new = f"/staff/households/{village.household}/members"
    assert desk.send(shown, new, name="甲").status_code == 403


def test_the_past_is_shown_as_it_was(desk_of: Any, village: Village, clock: FixedClock) -> None:
    then = clock.today()
    clock.move(timedelta(days=3))
    desk = desk_of(village.officer)
    for page, word in ((f"people/{village.wife}", "月嫂"), (f"households/{village.household}", "五组 9 号")):
        field = {"月嫂": "training_wish"}.get(word, "address")
        desk.follow(desk.fill(f"/staff/{page}/edit", **{field: word}))
        assert word in desk.see(f"/staff/{page}")
        html = desk.see(f"/staff/{page}?on={then}")
        assert "2026 年 11 月 22 日" in html
        assert word not in html
        assert "缝纫" in html
        before = desk.see(f"/staff/{page}?on={then - timedelta(days=1)}")
        assert "那天还没有这份档" in before
        assert "缝纫" not in before
