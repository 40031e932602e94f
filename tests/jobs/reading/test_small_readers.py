from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.reading.conditions import read_conditions
from app.jobs.reading.dates import read_date
from app.jobs.reading.education import format_education, read_education
from app.jobs.reading.headcount import read_headcount
from app.jobs.terms import Insurance
from app.occupations.terms import Demand, Education, Shift, WorkProfile

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("不限", None),
        ("", None),
        ("初中以下", None),
        ("初中", Education.JUNIOR),
        ("初中及以上", Education.JUNIOR),
        ("高中/中专", Education.SENIOR),
        ("中专以上学历", Education.VOCATIONAL),
        ("中技", Education.VOCATIONAL),
        ("大专或本科", Education.COLLEGE),
        ("本科以上", Education.BACHELOR),
        ("硕士研究生", Education.MASTER),
        ("大专学历优先", None),
        ("学历不限，大专优先", None),
        ("小学", Education.PRIMARY),
        ("初中以上，高中优先", Education.JUNIOR),
    ],
)
def test_education(text: str, level: Education | None) -> None:
    assert read_education(text) is level


@pytest.mark.parametrize("level", [None, *Education])
def test_education_written_reads_the_same(level: Education | None) -> None:
    assert read_education(format_education(level)) in (level, None if level is Education.NONE else level)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("2人", 2),
        ("2", 2),
        ("10-20名", 20),
        ("3-4名", 4),
        ("2人左右", 2),
        ("若干", None),
        ("数名人", None),
        ("人", None),
        ("0", None),
        ("不限人", None),
        ("", None),
        ("招20人", 20),
        ("二十名", 20),
        ("5.0", 5),
        ("100多人", 100),
        ("两名", 2),
        ("男10人，女5人", 10),
        ("9999999", None),
        ("20余人", 20),
    ],
)
def test_headcount(text: str, people: int | None) -> None:
    assert read_headcount(text) == people


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-30", date(2026, 5, 30)),
        ("2026年05月30日", date(2026, 5, 30)),
        ("2026/5/3", date(2026, 5, 3)),
        ("2026.5.3", date(2026, 5, 3)),
        ("20260530", date(2026, 5, 30)),
        ("46172", date(2026, 5, 30)),
        ("1970-01-01", None),
        ("2026-02-31", None),
        ("即日起至2026年12月31日", date(2026, 12, 31)),
        ("2026年3月至2026年6月", date(2026, 6, 30)),
        ("2026-03-01至2026-04-15", date(2026, 4, 15)),
        ("5月30日", date(2026, 5, 30)),
        ("2月1日前", date(2027, 2, 1)),
        ("30天", date(2026, 4, 9)),
        ("2026-05-30 00:00:00", date(2026, 5, 30)),
        ("长期有效", None),
        ("", None),
        ("待定", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert read_date(text, TODAY).on == day


def test_open_ended_deadline() -> None:
    assert read_date("招满为止", TODAY).open_ended
    assert not read_date("", TODAY).open_ended


def test_conditions_say_only_what_the_text_says() -> None:
    assert read_conditions("身体健康") == read_conditions("")
    got = read_conditions("五险一金|包食宿", "两班倒，厂车接送，需搬运重物，长期")
    assert (got.board, got.lodging, got.transport) == (True, True, True)
    assert got.shifts == (Shift.ROTATING,)
    assert got.profile is WorkProfile.LONG
    assert Demand.HEAVY_LIFTING in got.demands
    assert Insurance.HOUSING_FUND in got.insurance
    assert len(got.insurance) == 6


@pytest.mark.parametrize(
    ("text", "board", "lodging"),
    [
        ("包吃不包住", True, False),
        ("食宿自理", False, False),
        ("包住", None, True),
        ("免费工作餐", True, None),
        ("包吃住", True, True),
    ],
)
def test_board_and_lodging(text: str, board: bool | None, lodging: bool | None) -> None:
    got = read_conditions(text)
    assert (got.board, got.lodging) == (board, lodging)


def test_hours_of_work_are_no_day_labour() -> None:
    assert read_conditions("8小时工作制，每日工作8小时").profile is None
    assert read_conditions("日结，小时工20元/小时").profile is WorkProfile.DAY


def test_denied_demands_are_none() -> None:
    assert read_conditions("不上夜班，无需登高，不用出差").demands == ()


@given(st.text(max_size=80))
def test_no_reader_raises(text: str) -> None:
    read_education(text)
    people = read_headcount(text)
    assert people is None or people > 0
    read_date(text, TODAY)
    read_conditions(text)
