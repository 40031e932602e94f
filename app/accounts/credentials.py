"""凭证: passwords, one-time codes of an authenticator, and API tokens of a user."""

from dataclasses import dataclass
from datetime import timedelta

import pyotp
from sqlalchemy.orm import Session

from app.accounts import events, queries, sessions
from app.accounts.actor import Actor
from app.accounts.errors import SignInRefused, TotpAlreadyOn
from app.accounts.models import ApiToken, User
from app.accounts.rules import TRIES_PER_ACCOUNT, may_end, normalise_username, password_problem
from app.accounts.terms import AccountEventKind
from app.core import ratelimit
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.db import Database
from app.core.errors import FieldProblem, Invalid, NotFound, TooMany
from app.core.security import hash_password, hash_token, new_token, same_text, verify_password

TOTP_STEP_S = 30
API_TOKEN_LIVES = timedelta(days=180)
ISSUER = "送岗"


@dataclass(frozen=True)
class TotpInvite:
    """绑定动态码: `secret` to type, `uri` to scan."""

    secret: str
    uri: str


def make_password_hash(password: str, username: str) -> str:
    """Checks a new password and hashes it (slow: not inside a transaction). Raises `Invalid`."""
    problem = password_problem(password, normalise_username(username))
    if problem:
        raise Invalid(problem, fields=[FieldProblem("password", problem)])
    return hash_password(password)


def change_password(database: Database, clock: Clock, actor: Actor, old: str, new: str) -> str:
    """Changes one's own password, ends all sessions and opens a new one, whose token is returned.

    Raises `SignInRefused` when the old one is wrong, `Invalid` when the new one is too weak, `TooMany`.
    """
    with database.write() as session:
        user = _own(session, actor)
        user_id, username, stored = user.id, user.username or "", user.password_hash or ""
        wait_s = ratelimit.hit(session, f"password:{user_id}", TRIES_PER_ACCOUNT, clock.now())
    if wait_s:
        raise TooMany("试得太多了，歇一会儿再来。", retry_after_s=wait_s)
    if not verify_password(old, stored):
        raise SignInRefused("旧密码不对，请再看看。")
    password_hash = make_password_hash(new, username)
    with database.write() as session:
        user = _own(session, actor)
        _set_password(session, clock, user, password_hash, by=actor)
        ratelimit.forgive(session, f"password:{user_id}")
        return sessions.open_session(session, clock, user)


def reset_sign_in(session: Session, clock: Clock, actor: Actor, user_id: int, password_hash: str) -> None:
    """A superior gives a colleague a new password and unbinds the lost authenticator. Raises `NotFound`."""
    user = get_subordinate(session, clock, actor, user_id)
    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = None
    events.record(session, clock, AccountEventKind.TOTP_REMOVED, user_id=user_id, by=actor)
    _set_password(session, clock, user, password_hash, by=actor)


def get_subordinate(session: Session, clock: Clock, actor: Actor, user_id: int) -> User:
    """A user all of whose roles the actor could take back. Raises `NotFound` for anyone else."""
    user = queries.find_user(session, user_id)
    if user is not None and user.id != actor.user_id:
        held = queries.actor_of(session, user, clock.now()).grants
        if actor.is_system or (held and all(may_end(actor, grant, of_user_id=user.id) for grant in held)):
            return user
    raise NotFound("没找到这个账号，或者它不归您管。")


def _set_password(session: Session, clock: Clock, user: User, password_hash: str, *, by: Actor) -> None:
    user.password_hash, user.password_changed_at = password_hash, clock.now()
    user.version += 1
    sessions.end_sessions_of(session, clock, user.id)
    events.record(session, clock, AccountEventKind.PASSWORD_CHANGED, user_id=user.id, by=by)


