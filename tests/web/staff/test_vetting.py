"""The vetting queue, and the page for reports; without scripts."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock
from app.jobs import queries
from app.jobs.bulk import JobDraft, save_jobs
from app.jobs.models import JobPosting
from app.jobs.schemas import JobIn
from app.jobs.terms import JobState
from app.web.staff.vetting_views import LETTER_MOST, letter_for, mark_text
from tests.databases import RolledBackDatabase
from tests.employers import factories as given
from tests.web.staff.conftest import Desk, hidden_in
from tests.web.staff.village import Village

DEPOSIT = "会平车优先。入职交服装押 金 300元，满一年退。<b>35岁以下</b>"


@pytest.fixture
def jobs(database: RolledBackDatabase, clock: FixedClock, village: Village) -> dict[str, int]:
    """A greedy posting that is held, an unequal one that is open, a clean one in review."""
    texts = {
        "greedy": DEPOSIT,
        "unequal": "招女工20名。",
        "clean": "男女不限，免费培训。",
        "open": "单休。",
    }
    with database.write() as session:
        firm = given.verified_employer(session, clock)
        for key, text in texts.items():
            form = JobIn.model_validate(
                {
                    "employer_id": firm.id,
                    "title": f"缝纫工{key}",
                    "region_code": given.TOWN,
                    "description": text,
                }
            )
            save_jobs(session, [JobDraft(form, f"vet {key}")], clock, opened=key != "clean")
        keys = [f"vet {key}" for key in texts]
        return {key.split()[1]: job.id for key, job in queries.find_jobs_by_key(session, keys).items()}


@pytest.fixture
def county(desk_of: Any, village: Village) -> Desk:
    found: Desk = desk_of(village.county)
    return found


def state_of(database: RolledBackDatabase, job_id: int) -> JobState:
    with database.read() as session:
        return queries.get_managed_job(session, SYSTEM, job_id).state


def test_words_are_marked_as_written(county: Desk, jobs: dict[str, int]) -> None:
    page = county.see(f"/staff/vetting?job={jobs['greedy']}")
    assert "审岗位：3 个等着" in page
    assert "服装押 金 300元" in page.split("<mark>", 1)[1].split("</mark>")[0]
    assert "<mark>35岁以下</mark>" in page
    assert "&lt;b&gt;" in page
    assert "劳动合同法第九条" in page
    assert "查错了，确实没问题" in page
    assert "value=approve accesskey" not in page


def test_send_back_with_the_letter(county: Desk, jobs: dict[str, int], database: RolledBackDatabase) -> None:
    shown = county.see(f"/staff/vetting?job={jobs['greedy']}")
    letter = shown.split("<textarea name=letter", 1)[1].split(">", 1)[1].split("</textarea>")[0]
    assert letter.startswith("您好")
    answer = county.send(shown, f"/staff/vetting/{jobs['greedy']}", action="reject", letter=letter, why="")
    assert "退回去了" in county.follow(answer)
    assert state_of(database, jobs["greedy"]) is JobState.REJECTED


def test_a_block_needs_a_reason(county: Desk, jobs: dict[str, int], database: RolledBackDatabase) -> None:
    address = f"/staff/vetting/{jobs['greedy']}"
    shown = county.see(f"/staff/vetting?job={jobs['greedy']}")
    refused = county.refused(county.send(shown, address, action="approve", letter="", why=""), 422)
    assert "写清理由再通过" in refused
    answer = county.send(shown, address, action="approve", letter="", why="客人的押金")
    assert "放出去了" in county.follow(answer)
    assert state_of(database, jobs["greedy"]) is JobState.OPEN


def test_an_open_one_may_stay(county: Desk, jobs: dict[str, int], database: RolledBackDatabase) -> None:
    shown = county.see(f"/staff/vetting?job={jobs['unequal']}")
    assert "放着不动" in shown
    county.follow(county.send(shown, f"/staff/vetting/{jobs['unequal']}", action="keep", why="法律许可"))
    assert state_of(database, jobs["unequal"]) is JobState.OPEN
    assert f"job={jobs['unequal']}" not in county.see("/staff/vetting")


def test_all_clean_ones_at_once(county: Desk, jobs: dict[str, int], database: RolledBackDatabase) -> None:
    shown = county.see("/staff/vetting")
    assert "没毛病的 1 个，一起通过" in shown
    county.follow(county.send(shown, "/staff/vetting/clean"))
    assert state_of(database, jobs["clean"]) is JobState.OPEN
    assert state_of(database, jobs["greedy"]) is JobState.REVIEW


def test_village_officers_and_made_up_actions(
    county: Desk, desk: Desk, jobs: dict[str, int], database: RolledBackDatabase
) -> None:
    assert desk.client.get("/staff/vetting").status_code == 403
    shown = county.see(f"/staff/vetting?job={jobs['clean']}")
    answer = county.send(shown, f"/staff/vetting/{jobs['clean']}", action="burn")
    assert answer.status_code == 403
    assert state_of(database, jobs["clean"]) is JobState.REVIEW
    old = county.send(shown, f"/staff/vetting/{jobs['clean']}", action="approve", version=0)
    assert old.status_code in (409, 412)


def test_reports_from_the_phone(
    county: Desk, jobs: dict[str, int], database: RolledBackDatabase, client: TestClient
) -> None:
    address = f"/jobs/{jobs['open']}/report"
    page = client.get(address).text
    assert "这个活有什么毛病" in page
    assert client.post(address, data={"reason": "nonsense"}).status_code == 422
    assert "收到了" in client.post(address, data={"reason": "money", "note": "要我交300"}).text
    foreign = client.post(address, data={"reason": "money"}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert client.get("/jobs/999999/report").status_code == 404
    assert hidden_in(page) is not None


def test_letters_fit() -> None:
    finding = {"severity": "block", "rule": "fee", "quote": "费" * 60, "advice": "删掉这项费用。" * 9}
    assert len(letter_for("缝" * 60, [finding] * 9)) <= LETTER_MOST
    assert letter_for("缝纫工", []) == ""


def test_marks_never_overlap() -> None:
    text = "押金300元押金"
    findings = [
        {"start": 0, "quote": "押金300元", "severity": "block"},
        {"start": 2, "quote": "300元", "severity": "warn"},
        {"start": 6, "quote": "押金", "severity": "warn"},
        {"start": 3, "quote": "不在这", "severity": "warn"},
    ]
    pieces = mark_text(text, findings)
    assert "".join(piece.words for piece in pieces) == text
    assert [piece.tone for piece in pieces] == ["b", "w"]


def test_one_vacancy_told_twice_is_joined(
    county: Desk, jobs: dict[str, int], database: RolledBackDatabase
) -> None:
    with database.write() as session:
        session.get_one(JobPosting, jobs["clean"]).title = "急招缝纫工open（5名）"
    page = county.see(f"/staff/vetting?job={jobs['clean']}")
    assert "像是同一个活" in page
    assert "导入的表" in page
    address = f"/staff/vetting/{jobs['clean']}/join"
    refused = county.refused(county.send(page, address, into=str(jobs["greedy"])), 409)
    assert "不是同一个活" in refused
    assert "并好了" in county.follow(county.send(page, address, into=str(jobs["open"])))
    assert state_of(database, jobs["clean"]) is JobState.CLOSED
    assert state_of(database, jobs["open"]) is JobState.OPEN


def test_rules_of_posting(county: Desk) -> None:
    address = "/staff/posting-rules"
    page = county.see(address)
    assert "这个省的标准还没填进表里" in page, "unknown, and said to be"
    wage = {"month": "2050", "hour": "20", "since": "2026-01-01", "source": "陕人社发〔2025〕1号"}
    wrong = county.send(page, f"{address}/wage", **(wage | {"month": "20500"}))
    assert "不像是钱数" in county.refused(wrong, 422)
    saved = county.follow(county.send(page, f"{address}/wage", **wage))
    assert "改好了，马上算数" in saved
    assert "陕人社发〔2025〕1号" in saved
    assert "这个省的标准还没填进表里" not in saved
    wrong = county.send(page, f"{address}/caps", enterprise="0")
    assert "填 1 到 1,000" in county.refused(wrong, 422)
    saved = county.follow(county.send(page, f"{address}/caps", enterprise="3", workshop=""))
    assert 'name="enterprise" value="3"' in saved
    assert 'name="workshop" value=""' in saved


def test_a_firms_sheet_by_an_officer(
    county: Desk, jobs: dict[str, int], database: RolledBackDatabase
) -> None:
    assert "没找到" in county.see("/staff/batches?firm=没有这家")
    page = county.see("/staff/batches?firm=耀州红星制衣")
    found = re.search(r'href="(/staff/batches/template.xlsx[^"]+)"', page)
    assert found is not None
    template = county.client.get(found[1])
    assert template.status_code == 200
    file = {"file": ("岗位.xlsx", template.content, "application/octet-stream")}
    form = hidden_in(page)
    nobody = county.client.post("/staff/batches", data=form | {"firm": "没有这家"}, files=file)
    assert "没找到这家单位" in county.refused(nobody, 422)
    empty = county.client.post("/staff/batches", data=form | {"firm": "耀州红星制衣"}, files=file)
    assert "还没写岗位" in county.refused(empty, 422)
