"""账号与角色: opening accounts, giving and taking back roles, handing a village over."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts import events, queries, sessions
from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.credentials import create_api_token, get_subordinate, make_password_hash
from app.accounts.errors import NotTheOfficer, NotYoursToGrant, UsernameTaken
from app.accounts.models import RoleGrant, User
from app.accounts.rules import BAD_USERNAME, is_username, may_end, may_grant, may_hold, normalise_username
from app.accounts.schemas import NewStaff
from app.accounts.terms import AccountEventKind, Role, UserKind
from app.core.clock import Clock
from app.core.db import Database
from app.core.errors import FieldProblem, Invalid, NotFound
from app.regions import queries as region_queries

# Issue "People", 1: a former officer may look for 30 days, where the county allows it.
READ_ACCESS_AFTER_HAND_OVER = timedelta(days=30)


def create_staff(session: Session, clock: Clock, actor: Actor, new: NewStaff, *, password_hash: str) -> User:
    """Opens an account with its first role. `password_hash` comes from `make_password_hash`.

    Raises `NotYoursToGrant`, `UsernameTaken`, `Invalid` when the role cannot be held over that region.
    """
    grant = Grant(new.role, new.region_code)
    _check_may_grant(session, actor, grant, to_user_id=None)
    if queries.find_staff(session, new.username) is not None:
        raise UsernameTaken
    user = User(
        kind=UserKind.STAFF,
        username=new.username,
        display_name=new.display_name,
        work_phone=new.work_phone,
        password_hash=password_hash,
        password_changed_at=clock.now(),
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    events.record(session, clock, AccountEventKind.USER_CREATED, user_id=user.id, by=actor)
    _add_grant(session, clock, actor, user.id, grant)
    return user


def grant_role(
    session: Session,
    clock: Clock,
    actor: Actor,
    user_id: int,
    grant: Grant,
    *,
    valid_until: datetime | None = None,
) -> RoleGrant:
    """Gives a user one more role. Their open sessions end: they sign in again and get a new id.

    Raises `NotYoursToGrant`, `NotFound`, `Invalid`.
    """
    _check_may_grant(session, actor, grant, to_user_id=user_id)
    user = queries.find_user(session, user_id)
    if user is None or user.disabled_at is not None:
        raise NotFound("没找到这个账号，或者已经停用。")
    row = _add_grant(session, clock, actor, user_id, grant, valid_until=valid_until)
    sessions.end_sessions_of(session, clock, user_id)
    return row


def end_role(session: Session, clock: Clock, actor: Actor, grant_id: int) -> None:
    """Takes a role back, at once: the next request of an open session no longer has it. Raises `NotFound`."""
    row = session.get(RoleGrant, grant_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFound("没找到这个角色，可能已经收回了。")
    held = Grant(row.role, row.region_code, row.employer_id, row.is_read_only)
    if not may_end(actor, held, of_user_id=row.user_id):
        raise NotFound("没找到这个角色，或者它不归您管。")
    _end_grant(session, clock, actor, row)
    sessions.end_sessions_of(session, clock, row.user_id)


def disable_user(session: Session, clock: Clock, actor: Actor, user_id: int) -> None:
    """Closes a colleague's account: sessions and tokens stop at once. Raises `NotFound`."""
    user = get_subordinate(session, clock, actor, user_id)
    if user.disabled_at is not None:
        return
    user.disabled_at = clock.now()
    user.version += 1
    sessions.end_sessions_of(session, clock, user_id)
    events.record(session, clock, AccountEventKind.USER_DISABLED, user_id=user_id, by=actor)


