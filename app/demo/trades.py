"""行当: what the demo's employers hire for, with the words an office would use (`data/trades/*.toml`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.demo.places import read_data

FILES = ("field", "food", "cloth", "building", "machine", "care", "shop", "welfare")


@dataclass(frozen=True, slots=True)
class Trade:
    """行当: one kind of work. `pay_in`, `pay_out`: see `pay.make_wage`; `months` empty = all year.

    A text may end in "@word/word": it is used only where one of the words occurs, see `fitting`.
    `codes`: titles whose occupation is not the trade's `code`. Titles in `live_in` are worked in a family's
    home, food and bed included.
    """

    key: str
    family: str
    code: str
    codes: Mapping[str, str]
    titles: tuple[str, ...]
    profile: str
    months: tuple[int, ...]
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    demands: tuple[str, ...]
    suits: tuple[str, ...]
    shifts: tuple[str, ...]
    education: str
    age_min: int | None
    age_max: int | None
    pay_in: tuple[str, ...]
    pay_out: tuple[str, ...]
    duties: tuple[str, ...]
    asks: tuple[str, ...]
    extras: tuple[str, ...]
    live_in: tuple[str, ...]

    def is_in_season(self, month: int) -> bool:
        """Whether the work goes on in this month or begins in the next."""
        return not self.months or month in self.months or month % 12 + 1 in self.months

    @property
    def is_welfare(self) -> bool:
        """公益岗."""
        return self.key.startswith("w_")


def fitting(texts: Sequence[str], context: str) -> list[str]:
    """The texts that may be used in this context, without their conditions.

    >>> fitting(["擦玻璃", "扫楼道@小区/办公楼", "拖病房@医院"], "小区保洁")
    ['擦玻璃', '扫楼道']
    """
    found = []
    for text in texts:
        plain, _, words = text.partition("@")
        if not words or any(word in context for word in words.split("/")):
            found.append(plain)
    return found


@cache
def all_trades() -> dict[str, Trade]:
    """By key."""
    return {
        key: _trade(key, family, row)
        for family in FILES
        for key, row in read_data(f"trades/{family}.toml").items()
    }


def _trade(key: str, family: str, row: dict[str, Any]) -> Trade:
    lists = ("titles", "months", "skills", "certificates", "demands", "suits", "pay_in", "pay_out", "live_in")
    return Trade(
        key=key,
        family=family,
        code=row["code"],
        codes=row.get("codes", {}),
        profile=row.get("profile", "long"),
        shifts=tuple(row.get("shifts", ("day",))),
        education=row.get("education", "none"),
        age_min=row.get("age_min"),
        age_max=row.get("age_max"),
        duties=tuple(row["duties"]),
        asks=tuple(row["asks"]),
        extras=tuple(row["extras"]),
        **{name: tuple(row.get(name, ())) for name in lists},
    )
