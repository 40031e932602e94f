"""Numbers of people in a posting's text: hidden however they are written; sums, dates and codes stay."""

import pytest

from app.vetting.numbers import HIDDEN, has_number, hide_numbers


@pytest.mark.parametrize(
    "number",
    [
        "13900005511",
        "139 0000 5511",
        "139-0000-5511",
        "１３９００００５５１１",
        "一三九〇〇〇〇五五一一",
        "幺三九零零零零五五幺幺",
        "1 3 9 0 0 0 0 5 5 1 1",
        "1.3.9.0.0.0.0.5.5.1.1",
        "139（0000）5511",
        "①③⑨0000⑤⑤①①",
        "+8613900005511",
        "1\u200b3900005511",
        "610204198501011234",
        "61020419850101123X",
        "610204 19850101 1234",
        "６１０２０４１９８５０１０１１２３４",
    ],
)
def test_a_persons_number_is_hidden(number: str) -> None:
    text = f"找老陈，打{number}，来就行"
    assert has_number(text)
    shown = hide_numbers(text)
    assert shown.replace("+", "") == f"找老陈，打{HIDDEN}，来就行"
    assert not has_number(shown)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "工资3000-4500元/月，一年13000-150000元",
        "2026年11月22日到2027年3月31日",
        "早8:00-12:00，午14:00-18:00",
        "单位电话0919-6181111",
        "编号20261122100001",
        "招3人，18-55岁，8小时，月休4天",
        "服务热线12333",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert hide_numbers(text) == text
