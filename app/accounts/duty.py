"""健康值守: which county officers may read health facts, and until when.

Appointed by whoever looks after a county officer's account (the city's office or an admin, see
permissions.toml): they cannot read health facts themselves, so two people always stand between a wish and a
file. Read anew at every decision; every reading is in the audit log.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from app.accounts import events, queries
from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.models import HealthDuty, User
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may
from app.accounts.terms import AccountEventKind, Role
from app.core.clock import OFFICE_ZONE, Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Forbidden, Invalid, NotFound

# Our own figure: looked at anew at least once a year.
LONGEST: Final = timedelta(days=366)


def appoint(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    actor: Actor,
    user_id: int,
    region_code: str,
    until_on: date,
) -> HealthDuty:
    """A county officer reads health facts of the county's people from now to the end of `until_on`; an
    earlier appointment there ends.

    Raises NotFound (no such colleague, or not the actor's to look after), Forbidden (oneself), Invalid (holds
    no county role there; the day is past or more than a year off).
    """
    user = session.get(User, user_id, with_for_update=True)
    if user is None or user.disabled_at is not None:
        raise NotFound("没找到这个账号，或者已经停用。")
    permission = _require(session, clock, actor, user, region_code)
    if queries.find_grant(session, user_id, Role.COUNTY_OFFICER, region_code, clock.now()) is None:
        raise Invalid(
            "只有这个县的人社局同事能值守健康资料。", fields=[FieldProblem("user_id", "不是本县同事")]
        )
    today = clock.today()
    if not today <= until_on <= today + LONGEST:
        message = "值守到哪天：从今天起，最长一年。"
        raise Invalid(message, fields=[FieldProblem("until_on", message)])
    _end_running(session, clock, actor, user_id, region_code)
    duty = HealthDuty(
        user_id=user_id,
        region_code=region_code,
        starts_at=clock.now(),
        valid_until=datetime.combine(until_on + timedelta(days=1), time.min, OFFICE_ZONE),
        appointed_by_id=actor.user_id,
    )
    session.add(duty)
    session.flush()
    _record(session, cipher, clock, actor, duty, permission, AccountEventKind.ROLE_GRANTED)
    return duty


def end_duty(session: Session, cipher: FieldCipher, clock: Clock, actor: Actor, duty_id: int) -> None:
    """Ends an appointment at once. Who may appoint may end it, and the officer may give it up. Raises
    NotFound."""
    duty = session.get(HealthDuty, duty_id, with_for_update=True)
    if duty is None or duty.ended_at is not None:
        raise NotFound("没找到这个值守，可能已经收回了。")
    permission = None
    if actor.user_id != duty.user_id:
        permission = _require(session, clock, actor, session.get_one(User, duty.user_id), duty.region_code)
    duty.ended_at, duty.ended_by_id = clock.now(), actor.user_id
    _record(session, cipher, clock, actor, duty, permission, AccountEventKind.ROLE_ENDED)


def duty_user_ids(session: Session, region_code: str, now: datetime) -> frozenset[int]:
    """Who is on duty for health in the county of a place, for `Target.duty_user_ids`; one statement."""
    statement = select(HealthDuty.user_id).where(HealthDuty.region_code == region_code[:6], in_force(now))
    return frozenset(session.scalars(statement))


def duties_of(session: Session, user_ids: Collection[int], now: datetime) -> dict[int, list[HealthDuty]]:
    """The appointments in force of some colleagues; one statement."""
    found: dict[int, list[HealthDuty]] = {}
    if user_ids:
        statement = select(HealthDuty).where(HealthDuty.user_id.in_(user_ids), in_force(now))
        for duty in session.scalars(statement.order_by(HealthDuty.id)):
            found.setdefault(duty.user_id, []).append(duty)
    return found


def in_force(now: datetime) -> ColumnElement[bool]:
    """Condition on HealthDuty: begun, not run out, not ended."""
    return and_(HealthDuty.starts_at <= now, HealthDuty.valid_until > now, HealthDuty.ended_at.is_(None))


def may_appoint(actor: Actor, user_id: int, region_code: str, roles: Collection[Role]) -> bool:
    """Whether the actor looks after the account of a colleague who holds `roles`."""
    return _permission(actor, user_id, region_code, roles) is not None


def _permission(actor: Actor, user_id: int, region_code: str, roles: Collection[Role]) -> Permission | None:
    target = Target(region_code=region_code, owner_user_id=user_id, account_roles=frozenset(roles))
    return may(actor, Action.EDIT, Resource.STAFF_ACCOUNT, target)


def _require(session: Session, clock: Clock, actor: Actor, user: User, region_code: str) -> Permission:
    if actor.user_id == user.id:
        raise Forbidden("不能给自己定值守，要由市里或系统管理员来定。")
    roles = {grant.role for grant in queries.grants_of(session, user.id, clock.now())}
    permission = _permission(actor, user.id, region_code, roles)
    if permission is None:
        raise NotFound("没找到这个账号，或者它不归您管。")
    return permission


def _end_running(session: Session, clock: Clock, actor: Actor, user_id: int, region_code: str) -> None:
    now = clock.now()
    session.execute(
        update(HealthDuty)
        .where(HealthDuty.user_id == user_id, HealthDuty.region_code == region_code, in_force(now))
        .values(ended_at=now, ended_by_id=actor.user_id)
    )


def _record(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    actor: Actor,
    duty: HealthDuty,
    permission: Permission | None,
    kind: AccountEventKind,
) -> None:
    words = f"health_duty {duty.region_code}"
    events.record(session, clock, kind, user_id=duty.user_id, by=actor, detail=words)
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.EDIT,
        Resource.STAFF_ACCOUNT,
        subject_id=duty.user_id,
        region_code=duty.region_code,
        permission=permission,
        detail={"health_duty": duty.id, "step": kind.value},
    )
