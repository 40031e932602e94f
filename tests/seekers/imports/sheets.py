"""Invented ledgers for tests: numbers of an area nobody has, telephones of no operator."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from app.core.sheets import write_xlsx
from app.demo import numbers

VILLAGE_NAMES = ("陕西省", "铜川市", "耀州区", "董家河镇", "柳树塬村")


def id_number(sequence: int, born_on: date = date(1980, 5, 20), *, male: bool = False) -> str:
    """The first 400 are born on `born_on`, the next on the following day, and so on."""
    return numbers.id_number(born_on + timedelta(days=sequence // 400), sequence % 400, male=male)


def person(sequence: int = 1, **cells: str) -> dict[str, str]:
    """One row of a plain ledger, by heading."""
    return {
        "姓名": "王桂兰",
        "身份证号": id_number(sequence),
        "联系电话": numbers.phone(sequence),
        "乡镇": "董家河镇",
        "行政村": "柳树塬村",
        "户编号": f"H{sequence:04d}",
    } | cells


def table(rows: Sequence[Mapping[str, str]]) -> tuple[list[str], list[list[str]]]:
    labels = list(dict.fromkeys(label for row in rows for label in row))
    return labels, [[row.get(label, "") for label in labels] for row in rows]


def workbook(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    labels, cells = table(rows)
    write_xlsx(path, labels, cells)
    return path


def workbook_bytes(rows: Sequence[Mapping[str, str]]) -> bytes:
    labels, cells = table(rows)
    stream = io.BytesIO()
    write_xlsx(stream, labels, cells)
    return stream.getvalue()
