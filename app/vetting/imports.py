"""导入最低工资: a province's notice as a table: tiers, days, figures, and the counties of each."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.amounts import read_fen
from app.core.clock import Clock
from app.core.db import Database
from app.core.sheets.header import plain_heading
from app.core.sheets.importing import (
    ImportOptions,
    ImportSummary,
    Progress,
    RowOutcome,
    RowProblem,
    run_import,
)
from app.regions import gazetteer
from app.regions.terms import Level
from app.vetting.models import MinimumWageTier

_NAMES: Final = {
    "province": "省 省份 province",
    "effective_on": "执行日期 生效日期 起始日期 施行日期 开始执行 effective_from effective_on",
    "tier": "档 档次 类别 类区 等级 tier",
    "month": "月最低工资 月标准 每月 月工资 最低工资 month_yuan",
    "hour": "小时最低工资 小时标准 每小时 小时工资 hour_yuan",
    "areas": "适用地区 地区 区县 县区 适用范围 areas county",
    "codes": "区划代码 代码 code6 codes",
    "source": "文号 来源 依据 source",
}
_HEADINGS: Final = {plain_heading(name): field for field, names in _NAMES.items() for name in names.split()}
_BETWEEN: Final = re.compile(r"[\s、,，;；/]+")
_REST: Final = re.compile(r"其余|其他|其它|all other|rest", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"[(（].*?[)）]")
_MOST_ALIKE: Final = 60
_BEFORE: Final = re.compile(r"^[^:：]{1,8}[:：]")


@dataclass(frozen=True)
class TierRow:
    """一行标准, ready to be stored."""

    province_code: str
    effective_on: date
    name: str
    month_fen: int
    hour_fen: int
    areas: tuple[str, ...]
    rest: bool
    source: str


class WageImporter:
    """最低工资导入 (see core.sheets.importing). A tier named again for the same day gets the new figures;
    several rows of one tier (one a county) add their counties."""

    def __init__(self, clock: Clock, actor: Actor) -> None:
        self.notes: Counter[str] = Counter()
        self._clock, self._actor = clock, actor

    def know(self, label: str) -> str | None:
        return _HEADINGS.get(plain_heading(label))

    def read(self, cells: Mapping[str, str], labels: Mapping[str, str]) -> TierRow:
        codes = tuple(code for code in _BETWEEN.split(cells.get("codes", "")) if code)
        province = _province(cells.get("province", "") or (codes[0][:2] if codes else ""))
        areas, unknown = _areas(_BRACKETS.sub("", cells.get("areas", "")), province) if not codes else ((), 0)
        if unknown:
            self.notes["有的区县名认不出，没有算进这一档"] += 1
        for code in codes:
            if not code.startswith(province) or gazetteer.find_nearest(code) is None:
                raise RowProblem(f"没有这个区划代码：{code[:12]}。")
        rest = bool(_REST.search(cells.get("areas", "")))
        if not (areas or codes or rest):
            self.notes["没写适用哪些区县，这一档按全省最低的算"] += 1
        return TierRow(
            province,
            _day(cells.get("effective_on", "")),
            _tier(cells.get("tier", "")),
            _fen(cells.get("month", ""), "月标准"),
            _fen(cells.get("hour", ""), "小时标准"),
            codes or areas,
            rest,
            cells.get("source", "")[:200],
        )

    def save(self, session: Session, items: Sequence[TierRow]) -> list[RowOutcome | RowProblem]:
        outcomes: list[RowOutcome | RowProblem] = []
        for item in items:
            outcomes.append(self._save(session, item))
            session.flush()
        return outcomes

    def _save(self, session: Session, item: TierRow) -> RowOutcome:
        known = session.scalar(
            select(MinimumWageTier).where(
                MinimumWageTier.province_code == item.province_code,
                MinimumWageTier.effective_on == item.effective_on,
                MinimumWageTier.name == item.name,
            )
        )
        now = self._clock.now()
        if known is None:
            row = MinimumWageTier(
                **{name: getattr(item, name) for name in ("province_code", "effective_on", "name", "rest")},
                month_fen=item.month_fen,
                hour_fen=item.hour_fen,
                areas=sorted(item.areas),
                source=item.source,
                updated_by_id=self._actor.user_id,
                updated_at=now,
            )
            session.add(row)
            return RowOutcome.CREATED
        areas = sorted({*known.areas, *item.areas})
        values = {
            "month_fen": item.month_fen,
            "hour_fen": item.hour_fen,
            "areas": areas,
            "rest": known.rest or item.rest,
            "source": item.source or known.source,
        }
        if all(getattr(known, name) == value for name, value in values.items()):
            return RowOutcome.UNCHANGED
        for name, value in values.items():
            setattr(known, name, value)
        known.updated_by_id, known.updated_at = self._actor.user_id, now
        return RowOutcome.UPDATED


def _province(text: str) -> str:
    code = text.strip()[:2]
    for province in gazetteer.children(None):
        if province.code[:2] == code or text.strip().startswith(province.name[:2]):
            return province.code[:2]
    raise RowProblem("没写省份，或者没有这个省。")


def _areas(text: str, province: str) -> tuple[tuple[str, ...], int]:
    """Codes of the places named in a province (南昌市: 东湖区 西湖区), and how many names nobody knows."""
    names = [_BEFORE.sub("", name) for name in _BETWEEN.split(text) if name and not _REST.search(name)]
    found: list[str] = []
    unknown = 0
    for name in (name for name in names if len(name) >= 2):
        codes = _codes_of(name, province)
        found += codes
        unknown += not codes
    return tuple(dict.fromkeys(found)), unknown


def _codes_of(name: str, province: str) -> list[str]:
    return [
        place.code
        for place in gazetteer.search(name, limit=_MOST_ALIKE)
        if place.code.startswith(province)
        and place.level in (Level.CITY, Level.COUNTY)
        and place.name in (name, f"{name}区", f"{name}县", f"{name}市")
    ]


def _day(text: str) -> date:
    found = re.search(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})", text)
    try:
        return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(text.strip())
    except ValueError as error:
        raise RowProblem("没写从哪天起执行，写成 2026-01-01 这样。") from error


def _tier(text: str) -> str:
    if not text.strip():
        raise RowProblem("没写是哪一档（一类、二类）。")
    return text.strip()[:40] if not text.strip().isdigit() else f"{text.strip()}档"


def _fen(text: str, label: str) -> int:
    amount = read_fen(text)
    if amount is None:
        raise RowProblem(f"{label}不是个数。")
    if not 100 <= amount <= 10_000_000:
        raise RowProblem(f"{label}不像是钱数。")
    return amount


def import_minimum_wages(
    database: Database,
    path: Path,
    options: ImportOptions,
    clock: Clock,
    *,
    actor: Actor = SYSTEM,
    progress: Progress | None = None,
) -> ImportSummary:
    """Takes in a table of minimum wages (CONTRACT, import). Raises TableUnreadable (nothing stored)."""
    return run_import(database, path, WageImporter(clock, actor), options, progress)
