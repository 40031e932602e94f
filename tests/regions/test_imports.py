"""A table of villages as the statistics office hands it out."""

from pathlib import Path

import pytest

from app.core.db import Database
from app.core.sheets.importing import ImportOptions
from app.regions import queries
from app.regions.errors import UnknownRegion
from app.regions.imports import import_village_file

TABLE = """2026 年耀州区村级单位名单,,
统计用区划代码,名称,备注
610204107201,上河村,
610204107202,下河村,并村
61020410720,少一位,
610204107202,下河村,重复
110101001201,别处的村,
610204199201,没有的镇,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "villages.csv"
    path.write_bytes(TABLE.encode("gb18030"))
    return path


def test_villages_come_in_once_and_bad_rows_are_told(
    own_database: Database, table: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    options = ImportOptions(region_code="610204", rejects=rejects)
    first = import_village_file(own_database, table, options)
    assert (first.rows, first.created, first.unchanged, first.rejected) == (6, 2, 1, 3)
    told = rejects.read_text(encoding="utf-8-sig")
    assert "12 位数字" in told
    assert "不在导入的地区里" in told
    again = import_village_file(own_database, table, options)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    with own_database.read() as session:
        assert queries.get_region(session, "610204107201").name == "上河村"


def test_a_dry_run_stores_nothing(own_database: Database, table: Path) -> None:
    summary = import_village_file(own_database, table, ImportOptions(dry_run=True))
    assert summary.created == 3
    with own_database.read() as session:
        assert queries.find_region(session, "610204107201") is None


def test_an_unknown_region_is_refused(own_database: Database, table: Path) -> None:
    with pytest.raises(UnknownRegion):
        import_village_file(own_database, table, ImportOptions(region_code="990000"))
