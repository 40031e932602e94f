"""Looking into an old xls file (OLE2 container, BIFF8 records) before it is opened."""

import struct
from collections.abc import Iterator

from app.core.sheets.errors import TableUnreadable
from app.core.sheets.workbook_check import check_rectangle

_SAVE_AGAIN = "请用 WPS 或 Excel 打开，另存为 xlsx 再传一次。"
_END = 0xFFFFFFFA
_SINGLE = {0x0203, 0x027E, 0x00FD, 0x0204, 0x0006, 0x0205, 0x00D6}
"""Records of one filled cell: number, RK, shared string, label, formula, boolean, rich text."""
_SEVERAL = 0x00BD
_BOF, _FILEPASS, _SHEET_PLACE = 0x0809, 0x002F, 0x0085
_MACRO_SHEET = 0x0040


def check_legacy(data: bytes) -> None:
    """Raise `TableUnreadable` when `data` (an OLE2 file) is no plain xls workbook or would grow too large."""
    try:
        book = _find_book(data)
        _check_records(book)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise TableUnreadable(f"文件是坏的，可能没传完整。{_SAVE_AGAIN}") from error


def _find_book(data: bytes) -> bytes:
    """The bytes of the Workbook stream."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    if sector not in (512, 4096):
        raise TableUnreadable(f"这不是 xls 表格。{_SAVE_AGAIN}")
    fat = _read_fat(data, sector)
    directory = _read_chain(data, fat, struct.unpack_from("<I", data, 48)[0], sector, sector)
    streams: dict[str, tuple[int, int]] = {}
    root = (0, 0)
    for offset in range(0, len(directory) - 127, 128):
        length, kind = struct.unpack_from("<HB", directory, offset + 64)
        name = directory[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le")
        place = struct.unpack_from("<II", directory, offset + 116)
        streams[name.lower()] = place
        if kind == 5:
            root = place
    if "encryptedpackage" in streams:
        raise TableUnreadable("表格设了密码。请去掉密码再传一次。")
    if any("vba" in name for name in streams):
        raise TableUnreadable("表格里带有宏，为了安全不能收。请另存为不带宏的 xlsx 再传一次。")
    start, size = streams.get("workbook") or streams.get("book") or (0, 0)
    if not size:
        raise TableUnreadable(f"这不是 xls 表格。{_SAVE_AGAIN}")
    if size >= struct.unpack_from("<I", data, 56)[0]:
        return _read_chain(data, fat, start, sector, sector)[:size]
    minis = _read_chain(data, fat, root[0], sector, sector)
    mini_fat = _read_chain(data, fat, struct.unpack_from("<I", data, 60)[0], sector, sector)
    links = list(struct.unpack(f"<{len(mini_fat) // 4}I", mini_fat))
    return _read_chain(minis, links, start, 64, 0)[:size]


def _read_fat(data: bytes, sector: int) -> list[int]:
    places = list(struct.unpack_from("<109I", data, 76))
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // sector)):
        if following >= _END:
            break
        block = struct.unpack_from(f"<{sector // 4}I", data, (following + 1) * sector)
        places += block[:-1]
        following = block[-1]
    fat: list[int] = []
    for place in places:
        if place < _END:
            fat += struct.unpack_from(f"<{sector // 4}I", data, (place + 1) * sector)
    return fat


def _read_chain(data: bytes, links: list[int], start: int, sector: int, header: int) -> bytes:
    """Join the sectors of a chain; a chain longer than the file runs in a circle."""
    parts: list[bytes] = []
    place = start
    while place < _END:
        if len(parts) > len(data) // sector + 1:
            raise TableUnreadable(f"文件内部的结构不正常。{_SAVE_AGAIN}")
        offset = place * sector + header
        parts.append(data[offset : offset + sector])
        place = links[place]
    return b"".join(parts)


def _check_records(book: bytes) -> None:
    first_row = first_column = 1 << 30
    last_row = last_column = filled = 0
    for kind, start, length in _records(book):
        if kind == _FILEPASS:
            raise TableUnreadable("表格设了密码。请去掉密码再传一次。")
        if kind == _SHEET_PLACE and struct.unpack_from("<I", book, start)[0] + 4 > len(book):
            raise TableUnreadable(f"文件是坏的，可能没传完整。{_SAVE_AGAIN}")
        if kind == _BOF:
            if length >= 4 and struct.unpack_from("<H", book, start + 2)[0] == _MACRO_SHEET:
                raise TableUnreadable("表格里带有宏，为了安全不能收。请另存为不带宏的 xlsx 再传一次。")
            first_row = first_column = 1 << 30
            last_row = last_column = filled = 0
            continue
        if kind not in _SINGLE and kind != _SEVERAL:
            continue
        row, column = struct.unpack_from("<HH", book, start)
        end = struct.unpack_from("<H", book, start + length - 2)[0] if kind == _SEVERAL else column
        filled += end - column + 1
        first_row, last_row = min(first_row, row), max(last_row, row)
        first_column, last_column = min(first_column, column), max(last_column, end)
        check_rectangle(last_row - first_row + 1, last_column - first_column + 1, filled)


def _records(book: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, start of the body, length) of every BIFF record."""
    offset = 0
    while offset + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, offset)
        yield kind, offset + 4, length
        offset += 4 + length
