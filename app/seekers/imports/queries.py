"""Queries of the import of people: by chunks of 500, never row by row."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.core.errors import NotFound
from app.regions.models import Region
from app.regions.queries import villages_by_town
from app.seekers.imports.models import ImportBatch, ImportChunk, ImportHousehold, ImportRow
from app.seekers.imports.office import Office
from app.seekers.imports.terms import ImportState, RowResult
from app.seekers.models import Household, LedgerChange, Person, PrivateFacts
from app.seekers.queries import is_kept, lies_in_any
from app.seekers.terms import ChangeKind, RecordKind

_TAKEN = (RowResult.NEW, RowResult.CHANGED, RowResult.SAME)


class ImportNotFound(NotFound):
    """Also: it is an import of another office."""

    title = "没找到这次导入。可能是别的单位导的，也可能地址抄错了。"


def get_batch(session: Session, import_id: int, *, to_change: bool = False) -> ImportBatch:
    """One import; `to_change` locks it. Raises ImportNotFound."""
    statement = select(ImportBatch).where(ImportBatch.id == import_id)
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    batch = session.scalar(statement)
    if batch is None:
        raise ImportNotFound
    return batch


def list_batches(session: Session, actor: Actor, *, limit: int = 30) -> Sequence[ImportBatch]:
    """The latest imports of the areas in which `actor` may import, newest first."""
    prefixes = reading_prefixes(actor, Resource.PEOPLE_FILE, Action.CREATE)
    return session.scalars(
        select(ImportBatch)
        .where(lies_in_any(ImportBatch.region_code, prefixes), ImportBatch.state != ImportState.STAGING)
        .order_by(ImportBatch.id.desc())
        .limit(limit)
    ).all()


def find_same_file(session: Session, file_hash: str, states: Collection[ImportState]) -> ImportBatch | None:
    """The latest import of a file with this digest in one of `states`."""
    return session.scalar(
        select(ImportBatch)
        .where(ImportBatch.file_hash == file_hash, ImportBatch.state.in_(states))
        .order_by(ImportBatch.id.desc())
        .limit(1)
    )


def get_chunk(session: Session, import_id: int, number: int) -> ImportChunk:
    """One chunk by its number. Raises ImportNotFound."""
    chunk = session.scalar(
        select(ImportChunk).where(ImportChunk.import_id == import_id, ImportChunk.number == number)
    )
    if chunk is None:
        raise ImportNotFound
    return chunk


def find_chunk_of_row(session: Session, import_id: int, row_number: int) -> ImportChunk | None:
    """The chunk that holds a row of the file."""
    return session.scalar(
        select(ImportChunk).where(
            ImportChunk.import_id == import_id,
            ImportChunk.first_row <= row_number,
            ImportChunk.last_row >= row_number,
        )
    )


def find_by_id_index(session: Session, digests: Collection[str], *, to_change: bool) -> dict[str, Person]:
    """Digest of an ID number -> who holds it, wherever; `to_change` locks them."""
    if not digests:
        return {}
    statement = select(Person).where(Person.id_index.in_(digests))
    people = session.scalars(_locked(statement) if to_change else statement)
    return {person.id_index: person for person in people if person.id_index}


def find_by_name_and_birth(
    session: Session, wanted: Collection[tuple[str, date]], *, numberless_only: bool, to_change: bool
) -> dict[tuple[str, date | None], list[Person]]:
    """(name, birth date) -> people; with `numberless_only` those whose ID number is not known."""
    found: dict[tuple[str, date | None], list[Person]] = {}
    if not wanted:
        return found
    statement = select(Person).where(
        Person.name.in_({name for name, _ in wanted}),
        Person.birth_on.in_({birth_on for _, birth_on in wanted}),
        Person.merged_into_id.is_(None),
        Person.erased_at.is_(None),
    )
    if numberless_only:
        statement = statement.where(Person.id_index.is_(None))
    for person in session.scalars(_locked(statement) if to_change else statement):
        found.setdefault((person.name, person.birth_on), []).append(person)
    return found


def _locked(statement: Select[Person]) -> Select[Person]:
    return statement.order_by(Person.id).with_for_update().execution_options(populate_existing=True)


def facts_of(session: Session, person_ids: Collection[int]) -> dict[int, PrivateFacts]:
    """Sealed documents by person."""
    if not person_ids:
        return {}
    rows = session.scalars(select(PrivateFacts).where(PrivateFacts.person_id.in_(person_ids)))
    return {row.person_id: row for row in rows}


def earlier_rows(
    session: Session, import_id: int, digests: Collection[str], before_row: int
) -> dict[str, int]:
    """Digest of a person -> the first row, above `before_row`, that told of them and was taken."""
    rows = session.execute(
        select(ImportRow.person_digest, func.min(ImportRow.row_number))
        .where(
            ImportRow.import_id == import_id,
            ImportRow.person_digest.in_(digests),
            ImportRow.row_number < before_row,
            ImportRow.result.in_(_TAKEN),
        )
        .group_by(ImportRow.person_digest)
    )
    return {digest: number for digest, number in rows if digest}


def recent_changes(
    session: Session, office: Office, person_ids: Iterable[int], since: datetime
) -> list[tuple[int, set[str], bool]]:
    """(person, fields, by another file) of what was changed lately by hand, or by another office's file."""
    other_file = (
        select(ImportBatch.id)
        .where(
            ImportBatch.id == LedgerChange.import_id,
            ImportBatch.id != office.import_id,
            ImportBatch.created_by_id.is_not(None),
            ImportBatch.created_by_id != (office.user_id or 0),
            ImportBatch.region_code != (office.region_code or ""),
        )
        .exists()
    )
    by_hand = (
        LedgerChange.import_id.is_(None)
        & LedgerChange.actor_id.is_not(None)
        & (LedgerChange.kind == ChangeKind.UPDATED.value)
    )
    rows = session.execute(
        select(LedgerChange.record_id, LedgerChange.after, LedgerChange.import_id).where(
            LedgerChange.record_kind == RecordKind.PERSON.value,
            LedgerChange.record_id.in_(list(person_ids)),
            LedgerChange.at >= since,
            or_(by_hand, other_file),
        )
    )
    found: list[tuple[int, set[str], bool]] = []
    for person_id, after, import_id in rows:
        names = {*after, *after.get("sealed_fields", [])}
        found.append((person_id, names, import_id is not None))
    return found


