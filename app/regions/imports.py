"""导入村名单: a table of villages with their 12-digit codes, as the statistics office hands it out."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.sheets.importing import (
    ImportOptions,
    ImportSummary,
    RowOutcome,
    RowProblem,
    run_import,
)
from app.regions import scope
from app.regions.schemas import VillageIn
from app.regions.service import import_villages

_HEADINGS = {
    "code": ("code", "行政区划代码", "区划代码", "统计用区划代码", "村代码", "代码", "村编码", "12位代码"),
    "name": (
        "name",
        "村名",
        "村",
        "村名称",
        "行政村",
        "行政村名称",
        "村社区",
        "社区村",
        "名称",
        "村(社区)",
        "社区（村）",
    ),
    "lng": ("lng", "经度"),
    "lat": ("lat", "纬度"),
}
_BY_LABEL = {label: field for field, labels in _HEADINGS.items() for label in labels}
_BLANK = re.compile(r"\s+")


class VillageImporter:
    """村名单导入 (see core.sheets.importing)."""

    def __init__(self, options: ImportOptions) -> None:
        self.notes: Counter[str] = Counter()
        self._within = options.region_code

    def know(self, label: str) -> str | None:
        return _BY_LABEL.get(_BLANK.sub("", label).lower())

    def read(self, cells: Mapping[str, str], labels: Mapping[str, str]) -> VillageIn:
        code = _BLANK.sub("", cells.get("code", ""))
        if self._within and not code.startswith(scope.scope_prefix(self._within)):
            raise RowProblem("这个村不在导入的地区里。")
        point = {name: cells[name] for name in ("lng", "lat") if cells.get(name, "").strip()}
        try:
            return VillageIn.model_validate({"code": code, "name": cells.get("name", "")} | point)
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            raise RowProblem(_PLAIN[field]) from None

    def save(self, session: Session, items: Sequence[VillageIn]) -> list[RowOutcome | RowProblem]:
        return import_villages(session, items)


_PLAIN = {
    "code": "村代码要 12 位数字。Excel 里请把这一列设成文本。",
    "name": "村名要填，不超过 60 个字。",
    "lng": "经度要在 73 到 136 之间。",
    "lat": "纬度要在 3 到 54 之间。",
}


def import_village_file(
    database: Database,
    path: Path,
    options: ImportOptions,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> ImportSummary:
    """Take in a table of villages (columns: code of 12 digits, name, and a point if there is one).

    Raises TableUnreadable (nothing stored), UnknownRegion for an unknown `options.region_code`.
    """
    if options.region_code:
        scope.scope_prefix(options.region_code)
    return run_import(database, path, VillageImporter(options), options, progress)
