"""Demand against supply, as tables."""

from datetime import date

from app.demand_plans.rules import Need, balance, group_name, months_from, sum_by_month

MONTHS = months_from(date(2026, 11, 22), 4)
NOV, DEC, JAN, FEB = MONTHS
SEWING, GROUP = "6-05-01-01", "6-05-01"


def test_months_cross_the_year() -> None:
    assert [f"{month:%y-%m}" for month in MONTHS] == ["26-11", "26-12", "27-01", "27-02"]


def test_needs_add_up_and_people_are_used_once() -> None:
    needs = [Need(SEWING, date(2026, 12, 5), 20), Need("6-05-01-03", date(2027, 1, 9), 30)]
    (row,) = balance(needs, {GROUP: {NOV: 35, FEB: 5}}, MONTHS)
    assert [cell.needed for cell in row.cells] == [0, 20, 30, 0]
    assert [cell.needed_by_then for cell in row.cells] == [0, 20, 50, 50]
    assert [cell.free_by_then for cell in row.cells] == [35, 35, 35, 40]
    assert [cell.short for cell in row.cells] == [0, 0, 15, 10]
    assert row.is_short


def test_what_is_found_or_lies_outside_the_year_counts_no_more() -> None:
    needs = [Need(SEWING, date(2026, 12, 5), 0), Need(SEWING, date(2027, 12, 1), 9)]
    assert balance(needs, {}, MONTHS) == []


def test_words_nobody_could_read_have_no_supply() -> None:
    (row,) = balance([Need(None, date(2026, 12, 5), 3)], {"": {NOV: 99}}, MONTHS)
    assert row.name == "还没认出是什么工种"
    assert {cell.free_by_then for cell in row.cells} == {None}
    assert not row.is_short


def test_small_numbers_are_hidden_and_no_subtraction_tells_them() -> None:
    needs = [Need(SEWING, date(2026, 12, 5), 50)]
    (few,) = balance(needs, {GROUP: {NOV: 4, JAN: 3}}, MONTHS, smallest=10)
    assert [(cell.free_by_then, cell.short) for cell in few.cells] == [(None, None)] * 4
    (more,) = balance(needs, {GROUP: {NOV: 12, DEC: 3, JAN: 8}}, MONTHS, smallest=10)
    assert [cell.free_by_then for cell in more.cells] == [12, 12, 23, 23]
    (none,) = balance(needs, {}, MONTHS, smallest=10)
    assert [cell.free_by_then for cell in none.cells] == [0] * 4


def test_the_most_needed_stand_first_and_months_are_summed() -> None:
    needs = [Need(SEWING, date(2026, 12, 5), 5), Need("4-10-01-01", date(2026, 12, 5), 9)]
    rows = balance(needs, {GROUP: {NOV: 2}}, MONTHS)
    assert [row.group for row in rows] == ["4-10-01", GROUP]
    sums = sum_by_month(rows, MONTHS)
    assert [(each.needed, each.short) for each in sums] == [(0, 0), (14, 12), (0, 12), (0, 12)]


def test_groups_have_names() -> None:
    assert group_name(GROUP)
    assert group_name("9-99-99") == "9-99-99"
