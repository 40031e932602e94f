"""大表读取: an xlsx workbook row by row, in constant memory.

The reader of `core.sheets` holds the whole rectangle of a sheet; a county's ledger (125,000 people in 32 to
50 columns) does not fit its limits. This one reads the XML of the sheet as a stream: nothing a hostile file
says about its size makes it allocate anything, and a document type (entity bombs) ends it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import unescape

from app.core.sheets.errors import TableUnreadable
from app.core.sheets.limits import MAX_CELL_CHARS, MAX_COLUMNS, MAX_PARTS, MAX_ROWS
from app.core.sheets.reading import Row
from app.seekers.imports.workbook_parts import (
    Book,
    SheetPart,
    cell_text,
    read_book,
    read_date_styles,
    read_strings,
    refuse_doctype,
)

MAX_XML_BYTES: Final = 400 * 1024 * 1024
"""All XML parts unpacked: 125,000 rows of 50 filled columns are about 300 MB."""
MAX_CELLS: Final = 8_000_000
"""Filled cells of the sheet that is read."""
_CHUNK: Final = 1024 * 1024
_SAVE_AGAIN: Final = "请用 WPS 或 Excel 打开，另存为 xlsx 再传一次。"
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
_ROW_TAGS: Final = (b"<row ", b"<row>", b"<row/")
_CELL_TAGS: Final = (b"<c ", b"<c>")
_MOST_MERGES: Final = 200_000
_LONGEST_ROW: Final = 64 * 1024 * 1024
# A cell as every office program writes it. Rows with anything else go through the XML parser.
_PLAIN_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?'
    r"(?:<v>([^<]*)</v>|<v/>|<is><t(?: [^>]*)?>([^<]*)</t></is>)?</c>)"
)
_QUOTES: Final = {"&quot;": '"', "&apos;": "'"}
_ROW_NUMBER = re.compile(r'<row\s[^>]*?\br="(\d{1,7})"')


@dataclass(frozen=True)
class Workbook:
    """大表: a workbook whose parts have been checked. `total_rows` counts the rows of the chosen sheet."""

    path: Path
    book: Book
    sheet: SheetPart
    total_rows: int
    merges: dict[int, list[tuple[int, int]]]

    def rows(self) -> Iterator[Row]:
        """Every row that has any text, numbered as a spreadsheet shows it. Raises `TableUnreadable`."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                yield from self._rows(archive)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, expat.ExpatError) as error:
            raise TableUnreadable(f"文件是坏的，可能没传完整。{_SAVE_AGAIN}") from error

    def _rows(self, archive: zipfile.ZipFile) -> Iterator[Row]:
        strings = read_strings(archive, self.book)
        reader = _RowReader(strings, read_date_styles(archive, self.book), self.book.epoch)
        fill = _MergedDown(self.merges)
        with archive.open(self.sheet.part) as stream:
            while chunk := stream.read(_CHUNK):
                for row in reader.feed(chunk):
                    fill.complete(row)
                    if any(row.cells):
                        yield row


