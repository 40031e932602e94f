"""Old xls files: a small BIFF8 workbook in an OLE2 container, built by hand."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.sheets import TableUnreadable, open_table

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def label(row: int, column: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def book(*cells: bytes, bof: int = 0x0010, before: bytes = b"") -> bytes:
    """The Workbook stream with one sheet."""
    name = "表1"
    globals_ = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + before
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    place = len(globals_) + 4 + 6 + len(title) + 4
    globals_ += record(0x0085, struct.pack("<IBB", place, 0, 0) + title) + record(0x000A)
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, bof, 0, 0, 0, 0))
    return globals_ + start + b"".join(cells) + record(0x000A)


def container(stream: bytes, extra: str = "") -> bytes:
    """OLE2: header, one FAT sector, one directory sector, the stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    fat = [_FAT, _END, *range(3, 2 + sectors), _END]
    fat += [_FREE] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw) if name else 0, kind, 1, _FREE, _FREE, child)
            + b"\0" * 36
            + struct.pack("<III", start, size, 0)
        )

    directory = entry("Root Entry", 5, 1, _END, 0) + entry("Workbook", 2, _FREE, 2, len(stream))
    directory += entry(extra, 1 if extra else 0, _FREE, 0, 0) + entry("", 0, _FREE, 0, 0)
    return header[:512] + struct.pack("<128I", *fat) + directory + stream


WORKBOOK = container(
    book(label(0, 0, "岗位"), label(0, 1, "工资"), label(1, 0, "焊工"), number(1, 1, 5000.0))
)


def test_an_old_workbook_is_read() -> None:
    data = container(
        book(label(0, 0, "岗位"), label(0, 1, "工资"), label(1, 0, "焊工"), number(1, 1, 5000.0))
    )
    table = open_table(data, "旧表.xls")
    assert table.kind == "xls"
    assert [row.cells for row in table.rows()] == [["岗位", "工资"], ["焊工", "5000"]]


def test_a_far_cell_is_refused_before_it_is_opened() -> None:
    with pytest.raises(TableUnreadable) as caught:
        open_table(container(book(label(0, 0, "岗位"), number(65535, 255, 1.0))))
    assert "太大" in caught.value.title


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (container(book(), extra="_VBA_PROJECT_CUR"), "宏"),
        (container(book(bof=0x0040)), "宏"),
        (container(book(before=record(0x002F, b"\0" * 6))), "密码"),
    ],
    ids=["macro", "macro sheet", "password"],
)
def test_macros_and_passwords_are_refused(data: bytes, word: str) -> None:
    with pytest.raises(TableUnreadable) as caught:
        open_table(data)
    assert word in caught.value.title


@given(st.lists(st.tuples(st.integers(0, 1536 + 300), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused(damage: list[tuple[int, int]]) -> None:
    data = bytearray(WORKBOOK)
    for place, value in damage:
        data[place] = value
    try:
        for row in open_table(bytes(data)).rows():
            assert all(isinstance(cell, str) for cell in row.cells)
    except TableUnreadable:
        pass
