"""账号查询: the only place where accounts are looked up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.accounts.actor import Actor, Grant
from app.accounts.models import AccountEvent, ApiToken, Mandate, PhoneCode, RoleGrant, User, UserSession
from app.accounts.permission_table import WIDTHS, permission_table
from app.accounts.permission_terms import Action, Resource, Tie
from app.accounts.permissions import area_prefix
from app.accounts.rules import is_username, normalise_username
from app.accounts.terms import OFFICER_ROLES, STAFF_ROLES, AccountEventKind, Role, UserKind
from app.core.pagination import SortKey, paginate
from app.core.security import hash_token
from app.regions.scope import scope_prefix

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
        select(UserSession.id, UserSession.last_seen_at, User.id, User.display_name, RoleGrant, Mandate)
        .join(User, User.id == UserSession.user_id)
        .outerjoin(RoleGrant, and_(RoleGrant.user_id == User.id, grant_in_force(now)))
        .outerjoin(Mandate, and_(_is_mandate_of(RoleGrant), mandate_in_force(now)))
        .where(UserSession.token_hash == hash_token(token), session_in_force(now), User.disabled_at.is_(None))
        .order_by(RoleGrant.id, Mandate.id)
    )
    return _credential(session, statement, is_token=False)


def find_by_api_token(session: Session, token: str, now: datetime) -> Credential | None:
    """Whom this bearer token stands for, as `find_by_session`."""
    statement = (
        select(ApiToken.id, ApiToken.last_used_at, User.id, User.display_name, RoleGrant, Mandate)
        .join(User, User.id == ApiToken.user_id)
        .outerjoin(RoleGrant, and_(RoleGrant.user_id == User.id, grant_in_force(now)))
        .outerjoin(Mandate, and_(_is_mandate_of(RoleGrant), mandate_in_force(now)))
        .where(
            ApiToken.token_hash == hash_token(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            User.disabled_at.is_(None),
        )
        .order_by(RoleGrant.id, Mandate.id)
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
    return _in_force(RoleGrant, now)


def _in_force(grant: type[RoleGrant], now: datetime) -> ColumnElement[bool]:
    return and_(
        grant.starts_at <= now,
        or_(grant.valid_until.is_(None), grant.valid_until > now),
        grant.ended_at.is_(None),
    )


def mandate_in_force(now: datetime) -> ColumnElement[bool]:
    """Condition on Mandate: granted, not run out, not ended."""
    return and_(Mandate.granted_at <= now, Mandate.valid_until > now, Mandate.ended_at.is_(None))


def _is_mandate_of(grant: type[RoleGrant]) -> ColumnElement[bool]:
    """An agency's mandates are its members', a broker's their own: they end with the role they hang on."""
    return or_(
        and_(grant.role == Role.EMPLOYER, Mandate.agent_employer_id == grant.employer_id),
        and_(grant.role == Role.BROKER, Mandate.agent_user_id == grant.user_id),
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


def names_of_users(session: Session, user_ids: Collection[int | None]) -> dict[int, str]:
    """What people are called, by user id; None among the ids is passed over. One statement at most."""
    known = {each for each in user_ids if each is not None}
    if not known:
        return {}
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_(known)))
    return {row.id: row.display_name for row in rows}


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


@dataclass(frozen=True)
class StaffLine:
    """同事一行: a colleague, the roles in force, and when they last signed in (None: never)."""

    user: User
    grants: tuple[RoleGrant, ...]
    signed_in_at: datetime | None


