"""Reading CSV and other delimited text: encoding, delimiter, records."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from app.core.sheets.errors import TableUnreadable
from app.core.sheets.limits import MAX_CELL_CHARS, MAX_COLUMNS, MAX_ROWS

_CHUNK = 256 * 1024
_SAMPLE = 64 * 1024
_DELIMITERS = ",\t;，|"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def find_encoding(stream: BinaryIO) -> str:
    """The encoding of a text: by its mark, else strict UTF-8, else strict GB18030. Leaves `stream` at 0."""
    start = stream.read(4)
    stream.seek(0)
    for mark, name in _BOMS:
        if start.startswith(mark):
            if _decodes(stream, name):
                return name
            raise TableUnreadable("文件里有乱码，可能没传完整。请另存为 xlsx 再传一次。")
    for name in ("utf-8", "gb18030"):
        if _decodes(stream, name):
            return name
    raise TableUnreadable("文字编码认不出来。请用 WPS 或 Excel 打开，另存为 xlsx 再传一次。")


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        while chunk := stream.read(_CHUNK):
            if "\0" in decoder.decode(chunk):
                raise TableUnreadable("这不是表格文件。请传 xlsx、xls 或 CSV。")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def find_delimiter(sample: str) -> str:
    """The mark that cuts most of the first records into the same number of columns."""
    best, best_score = ",", (0.0, 0)
    for mark in _DELIMITERS:
        try:
            widths = [len(r) for r in csv.reader(io.StringIO(sample, newline=""), delimiter=mark) if r]
        except csv.Error:
            continue
        whole = widths[:-1] if len(widths) > 2 else widths  # the sample cuts the last one
        wide = Counter(width for width in whole if width > 1)
        if wide:
            width, times = wide.most_common(1)[0]
            score = (round(times / len(whole), 1), width)
            best, best_score = max((best, best_score), (mark, score), key=lambda pair: pair[1])
    return best


def read_records(stream: BinaryIO, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the record as a spreadsheet would show it, cells); a quoted cell may hold line breaks."""
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    sample = text.read(_SAMPLE)
    text.seek(0)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(text, delimiter=find_delimiter(sample)), start=1):
            if number > MAX_ROWS:
                raise TableUnreadable(f"表格超过 {MAX_ROWS} 行。请分成几个小表再传。")
            if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL_CHARS for cell in cells):
                raise TableUnreadable(f"第 {number} 行有一格文字太长，或者列数太多。请改好这一行再传。")
            yield number, cells
    except csv.Error as error:
        raise TableUnreadable(
            f"第 {number + 1} 行附近的格式不对（引号没配对，或者一格太长）。请改好再传。"
        ) from error
    finally:
        text.detach()
