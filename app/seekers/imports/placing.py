"""归户: which household the people of a sheet belong to, and the new households it brings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, insert, literal_column, null, update
from sqlalchemy.orm import Session

from app.core.crypto import FieldCipher
from app.core.ids import reserve_ids
from app.core.inserting import Otherwise, WideInsert
from app.seekers import rules, sealing
from app.seekers.imports import queries
from app.seekers.imports.judging import Verdict
from app.seekers.imports.models import ImportHousehold
from app.seekers.imports.office import Office
from app.seekers.imports.rows import PersonRow
from app.seekers.imports.terms import RowResult
from app.seekers.models import Household, LedgerChange
from app.seekers.terms import ChangeKind, HouseholdKind, RecordKind

_HOUSEHOLDS: Final = WideInsert(
    cast(Table, Household.__table__),
    {"id": None, "region_code": None, "household_number": None, "address": "", "kinds": [],
     "is_monitored": False, "created_at": None, "updated_at": None, "note": "", "version": 1},
    {},
)  # fmt: skip
_CHANGES: Final = WideInsert(
    cast(Table, LedgerChange.__table__),
    dict.fromkeys(("record_kind", "record_id", "kind", "at", "actor_id", "acting_for", "reason"))
    | {"import_id": None, "version": None},
    {
        "id": Otherwise(None, None),
        "before": Otherwise({}, literal_column("'{}'")),
        "after": Otherwise({}, literal_column("'{}'")),
        "sealed": Otherwise(None, null()),
    },
)
# Kinds that a column of their own tells of; a sheet without it says nothing against them.
_APART = frozenset({HouseholdKind.RELOCATED.value, HouseholdKind.LOW_INCOME.value})


class Placing:
    """Finds or opens the households for the verdicts of one chunk, within its transaction.

    A household is known by its number within the county; else by its head; else by what the file's rows
    share (see rows.PersonRow.household_key); else by a member who is in the ledger already.
    """

    def __init__(self, session: Session, office: Office, cipher: FieldCipher, now: datetime) -> None:
        self._session, self._office, self._cipher, self._now = session, office, cipher, now
        self._by_key: dict[str, int] = {}
        self._digests: dict[str, str] = {}
        self._regions: dict[int, str] = {}

    def place(self, verdicts: Sequence[Verdict]) -> None:
        """Sets `household_id` and `region_code` among what the verdicts write (`after`)."""
        taken = [v for v in verdicts if v.result in (RowResult.NEW, RowResult.CHANGED, RowResult.SAME)]
        self._look_up([verdict.row for verdict in taken], taken)
        opened: dict[str, list[PersonRow]] = {}
        for verdict in taken:
            key = self._key(verdict.row)
            if key not in self._by_key and (verdict.person is None or verdict.moves):
                opened.setdefault(key, []).append(verdict.row)
        self._open(opened)
        for verdict in taken:
            self._settle(verdict)
        self._renew(taken)

    def _key(self, row: PersonRow) -> str:
        """Apart by town: the same number in another town is another household."""
        words = f"{row.region_code[:9]} {row.household_key}"
        known = self._digests.get(words)
        if known is None:
            known = self._digests[words] = self._cipher.blind_index("import household", words)
        return known

    def _look_up(self, rows: Sequence[PersonRow], verdicts: Sequence[Verdict]) -> None:
        keys = {self._key(row): row for row in rows}
        self._by_key |= queries.households_of_keys(self._session, self._office.import_id, keys)
        numbers = {row.household_number for row in rows if row.household_number}
        known = queries.households_by_number(self._session, numbers)
        heads = {
            index: key
            for key, row in keys.items()
            if row.head_id_number and key not in self._by_key
            for index in sealing.id_indexes(row.head_id_number, self._cipher)
        }
        for digest, household_id in queries.households_of_heads(self._session, heads).items():
            self._by_key.setdefault(heads[digest], household_id)
        for key, row in keys.items():
            for household_id, region_code, *_ in known.get(row.household_number, ()):
                if key not in self._by_key and region_code[:6] == row.region_code[:6]:
                    self._by_key[key] = household_id
        for verdict in verdicts:
            row = verdict.row
            if verdict.person is not None and not verdict.moves and not row.household_number:
                self._by_key.setdefault(self._key(row), verdict.person.household_id)
        self._regions |= queries.regions_of_households(self._session, set(self._by_key.values()))
        for key, household_id in list(self._by_key.items()):
            if not self._office.covers(self._regions.get(household_id, "")):
                del self._by_key[key]

    def _open(self, groups: Mapping[str, Sequence[PersonRow]]) -> None:
        if not groups:
            return
        ids = reserve_ids(self._session, Household, len(groups))
        households: list[dict[str, Any]] = []
        remembered: list[dict[str, Any]] = []
        for household_id, (key, rows) in zip(ids, groups.items(), strict=True):
            self._by_key[key] = household_id
            self._regions[household_id] = rows[0].region_code
            households.append(self._new_household(household_id, rows))
            if not rows[0].household_number:
                remembered.append(
                    {"import_id": self._office.import_id, "key_digest": key, "household_id": household_id}
                )
        times = {"created_at": self._now, "updated_at": self._now}
        _HOUSEHOLDS.run(self._session, times, households)
        if remembered:
            self._session.connection().execute(
                insert(ImportHousehold.__table__),  # type: ignore[arg-type]
                remembered,
            )
        write_changes(
            self._session,
            self._office,
            self._now,
            [change_row(RecordKind.HOUSEHOLD, row["id"], ChangeKind.CREATED, 1) for row in households],
        )

    def _new_household(self, household_id: int, rows: Sequence[PersonRow]) -> dict[str, Any]:
        kinds = sorted({kind.value for row in rows for kind in row.kinds or ()})
        return {
            "id": household_id,
            "region_code": rows[0].region_code,
            "household_number": rows[0].household_number or None,
            "address": next((row.address for row in rows if row.address), ""),
            "kinds": kinds,
            "is_monitored": rules.is_monitored(kinds),
        }

    def _settle(self, verdict: Verdict) -> None:
        key = self._key(verdict.row)
        person = verdict.person
        if person is None:
            household_id = self._by_key[key]
            verdict.after["household_id"] = household_id
            verdict.after["region_code"] = self._regions[household_id]
            return
        household_id = self._by_key.get(key, person.household_id)
        if household_id == person.household_id or not (verdict.moves or verdict.row.household_number):
            return
        if not verdict.moves and self._is_unnumbered(person.household_id):
            return
        verdict.result = RowResult.CHANGED
        verdict.before |= {"household_id": person.household_id, "region_code": person.region_code}
        verdict.after |= {"household_id": household_id, "region_code": self._regions[household_id]}

    def _is_unnumbered(self, household_id: int) -> bool:
        """A household opened without a number keeps its people until someone gives it one."""
        found = queries.household_facts(self._session, {household_id})
        return household_id in found and found[household_id].household_number is None

    def _renew(self, verdicts: Sequence[Verdict]) -> None:
        """Kinds and address of known households, where the sheet speaks of them and says otherwise."""
        told: dict[int, list[Verdict]] = {}
        for verdict in verdicts:
            if verdict.person is not None and (verdict.row.kinds is not None or verdict.row.address):
                household_id = verdict.after.get("household_id", verdict.person.household_id)
                told.setdefault(household_id, []).append(verdict)
        if not told:
            return
        changes: list[dict[str, Any]] = []
        for household in queries.household_facts(self._session, told.keys()).values():
            group = told[household.id]
            spoken = [verdict.row.kinds for verdict in group if verdict.row.kinds is not None]
            after: dict[str, Any] = {}
            if spoken:
                kinds = {kind.value for row_kinds in spoken for kind in row_kinds}
                kinds |= {kind for kind in household.kinds if kind in _APART}
                if sorted(kinds) != sorted(household.kinds):
                    after["kinds"] = sorted(kinds)
            address = next((verdict.row.address for verdict in group if verdict.row.address), "")
            if address and not household.address:
                after["address"] = address
            if not after:
                continue
            before = {name: getattr(household, name) for name in after}
            changes.append(
                change_row(
                    RecordKind.HOUSEHOLD,
                    household.id,
                    ChangeKind.UPDATED,
                    household.version + 1,
                    before=before,
                    after=after,
                )
            )
            extra = {"is_monitored": rules.is_monitored(after["kinds"])} if "kinds" in after else {}
            self._session.execute(
                update(Household)
                .where(Household.id == household.id)
                .values(**after, **extra, version=household.version + 1, updated_at=self._now)
                .execution_options(synchronize_session=False)
            )
            for verdict in group[:1]:
                if verdict.result is RowResult.SAME:
                    verdict.result = RowResult.CHANGED
        write_changes(self._session, self._office, self._now, changes)


def change_row(
    kind: RecordKind,
    record_id: int,
    change: ChangeKind,
    version: int,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    sealed: bytes | None = None,
) -> dict[str, Any]:
    """A ledger change for `write_changes`."""
    told = {"before": before, "after": after, "sealed": sealed}
    return {
        "record_kind": kind.value,
        "record_id": record_id,
        "kind": change.value,
        "version": version,
    } | {name: value for name, value in told.items() if value}


def write_changes(
    session: Session,
    office: Office,
    now: datetime,
    rows: Sequence[dict[str, Any]],
    *,
    reason: str = "表格导入",
) -> None:
    """Writes down many changes at once: history.record_change for imports. The records are written by the
    caller, their new versions included, in the same transaction."""
    common = {
        "at": now,
        "actor_id": office.user_id,
        "acting_for": "",
        "reason": reason,
        "import_id": office.import_id,
    }
    numbered = [row for row in rows if "id" in row]
    free = [row for row in rows if "id" not in row]
    _CHANGES.run(session, common, numbered)
    _CHANGES.run(session, common, free)
