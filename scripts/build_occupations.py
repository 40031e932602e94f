"""Pack the 2022 occupation classification into the compact table the product ships.

    python scripts/build_occupations.py CSCO_CSV [OUT]

CSCO_CSV has the columns `code, level, name, definition, tasks, aliases` (app/occupations/data/LICENCES.md).
The source misses some middle and small groups; they are not invented here, the reader climbs by code prefix.
"""

import csv
import lzma
import re
import sys
from pathlib import Path

from pypinyin import lazy_pinyin

OUT = Path(__file__).resolve().parent.parent / "app" / "occupations" / "data" / "classification.tsv.xz"
CODE = re.compile(r"[1-8]-\d\d-\d\d-\d\d\Z")


def spell(word: str) -> str:
    """Pinyin without tones, one syllable a sign, other signs as they stand: 缝纫工 -> feng ren gong."""
    return " ".join(lazy_pinyin(word, errors=list)).lower()


def pack(source: Path) -> str:
    """Tab separated: code, name, everyday names joined by |, pinyin of all of them joined by |.

    A code that the source gives twice keeps its first name; everyday names are merged and kept in order.
    """
    rows: dict[str, tuple[str, dict[str, None]]] = {}
    with source.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            code, name = row["code"].strip(), re.sub(r"\s+", "", row["name"])
            if not CODE.match(code):
                raise SystemExit(f"not an occupation code: {code!r}")
            known = rows.setdefault(code, (name, {}))
            for alias in re.split(r"[|\n\t]", row["aliases"]):
                if (word := alias.strip()) and word != name:
                    known[1][word] = None
    lines = []
    for code, (name, aliases) in sorted(rows.items()):
        spelled = "|".join(spell(word) for word in (name, *aliases))
        lines.append(f"{code}\t{name}\t{'|'.join(aliases)}\t{spelled}\n")
    return "".join(lines)


def main() -> None:
    """Read the source named on the command line and write the packed table."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    out = Path(sys.argv[2]) if len(sys.argv) == 3 else OUT
    text = pack(Path(sys.argv[1]))
    out.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{out.name}: {text.count(chr(10))} occupations, {out.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
