"""The portal over HTTP, on both databases: from the scanned code to the ranked list."""

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.settings import Settings
from app.jobs.models import JobPosting
from tests.employers.factories import VILLAGE
from tests.web.board import OFFICER, OFFICER_PHONE, PHONE, hang_board, village_code
from tests.web.markup import markup_faults

# What an ORM list may cost: the place, the counts, the page.
MOST_STATEMENTS = 6


@pytest.fixture
def board(session: Session, clock: FixedClock) -> dict[str, JobPosting]:
    found = hang_board(session, clock)
    session.commit()
    return found


class Phone:
    """A visitor: checks the markup of every page and follows links as a finger does."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page = ""

    def get(self, address: str, status: int = 200) -> Response:
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text[:300]
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.page = answer.text
            assert markup_faults(self.page) == []
            assert PHONE not in self.page
        return answer

    def link(self, words: str) -> str:
        for address, inside in re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', self.page, re.DOTALL):
            if words in re.sub(r"<[^>]+>", "", inside):
                return str(address).replace("&amp;", "&")
        raise AssertionError(f"no link {words!r}")

    def tap(self, words: str) -> Response:
        return self.get(self.link(words))

    def submit(self, **more: object) -> Response:
        """Sends the form of the page with its hidden fields and these answers."""
        action = re.search(r'<form action="([^"]*)"', self.page)
        assert action is not None
        hidden = re.findall(r'<input type=hidden name="([^"]*)" value="([^"]*)">', self.page)
        fields = [*hidden, *((k, v) for k, values in more.items() for v in _as_list(values))]
        return self.get(f"{action[1]}?" + "&".join(f"{k}={v}" for k, v in fields))


def _as_list(values: object) -> list[str]:
    return list(values) if isinstance(values, list) else [str(values)]


@pytest.fixture
def phone(client: TestClient, board: dict[str, JobPosting]) -> Phone:
    return Phone(client)


@pytest.fixture
def villager(phone: Phone, shared_settings: Settings) -> Phone:
    """Someone who has scanned the code on the village's board."""
    phone.get(f"/q/{village_code(shared_settings)}")
    return phone


