"""Finding the row of headings: under a title, a date line, merged cells, in one row or in two."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from app.core.sheets.errors import TableUnreadable
from app.core.sheets.reading import Row

_BRACKETED = re.compile(r"[(\[【〔].*?[)\]】〕]")
_MARKS = re.compile(r"^\d+[.、]|[\s*:_/、,.;。?!\"'“”-]+")

LOOK_INTO = 20
"""Rows searched for headings: offices' titles and notes above a table are never longer."""


@dataclass(frozen=True)
class Header:
    """The headings of a table and the rows below them.

    `labels` as they stand, `fields` what each column means (None = not known), `number` the headings' row.
    """

    number: int
    labels: list[str]
    fields: list[str | None]
    rows: Iterator[Row]

    def cells_by_field(self, row: Row) -> dict[str, str]:
        """field -> text of a row; of two columns with the same meaning the first with any text counts."""
        found: dict[str, str] = {}
        for field, cell in zip(self.fields, row.cells, strict=False):
            if field and cell and not found.get(field):
                found[field] = cell
        return found


def find_header(rows: Iterable[Row], know: Callable[[str], str | None], least: int = 2) -> Header:
    """Choose the row (or two rows, group above detail) with the most headings that `know` gives a meaning.

    Raises `TableUnreadable` when no row has `least` known headings. Rows that repeat the headings further
    down (printed pages) are left out.
    """
    remaining = iter(rows)
    top: list[Row] = []
    for row in remaining:
        top.append(row)
        if len(top) >= LOOK_INTO:
            break
    best: tuple[int, int, list[str], list[str | None]] | None = None
    most = 0
    for index, row in enumerate(top):
        pairs = [(1, row.cells)]
        if index + 1 < len(top) and top[index + 1].number == row.number + 1:
            pairs.append((2, _join(row.cells, top[index + 1].cells)))
        for height, labels in pairs:
            fields = [know(label) for label in labels]
            known = len({field for field in fields if field})
            title_above = best is not None and (best[0], best[1], height) == (index - 1, 2, 1)
            if known > most or (known == most and title_above):
                best, most = (index, height, labels, fields), known
    if best is None or most < least:
        raise TableUnreadable("没找到表头。请在第一行写上列名（比如 岗位名称、单位名称、工资），再传一次。")
    index, height, labels, fields = best
    below = chain(top[index + height :], remaining)
    return Header(top[index].number, labels, fields, (row for row in below if row.cells != labels))


def plain_heading(label: str) -> str:
    """A heading as it is compared: half width, lower case, without brackets, blanks, marks."""
    text = unicodedata.normalize("NFKC", label).lower()
    text = _BRACKETED.sub("", text) or text
    return _MARKS.sub("", text)


def _join(upper: list[str], lower: list[str]) -> list[str]:
    """Headings of two rows: the detail where there is one, else the group above it."""
    width = max(len(upper), len(lower))
    above = upper + [""] * (width - len(upper))
    below = lower + [""] * (width - len(lower))
    return [detail or group for group, detail in zip(above, below, strict=True)]
