"""Files that mean harm, and a process that tries to take them in: one line of JSON a file, then the peak."""

import json
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from app.core.sheets import TableUnreadable
from app.seekers.imports.ledger_file import open_ledger

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{top}<sheetData>'
_END = "</sheetData></worksheet>"
HEADINGS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>身份证号</t></is></c></row>'
)
PERSON = (
    '<row r="2"><c r="A2" t="inlineStr"><is><t>王桂兰</t></is></c>'
    '<c r="B2" t="inlineStr"><is><t>110105194912310021</t></is></c></row>'
)


def book(path: Path, pieces: Iterator[str], *, top: str = "", others: dict[str, str] | None = None) -> Path:
    """A workbook whose one sheet is made of `pieces`, written as they come."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _RELS)
        for name, text in (others or {}).items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            stream.write(_SHEET.format(top=top).encode())
            for piece in pieces:
                stream.write(piece.encode())
            stream.write(_END.encode())
    return path


def zip_bomb(path: Path) -> Path:
    """Two gigabytes of blanks in two megabytes."""
    return book(path, (" " * 4_000_000 for _ in range(500)))


def row_bomb(path: Path) -> Path:
    """One row without end, under the limit of size."""

    def pieces() -> Iterator[str]:
        yield HEADINGS + '<row r="2">'
        for _ in range(300):
            yield '<c r="A2"><v>1</v></c>' * 50_000

    return book(path, pieces())


def entity_bomb(path: Path) -> Path:
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    strings = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "lol">{lol}]><sst><si><t>&l9;</t></si></sst>'
    return book(path, iter([HEADINGS, PERSON]), others={"xl/sharedStrings.xml": strings})


def entity_in_sheet(path: Path) -> Path:
    book(path, iter([HEADINGS, PERSON]))
    plain = path.with_suffix(".plain")
    path.rename(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                data = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + data
            new.writestr(part.filename, data)
    return path


def macro(path: Path) -> Path:
    return book(path, iter([HEADINGS, PERSON]), others={"xl/vbaProject.bin": "x"})


def empty_rows(path: Path) -> Path:
    """A million rows with nothing in them."""

    def pieces() -> Iterator[str]:
        yield HEADINGS
        for start in range(2, 1_000_002, 10_000):
            yield "".join(f'<row r="{n}"/>' for n in range(start, start + 10_000))

    return book(path, pieces())


def empty_cells(path: Path) -> Path:
    """Coloured cells without text, ten million of them."""
    row = '<row r="{n}">' + "".join(f'<c r="{chr(65 + i)}{{n}}" s="1"/>' for i in range(26)) + "</row>"

    def pieces() -> Iterator[str]:
        yield HEADINGS
        for start in range(2, 190_002, 2_000):
            yield "".join(row.format(n=n) for n in range(start, start + 2_000)) * 2

    return book(path, pieces())


def wrong_dimension(path: Path) -> Path:
    """Says it fills the whole sheet, and has one cell in the last corner."""
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return book(path, iter([HEADINGS, PERSON, far]), top='<dimension ref="A1:XFD1048576"/>')


def string_bomb(path: Path) -> Path:
    strings = "<sst>" + "<si><t>xxxxxxxxxxxxxxxxxxxxxxxx</t></si>" * 2_500_000 + "</sst>"
    return book(path, iter([HEADINGS, PERSON]), others={"xl/sharedStrings.xml": strings})


def long_cell(path: Path) -> Path:
    text = "王" * 2_000_000
    cell = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{text}</t></is></c></row>'
    return book(path, iter([HEADINGS, cell]))


def merges(path: Path) -> Path:
    """A cell merged over every row."""
    ranges = "".join(f'<mergeCell ref="A{n}:B1048576"/>' for n in range(1, 250_000))
    book(path, iter([HEADINGS, PERSON]))
    plain = path.with_suffix(".plain")
    path.rename(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                end = f"</sheetData><mergeCells>{ranges}</mergeCells></worksheet>"
                data = data.replace(_END.encode(), end.encode())
            new.writestr(part.filename, data)
    return path


def formulas(path: Path) -> Path:
    """Not refused: the last result counts, the formula itself is nothing to us."""
    cells = (
        '<row r="2"><c r="A2" t="str"><f>CONCAT("王",HYPERLINK("http://x"))</f><v>王桂兰</v></c>'
        '<c r="B2" t="str"><f>cmd|/c calc</f><v>110105194912310021</v></c></row>'
    )
    return book(path, iter([HEADINGS, cells]))


def cut_off(path: Path) -> Path:
    book(path, iter([HEADINGS, PERSON]))
    path.write_bytes(path.read_bytes()[:-200])
    return path


KINDS: dict[str, Callable[[Path], Path]] = {
    maker.__name__: maker
    for maker in (
        zip_bomb,
        row_bomb,
        entity_bomb,
        entity_in_sheet,
        macro,
        empty_rows,
        empty_cells,
        wrong_dimension,
        string_bomb,
        long_cell,
        merges,
        formulas,
        cut_off,
    )
}


def try_one(path: Path) -> dict[str, object]:
    """What becomes of a file, and the CPU seconds it takes: the tests' machine may be busy."""
    began = time.process_time()
    try:
        ledger = open_ledger(path)
        told: object = [row.cells for row in ledger.rows][:5]
        reason = ""
    except TableUnreadable as error:
        told, reason = [], error.title
    return {"reason": reason, "rows": told, "seconds": time.process_time() - began}


def main() -> None:
    out = {path.stem: try_one(path) for path in sorted(Path(sys.argv[1]).glob("*.xlsx"))}
    # Not ru_maxrss: that counts what the parent held when it forked.
    status = Path("/proc/self/status").read_text()
    peak_mb = int(status.split("VmHWM:")[1].split()[0]) / 1024
    sys.stdout.write(json.dumps({"files": out, "peak_mb": peak_mb}))


if __name__ == "__main__":
    main()
