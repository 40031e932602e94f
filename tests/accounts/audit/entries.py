"""Entries for tests of the audit log. Places are real divisions, the village is invented."""

from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may
from app.accounts.terms import Role
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from tests.accounts.situations import VILLAGE

OFFICER = Actor(7, "王桂兰", (Grant(Role.VILLAGE_OFFICER, VILLAGE),))
REASON = "办理社保补贴要核对"


def reveal(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    person_id: int = 1,
    *,
    actor: Actor = OFFICER,
    region_code: str = VILLAGE,
) -> None:
    """An officer has looked at a whole ID number."""
    permission = may(actor, Action.REVEAL, Resource.ID_NUMBER, Target(region_code=region_code))
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.REVEAL,
        Resource.ID_NUMBER,
        subject_id=person_id,
        region_code=region_code,
        permission=permission,
        reason=REASON,
        detail={"field": "id_number", "times": 1},
    )
