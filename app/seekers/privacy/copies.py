"""个人信息副本: everything the office holds about one person, for that person (PIPL art. 45).

Made by an officer for a person who asked and proved who they are: in full, but for health facts the officer
may not read. Made by the person themself (self-service), the ID number stays masked, as SAFETY has it for
"own": a stolen phone must not give it away.
"""

from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.queries import who_looked
from app.accounts.audit.recording import record_audit
from app.accounts.duty import duty_user_ids
from app.accounts.permission_terms import Action, Resource
from app.accounts.terms import Role
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.terms import LabelledEnum
from app.seekers import masking, queries, sealing
from app.seekers.access.ties import tie_of
from app.seekers.fields import HOUSEHOLD_LABELS, PERSON_LABELS, SEALED_LABELS, plain
from app.seekers.history import TimelineEntry, open_present, timeline
from app.seekers.models import Household, Person
from app.seekers.privacy import policies
from app.seekers.privacy.consents import consents_of
from app.seekers.privacy.queries import get_sealed_person
from app.seekers.privacy.schemas import ConsentOut, CopiedChange, CopiedField, CopiedLook, CopyOut
from app.seekers.privacy.terms import ConsentMethod
from app.seekers.words import label_of_word

HEALTH_LEFT_OUT = "健康、残疾、致贫原因：请找包户干部，或县里值守这项工作的同事给"
_MOST = 100


def make_copy(
    session: Session,
    actor: Actor,
    person_id: int,
    *,
    asked: ConsentMethod,
    cipher: FieldCipher,
    clock: Clock,
    owner_user_id: int | None = None,
) -> CopyOut:
    """The copy, written into the audit log; `session` must be one that writes. `asked` is how the person
    asked; `owner_user_id` the account known to be the person's own, where it is not linked with the file.
    Raises PersonNotFound, Forbidden.
    """
    person = queries.get_person(session, actor, person_id)
    owner_user_id = owner_user_id or tie_of(session, actor, person.id).owner_user_id
    permission = policies.require_copy(actor, person, owner_user_id)
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.EXPORT,
        Resource.SEEKER_CARD,
        subject_id=person.id,
        region_code=person.region_code,
        permission=permission,
        reason=f"本人要一份自己的资料（{asked.label}）",
    )
    may_open = set(sealing.SEALED_FIELDS)
    on_duty = duty_user_ids(session, person.region_code, clock.now())
    if not policies.may_copy_health(actor, person, owner_user_id, on_duty):
        may_open.discard(sealing.HEALTH)
    copy = _collect(session, person, may_open, cipher, clock)
    return _mask_number(copy) if permission.role is Role.SEEKER else copy


def open_sealed(
    session: Session, actor: Actor, person_id: int, reason: str, *, cipher: FieldCipher, clock: Clock
) -> CopyOut:
    """What is in a sealed record, for a county officer who says why; written into the audit log. Raises
    PersonNotFound, Invalid (the reason is too short)."""
    person = get_sealed_person(session, person_id)
    permission = policies.require_opening_sealed(actor, person, reason)
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.REVEAL,
        Resource.SEEKER_CARD,
        subject_id=person.id,
        region_code=person.region_code,
        permission=permission,
        reason=reason,
        detail={"sealed": True},
    )
    return _collect(session, person, set(sealing.SEALED_FIELDS) - {sealing.HEALTH}, cipher, clock)


def _collect(
    session: Session, person: Person, may_open: set[str], cipher: FieldCipher, clock: Clock
) -> CopyOut:
    household = session.get_one(Household, person.household_id)
    present = open_present(session, person, cipher)
    looks = who_looked(session, person.id, household.id)
    return CopyOut(
        made_at=clock.now(),
        person_id=person.id,
        person=[_field(name, label, getattr(person, name)) for name, label in PERSON_LABELS.items()],
        household=[_field(name, label, getattr(household, name)) for name, label in HOUSEHOLD_LABELS.items()],
        private=[
            _field(name, label, present[name]) for name, label in SEALED_LABELS.items() if name in may_open
        ],
        left_out=[] if sealing.HEALTH in may_open else [HEALTH_LEFT_OUT],
        history=[_change(entry) for entry in _whole_timeline(session, person, may_open, cipher)],
        consents=[ConsentOut.of(consent) for consent in consents_of(session, person.id)],
        looks=[
            CopiedLook(
                at=look.at,
                actor_name=look.actor_name,
                role=look.role.label if look.role else "",
                what=look.resource.label,
                action=look.action.label,
                reason=look.reason,
            )
            for look in looks
        ],
    )


def _whole_timeline(
    session: Session, person: Person, may_open: set[str], cipher: FieldCipher
) -> list[TimelineEntry]:
    entries, following = timeline(session, person, limit=_MOST, cipher=cipher, may_open=may_open)
    while following is not None:
        more, following = timeline(
            session, person, limit=_MOST, cursor=following, cipher=cipher, may_open=may_open
        )
        entries += more
    return entries


def _change(entry: TimelineEntry) -> CopiedChange:
    return CopiedChange(
        at=entry.at,
        kind=entry.kind.label,
        actor_name=entry.actor_name,
        acting_for=entry.acting_for,
        reason=entry.reason,
        fields=[_field(change.name, change.label, change.after) for change in entry.fields],
    )


def _field(name: str, label: str, value: Any) -> CopiedField:
    return CopiedField(name=name, label=label, value=plain(value), shown=_shown(name, value))


def _shown(name: str, value: Any) -> str:
    """How people read a value."""
    if value is None or value in ("", [], {}):
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, LabelledEnum):
        return value.label
    if isinstance(value, dict):
        return "；".join(f"{key}：{part}" for key, part in value.items())
    if isinstance(value, list):
        return "、".join(label_of_word(str(part)) for part in value)
    if name.endswith("_fen") and isinstance(value, int):
        return f"{value / 100:g} 元"
    return str(plain(value))


def _mask_number(copy: CopyOut) -> CopyOut:
    """Everywhere in the copy: the number itself and the changes of it."""
    for field in [*copy.private, *(field for change in copy.history for field in change.fields)]:
        if field.name == sealing.ID_NUMBER:
            field.value = masking.mask_id_number(field.value)
            field.shown = field.value or "无"
    return copy
