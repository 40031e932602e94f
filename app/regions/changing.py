"""区划变更的执行: one change takes effect, or is taken back, in one transaction.

Everybody is managed by exactly one living region at every instant: readers see the state before the commit or
after it, never between. Who may prepare, approve and undo is for `accounts.region_changes`, the only caller.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from app.core.pinyin import syllables
from app.regions import holders
from app.regions.amendments import amend_after_commit, latest_revision
from app.regions.change_checks import Draft
from app.regions.change_models import RegionChange, RegionCodeMove, RegionHolding
from app.regions.change_rules import UNDO_WITHIN
from app.regions.errors import RegionChangeInTheWay
from app.regions.holders import Holder, Moving
from app.regions.models import Region
from app.regions.naming import short_name_of
from app.regions.terms import RegionChangeState, RegionSource

_AT_ONCE = 500


@dataclass(frozen=True)
class Touched:
    """涉及: how many records of a kind are kept under the codes that move."""

    label: str
    count: int


def count_touched(session: Session, codes: Collection[str], at: datetime) -> list[Touched]:
    """What a change would move, kind by kind; kinds without any are left out."""
    found: dict[str, int] = {}
    for holder in holders.holders():
        if not holder.label:
            continue
        number = session.scalar(
            select(func.count()).select_from(holder.model).where(holder.column.in_(codes), holder.moves(at))
        )
        found[holder.label] = found.get(holder.label, 0) + (number or 0)
    return [Touched(label, count) for label, count in found.items() if count]


def find_trouble(session: Session, moving: Moving) -> str | None:
    """What stops a change for now, as a sentence."""
    return next((words for ask in holders.troubles() if (words := ask(session, moving))), None)


def occupied(session: Session, codes: Collection[str], at: datetime) -> set[str]:
    """Those of the codes under which any record is kept."""
    found: set[str] = set()
    for holder in holders.holders():
        if holder.holds_records:
            statement = select(holder.column).where(holder.column.in_(codes), holder.moves(at)).distinct()
            found.update(session.scalars(statement))
    return found


def is_anything_kept(session: Session, code: str, at: datetime) -> bool:
    """Whether anything at all points to a code: a record, a role, an import."""
    return any(
        session.scalar(select(holder.key).where(holder.column == code, holder.moves(at)).limit(1)) is not None
        for holder in holders.holders()
    )


def lock_places(session: Session, codes: Collection[str]) -> None:
    """Holds the rows of the table of regions, so that nobody who wants to write a record under one of the
    codes (they share-lock it, `queries.hold_living`) gets in between."""
    statement = select(Region.code).where(Region.code.in_(codes)).order_by(Region.code).with_for_update()
    session.execute(statement).all()


def apply(session: Session, change: RegionChange, draft: Draft, moving: Moving, today: date) -> None:
    """Carries out an approved change that was checked in this transaction (`draft`), places locked.

    Raises RegionChangeInTheWay for an unfinished import and the like, RuntimeError when a table with region
    codes was forgotten.
    """
    if missing := holders.missing_columns():
        raise RuntimeError(f"nobody moves {missing} (regions.holders)")
    if words := find_trouble(session, moving):
        raise RegionChangeInTheWay(words)
    session.execute(delete(RegionCodeMove).where(RegionCodeMove.change_id == change.id))
    if draft.moves:
        _open_new(session, draft)
        rows = [
            {"change_id": change.id, "old_code": old, "new_code": new} for old, new in draft.moves.items()
        ]
        session.execute(insert(RegionCodeMove), rows)
        _move_columns(session, change.id, moving.at)
        for handler in holders.follows():
            handler(session, moving)
        _retire(session, draft.moves, today)
    if draft.target is not None or not draft.moves:
        _rename(session.get_one(Region, change.new_code), change.new_name)
        for handler in holders.follows() if not draft.moves else ():
            handler(session, moving)
    change.state, change.applied_at, change.trouble = RegionChangeState.APPLIED, moving.at, ""
    change.revision = latest_revision(session) + 1
    amend_after_commit(session)


def _open_new(session: Session, draft: Draft) -> None:
    """The rows of the new codes, wider ones first; an undone change may have left them retired."""
    old_rows = {row.code: row for row in session.scalars(select(Region).where(Region.code.in_(draft.moves)))}
    for old, new in draft.moves.items():
        if draft.target is not None and new == draft.target.code:
            continue
        was = old_rows[old]
        row = session.get(Region, new)
        if row is None:
            row = Region(code=new, level=was.level)
            session.add(row)
        row.name, row.short_name, row.pinyin, row.initials = (
            was.name,
            was.short_name,
            was.pinyin,
            was.initials,
        )
        row.x, row.y = was.x, was.y
        row.parent_code = draft.new_parent if old == draft.old.code else draft.moves[was.parent_code or ""]
        row.source, row.retired_on, row.moved_to = RegionSource.OFFICE, None, None
        if old == draft.old.code and draft.new_name != was.name:
            _rename(row, draft.new_name)
        session.flush()


def _rename(row: Region, name: str) -> None:
    if row.name == name:
        return
    read = syllables(name)
    row.name, row.short_name = name, short_name_of(name, row.level)
    row.pinyin = "".join(read).lower()[:240]
    row.initials = "".join(word[:1] for word in read).lower()[:60]
    row.source = RegionSource.OFFICE


def _move_columns(session: Session, change_id: int, at: datetime) -> None:
    """Two statements a column, however many records: note what moves, then move it."""
    pairs = RegionCodeMove.__table__
    of_change = pairs.c.change_id == change_id
    for holder in holders.holders():
        if holder.follows:
            continue
        column = holder.column
        moved = (
            select(literal(change_id), literal(holder.name), holder.key, column, pairs.c.new_code)
            .join_from(holder.model, pairs, and_(pairs.c.old_code == column, of_change))
            .where(holder.moves(at))
        )
        session.execute(
            insert(RegionHolding).from_select(
                ["change_id", "holder", "record_id", "old_code", "new_code"], moved
            )
        )
        new = select(pairs.c.new_code).where(pairs.c.old_code == column, of_change).scalar_subquery()
        old = select(pairs.c.old_code).where(of_change)
        session.execute(
            update(holder.model)
            .where(column.in_(old), holder.moves(at))
            .values({holder.column.key: new})
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def _retire(session: Session, moves: Mapping[str, str], today: date) -> None:
    for old, new in moves.items():
        row = session.get_one(Region, old)
        row.retired_on, row.moved_to = today, new
    session.flush()


def check_undo(session: Session, change: RegionChange, now: datetime) -> None:
    """Raises RegionChangeInTheWay when too much time has passed or something new hangs on the change."""
    if change.state is not RegionChangeState.APPLIED or change.applied_at is None:
        raise RegionChangeInTheWay("只有已经生效的变更才能撤销。")
    if now - change.applied_at > UNDO_WITHIN:
        raise RegionChangeInTheWay("生效超过 7 天，不能撤销了。要改回来，请再拟一个变更。")
    moves = moves_of(session, change.id)
    fresh = [code for code in moves.values() if code != change.new_code or not is_merge_target(change)]
    codes = {*moves, *moves.values(), change.old_code, change.new_code}
    later = session.scalar(
        select(RegionChange.id)
        .outerjoin(RegionCodeMove, RegionCodeMove.change_id == RegionChange.id)
        .where(
            RegionChange.state == RegionChangeState.APPLIED,
            RegionChange.revision > (change.revision or 0),
            or_(
                RegionChange.old_code.in_(codes),
                RegionChange.new_code.in_(codes),
                RegionCodeMove.old_code.in_(codes),
                RegionCodeMove.new_code.in_(codes),
            ),
        )
        .limit(1)
    )
    if later is not None:
        raise RegionChangeInTheWay("这以后这里又办过别的变更，要先撤销后面那一个。")
    if session.scalar(_new_below(moves, fresh)) is not None:
        raise RegionChangeInTheWay("新代码下面已经添了村或镇，不能撤销了。")
    for holder in holders.holders():
        if holder.follows or not fresh:
            continue
        if session.scalar(_new_record(holder, change.id, fresh, now)) is not None:
            raise RegionChangeInTheWay(f"新代码下面已经有新登记的{holder.label or '记录'}，不能撤销了。")


def is_merge_target(change: RegionChange) -> bool:
    """Whether the new code was a place of its own before."""
    return bool(change.target_name)


def _new_below(moves: Mapping[str, str], fresh: Collection[str]) -> Select[Any]:
    return (
        select(Region.code)
        .where(
            Region.parent_code.in_(fresh),
            Region.code.not_in(list(moves.values())),
            Region.retired_on.is_(None),
        )
        .limit(1)
    )


def _new_record(holder: Holder, change_id: int, fresh: Collection[str], at: datetime) -> Select[Any]:
    moved = select(RegionHolding.record_id).where(
        RegionHolding.change_id == change_id, RegionHolding.holder == holder.name
    )
    return (
        select(holder.key)
        .where(holder.column.in_(fresh), holder.moves(at), holder.key.not_in(moved))
        .limit(1)
    )


def undo(session: Session, change: RegionChange, moving: Moving) -> None:
    """Takes a change back that `check_undo` let pass: every record that moved and is still there goes
    back.
    """
    moves = moves_of(session, change.id)
    if words := find_trouble(session, moving):
        raise RegionChangeInTheWay(words)
    for old in moves:
        row = session.get_one(Region, old)
        row.retired_on = row.moved_to = None
    session.flush()
    if not moves:
        _rename(session.get_one(Region, change.new_code), change.old_name)
    elif is_merge_target(change):
        _rename(session.get_one(Region, change.new_code), change.target_name)
    _move_columns_back(session, change.id)
    for handler in holders.follows():
        handler(session, moving)
    for old, new in moves.items():
        if new == change.new_code and is_merge_target(change):
            continue
        row = session.get_one(Region, new)
        row.retired_on, row.moved_to = moving.at.date(), old
    change.state, change.undone_at = RegionChangeState.UNDONE, moving.at
    change.revision = latest_revision(session) + 1
    amend_after_commit(session)


def _move_columns_back(session: Session, change_id: int) -> None:
    noted = RegionHolding.__table__
    for holder in holders.holders():
        if holder.follows:
            continue
        mine = and_(noted.c.change_id == change_id, noted.c.holder == holder.name)
        this = and_(mine, noted.c.record_id == holder.key)
        back = select(noted.c.old_code).where(this).scalar_subquery()
        still = select(noted.c.record_id).where(this, noted.c.new_code == holder.column).exists()
        session.execute(
            update(holder.model)
            .where(holder.key.in_(select(noted.c.record_id).where(mine)), still)
            .values({holder.column.key: back})
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def moves_of(session: Session, change_id: int) -> dict[str, str]:
    """Old code -> new code of a change, wider ones first."""
    rows = session.execute(
        select(RegionCodeMove.old_code, RegionCodeMove.new_code).where(RegionCodeMove.change_id == change_id)
    )
    return dict(sorted(((row[0], row[1]) for row in rows), key=lambda pair: (len(pair[0]), pair[0])))
