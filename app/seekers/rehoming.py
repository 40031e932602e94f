"""户和人随区划走 (DOMAIN C5): when a region's code changes, households and people go along, with a line of
history each, in the one transaction of the change.

The household moves, the person follows the household: whoever joined a household after a change goes back
with it when the change is undone. Every line says from which code to which, so any past day still shows the
old one.
"""

from typing import Any

from sqlalchemy import Text, cast, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session

from app.regions import holders
from app.regions.change_models import RegionHolding
from app.regions.holders import Holder, Moving
from app.seekers.imports.models import ImportBatch
from app.seekers.imports.terms import ImportState
from app.seekers.models import Household, LedgerChange, Person
from app.seekers.terms import ChangeKind, RecordKind

holders.hold(
    Holder(Household.region_code, "户"),
    Holder(Person.region_code, "人", follows=True),
    Holder(ImportBatch.region_code, "导入记录", holds_records=False),
)
_UNFINISHED = (
    ImportState.STAGING,
    ImportState.UPLOADED,
    ImportState.PREVIEWING,
    ImportState.PREVIEWED,
    ImportState.RUNNING,
    ImportState.UNDOING,
)
_APART: dict[str, Any] = {"synchronize_session": False}


@holders.trouble
def wait_for_imports(session: Session, moving: Moving) -> str | None:
    """An import keeps the codes it read; it is finished or given up first. Holds those batches meanwhile."""
    batches = session.execute(
        select(ImportBatch.id, ImportBatch.region_code)
        .where(ImportBatch.state.in_(_UNFINISHED))
        .order_by(ImportBatch.id)
        .with_for_update()
    )
    for batch_id, office in batches:
        if office is None or any(_meet(session, office, code) for code in moving.roots):
            return f"第 {batch_id} 号导入还没办完，等它入库，或者把它撤掉，再办区划变更。"
    return None


def _meet(session: Session, office: str, code: str) -> bool:
    mine, theirs = office[: holders.width_of(session, office)], code[: holders.width_of(session, code)]
    return mine.startswith(theirs) or theirs.startswith(mine)


@holders.follow
def rehome(session: Session, moving: Moving) -> None:
    """People follow their households; both get their line of history and their next version."""
    if not moving.moves:
        return
    moved = select(RegionHolding.record_id).where(
        RegionHolding.change_id == moving.change_id, RegionHolding.holder == "households.region_code"
    )
    home = select(Household.region_code).where(Household.id == Person.household_id).scalar_subquery()
    away = Person.household_id.in_(moved) & (Person.region_code != home)
    _write_lines(session, moving, moved)
    session.execute(
        update(Person)
        .where(away)
        .values(region_code=home, version=Person.version + 1, updated_at=moving.at)
        .execution_options(**_APART)
    )
    _move_refused(session, moving)
    session.expire_all()


def _write_lines(session: Session, moving: Moving, moved: Any) -> None:
    """One line for each record that is about to move, or just has. Before the people move: their old code is
    still there to be told from."""
    noted = RegionHolding.__table__
    old_column, new_column = noted.c.old_code, noted.c.new_code
    if moving.is_undoing:
        old_column, new_column = new_column, old_column
    mine = (noted.c.change_id == moving.change_id) & (noted.c.holder == "households.region_code")
    pairs = session.execute(select(old_column, new_column).where(mine).distinct()).all()
    for old, new in pairs:
        of_pair = select(noted.c.record_id).where(mine, old_column == old, new_column == new)
        came = Household.id.in_(of_pair) & (Household.region_code == new)
        session.execute(
            update(Household)
            .where(came)
            .values(version=Household.version + 1, updated_at=moving.at)
            .execution_options(**_APART)
        )
        homes = select(Household.id).where(came)
        people = Person.household_id.in_(homes) & (Person.region_code != new)
        for kind, model, condition, step in (
            (RecordKind.HOUSEHOLD, Household, came, 0),
            (RecordKind.PERSON, Person, people, 1),
        ):
            codes = ({"region_code": old}, {"region_code": new})
            session.execute(_lines(kind, model, condition, step, codes, moving))


def _lines(
    kind: RecordKind,
    model: type[Household] | type[Person],
    condition: Any,
    step: int,
    codes: tuple[dict[str, str], dict[str, str]],
    moving: Moving,
) -> Any:
    """A statement that writes the lines of all records that fit `condition`."""
    table = LedgerChange.__table__
    values = {
        "record_kind": literal(kind.value),
        "record_id": model.id,
        "kind": literal(ChangeKind.MOVED.value),
        "at": literal(moving.at, table.c.at.type),
        "actor_id": literal(moving.actor_id, table.c.actor_id.type),
        "acting_for": literal(""),
        "reason": literal(moving.reason[:200]),
        "import_id": null(),
        "before": literal(codes[0], table.c.before.type),
        "after": literal(codes[1], table.c.after.type),
        "sealed": null(),
        "version": model.version + step,
    }
    rows: Any = select(*(value.label(name) for name, value in values.items())).where(condition)
    return insert(LedgerChange).from_select(list(values), rows)


def _move_refused(session: Session, moving: Moving) -> None:
    """Places somebody does not want to go to keep being those places."""
    codes = list(moving.moves)
    refused = cast(Person.refused_places, Text)
    for start in range(0, len(codes), 100):
        touched = or_(*(refused.contains(f'"{code}"') for code in codes[start : start + 100]))
        for person in session.scalars(select(Person).where(touched)).all():
            person.refused_places = sorted({moving.moves.get(code, code) for code in person.refused_places})
    session.flush()
