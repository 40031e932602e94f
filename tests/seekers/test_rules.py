"""The rules of the ledger, phones, masking and own words: tables, no database."""

from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.seekers import masking, phones, rules, values, words
from app.seekers.id_numbers import age_on
from app.seekers.phones import PhoneProblem, find_phone, read_phone
from app.seekers.terms import HouseholdKind, LabourClass, SeekerStatus

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("age", "facts", "expected"),
    [
        (30, {}, LabourClass.ORDINARY),
        (60, {}, LabourClass.ORDINARY),
        (61, {}, LabourClass.WEAK),
        (61, {"certificates": ["electrician"]}, LabourClass.WEAK),
        (None, {}, LabourClass.ORDINARY),
        (40, {"certificates": ["electrician"]}, LabourClass.SKILLED),
        (40, {"certificates": ["licence_c1", "health"]}, LabourClass.ORDINARY),
        (40, {"certificates": ["自己说的证"]}, LabourClass.ORDINARY),
        (40, {"skills": ["arc_welding"]}, LabourClass.SKILLED),
        (40, {"skills": ["harvesting"]}, LabourClass.ORDINARY),
        (40, {"limits": ["night", "heights"]}, LabourClass.ORDINARY),
        (40, {"limits": ["night", "heights", "dust"]}, LabourClass.SEMI),
        (40, {"limits": ["reading", "phone_use", "travel", "night"]}, LabourClass.ORDINARY),
        (40, {"is_ill": True, "certificates": ["electrician"]}, LabourClass.SEMI),
        (40, {"is_disabled": True}, LabourClass.WEAK),
    ],
)
def test_class_follows_from_what_is_known(
    age: int | None, facts: dict[str, object], expected: LabourClass
) -> None:
    if facts.get("skills") == ["arc_welding"]:
        facts = {"skills": words.read_skill_words(["电焊"])}
    assert rules.derive_class(age, **facts) is expected  # type: ignore[arg-type]


@for_all(st.dates(date(1930, 1, 1), date(2030, 12, 31)), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_the_last_birth_of_a_seeker_is_the_same_as_being_16(birth: date, day: date) -> None:
    assert (birth <= rules.latest_birth_of_seekers(day)) == (age_on(birth, day) >= 16)
    assert rules.is_old_enough(birth, day) == (age_on(birth, day) >= 16)


def test_without_a_birth_date_nobody_is_old_enough() -> None:
    assert not rules.is_old_enough(None, TODAY)
    assert not rules.may_seek(None, SeekerStatus.SEEKING, TODAY)
    assert rules.status_problem(SeekerStatus.SEEKING, birth_on=None, today=TODAY)


@pytest.mark.parametrize("status", list(SeekerStatus))
def test_a_child_stands_nowhere_but_aside(status: SeekerStatus) -> None:
    child = TODAY.replace(year=TODAY.year - 16) + timedelta(days=1)
    allowed = status in (SeekerStatus.NOT_SEEKING, SeekerStatus.STUDYING, SeekerStatus.UNABLE)
    assert (rules.status_problem(status, birth_on=child, today=TODAY) is None) == allowed
    assert rules.status_problem(status, birth_on=child - timedelta(days=1), today=TODAY) is None
    assert not rules.may_seek(child, status, TODAY)


def test_waiting_begins_on_the_way_into_seeking_and_lasts() -> None:
    before = date(2026, 9, 1)
    seeking, employed = SeekerStatus.SEEKING, SeekerStatus.EMPLOYED
    assert rules.seeking_since(employed, seeking, None, TODAY) == TODAY
    assert rules.seeking_since(seeking, seeking, before, TODAY) == before
    assert rules.seeking_since(seeking, employed, before, TODAY) is None


def test_welfare_is_hinted_to_the_weak_of_poor_households_only() -> None:
    poor = [HouseholdKind.LIFTED]
    assert rules.hint_welfare(LabourClass.WEAK, SeekerStatus.SEEKING, poor)
    assert not rules.hint_welfare(LabourClass.WEAK, SeekerStatus.EMPLOYED, poor)
    assert not rules.hint_welfare(LabourClass.ORDINARY, SeekerStatus.SEEKING, poor)
    assert not rules.hint_welfare(LabourClass.WEAK, SeekerStatus.SEEKING, [HouseholdKind.ORDINARY])


def test_the_three_monitored_kinds() -> None:
    assert [kind for kind in HouseholdKind if rules.is_monitored([kind])] == [
        HouseholdKind.UNSTABLE,
        HouseholdKind.BORDERLINE,
        HouseholdKind.SUDDEN,
    ]


@for_all(st.lists(st.integers(0, 40), max_size=8))
def test_no_small_number_can_be_worked_out(numbers: list[int]) -> None:
    shown = rules.hide_small(numbers, 10)
    hidden = [number for number, told in zip(numbers, shown, strict=True) if told is None]
    assert all(told is None or told == 0 or told >= 10 for told in shown)
    # One hidden number beside the sum would be no secret, unless nothing else is there.
    assert len(hidden) != 1 or sum(numbers) == hidden[0]


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("13900002041", "13900002041"),
        ("+86 139-0000-2041", "13900002041"),
        ("１３９００００２０４１", "13900002041"),
        ("'13900002041", "13900002041"),
        ("13900002041.0", "13900002041"),
        ("13900002041/13800000000", "13900002041"),
        ("0919-6180000、13900002041", "13900002041"),
    ],
)
def test_phones_as_offices_write_them(typed: str, phone: str) -> None:
    assert read_phone(typed) == phone


