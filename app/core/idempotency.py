"""幂等键: a POST repeated with its `Idempotency-Key` gets the first answer again and makes nothing twice."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Integer, LargeBinary, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import NOT_IN_BACKUP, Base
from app.core.errors import FieldProblem, Invalid
from app.core.security import keyed_digest
from app.core.tasks import TaskContext, daily_task
from app.core.types import BigId, UtcDateTime

MAX_KEY_LENGTH = 100
# Longer than any phone keeps a page open and resends its form.
KEEP_FOR = timedelta(days=3)


class IdempotentAnswer(Base):
    """幂等应答: the answer given to a request that carried an idempotency key."""

    __tablename__ = "idempotent_answers"
    __table_args__ = (UniqueConstraint("caller", "route", "key"), NOT_IN_BACKUP)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    caller: Mapped[str] = mapped_column(String(64), comment="hash of the caller's credentials, or empty")
    route: Mapped[str] = mapped_column(String(200), comment="method and path template")
    key: Mapped[str] = mapped_column(String(MAX_KEY_LENGTH))
    request_hash: Mapped[str] = mapped_column(String(64), comment="keyed digest of path and body")
    status: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(100))
    location: Mapped[str | None] = mapped_column(String(500))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True)
class IdempotentRequest:
    """What identifies a request: who asks, which route, which key, and what exactly was sent."""

    caller: str
    route: str
    key: str
    request_hash: str

    @classmethod
    def of(
        cls, *, credentials: str, route: str, key: str, path: str, body: bytes, secret: str
    ) -> "IdempotentRequest":
        """Raises `Invalid` when the key is too long.

        The digest is keyed with `secret`: a plain hash of a body that is little more than a phone number
        would give the number away.
        """
        if len(key) > MAX_KEY_LENGTH:
            raise Invalid(
                "Idempotency-Key 太长了，最多 100 个字符。",
                fields=[FieldProblem("Idempotency-Key", "最多 100 个字符")],
            )
        content = hashlib.sha256(body).hexdigest()
        digest = keyed_digest(secret, "idempotency", f"{path}\0{content}").hex()
        caller = hashlib.sha256(credentials.encode()).hexdigest() if credentials else ""
        return cls(caller, route, key, digest)


def find_answer(session: Session, request: IdempotentRequest) -> IdempotentAnswer | None:
    """The answer given before to this request. Raises `Invalid` when the key came with another content."""
    answer = session.scalar(
        select(IdempotentAnswer).where(
            IdempotentAnswer.caller == request.caller,
            IdempotentAnswer.route == request.route,
            IdempotentAnswer.key == request.key,
        )
    )
    if answer and answer.request_hash != request.request_hash:
        raise Invalid(
            "这个 Idempotency-Key 已经用在另一个请求上了，换一个新的再发。",
            fields=[FieldProblem("Idempotency-Key", "已经用过，内容不同")],
        )
    return answer


def keep_answer(
    session: Session,
    request: IdempotentRequest,
    *,
    status: int,
    media_type: str,
    location: str | None,
    body: bytes,
    now: datetime,
) -> None:
    """Stores the answer in the caller's transaction. The unique constraint stops a second one."""
    session.add(
        IdempotentAnswer(
            caller=request.caller,
            route=request.route,
            key=request.key,
            request_hash=request.request_hash,
            status=status,
            media_type=media_type,
            location=location,
            body=body,
            created_at=now,
        )
    )
    session.flush()


@daily_task("idempotency.forget", time(3, 40))
def forget_old_answers(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """Deletes answers older than three days."""
    old = IdempotentAnswer.created_at < context.clock.now() - KEEP_FOR
    context.session.execute(delete(IdempotentAnswer).where(old))
