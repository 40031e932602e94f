"""Posting on the phone: pasted text, templates, an earlier one again, mistakes, two taps, vetting."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.occupations.classification import occupation_name
from app.occupations.terms import Demand, Shift, WageUnit
from app.web.employer.pasted import read_pasted
from app.web.employer.trades import trades
from tests.employers.factories import TOWN, verified_employer
from tests.jobs.factories import open_job
from tests.web.employer.firms import PASTED, Boss, hidden, sign_in
from tests.web.markup import markup_faults

TOWNS = {"石柱镇": "610204113", "小丘镇": "610204107"}


def test_reading_what_hangs_in_a_group() -> None:
    read = read_pasted(PASTED, TOWNS)
    assert read["title"] == "缝纫工"
    assert (read["openings"], read["low"], read["high"], read["unit"]) == ("5", "3000", "4500", "month")
    assert read["care"] == "board lodging"
    assert read["region_code"] == "610204113"
    assert "139" not in read["description"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "小丘镇果园招10个摘苹果的，一天150块，管午饭，有车接送",
            {
                "openings": "10",
                "low": "150",
                "unit": "day",
                "care": "board transport",
                "region_code": "610204107",
            },
        ),
        ("我厂招普工20人，月收入4000到6000元，两班倒", {"title": "普工", "low": "4000", "shift": "rotating"}),
        (
            "工地招电焊工3人 要焊工证 400元一天 日结",
            {"certificates": "焊工证", "unit": "day", "profile": "day"},
        ),
        ("饭店招服务员2名，月薪2800+提成，地址：正阳路12号", {"address": "正阳路12号", "openings": "2"}),
        ("找个保姆照看老人，一个月4500，住家", {"title": "保姆", "low": "4500", "care": "lodging"}),
        ("招保安2人，50岁以下，初中文化", {"age_max": "50", "education": "junior"}),
        ("大家好，天气不错", {"openings": None, "low": None}),
        ("", {"low": None, "description": None}),
    ],
)
def test_reading_other_texts(text: str, found: dict[str, Any]) -> None:
    read = read_pasted(text, TOWNS)
    assert {name: read.get(name) for name in found} == found


@pytest.mark.parametrize("trade", trades(), ids=lambda trade: trade.key)
def test_each_template_is_a_posting_but_for_pay(
    client: TestClient, own: Boss, trade: Any, session: Session
) -> None:
    sign_in(client, own)
    page = client.get(f"/employer/post?t={trade.key}")
    assert page.status_code == 200
    assert f'value="{trade.typed["title"]}"' in page.text
    assert set(trade.typed.get("demands", "").split()) <= set(Demand)
    assert trade.typed["shift"] in set(Shift)
    shown = send(client, {**trade.typed, "openings": "3", "low": "3000", "high": "4000"}, step="show")
    assert shown.status_code == 200, shown.text[-500:]
    assert "手机上是这个样子" in shown.text
    assert "要改</span>" not in shown.text, "a template never holds what vetting refuses"


def send(client: TestClient, typed: dict[str, str], step: str = "send", **extra: str) -> Response:
    usual = {"title": "", "openings": "", "low": "", "high": "", "unit": "month", "shift": "day"}
    usual |= {"profile": "long", "region_code": TOWN, "education": "none"}
    listed: dict[str, Any] = usual | typed | extra | {"step": step}
    page = client.get("/employer/post")
    csrf = hidden(page)["csrf_token"]
    for name in ("care", "demands", "insurance"):
        listed[name] = typed.get(name, "").split()
    return client.post("/employer/post", data={"csrf_token": csrf, **listed})


def sew(**changes: str) -> dict[str, str]:
    return {"title": "缝纫工", "openings": "5", "low": "3000", "high": "4500"} | changes


def jobs(session: Session) -> list[JobPosting]:
    return list(session.scalars(select(JobPosting).execution_options(populate_existing=True)))


def test_pasted_read_shown_and_sent_once(client: TestClient, session: Session, own: Boss) -> None:
    sign_in(client, own)
    first = client.get("/employer/post")
    assert markup_faults(first.text) == []
    read = client.post("/employer/post", data=hidden(first) | {"pasted": PASTED, "step": "read"})
    assert read.status_code == 200
    assert markup_faults(read.text) == []
    shown = send(client, sew(care="board lodging", description="坐着干"), step="show")
    assert markup_faults(shown.text) == []
    assert "管住" in shown.text
    assert jobs(session) == [], "nothing is stored by looking"
    form = hidden(shown, "/employer/post") | {"step": "send"}
    one, two = (client.post("/employer/post", data=form) for _ in range(2))
    assert one.status_code == two.status_code == 303
    assert one.headers["location"] == two.headers["location"]
    (job,) = jobs(session)
    assert job.state is JobState.REVIEW
    assert job.submitted_by_id == own.user_id
    assert (job.wage_min_fen, job.wage_max_fen, job.wage_unit) == (300000, 450000, WageUnit.MONTH)
    assert job.board
    assert job.lodging
    assert job.shifts == [Shift.DAY]
    assert job.occupation_code is not None
    assert occupation_name(job.occupation_code)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"openings": "0"}, "人数要在 1 到"),
        ({"openings": "100000"}, "人数要在 1 到"),
        ({"openings": "好多"}, "写上要几个人"),
        ({"low": "", "high": ""}, "写上工钱"),
        ({"low": "三千"}, "钱数只写数"),
        ({"low": "5000", "high": "3000"}, "最低工资比最高工资还高"),
        ({"valid_until": "2020-01-01"}, "截止日期已经过了"),
        ({"age_min": "15"}, "不能招 16 周岁以下"),
        ({"title": ""}, "写上招啥人"),
        ({"region_code": "999999"}, "没有这个地区"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(
    client: TestClient, session: Session, own: Boss, changes: dict[str, str], words: str
) -> None:
    sign_in(client, own)
    page = send(client, sew(description="师傅带一个月", **changes), step="show")
    assert page.status_code == 422
    assert words in page.text
    assert "师傅带一个月" in page.text
    assert markup_faults(page.text) == []
    assert jobs(session) == []


def test_script_in_a_title_is_only_words(client: TestClient, own: Boss) -> None:
    sign_in(client, own)
    page = send(client, sew(title="<script>alert(1)</script>"), step="show")
    assert "<script>alert" not in page.text


def test_unlawful_words_are_marked_with_the_lawful_ones(
    client: TestClient, session: Session, own: Boss
) -> None:
    sign_in(client, own)
    page = send(client, sew(description="限女性。入职交押金300元。"), step="show")
    assert page.status_code == 200
    assert "有的话不能这么写" in page.text
    assert "<mark>" in page.text
    assert "押金" in page.text
    assert "不改，交给人看" in page.text
    form = hidden(page, "/employer/post") | {"step": "edit"}
    again = client.post("/employer/post", data=form)
    assert "限女性。入职交押金300元。" in again.text


def test_an_earlier_one_again_and_nobody_elses(
    client: TestClient, session: Session, clock: FixedClock, own: Boss, cipher: FieldCipher
) -> None:
    assert own.firm is not None
    last_year = open_job(session, clock, own.firm, title="锁边工", openings=7)
    others = open_job(session, clock, verified_employer(session, clock, "别家"), title="别家的活")
    sign_in(client, own)
    page = client.get(f"/employer/post?again={last_year.id}")
    assert 'value="锁边工"' in page.text
    assert 'value="7"' in page.text
    assert "照“锁边工”再发一个" in client.get("/employer/post").text
    assert client.get(f"/employer/post?again={others.id}").status_code == 404
    assert client.get(f"/employer/jobs/{others.id}").status_code == 404
    assert client.get(f"/employer/jobs/{others.id}/edit").status_code == 404
    assert client.get(f"/employer/jobs/{others.id}/print").status_code == 404


def test_a_posting_is_paused_resumed_confirmed_changed_and_closed(
    client: TestClient, session: Session, clock: FixedClock, own: Boss
) -> None:
    assert own.firm is not None
    job = open_job(session, clock, own.firm, title="锁边工", openings=7)
    sign_in(client, own)
    address = f"/employer/jobs/{job.id}"

    def tap(action: str) -> Response:
        page = client.get(address)
        assert markup_faults(page.text) == []
        return client.post(address, data=hidden(page, address) | {"action": action})

    def now() -> JobPosting:
        return jobs(session)[0]

    assert tap("pause").status_code == 303
    assert now().state is JobState.PAUSED
    assert tap("resume").status_code == 303
    before = now().valid_until
    assert tap("confirm").status_code == 303
    assert now().valid_until >= before
    assert tap("approve").status_code == 303, "not a firm's step: nothing happens"
    assert now().state is JobState.OPEN

    edit = client.get(f"{address}/edit")
    assert markup_faults(edit.text) == []
    form = hidden(edit, f"{address}/edit")
    typed = {"title": "锁边工", "openings": "9", "low": "3000", "high": "4000", "unit": "month"}
    typed |= {"shift": "day", "profile": "long", "region_code": now().region_code, "education": "none"}
    saved = client.post(f"{address}/edit", data=form | typed)
    assert saved.status_code == 303, saved.text[-600:]
    assert now().openings == 9
    stale = client.post(f"{address}/edit", data=form | typed | {"openings": "4"})
    assert stale.status_code in (409, 412)
    assert 'value="4"' in stale.text

    poster = client.get(f"{address}/print")
    assert "<svg class=chart" in poster.text
    assert markup_faults(poster.text) == []
    assert tap("close").status_code == 303
    assert now().state is JobState.CLOSED
    assert "照这个再发一个" in client.get(address).text
    assert client.post(address, data=hidden(edit) | {"action": "resume"}).status_code == 409


def test_what_stands_already_is_said_before_sending(
    client: TestClient, session: Session, clock: FixedClock, own: Boss
) -> None:
    sign_in(client, own)
    assert own.firm is not None
    job = open_job(session, clock, own.firm, title="招聘缝纫工")
    shown = send(client, sew(), step="show")
    assert "你家好像已经有一样的" in shown.text
    assert f"/employer/jobs/{job.id}" in shown.text
    assert "你家好像已经有一样的" not in send(client, sew(title="熨烫工"), step="show").text
