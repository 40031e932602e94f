"""写入台账: puts the judged rows of one chunk into the ledger with a handful of statements, none per row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, false, literal_column, null, update
from sqlalchemy.orm import Session

from app.core.crypto import FieldCipher
from app.core.ids import reserve_ids
from app.core.inserting import Otherwise, WideInsert
from app.occupations.terms import WageUnit
from app.regions.terms import Reach
from app.seekers import sealing
from app.seekers.changes import note_all_people
from app.seekers.history import change_columns
from app.seekers.imports import queries
from app.seekers.imports.judging import Verdict
from app.seekers.imports.office import Office
from app.seekers.imports.placing import change_row, write_changes
from app.seekers.imports.terms import RowResult
from app.seekers.models import LedgerChange, Person, PrivateFacts
from app.seekers.names import search_text_of
from app.seekers.terms import ChangeKind, LabourClass, RecordKind, Relation, SeekerStatus

# What nearly every row of a sheet gives, and what stands there when it does not.
ALWAYS: Final[Mapping[str, Any]] = {
    "id": None,
    "household_id": None,
    "region_code": None,
    "relation": Relation.OTHER,
    "name": "",
    "search_text": "",
    "sex": None,
    "birth_on": None,
    "id_number": None,
    "id_index": None,
    "id_tail_index": None,
    "phone": None,
    "phone_index": None,
    "phone_tail_index": None,
    "education": None,
    "labour_class": LabourClass.ORDINARY,
    "class_reason": None,
    "status": SeekerStatus.NOT_SEEKING,
    "created_at": None,
    "updated_at": None,
    "version": 1,
}
_TEXTS: Final = (
    "care_hours",
    "harvest_absences",
    "companions",
    "training_wish",
    "employer_name",
    "work_place",
)
_LISTS: Final = (
    *("skills", "certificates", "limits", "occupations", "shifts", "profiles", "refused_places"),
)
_UNKNOWN: Final = (
    *(
        "seeking_since_on",
        "travel_minutes",
        "wage_floor_fen",
        "not_working_reason",
        "return_reason",
        "x",
        "y",
    ),
)
_FLAGS: Final = ("needs_board", "needs_lodging", "cares_for_family", "welfare_eligible")
# The other columns of somebody of whom nothing more is known.
REST: Final[Mapping[str, Otherwise]] = {
    **{name: Otherwise("", literal_column("''")) for name in _TEXTS},
    **{name: Otherwise([], literal_column("'[]'")) for name in _LISTS},
    **{name: Otherwise(None, null()) for name in _UNKNOWN},
    **{name: Otherwise(False, false()) for name in _FLAGS},
    "travel": Otherwise(Reach.COUNTY, literal_column(f"'{Reach.COUNTY.value}'")),
    "wage_floor_unit": Otherwise(WageUnit.MONTH, literal_column(f"'{WageUnit.MONTH.value}'")),
}
_PEOPLE: Final = WideInsert(cast(Table, Person.__table__), ALWAYS, REST)
_FACTS: Final = WideInsert(
    cast(Table, PrivateFacts.__table__), {"person_id": None, "ledger": None, "health": None}, {}
)


class Writer:
    """Writes the verdicts of one chunk, whose households are settled, in the caller's transaction."""

    def __init__(self, session: Session, office: Office, cipher: FieldCipher, now: datetime) -> None:
        self._session, self._office, self._cipher, self._now = session, office, cipher, now

    def write(self, verdicts: Sequence[Verdict]) -> dict[int, int]:
        """Adds the new people, changes the known ones; returns row number -> person for both."""
        written = self._add([v for v in verdicts if v.result is RowResult.NEW])
        self._change([v for v in verdicts if v.result is RowResult.CHANGED and v.person is not None])
        for verdict in verdicts:
            if verdict.person is not None:
                written[verdict.row.number] = verdict.person.id
        note_all_people(self._session)
        return written

    def _add(self, verdicts: Sequence[Verdict]) -> dict[int, int]:
        if not verdicts:
            return {}
        ids = reserve_ids(self._session, Person, len(verdicts))
        cipher = self._cipher
        people: list[dict[str, Any]] = []
        facts: list[dict[str, Any]] = []
        for person_id, verdict in zip(ids, verdicts, strict=True):
            row = verdict.row
            number = sealing.seal_id_number(person_id, row.id_number, cipher) if row.id_number else {}
            phone = sealing.seal_phone(person_id, row.phone, cipher) if row.phone else {}
            known = {"id": person_id, "search_text": row.search_text}
            people.append({**verdict.after, **known, **number, **phone})
            if row.ledger or row.health:
                facts.append(
                    {
                        "person_id": person_id,
                        "ledger": sealing.seal_facts(person_id, "ledger", row.ledger, cipher),
                        "health": sealing.seal_facts(person_id, "health", row.health, cipher),
                    }
                )
        _PEOPLE.run(self._session, {"created_at": self._now, "updated_at": self._now}, people)
        _FACTS.run(self._session, {}, facts)
        created = [change_row(RecordKind.PERSON, person_id, ChangeKind.CREATED, 1) for person_id in ids]
        write_changes(self._session, self._office, self._now, created)
        return {verdict.row.number: person_id for person_id, verdict in zip(ids, verdicts, strict=True)}

    def _change(self, verdicts: Sequence[Verdict]) -> None:
        written = [v for v in verdicts if v.after or v.sealed_after]
        if not written:
            return
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        changes: list[dict[str, Any]] = []
        change_ids = reserve_ids(self._session, LedgerChange, len(written))
        for change_id, verdict in zip(change_ids, written, strict=True):
            person = verdict.person
            if person is None:
                continue
            version = person.version + 1
            columns = {**verdict.after, "version": version, "updated_at": self._now}
            columns |= self._sealed_columns(person.id, verdict.sealed_after)
            if "name" in verdict.after:
                columns["search_text"] = search_text_of(verdict.after["name"])
            groups.setdefault(tuple(sorted(columns)), []).append({"b_id": person.id} | columns)
            kind = ChangeKind.MOVED if "household_id" in verdict.after else ChangeKind.UPDATED
            told = change_columns(
                change_id,
                verdict.before | verdict.sealed_before,
                verdict.after | verdict.sealed_after,
                self._cipher,
            )
            changes.append(
                {"id": change_id} | change_row(RecordKind.PERSON, person.id, kind, version, **told)
            )
        for rows in groups.values():
            self._update(rows)
        self._save_facts(written)
        write_changes(self._session, self._office, self._now, changes)

    def _update(self, rows: Sequence[dict[str, Any]]) -> None:
        table = Person.__table__
        names = [name for name in rows[0] if name != "b_id"]
        statement = (
            update(table)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("b_id"))
            .values({name: bindparam(f"v_{name}") for name in names})
        )
        values = [{"b_id": row["b_id"], **{f"v_{name}": row[name] for name in names}} for row in rows]
        self._session.connection().execute(statement, values)

    def _sealed_columns(self, person_id: int, sealed: Mapping[str, Any]) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        if "id_number" in sealed:
            columns |= sealing.seal_id_number(person_id, sealed["id_number"], self._cipher)
        if "phone" in sealed:
            columns |= sealing.seal_phone(person_id, sealed["phone"], self._cipher)
        return columns

    def _save_facts(self, verdicts: Sequence[Verdict]) -> None:
        told = [v for v in verdicts if v.person and v.sealed_after.keys() & {"ledger", "health"}]
        known = queries.facts_of(self._session, {v.person.id for v in told if v.person})
        for verdict in told:
            if verdict.person is None:
                continue
            person_id = verdict.person.id
            row = known.get(person_id)
            if row is None:
                row = PrivateFacts(person_id=person_id)
                self._session.add(row)
            for name in ("ledger", "health"):
                if name in verdict.sealed_after:
                    sealed = sealing.seal_facts(person_id, name, verdict.sealed_after[name], self._cipher)
                    setattr(row, name, sealed)
        self._session.flush()