def villages_under(session: Session, region_code: str) -> dict[str, dict[str, str]]:
    """Town -> name -> code of the living villages of an area; for a village, of its town."""
    return villages_by_town(session, region_code[:9])


def households_by_number(
    session: Session, numbers: Collection[str]
) -> dict[str, list[tuple[int, str, list[str], str, int]]]:
    """户编号 -> (id, region, kinds, address, version) of the living households with it."""
    found: dict[str, list[tuple[int, str, list[str], str, int]]] = {}
    if not numbers:
        return found
    rows = session.execute(
        select(
            Household.household_number,
            Household.id,
            Household.region_code,
            Household.kinds,
            Household.address,
            Household.version,
        ).where(
            Household.household_number.in_(numbers),
            Household.merged_into_id.is_(None),
            Household.erased_at.is_(None),
        )
    )
    for number, household_id, region_code, kinds, address, version in rows:
        found.setdefault(number or "", []).append((household_id, region_code, kinds, address, version))
    return found


def households_of_keys(session: Session, import_id: int, digests: Collection[str]) -> dict[str, int]:
    """Key digest -> household that the import made of it before."""
    if not digests:
        return {}
    rows = session.execute(
        select(ImportHousehold.key_digest, ImportHousehold.household_id).where(
            ImportHousehold.import_id == import_id, ImportHousehold.key_digest.in_(digests)
        )
    )
    return {row[0]: row[1] for row in rows}


def households_of_heads(session: Session, digests: Collection[str]) -> dict[str, int]:
    """Digest of a head's ID number -> household."""
    if not digests:
        return {}
    rows = session.execute(select(Person.id_index, Person.household_id).where(Person.id_index.in_(digests)))
    return {digest: household_id for digest, household_id in rows if digest}


def decisions_of(session: Session, import_id: int, first: int, last: int) -> dict[int, Any]:
    """Row number -> what a person decided about it."""
    rows = session.execute(
        select(ImportRow.row_number, ImportRow.decision).where(
            ImportRow.import_id == import_id,
            ImportRow.row_number.between(first, last),
            ImportRow.decision.is_not(None),
        )
    )
    return {row[0]: row[1] for row in rows}


def list_rows(
    session: Session,
    import_id: int,
    results: Collection[RowResult],
    *,
    reason: str = "",
    after_row: int = 0,
    limit: int = 50,
) -> Sequence[ImportRow]:
    """Rows of one of `results`, in the order of the file."""
    statement = select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.result.in_(results), ImportRow.row_number > after_row
    )
    if reason:
        statement = statement.where(ImportRow.reason == reason)
    return session.scalars(statement.order_by(ImportRow.row_number).limit(limit)).all()


