"""岗位样板: what a posting of each trade usually says (templates.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("templates.toml")
_LISTS = ("demands", "insurance", "care")
_WORDS = ("skills", "certificates")
_SINGLE = ("title", "shift", "profile", "unit", "description")


@dataclass(frozen=True)
class Trade:
    """样板: `typed` what it fills into the form."""

    key: str
    label: str
    icon: str
    typed: Mapping[str, str]


@cache
def trades() -> tuple[Trade, ...]:
    """Every template, in the order of the file."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["template"]
    return tuple(Trade(row["key"], row["label"], row["icon"], _typed(row)) for row in rows)


def find_trade(key: str) -> Trade | None:
    """The template of a key."""
    return next((trade for trade in trades() if trade.key == key), None)


def _typed(row: Mapping[str, object]) -> dict[str, str]:
    typed = {name: str(row[name]) for name in _SINGLE if name in row}
    for name in (*_LISTS, *_WORDS):
        values = row.get(name)
        if isinstance(values, list):
            typed[name] = ("、" if name in _WORDS else " ").join(values)
    return typed
