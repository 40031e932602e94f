"""账号记录: writing down what happened to an account, in the transaction in which it happened."""

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import AccountEvent
from app.accounts.terms import AccountEventKind
from app.core.clock import Clock


def record(
    session: Session,
    clock: Clock,
    kind: AccountEventKind,
    *,
    user_id: int | None,
    by: Actor | int | None = None,
    detail: str = "",
) -> None:
    """Adds an event. `by` is who did it; `detail` holds codes and ids, never personal data."""
    by_user_id = by.user_id if isinstance(by, Actor) else by
    session.add(
        AccountEvent(at=clock.now(), kind=kind, user_id=user_id, by_user_id=by_user_id, detail=detail)
    )
