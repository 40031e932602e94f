"""合并重复档案: two records of one person or one household become one, and two again when that was wrong.

The record that stays gets what it lacked; what both have, it keeps. The other stays in the database, points
to it and is seen no more. Undoing takes back only what has not been changed since.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.seekers import policies, queries
from app.seekers.changing import apply_sealed, audit, put_into_household
from app.seekers.errors import CannotMerge, CannotUnmerge, HouseholdNotFound, PersonNotFound
from app.seekers.fields import plain, restored
from app.seekers.history import list_merges, open_present, record_change
from app.seekers.households import open_for_change as open_household
from app.seekers.models import Household, LedgerChange, Person
from app.seekers.people import open_for_change as open_person
from app.seekers.rules import is_monitored
from app.seekers.sealing import open_change
from app.seekers.terms import ChangeKind

# In `after` of the record that stays: which one went into it.
MERGED_FROM: Final = "merged_from_id"
# In `after` of a household that was merged: who moved over with it.
MOVED_PEOPLE: Final = "moved_people"
_EMPTY: Final[tuple[Any, ...]] = (None, "", [])
_FILLED_OF_PERSON: Final = (
    *("sex", "birth_on", "education", "skills", "certificates", "limits", "occupations", "travel_minutes"),
    *("wage_floor_fen", "shifts", "profiles", "care_hours", "harvest_absences", "companions"),
    *("refused_places", "training_wish", "x", "y"),
)
_FILLED_OF_HOUSEHOLD: Final = ("household_number", "address", "officer_id", "note")


def merge_people(
    session: Session,
    actor: Actor,
    kept_id: int,
    duplicate_id: int,
    *,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
    version: int | None = None,
) -> Person:
    """Merges `duplicate_id` into `kept_id`; both must be in the actor's care.

    Raises PersonNotFound, Forbidden, Stale, RecordClosed, CannotMerge (the same record, two ID numbers).
    """
    if kept_id == duplicate_id:
        raise CannotMerge("这是同一份档案，不用合并。")
    opened = {}
    for person_id in sorted(
        (kept_id, duplicate_id)
    ):  # in one order, so that two officers don't wait in a ring
        wanted = version if person_id == kept_id else None
        opened[person_id] = open_person(session, actor, person_id, wanted, even_closed=person_id != kept_id)
    kept, other = opened[kept_id], opened[duplicate_id]
    mine, theirs = open_present(session, kept, cipher), open_present(session, other, cipher)
    if mine["id_number"] and theirs["id_number"]:
        raise CannotMerge("这两个人的身份证号不一样，不是同一个人；号码抄错了的，请先改对。")
    before, after = _fill(kept, other, _FILLED_OF_PERSON)
    for name in ("id_number", "phone"):
        if not mine[name] and theirs[name]:
            before[name], after[name] = mine[name], theirs[name]
    for name in ("ledger", "health"):
        union = {**theirs[name], **mine[name]}
        if union != mine[name]:
            before[name], after[name] = mine[name], union
    lost: dict[str, Any] = {"merged_into_id": None}
    gone: dict[str, Any] = {"merged_into_id": kept.id}
    if "id_number" in after:  # only one record may hold the number
        lost["id_number"], gone["id_number"] = theirs["id_number"], None
        apply_sealed(session, other, {"id_number": None}, cipher)
    other.merged_into_id = kept.id
    record = _recorder(session, actor, cipher, clock, reason)
    record(other, lost, gone, ChangeKind.MERGED)
    apply_sealed(session, kept, {name: after[name] for name in after if name in mine}, cipher)
    record(kept, before, {**after, MERGED_FROM: other.id}, ChangeKind.MERGED)
    audit(session, actor, kept, Action.EDIT, cipher, clock)
    return kept


def unmerge_people(
    session: Session, actor: Actor, duplicate_id: int, *, cipher: FieldCipher, clock: Clock, reason: str = ""
) -> Person:
    """Takes a merged person out again; returns them. What the other record got from them and still has goes
    back.

    Raises PersonNotFound, Forbidden, CannotUnmerge (their household was merged in the meantime).
    """
    other: Person | None = queries.find_merged(session, Person, duplicate_id)
    if other is None or other.merged_into_id is None:
        raise PersonNotFound
    kept = open_person(session, actor, other.merged_into_id, None, even_closed=True)
    if not policies.may_add_person(actor, other.region_code):
        raise PersonNotFound
    home = session.get(Household, other.household_id)
    if home is None or home.merged_into_id is not None:
        raise CannotUnmerge("原来那一户已经并到别的户里了，请先撤销户的合并。")
    change = _merge_of(session, kept, other.id)
    before, after = _take_back(kept, change)
    given_before, given_after = open_change(change, cipher)
    present = open_present(session, kept, cipher)
    for name, value in given_after.items():
        if present[name] == value:
            before[name], after[name] = value, given_before[name]
    apply_sealed(session, kept, {name: after[name] for name in given_after if name in after}, cipher)
    record = _recorder(session, actor, cipher, clock, reason)
    record(kept, before, after, ChangeKind.UNMERGED)
    lost: dict[str, Any] = {"merged_into_id": kept.id}
    back: dict[str, Any] = {"merged_into_id": None}
    if "id_number" in after:
        lost["id_number"], back["id_number"] = None, given_after["id_number"]
        session.flush()  # the number must be free before it is given back
        apply_sealed(session, other, {"id_number": back["id_number"]}, cipher)
    other.merged_into_id = None
    record(other, lost, back, ChangeKind.UNMERGED)
    audit(session, actor, other, Action.EDIT, cipher, clock)
    return queries.get_person(session, actor, other.id)


def merge_households(
    session: Session,
    actor: Actor,
    kept_id: int,
    duplicate_id: int,
    *,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
    version: int | None = None,
) -> Household:
    """Merges household `duplicate_id` into `kept_id`; its members move over.

    Raises HouseholdNotFound, Forbidden, Stale, RecordClosed, CannotMerge.
    """
    if kept_id == duplicate_id:
        raise CannotMerge("这是同一户，不用合并。")
    opened = {}
    for household_id in sorted((kept_id, duplicate_id)):
        wanted = version if household_id == kept_id else None
        opened[household_id] = open_household(session, actor, household_id, wanted)
    kept, other = opened[kept_id], opened[duplicate_id]
    people = queries.list_members(session, other.id, with_closed=True, to_change=True)
    for person in people:
        put_into_household(session, actor, person, kept, cipher=cipher, clock=clock, reason=reason)
    before, after = _fill(kept, other, _FILLED_OF_HOUSEHOLD)
    kinds = sorted({*kept.kinds, *other.kinds})
    if kinds != kept.kinds:
        before["kinds"], after["kinds"] = kept.kinds, kinds
        kept.kinds, kept.is_monitored = kinds, is_monitored(kinds)
    other.merged_into_id = kept.id
    record = _recorder(session, actor, cipher, clock, reason)
    gone = {"merged_into_id": kept.id, MOVED_PEOPLE: [person.id for person in people]}
    record(other, {"merged_into_id": None}, gone, ChangeKind.MERGED)
    record(kept, before, {**after, MERGED_FROM: other.id}, ChangeKind.MERGED)
    return kept


def unmerge_households(
    session: Session, actor: Actor, duplicate_id: int, *, cipher: FieldCipher, clock: Clock, reason: str = ""
) -> Household:
    """Takes a merged household out again, with those of its members who are still where they were put.

    Raises HouseholdNotFound, Forbidden.
    """
    other: Household | None = queries.find_merged(session, Household, duplicate_id)
    if other is None or other.merged_into_id is None:
        raise HouseholdNotFound
    kept = open_household(session, actor, other.merged_into_id, None)
    if not policies.may_edit_household_in(actor, other.region_code):
        raise HouseholdNotFound
    (merge,) = list_merges(session, other)[:1]
    before, after = _take_back(kept, _merge_of(session, kept, other.id))
    kept.is_monitored = is_monitored(kept.kinds)
    other.merged_into_id = None
    record = _recorder(session, actor, cipher, clock, reason)
    record(other, {"merged_into_id": kept.id}, {"merged_into_id": None}, ChangeKind.UNMERGED)
    record(kept, before, after, ChangeKind.UNMERGED)
    moved = set(merge.after[MOVED_PEOPLE])
    for person in queries.list_members(session, kept.id, with_closed=True, to_change=True):
        if person.id in moved:
            put_into_household(session, actor, person, other, cipher=cipher, clock=clock, reason=reason)
    return other


def _recorder(session: Session, actor: Actor, cipher: FieldCipher, clock: Clock, reason: str) -> Any:
    def record(
        changed: Person | Household, before: Mapping[str, Any], after: Mapping[str, Any], kind: ChangeKind
    ) -> None:
        record_change(
            session, actor, changed, before, after, kind=kind, cipher=cipher, clock=clock, reason=reason
        )

    return record


def _fill(
    kept: Person | Household, other: Person | Household, fields: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Gives `kept` what it lacks and `other` has; returns before and after."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in fields:
        mine, theirs = getattr(kept, name), getattr(other, name)
        if mine in _EMPTY and theirs not in _EMPTY:
            before[name], after[name] = plain(mine), plain(theirs)
            setattr(kept, name, theirs)
    return before, after


def _merge_of(session: Session, kept: Person | Household, other_id: int) -> LedgerChange:
    for change in list_merges(session, kept):
        if change.after.get(MERGED_FROM) == other_id:
            return change
    raise CannotUnmerge


def _take_back(kept: Person | Household, change: LedgerChange) -> tuple[dict[str, Any], dict[str, Any]]:
    """Undoes the fields of a merge that nobody changed since; returns before and after of the undoing."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, old in change.before.items():
        given = change.after[name]
        if plain(getattr(kept, name)) == given:
            before[name], after[name] = given, old
            setattr(kept, name, restored(type(kept), name, old))
    return before, after
