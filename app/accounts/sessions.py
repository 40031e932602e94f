"""登录会话: opening, touching and ending them. A session is a row of ours: it can be ended at any moment."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import ApiToken, User, UserSession
from app.core.clock import Clock
from app.core.security import hash_token, new_token


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


def touch_session(session: Session, session_id: int, clock: Clock) -> None:
    """Keeps a session that is still in force from going idle. One that ended meanwhile stays ended."""
    now = clock.now()
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, queries.session_in_force(now), UserSession.last_seen_at < now)
        .values(last_seen_at=now)
    )


def touch_api_token(session: Session, token_id: int, clock: Clock) -> None:
    """Notes when a token was last used."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=clock.now()))
