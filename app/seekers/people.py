"""管人: adding people to households, changing them, moving them, setting their class, closing their file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.accounts.permission_terms import Action
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Forbidden, Invalid, Stale
from app.core.ids import reserve_ids
from app.regions.scope import contains
from app.seekers import policies, queries, rules, sealing
from app.seekers.access.ties import tie_of
from app.seekers.changing import audit, change_person, check_new_number, put_into_household, save_facts
from app.seekers.errors import RecordClosed
from app.seekers.history import record_change
from app.seekers.models import Household, Person
from app.seekers.schemas import MemberIn, PersonPatch, SeekerIn
from app.seekers.terms import ChangeKind, CloseReason, LabourClass, Relation, SeekerStatus
from app.seekers.values import (
    PersonValues,
    class_of,
    merged_facts,
    new_member_columns,
    read_values,
    settle,
)

BY_HAND = "登记时由工作人员选定"


def add_seeker(
    session: Session, actor: Actor, data: SeekerIn, *, cipher: FieldCipher, clock: Clock
) -> Person:
    """Registers somebody of 16 or over who may look for work; without a status they are looking.

    Raises as `add_member`, Invalid for a child.
    """
    values = read_values(data, clock.today())
    if values.id_number is None or not rules.is_old_enough(values.id_number.birth_on, clock.today()):
        raise Invalid(
            "没满 16 周岁，不能登记成求职者；可以作为家庭成员记在户里。",
            fields=[FieldProblem("id_number", "没满 16 周岁")],
        )
    return _add(session, actor, data.household_id, data, values, SeekerStatus.SEEKING, cipher, clock)


def add_member(
    session: Session, actor: Actor, household_id: int, data: MemberIn, *, cipher: FieldCipher, clock: Clock
) -> Person:
    """Adds a member of any age to a household; without a status they look for nothing.

    Raises HouseholdNotFound, Forbidden, RecordClosed, PersonExists (the ID number is known already), Invalid.
    """
    values = read_values(data, clock.today())
    return _add(session, actor, household_id, data, values, SeekerStatus.NOT_SEEKING, cipher, clock)


def _add(
    session: Session,
    actor: Actor,
    household_id: int,
    data: MemberIn,
    values: PersonValues,
    default: SeekerStatus,
    cipher: FieldCipher,
    clock: Clock,
) -> Person:
    household = queries.get_household(session, actor, household_id, to_change=True)
    if not policies.may_add_person(actor, household.region_code):
        raise Forbidden("您的账号不能在这里添人，请找村里或镇上的同事。")
    if household.closed_at is not None:
        raise RecordClosed
    _check_place(data.region_code, household)
    today, now = clock.today(), clock.now()
    complete_new(values, data, today, default=default)
    columns = values.columns
    if values.id_number is not None:
        check_new_number(session, actor, values.id_number, None, cipher)
    (person_id,) = reserve_ids(session, Person, 1)
    person = Person(
        id=person_id,
        household_id=household.id,
        region_code=household.region_code,
        created_at=now,
        updated_at=now,
        version=1,
        **columns,
        **sealing.seal_id_number(person_id, values.id_number.number if values.id_number else None, cipher),
        **sealing.seal_phone(person_id, values.phone, cipher),
    )
    session.add(person)
    session.flush()
    save_facts(session, person_id, cipher, merged_facts({}, values.ledger), merged_facts({}, values.health))
    record_change(session, actor, person, {}, {}, kind=ChangeKind.CREATED, cipher=cipher, clock=clock)
    audit(session, actor, person, Action.CREATE, cipher, clock)
    return queries.get_person(session, actor, person_id)


def update_person(
    session: Session,
    actor: Actor,
    person_id: int,
    patch: PersonPatch,
    *,
    cipher: FieldCipher,
    clock: Clock,
    version: int | None = None,
) -> Person:
    """Changes what is known of a person; only what was sent, and what follows from it.

    Raises PersonNotFound, Forbidden, Stale (`version` is not the present one), RecordClosed, PersonExists,
    Invalid.
    """
    person = open_for_change(session, actor, person_id, version)
    _check_place(patch.region_code, person.household)
    values = read_values(patch, clock.today())
    if "labour_class" in values.sent:
        _take_class(values.columns, patch.labour_class, patch.class_reason, values.sent)
    change_person(
        session,
        actor,
        person,
        values,
        cipher=cipher,
        clock=clock,
        reason=patch.reason,
        acting_for=patch.acting_for,
    )
    return person


def move_person(
    session: Session,
    actor: Actor,
    person_id: int,
    household_id: int,
    *,
    cipher: FieldCipher,
    clock: Clock,
    relation: Relation | None = None,
    reason: str = "",
    version: int | None = None,
) -> Person:
    """Moves a person to another household; both must be in the actor's care.

    Raises PersonNotFound, HouseholdNotFound, Forbidden, Stale, RecordClosed.
    """
    person = open_for_change(session, actor, person_id, version)
    household = queries.get_household(session, actor, household_id, to_change=True)
    if household.closed_at is not None:
        raise RecordClosed
    if not policies.may_add_person(actor, household.region_code):
        raise Forbidden("那一户不归您管，请找上一级的同事来搬。")
    put_into_household(
        session, actor, person, household, relation=relation, cipher=cipher, clock=clock, reason=reason
    )
    return queries.get_person(session, actor, person.id, to_change=True)


def set_class(
    session: Session,
    actor: Actor,
    person_id: int,
    labour_class: LabourClass | None,
    *,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
    version: int | None = None,
) -> Person:
    """Sets the class by hand, with the reason kept beside it; None goes back to what follows from the facts.

    Raises as `update_person`, Invalid without a reason.
    """
    if labour_class is not None and not reason:
        raise Invalid("请写清楚为什么改类别。", fields=[FieldProblem("reason", "这一项要填")])
    person = open_for_change(session, actor, person_id, version)
    values = PersonValues({"class_reason": reason or None}, frozenset())
    if labour_class is not None:
        values.columns["labour_class"] = labour_class
    change_person(session, actor, person, values, cipher=cipher, clock=clock, reason=reason)
    return person


def follow_age(session: Session, *, cipher: FieldCipher, clock: Clock, limit: int) -> int:
    """Those who turned 61 become weak labour (DOMAIN C3), at most `limit`; returns how many did."""
    grown = queries.list_people_grown_weak(session, clock.today(), limit)
    for person in grown:
        values = PersonValues({}, frozenset())
        change_person(session, SYSTEM, person, values, cipher=cipher, clock=clock, reason="满 61 岁")
    return len(grown)


def close_person(
    session: Session,
    actor: Actor,
    person_id: int,
    close_reason: CloseReason | None,
    *,
    cipher: FieldCipher,
    clock: Clock,
    reason: str = "",
    version: int | None = None,
) -> Person:
    """Takes somebody out of the ledger's lists (moved away, died); None puts them back.

    Raises PersonNotFound, Forbidden, Stale, RecordClosed.
    """
    is_closing = close_reason is not None
    person = open_for_change(session, actor, person_id, version, even_closed=not is_closing)
    columns: dict[str, Any] = {
        "closed_at": clock.now() if is_closing else None,
        "close_reason": close_reason,
    }
    kind = ChangeKind.CLOSED if is_closing else ChangeKind.REOPENED
    if not is_closing and person.closed_at is None:
        return person
    values = PersonValues(columns, frozenset())
    change_person(session, actor, person, values, cipher=cipher, clock=clock, kind=kind, reason=reason)
    return person


def open_for_change(
    session: Session, actor: Actor, person_id: int, version: int | None, *, even_closed: bool = False
) -> Person:
    """A person locked for changing. Raises PersonNotFound, Forbidden, Stale, RecordClosed."""
    person = queries.get_person(session, actor, person_id, to_change=True)
    policies.require_edit_of_person(actor, person, tie_of(session, actor, person.id))
    if version is not None and version != person.version:
        raise Stale
    if person.closed_at is not None and not even_closed:
        raise RecordClosed
    return person


def _check_place(region_code: str | None, household: Household) -> None:
    """The place of a person is their household's; what was sent must be it, or lie around it."""
    if region_code is not None and not contains(region_code, household.region_code):
        raise Invalid(fields=[FieldProblem("region_code", "和所在户的村对不上；要换村请把人搬到另一户")])


def complete_new(values: PersonValues, form: MemberIn, today: date, *, default: SeekerStatus) -> None:
    """Fills in all that follows from what was sent about a new person. Raises Invalid."""
    columns = values.columns
    new_member_columns(values, form, today, default=default)
    _take_class(columns, form.labour_class, form.class_reason, values.sent)
    settle({}, columns, values.health, today)
    columns.setdefault("labour_class", LabourClass.ORDINARY)
    if form.labour_class is not None:
        _forget_needless_hand(columns, values.health, today)


def _take_class(
    columns: dict[str, Any], labour_class: LabourClass | None, reason: str | None, sent: frozenset[str]
) -> None:
    if "labour_class" not in sent:
        return
    if labour_class is None:
        columns["class_reason"] = None
        return
    columns["labour_class"] = labour_class
    columns["class_reason"] = reason or BY_HAND


def _forget_needless_hand(columns: dict[str, Any], health: Mapping[str, str], today: Any) -> None:
    """A class that follows from the facts anyway was not set by hand: it may go on following them."""
    derived = class_of(columns.get, health, today)
    if derived is columns["labour_class"] and columns["class_reason"] == BY_HAND:
        columns["class_reason"] = None