@pytest.fixture
def statements(shared_engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(shared_engine, "before_cursor_execute", note)
    yield seen
    event.remove(shared_engine, "before_cursor_execute", note)


def test_a_scanned_code_shows_the_village_and_is_remembered(villager: Phone) -> None:
    assert "<h1>石柱原村</h1>" in villager.page
    assert villager.client.cookies["at"] == VILLAGE
    assert "就在本村" in villager.page
    villager.get("/")
    assert "<h1>石柱原村</h1>" in villager.page


def test_the_officer_of_the_village_answers_with_name_and_phone_in_full(
    villager: Phone, board: dict[str, JobPosting]
) -> None:
    for address in ("/", "/help", f"/jobs/{board['sewing'].id}/ask", "/find/result?k=sew&far=county"):
        villager.get(address)
        assert OFFICER in villager.page
        assert "139 0000 2041" in villager.page
    villager.get(f"/jobs/{board['sewing'].id}")
    assert f'href="tel:{OFFICER_PHONE}"' in villager.page
    villager.get("/?at=610204103")
    assert OFFICER not in villager.page
    assert "就业热线" in villager.page


def test_a_made_up_code_is_told(phone: Phone) -> None:
    phone.get("/q/56vruhn9swa4knd", status=404)
    assert "这个码不对" in phone.page
    assert "at" not in phone.client.cookies


def test_a_code_of_a_village_that_is_gone_is_told(phone: Phone, shared_settings: Settings) -> None:
    phone.get(f"/q/{village_code(shared_settings, '610204101999')}", status=404)


def test_without_a_place_it_is_asked_first(phone: Phone) -> None:
    phone.get("/")
    assert "你在哪儿？" in phone.page
    assert phone.get("/jobs", status=303).headers["location"] == "/place"
    assert phone.get("/find", status=303).headers["location"] == "/place"
    phone.get("/place?q=石柱原")
    phone.tap("石柱原村")
    assert "<h1>石柱原村</h1>" in phone.page


def test_a_place_is_chosen_step_by_step(phone: Phone) -> None:
    phone.get("/place")
    phone.tap("陕西")
    phone.tap("铜川市")
    phone.tap("耀州区")
    assert "就看整个耀州区" in phone.page
    phone.tap("就看整个耀州区")
    assert "<h1>耀州区</h1>" in phone.page
    assert "本镇" not in phone.page


def test_an_unknown_place_asks_again(phone: Phone) -> None:
    phone.get("/?at=999999")
    assert "你在哪儿？" in phone.page
    phone.get("/place?in=999999")
    phone.get("/place?q=没有这样的地方")
    assert "没找到这个名字" in phone.page


def test_lists_page_without_repeats(villager: Phone) -> None:
    villager.get("/jobs?far=county")
    total = int(re.search(r"本区的活，(\d+) 个", villager.page)[1])  # type: ignore[index]
    seen = re.findall(r'href="/jobs/(\d+)', villager.page)
    assert len(seen) == 20
    while "再看 20 个" in villager.page:
        villager.tap("再看 20 个")
        seen += re.findall(r'href="/jobs/(\d+)', villager.page)
    assert len(seen) == len(set(seen)) == total
    counts = [int(n) for n in re.findall(r"</b>(\d+) 个</a>", villager.page)]
    assert counts[0] < counts[1] == total
    assert counts[2:] == [1, 1], "电焊工 next door and 装配工 in 苏州"


def test_farther_ranges_leave_out_the_nearer_ones(villager: Phone, board: dict[str, JobPosting]) -> None:
    villager.get("/jobs?far=province")
    assert re.findall(r'href="/jobs/(\d+)', villager.page) == [str(board["welder"].id)]
    villager.get("/jobs?far=away")
    assert re.findall(r'href="/jobs/(\d+)', villager.page) == [str(board["electronics"].id)]


def test_far_away_the_best_paid_come_first(villager: Phone) -> None:
    villager.get("/jobs?far=away")
    assert "工钱高的在前头" in villager.page
    villager.get("/jobs?far=county")
    assert "离石柱原村近的在前头" in villager.page


def test_one_trade_only(villager: Phone) -> None:
    villager.get("/kinds?far=county")
    villager.tap("村里杂活")
    assert "本区村里杂活的活，1 个" in villager.page
    assert "村道保洁" in villager.page
    villager.tap("看全部")
    assert "本区的活，45 个" in villager.page


def test_words_are_searched_and_stay_in_the_box(villager: Phone) -> None:
    villager.get("/jobs?far=province&q=王益")
    assert "省内“王益”，1 个" in villager.page
    assert 'value="王益"' in villager.page


def test_the_name_of_a_trade_is_the_trade(villager: Phone) -> None:
    villager.get("/jobs?far=province&q=电焊")
    assert "省内电焊的活，1 个" in villager.page
    assert "看全部" in villager.page


def test_nothing_found_says_where_else(villager: Phone) -> None:
    villager.get("/jobs?far=town&q=电焊")
    assert "本镇这会儿没有电焊的活" in villager.page
    villager.tap("省内有 1 个")
    assert "电焊工" in villager.page
    villager.get("/jobs?far=town&q=潜水员")
    assert "本镇别的活" in villager.page


@pytest.mark.parametrize("address", ["/jobs?p=rubbish", "/jobs/abc", "/find?step=7", f"/jobs?q={'长' * 50}"])
def test_a_broken_address_is_a_kind_page(villager: Phone, address: str) -> None:
    villager.get(address, status=422)
    assert "去首页找活" in villager.page


def test_the_same_page_again_costs_nothing(villager: Phone) -> None:
    first = villager.get("/jobs")
    again = villager.client.get("/jobs", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert villager.get("/jobs?far=away").headers["etag"] != first.headers["etag"]
    assert "private" in first.headers["cache-control"]


def test_lists_cost_few_statements(villager: Phone, statements: list[str]) -> None:
    for address in ("/", "/jobs", "/kinds", "/find?step=2"):
        statements.clear()
        villager.get(address)
        assert 0 < len(statements) <= MOST_STATEMENTS, address


def test_a_posting_says_everything(villager: Phone, board: dict[str, JobPosting]) -> None:
    job = board["sewing"]
    villager.get(f"/jobs/{job.id}")
    for words in (
        "缝纫工",
        "小丘针织社区工厂",
        "2,800–<wbr>3,600",
        "管饭",
        "不管住",
        "白班",
        "坐着干，不搬重东西。",
    ):
        assert words in villager.page
    assert "街道东头老粮站院里" in villager.page
    assert "要 8 个。" in villager.page
    assert "要交钱的都是假的" in villager.page
    data = json.loads(
        re.search(r'<script type="application/ld\+json">(.*?)</script>', villager.page)[1]  # type: ignore[index]
    )
    assert data["@type"] == "JobPosting"
    assert data["title"] == "缝纫工"
    assert data["hiringOrganization"]["name"] == "小丘针织社区工厂"
    assert data["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "unitText": "MONTH",
        "minValue": 2800,
        "maxValue": 3600,
    }
    assert data["jobLocation"]["address"]["addressRegion"] == "陕西省"
    assert data["totalJobOpenings"] == 8
    assert "刘厂长" not in villager.page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("welfare", "公益岗"),
        ("bagging", "130"),
        ("welder", "要有"),
        ("electronics", "倒班，要上夜班"),
        ("piece", "一件"),
        ("talk", "工钱面谈"),
    ],
)
def test_postings_of_every_sort(villager: Phone, board: dict[str, JobPosting], name: str, words: str) -> None:
    villager.get(f"/jobs/{board[name].id}")
    assert words in villager.page


