"""Pairs that differ in a word: unlawful and lawful."""

import time
from datetime import date

import pytest

from app.jobs.vetting import vet_sent

TODAY = date(2026, 11, 22)


def findings(text: str, title: str = "普工", **more: object) -> list[tuple[str, str]]:
    found = vet_sent({"title": title, "description": text, **more}, TODAY)
    return [(finding.rule.value, finding.severity.value) for finding in found]


@pytest.mark.parametrize(
    ("bad", "rule", "lawful"),
    [
        ("入职交押金300元。", "deposit", "入职不交押金。"),
        ("体检费200元自己出。", "fee", "体检费厂里出。"),
        ("不收中介费，押金300元。", "deposit", "不收中介费、押金。"),
        ("培训费可以分期，上岗后还。", "training_loan", "免费培训，不贷款，不分期。"),
        ("身份证交公司保管。", "id_holding", "身份证复印件交公司存档。"),
        ("押证件，离职退。", "id_holding", "凡扣押证件的都是骗子。"),
        ("招女工20名。", "sex", "男女不限，招20名。"),
        ("男士优先。", "sex", "有经验的优先。"),
        ("35岁以下。", "age", "16周岁以上，60岁以下。"),
        ("限汉族。", "ethnicity", "民族不限，少数民族优先。"),
        ("只招本地人。", "hukou", "本地外地都可以，户口不限。"),
        ("入职查乙肝。", "health_carrier", "入职不查乙肝。"),
        ("未婚，形象好。", "marriage_childbirth", "已婚未婚均可，有婚假产假。"),
        ("信教的不要。", "religion", "宗教信仰不限。"),
        ("残疾人勿扰。", "disability", "残疾人优先。"),
        ("14岁以上就行。", "minor", "不收未满16周岁的。"),
        ("加微信abc8866报名。", "contact_smuggling", "负责微信公众号运营。"),
        ("刷单日结。", "false_promise", "严禁刷单。"),
    ],
)
def test_pairs(bad: str, rule: str, lawful: str) -> None:
    assert rule in [found for found, _ in findings(bad)]
    assert [found for found in findings(lawful) if found[1] == "block"] == []


def test_a_preference_for_women_is_shown_one_for_men_held() -> None:
    assert findings("女士优先。") == [("sex", "warn")]
    assert findings("男性优先。") == [("sex", "block")]


def test_mines_may_ask_for_men() -> None:
    text = "限男性，井下作业，国家规定女职工禁忌。"
    assert findings(text, "采煤工") == [("sex", "warn")]


def test_public_welfare_posts_may_ask_for_the_village() -> None:
    text = "限本村户籍，50岁以上。"
    assert findings(text, "保洁员", employer_kind="public_welfare") == []
    assert ("hukou", "block") in findings(text, "文员")


def test_columns_of_a_form() -> None:
    assert findings("", age_min=18, age_max=35) == [("age", "warn")]
    assert findings("", age_min=15, age_max=60) == [("minor", "block")]
    found = vet_sent({"title": "前台", "gender": "女", "age": "18-35"}, TODAY)
    assert {(f.rule.value, f.quote) for f in found} == {("sex", "女"), ("age", "18-35")}


def test_clubs_take_nobody_under_18() -> None:
    assert ("minor", "block") in findings("16周岁以上，上夜班。", "KTV服务员")
    assert ("minor", "block") not in findings("16周岁以上，上夜班。", "超市理货")


@pytest.mark.parametrize(
    "sent", [{}, {"title": ""}, {"title": None}, {"title": 5, "wage": []}, {"title": "x" * 9000}]
)
def test_any_line_is_answered(sent: dict[str, object]) -> None:
    assert vet_sent(sent, TODAY) == []


@pytest.mark.parametrize("hostile", ["1" * 4000, "十元" * 2000, "押金" * 2000, "a@" * 2000, "早8点" * 900])
def test_hostile_texts_take_no_time(hostile: str) -> None:
    before = time.process_time()
    findings(hostile)
    assert time.process_time() - before < 2
