"""登录会话: opening, touching and ending them. A session is a row of ours: it can be ended at any moment."""

import structlog
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import ApiToken, User, UserSession
from app.accounts.queries import Credential
from app.core.clock import Clock
from app.core.db import Database
from app.core.security import hash_token, new_token

log = structlog.get_logger()


def open_session(session: Session, clock: Clock, user: User, *, replaces: str | None = None) -> str:
    """Signs `user` in and returns a token nobody has seen before.

    `replaces` is the token the browser came with, if any; it ends here, whoever planted it (session
    fixation).
    """
    if replaces:
        end_session(session, clock, replaces)
    token, now = new_token(), clock.now()
    session.add(UserSession(token_hash=hash_token(token), user_id=user.id, created_at=now, last_seen_at=now))
    return token


def end_session(session: Session, clock: Clock, token: str) -> int | None:
    """Ends one session; returns whose it was, None when it had ended or never was."""
    return session.scalar(
        update(UserSession)
        .where(UserSession.token_hash == hash_token(token), UserSession.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(UserSession.user_id)
    )


def end_sessions_of(session: Session, clock: Clock, user_id: int) -> None:
    """Ends all sessions of a user: they have to sign in again and get a new id."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def touch(database: Database, clock: Clock, used: Credential) -> None:
    """Notes that a credential was used, so that its session does not go idle. One that ended stays ended.

    A database that is busy is no reason to fail: the answer is out already, only the idle time suffers.
    """
    now = clock.now()
    if used.is_token:
        statement = update(ApiToken).where(ApiToken.id == used.id).values(last_used_at=now)
    else:
        statement = (
            update(UserSession)
            .where(UserSession.id == used.id, queries.session_in_force(now), UserSession.last_seen_at < now)
            .values(last_seen_at=now)
        )
    try:
        with database.write() as session:
            session.execute(statement)
    except (OperationalError, PoolTimeout) as error:
        log.warning("touch_failed", kind=type(error).__name__)
