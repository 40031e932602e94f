"""区划变更的核对: whether a change can be made at all, what moves with it, and whose affair it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import FieldProblem
from app.regions import gazetteer
from app.regions.change_models import RegionChange
from app.regions.change_rules import CHANGEABLE, DIGITS, Below, code_problem, move_codes, overlaps
from app.regions.errors import BadRegionChange, RegionChangeInTheWay, UnknownRegion
from app.regions.models import Region
from app.regions.terms import Level, RegionChangeKind, RegionChangeState

_WAITING = (RegionChangeState.PREPARED, RegionChangeState.APPROVED)


@dataclass(frozen=True)
class Wish:
    """想怎么变: what somebody typed; `new_code` stays empty for a rename, `new_name` where the name stays."""

    kind: RegionChangeKind
    old_code: str
    new_code: str = ""
    new_name: str = ""


@dataclass(frozen=True)
class Draft:
    """核过的变更: `target` is the place a merge goes into, `moves` every code that changes (none for a
    rename), `manager_code` the unit whose affair it is (None: the whole country's)."""

    kind: RegionChangeKind
    old: Region
    target: Region | None
    new_code: str
    new_name: str
    new_parent: str | None
    manager_code: str | None
    moves: Mapping[str, str] = field(default_factory=dict)


def check(session: Session, wish: Wish, *, leaving_out: int = 0) -> Draft:
    """Raises BadRegionChange or UnknownRegion with what to do about it, RegionChangeInTheWay when another
    change of the same places waits (`leaving_out` is the change itself)."""
    old = session.get(Region, wish.old_code)
    if old is None:
        raise UnknownRegion(fields=[FieldProblem("old_code", "没有这个代码的地方，请核对")])
    if old.retired_on is not None:
        raise _bad("old_code", f"{old.name}已经撤并了，不能再变。")
    draft = _rename(session, old, wish) if wish.kind is RegionChangeKind.RENAME else _move(session, old, wish)
    _check_waiting(session, draft, leaving_out)
    return draft


def _rename(session: Session, old: Region, wish: Wish) -> Draft:
    name = _read_name(wish.new_name)
    if not name:
        raise _bad("new_name", "改名要填新名字。")
    if name == old.name:
        raise _bad("new_name", "新名字和现在的一样，不用改。")
    if wish.new_code not in ("", old.code):
        raise _bad("new_code", "改名不换代码。要换代码，请选“换代码”。")
    _check_name_free(session, name, old.parent_code, old.code)
    return Draft(wish.kind, old, None, old.code, name, old.parent_code, old.parent_code)


def _move(session: Session, old: Region, wish: Wish) -> Draft:
    division = gazetteer.find(old.code)
    if old.level not in CHANGEABLE or (division is not None and len(division.levels) > 1):
        raise _bad("old_code", "省、市和不设区的市只能在这里改名，换代码随每年的区划表来。")
    new = wish.new_code.strip()
    if new == old.code:
        merging = wish.kind is RegionChangeKind.MERGE
        raise _bad("new_code", "不能并入自己。" if merging else "新代码和现在的一样，不用换。")
    if problem := code_problem(new, old.level):
        raise _bad("new_code", problem)
    target = session.get(Region, new)
    name = _read_name(wish.new_name)
    if wish.kind is RegionChangeKind.MERGE:
        if target is None:
            raise _bad("new_code", "没有这个代码的地方，并不进去。要用新代码，请选“换代码”。")
        if target.retired_on is not None:
            raise _bad("new_code", _gone(target, old))
        new_parent = target.parent_code
        name = name or target.name
    else:
        if target is not None and not _was_undone(target, old):
            raise _bad("new_code", f"这个代码{_used_by(target)}，换一个没用过的。")
        new_parent = _parent_of(session, new, old.level)
        _check_parent(wish.kind, old, new_parent)
        name = name or old.name
        target = None
    if wish.kind is RegionChangeKind.MERGE:
        _check_name_free(session, name, new_parent, old.code, new)
    else:
        _check_name_free(session, name, new_parent, old.code)
    manager = _common_parent(session, old.parent_code, new_parent)
    return Draft(wish.kind, old, target, new, name, new_parent, manager, _moves(session, old, new))


def _moves(session: Session, old: Region, new: str) -> dict[str, str]:
    prefix, new_prefix = old.code[: DIGITS[old.level]], new[: DIGITS[old.level]]
    below: list[Below] = []
    if old.level is not Level.VILLAGE:
        rows = session.execute(
            select(Region.code, Region.parent_code, Region.level).where(
                Region.code.startswith(prefix), Region.code != old.code, Region.retired_on.is_(None)
            )
        )
        below = [Below(row.code, row.parent_code, row.level) for row in rows]
    taken = session.execute(
        select(Region.code, Region.moved_to).where(Region.code.startswith(new_prefix), Region.code != new)
    )
    here = {place.code for place in below}
    try:
        # A code that an undone change left behind goes to the same place again.
        return move_codes(old.code, new, below, {code for code, moved_to in taken if moved_to not in here})
    except ValueError:
        raise _bad("new_code", "那边的编号不够用了，请先把编号理一理。") from None


def _read_name(text: str) -> str:
    name = "".join(text.split())
    if len(name) > 60:
        raise _bad("new_name", "名字不超过 60 个字。")
    return name


def _check_name_free(session: Session, name: str, parent: str | None, *but: str) -> None:
    statement = select(Region.code).where(
        Region.parent_code == parent,
        Region.name == name,
        Region.retired_on.is_(None),
        Region.code.not_in(but),
    )
    if session.scalar(statement.limit(1)) is not None:
        raise _bad("new_name", f"那里已经有一个{name}了，请先核对。")


def _gone(target: Region, old: Region) -> str:
    if target.moved_to == old.code:
        return f"{target.name}已经并到{old.name}了，不能再并回去。办错了，请撤销那一次变更。"
    return f"{target.name}已经撤并了，请填它现在的代码{target.moved_to or ''}。"


def _used_by(target: Region) -> str:
    return f"是{target.name}的" if target.retired_on is None else f"{target.name}以前用过"


def _was_undone(target: Region, old: Region) -> bool:
    return target.retired_on is not None and target.moved_to == old.code


def _parent_of(session: Session, code: str, level: Level) -> str:
    """The place that a code lies in by its digits. Raises BadRegionChange when there is none."""
    if level is Level.VILLAGE:
        choices: tuple[str, ...] = (code[:9],)
    elif level is Level.TOWN:
        choices = (code[:6],)
    else:
        choices = (f"{code[:4]}00", f"{code[:2]}0000")
    for choice in choices:
        parent = session.get(Region, choice)
        if parent is not None and parent.retired_on is None:
            return parent.code
    raise _bad("new_code", "新代码前几位的上级地区不存在或已撤并，请核对新代码。")


def _check_parent(kind: RegionChangeKind, old: Region, new_parent: str) -> None:
    if kind is RegionChangeKind.NEW_CODE and new_parent != old.parent_code:
        raise _bad("new_code", "新代码在另一个上级地区里。要划过去，请选“划转”。")
    if kind is RegionChangeKind.TRANSFER and new_parent == old.parent_code:
        raise _bad("new_code", "新代码还在原来的上级地区里。只换代码，请选“换代码”。")


def _common_parent(session: Session, one: str | None, other: str | None) -> str | None:
    """The smallest place that holds both."""
    mine = _chain(session, one)
    return next((code for code in _chain(session, other) if code in mine), None)


def _chain(session: Session, code: str | None) -> list[str]:
    found: list[str] = []
    while code is not None:
        found.append(code)
        code = session.get_one(Region, code).parent_code
    return found


def _check_waiting(session: Session, draft: Draft, leaving_out: int) -> None:
    mine = [(draft.old.code, draft.old.level), (draft.new_code, draft.old.level)]
    waiting = session.execute(
        select(RegionChange.old_code, RegionChange.new_code, RegionChange.old_name, Region.level)
        .join(Region, Region.code == RegionChange.old_code)
        .where(RegionChange.state.in_(_WAITING), RegionChange.id != leaving_out)
    )
    for old_code, new_code, name, level in waiting:
        for theirs in (old_code, new_code):
            if any(overlaps(code, theirs, (own, level)) for code, own in mine):
                raise RegionChangeInTheWay(f"{name}还有一个没办完的变更，先办完或不办了，再办这一个。")


def _bad(name: str, words: str) -> BadRegionChange:
    return BadRegionChange(words, fields=[FieldProblem(name, words)])
