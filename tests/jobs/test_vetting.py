"""Vetting in a posting's life: at writing, handing in, approval, import; and reports. On both databases."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.db import Database
from app.core.errors import Invalid, TooMany
from app.core.sheets.importing import ImportOptions
from app.core.tasks import TaskRunner
from app.employers.models import Employer
from app.jobs import import_vetting, queries, reports, service, vetting_queue
from app.jobs.errors import JobMoveNotAllowed, JobNotFound, OwnDecision
from app.jobs.imports.service import import_jobs
from app.jobs.models import JobPosting
from app.jobs.schemas import JobPatch
from app.jobs.terms import JobAction, JobEventKind, JobState, ReportReason
from tests.employers import factories as given
from tests.jobs.factories import draft_job, open_job

DEPOSIT = "入职交服装押金300元，满一年退。"
WOMEN = "招女工20名，会平车。"


@pytest.fixture
def employer(session: Session, clock: FixedClock) -> Employer:
    return given.verified_employer(session, clock)


def rules_of(job: JobPosting) -> list[str]:
    return [finding["rule"] for finding in job.findings]


def handed_in(session: Session, clock: FixedClock, employer: Employer, text: str) -> JobPosting:
    member = given.member_of(employer)
    job = draft_job(session, clock, member, employer, description=text)
    return service.act_on_job(session, member, job.id, JobAction.SUBMIT, clock)


def test_findings_are_kept_and_follow_the_text(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    member = given.member_of(employer)
    job = draft_job(session, clock, member, employer, description=DEPOSIT)
    assert rules_of(job) == ["deposit"]
    assert job.findings[0]["quote"] in DEPOSIT
    better = service.edit_job(session, member, job.id, JobPatch(description="不收任何费用。"), clock)
    assert better.findings == []


def test_what_must_be_changed_is_not_approved_without_a_reason(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = handed_in(session, clock, employer, DEPOSIT)
    officer = given.township_officer()
    with pytest.raises(Invalid, match="invalid"):
        service.act_on_job(session, officer, job.id, JobAction.APPROVE, clock)
    opened = service.act_on_job(session, officer, job.id, JobAction.APPROVE, clock, reason="是退给客人的押金")
    assert opened.state is JobState.OPEN
    assert queries.list_events(session, job.id)[-1].reason == "是退给客人的押金"


def test_a_warning_is_only_shown(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = handed_in(session, clock, employer, "女士优先。")
    assert [finding["severity"] for finding in job.findings] == ["warn"]
    opened = service.act_on_job(session, given.township_officer(), job.id, JobAction.APPROVE, clock)
    assert opened.state is JobState.OPEN


def test_who_hands_in_does_not_approve(session: Session, clock: FixedClock, employer: Employer) -> None:
    officer = given.township_officer()
    job = draft_job(session, clock, officer, employer)
    service.act_on_job(session, officer, job.id, JobAction.SUBMIT, clock)
    with pytest.raises(OwnDecision):
        service.act_on_job(session, officer, job.id, JobAction.APPROVE, clock)


def test_an_import_opens_all_but_what_takes_money(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    fine = open_job(session, clock, employer)
    unequal = open_job(session, clock, employer, description=WOMEN)
    greedy = open_job(session, clock, employer, description=DEPOSIT)
    assert (fine.state, fine.needs_look) == (JobState.OPEN, False)
    assert (unequal.state, unequal.needs_look) == (JobState.OPEN, True)
    assert (greedy.state, greedy.needs_look) == (JobState.REVIEW, False)
    waiting = vetting_queue.list_waiting(session, given.township_officer())
    assert [job.id for job in waiting] == [greedy.id, unequal.id]
    assert vetting_queue.count_waiting(session, given.township_officer()) == 2
    assert vetting_queue.list_waiting(session, given.township_officer(given.OTHER_TOWN)) == []
    assert vetting_queue.list_waiting(session, given.village_officer()) == []


def test_somebody_looked_and_lets_it_stand(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = open_job(session, clock, employer, description=WOMEN)
    officer = given.township_officer()
    with pytest.raises(Invalid):
        service.keep_open(session, officer, job.id, "", clock)
    kept = service.keep_open(session, officer, job.id, "女浴室搓澡，法律许可", clock)
    assert (kept.state, kept.needs_look) == (JobState.OPEN, False)
    with pytest.raises(JobMoveNotAllowed):
        service.keep_open(session, officer, job.id, "再来一次", clock)


def report(session: Session, clock: FixedClock, job: JobPosting, who: str) -> bool:
    return reports.report_job(session, job.id, who, ReportReason.MONEY, "要押金", clock)


def test_three_people_hold_a_posting_at_once(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = open_job(session, clock, employer)
    clock.move(timedelta(minutes=5))
    assert [report(session, clock, job, who) for who in ("a", "a", "a", "b")] == [False] * 4
    assert report(session, clock, job, "c")
    held = queries.get_managed_job(session, given.township_officer(), job.id)
    assert held.state is JobState.REVIEW
    event = queries.list_events(session, job.id)[-1]
    assert (event.kind, "3 个人举报" in event.reason) == (JobEventKind.EDIT, True)
    assert vetting_queue.reports_by_job(session, [job.id]) == {job.id: 3}
    assert [line.note for line in reports.list_reports(session, job.id)] == ["要押金"] * 3
    with pytest.raises(JobNotFound):
        report(session, clock, job, "d")


def test_old_reports_do_not_count(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = open_job(session, clock, employer)
    clock.move(timedelta(minutes=5))
    report(session, clock, job, "a")
    report(session, clock, job, "b")
    clock.move(timedelta(days=8))
    assert not report(session, clock, job, "c")
    assert reports.count_reports(session, job.id, clock) == 1


def test_what_the_office_let_out_again_starts_anew(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = open_job(session, clock, employer)
    clock.move(timedelta(minutes=5))
    assert [report(session, clock, job, who) for who in "abc"] == [False, False, True]
    officer = given.township_officer()
    (first, *_) = vetting_queue.list_waiting(session, officer)
    assert first.id == job.id
    clock.move(timedelta(minutes=5))
    service.act_on_job(session, officer, job.id, JobAction.APPROVE, clock)
    clock.move(timedelta(minutes=5))
    assert not report(session, clock, job, "d")
    assert reports.count_reports(session, job.id, clock) == 1


def test_one_reporter_cannot_report_everything(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    jobs = [open_job(session, clock, employer, title=f"缝纫{number}号") for number in range(6)]
    for job in jobs[:5]:
        report(session, clock, job, "a")
    with pytest.raises(TooMany):
        report(session, clock, jobs[5], "a")


def test_the_firms_record(session: Session, clock: FixedClock, employer: Employer) -> None:
    first = handed_in(session, clock, employer, DEPOSIT)
    officer = given.township_officer()
    service.act_on_job(session, officer, first.id, JobAction.REJECT, clock, reason="删掉押金")
    second = handed_in(session, clock, employer, "会平车。")
    record = vetting_queue.firm_record(session, second)
    assert (record.postings, record.sent_back, record.last_reason) == (1, 1, "删掉押金")


def test_a_long_list_is_vetted_right_after_it_came_in(
    own_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    rows = [("平车工", "做校服。"), ("保洁员", WOMEN), ("搬运工", DEPOSIT)]
    rows += [(f"普工{n}", "装箱。") for n in range(import_vetting.FEW)]
    sheet = tmp_path / "list.csv"
    lines = ["岗位名称,单位名称,工资,工作地区,岗位描述"]
    lines += [f"{title},小丘针织社区工厂,3000元/月,陕西省铜川市耀州区小丘镇,{words}" for title, words in rows]
    sheet.write_text("\n".join(lines), encoding="utf-8")
    summary = import_jobs(own_database, sheet, ImportOptions(), clock)
    assert summary.created == len(rows)
    runner = TaskRunner(own_database, clock)
    while runner.run_one():
        pass
    with own_database.read() as session:
        states = {
            job.title: (job.state, job.needs_look)
            for job in session.scalars(select(JobPosting).where(JobPosting.title.in_(t for t, _ in rows[:3])))
        }
    assert states == {
        "平车工": (JobState.OPEN, False),
        "保洁员": (JobState.OPEN, True),
        "搬运工": (JobState.REVIEW, False),
    }
