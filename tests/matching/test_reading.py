"""What people say and what postings store, read to facts."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.facts import PersonFacts
from app.matching.reading.people import read_person
from app.matching.reading.postings import (
    TEACHES,
    PostingRow,
    find_place,
    is_dangerous,
    read_certificate_word,
    read_likely_demands,
    read_pay,
    read_posting,
    read_skill_codes,
)
from app.matching.schemas import SeekerProfile
from app.matching.words import OCCUPATION_WORDS, elementary_skills, occupation_kinship, skill_kinship
from app.occupations.reading import read_occupation
from app.occupations.skills import skills
from app.regions import gazetteer

TODAY = date(2026, 11, 22)
TOWN = "610204107"
ROW = PostingRow(
    id=1,
    employer_id=1,
    employer_kind="enterprise",
    employer_verified=True,
    muted_until=None,
    answer_permille=900,
    median_answer_hours=49,
    title="缝纫工",
    description="",
    occupation_code="6-05-01-03",
    region_code=TOWN,
    address="",
    x=None,
    y=None,
    point_is_exact=False,
    wage_min_fen=3_000_00,
    wage_max_fen=4_000_00,
    wage_unit="month",
    estimate_fen=None,
    openings=3,
    filled=0,
    skills=(),
    certificates=(),
    demands=(),
    suits=(),
    pickup=(),
    shifts=(),
    age_min=None,
    age_max=None,
    education="none",
    profile="long",
    board=False,
    lodging=False,
    starts_on=None,
    valid_until=date(2026, 12, 22),
    confirmed_on=TODAY,
    is_open=True,
)


def facts_of(**profile: Any) -> PersonFacts:
    return read_person(SeekerProfile.model_validate({"region_code": TOWN} | profile), TODAY).facts


def test_own_words_become_codes_and_the_answer_says_which() -> None:
    profile = SeekerProfile(
        region_code=TOWN,
        skills=["会踩缝纫机", "编灯笼穗子"],
        certificates=["C1", "祖传手艺证"],
        occupations=["月嫂"],
    )
    reading = read_person(profile, TODAY)
    assert reading.facts.skills == ("sewing", "编灯笼穗子")
    assert reading.facts.certificates == ("licence_c1", "祖传手艺证")
    assert reading.facts.occupations == (read_occupation("月嫂").code,)
    assert [(word.code, word.label) for word in reading.skills] == [("sewing", "缝纫"), (None, None)]
    assert reading.certificates[1].code is None


def test_codes_are_taken_as_they_are() -> None:
    facts = facts_of(skills=["sewing"], certificates=["forklift"], occupations=["6-05-01-03"])
    assert (facts.skills, facts.certificates, facts.occupations) == (
        ("sewing",),
        ("forklift",),
        ("6-05-01-03",),
    )


def test_what_was_denied_is_not_a_skill() -> None:
    assert "welding" not in facts_of(skills=["会缝纫，不会电焊"]).skills


@pytest.mark.parametrize(
    ("profile", "labour_class", "from_age"),
    [
        ({"age": 60}, "ordinary", False),
        ({"age": 61}, "weak", True),
        ({"birth_on": "1965-11-22"}, "weak", True),
        ({"birth_on": "1965-11-23"}, "ordinary", False),
        ({"age": 70, "class": "ordinary"}, "ordinary", False),
        ({"class": "semi"}, "semi", False),
        ({}, "ordinary", False),
    ],
)
def test_without_a_stated_class_age_decides(
    profile: dict[str, Any], labour_class: str, from_age: bool
) -> None:
    facts = facts_of(**profile)
    assert (facts.labour_class, facts.class_from_age) == (labour_class, from_age)


def test_an_unsaid_reach_shuts_nothing_out() -> None:
    assert (facts_of().reach, facts_of().reach_is_said) == ("anywhere", False)
    assert (facts_of(travel="village").reach, facts_of(travel="village").reach_is_said) == ("village", True)


def test_a_floor_of_nothing_is_no_floor() -> None:
    assert facts_of(wage_floor_fen=0).pay_floor is None
    assert facts_of(wage_floor_fen=150_00, wage_floor_unit="day").pay_floor == 150_00 * 26 * 12


def test_a_person_s_name_and_number_change_nothing() -> None:
    assert facts_of(name="张三", household_id=7, status="employed") == facts_of()


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "skills": st.lists(
                st.text(min_size=1, max_size=12).filter(lambda word: word.strip()), max_size=3
            ),
            "certificates": st.lists(
                st.text(min_size=1, max_size=12).filter(lambda word: word.strip()), max_size=3
            ),
            "occupations": st.lists(
                st.text(min_size=1, max_size=12).filter(lambda word: word.strip()), max_size=3
            ),
            "age": st.integers(0, 120),
        },
    )
)
def test_no_words_can_break_the_reader(profile: dict[str, Any]) -> None:
    facts = facts_of(**profile)
    assert list(facts.skills) == sorted(set(facts.skills))


def test_a_posting_s_words_become_codes() -> None:
    row = ROW._replace(skills=("平车", "未知手艺"), certificates=("电工证",), pickup=("610204108",))
    facts = read_posting(row, TODAY)
    assert facts.skills == ("flat_sewing", "未知手艺")
    assert facts.certificates == ("electrician",)
    assert facts.pickup == ("610204108",)
    assert facts.answer_days == 3


def test_a_title_stands_in_for_skills_nobody_listed() -> None:
    assert read_posting(ROW, TODAY).skills == ("sewing",)
    assert read_posting(ROW._replace(title="好活快来"), TODAY).skills == ()


def test_muting_ends_with_its_day() -> None:
    assert read_posting(ROW._replace(muted_until=TODAY), TODAY).employer_muted
    assert not read_posting(ROW._replace(muted_until=date(2026, 11, 21)), TODAY).employer_muted


def test_meals_and_beds_named_in_the_text_count() -> None:
    facts = read_posting(ROW._replace(description="包吃包住，环境好"), TODAY)
    assert (facts.board, facts.lodging) == (True, True)


@pytest.mark.parametrize(
    ("unit", "figures", "estimate", "expected"),
    [
        ("month", (3_000_00, 4_000_00), None, (36_000_00, 48_000_00)),
        ("piece", (50, 80), None, (None, None)),
        ("piece", (50, 80), 3_000_00, (36_000_00, 36_000_00)),
        ("day", (None, 200_00), None, (None, 62_400_00)),
        (None, (None, None), None, (None, None)),
    ],
)
def test_pay_in_one_unit(
    unit: str | None,
    figures: tuple[int | None, int | None],
    estimate: int | None,
    expected: tuple[int | None, int | None],
) -> None:
    assert read_pay(*figures, unit, estimate) == expected


@pytest.mark.parametrize(
    ("title", "demands"),
    [
        ("装卸工", ("heavy_lifting",)),
        ("仓库守夜", ("night",)),
        ("外墙清洗", ("heights",)),
        ("缝纫工", ("fine_handwork",)),
        ("文员", ("reading",)),
        ("好活", ()),
    ],
)
def test_titles_give_usual_burdens(title: str, demands: tuple[str, ...]) -> None:
    assert read_likely_demands(title) == demands


def test_stated_demands_are_believed_over_the_title() -> None:
    facts = read_posting(ROW._replace(title="装卸工", demands=("outdoor",)), TODAY)
    assert (facts.demands, facts.likely_demands) == (("outdoor",), ())


@pytest.mark.parametrize(
    ("title", "code", "dangerous"),
    [
        ("喷漆工", None, True),
        ("井下掘进工", None, True),
        ("采煤工", "6-16-01-05", True),
        ("高空作业", None, True),
        ("缝纫工", "6-05-01-03", False),
        ("粉刷匠", None, False),
    ],
)
def test_dangers_closed_to_minors(title: str, code: str | None, dangerous: bool) -> None:
    assert is_dangerous(title, "", code) is dangerous


@pytest.mark.parametrize(
    ("text", "teaches"),
    [
        ("没干过有师傅带", True),
        ("免费培训", True),
        ("新手也行", True),
        ("不要新手", False),
        ("要有两年经验", False),
        ("不招学徒", False),
    ],
)
def test_teaching_is_read_unless_denied(text: str, teaches: bool) -> None:
    assert (TEACHES.search(text) is not None) is teaches


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("C1", ["licence_c1"]),
        ("b2", ["licence_b2"]),
        ("A2驾照", ["licence_a2"]),
        ("forklift", ["forklift"]),
        ("梦", []),
    ],
)
def test_certificate_words(word: str, codes: list[str]) -> None:
    assert read_certificate_word(word) == codes


def test_unread_words_stay_only_where_asked() -> None:
    assert read_skill_codes(["天书"], keep_unread=True) == ("天书",)
    assert read_skill_codes(["天书"], keep_unread=False) == ()


def test_a_place_is_as_blurred_as_the_centre_that_stands_for_it() -> None:
    town = gazetteer.get(TOWN)
    assert town.x is not None
    assert town.y is not None
    village = f"{TOWN}203"
    assert find_place(village, None, exact=False).blur_m == 2_500
    assert find_place(village, (town.x, town.y), exact=False).blur_m == 2_500
    assert find_place(village, (town.x + 900, town.y), exact=False).blur_m == 500
    assert find_place(village, (town.x + 900, town.y), exact=True).blur_m == 0
    county = gazetteer.get("610204")
    assert county.x is not None
    assert find_place("610204003", None, exact=False).blur_m == 15_000, "a town without a point"


def test_kinship_is_symmetric_and_bounded() -> None:
    codes = sorted(skills())[::9]
    for held in codes:
        for asked in codes:
            kinship = skill_kinship(held, asked)
            assert 0.0 <= kinship <= 1.0
            assert kinship == skill_kinship(asked, held)
            assert (kinship == 1.0) == (held == asked)


def test_elementary_skills_are_known_skills() -> None:
    assert elementary_skills() <= set(skills())
    assert OCCUPATION_WORDS.is_elementary("general_cleaning")
    assert not OCCUPATION_WORDS.is_elementary("welding")


def test_occupation_kinship_follows_the_tree() -> None:
    near = [
        occupation_kinship("6-05-01-03", other)
        for other in ("6-05-01-03", "6-05-01-04", "6-05-02-01", "6-29-01-01")
    ]
    assert near == [1.0, 0.7, 0.4, 0.15]
    assert occupation_kinship("6-05-01-03", "4-09-08-01") == 0.0


def test_refused_places_are_read_as_they_were_said() -> None:
    """Nobody is refused more than they said: what no division bears, or only a wider one now, is left out."""
    codes = ["650000", "610204101", "610204101203", "999999", "610204999", "610204107000"]
    profile = SeekerProfile(region_code="610204107", refused_places=codes)
    assert read_person(profile, date(2026, 11, 22)).facts.refused == (
        *("610204101", "610204101203", "610204107"),
        "65",
    )