def list_staff(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    region_code: str | None = None,
    name: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> tuple[list[StaffLine], str | None]:
    """One page of the colleagues whose accounts `actor` may read, in the order of their accounts.

    `region_code`: those who work in that place; `name`: part of the name or account name. Three statements.
    Raises UnknownRegion, Invalid (a bad cursor).
    """
    statement = visible_staff(actor, now, within=scope_prefix(region_code) if region_code else "")
    if name.strip():
        wanted = name.strip()
        statement = statement.where(
            or_(
                User.display_name.contains(wanted, autoescape=True),
                User.username.contains(wanted.lower(), autoescape=True),
            )
        )
    users: list[User]
    users, following = paginate(
        session,
        statement,
        [SortKey(User.__table__.c.id)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda user: (user.id,),
        parse=(int,),
    )
    ids = [user.id for user in users]
    grants: dict[int, list[RoleGrant]] = {}
    held = select(RoleGrant).where(RoleGrant.user_id.in_(ids), grant_in_force(now)).order_by(RoleGrant.id)
    for grant in session.scalars(held):
        grants.setdefault(grant.user_id, []).append(grant)
    signed_in = {row[0]: row[1] for row in session.execute(_last_sign_ins(ids))}
    return [StaffLine(u, tuple(grants.get(u.id, ())), signed_in.get(u.id)) for u in users], following


def may_list_staff(actor: Actor) -> bool:
    """Whether the table of permissions lets this colleague read accounts of any place."""
    return any(True for _ in _staff_areas(actor))


def visible_staff(actor: Actor, now: datetime, *, within: str = "") -> Select[User]:
    """Staff accounts that `actor` may read: with a role in their area (and in the prefix `within`), and none
    beyond those the actor's own role looks after."""
    ways = [_is_readable(prefix, roles, now, within) for prefix, roles in _staff_areas(actor)]
    is_open = and_(User.kind == UserKind.STAFF, User.disabled_at.is_(None))
    return select(User).where(is_open, or_(*ways) if ways else false())


def _is_readable(prefix: str, roles: frozenset[Role], now: datetime, within: str) -> ColumnElement[bool]:
    """The account's roles are all among `roles`, as `permissions.may` asks, and one lies in the area."""
    grant, other = aliased(RoleGrant), aliased(RoleGrant)
    beyond = exists().where(other.user_id == User.id, _in_force(other, now), other.role.not_in(roles))
    here = exists().where(
        grant.user_id == User.id,
        _in_force(grant, now),
        grant.role.in_(roles),
        _begins(grant.region_code, prefix),
        _begins(grant.region_code, within),
    )
    return and_(here, ~beyond)


def _staff_areas(actor: Actor) -> list[tuple[str, frozenset[Role]]]:
    """Prefixes in which accounts may be read, with the roles of those accounts (no list: every role)."""
    found = []
    for held in actor.grants:
        for rule in permission_table().rules(Resource.STAFF_ACCOUNT, held.role):
            is_area = rule.tie in WIDTHS or rule.tie is Tie.EVERYWHERE
            prefix = area_prefix(held)
            if Action.READ in rule.actions and is_area and prefix is not None:
                found.append((prefix, rule.account_roles or frozenset(STAFF_ROLES)))
    return found


def _begins(column: InstrumentedAttribute[str | None], prefix: str) -> ColumnElement[bool]:
    return column.between(prefix, prefix.ljust(12, "9")) if prefix else true()


def _last_sign_ins(user_ids: Sequence[int]) -> Select[int | None, datetime]:
    return (
        select(AccountEvent.user_id, func.max(AccountEvent.at))
        .where(AccountEvent.user_id.in_(user_ids), AccountEvent.kind == AccountEventKind.SIGNED_IN)
        .group_by(AccountEvent.user_id)
    )


def list_officers_over(session: Session, region_code: str, now: datetime) -> list[User]:
    """Colleagues who hold an officer's role over a place with the right to act, the nearest first; one
    statement. They can be responsible for its households."""
    statement = (
        select(User, func.max(func.length(RoleGrant.region_code)))
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            User.disabled_at.is_(None),
            is_officers_grant_over(region_code),
            grant_in_force(now),
        )
        .group_by(User.id)
        .order_by(func.max(func.length(RoleGrant.region_code)).desc(), User.id)
    )
    return [user for user, _ in session.execute(statement)]


def is_officers_grant_over(region_code: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Condition on RoleGrant: an officer's, with the right to act, over a place (a code or a column).

    Officers' roles are held over codes of 6, 9 or 12 digits, which are the prefixes of what they cover.
    """
    own = RoleGrant.region_code
    return and_(
        RoleGrant.role.in_(OFFICER_ROLES),
        RoleGrant.is_read_only.is_(False),
        func.substr(region_code, 1, func.length(own)) == own,
    )


def actor_of(session: Session, user: User, now: datetime) -> Actor:
    """The user as an actor with the roles in force now."""
    statement = (
        select(RoleGrant, Mandate)
        .outerjoin(Mandate, and_(_is_mandate_of(RoleGrant), mandate_in_force(now)))
        .where(RoleGrant.user_id == user.id, grant_in_force(now))
        .order_by(RoleGrant.id, Mandate.id)
    )
    rows = [(row[0], row[1]) for row in session.execute(statement)]
    return Actor(user.id, user.display_name, _grants(rows))


def _credential(
    session: Session,
    statement: Select[int, datetime | None, int, str, RoleGrant | None, Mandate | None],
    *,
    is_token: bool,
) -> Credential | None:
    rows = session.execute(statement).all()
    if not rows:
        return None
    credential_id, seen_at, user_id, name, *_ = rows[0]
    grants = _grants([(row[4], row[5]) for row in rows if row[4] is not None])
    return Credential(credential_id, Actor(user_id, name, grants), seen_at, is_token)


def _grants(rows: Sequence[tuple[RoleGrant, Mandate | None]]) -> tuple[Grant, ...]:
    """The roles, then the firms a mandate of theirs lets them act for; each once."""
    held = {row.id: Grant(row.role, row.region_code, row.employer_id, row.is_read_only) for row, _ in rows}
    mandates = {each.id: each for _, each in rows if each is not None}
    acting = (
        Grant(Role.BROKER, employer_id=each.client_id, mandate_id=each.id) for each in mandates.values()
    )
    return (*held.values(), *acting)


def has_accounts(session: Session) -> bool:
    """Whether anybody at all has an account here."""
    return session.scalar(select(exists().select_from(User))) is True
