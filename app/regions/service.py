"""区划服务: filling the table with the built-in divisions, and the villages an office adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from app.core.errors import AppError, FieldProblem
from app.core.pinyin import syllables
from app.core.sheets.importing import RowOutcome, RowProblem
from app.regions import gazetteer
from app.regions.errors import BadVillageCode, UnknownRegion, VillageExists
from app.regions.gazetteer import Division, Point
from app.regions.models import Region
from app.regions.naming import short_name_of
from app.regions.projection import project
from app.regions.schemas import VillageIn
from app.regions.terms import Level, RegionSource

_BATCH = 500


@dataclass(frozen=True)
class LoadedDivisions:
    """装载结果: how many built-in divisions were new to the table and how many had changed."""

    created: int
    updated: int


def load_reference_divisions(session: Session) -> LoadedDivisions:
    """装载区划: bring the built-in divisions into the table; doing it again changes nothing.

    Names, points and parents that differ are brought up to date, but what an office has changed stays as the
    office has it. A code that has left the built-in table stays too: records may point to it, so two people
    decide where they go (`yearly.propose_changes`).
    """
    columns = (Region.level, Region.name, Region.short_name, Region.parent_code, Region.x, Region.y)
    present = {row[0]: tuple(row[1:]) for row in session.execute(select(Region.code, *columns))}
    by_office = _changed_by_offices(session)
    created: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for division in gazetteer.built_in().divisions.values():
        if division.code in by_office:
            continue
        now = present.get(division.code)
        if now is None:
            created.append(_row(division))
        elif now != _comparable(division):
            changed.append(_row(division))
    # Code order puts every parent before its children, which the foreign key asks for.
    if created:
        session.execute(insert(Region.__table__), created)  # type: ignore[arg-type]
    for start in range(0, len(changed), _BATCH):
        session.execute(update(Region), changed[start : start + _BATCH])
    return LoadedDivisions(len(created), len(changed))


def _changed_by_offices(session: Session) -> set[str]:
    """Codes of towns and above that offices renamed, made, or moved away from."""
    return set(
        session.scalars(
            select(Region.code).where(
                Region.level != Level.VILLAGE,
                or_(Region.source == RegionSource.OFFICE, Region.moved_to.is_not(None)),
            )
        )
    )


def _comparable(division: Division) -> tuple[object, ...]:
    return (division.level, division.name, division.short_name, division.parent_code, division.x, division.y)


def _row(division: Division) -> dict[str, object]:
    return {
        "code": division.code,
        "level": division.level,
        "name": division.name,
        "short_name": division.short_name,
        "parent_code": division.parent_code,
        "pinyin": division.pinyin,
        "initials": division.initials,
        "x": division.x,
        "y": division.y,
        "source": RegionSource.BUILTIN,
        "retired_on": None,
    }


def add_village(session: Session, code: str, name: str, *, point: Point | None = None) -> Region:
    """添加村: put a village below its town. The same village again is answered with the one that is there.

    `code` has 12 digits, the first 9 its town's; `point` is in plane metres. The caller makes sure that the
    actor manages the town. Raises BadVillageCode, UnknownRegion (no such town), VillageExists (another name).
    """
    village = _new_village(session, code, name, point)
    present = session.get(Region, code)
    if present is None:
        session.add(village)
        session.flush()
        return village
    if present.name != village.name or present.moved_to is not None:
        raise VillageExists()
    return present


def rename_village(session: Session, code: str, name: str, *, point: Point | None = None) -> Region:
    """改村名: correct a village's name, and its point when one is given. Raises UnknownRegion."""
    present = session.get(Region, code)
    if present is None or present.level is not Level.VILLAGE or present.moved_to is not None:
        raise UnknownRegion()
    _rewrite(present, _new_village(session, code, name, point))
    session.flush()
    return present


def retire_village(session: Session, code: str, on: date) -> Region:
    """撤销村: stop offering a village that was merged away; records that point to it stay readable.

    Raises UnknownRegion; built-in divisions can not be retired by an office.
    """
    present = session.get(Region, code)
    if present is None or present.level is not Level.VILLAGE:
        raise UnknownRegion()
    present.retired_on = on
    session.flush()
    return present


def import_villages(session: Session, rows: Sequence[VillageIn]) -> list[RowOutcome | RowProblem]:
    """导入村名单: add new villages, correct names and points of known ones. Answers for each row in order.

    A town that is not in the table, or a code that belongs to a built-in division, refuses its row only.
    """
    codes = {row.code for row in rows} | {row.code[:9] for row in rows}
    # Held until the end: asking for each village's town then costs no query.
    known = {r.code: r for r in session.scalars(select(Region).where(Region.code.in_(codes)))}
    outcomes: list[RowOutcome | RowProblem] = []
    for row in rows:
        point = project(row.lng, row.lat) if row.lng is not None and row.lat is not None else None
        try:
            village = _new_village(session, row.code, row.name, point)
        except AppError as error:
            outcomes.append(RowProblem(error.title))
            continue
        present = known.get(row.code)
        if present is None:
            session.add(village)
            known[row.code] = village
            outcomes.append(RowOutcome.CREATED)
        elif present.moved_to is not None:
            outcomes.append(RowProblem(f"这个村已经撤并到 {present.moved_to}，请改用现在的代码。"))
        else:
            changed = _rewrite(present, village)
            outcomes.append(RowOutcome.UPDATED if changed else RowOutcome.UNCHANGED)
    session.flush()
    return outcomes


def _new_village(session: Session, code: str, name: str, point: Point | None) -> Region:
    """A village that is not yet in the session. Raises BadVillageCode and UnknownRegion."""
    plain = "".join(name.split())
    if len(code) != 12 or not (code.isascii() and code.isdigit()) or code.endswith("000"):
        raise BadVillageCode(fields=[FieldProblem("code", "要12位数字，最后三位不能全是0")])
    if not plain or len(plain) > 60:
        raise BadVillageCode("村名要填，不超过60个字。", fields=[FieldProblem("name", "请填村名")])
    town = session.get(Region, code[:9])
    if town is None or town.level is not Level.TOWN:
        raise UnknownRegion("没有找到这个村所在的乡镇，请核对代码的前9位。")
    read = syllables(plain)
    return Region(
        code=code,
        level=Level.VILLAGE,
        name=plain,
        short_name=short_name_of(plain, Level.VILLAGE),
        parent_code=town.code,
        pinyin="".join(read).lower()[:240],
        initials="".join(s[:1] for s in read).lower()[:60],
        x=point[0] if point else None,
        y=point[1] if point else None,
        source=RegionSource.OFFICE,
    )


def _rewrite(present: Region, village: Region) -> bool:
    """Take over name and point; whether anything differed. A missing new point leaves the old one."""
    changed = present.name != village.name or present.retired_on is not None
    present.name, present.short_name = village.name, village.short_name
    present.pinyin, present.initials = village.pinyin, village.initials
    present.retired_on = None
    if village.x is not None and (present.x, present.y) != (village.x, village.y):
        present.x, present.y = village.x, village.y
        changed = True
    return changed
