"""扶持种类: the table an office edits (data/support_kinds.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

KINDS_OF_DOMAIN: Final = 17
"""How many kinds a county gives (DOMAIN G1); what is missing in the table is missing there too."""
_FILE: Final = Path(__file__).parent / "data" / "support_kinds.toml"


@dataclass(frozen=True)
class SupportKind:
    """扶持种类: `name` in the words of `source`."""

    code: str
    name: str
    source: str


@cache
def support_kinds() -> dict[str, SupportKind]:
    """Every kind by code, in the order of the file."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["kind"]
    return {row["code"]: SupportKind(row["code"], row["name"], row["source"]) for row in rows}


def support_name(code: str) -> str:
    """What a kind is called; one that was taken out of the table since keeps its code."""
    kind = support_kinds().get(code)
    return kind.name if kind else code
