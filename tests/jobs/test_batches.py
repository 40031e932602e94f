"""A filled-in template: what is read, what is wrong with which cell, and that nothing is posted twice."""

import io
import zipfile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.sheets import open_table, write_xlsx
from app.employers.models import Employer
from app.jobs.batches import service
from app.jobs.batches.columns import columns
from app.jobs.batches.template import write_template
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.occupations.terms import WageUnit
from tests.employers.factories import (
    OTHER_COUNTY,
    county_officer,
    member_of,
    plant_regions,
    verified_employer,
)
from tests.jobs.factories import open_job

TOWNS = ("石柱镇", "关庄镇")
GOOD = {
    "title": "缝纫工",
    "openings": "5",
    "wage_min": "3000",
    "wage_max": "4500",
    "wage_unit": "按月",
    "deadline": "2026-12-31",
    "board": "是",
    "description": "坐着干，师傅带",
}


@pytest.fixture
def firm(session: Session, clock: FixedClock) -> Employer:
    plant_regions(session)
    return verified_employer(session, clock, "小丘针织")


def sheet(*rows: dict[str, str], example: bool = True) -> bytes:
    """The template as somebody filled it in."""
    table = columns(TOWNS, ("缝纫工", "普工"))
    target = io.BytesIO()
    body = [[f"（例）{table[0].example}"]] if example else []
    body += [[row.get(column.field, "") for column in table] for row in rows]
    write_xlsx(target, [column.label for column in table], body)
    return target.getvalue()


def upload(session: Session, clock: FixedClock, firm: Employer, file: bytes) -> service.JobBatch:
    return service.upload_batch(session, member_of(firm), firm, file, "岗位.xlsx", clock)


def jobs(session: Session) -> list[JobPosting]:
    return list(session.scalars(select(JobPosting).execution_options(populate_existing=True)))


def test_template_has_lists_hints_and_an_example() -> None:
    body = write_template(columns(tuple(f"第{n}个镇" for n in range(60)), ("缝纫工",)))
    first = next(iter(open_table(body, "t.xlsx").rows()))
    assert first.cells[:3] == ["岗位名称", "工种类别", "招聘人数"]
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "按月,按天,按小时,计件" in page
    assert "选项!$H$1:$H$60" in page, "a long list stands on a sheet of its own"
    assert page.count("<dataValidation ") >= 10
    assert "prompt=" in page
    assert "（例）缝纫工" in strings


def test_rows_are_read_shown_and_handed_in_once(session: Session, clock: FixedClock, firm: Employer) -> None:
    piece = GOOD | {
        "title": "锁边工",
        "wage_min": "1",
        "wage_max": "2",
        "wage_unit": "计件",
        "estimate": "3600",
    }
    file = sheet(GOOD, piece)
    batch = upload(session, clock, firm, file)
    looked = service.look_at(session, batch, clock)
    assert [each.row.title for each in looked] == ["缝纫工", "锁边工"], "the example is passed over"
    assert all(not each.row.problems for each in looked)
    assert jobs(session) == [], "nothing is stored by looking"
    taken = service.take_batch(session, member_of(firm), batch.id, clock)
    assert taken.result is not None
    assert (taken.result["rows"], taken.result["created"], taken.result["rejected"]) == (2, 2, 0)
    sewing, hemming = jobs(session)
    assert sewing.state is hemming.state is JobState.REVIEW, "each is vetted and looked at"
    assert (sewing.wage_min_fen, sewing.wage_max_fen, sewing.openings) == (300000, 450000, 5)
    assert sewing.board
    assert (hemming.wage_unit, hemming.estimate_fen) == (WageUnit.PIECE, 360000)
    with pytest.raises(service.BatchTaken):
        service.take_batch(session, member_of(firm), batch.id, clock)
    assert upload(session, clock, firm, file).id == batch.id, "the same file is the same batch"


def test_the_same_rows_in_another_file_change_nothing(
    session: Session, clock: FixedClock, firm: Employer
) -> None:
    first = upload(session, clock, firm, sheet(GOOD))
    service.take_batch(session, member_of(firm), first.id, clock)
    more = GOOD | {"title": "熨烫工"}
    second = upload(session, clock, firm, sheet(GOOD | {"openings": "8"}, more, example=False))
    assert second.id != first.id
    taken = service.take_batch(session, member_of(firm), second.id, clock)
    assert taken.result is not None
    assert (taken.result["created"], taken.result["updated"]) == (1, 1)
    assert sorted((job.title, job.openings) for job in jobs(session)) == [("熨烫工", 5), ("缝纫工", 8)]


