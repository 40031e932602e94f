"""Looking into an xlsx file before it is opened: sizes from the zip directory, counts from the XML."""

import re
import zipfile
import zlib
from typing import BinaryIO

from app.core.sheets.errors import TableUnreadable
from app.core.sheets.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_PARTS,
    MAX_ROWS,
    MAX_STRINGS_BYTES,
    MAX_XML_BYTES,
)

_CHUNK = 1024 * 1024
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_FILLED = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*?\s)?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>]*?(?<!/)>")
_ANY_FILLED = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?(?<!/)>")
_SAVE_AGAIN = "请用 WPS 或 Excel 打开，另存为 xlsx 再传一次。"


def check_workbook(stream: BinaryIO) -> None:
    """Raise `TableUnreadable` when `stream` (an xlsx file) could harm the reader or is not what it says."""
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_directory(archive.infolist())
            for part in archive.infolist():
                if _is_xml(part.filename):
                    _check_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise TableUnreadable(f"文件是坏的，可能没传完整。{_SAVE_AGAIN}") from error
    except RuntimeError as error:  # zipfile says so when a part is encrypted
        raise TableUnreadable("表格设了密码。请去掉密码再传一次。") from error
    finally:
        stream.seek(0)


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename.lower() for part in parts}
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise TableUnreadable("表格里带有宏，为了安全不能收。请另存为不带宏的 xlsx 再传一次。")
    if "xl/workbook.xml" not in names:
        raise TableUnreadable(f"这不是 xlsx 表格。{_SAVE_AGAIN}")
    if len(parts) > MAX_PARTS or len(names) != len(parts):
        raise TableUnreadable(f"文件内部的结构不正常。{_SAVE_AGAIN}")
    unpacked = sum(part.file_size for part in parts if _is_xml(part.filename))
    if unpacked > MAX_XML_BYTES:
        size = unpacked // (1024 * 1024)
        raise TableUnreadable(f"表格解开有 {size} MB，太大了。请分成几个小表，或者另存为 CSV 再传。")
    for part in parts:
        if part.filename.lower().endswith("sharedstrings.xml") and part.file_size > MAX_STRINGS_BYTES:
            raise TableUnreadable("表格里的文字太多了。请分成几个小表，或者另存为 CSV 再传。")


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read one XML part in pieces: no document type (entity bombs), no UTF-16 to hide one, sane counts."""
    is_sheet = "worksheets/" in part.filename.lower() and part.filename.lower().endswith(".xml")
    shape = _Shape()
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not tail and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise TableUnreadable(f"文件内部的结构不正常。{_SAVE_AGAIN}")
            text = tail + chunk
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise TableUnreadable(f"文件里有不该有的内容，为了安全不能收。{_SAVE_AGAIN}")
            cut = text.rfind(b"<")
            tail = text[cut:] if cut >= 0 and len(text) - cut < 4096 else b""
            if is_sheet:
                shape.count(text[:cut] if tail else text)
    if is_sheet:
        shape.count(tail)


class _Shape:
    """How many rows a sheet has and how large the rectangle of its filled cells is."""

    def __init__(self) -> None:
        self.rows = self.filled = 0
        self.first_row = self.first_column = 1 << 30
        self.last_row = self.last_column = 0

    def count(self, xml: bytes) -> None:
        self.rows += len(_ROW.findall(xml))
        self.filled += len(_ANY_FILLED.findall(xml))
        for letters, digits in set(_FILLED.findall(xml)):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            row = int(digits)
            self.first_row, self.last_row = min(self.first_row, row), max(self.last_row, row)
            self.first_column = min(self.first_column, column)
            self.last_column = max(self.last_column, column)
        self.judge()

    def judge(self) -> None:
        if self.rows > MAX_ROWS:
            raise TableUnreadable(
                f"表格超过 {MAX_ROWS} 行（空行也算）。请把数据选中，复制到一个新表格里另存后再传。"
            )
        check_rectangle(
            self.last_row - self.first_row + 1, self.last_column - self.first_column + 1, self.filled
        )


def check_rectangle(rows: int, columns: int, filled: int) -> None:
    """Refuse a sheet whose filled cells span more than the reader may hold."""
    if filled == 0:
        return
    if rows > MAX_ROWS or columns > MAX_COLUMNS or max(rows * columns, filled) > MAX_CELLS:
        raise TableUnreadable(
            f"表格太大了（{rows} 行、{columns} 列）。请删掉数据以外的内容，或者分成几个小表再传。"
        )
