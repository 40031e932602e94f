"""管户档: opening a household file, changing it, naming its officer, closing it, moving it."""

from typing import Any, Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Forbidden, Invalid, Stale
from app.core.ids import reserve_ids
from app.regions import queries as region_queries
from app.seekers import policies, queries, rules
from app.seekers.errors import RecordClosed
from app.seekers.fields import difference
from app.seekers.history import record_change
from app.seekers.models import Household
from app.seekers.schemas import HouseholdIn, HouseholdPatch
from app.seekers.terms import ChangeKind, CloseReason

_TOWN_DIGITS: Final = 9


def create_household(
    session: Session,
    actor: Actor,
    data: HouseholdIn,
    *,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
    acting_for: str = "",
) -> Household:
    """Opens a household file in a village (or a town, where there is no village).

    Raises Forbidden, Invalid (unknown place, an officer of another place).
    """
    check_place(session, data.region_code)
    if not policies.may_create_household(actor, data.region_code):
        raise Forbidden("您只能在自己管的村、镇建户。")
    if data.officer_id is not None:
        check_officer(session, data.officer_id, data.region_code, clock)
    now = clock.now()
    (household_id,) = reserve_ids(session, Household, 1)
    household = Household(
        id=household_id,
        region_code=data.region_code,
        household_number=data.household_number or None,
        address=data.address,
        kinds=[kind.value for kind in data.kinds],
        is_monitored=rules.is_monitored(data.kinds),
        officer_id=data.officer_id,
        note=data.note,
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(household)
    session.flush()
    record_change(
        session,
        actor,
        household,
        {},
        {},
        kind=ChangeKind.CREATED,
        cipher=cipher,
        clock=clock,
        reason=reason,
        acting_for=acting_for,
    )
    _audit(session, actor, household, Action.CREATE, cipher, clock)
    return household


def update_household(
    session: Session,
    actor: Actor,
    household_id: int,
    patch: HouseholdPatch,
    *,
    cipher: FieldCipher,
    clock: Clock,
    version: int | None = None,
) -> Household:
    """Changes a household file; another `region_code` moves it with all its members.

    Raises HouseholdNotFound, Forbidden, Stale (`version` is not the present one), RecordClosed, Invalid.
    """
    household = open_for_change(session, actor, household_id, version)
    values: dict[str, Any] = {
        name: getattr(patch, name)
        for name in patch.model_fields_set - {"reason", "acting_for"}
        if getattr(patch, name) is not None or name == "household_number"
    }
    if "kinds" in values:
        values["kinds"] = [kind.value for kind in patch.kinds]
    new_place: str = values.get("region_code", household.region_code)
    moves = new_place != household.region_code
    if moves:
        check_place(session, new_place)
        if not policies.may_edit_household_in(actor, new_place):
            raise Forbidden("新的村不归您管，请找上一级的同事来搬。")
        if household.officer_id is not None and "officer_id" not in values:
            values["officer_id"] = _kept_officer(session, household.officer_id, new_place, clock)
    change_household(
        session,
        actor,
        household,
        values,
        kind=ChangeKind.MOVED if moves else ChangeKind.UPDATED,
        cipher=cipher,
        clock=clock,
        reason=patch.reason,
        acting_for=patch.acting_for,
    )
    return household


def set_officer(
    session: Session,
    actor: Actor,
    household_id: int,
    officer_id: int | None,
    *,
    cipher: FieldCipher,
    clock: Clock,
    version: int | None = None,
) -> Household:
    """Names the colleague responsible for a household; None takes them away.

    Raises as `update_household`, Invalid when the colleague is no officer of the place.
    """
    household = open_for_change(session, actor, household_id, version)
    if officer_id is not None:
        check_officer(session, officer_id, household.region_code, clock)
    change_household(
        session,
        actor,
        household,
        {"officer_id": officer_id},
        kind=ChangeKind.UPDATED,
        cipher=cipher,
        clock=clock,
    )
    return household


def close_household(
    session: Session,
    actor: Actor,
    household_id: int,
    close_reason: CloseReason,
    *,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
    version: int | None = None,
) -> Household:
    """Takes a household and its members out of the ledger's lists; the file stays and can be reopened.

    Raises as `update_household`.
    """
    household = open_for_change(session, actor, household_id, version)
    closing = {"closed_at": clock.now(), "close_reason": close_reason}
    records: list[Any] = [household, *queries.list_members(session, household.id, to_change=True)]
    _set_all(session, actor, records, closing, ChangeKind.CLOSED, reason, cipher=cipher, clock=clock)
    _audit(session, actor, household, Action.EDIT, cipher, clock)
    return household


def reopen_household(
    session: Session,
    actor: Actor,
    household_id: int,
    *,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
) -> Household:
    """Puts a closed household back, with those of its members who were closed together with it.

    Raises HouseholdNotFound, Forbidden.
    """
    household = queries.get_household(session, actor, household_id, to_change=True)
    policies.require_edit_of_household(actor, household)
    closed_at = household.closed_at
    if closed_at is None:
        return household
    members = queries.list_members(session, household.id, with_closed=True, to_change=True)
    records: list[Any] = [household, *(person for person in members if person.closed_at == closed_at)]
    opening = {"closed_at": None, "close_reason": None}
    _set_all(session, actor, records, opening, ChangeKind.REOPENED, reason, cipher=cipher, clock=clock)
    _audit(session, actor, household, Action.EDIT, cipher, clock)
    return household


def _set_all(
    session: Session,
    actor: Actor,
    records: list[Any],
    values: dict[str, Any],
    kind: ChangeKind,
    reason: str,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """The same values on a household and its members, each with its line of history."""
    for record in records:
        before, after = difference(record, values)
        for name, value in values.items():
            setattr(record, name, value)
        record_change(
            session, actor, record, before, after, kind=kind, cipher=cipher, clock=clock, reason=reason
        )


def change_household(
    session: Session,
    actor: Actor,
    household: Household,
    values: dict[str, Any],
    *,
    kind: ChangeKind,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
    acting_for: str = "",
    import_id: int | None = None,
) -> bool:
    """Sets columns of a household that was read for changing, with its history; members follow it to another
    place. Returns whether anything was different. The caller has asked for the permission.
    """
    before, after = difference(household, values)
    if not after:
        return False
    for name in after:
        setattr(household, name, values[name])
    household.is_monitored = rules.is_monitored(household.kinds)
    record_change(
        session,
        actor,
        household,
        before,
        after,
        kind=kind,
        cipher=cipher,
        clock=clock,
        reason=reason,
        acting_for=acting_for,
        import_id=import_id,
    )
    if "region_code" in after:
        for person in queries.list_members(session, household.id, with_closed=True, to_change=True):
            was = {"region_code": person.region_code}
            person.region_code = household.region_code
            record_change(
                session,
                actor,
                person,
                was,
                {"region_code": household.region_code},
                kind=ChangeKind.MOVED,
                cipher=cipher,
                clock=clock,
                reason=reason,
                acting_for=acting_for,
                import_id=import_id,
            )
    _audit(session, actor, household, Action.EDIT, cipher, clock)
    return True


def open_for_change(session: Session, actor: Actor, household_id: int, version: int | None) -> Household:
    """A household locked for changing. Raises HouseholdNotFound, Forbidden, Stale, RecordClosed."""
    household = queries.get_household(session, actor, household_id, to_change=True)
    policies.require_edit_of_household(actor, household)
    if version is not None and version != household.version:
        raise Stale
    if household.closed_at is not None:
        raise RecordClosed
    return household


def check_place(session: Session, code: str) -> None:
    """Raises Invalid where there is no such village or town, or it is no longer offered."""
    if code not in region_queries.hold_living(session, [code]):
        raise Invalid(fields=[FieldProblem("region_code", "没有这个地方，请重新选")])
    if len(code) < _TOWN_DIGITS:
        raise Invalid(fields=[FieldProblem("region_code", "一户要建在村里，没有村的建在镇里，请选到村或镇")])


def check_officer(session: Session, officer_id: int, region_code: str, clock: Clock) -> None:
    """Raises Invalid when the colleague is no officer of the place."""
    if not queries.is_officer_for(session, officer_id, region_code, clock):
        raise Invalid(fields=[FieldProblem("officer_id", "这位同事不管这个村，请换一位")])


def _kept_officer(session: Session, officer_id: int, region_code: str, clock: Clock) -> int | None:
    """The officer goes along where the new village is theirs as well."""
    return officer_id if queries.is_officer_for(session, officer_id, region_code, clock) else None


def _audit(
    session: Session, actor: Actor, household: Household, action: Action, cipher: FieldCipher, clock: Clock
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        action,
        Resource.HOUSEHOLD_FILE,
        subject_id=household.id,
        region_code=household.region_code,
        detail={"version": household.version},
    )
