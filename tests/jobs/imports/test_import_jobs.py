"""Lists of vacancies as offices send them, taken in through the front door."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.errors import Invalid
from app.core.sheets import TableUnreadable, open_table
from app.core.sheets.importing import ImportOptions, ImportSummary, read_mapping
from app.employers.models import Employer
from app.employers.service import act_on_employer
from app.employers.terms import EmployerAction, EmployerState
from app.jobs.imports import import_jobs
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.occupations.terms import Education, WageUnit
from app.regions.datum import wgs84_to_gcj02
from app.regions.projection import project
from app.regions.scope import distance_m
from tests.employers.factories import COUNTY

HEADER = [
    "岗位名称",
    "单位名称",
    "工资待遇",
    "招聘人数",
    "工作地点",
    "学历要求",
    "年龄要求",
    "截止日期",
    "备注",
]
PLACE = "陕西省铜川市耀州区"


def line(**changes: str) -> list[str]:
    row = dict(
        zip(
            HEADER,
            [
                "缝纫工",
                "耀州红星制衣有限公司",
                "3000-4500元/月",
                "5人",
                PLACE,
                "不限",
                "18-50岁",
                "2026-12-31",
                "包吃住，五险",
            ],
            strict=True,
        )
    )
    return list((row | changes).values())


def write(folder: Path, rows: list[list[str]], header: list[str] = HEADER, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def take_in(database: Database, path: Path, clock: FixedClock, **options: Any) -> ImportSummary:
    summary = import_jobs(database, path, ImportOptions(**options), clock)
    assert summary.rows == summary.created + summary.updated + summary.unchanged + summary.rejected
    return summary


def jobs(database: Database) -> list[JobPosting]:
    with database.read() as session:
        return list(session.scalars(select(JobPosting).order_by(JobPosting.id)))


def counts(summary: ImportSummary) -> tuple[int, int, int, int]:
    return summary.created, summary.updated, summary.unchanged, summary.rejected


def test_a_row_becomes_an_open_posting_of_a_verified_employer(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    assert counts(take_in(database, write(tmp_path, [line()]), clock)) == (1, 0, 0, 0)
    (job,) = jobs(database)
    assert (job.title, job.state, job.openings, job.region_code) == ("缝纫工", JobState.OPEN, 5, COUNTY)
    assert (job.wage_min_fen, job.wage_max_fen, job.wage_unit) == (300000, 450000, WageUnit.MONTH)
    assert (job.age_min, job.age_max, job.education) == (18, 50, Education.NONE)
    assert (job.board, job.lodging, job.valid_until) == (True, True, date(2026, 12, 31))
    assert "pension" in job.insurance
    with database.read() as session:
        employer = session.get(Employer, job.employer_id)
        assert employer is not None
        assert employer.state is EmployerState.VERIFIED


def test_the_same_list_again_changes_nothing_and_a_new_wage_updates(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    rows = [line(), line(岗位名称="焊工", 工资待遇="200元/天")]
    take_in(database, write(tmp_path, rows), clock)
    clock.move(timedelta(days=3))
    assert counts(take_in(database, write(tmp_path, rows), clock)) == (0, 0, 2, 0)
    assert counts(take_in(database, write(tmp_path, [line(工资待遇="5000"), rows[1]]), clock)) == (0, 1, 1, 0)
    assert [job.wage_min_fen for job in jobs(database)] == [500000, 20000]


def test_repeated_rows_count_as_unchanged_and_other_pay_is_another_vacancy(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    rows = [
        line(),
        line(截止日期="2026-12-30"),
        line(工资待遇="5000-6000"),
        line(单位名称="耀州红星制衣（有限公司）"),
    ]
    assert counts(take_in(database, write(tmp_path, rows), clock)) == (2, 0, 2, 0)
    assert counts(take_in(database, write(tmp_path, rows), clock)) == (0, 0, 4, 0)


def test_without_a_usable_deadline_30_days_and_a_passed_one_expires(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    rows = [
        line(截止日期="1970-01-01"),
        line(岗位名称="焊工", 截止日期="2026年5月1日"),
        line(岗位名称="电工", 截止日期="长期有效"),
    ]
    summary = take_in(database, write(tmp_path, rows), clock)
    assert summary.created == 3
    month = clock.today() + timedelta(days=30)
    assert [(job.state, job.valid_until) for job in jobs(database)] == [
        (JobState.OPEN, month),
        (JobState.EXPIRED, date(2026, 5, 1)),
        (JobState.OPEN, month),
    ]


def test_review_holds_everything_back(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    take_in(database, write(tmp_path, [line()]), clock, review=True)
    (job,) = jobs(database)
    assert job.state is JobState.REVIEW
    with database.read() as session:
        assert session.scalar(select(Employer.state)) is EmployerState.PENDING


def test_a_dry_run_counts_and_stores_nothing(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    path = write(tmp_path, [line(), line(), line(岗位名称="")])
    assert counts(take_in(database, path, clock, dry_run=True)) == (1, 0, 1, 1)
    assert jobs(database) == []
    with database.read() as session:
        assert session.scalar(select(Employer.id)) is None


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_rejects_repeat_the_row_with_its_number_and_a_reason(
    database: Database, clock: FixedClock, tmp_path: Path, suffix: str
) -> None:
    rows = [line(), line(岗位名称=""), line(单位名称=""), line(工作地点="和平区"), line(工作地点="")]
    out = tmp_path / f"rejects.{suffix}"
    assert counts(take_in(database, write(tmp_path, rows), clock, rejects=out)) == (1, 0, 0, 4)
    written = [row.cells for row in open_table(out).rows()]
    assert written[0] == ["行号", "没收进来的原因", *HEADER]
    assert [row[0] for row in written[1:]] == ["3", "4", "5", "6"]
    assert [row[1] for row in written[1:]] == [
        "没写岗位名称。",
        "没写单位名称。",
        "“和平区”不止一个地方叫这个名字，请写上省和市。",
        "没写工作地点。",
    ]
    assert written[1][3] == "耀州红星制衣有限公司"


def test_the_office_s_own_place_serves_rows_without_one(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    path = write(tmp_path, [line(工作地点="")])
    assert take_in(database, path, clock, region_code=COUNTY).created == 1
    (job,) = jobs(database)
    assert (job.region_code, job.office_code) == (COUNTY, COUNTY)


def test_an_unknown_office_is_refused(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        take_in(database, write(tmp_path, [line()]), clock, region_code="999999")


def test_dirt_is_left_out_and_remarked(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    row = line(工资待遇="2000~300", 年龄要求="18-4", 招聘人数="若干")
    summary = take_in(database, write(tmp_path, [row]), clock)
    (job,) = jobs(database)
    assert (job.wage_min_fen, job.wage_max_fen, job.wage_text) == (None, None, "2000~300")
    assert (job.age_min, job.age_max, job.openings) == (None, None, 1)
    assert len(summary.notes) == 3


def test_headings_with_units_and_two_ends(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    header = [
        "用人单位",
        "工种",
        "最低工资（元/天）",
        "最高工资（元/天）",
        "需求人数",
        "区县",
        "市",
        "最小年龄",
        "最大年龄",
    ]
    path = write(
        tmp_path, [["红星农场", "采摘工", "120", "160", "二十人", "耀州区", "铜川市", "18", "60"]], header
    )
    assert take_in(database, path, clock).created == 1
    (job,) = jobs(database)
    assert (job.wage_min_fen, job.wage_max_fen, job.wage_unit) == (12000, 16000, WageUnit.DAY)
    assert (job.openings, job.age_min, job.age_max, job.region_code) == (20, 18, 60, COUNTY)


def test_mapping_names_columns_we_do_not_know(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    path = write(tmp_path, [["焊工", "红星厂", PLACE]], ["干啥", "谁家", "在哪"])
    with pytest.raises(TableUnreadable):
        take_in(database, path, clock)
    mapping = tmp_path / "map.json"
    mapping.write_text('{"干啥": "岗位名称", "谁家": "employer", "在哪": "address"}', encoding="utf-8")
    assert take_in(database, path, clock, mapping=read_mapping(mapping)).created == 1


def test_a_firm_s_name_merged_over_its_posts(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["耀州区2026年冬季招聘岗位汇总表"])
    page.merge_cells("A1:D1")
    page.append(["单位名称", "岗位名称", "工资", "工作地点"])
    page.append(["耀州红星制衣有限公司", "缝纫工", 4000, PLACE])
    page.append([None, "裁剪工", "4500-5500", PLACE])
    page.append([None, "无主岗位", "4500", PLACE])
    page.merge_cells("A3:A4")
    path = tmp_path / "list.xlsx"
    book.save(path)
    assert counts(take_in(database, path, clock)) == (2, 0, 0, 1)
    first, second = jobs(database)
    assert first.employer_id == second.employer_id
    assert second.wage_max_fen == 550000


def test_a_barred_firm_s_rows_are_refused(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    path = write(tmp_path, [line()])
    take_in(database, path, clock)
    with database.write() as session:
        employer = session.scalars(select(Employer)).one()
        act_on_employer(session, SYSTEM, employer.id, EmployerAction.BAR, clock, reason="收押金")
    summary = take_in(database, write(tmp_path, [line(岗位名称="焊工")]), clock)
    assert summary.rejected == 1
    assert list(summary.reasons) == ["这家单位在禁止发布的名单里。"]


def test_a_firm_with_work_in_two_counties_is_one_firm(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    take_in(database, write(tmp_path, [line(), line(工作地点="陕西省铜川市印台区")]), clock)
    take_in(database, write(tmp_path, [line(岗位名称="焊工", 工作地点="陕西省西安市雁塔区")]), clock)
    assert len({job.employer_id for job in jobs(database)}) == 1
    assert len(jobs(database)) == 3


def test_progress_is_told_after_every_batch(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = write(tmp_path, [line(岗位名称=f"工种{n}") for n in range(501)])
    import_jobs(
        database, path, ImportOptions(), clock, progress=lambda done, total: told.append((done, total))
    )
    assert told == [(500, 501), (501, 501)]


def test_a_break_in_the_middle_is_made_good_by_the_same_file(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    path = write(tmp_path, [line(岗位名称=f"工种{n}") for n in range(600)])

    def break_off(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_jobs(database, path, ImportOptions(), clock, progress=break_off)
    assert len(jobs(database)) == 500
    assert counts(take_in(database, path, clock)) == (100, 0, 500, 0)
    assert len(jobs(database)) == 600


def test_the_real_list_adds_up_in_both_encodings(
    database: Database, clock: FixedClock, shared_data: Path, tmp_path: Path
) -> None:
    folder = shared_data / "jobs"
    short = folder / "postings_1dagong_2015_dev_gb18030.csv"
    full = list(open_table(folder / "postings_1dagong_2015_dev.csv").rows())
    assert [row.cells for row in open_table(short).rows()] == [row.cells for row in full[:301]]
    first = take_in(database, short, clock)
    assert first.rows == 300
    assert first.rejected <= 3
    assert counts(take_in(database, short, clock)) == (0, 0, 300 - first.rejected, first.rejected)


HERE = (108.976, 34.912)
"""耀州区, as GPS has it."""


def with_points(folder: Path, point: tuple[float, float], system: str | None = None) -> Path:
    columns = ["经度", "纬度"] + ([] if system is None else ["坐标系"])
    cells = [str(point[0]), str(point[1])] + ([] if system is None else [system])
    return write(folder, [[*line(), *cells]], [*HEADER, *columns])


@pytest.mark.parametrize(
    ("column", "option", "is_moved"),
    [
        (None, None, False),
        ("百度地图", None, True),
        (None, "bd09", True),
        ("WGS-84", "bd09", False),
        ("说不清", "bd09", True),
        ("高德还是百度", None, False),
    ],
)
def test_points_of_a_baidu_map_are_brought_to_where_they_are(
    database: Database,
    tmp_path: Path,
    clock: FixedClock,
    column: str | None,
    option: str | None,
    is_moved: bool,
) -> None:
    """The sheet's own column goes before the option; without either a point stays, and that is said."""
    shifted = wgs84_to_gcj02(*HERE)
    baidu = (shifted[0] + 0.0065, shifted[1] + 0.006)
    summary = take_in(database, with_points(tmp_path, baidu, column), clock, coordinates=option)
    job = jobs(database)[0]
    assert job.lng is not None
    assert job.lat is not None
    way = distance_m(project(job.lng, job.lat), project(*HERE))
    assert (way < 60) is is_moved, "the pair is made to the first order only"
    assert is_moved or way > 500
    said = " ".join(summary.notes)
    assert ("百度地图（BD-09）换算过了" in said) is is_moved
    assert ("照原样收" in said) is (column in (None, "高德还是百度") and option is None)