def count_undecided(session: Session, import_id: int) -> int:
    """Conflicts about which nobody has decided."""
    return (
        session.scalar(
            select(func.count()).where(
                ImportRow.import_id == import_id,
                ImportRow.result == RowResult.CONFLICT,
                ImportRow.decision.is_(None),
            )
        )
        or 0
    )


def count_results(session: Session, import_id: int) -> Mapping[RowResult, int]:
    """Rows by result."""
    rows = session.execute(
        select(ImportRow.result, func.count())
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.result)
    )
    return {row[0]: row[1] for row in rows}


def regions_of_households(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Household -> its managing region."""
    if not ids:
        return {}
    rows = session.execute(select(Household.id, Household.region_code).where(Household.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def household_facts(session: Session, ids: Collection[int]) -> dict[int, Any]:
    """Number, kinds, address and version of households, by id."""
    rows = session.execute(
        select(
            Household.id, Household.household_number, Household.kinds, Household.address, Household.version
        ).where(Household.id.in_(ids))
    )
    return {row.id: row for row in rows}


def changes_to_undo(
    session: Session, import_id: int, below: int | None, *, limit: int = 500
) -> Sequence[LedgerChange]:
    """What an import did to the ledger, newest first, from change `below` downwards."""
    statement = select(LedgerChange).where(
        LedgerChange.import_id == import_id, LedgerChange.kind != ChangeKind.IMPORT_UNDONE.value
    )
    if below is not None:
        statement = statement.where(LedgerChange.id < below)
    return session.scalars(statement.order_by(LedgerChange.id.desc()).limit(limit)).all()


def changed_later(session: Session, import_id: int, changes: Sequence[LedgerChange]) -> set[tuple[str, int]]:
    """Records that were changed after the import touched them, not counting the import itself."""
    rows = session.execute(
        select(LedgerChange.record_kind, LedgerChange.record_id, func.max(LedgerChange.id))
        .where(
            LedgerChange.record_id.in_({change.record_id for change in changes}),
            or_(LedgerChange.import_id.is_(None), LedgerChange.import_id != import_id),
        )
        .group_by(LedgerChange.record_kind, LedgerChange.record_id)
    )
    last = {(kind, record_id): change_id for kind, record_id, change_id in rows}
    return {
        (change.record_kind, change.record_id)
        for change in changes
        if last.get((change.record_kind, change.record_id), 0) > change.id
    }


def households_with_people(session: Session, ids: Collection[int]) -> set[int]:
    """Those of the households in which somebody is still kept."""
    if not ids:
        return set()
    rows = session.scalars(
        select(Person.household_id)
        .where(Person.household_id.in_(ids), Person.erased_at.is_(None), Person.merged_into_id.is_(None))
        .distinct()
    )
    return set(rows)


def is_offered(session: Session, region_code: str) -> bool:
    """Whether there is such a place, still in use."""
    found = session.execute(select(Region.retired_on).where(Region.code == region_code)).one_or_none()
    return found is not None and found[0] is None


def count_people(session: Session, prefixes: Sequence[str]) -> int:
    """How many people are kept in the areas."""
    statement = select(func.count(Person.id)).where(
        lies_in_any(Person.region_code, prefixes), is_kept(Person), Person.closed_at.is_(None)
    )
    return session.scalar(statement) or 0


def people_page(
    session: Session, prefixes: Sequence[str], after: tuple[int, int], *, limit: int = 500
) -> Sequence[tuple[Person, Household, PrivateFacts | None]]:
    """People of the areas, household by household, behind `after` (household, person)."""
    household_id, person_id = after
    rows = session.execute(
        select(Person, Household, PrivateFacts)
        .join(Household, Household.id == Person.household_id)
        .outerjoin(PrivateFacts, PrivateFacts.person_id == Person.id)
        .where(
            lies_in_any(Person.region_code, prefixes),
            is_kept(Person),
            Person.closed_at.is_(None),
            or_(
                Person.household_id > household_id,
                (Person.household_id == household_id) & (Person.id > person_id),
            ),
        )
        .order_by(Person.household_id, Person.id)
        .limit(limit)
    )
    return [(person, household, facts) for person, household, facts in rows]


def sizes_of_households(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Household -> how many members are kept."""
    rows = session.execute(
        select(Person.household_id, func.count())
        .where(Person.household_id.in_(ids), is_kept(Person), Person.closed_at.is_(None))
        .group_by(Person.household_id)
    )
    return {row[0]: row[1] for row in rows}


def names_of_villages(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Names of villages, which are not built in."""
    rows = session.execute(select(Region.code, Region.name).where(Region.code.in_(codes)))
    return {row[0]: row[1] for row in rows}
