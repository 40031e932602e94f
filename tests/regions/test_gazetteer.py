"""The built-in table: what it holds, how it is walked and searched."""

import pytest

from app.regions import gazetteer
from app.regions.errors import UnknownRegion
from app.regions.terms import Level


def test_the_table_is_whole() -> None:
    table = gazetteer.gazetteer()
    assert len(table.divisions) == 43_074
    by_level = {
        level: sum(level in division.levels for division in table.divisions.values())
        for level in (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN)
    }
    # The counts of the source, level by level: no row was lost when codes on several levels were joined.
    assert by_level == {Level.PROVINCE: 34, Level.CITY: 392, Level.COUNTY: 3_210, Level.TOWN: 39_478}
    assert list(table.divisions) == sorted(table.divisions)


def test_every_division_has_a_living_parent_and_is_among_its_children() -> None:
    divisions = gazetteer.gazetteer().divisions
    for division in divisions.values():
        if division.parent_code is None:
            assert division.levels[0] is Level.PROVINCE
        else:
            assert division.parent_code in divisions
            assert division in gazetteer.children(division.parent_code)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("310117", ["上海市", "松江区"]),
        ("310100", ["上海市", "上海市"]),
        ("419001", ["河南省", "济源市"]),
        ("441900003", ["广东省", "东莞市", "东城街道"]),
        ("810101000", ["香港特别行政区", "中西区"]),
        ("610204", ["陕西省", "铜川市", "耀州区"]),
    ],
)
def test_path_names_every_step_people_know(code: str, names: list[str]) -> None:
    assert list(gazetteer.path(code)) == names


def test_a_code_on_several_levels_is_its_own_ancestor() -> None:
    for level in (Level.CITY, Level.COUNTY):
        found = gazetteer.ancestor_at("441900003", level)
        assert found is not None
        assert found.code == "441900"
    assert gazetteer.get("419001").levels == (Level.CITY, Level.COUNTY)


def test_a_village_is_answered_through_its_town() -> None:
    assert [step.code for step in gazetteer.ancestors("610204001201")] == [
        "610000",
        "610200",
        "610204",
        "610204001",
    ]
    assert gazetteer.point("610204001201") is not None
    assert gazetteer.find("610204001201") is None


@pytest.mark.parametrize("code", ["999999", "", "34", "610204999", "abc", "999999001201"])
def test_unknown_codes_are_told_apart(code: str) -> None:
    assert gazetteer.find_nearest(code) is None
    with pytest.raises(UnknownRegion):
        gazetteer.ancestors(code)


@pytest.mark.parametrize("text", ["耀州", "耀州区", "yaozhou", "yaozhouqu", " YaoZhou "])
def test_search_finds_by_name_and_pinyin(text: str) -> None:
    assert gazetteer.search(text)[0].code == "610204"


def test_search_finds_by_initials_and_keeps_within() -> None:
    assert [division.code for division in gazetteer.search("yzq", within="610000")] == ["610204"]
    assert gazetteer.search("", limit=5) == []
    assert len(gazetteer.search("城关镇", limit=7)) == 7
    assert gazetteer.search("没有这个地方") == []
    assert [d.code for d in gazetteer.search("花王堂")] == ["820102000"]


def test_search_matches_a_plain_scan() -> None:
    for text in ("马", "新城", "镇安", "北"):
        expected = {d.code for d in gazetteer.gazetteer().divisions.values() if text in d.name}
        assert {d.code for d in gazetteer.search(text, limit=100_000)} == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("320584", "320509"),
        ("140402", "140403"),
        ("340104", "340104"),
        ("340104000000", "340104"),
        ("320584100", "320509"),
        ("130502", "130502"),
        ("999999", None),
        ("3205", None),
        ("abcdef", None),
    ],
)
def test_old_codes_lead_to_living_ones(old: str, new: str | None) -> None:
    assert gazetteer.current_code(old) == new


def test_every_successor_is_alive_and_no_old_code_is() -> None:
    table = gazetteer.gazetteer()
    assert len(table.successors) >= 200
    for old, new in table.successors.items():
        assert new in table.divisions
        assert old not in table.divisions
