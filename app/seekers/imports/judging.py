"""判定: what each row of a chunk would do to the ledger: who it is, what differs, what does not fit together.

Persons are known by ID number; else by name, birth date and village. Never by telephone alone: one telephone
may serve a family. The same judgement serves the preview and the taking in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core.crypto import FieldCipher
from app.core.errors import Invalid
from app.regions.scope import contains
from app.seekers import sealing
from app.seekers.fields import PERSON_LABELS, label_of_field, plain
from app.seekers.imports import queries
from app.seekers.imports.office import Office
from app.seekers.imports.rows import PersonRow
from app.seekers.imports.terms import ConflictKind, Decision, RowResult
from app.seekers.models import Person
from app.seekers.privacy.erased_index import find_erased
from app.seekers.values import merged_facts, settle

RECENT: Final = timedelta(days=30)
"""A colleague's change younger than this is not overwritten without asking: one monthly round (DOMAIN K1)."""
ASKED_TO_BE_ERASED: Final = "本人要求删除过自己的资料。要再登记，请先问本人，本人同意后再办。"
CLASS_FROM_LEDGER: Final = "台账上这样写"
_JOINED: Final = frozenset({"skills", "certificates"})
# Only what follows from other fields; no news to anybody.
_DERIVED: Final = frozenset({"search_text", "seeking_since_on"})


@dataclass(slots=True)
class Verdict:
    """判定结果: for CHANGED `after` and `sealed_after` hold what differs, `before` and `sealed_before` how it
    was; for NEW `after` holds the columns of the new person.
    """

    row: PersonRow
    result: RowResult
    digest: str
    reason: str = ""
    conflict: ConflictKind | None = None
    other_row: int | None = None
    person: Person | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    sealed_before: dict[str, Any] = field(default_factory=dict)
    sealed_after: dict[str, Any] = field(default_factory=dict)
    moves: bool = False
    # Taken in after the chunk's other rows: the person comes with an earlier row of the same chunk.
    is_deferred: bool = False