def open_workbook(path: Path) -> Workbook | None:
    """Check an xlsx file and choose its first visible sheet with any cell. Raises `TableUnreadable`.

    None for a sheet whose XML is written in an unusual way: `core.sheets` reads those, within its limits.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive.infolist())
            book = read_book(archive)
            for sheet in book.sheets:
                shape = _look_through(archive, sheet.part)
                if shape.is_prefixed:
                    return None
                if shape.cells:
                    return Workbook(path, book, sheet, shape.rows, shape.merges)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise TableUnreadable(f"文件是坏的，可能没传完整。{_SAVE_AGAIN}") from error
    except expat.ExpatError as error:
        raise TableUnreadable(f"文件内部的结构不正常。{_SAVE_AGAIN}") from error
    except RuntimeError as error:  # zipfile says so when a part is encrypted
        raise TableUnreadable("表格设了密码。请去掉密码再传一次。") from error
    raise TableUnreadable("表格里没有内容。")


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename.lower() for part in parts}
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise TableUnreadable("表格里带有宏，为了安全不能收。请另存为不带宏的 xlsx 再传一次。")
    if "xl/workbook.xml" not in names:
        raise TableUnreadable(f"这不是 xlsx 表格。{_SAVE_AGAIN}")
    if len(parts) > MAX_PARTS or len(names) != len(parts):
        raise TableUnreadable(f"文件内部的结构不正常。{_SAVE_AGAIN}")
    unpacked = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    if unpacked > MAX_XML_BYTES:
        size = unpacked // (1024 * 1024)
        raise TableUnreadable(f"表格解开有 {size} MB，太大了。请分成几个小表，或者另存为 CSV 再传。")


@dataclass
class _Shape:
    rows: int
    cells: int
    merges: dict[int, list[tuple[int, int]]]
    is_prefixed: bool = False


def _look_through(archive: zipfile.ZipFile, part: str) -> _Shape:
    """Count rows and cells and find the merges (they stand behind the rows), refusing what is not sane."""
    shape = _Shape(0, 0, {})
    tail = b""
    read = found = 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            if read == len(chunk) and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise TableUnreadable(f"文件内部的结构不正常。{_SAVE_AGAIN}")
            text = tail + chunk
            cut = text.rfind(b"<")
            text, tail = (text[:cut], text[cut:][:4096]) if cut > 0 else (text, b"")
            if b"<!" in text and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
                raise TableUnreadable(f"文件里有不该有的内容，为了安全不能收。{_SAVE_AGAIN}")
            if b":sheetData" in text:
                shape.is_prefixed = True
                return shape
            shape.rows += sum(text.count(tag) for tag in _ROW_TAGS)
            shape.cells += sum(text.count(tag) for tag in _CELL_TAGS)
            if b"mergeCell " in text:
                for left, top, _, bottom in _MERGE.findall(text):
                    found += 1
                    if int(bottom) > int(top):
                        column = _column(left.decode())
                        shape.merges.setdefault(int(top), []).append((column, int(bottom)))
            if shape.rows > MAX_ROWS:
                raise TableUnreadable(
                    f"表格超过 {MAX_ROWS} 行（空行也算）。请把数据选中，复制到一个新表格里另存后再传。"
                )
            if shape.cells > MAX_CELLS or found > _MOST_MERGES or read > MAX_XML_BYTES:
                raise TableUnreadable("表格太大了。请删掉数据以外的内容，或者分成几个小表再传。")
    return shape


class _RowReader:
    """Turns pieces of a sheet's XML into rows: plain ones by pattern (five times faster), others by expat."""

    def __init__(self, strings: list[str], dates: frozenset[int], epoch: date) -> None:
        self._strings, self._dates, self._epoch = strings, dates, epoch
        self._tail = b""
        self._number = 0

    def feed(self, chunk: bytes) -> Iterator[Row]:
        *whole, self._tail = (self._tail + chunk).split(b"</row>")
        if len(self._tail) > _LONGEST_ROW:
            raise TableUnreadable("表格里有一行太长。请删掉数据以外的内容再传。")
        for piece in whole:
            begin = piece.rfind(b"<row")
            if begin >= 0:
                yield self._read(piece[begin:].decode())

    def _read(self, xml: str) -> Row:
        number = _ROW_NUMBER.match(xml)
        self._number = int(number.group(1)) if number else self._number + 1
        cells = _PLAIN_CELL.findall(xml)
        if len(cells) != xml.count("<c ") + xml.count("<c>") or "<!" in xml or "&#" in xml:
            return Row(self._number, self._parse(xml))
        found: list[str] = []
        for letters, style, kind, value, inline in cells:
            raw = value or inline
            if not raw:
                continue
            if "&" in raw:
                raw = unescape(raw, _QUOTES)
            is_date = bool(style) and kind in ("", "n") and int(style) in self._dates
            text = cell_text(raw, kind or "n", is_date, self._strings, self._epoch)
            self._put(found, _column(letters), text)
        return Row(self._number, found)

    def _put(self, cells: list[str], column: int, text: str) -> None:
        if not 0 <= column < MAX_COLUMNS:
            raise TableUnreadable(f"第 {self._number} 行列数太多。请删掉数据以外的内容再传。")
        if len(text) > MAX_CELL_CHARS:
            raise TableUnreadable(f"第 {self._number} 行有一格文字太长。请改好这一行再传。")
        missing = column - len(cells)
        if missing >= 0:
            if missing:
                cells.extend([""] * missing)
            cells.append(text)
        else:
            cells[column] = text

    def _parse(self, xml: str) -> list[str]:
        """A row with runs of formatted text, escapes or other rarities."""
        found: list[str] = []
        for column, style, kind, raw in _ParsedRow(xml + "</row>").cells:
            is_date = kind == "n" and style in self._dates
            self._put(found, column, cell_text(raw, kind, is_date, self._strings, self._epoch))
        return found


class _ParsedRow:
    """(column, style, kind, raw text) of each cell of one row, by the XML parser."""

    def __init__(self, xml: str) -> None:
        self.cells: list[tuple[int, int, str, str]] = []
        self._column = -1
        self._kind, self._style = "n", 0
        self._text: list[str] = []
        self._skip = False
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._parser = parser
        parser.Parse(xml.encode(), True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            place = attributes.get("r")
            self._column = _column(place.rstrip("0123456789")) if place else self._column + 1
            self._kind = attributes.get("t", "n")
            style = attributes.get("s", "0")
            self._style = int(style) if style.isdigit() else 0
            self._text = []
        elif tag in ("v", "t") and not self._skip:
            self._parser.CharacterDataHandler = self._text.append
        elif tag == "rPh":  # a reading printed above characters is not part of the text
            self._skip = True

    def _end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._parser.CharacterDataHandler = None
        elif tag == "c" and self._text:
            self.cells.append((self._column, self._style, self._kind, "".join(self._text)))
        elif tag == "rPh":
            self._skip = False


def _column(letters: str) -> int:
    """'AB' -> 27; cached for the few hundred there are."""
    found = _COLUMNS.get(letters)
    if found is None:
        found = 0
        for letter in letters[:4]:
            found = found * 26 + ord(letter) - 64
        found -= 1
        if len(_COLUMNS) < 20_000:
            _COLUMNS[letters] = found
    return found


_COLUMNS: dict[str, int] = {}


class _MergedDown:
    """Gives every row of a cell merged downwards its text: one household number beside its five members."""

    def __init__(self, merges: dict[int, list[tuple[int, int]]]) -> None:
        self._merges = merges
        self._running: dict[int, tuple[str, int]] = {}

    def complete(self, row: Row) -> None:
        if not self._merges:
            return
        for column, (text, last) in list(self._running.items()):
            if row.number > last:
                del self._running[column]
                continue
            if len(row.cells) <= column and row.cells:
                row.cells.extend([""] * (column + 1 - len(row.cells)))
            if column < len(row.cells) and not row.cells[column] and any(row.cells):
                row.cells[column] = text
        for column, last in self._merges.get(row.number, ()):
            if column < len(row.cells) and row.cells[column]:
                self._running[column] = (row.cells[column], last)