def test_who_wants_it_is_told_whom_to_ring(villager: Phone, board: dict[str, JobPosting]) -> None:
    villager.get(f"/jobs/{board['sewing'].id}")
    villager.tap("我想去")
    villager.tap("不会填？打电话说也行")
    assert f"岗位号 <b>{board['sewing'].id}</b>" in villager.page
    assert 'href="tel:' in villager.page
    assert "<form" not in villager.page


def test_what_has_ended_is_gone_and_what_was_never_shown_is_not_found(
    villager: Phone, board: dict[str, JobPosting]
) -> None:
    villager.get(f"/jobs/{board['full'].id}", status=410)
    assert "这个活已经不招了" in villager.page
    assert "离得近的还有" in villager.page
    villager.get(f"/jobs/{board['full'].id}/ask", status=410)
    villager.get(f"/jobs/{board['review'].id}", status=404)
    villager.get("/jobs/999999", status=404)


def test_three_questions_lead_to_a_ranked_list(villager: Phone) -> None:
    villager.tap("答三个问题")
    villager.submit(k=["sew"])
    assert "愿意走多远？" in villager.page
    villager.submit(far="town")
    assert "有什么不方便？" in villager.page
    villager.submit(no=["care", "night"])
    assert re.search(r"挑好了，\d+ 个合适", villager.page)
    assert "会缝纫；镇上，天天回家；要照看老人、接送娃；不上夜班" in villager.page
    assert "很合适" in villager.page
    assert "你会" in villager.page
    assert "为什么没排进来" in villager.page
    assert "比你说的远" in villager.page
    assert not re.search(r"\d+(\.\d+)? ?分", villager.page), "no score is ever shown"


def test_the_second_question_is_not_skipped(villager: Phone) -> None:
    villager.get("/find?step=3&k=sew")
    assert "点一个，再往下走。" in villager.page
    assert 'value="sew"' in villager.page


def test_answers_can_be_changed(villager: Phone) -> None:
    villager.get("/find/result?k=sew&far=county&no=night")
    villager.tap("改")
    assert re.search(r'value="sew" checked', villager.page)
    villager.submit(k=["cook"])
    assert re.search(r'value="county" checked', villager.page)


def test_near_misses_lead_on(villager: Phone, board: dict[str, JobPosting]) -> None:
    villager.get("/find/result?k=sew&far=village")
    assert "就差一点" in villager.page
    villager.tap("走远点，再挑一遍")
    assert "far=village" not in villager.link("改")


def test_everything_works_with_cookies_refused(phone: Phone, shared_settings: Settings) -> None:
    phone.get(f"/q/{village_code(shared_settings)}")
    phone.client.cookies.clear()
    phone.tap("大字")
    phone.client.cookies.clear()
    assert '<html lang="zh-CN" class=s2>' in phone.page
    phone.tap("本镇")
    phone.client.cookies.clear()
    assert "class=s2" in phone.page
    assert "本镇的活" in phone.page
    phone.tap("答三个问题")
    phone.client.cookies.clear()
    phone.submit(k=["sew"])
    phone.client.cookies.clear()
    assert "class=s2" in phone.page
    assert "愿意走多远" in phone.page
    phone.submit(far="county")
    phone.client.cookies.clear()
    phone.submit()
    assert "挑好了" in phone.page
    assert "class=s2" in phone.page


def test_english_is_chosen_and_kept(villager: Phone) -> None:
    villager.tap("English")
    assert '<html lang="en">' in villager.page
    villager.get("/jobs")
    assert "Nearest to 石柱原村 first" in villager.page
    villager.get("/find/result?k=sew&far=county")
    assert "jobs fit you" in villager.page
    assert "you can do 缝纫" in villager.page
    villager.get("/find/result?k=sew&far=village")
    assert re.search(r"Anywhere in your town: \d+ more", villager.page)
    assert "多出" not in villager.page
    villager.get("/")
    villager.tap("中文")
    assert '<html lang="zh-CN">' in villager.page


def test_help_and_formula(villager: Phone) -> None:
    villager.get("/help")
    assert "12333" in villager.page
    villager.get("/formula")
    points = [int(n) for n in re.findall(r"(\d+) 分</li>", villager.page)]
    assert sum(points) == 100


def test_an_unknown_address_is_a_kind_page(phone: Phone) -> None:
    phone.get("/nope", status=404)
    assert "没找到这一页" in phone.page
