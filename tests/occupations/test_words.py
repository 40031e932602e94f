"""技能与证件: the tables an office edits, and reading them out of free text."""

import tomllib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.occupations.certificates import certificates, covers, find_certificate, read_certificates
from app.occupations.classification import DATA, classification
from app.occupations.negation import denied
from app.occupations.normalise import plain
from app.occupations.skills import find_skill, read_skills, skills


def codes(text: str) -> list[str]:
    return [reading.code for reading in read_skills(text)]


def test_every_skill_stands_on_real_occupations_and_skills() -> None:
    table = skills()
    assert 400 <= len(table) <= 700
    for skill in table.values():
        assert set(skill.occupations) <= set(classification()), skill.code
        assert set(skill.related) <= set(table) - {skill.code}, skill.code
        assert skill.code.isidentifier()
        assert skill.code == skill.code.lower()


def test_no_skill_word_stands_twice() -> None:
    words = Counter(plain(word) for skill in skills().values() for word in {skill.label, *skill.synonyms})
    assert [word for word, count in words.items() if count > 1] == []


def test_no_everyday_name_stands_twice() -> None:
    table = tomllib.loads((DATA / "everyday.toml").read_text(encoding="utf-8"))
    words = Counter(plain(word) for listed in table.values() for word in listed)
    assert [word for word, count in words.items() if count > 1] == []


def test_no_certificate_word_stands_twice_and_covers_are_real() -> None:
    words = Counter(plain(word) for entry in certificates().values() for word in {entry.label, *entry.words})
    assert [word for word, count in words.items() if count > 1] == []
    for entry in certificates().values():
        assert set(entry.covers) <= set(certificates())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会平车和锁边，不会电焊", ["flat_sewing", "overlock"]),
        ("不会电焊会缝纫", ["sewing"]),
        ("会缝纫不会电焊", ["sewing"]),
        ("电焊不会，会开叉车", ["forklift"]),
        ("不会电焊、氩弧焊和气割，会瓦工", ["bricklaying"]),
        ("不需要会缝纫，能吃苦", ["heavy_labour"]),
        ("有没有电焊经验都行", ["welding"]),
        (
            "在家带过孩子，也会做饭打面，会掐花椒",
            ["babysitting", "home_cooking", "dough_making", "pepper_picking"],
        ),
        ("养了几年猪，种过大棚菜", ["pig_raising", "vegetable_growing"]),
        ("不会用手机", []),
        ("苹果套袋、疏花、看大棚", ["fruit_bagging", "fruit_thinning", "greenhouse"]),
        ("ＣＮＣ操机，会看图纸", ["cnc_machining", "cad_drawing"]),
        ("", []),
    ],
)
def test_skills_in_own_words(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_skill_is_found_by_code_and_label() -> None:
    for word in ("argon_welding", "氩弧焊"):
        found = find_skill(word)
        assert found is not None
        assert found.code == "argon_welding"
    assert find_skill("飞檐走壁") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("需要C1驾照，有叉车证优先", ["licence_c1", "forklift"]),
        ("无需叉车证，会开挖机", []),
        ("没有健康证", []),
        ("有A2本", ["licence_a2"]),
        ("有健康证、电工证", ["health", "electrician"]),
        ("不需要驾照", []),
        ("持 B2 驾驶证三年", ["licence_b2"]),
    ],
)
def test_certificates_in_own_words(text: str, expected: list[str]) -> None:
    assert read_certificates(text) == expected


@pytest.mark.parametrize(
    ("held", "asked", "good"),
    [
        ("licence_a2", "licence_c1", True),
        ("licence_a2", "licence_c2", True),
        ("licence_b2", "licence_c2", True),
        ("licence_c1", "licence_c2", True),
        ("licence_c2", "licence_c1", False),
        ("licence_c1", "licence_b2", False),
        ("licence_a1", "licence_c1", False),
        ("licence_a3", "licence_c2", False),
        ("forklift", "forklift", True),
        ("health", "forklift", False),
    ],
)
def test_a_higher_licence_covers_the_lower(held: str, asked: str, *, good: bool) -> None:
    assert covers([held], asked) is good
    assert not covers([], asked)


def test_an_unknown_certificate_is_none() -> None:
    assert find_certificate("certificate_of_flight") is None


@given(st.text(max_size=80))
def test_reading_never_fails(text: str) -> None:
    for reading in read_skills(text):
        assert reading.code in skills()
    assert set(read_certificates(text)) <= set(certificates())
    reaches = denied(text)
    assert reaches(0, 1) in (True, False)


WORK = st.sampled_from(["电焊", "缝纫", "叉车", "月嫂", "砌砖", "养猪", "剪枝", "保洁"])


@given(WORK)
def test_a_denial_takes_any_skill_away(work: str) -> None:
    assert codes(f"会{work}")
    assert codes(f"不会{work}") == []
    assert codes(f"没做过{work}") == []
