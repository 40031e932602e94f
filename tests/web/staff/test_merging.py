"""Two files of one person or one household become one and two again; somebody moves; a file is closed."""

from app.seekers.models import Household, Person
from tests.databases import RolledBackDatabase
from tests.web.markup import without_tokens
from tests.web.staff.conftest import Desk, standing
from tests.web.staff.village import Village


def add_duplicate(desk: Desk, village: Village, database: RolledBackDatabase) -> int:
    """赵改霞 once more, in the other household, without a number."""
    path = f"/staff/households/{village.other_household}/members"
    typed = {"name": "赵改霞", "birth_on": "1985-06-09", "certificates": "健康证", "status": "seeking"}
    desk.follow(desk.fill(path, **typed))
    with database.read() as session:
        found = session.query(Person).filter_by(name="赵改霞").all()
        (other,) = [person.id for person in found if person.id != village.wife]
        return other


def test_two_files_of_one_person_become_one_and_two_again(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    other = add_duplicate(desk, village, database)
    path = f"/staff/people/{village.wife}/merge"
    assert f"{path}?with={other}" in desk.see(path)
    html = desk.see(f"{path}?with={other}")
    for word in ("不一样", "健康证", "缝纫工", "41 岁", "留哪一份"):
        assert word in html
    assert "1985" not in without_tokens(html)
    answer = desk.send(html, path, keep=str(village.wife), reason="同一个人")
    merged = desk.follow(answer)
    for word in ("合并好了", "健康证", "撤销"):
        assert word in merged
    desk.see(f"/staff/people/{other}", 404)
    again = desk.send(merged, f"/staff/people/{village.wife}/unmerge")
    html = desk.follow(again)
    assert "两份又分开了" in html
    assert "/unmerge" not in html
    assert "赵改霞" in desk.see(f"/staff/people/{other}")


def test_two_people_with_two_numbers_are_not_merged(desk: Desk, village: Village) -> None:
    path = f"/staff/people/{village.wife}/merge"
    html = desk.see(f"{path}?with={village.husband}")
    refused = desk.refused(desk.send(html, path, keep=str(village.wife)), 409)
    assert "身份证号不一样" in refused


def test_a_merge_of_a_file_changed_meanwhile_is_asked_again(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    other = add_duplicate(desk, village, database)
    path = f"/staff/people/{village.wife}/merge"
    html = desk.see(f"{path}?with={other}")
    desk.follow(desk.fill(f"/staff/people/{village.wife}/edit", training_wish="月嫂"))
    refused = desk.refused(desk.send(html, path, keep=str(village.wife)), 412)
    assert "刚刚有人改过" in refused
    assert "月嫂" in refused


def test_two_households_become_one_and_two_again(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    path = f"/staff/households/{village.household}"
    found = desk.see(f"{path}/merge?q=王存良")
    assert f"{path}/merge?with={village.other_household}" in found
    html = desk.see(f"{path}/merge?with={village.other_household}")
    assert "王存良" in html
    merged = desk.follow(desk.send(html, f"{path}/merge", keep=str(village.household)))
    assert "王存良" in merged
    desk.see(f"/staff/households/{village.other_household}", 404)
    html = desk.follow(desk.send(merged, f"{path}/unmerge"))
    assert "4 口人" not in html
    assert "王存良家" in desk.see(f"/staff/households/{village.other_household}")


def test_somebody_moves_to_another_household(
    desk: Desk, village: Village, database: RolledBackDatabase
) -> None:
    path = f"/staff/people/{village.child}/move"
    shown = desk.see(f"{path}?q=王存良")
    refused = desk.refused(desk.send(shown, path, relation="grandchild"), 422)
    assert "先点一户" in refused
    answer = desk.send(
        shown, path, household=str(village.other_household), relation="grandchild", reason="跟外公过"
    )
    html = desk.follow(answer)
    assert "李明" in html
    with database.read() as session:
        assert session.get_one(Person, village.child).household_id == village.other_household
    shown = desk.see(f"{path}?q=李拴虎")
    assert desk.send(shown, path, household=str(village.far_household), relation="child").status_code == 404


def test_files_are_closed_and_put_back(desk: Desk, village: Village, database: RolledBackDatabase) -> None:
    for page in (f"/staff/people/{village.child}", f"/staff/households/{village.household}"):
        ask = desk.see(f"{page}/close")
        html = desk.follow(desk.send(ask, f"{page}/close", close_reason="moved_away"))
        assert "销档了" in html
        assert "恢复" in html
        back = desk.see(f"{page}/close")
        assert "已经销档" not in desk.follow(desk.send(back, f"{page}/close"))
    with database.read() as session:
        assert session.get_one(Household, village.household).closed_at is None


def test_what_another_village_has_is_neither_merged_nor_moved_to(desk: Desk, village: Village) -> None:
    path = f"/staff/households/{village.household}/merge"
    desk.see(f"{path}?with={village.far_household}", 404)
    shown = desk.see(f"{path}?with={village.other_household}")
    answer = desk.client.post(
        path,
        data={**hidden(shown), "other": str(village.far_household), "keep": str(village.household)},
    )
    assert answer.status_code == 404
    assert standing(shown) == {}


def hidden(html: str) -> dict[str, str]:
    token = html.split('name=csrf_token value="')[1].split('"')[0]
    return {"csrf_token": token}
