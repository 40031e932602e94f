"""Make app/regions/data/divisions.csv.xz and code_changes.csv.

    python scripts/build_divisions.py DIVISIONS_CSV CODE_CHANGES_CSV [OUT_DIR]

DIVISIONS_CSV has code12, level, name, parent_code12, short_name, pinyin, lng, lat, coord_source;
CODE_CHANGES_CSV has kind, code6, old_name, new_name, likely_successor_or_predecessor. What each column
becomes, and where the rows come from, is told in app/regions/data/README.md and LICENCES.md. Same input,
same bytes.
"""

import argparse
import csv
import lzma
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from app.regions.projection import project

LEVEL_ORDER = {"province": 0, "city": 1, "county": 2, "town": 3}
SHORT_LEVEL = {"province": "p", "city": "c", "county": "d", "town": "t"}
CODE_LENGTH = {"province": 6, "city": 6, "county": 6, "town": 9}


@dataclass
class Region:
    """One code of the product, gathered from one or several rows of the source."""

    code: str
    name: str
    short_name: str
    pinyin: str
    levels: set[str] = field(default_factory=set)
    point: tuple[int, int] | None = None
    point_source: str = ""


def licence_of_point(source: str) -> str:
    """c for the MIT points, v for the CC BY 4.0 ones, nothing for a point we may not or need not ship."""
    if source.startswith(("cpca-", "predecessor ")):
        return "c"
    return "v" if source.startswith("vonng-") else ""


def whole_pinyin(name: str, short_name: str, short_pinyin: str) -> list[str]:
    """Syllables of the whole name: the source's for the short name, then the suffix read by pypinyin."""
    words = short_pinyin.split()
    if name.startswith(short_name) and len(words) == len(short_name):
        return words + lazy_pinyin(name[len(short_name) :], style=Style.NORMAL)
    return lazy_pinyin(name, style=Style.NORMAL)


def read_regions(path: Path) -> dict[str, Region]:
    """One region per product code; the levels of a code that stands on several are joined."""
    regions: dict[str, Region] = {}
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            level = row["level"]
            code = row["code12"][: CODE_LENGTH[level]]
            region = regions.get(code)
            if region is None:
                words = whole_pinyin(row["name"], row["short_name"], row["pinyin"])
                region = Region(code, row["name"], row["short_name"], " ".join(words).lower())
                regions[code] = region
            region.levels.add(level)
            licence = licence_of_point(row["coord_source"])
            if licence and row["lng"] and region.point is None:
                region.point = project(float(row["lng"]), float(row["lat"]))
                region.point_source = licence
    return dict(sorted(regions.items()))


def parent_of(code: str, regions: dict[str, Region]) -> str | None:
    """The next wider code of the fixed widths 6, 4, 2 that exists."""
    for parent in (code[:6], code[:4] + "00", code[:2] + "0000"):
        if len(parent) == 6 and parent != code and parent in regions:
            return parent
    return None


def derive_points(regions: dict[str, Region]) -> None:
    """Give counties, then cities, without a point of their own the centre of what lies below them."""
    below: dict[str, list[Region]] = defaultdict(list)
    for region in regions.values():
        parent = parent_of(region.code, regions)
        if parent:
            below[parent].append(region)
    for level in ("county", "city", "province"):
        for region in regions.values():
            if level in region.levels and region.point is None:
                points = [child.point for child in below[region.code] if child.point]
                if points:
                    region.point = (
                        round(sum(x for x, _ in points) / len(points)),
                        round(sum(y for _, y in points) / len(points)),
                    )
                    region.point_source = "d"


def division_lines(regions: Iterable[Region]) -> Iterable[str]:
    """code,levels,name,short_name,pinyin,initials,x,y,point_source; an empty short name means the same as
    name.
    """
    for region in regions:
        levels = "".join(SHORT_LEVEL[level] for level in sorted(region.levels, key=LEVEL_ORDER.__getitem__))
        words = region.pinyin.split()
        x, y = region.point or ("", "")
        short = "" if region.short_name == region.name else region.short_name
        cells = (
            region.code,
            levels,
            region.name,
            short,
            "".join(words),
            "".join(word[0] for word in words),
            x,
            y,
            region.point_source,
        )
        line = ",".join(str(cell) for cell in cells)
        if line.count(",") != len(cells) - 1:
            raise ValueError(f"a comma inside a cell: {line}")
        yield line


def read_changes(path: Path, regions: dict[str, Region]) -> list[tuple[str, str, str]]:
    """Old code, old name, successor: the source's where it names exactly one, else the hand-made list's."""
    changes: dict[str, tuple[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            if row["kind"] == "code absent in 2023":
                successor = row["likely_successor_or_predecessor"]
                changes[row["code6"]] = (row["old_name"], successor if len(successor) == 6 else "")
            elif row["kind"] == "same code renamed":
                changes[row["code6"]] = (row["old_name"], row["code6"])
    manual = Path(__file__).with_name("successors.csv")
    with manual.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            changes[row["old_code"]] = (row["old_name"], row["new_code"])
    for old, (name, new) in changes.items():
        if new not in regions:
            raise ValueError(f"{old} {name}: successor {new!r} is no code of the table")
        if old in regions and old != new:
            raise ValueError(f"{old} {name} is a living code")
    return [(old, name, new) for old, (name, new) in sorted(changes.items())]


def main() -> None:
    """Read the two sources, write the two tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("divisions", type=Path)
    arguments.add_argument("changes", type=Path)
    arguments.add_argument("out", type=Path, nargs="?", default=Path("app/regions/data"))
    options = arguments.parse_args()
    regions = read_regions(options.divisions)
    derive_points(regions)
    lines = "\n".join(division_lines(regions.values())) + "\n"
    (options.out / "divisions.csv.xz").write_bytes(lzma.compress(lines.encode(), preset=9))
    with (options.out / "code_changes.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["old_code", "old_name", "new_code"])
        writer.writerows(read_changes(options.changes, regions))


if __name__ == "__main__":
    main()
