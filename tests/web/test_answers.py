"""The three questions: what the address carries and what matching is told."""

import pytest
from starlette.datastructures import QueryParams

from app.regions.terms import Reach
from app.web.languages import languages
from app.web.portal.answers import Answers, read_answers
from app.web.portal.kinds import KINDS, cover, kind_of
from app.web.portal.ranges import choose_range, ranges_of

ZH = languages()["zh-Hans"]
SAID = Answers(("sew", "cook"), "town", ("care", "night"))


def test_answers_survive_the_address() -> None:
    assert read_answers(QueryParams(list(SAID.pairs()))) == SAID
    assert SAID.pairs(without="far") == tuple(pair for pair in SAID.pairs() if pair[0] != "far")


def test_what_is_not_ours_is_left_aside() -> None:
    query = QueryParams([("k", "x"), ("k", "office"), ("far", "moon"), ("no", "<b>"), ("name", "王")])
    assert read_answers(query) == Answers()


def test_answers_are_said_back() -> None:
    assert SAID.sentences(ZH, "耀州区") == (
        "会缝纫、做饭",
        "镇上，天天回家",
        "要照看老人、接送娃",
        "不上夜班",
    )
    assert Answers(far="county").sentences(ZH, "耀州区") == ("耀州区里都行",)
    assert Answers().sentences(ZH, "耀州区") == ("没说要求",)


def test_limits_become_demands() -> None:
    assert Answers(limits=("night", "heavy", "live")).demands == ("heavy_lifting", "night")
    assert SAID.reach is Reach.TOWNSHIP
    assert Answers().reach is Reach.COUNTY


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("610204102", ["本镇", "本区", "省内", "外地"]),
        ("610204001", ["本街道", "本区", "省内", "外地"]),
        ("610204", ["本区", "省内", "外地"]),
        ("610222", ["本县", "省内", "外地"]),
        ("610200", ["本市", "省内", "外地"]),
        ("610000", ["省内", "外地"]),
    ],
)
def test_tiles_begin_at_the_readers_own_step(code: str, names: list[str]) -> None:
    assert [each.name for each in ranges_of(code, ZH)] == names


def test_range_of_an_address() -> None:
    ranges = ranges_of("610204102", ZH)
    assert choose_range(ranges, "town").reach is Reach.TOWNSHIP
    assert choose_range(ranges, "nonsense").reach is Reach.COUNTY
    assert choose_range(ranges_of("610000", ZH), "town").reach is Reach.PROVINCE


def test_prefixes_of_a_trade_hold_its_own_occupations_only() -> None:
    owners: dict[str, str] = {}
    for kind in KINDS:
        for prefix in cover(kind.code):
            assert owners.setdefault(prefix, kind.code) == kind.code
    for code in ("6-05-01-03", "6-18-02-04", "6-25-04-01", "4-09-08-01"):
        mine = [kind.code for kind in KINDS if any(code.startswith(p) for p in cover(kind.code))]
        assert mine == [kind_of(code).code]
