"""The minimum wage by place and day, hours against the wage, and hours alone."""

from datetime import date
from decimal import Decimal

import pytest

from app.jobs.vetting import vet_sent
from app.vetting.hours import read_schedule
from app.vetting.minimum_wage import find_minimum_wage, lowest_known, read_tiers, tiers

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("region", "day", "fen", "certain"),
    [
        ("360102", TODAY, 185000, True),  # 南昌东湖区, first tier
        ("360121001", TODAY, 173000, True),  # a town of the second tier
        ("361127", TODAY, 161000, True),  # all other counties
        ("360000", TODAY, 161000, False),  # the province alone: its lowest
        ("360102", date(2020, 1, 1), 118000, False),  # tiers of 2015, whose counties were not seen
        ("410102", TODAY, 160000, False),  # Henan's list of counties was not seen
        ("340421", TODAY, 125000, True),
        ("610204", TODAY, None, False),  # Shaanxi is not in the table
        (None, TODAY, None, False),
        ("360102", date(2010, 1, 1), None, False),
    ],
)
def test_which_figure_applies(region: str | None, day: date, fen: int | None, certain: bool) -> None:
    found = find_minimum_wage(region, day)
    assert (found.month_fen, found.is_certain) == (fen, certain) if found else fen is None


def test_an_office_can_add_its_own() -> None:
    table = read_tiers(
        '[[tier]]\nprovince = "61"\neffective_on = 2026-01-01\ntier = "二类"\nmonth_yuan = 2000.5\n'
        'hour_yuan = 20\nareas = ["610204"]\nsource = "example"\n'
    )
    found = find_minimum_wage("610204101", TODAY, table)
    assert found is not None
    assert (found.month_fen, found.hour_fen) == (200050, 2000)


def test_every_row_says_where_it_comes_from() -> None:
    assert all(tier.source and tier.hour_fen * 50 < tier.month_fen for tier in tiers())
    least = lowest_known(TODAY)
    assert least is not None
    assert least.month_fen == 115000


def wage_finding(text: str, wage: str, region: str = "360102") -> str | None:
    sent = {"title": "门卫", "description": text, "wage_text": wage, "region_code": region}
    found = [f for f in vet_sent(sent, TODAY) if f.rule == "wage_below_minimum"]
    return found[0].severity.value if found else None


@pytest.mark.parametrize(
    ("text", "wage", "severity"),
    [
        ("全职，单休。", "1800元/月", "block"),
        ("全职，单休。", "1850元/月", None),
        ("全职，单休。", "1700-2600元/月", "warn"),
        ("每天12小时，一个月上满30天。", "2000元/月", "block"),
        ("每天12小时，一个月上满30天。", "6000元/月", None),
        ("每天工作三小时。", "900元/月", None),
        ("周末兼职。", "15元/小时", "block"),
        ("周末兼职。", "19元/小时", None),
        ("长期。", "80元/天", "block"),
        ("长期。", "120元/天", None),
        ("面谈。", "面议", None),
    ],
)
def test_pay_against_the_minimum(text: str, wage: str, severity: str | None) -> None:
    assert wage_finding(text, wage) == severity


def test_an_unknown_place_is_said_to_be_unknown() -> None:
    assert wage_finding("全职。", "1500元/月", "610204") is None
    sent = {"title": "门卫", "wage_text": "800元/月", "region_code": "610204"}
    (found,) = [f for f in vet_sent(sent, TODAY) if f.rule == "wage_below_minimum"]
    assert found.severity == "warn"
    assert "还没填进表里" in found.advice


def test_piece_work_by_the_firms_own_estimate() -> None:
    wage = {"min_fen": 80, "max_fen": 120, "unit": "piece", "estimate_fen": 150000}
    found = vet_sent({"title": "缝纫", "wage": wage, "region_code": "360102"}, TODAY)
    assert [f.rule.value for f in found] == ["wage_below_minimum"]


@pytest.mark.parametrize(
    ("text", "day_h", "days"),
    [
        ("每天工作8小时，双休", 8, Decimal(5) * 52 / 12),
        ("两班倒，每天12小时，月休2天", 12, 28),
        ("早8点到晚8点，月休四天", 11, 26),
        ("9:00-18:00，中午休息1小时，单休", 8, Decimal(6) * 52 / 12),
        ("早9点至晚6点，午休12:00-14:00", 7, None),
        ("24小时热水，8小时长白班", 8, None),
        ("朝九晚五", 7, 5 * Decimal(52) / 12),
        ("包吃住", None, None),
    ],
)
def test_hours_are_read(text: str, day_h: int | None, days: Decimal | int | None) -> None:
    plan = read_schedule(text)
    assert plan.day_h == day_h
    assert days is None if plan.days is None else round(plan.days, 6) == round(Decimal(days or 0), 6)


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("每天八小时，单休", None),
        ("每天10小时，月休四天", "warn"),
        ("每天12小时，月休一天", "block"),
        ("四班三运转，每班8小时", None),
        ("综合计算工时制，每班12小时", None),
        ("做二休二，每班12小时", None),
        ("做一休二，每班24小时", "warn"),
        ("一天干15小时，没有休息日", "block"),
    ],
)
def test_hours_alone(text: str, severity: str | None) -> None:
    found = [
        f.severity.value for f in vet_sent({"title": "普工", "description": text}, TODAY) if f.rule == "hours"
    ]
    assert (found[0] if found else None) == severity