class Judge:
    """Judges the rows of one chunk in one session.

    `recall` reads an earlier row of the file again; `to_change` locks the people who are found.
    """

    def __init__(
        self,
        session: Session,
        office: Office,
        cipher: FieldCipher,
        now: datetime,
        today: date,
        recall: Callable[[int], PersonRow | None],
        *,
        to_change: bool,
    ) -> None:
        self._session, self._office, self._cipher = session, office, cipher
        self._now, self._today = now, today
        self._recall, self._to_change = recall, to_change

    def judge(self, rows: Sequence[PersonRow], decisions: Mapping[int, Decision]) -> list[Verdict]:
        """One verdict a row, in their order. `decisions` (row number -> what a person decided)."""
        if not rows:
            return []
        digests = [self._digest(row) for row in rows]
        holders = self._holders(rows)
        left = find_erased(self._session, {row.id_number for row in rows if row.id_number}, self._cipher)
        alike = self._alike(rows, digests, holders)
        earlier = queries.earlier_rows(self._session, self._office.import_id, digests, rows[0].number)
        people = [*holders.values(), *(person for found in alike.values() for person in found)]
        facts = queries.facts_of(self._session, {person.id for person in people})
        seen: dict[str, PersonRow] = {}
        verdicts: list[Verdict] = []
        for row, digest in zip(rows, digests, strict=True):
            decision = decisions.get(row.number)
            found = [holders[digest]] if digest in holders else alike.get(row.number, [])
            first = seen.get(digest)
            if first is None and digest in earlier:
                first = self._recall(earlier[digest])
            if row.id_number in left or any(person.erased_at for person in found):
                verdict = Verdict(row, RowResult.REJECTED, digest, reason=ASKED_TO_BE_ERASED)
            elif first is not None and (decision is not Decision.TAKE or not found):
                verdict = judge_twice(row, digest, first, decision)
            else:
                verdict = self._one(row, digest, found, facts, decision)
            if verdict.result in (RowResult.NEW, RowResult.CHANGED, RowResult.SAME):
                seen.setdefault(digest, row)
            verdicts.append(verdict)
        self._spare_recent(verdicts, decisions)
        return verdicts

    def _holders(self, rows: Sequence[PersonRow]) -> dict[str, Person]:
        """Digest of a row's number -> who holds it; found under older keys too, while keys change."""
        digests = {
            index: indexes[0]
            for indexes in (sealing.id_indexes(row.id_number, self._cipher) for row in rows if row.id_number)
            for index in indexes
        }
        found = queries.find_by_id_index(self._session, digests, to_change=self._to_change)
        return {digests[index]: person for index, person in found.items()}

    def _digest(self, row: PersonRow) -> str:
        if row.id_number:
            return sealing.id_index(row.id_number, self._cipher)
        return self._cipher.blind_index("person", f"{row.name} {row.birth_on} {row.region_code}")

    def _alike(
        self, rows: Sequence[PersonRow], digests: Sequence[str], holders: Mapping[str, Person]
    ) -> dict[int, list[Person]]:
        """People with the row's name, birth date and village, for rows whose number nobody holds."""
        open_rows = [row for row, digest in zip(rows, digests, strict=True) if digest not in holders]
        found: dict[int, list[Person]] = {}
        if not open_rows:
            return found
        people = queries.find_by_name_and_birth(
            self._session,
            {(row.name, row.birth_on) for row in open_rows if row.birth_on},
            numberless_only=all(row.id_number for row in open_rows),
            to_change=self._to_change,
        )
        for row in open_rows:
            fits = [
                person
                for person in people.get((row.name, row.birth_on), [])
                if _same_village(person.region_code, row.region_code)
                and (row.id_number is None or person.id_index is None)
            ]
            if fits:
                found[row.number] = fits
        return found

    def _one(
        self,
        row: PersonRow,
        digest: str,
        found: Sequence[Person],
        facts: Mapping[int, Any],
        decision: Decision | None,
    ) -> Verdict:
        if decision is Decision.SKIP:
            return Verdict(row, RowResult.REJECTED, digest, reason="这一行定了不要。")
        if not found:
            return self._new(row, digest)
        if len(found) > 1:
            return _conflict(row, digest, ConflictKind.SEVERAL, found[0])
        person = found[0]
        if not self._office.covers(person.region_code):
            return _conflict(row, digest, ConflictKind.ELSEWHERE, None)
        if person.closed_at is not None:
            reason = "台账里这个人已经销档，要恢复请先到档案里办。"
            return Verdict(row, RowResult.REJECTED, digest, reason=reason)
        if decision is Decision.KEEP:
            return Verdict(row, RowResult.SAME, digest, person=person)
        if person.name != row.name and decision is not Decision.TAKE:
            return _conflict(row, digest, ConflictKind.OTHER_NAME, person)
        return self._compared(row, digest, person, facts.get(person.id))

    def _new(self, row: PersonRow, digest: str) -> Verdict:
        columns: dict[str, Any] = {"status": "not_seeking", **row.person}
        columns |= {"name": row.name, "sex": row.sex, "birth_on": row.birth_on}
        try:
            settle({}, columns, row.health, self._today)
        except Invalid as problem:
            return Verdict(row, RowResult.REJECTED, digest, reason=problem.title)
        return Verdict(row, RowResult.NEW, digest, after=columns)

    def _compared(self, row: PersonRow, digest: str, person: Person, facts: Any) -> Verdict:
        verdict = Verdict(row, RowResult.SAME, digest, person=person)
        before = {column: getattr(person, column) for column in PERSON_LABELS}
        columns = _told(row, before)
        sealed_before, sealed = self._sealed(row, person, facts)
        health = sealed.get("health") or sealing.open_facts(facts, "health", self._cipher)
        if columns:
            try:
                settle(before, columns, health, self._today)
            except Invalid as problem:
                return Verdict(row, RowResult.REJECTED, digest, reason=problem.title, person=person)
        after = {name: value for name, value in columns.items() if plain(before.get(name)) != plain(value)}
        verdict.moves = _moves(person.region_code, row.region_code)
        if not (after.keys() - _DERIVED) and not sealed and not verdict.moves:
            return verdict
        verdict.result = RowResult.CHANGED
        verdict.after, verdict.before = after, {name: before.get(name) for name in after}
        verdict.sealed_after, verdict.sealed_before = sealed, sealed_before
        return verdict

    def _sealed(self, row: PersonRow, person: Person, facts: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        if row.id_number and person.id_index is None:
            before["id_number"], after["id_number"] = None, row.id_number
        if row.phone and person.phone_index not in sealing.phone_indexes(row.phone, self._cipher):
            before["phone"] = sealing.open_phone(person, self._cipher)
            after["phone"] = row.phone
        for name, told in (("ledger", row.ledger), ("health", row.health)):
            known = sealing.open_facts(facts, name, self._cipher)
            joined = merged_facts(known, told)
            if joined != known:
                before[name], after[name] = known, joined
        return before, after

    def _spare_recent(self, verdicts: Sequence[Verdict], decisions: Mapping[int, Decision]) -> None:
        """Turns changes of what a colleague or another office wrote lately into conflicts."""
        changed = {
            verdict.person.id: verdict
            for verdict in verdicts
            if verdict.result is RowResult.CHANGED
            and verdict.person is not None
            and decisions.get(verdict.row.number) is not Decision.TAKE
        }
        if not changed:
            return
        recent = queries.recent_changes(self._session, self._office, changed.keys(), self._now - RECENT)
        for person_id, names, by_file in recent:
            verdict = changed[person_id]
            touched = (verdict.after.keys() | verdict.sealed_after.keys()) - _DERIVED
            if touched & names and verdict.result is RowResult.CHANGED:
                verdict.result = RowResult.CONFLICT
                verdict.conflict = ConflictKind.OTHER_FILE if by_file else ConflictKind.EDITED
                verdict.reason = f"{verdict.conflict.label}：{_names(touched & names)}。"


def judge_twice(row: PersonRow, digest: str, first: PersonRow, decision: Decision | None) -> Verdict:
    """A row with the same person as an earlier one: the same again, or a conflict for a person to decide."""
    differing, first_number = _differing(row, first), first.number
    if not differing or decision is Decision.KEEP:
        return Verdict(row, RowResult.SAME, digest, other_row=first_number)
    if decision is Decision.SKIP:
        return Verdict(row, RowResult.REJECTED, digest, reason="这一行定了不要。", other_row=first_number)
    if decision is Decision.TAKE:
        return Verdict(row, RowResult.CHANGED, digest, other_row=first_number, is_deferred=True)
    reason = f"和第 {first_number} 行是同一人，{_names(differing)}写得不一样。"
    return Verdict(
        row, RowResult.CONFLICT, digest, reason=reason, conflict=ConflictKind.TWICE, other_row=first_number
    )


def _differing(row: PersonRow, first: PersonRow) -> set[str]:
    found = {
        name
        for name in row.person.keys() | first.person.keys()
        if name in row.person and plain(row.person[name]) != plain(first.person.get(name))
    }
    found |= {"name"} if row.name != first.name else set()
    found |= {"phone"} if row.phone and row.phone != first.phone else set()
    found |= {"region_code"} if row.region_code != first.region_code else set()
    found |= {"ledger"} if any(first.ledger.get(k) != v for k, v in row.ledger.items()) else set()
    found |= {"health"} if any(first.health.get(k) != v for k, v in row.health.items()) else set()
    return found


def _names(fields: Collection[str]) -> str:
    # Many a column is kept in its own words as well, in the ledger: once is enough to say it.
    told = set(fields) - {"ledger"} or fields
    labels = sorted(label_of_field(name) for name in told)
    return "、".join(labels[:4]) + ("等" if len(labels) > 4 else "")


def _told(row: PersonRow, before: Mapping[str, Any]) -> dict[str, Any]:
    """The columns the row speaks of and the ledger has otherwise."""
    told: dict[str, Any] = {"name": row.name, **row.person}
    if row.sex is not None and before["sex"] is None:
        told["sex"] = row.sex
    if row.birth_on is not None and (row.id_number or before["birth_on"] is None):
        told["birth_on"] = row.birth_on
    by_hand = before["class_reason"] not in (None, CLASS_FROM_LEDGER)
    if by_hand:
        told.pop("labour_class", None)
        told.pop("class_reason", None)
    for name in _JOINED & told.keys():
        told[name] = sorted({*before[name], *told[name]})
    return {name: value for name, value in told.items() if plain(before.get(name)) != plain(value)}


def _same_village(known: str, told: str) -> bool:
    return known == told or contains(told, known) or contains(known, told)


def _moves(known: str, told: str) -> bool:
    """Whether the sheet says another village; one that names only the town says nothing against it."""
    return known != told and not contains(told, known)


def _conflict(row: PersonRow, digest: str, kind: ConflictKind, person: Person | None) -> Verdict:
    return Verdict(row, RowResult.CONFLICT, digest, reason=f"{kind.label}。", conflict=kind, person=person)
