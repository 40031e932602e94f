"""工作簿的零件: the sheets of an xlsx file, its texts, which styles are dates, and what a cell says."""

import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from posixpath import join, normpath
from typing import Final
from xml.parsers import expat

from app.core.sheets.errors import TableUnreadable
from app.core.sheets.limits import MAX_CELL_CHARS

MAX_STRING_BYTES: Final = 64 * 1024 * 1024
"""Shared strings unpacked: they are held in memory (125,000 people: about 35 MB)."""
_MAX_SMALL_PART: Final = 8 * 1024 * 1024
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_QUOTED = re.compile(r"\"[^\"]*\"|\\.|\[(?!h|m|s)[^\]]*\]", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BLANKS: Final = " \t\n\u3000\u00a0\ufeff\u200b"
_MOST_DIGITS: Final = 15
"""Digits Excel keeps of a number; the rest of an ID number typed as a number is lost."""


@dataclass(frozen=True)
class SheetPart:
    """工作表: its name and where its XML stands in the file."""

    name: str
    part: str


@dataclass(frozen=True)
class Book:
    """工作簿: the visible sheets in order, and the parts that give their cells meaning."""

    sheets: tuple[SheetPart, ...]
    strings: str | None
    styles: str | None
    epoch: date


class _Small:
    """Collects the start tags of a small XML part."""

    def __init__(self, archive: zipfile.ZipFile, part: str) -> None:
        self.tags: list[tuple[str, dict[str, str]]] = []
        if archive.getinfo(part).file_size > _MAX_SMALL_PART:
            raise TableUnreadable("文件内部的结构不正常。请用 WPS 或 Excel 打开，另存为 xlsx 再传一次。")
        parser = expat.ParserCreate(namespace_separator="|")
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.StartElementHandler = self._start
        with archive.open(part) as stream:
            parser.Parse(stream.read(_MAX_SMALL_PART), True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        plain = {key.rpartition("|")[2]: value for key, value in attributes.items()}
        self.tags.append((name.rpartition("|")[2], plain))


def refuse_doctype(*_: object) -> None:
    """Ends the reading of a part that brings its own entities."""
    raise TableUnreadable(
        "文件里有不该有的内容，为了安全不能收。请用 WPS 或 Excel 打开，另存为 xlsx 再传一次。"
    )


def read_book(archive: zipfile.ZipFile) -> Book:
    """The workbook's parts. Raises TableUnreadable, ExpatError, ValueError."""
    names = {name.lower(): name for name in archive.namelist()}
    targets: dict[str, str] = {}
    strings = styles = None
    rels = names.get("xl/_rels/workbook.xml.rels")
    for tag, attributes in _Small(archive, rels).tags if rels else ():
        if tag != "Relationship":
            continue
        target = attributes.get("Target", "")
        part = names.get((target[1:] if target.startswith("/") else normpath(join("xl", target))).lower())
        if part is None:
            continue
        targets[attributes.get("Id", "")] = part
        kind = attributes.get("Type", "").rpartition("/")[2]
        strings = part if kind == "sharedStrings" else strings
        styles = part if kind == "styles" else styles
    sheets: list[SheetPart] = []
    epoch = date(1899, 12, 30)
    for tag, attributes in _Small(archive, names["xl/workbook.xml"]).tags:
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            found = targets.get(attributes.get("id", ""))
            if found and "worksheets/" in found.lower():
                sheets.append(SheetPart(attributes.get("name", ""), found))
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            epoch = date(1904, 1, 1)
    return Book(tuple(sheets), strings, styles, epoch)


def read_date_styles(archive: zipfile.ZipFile, book: Book) -> frozenset[int]:
    """Numbers of the cell styles that show a number as a date."""
    if book.styles is None:
        return frozenset()
    custom: dict[int, str] = {}
    formats: list[int] = []
    inside = False
    for tag, attributes in _Small(archive, book.styles).tags:
        if tag == "numFmt":
            custom[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            formats.append(_number(attributes.get("numFmtId")))
    return frozenset(
        index
        for index, number in enumerate(formats)
        if number in _BUILT_IN_DATES or _shows_date(custom.get(number, ""))
    )


def _shows_date(code: str) -> bool:
    return bool(re.search(r"[ymdhs年月日]", _QUOTED.sub("", code), re.IGNORECASE)) and "general" not in (
        code.lower()
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


class _Strings:
    """Reads the shared strings; a text may be cut into runs."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text: list[str] = []
        self._skip = False
        parser = expat.ParserCreate(namespace_separator="|")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self.parser = parser

    def _start(self, name: str, _: dict[str, str]) -> None:
        tag = name.rpartition("|")[2]
        if tag == "t" and not self._skip:
            self.parser.CharacterDataHandler = self._text.append
        elif tag == "si":
            self._text = []
        elif tag == "rPh":
            self._skip = True

    def _end(self, name: str) -> None:
        tag = name.rpartition("|")[2]
        if tag == "t":
            self.parser.CharacterDataHandler = None
        elif tag == "si":
            self.found.append(plain_text("".join(self._text)[: MAX_CELL_CHARS + 1]))
        elif tag == "rPh":
            self._skip = False


def read_strings(archive: zipfile.ZipFile, book: Book) -> list[str]:
    """The texts that cells point to."""
    if book.strings is None:
        return []
    if archive.getinfo(book.strings).file_size > MAX_STRING_BYTES:
        raise TableUnreadable("表格里的文字太多了。请分成几个小表，或者另存为 CSV 再传。")
    reader = _Strings()
    with archive.open(book.strings) as stream:
        while chunk := stream.read(1024 * 1024):
            reader.parser.Parse(chunk, False)
        reader.parser.Parse(b"", True)
    return reader.found


def plain_text(text: str) -> str:
    """A text without Excel's escapes and the blanks around it."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda m: chr(int(m.group(1), 16)) if m.group(1) != "000D" else "", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip(_BLANKS)


def cell_text(raw: str, kind: str, is_date: bool, strings: list[str], epoch: date) -> str:
    """What a cell says. A number of more than 15 digits has lost some and is shown as Excel does (6.1E+17),
    so that it is never taken for an ID number; an error (#N/A) says nothing; of a formula the last result.
    """
    if kind == "s":
        index = int(raw) if raw.isdigit() else -1
        return strings[index] if 0 <= index < len(strings) else ""
    if kind in ("inlineStr", "str"):
        return plain_text(raw)
    if kind == "b":
        return "是" if raw.strip() in ("1", "true") else "否"
    if kind == "e":
        return ""
    if kind == "d":
        return raw.strip()[:10]
    return _number_text(raw.strip(), is_date, epoch)


def _number_text(raw: str, is_date: bool, epoch: date) -> str:
    if not is_date and raw.isascii() and raw.isdigit() and len(raw) <= _MOST_DIGITS:
        return raw
    try:
        value = float(raw)
    except ValueError:
        return plain_text(raw)
    if is_date and 0 < value < 2_958_466:
        day = epoch + timedelta(days=int(value))
        seconds = round((value - int(value)) * 86_400)
        if seconds:
            moment = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001
            return moment.isoformat(sep=" ", timespec="minutes")
        return day.isoformat()
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value.is_integer():
        return str(int(value)) if abs(value) < 10**_MOST_DIGITS else f"{value:.5E}"
    return f"{value:.12g}"
