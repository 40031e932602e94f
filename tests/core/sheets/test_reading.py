import io
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.sheets import TableUnreadable, find_header, open_table, write_csv, write_xlsx
from app.core.sheets.reading import Row
from app.core.sheets.writing import neutralise

RECORDS = [["岗位名称", "人数", "备注"], ["焊工", "3", "包吃住，\n有宿舍"], ["缝纫工", "10", 'say "hi"']]


def text_table(delimiter: str = ",") -> str:
    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if any(c in value for c in '",;\t\n') else value

    return "\r\n".join(delimiter.join(cell(v) for v in record) for record in RECORDS)


def cells(data: bytes | Path, name: str = "") -> list[list[str]]:
    return [row.cells for row in open_table(data, name).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    assert cells(text_table(delimiter).encode(encoding)) == RECORDS


def test_row_numbers_are_those_of_a_spreadsheet() -> None:
    rows = list(open_table(text_table().encode()).rows())
    assert [row.number for row in rows] == [1, 2, 3]


def test_text_that_is_neither_utf8_nor_gb18030_is_refused() -> None:
    with pytest.raises(TableUnreadable):
        open_table("岗位,工资\n焊工,3000".encode()[:-1] + b"\xff\xff\xff")


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_workbook_cells_are_plain_text() -> None:
    data = workbook(
        [
            ["工资", "身份证", "截止", "时间", "是"],
            [
                3000.0,
                "110101199003070000",
                date(2026, 5, 30),
                datetime.fromisoformat("2026-01-02T08:30"),
                True,
            ],
            [18.5, None, None, None, None],
        ]
    )
    assert cells(data, "x.xlsx") == [
        ["工资", "身份证", "截止", "时间", "是"],
        ["3000", "110101199003070000", "2026-05-30", "2026-01-02 08:30", "是"],
        ["18.5", "", "", "", ""],
    ]


def test_written_text_comes_back_as_text(tmp_path: Path) -> None:
    values = ["=1+1", "@cmd", "110101199003070011", "013800000000", "http://a.b", "a\x00b", "-36", "+8613"]
    path = tmp_path / "out.xlsx"
    assert write_xlsx(path, ["列"], [[value] for value in values]) == len(values)
    assert [row[0] for row in cells(path)][1:] == [value.replace("\x00", "") for value in values]
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@given(st.text(max_size=20))
def test_no_text_is_written_as_a_formula(text: str) -> None:
    stream = io.BytesIO()
    write_csv(stream, ["列"], [[text]])
    written = stream.getvalue().decode("utf-8-sig")
    assert neutralise(text).split("\n")[0].split("\r")[0] in written.replace('""', '"')
    safe = neutralise(text).lstrip()
    assert safe[:1] not in set("=@＝＠＋－")
    assert safe[:1] not in set("+-") or float(safe) is not None


def test_header_under_title_and_merged_group() -> None:
    rows = [
        Row(1, ["某县2026年春季招聘岗位表", "", "", ""]),
        Row(2, ["填表单位：某局", "", "", ""]),
        Row(3, ["单位名称", "岗位", "", "备注"]),
        Row(4, ["", "名称", "工资", ""]),
        Row(5, ["甲厂", "焊工", "5000", "包吃"]),
        Row(7, ["单位名称", "名称", "工资", "备注"]),
        Row(8, ["乙厂", "普工", "4000", ""]),
    ]
    words = {"单位名称": "employer", "名称": "title", "工资": "wage"}
    header = find_header(rows, words.get)
    assert header.number == 3
    assert header.fields == ["employer", "title", "wage", None]
    assert [header.cells_by_field(row) for row in header.rows] == [
        {"employer": "甲厂", "title": "焊工", "wage": "5000"},
        {"employer": "乙厂", "title": "普工", "wage": "4000"},
    ]


def test_header_below_a_title_is_one_row() -> None:
    rows = [Row(1, ["招聘表", "", ""]), Row(2, ["单位名称", "岗位", "工资"]), Row(3, ["甲", "乙", "3000"])]
    words = {"单位名称": "employer", "岗位": "title", "工资": "wage"}
    assert find_header(rows, words.get).number == 2


def test_no_header_is_told_plainly() -> None:
    with pytest.raises(TableUnreadable, match="table_unreadable") as caught:
        find_header([Row(1, ["a", "b"])], lambda _: None)
    assert "表头" in caught.value.title


def package(parts: dict[str, bytes], template: bytes | None = None) -> bytes:
    """A workbook with some parts replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(template or workbook([["岗位", "工资"]]))) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, body in parts.items():
            new.writestr(name, body)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def cell_at(place: str) -> bytes:
    digits = "".join(c for c in place if c.isdigit())
    return f'<row r="{digits}"><c r="{place}"><v>1</v></c></row>'.encode()


def hostile_files() -> dict[str, bytes]:
    wide = OPEN + b"<sheetData>" + cell_at("A1") + cell_at("XFD1048576") + b"</sheetData></worksheet>"
    empty = (
        OPEN
        + b"<sheetData>"
        + b"".join(b'<row r="%d"/>' % n for n in range(1, 1_000_001))
        + b"</sheetData></worksheet>"
    )
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + OPEN + b"<sheetData/></worksheet>"
    utf16 = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "a">]><worksheet/>'.encode(
        "utf-16"
    )
    long_cell = (
        OPEN
        + b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
        + b"x" * 10_000_000
        + b"</t></is></c></row></sheetData></worksheet>"
    )
    return {
        "zip bomb": package({SHEET: b" " * 300_000_000}),
        "bomb in strings": package({"xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * 3_000_000}),
        "wrong far cell": package({SHEET: wide}),
        "million empty rows": package({SHEET: empty}),
        "entity": package({SHEET: entity}),
        "entity in utf-16": package({SHEET: utf16}),
        "macro": package({"xl/vbaProject.bin": b"x"}),
        "10 MB cell": package({SHEET: long_cell}),
        "10 MB csv cell": "岗位,工资\n".encode() + b"x" * 10_000_000 + b",1\n",
        "unclosed quote": '岗位,工资\n"'.encode() + b"x,\n" * 3_000_000,
        "no workbook": package({})[:200],
        "plain zip": zip_of({"a.txt": b"hello"}),
        "damaged": package({})[:-30],
        "ole without book": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "ole short": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "web page": b"\n<html><table><tr><td>1</td></tr></table></html>",
        "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        "empty": b"",
    }  # fmt: skip


def zip_of(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, body in parts.items():
            new.writestr(name, body)
    return stream.getvalue()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("hostile")
    paths = {}
    for index, (name, data) in enumerate(hostile_files().items()):
        paths[name] = folder / f"{index}.xlsx"
        paths[name].write_bytes(data)
    return paths


_CHILD = """
import sys, time
from pathlib import Path
from app.core.sheets import TableUnreadable, open_table
start = time.monotonic()
try:
    count = sum(1 for _ in open_table(Path(sys.argv[1])).rows())
    print("read", count)
except TableUnreadable as error:
    print("refused", error.title)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(time.monotonic() - start, int(peak.split()[1]) // 1024)
"""


@pytest.mark.parametrize(
    "name",
    [
        "zip bomb",
        "bomb in strings",
        "wrong far cell",
        "million empty rows",
        "entity",
        "entity in utf-16",
        "macro",
        "10 MB cell",
        "10 MB csv cell",
        "unclosed quote",
        "no workbook",
        "plain zip",
        "damaged",
        "ole without book",
        "ole short",
        "web page",
        "picture",
        "empty",
    ],
)
def test_hostile_uploads_are_refused_quickly_and_small(hostile: dict[str, Path], name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(hostile[name])],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    verdict, figures = done.stdout.strip().splitlines()
    seconds, megabytes = figures.split()
    assert verdict.startswith("refused"), verdict
    assert float(seconds) <= 10
    assert int(megabytes) <= 256


def test_wrong_dimension_alone_is_harmless() -> None:
    sheet = (
        OPEN + b'<dimension ref="A1:XFD1048576"/><sheetData>' + cell_at("A1") + b"</sheetData></worksheet>"
    )
    assert cells(package({SHEET: sheet})) == [["1"]]


def test_data_offset_from_the_corner_keeps_its_place() -> None:
    sheet = OPEN + b"<sheetData>" + cell_at("C5") + b"</sheetData></worksheet>"
    rows = list(open_table(package({SHEET: sheet})).rows())
    assert rows == [Row(5, ["", "", "1"])]
