"""诉求经过: noting what happened to a case, and changing it so that of two who do it at once one is told."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.cases.errors import CaseEnded
from app.cases.models import Case, CaseStep
from app.cases.terms import CaseStepKind
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.ids import reserve_ids


def add_step(
    session: Session,
    case: Case,
    kind: CaseStepKind,
    actor: Actor | None,
    *,
    cipher: FieldCipher,
    clock: Clock,
    note: str = "",
    is_told: bool = False,
    to_code: str | None = None,
) -> CaseStep:
    """Notes what happened; the words are sealed."""
    (step_id,) = reserve_ids(session, CaseStep, 1)
    step = CaseStep(
        id=step_id,
        case_id=case.id,
        kind=kind,
        note=cipher.seal(note, Place("case_steps", "note", step_id)) if note else None,
        is_told=is_told,
        to_code=to_code,
        actor_id=actor.user_id if actor is not None else None,
        at=clock.now(),
    )
    session.add(step)
    session.flush()
    return step


def change_case(session: Session, case: Case, **values: Any) -> None:
    """A guarded UPDATE: it counts only while state, handler and office are as they were read. Raises
    CaseEnded."""
    handler = Case.handler_id.is_(None) if case.handler_id is None else Case.handler_id == case.handler_id
    changed = session.scalar(
        update(Case)
        .where(Case.id == case.id, Case.state == case.state, handler, Case.region_code == case.region_code)
        .values(**values)
        .returning(Case.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise CaseEnded
    session.refresh(case)