@pytest.mark.parametrize(
    ("typed", "message"),
    [("1.39E+10", phones.SCIENTIFIC), ("1390000204", phones.WRONG), ("", phones.WRONG), ("无", phones.WRONG)],
)
def test_what_is_no_phone(typed: str, message: str) -> None:
    with pytest.raises(PhoneProblem) as refused:
        read_phone(typed)
    assert refused.value.message == message


@for_all(st.text(max_size=30))
def test_any_text_is_a_phone_or_none(text: str) -> None:
    phone = find_phone(text)
    assert phone is None or (len(phone) == 11 and phone.isdigit())


def test_masks() -> None:
    assert masking.mask_phone("13900002041") == "139****2041"
    assert masking.mask_phone("09196180000") == "****00"
    assert masking.mask_phone(None) is None
    assert masking.mask_id_number("610204197001011234") == "6102**********1234"
    assert masking.mask_id_number(None) is None
    assert [masking.mask_name(name) for name in ("王", "王芳", "王桂兰", "欧阳春华")] == [
        "王",
        "王*",
        "王*兰",
        "欧**华",
    ]


def test_own_words_become_codes_or_stay() -> None:
    assert words.read_skill_words(["会平车", "平车", "写毛笔字"]) == sorted(
        {"写毛笔字", *words.read_skill_words(["平车"])}
    )
    assert words.read_certificate_words(["C1", "焊工证", "什么证"]) == ["licence_c1", "welder", "什么证"]
    assert words.label_of_word("welder") == "焊工证"
    assert words.label_of_word("写毛笔字") == "写毛笔字"
    (matron,) = words.read_occupation_words(["月嫂"])
    assert matron[0].isdigit()


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        ({"健康状况": "健康"}, (False, False)),
        ({"健康状况": "残疾"}, (True, False)),
        ({"残疾": "无"}, (False, False)),
        ({"残疾": "非残疾"}, (False, False)),
        ({"健康状况": "长期慢性病,残疾"}, (True, True)),
        ({"健康状况": "患有大病"}, (False, True)),
    ],
)
def test_health_as_offices_write_it(health: dict[str, str], expected: tuple[bool, bool]) -> None:
    assert values.read_health(health) == expected