def enrol_totp(session: Session, cipher: FieldCipher, actor: Actor) -> TotpInvite:
    """Makes a secret for an authenticator; it counts from `confirm_totp` on. Raises `TotpAlreadyOn`."""
    user = _own(session, actor)
    if user.totp_confirmed_at is not None:
        raise TotpAlreadyOn
    secret = pyotp.random_base32()
    user.totp_secret = cipher.seal(secret, _totp_place(user))
    return _invite(user, secret)


def find_totp_invite(session: Session, cipher: FieldCipher, actor: Actor) -> TotpInvite | None:
    """The secret made by `enrol_totp` and not confirmed yet."""
    user = _own(session, actor)
    if user.totp_secret is None or user.totp_confirmed_at is not None:
        return None
    return _invite(user, cipher.open(user.totp_secret, _totp_place(user)))


def _invite(user: User, secret: str) -> TotpInvite:
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username or str(user.id), issuer_name=ISSUER)
    return TotpInvite(secret, uri)


def confirm_totp(session: Session, clock: Clock, cipher: FieldCipher, actor: Actor, code: str) -> None:
    """From now on signing in takes a code. Raises `Invalid` when `code` is not the one shown right now."""
    user = _own(session, actor)
    if user.totp_confirmed_at is not None:
        raise TotpAlreadyOn
    if user.totp_secret is None or not take_totp(user, clock, cipher, code):
        message = "这 6 个数不对。看看手机时间准不准，等下一个数出来再填。"
        raise Invalid(message, fields=[FieldProblem("code", message)])
    user.totp_confirmed_at = clock.now()
    user.version += 1
    events.record(session, clock, AccountEventKind.TOTP_ENROLLED, user_id=user.id, by=actor)


def take_totp(user: User, clock: Clock, cipher: FieldCipher, code: str) -> bool:
    """Whether `code` is the authenticator's for this half minute or a neighbouring one (RFC 6238, 5.2), and
    was not used before. A code that was taken is used up.
    """
    if user.totp_secret is None:
        return False
    totp = pyotp.TOTP(cipher.open(user.totp_secret, _totp_place(user)))
    typed = "".join(code.split())
    step_now = int(clock.now().timestamp()) // TOTP_STEP_S
    for step in (step_now - 1, step_now, step_now + 1):
        fresh = user.totp_last_step is None or step > user.totp_last_step
        if fresh and same_text(typed, totp.at(step * TOTP_STEP_S)):
            user.totp_last_step = step
            return True
    return False


def _totp_place(user: User) -> Place:
    return Place("users", "totp_secret", user.id)


def create_api_token(session: Session, clock: Clock, actor: Actor, user: User, *, label: str = "接口") -> str:
    """A bearer token that acts for `user` for 180 days; shown once. For oneself only, or by the system."""
    if not actor.is_system and actor.user_id != user.id:
        raise NotFound("没找到这个账号，或者它不归您管。")
    token, now = new_token(), clock.now()
    session.add(
        ApiToken(
            token_hash=hash_token(token),
            user_id=user.id,
            label=label[:60],
            created_at=now,
            expires_at=now + API_TOKEN_LIVES,
        )
    )
    events.record(session, clock, AccountEventKind.TOKEN_CREATED, user_id=user.id, by=actor)
    return token


def revoke_api_token(session: Session, clock: Clock, actor: Actor, token_id: int) -> None:
    """Ends a token at once. Its owner, their superior and the system may. Raises `NotFound`."""
    token = session.get(ApiToken, token_id)
    if token is None:
        raise NotFound("没找到这个令牌。")
    if token.user_id != actor.user_id:
        get_subordinate(session, clock, actor, token.user_id)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        events.record(session, clock, AccountEventKind.TOKEN_REVOKED, user_id=token.user_id, by=actor)


def _own(session: Session, actor: Actor) -> User:
    user = queries.find_user(session, actor.user_id) if actor.user_id is not None else None
    if user is None or user.disabled_at is not None:
        raise NotFound("没找到您的账号，请重新登录。")
    return user
