"""导出单位: an office's register of employers as a table whose headings its own import knows again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.db import Database
from app.core.sheets import write_csv, write_xlsx
from app.core.sheets.writing import Cell
from app.employers import queries
from app.employers.models import Employer
from app.regions import gazetteer
from app.regions.scope import contains

COLUMNS: Final = (
    "编号",
    "单位名称",
    "单位类型",
    "统一社会信用代码",
    "所在地区",
    "详细地址",
    "核验状态",
    "核验日期",
    "回话率（千分之）",
    "一般几小时回话",
)
_AT_ONCE: Final = 100


def export_employers(database: Database, actor: Actor, region_code: str | None, path: Path) -> int:
    """Writes the employers in the actor's care, of a region or all, to .csv or .xlsx; returns how many.

    Contact persons and their phones stay out. Raises UnknownRegion, OSError.
    """
    with database.read() as session:
        rows = (_row(employer) for employer in _employers(session, actor, region_code))
        write = write_csv if path.suffix.lower() == ".csv" else write_xlsx
        return write(path, COLUMNS, rows)


def _employers(session: Session, actor: Actor, region_code: str | None) -> Iterator[Employer]:
    cursor: str | None = None
    while True:
        page, cursor = queries.list_managed_employers(session, actor, limit=_AT_ONCE, cursor=cursor)
        yield from (
            employer
            for employer in page
            if region_code is None or contains(region_code, employer.region_code)
        )
        session.expunge_all()
        if cursor is None:
            return


def _row(employer: Employer) -> list[Cell]:
    return [
        employer.id,
        employer.name,
        employer.kind.label,
        employer.credit_code or "",
        gazetteer.path_name(employer.region_code),
        employer.address,
        employer.state.label,
        employer.verified_on,
        employer.answer_permille,
        employer.median_answer_hours,
    ]
