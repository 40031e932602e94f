"""账号查询: the only place where accounts are looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.models import ApiToken, PhoneCode, RoleGrant, User, UserSession
from app.accounts.rules import is_username, normalise_username
from app.accounts.terms import Role, UserKind
from app.core.security import hash_token

# SAFETY "Secrets": idle 30 minutes, 12 hours at most.
IDLE_FOR = timedelta(minutes=30)
SIGNED_IN_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Credential:
    """凭证: the session or API token a request showed, and whose it is. `seen_at` is exact to a minute."""

    id: int
    actor: Actor
    seen_at: datetime | None
    is_token: bool = False


def find_by_session(session: Session, token: str, now: datetime) -> Credential | None:
    """Who is signed in with this session token: one statement, roles as they are in force now."""
    statement = (
        select(UserSession.id, UserSession.last_seen_at, User.id, User.display_name, RoleGrant)
        .join(User, User.id == UserSession.user_id)
        .outerjoin(RoleGrant, and_(RoleGrant.user_id == User.id, grant_in_force(now)))
        .where(UserSession.token_hash == hash_token(token), session_in_force(now), User.disabled_at.is_(None))
        .order_by(RoleGrant.id)
    )
    return _credential(session, statement, is_token=False)


def find_by_api_token(session: Session, token: str, now: datetime) -> Credential | None:
    """Whom this bearer token stands for, as `find_by_session`."""
    statement = (
        select(ApiToken.id, ApiToken.last_used_at, User.id, User.display_name, RoleGrant)
        .join(User, User.id == ApiToken.user_id)
        .outerjoin(RoleGrant, and_(RoleGrant.user_id == User.id, grant_in_force(now)))
        .where(
            ApiToken.token_hash == hash_token(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            User.disabled_at.is_(None),
        )
        .order_by(RoleGrant.id)
    )
    return _credential(session, statement, is_token=True)


def session_in_force(now: datetime) -> ColumnElement[bool]:
    """Condition on UserSession: not ended, not idle for too long, not too old."""
    return and_(
        UserSession.ended_at.is_(None),
        UserSession.last_seen_at > now - IDLE_FOR,
        UserSession.created_at > now - SIGNED_IN_FOR,
    )


def grant_in_force(now: datetime) -> ColumnElement[bool]:
    """Condition on RoleGrant: begun, not run out, not ended."""
    return and_(
        RoleGrant.starts_at <= now,
        or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > now),
        RoleGrant.ended_at.is_(None),
    )


@dataclass(frozen=True)
class DutyOfficer:
    """值班信息员: whom people of a place may call. Name and work phone are public."""

    name: str
    phone: str


def find_duty_officer(session: Session, region_code: str, now: datetime) -> DutyOfficer | None:
    """Whom a villager calls: the village's job-information officer, else somebody of the township.

    Only officers with a work phone count. None where neither is known (a county, a far place).
    """
    if len(region_code) < 9:
        return None
    rows = session.execute(
        select(User.display_name, User.work_phone, RoleGrant.role)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            or_(
                and_(RoleGrant.role == Role.VILLAGE_OFFICER, RoleGrant.region_code == region_code),
                and_(RoleGrant.role == Role.TOWNSHIP_OFFICER, RoleGrant.region_code == region_code[:9]),
            ),
            RoleGrant.is_read_only.is_(False),
            grant_in_force(now),
            User.disabled_at.is_(None),
            User.work_phone.is_not(None),
        )
        .order_by(RoleGrant.id)
    ).all()
    nearest = sorted(rows, key=lambda row: row.role is not Role.VILLAGE_OFFICER)
    return DutyOfficer(nearest[0].display_name, nearest[0].work_phone or "") if nearest else None


def find_user(session: Session, user_id: int) -> User | None:
    return session.get(User, user_id)


def find_staff(session: Session, username: str, *, locked: bool = False) -> User | None:
    """The staff account of a user name, however it is typed; None for what can be no name.

    `locked`: of two sign-ins with the same one-time code, one wins.
    """
    name = normalise_username(username)
    if not is_username(name):
        return None
    statement = select(User).where(User.username == name)
    return session.scalar(statement.with_for_update() if locked else statement)


def find_by_phone(session: Session, phone_indexes: Sequence[str]) -> User | None:
    """The account that signs in with a code sent to this phone (its keyed digests, one for each key in use).
    Never a staff account."""
    mine = (User.phone_index.in_(phone_indexes), User.kind == UserKind.PERSON)
    return session.scalar(select(User).where(*mine).order_by(User.id))


def find_phone_code(session: Session, asker_hash: str, now: datetime) -> PhoneCode | None:
    """The code last sent for this browser that can still be used; locked against a second try meanwhile."""
    return session.scalar(
        select(PhoneCode)
        .where(
            PhoneCode.asker_hash == asker_hash,
            PhoneCode.spent_at.is_(None),
            PhoneCode.created_at <= now,
            PhoneCode.expires_at > now,
        )
        .order_by(PhoneCode.id.desc())
        .limit(1)
        .with_for_update()
    )


def has_totp(session: Session, actor: Actor) -> bool:
    """Whether signing in takes an authenticator's code for this user."""
    statement = select(User.totp_confirmed_at).where(User.id == actor.user_id)
    return session.scalar(statement) is not None


def grants_of(session: Session, user_id: int, now: datetime) -> Sequence[RoleGrant]:
    """The roles a user holds now, oldest first."""
    statement = select(RoleGrant).where(RoleGrant.user_id == user_id, grant_in_force(now))
    return session.scalars(statement.order_by(RoleGrant.id)).all()


def find_grant(
    session: Session, user_id: int, role: Role, region_code: str | None, now: datetime
) -> RoleGrant | None:
    """The grant by which a user may act in `role` for exactly this region."""
    return session.scalar(
        select(RoleGrant)
        .where(
            RoleGrant.user_id == user_id,
            RoleGrant.role == role,
            RoleGrant.region_code == region_code,
            RoleGrant.is_read_only.is_(False),
            grant_in_force(now),
        )
        .limit(1)
        .with_for_update()
    )


def actor_of(session: Session, user: User, now: datetime) -> Actor:
    """The user as an actor with the roles in force now."""
    grants = tuple(_grant(row) for row in grants_of(session, user.id, now))
    return Actor(user.id, user.display_name, grants)


def _credential(
    session: Session,
    statement: Select[int, datetime | None, int, str, RoleGrant | None],
    *,
    is_token: bool,
) -> Credential | None:
    rows = session.execute(statement).all()
    if not rows:
        return None
    credential_id, seen_at, user_id, name, _ = rows[0]
    grants = tuple(_grant(row[4]) for row in rows if row[4] is not None)
    return Credential(credential_id, Actor(user_id, name, grants), seen_at, is_token)


def _grant(row: RoleGrant) -> Grant:
    return Grant(row.role, row.region_code, row.employer_id, row.is_read_only)
