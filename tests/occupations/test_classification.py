"""职业分类: the tree, nearness of two codes, and the search box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.occupations.classification import (
    Relation,
    classification,
    everyday_names,
    find_occupation,
    get_occupation,
    group_of,
    level_of,
    major_of,
    middle_of,
    occupation_name,
    relation,
    search,
)


def test_the_whole_classification_is_there() -> None:
    table = classification()
    assert len(table) == 2047
    assert sum(entry.level == "major" for entry in table.values()) == 8
    assert table["6-05-01-03"].name == "缝纫工"
    assert "月嫂" in table["4-10-01-06"].aliases


def test_levels_and_ancestors_are_read_off_the_code() -> None:
    assert [level_of(code) for code in ("4-00-00-00", "4-01-00-00", "4-01-02-00", "4-01-02-01")] == [
        "major",
        "middle",
        "group",
        "fine",
    ]
    assert (major_of("4-01-02-01"), middle_of("4-01-02-01"), group_of("4-01-02-01")) == (
        "4",
        "4-01",
        "4-01-02",
    )


def test_a_missing_group_is_named_by_its_nearest_ancestor() -> None:
    assert find_occupation("5-02-03-00") is None
    assert occupation_name("5-02-03-00") is not None
    assert occupation_name("9-99-99-99") is None
    with pytest.raises(KeyError):
        get_occupation("9-99-99-99")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("6-05-01-03", "6-05-01-03", Relation.SAME),
        ("6-05-01-03", "6-05-01-02", Relation.GROUP),
        ("6-05-01-03", "6-05-04-01", Relation.MIDDLE),
        ("6-05-01-03", "6-29-01-01", Relation.MAJOR),
        ("6-05-01-03", "4-09-08-01", Relation.NONE),
        ("4-01-02-00", "4-01-02-03", Relation.GROUP),
        ("4-01-00-00", "4-01-02-03", Relation.MIDDLE),
        ("4-00-00-00", "4-01-02-03", Relation.MAJOR),
    ],
)
def test_nearness_follows_the_common_prefix(one: str, other: str, expected: Relation) -> None:
    assert relation(one, other) is expected
    assert relation(other, one) is expected


def test_nearness_weighs_as_matching_says() -> None:
    assert [step.share for step in Relation] == [1.0, 0.7, 0.4, 0.15, 0.0]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("缝纫工", "6-05-01-03"),
        ("缝纫", "6-05-01-03"),
        ("fengrengong", "6-05-01-03"),
        ("frg", "6-05-01-03"),
        ("Feng Ren", "6-05-01-03"),
        ("月嫂", "4-10-01-06"),
        ("yuesao", "4-10-01-06"),
        ("踩平车", "6-05-01-03"),
        ("挖机", "6-30-05-05"),
        ("保安", "4-07-05-01"),
        ("保洁", "4-09-08-01"),
    ],
)
def test_search_finds_names_everyday_names_and_pinyin(query: str, code: str) -> None:
    assert search(query)[0].code == code


def test_search_without_a_word_gives_the_majors_and_nonsense_gives_nothing() -> None:
    assert [entry.level for entry in search("")] == ["major"] * 8
    assert search("魑魅魍魉") == []
    assert len(search("工", 5)) == 5


@given(st.text(max_size=60), st.integers(1, 30))
def test_search_never_fails(query: str, limit: int) -> None:
    assert len(search(query, limit)) <= limit


def test_every_everyday_name_has_a_real_code() -> None:
    names = everyday_names()
    assert len(names) > 2000
    assert set(names.values()) <= set(classification())