def hand_over_village(
    session: Session,
    clock: Clock,
    actor: Actor,
    *,
    region_code: str,
    from_user_id: int,
    to_user_id: int,
    keep_read_access: bool = True,
) -> None:
    """Moves a whole village from its officer to a colleague in one act.

    The colleague manages it from now on; the former officer may still look for 30 days when
    `keep_read_access`. Raises `NotYoursToGrant`, `NotTheOfficer`, `NotFound`, `Invalid`.
    """
    if from_user_id == to_user_id:
        raise Invalid("要移交给另一位同事。", fields=[FieldProblem("to_user_id", "要选另一位同事")])
    role = Grant(Role.VILLAGE_OFFICER, region_code)
    for user_id in (from_user_id, to_user_id):
        _check_may_grant(session, actor, role, to_user_id=user_id)
    colleague = queries.find_user(session, to_user_id)
    if colleague is None or colleague.disabled_at is not None or colleague.kind is not UserKind.STAFF:
        raise NotFound("没找到接手的同事，或者账号已经停用。")
    now = clock.now()
    held = queries.find_grant(session, from_user_id, role.role, region_code, now)
    if held is None:
        raise NotTheOfficer
    _end_grant(session, clock, actor, held)
    if queries.find_grant(session, to_user_id, role.role, region_code, now) is None:
        _add_grant(session, clock, actor, to_user_id, role)
    if keep_read_access:
        reading = Grant(role.role, region_code, is_read_only=True)
        until = now + READ_ACCESS_AFTER_HAND_OVER
        _add_grant(session, clock, actor, from_user_id, reading, valid_until=until)
    for user_id in (from_user_id, to_user_id):
        sessions.end_sessions_of(session, clock, user_id)
    events.record(
        session,
        clock,
        AccountEventKind.VILLAGE_HANDED_OVER,
        user_id=to_user_id,
        by=actor,
        detail=f"{region_code} from {from_user_id}",
    )


def add_staff(
    database: Database, clock: Clock, username: str, role: Role, region_code: str | None, password: str
) -> int:
    """`songgang staff add`: opens an account by the system itself; returns its id.

    Raises `Invalid`, `UsernameTaken`.
    """
    name = normalise_username(username)
    if not is_username(name):
        raise Invalid(BAD_USERNAME, fields=[FieldProblem("username", BAD_USERNAME)])
    new = NewStaff(username=name, display_name=name, role=role, region_code=region_code)
    password_hash = make_password_hash(password, new.username)
    with database.write() as session:
        return create_staff(session, clock, SYSTEM, new, password_hash=password_hash).id


def create_token(database: Database, clock: Clock, username: str) -> str:
    """`songgang token create`: a bearer token for a colleague; shown once. Raises `NotFound`."""
    with database.write() as session:
        user = queries.find_staff(session, username)
        if user is None or user.disabled_at is not None:
            raise NotFound("没有这个工作人员账号，先用 songgang staff add 开一个。")
        return create_api_token(session, clock, SYSTEM, user, label="命令行")


def _check_may_grant(session: Session, actor: Actor, grant: Grant, *, to_user_id: int | None) -> None:
    if not may_hold(grant.role, grant.region_code, grant.employer_id):
        message = f"“{grant.role.label}”要配上它那一级的地区代码（村 12 位，镇 9 位，县市省 6 位）。"
        raise Invalid(message, fields=[FieldProblem("region_code", message)])
    if not may_grant(actor, grant, to_user_id=to_user_id):
        raise NotYoursToGrant
    code = grant.region_code
    if code is not None and code not in region_queries.hold_living(session, [code]):
        message = "系统里还没有这个地区（村要先添加），或者它已经撤并。"
        raise Invalid(message, fields=[FieldProblem("region_code", message)])


def _add_grant(
    session: Session,
    clock: Clock,
    actor: Actor,
    user_id: int,
    grant: Grant,
    *,
    valid_until: datetime | None = None,
) -> RoleGrant:
    row = RoleGrant(
        user_id=user_id,
        role=grant.role,
        region_code=grant.region_code,
        employer_id=grant.employer_id,
        is_read_only=grant.is_read_only,
        starts_at=clock.now(),
        valid_until=valid_until,
        granted_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    events.record(
        session, clock, AccountEventKind.ROLE_GRANTED, user_id=user_id, by=actor, detail=_name(grant)
    )
    return row


def _end_grant(session: Session, clock: Clock, actor: Actor, row: RoleGrant) -> None:
    row.ended_at, row.ended_by = clock.now(), actor.user_id
    name = _name(Grant(row.role, row.region_code, row.employer_id))
    events.record(session, clock, AccountEventKind.ROLE_ENDED, user_id=row.user_id, by=actor, detail=name)


def _name(grant: Grant) -> str:
    place = grant.region_code or (f"employer {grant.employer_id}" if grant.employer_id else "")
    return f"{grant.role.value} {place}{' read only' if grant.is_read_only else ''}".strip()
