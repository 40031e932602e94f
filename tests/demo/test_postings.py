"""Postings are lawful, whole, consistent in themselves, and as varied as a real list."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from app.demo.county import DemoCounty
from app.demo.employers import AREAS, DemoEmployer
from app.demo.postings import DemoPosting, build_postings, share_out
from app.demo.trades import all_trades, fitting
from app.employers.terms import EmployerKind, EmployerState
from app.jobs.reading.wage import read_wage
from app.jobs.terms import JobState
from app.occupations.certificates import read_certificates
from app.occupations.classification import find_occupation
from app.occupations.skills import read_skills
from app.regions import gazetteer
from tests.demo.conftest import TODAY

# Shaanxi's second tier, 2025: yuan a month and an hour; the demo stays above them (see app/demo/pay.py).
LOWEST_FEN = {"month": 205_000, "hour": 2_000, "day": 9_400}
UNLAWFUL = re.compile(
    r"男|限女|女工|女性|女士|\d岁|周岁|已婚|未婚|未育|户口|户籍|本地人|外地人|汉族|少数民族|宗教|信教|乙肝|残疾人勿|"
    r"押金|保证金|报名费|服装费|培训费|中介费|介绍费|交费|收费|贷款|扣押|身份证原件|高薪|包过|日入|轻松月入|"
    r"境外|缅北|加微信|加QQ|微信号|五官|形象好|身高|十二小时|12小时|12 小时|两班倒"
)
ASCII_LETTERS = re.compile(r"[A-Za-z]{3,}")


def by_number(county: DemoCounty) -> dict[int, DemoEmployer]:
    return {employer.number: employer for employer in county.employers}


def test_the_mix_of_places_is_as_ordered(county: DemoCounty) -> None:
    employers = by_number(county)
    areas = Counter(employers[posting.employer_number].area for posting in county.postings)
    assert sum(areas.values()) == 1_500
    assert set(areas) == set(AREAS)
    assert areas["local"] + areas["welfare"] == 825
    assert (areas["province"], areas["outside"]) == (300, 375)
    inside = [posting for posting in county.postings if posting.region_code.startswith("610204")]
    assert len(inside) == 825
    assert 300 < sum(len(posting.region_code) == 12 for posting in inside) < 500


def test_employers_of_all_kinds_most_of_them_verified(county: DemoCounty) -> None:
    kinds = Counter(employer.kind for employer in county.employers)
    assert set(kinds) == set(EmployerKind)
    assert 110 <= len(county.employers) <= 140
    states = Counter(employer.state for employer in county.employers)
    assert 2 <= states[EmployerState.PENDING] <= 8
    assert len({employer.name for employer in county.employers}) == len(county.employers)
    shares = Counter(posting.employer_number for posting in county.postings)
    assert set(shares) == {employer.number for employer in county.employers}


def test_codes_are_codes_of_the_present_tables(county: DemoCounty) -> None:
    villages = {place.code for place in county.places}
    towns = {place.town_code for place in county.places}
    for posting in county.postings:
        assert find_occupation(posting.occupation_code) is not None, posting.title
        assert gazetteer.find(posting.region_code) is not None or posting.region_code in villages
        assert set(posting.pickup) <= towns
        assert posting.transport == bool(posting.pickup)
    for trade in all_trades().values():
        assert all(find_occupation(code) for code in trade.codes.values())
        plain = {title.partition("@")[0] for title in trade.titles}
        assert set(trade.codes) <= plain
        assert set(trade.live_in) <= plain


def test_skills_and_certificates_are_words_the_product_knows() -> None:
    for trade in all_trades().values():
        for skill in trade.skills:
            assert read_skills(skill), (trade.key, skill)
        for certificate in trade.certificates:
            assert read_certificates(certificate), (trade.key, certificate)


def test_wording_is_lawful_and_plain(county: DemoCounty) -> None:
    for posting in county.postings:
        text = f"{posting.title}\n{posting.description}"
        assert not UNLAWFUL.search(text), text
        assert not ASCII_LETTERS.search(posting.description), text
        assert "@" not in text
        assert "{" not in text
        assert 2 <= len(posting.title) <= 20
        assert len(posting.address) <= 40


def test_the_watchman_over_wording_does_bark() -> None:
    for text in ("限女工", "18-45岁", "交押金 200 元", "两班倒，每天 12 小时", "有本地户口"):
        assert UNLAWFUL.search(text)


def test_descriptions_are_short_and_hardly_ever_the_same(county: DemoCounty) -> None:
    lengths = []
    for posting in county.postings:
        lines = posting.description.count("\n") + 1
        sentences = lines if lines > 1 else posting.description.count("。")
        lengths.append(sentences)
        assert 2 <= sentences <= 6, posting.description
    assert len(Counter(lengths)) >= 4
    assert len({posting.description for posting in county.postings}) >= 1_485
    assert len({posting.title for posting in county.postings}) >= 400
    assert len({posting.trade for posting in county.postings}) >= 90
    numbered = sum(posting.description.startswith("1. ") for posting in county.postings)
    assert 100 < numbered < 350


def claims(posting: DemoPosting) -> dict[str, bool]:
    """What a text says, against what the fields say."""
    text = posting.description
    return {
        "meals": not re.search(r"管三顿|一天三顿|管吃管住|吃住都管", text) or posting.meals == 3,
        "no bed": not re.search(r"不管吃住|不管住", text) or not posting.lodging,
        "bed": not re.search(r"管住|有宿舍|宿舍不收钱|四人间", text.replace("不管住", "")) or posting.lodging,
        "bus": not re.search(r"有车到|班车跑|坐班车来|专车送|发车|包车送", text) or posting.transport,
        "nights": "要上夜班" not in text or "day" not in posting.shifts,
        "five insurances": "五险" not in text or len(posting.insurance) == 5,
        "day pay": not re.search(r"干一天结一天|日结", text) or posting.profile == "day",
    }


def test_texts_say_what_the_fields_say(county: DemoCounty) -> None:
    for posting in county.postings:
        wrong = [name for name, right in claims(posting).items() if not right]
        assert not wrong, (wrong, posting.title, posting.description)


def test_wages_are_lawful_and_told_as_the_parser_reads_them(county: DemoCounty) -> None:
    units = Counter(posting.wage.unit for posting in county.postings)
    assert {"month", "day", "hour", "piece"} <= set(units)
    assert 30 < sum(posting.wage.negotiable for posting in county.postings) < 200
    for wage in (posting.wage for posting in county.postings):
        if wage.unit in LOWEST_FEN:
            assert wage.min_fen is not None
            assert wage.max_fen is not None
            assert LOWEST_FEN[wage.unit] <= wage.min_fen <= wage.max_fen
            said = read_wage(wage.text)
            assert (said.min_fen, said.max_fen, said.unit) == (wage.min_fen, wage.max_fen, wage.unit), wage
            assert said.negotiable == wage.negotiable
        if wage.unit == "piece":
            assert wage.estimate_fen is None or wage.estimate_fen >= LOWEST_FEN["month"]
        else:
            assert wage.estimate_fen is None


def test_outside_pays_more_than_a_city_s_minimum(county: DemoCounty) -> None:
    """Suzhou and Shenzhen ask for about 24 yuan an hour."""
    employers = by_number(county)
    for posting in county.postings:
        if employers[posting.employer_number].area == "outside" and posting.wage.unit == "hour":
            assert posting.wage.min_fen is not None
            assert posting.wage.min_fen >= 2_400


def test_ages_places_and_dates_are_possible(county: DemoCounty) -> None:
    for posting in county.postings:
        assert posting.age_min is None or 18 <= posting.age_min <= 22
        assert 0 <= posting.filled <= posting.openings
        assert (posting.filled == posting.openings) == (posting.state is JobState.FILLED)
        assert posting.published_at <= posting.confirmed_at
        assert posting.confirmed_at.date() <= TODAY
        assert (posting.valid_until < TODAY) == (posting.state is JobState.EXPIRED)
        assert posting.valid_until <= TODAY + timedelta(days=366)
        if posting.starts_on is not None:
            assert TODAY < posting.starts_on <= posting.valid_until
        if {"heights"} & set(posting.demands):
            assert posting.age_min is not None, posting.title


def test_most_are_open_and_some_of_every_other_state(county: DemoCounty) -> None:
    states = Counter(posting.state for posting in county.postings)
    assert states[JobState.OPEN] > 1_150
    for state in (JobState.PAUSED, JobState.FILLED, JobState.EXPIRED, JobState.REVIEW):
        assert states[state] >= 15


def test_there_is_work_for_everybody(county: DemoCounty) -> None:
    """Semi and weak labour, care hours, home work, nights, certificates, day work, seasons, buses."""
    postings = county.postings
    suits = Counter(suit for posting in postings for suit in posting.suits)
    assert suits["semi"] > 200
    assert suits["weak"] > 100
    assert suits["care_hours"] > 100
    assert suits["home_work"] >= 10
    assert sum(posting.profile == "season" for posting in postings) > 100
    assert sum(posting.profile == "day" for posting in postings) > 30
    assert sum("day" not in posting.shifts for posting in postings) > 150
    assert sum(bool(posting.certificates) for posting in postings) > 120
    assert sum(posting.transport for posting in postings) > 150
    assert sum(all_trades()[posting.trade].is_welfare for posting in postings) > 150
    towns = Counter(posting.region_code[:9] for posting in postings if posting.region_code[:6] == "610204")
    assert len(towns) == 14
    assert min(towns.values()) >= 10


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_work_in_season(county: DemoCounty, month: int) -> None:
    day = date(2027, month, 10)
    postings = build_postings(county.places, county.employers, day)
    assert len(postings) == 1_500
    # No firm is left with a title that none of the texts fits.
    assert all(len(posting.description) >= 12 for posting in postings)
    seasonal = [posting for posting in postings if posting.profile == "season"]
    assert len(seasonal) > 60
    out_of_season = [one for one in postings if not all_trades()[one.trade].is_in_season(month)]
    assert len(out_of_season) < 75  # firms that live from one season keep their old list


def test_conditions_of_texts() -> None:
    texts = ["擦玻璃", "扫楼道@小区/办公楼", "拖病房@医院"]
    assert fitting(texts, "小区保洁") == ["擦玻璃", "扫楼道"]
    assert fitting(texts, "商场") == ["擦玻璃"]


def test_shares_add_up() -> None:
    assert share_out(10, [1, 1, 1]) == [4, 3, 3]
    assert share_out(7, [5, 0, 2]) == [5, 0, 2]
    assert sum(share_out(1_500, [3, 7, 11, 13])) == 1_500
