"""导出岗位: an office's postings as a table whose headings its own import knows again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.db import Database
from app.core.sheets import write_csv, write_xlsx
from app.core.sheets.writing import Cell
from app.jobs import queries
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.occupations.certificates import certificate_label
from app.occupations.classification import occupation_name
from app.occupations.terms import Education, Shift
from app.regions import gazetteer

COLUMNS: Final = (
    "编号",
    "岗位名称",
    "职业名称",
    "单位名称",
    "单位类型",
    "统一社会信用代码",
    "招聘人数",
    "已招人数",
    "工资待遇",
    "年龄要求",
    "学历要求",
    "证书要求",
    "班次",
    "是否包吃",
    "是否包住",
    "班车",
    "工作地区",
    "工作地点",
    "发布日期",
    "截止日期",
    "状态",
    "岗位描述",
)
_AT_ONCE: Final = 100


def export_jobs(database: Database, actor: Actor, region_code: str | None, path: Path) -> int:
    """Writes the postings in the actor's care, of a region or all, to .csv or .xlsx; returns how many.

    Contact persons and their phones stay out. Raises UnknownRegion, OSError.
    """
    with database.read() as session:
        rows = (_row(job) for job in _jobs(session, actor, region_code))
        write = write_csv if path.suffix.lower() == ".csv" else write_xlsx
        return write(path, COLUMNS, rows)


def _jobs(session: Session, actor: Actor, region_code: str | None) -> Iterator[JobPosting]:
    filters, cursor = JobFilters(region_code=region_code), None
    while True:
        page, cursor = queries.list_managed_jobs(session, actor, filters, limit=_AT_ONCE, cursor=cursor)
        yield from page
        session.expunge_all()
        if cursor is None:
            return


def _row(job: JobPosting) -> list[Cell]:
    return [
        job.id,
        job.title,
        occupation_name(job.occupation_code) if job.occupation_code else "",
        job.employer.name,
        job.employer.kind.label,
        job.employer.credit_code or "",
        job.openings,
        job.filled,
        job.wage_text,
        _age(job),
        "不限" if job.education is Education.NONE else job.education.label,
        "、".join(certificate_label(code) for code in job.certificates),
        "、".join(Shift(code).label for code in job.shifts),
        _yes(job.board),
        _yes(job.lodging),
        _yes(job.transport),
        gazetteer.path_name(job.region_code),
        job.address,
        job.published_at.date(),
        job.valid_until,
        job.state.label,
        job.description,
    ]


def _age(job: JobPosting) -> str:
    if job.age_min and job.age_max:
        return f"{job.age_min}-{job.age_max}岁"
    if job.age_min:
        return f"{job.age_min}岁以上"
    return f"{job.age_max}岁以下" if job.age_max else "不限"


def _yes(value: bool) -> str:
    return "是" if value else "否"