def test_what_stands_already_from_a_list_is_not_posted_again(
    session: Session, clock: FixedClock, firm: Employer
) -> None:
    known = open_job(
        session, clock, firm, title="缝纫工5名", wage={"min_fen": 320000, "max_fen": 400000, "unit": "month"}
    )
    batch = upload(session, clock, firm, sheet(GOOD | {"deadline": "", "description": ""}))
    (looked,) = service.look_at(session, batch, clock)
    assert looked.twin_id == known.id
    taken = service.take_batch(session, member_of(firm), batch.id, clock)
    assert taken.result is not None
    assert taken.result["unchanged"] == 1
    assert len(jobs(session)) == 1


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"title": ""}, "岗位名称", "写上招啥人"),
        ({"title": "缝" * 80}, "岗位名称", "太长了"),
        ({"openings": "0"}, "招聘人数", "人数要在 1 到"),
        ({"openings": "100000"}, "招聘人数", "人数要在 1 到"),
        ({"openings": "若干"}, "招聘人数", "只写数"),
        ({"wage_min": ""}, "工资下限", "最少拿多少"),
        ({"wage_max": "面议"}, "工资上限", "钱数只写数"),
        ({"wage_min": "5000"}, "工资下限", "最少的比最多的还多"),
        ({"wage_unit": "按趟"}, "计薪方式", "从下拉里选"),
        ({"wage_unit": "计件"}, "计件月收入", "大概能挣多少"),
        ({"deadline": "2020-01-01"}, "截止日期", "已经过了"),
        ({"deadline": "等通知"}, "截止日期", "看不出是哪天"),
        ({"deadline": "2030-01-01"}, "截止日期", "太远"),
    ],
)
def test_a_mistake_is_told_at_its_row_and_column(
    session: Session, clock: FixedClock, firm: Employer, changes: dict[str, str], column: str, words: str
) -> None:
    batch = upload(session, clock, firm, sheet(GOOD, GOOD | {"title": "熨烫工"} | changes))
    good, bad = service.look_at(session, batch, clock)
    assert not good.row.problems
    (problem,) = bad.row.problems
    assert problem.column == column
    assert words in problem.words
    assert bad.row.number == 4, "as the spreadsheet counts, example and headings included"
    taken = service.take_batch(session, member_of(firm), batch.id, clock)
    ((number, why, cells),) = service.refused_rows(taken)
    assert number == 4
    assert column in why
    assert cells
    assert len(jobs(session)) == 1, "the good row goes on"


def test_unlawful_words_are_shown_before_anything_is_sent(
    session: Session, clock: FixedClock, firm: Employer
) -> None:
    batch = upload(session, clock, firm, sheet(GOOD | {"description": "只招女工，进厂交押金300元"}))
    (looked,) = service.look_at(session, batch, clock)
    assert {finding["rule"] for finding in looked.findings} >= {"sex", "deposit"}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 200, ""),
        (b"a" * (service.MOST_BYTES + 1), "超过 2 MB"),
        ("姓名,电话\n王,1".encode(), ""),
        (sheet(example=True), "还没写岗位"),
        (sheet(*[GOOD] * 201), "超过 200 行"),
    ],
)
def test_a_file_that_is_no_list_is_refused(
    session: Session, clock: FixedClock, firm: Employer, file: bytes, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        upload(session, clock, firm, file)
    assert words in refused.value.title
    assert session.scalar(select(service.JobBatch.id)) is None


def test_only_who_may_post_for_the_firm(session: Session, clock: FixedClock, firm: Employer) -> None:
    other = verified_employer(session, clock, "别家")
    with pytest.raises(Forbidden):
        service.upload_batch(session, member_of(other), firm, sheet(GOOD), "x.xlsx", clock)
    batch = upload(session, clock, firm, sheet(GOOD))
    for stranger in (member_of(other), county_officer(OTHER_COUNTY, user_id=7)):
        with pytest.raises(NotFound):
            service.take_batch(session, stranger, batch.id, clock)
    taken = service.take_batch(session, county_officer(user_id=8), batch.id, clock)
    assert taken.result is not None
    (job,) = jobs(session)
    assert (job.state, job.submitted_by_id, job.source) == (JobState.REVIEW, 8, "office")


def test_old_batches_are_forgotten(session: Session, clock: FixedClock, firm: Employer) -> None:
    upload(session, clock, firm, sheet(GOOD))
    clock.move(service.KEPT_FOR * 2)
    service.forget_batches(session, clock)
    assert session.scalar(select(service.JobBatch.id)) is None
