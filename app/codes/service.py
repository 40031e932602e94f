"""发码和收码: giving out codes, saying where they hang, calling them back, and lifting a recall."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may, require
from app.codes.errors import AlreadyRecalled, CodeNotFound, NotRecalled
from app.codes.models import CodeRecall, IssuedCode
from app.codes.queries import get_code
from app.codes.schemas import NewCode
from app.codes.signing import PrintedCode
from app.codes.terms import ISSUED_KINDS, CodeKind, RecallScope
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid
from app.regions import queries as region_queries

MIN_REASON = 4


def may_issue(actor: Actor, region_code: str) -> bool:
    """Whether `actor` gives out codes in a place."""
    return _may(actor, Action.CREATE, region_code)


def may_edit(actor: Actor, region_code: str) -> bool:
    """Whether `actor` calls codes of a place back."""
    return _may(actor, Action.EDIT, region_code)


def _may(actor: Actor, action: Action, region_code: str) -> bool:
    return may(actor, action, Resource.PRINTED_CODE, Target(region_code=region_code)) is not None


def require_in(actor: Actor, action: Action, region_code: str) -> Permission:
    """Raises CodeNotFound for a place in which `actor` has nothing to do with codes, else Forbidden."""
    return require(
        actor, action, Resource.PRINTED_CODE, Target(region_code=region_code), missing=CodeNotFound
    )


def issue_code(
    session: Session, actor: Actor, data: NewCode, *, cipher: FieldCipher, clock: Clock
) -> IssuedCode:
    """Gives out a code. A fair's ends with its day. Raises CodeNotFound, Forbidden, UnknownRegion."""
    region = region_queries.get_region(session, data.region_code)
    permission = require_in(actor, Action.CREATE, region.code)
    row = IssuedCode(
        kind=data.kind,
        region_code=region.code,
        title=data.title,
        spot=data.spot,
        hung_by=data.hung_by,
        held_on=data.held_on,
        valid_until=data.held_on if data.kind is CodeKind.FAIR else data.valid_until,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _note(session, cipher, clock, actor, Action.CREATE, permission, row.region_code, row.id)
    return row


def hang_code(
    session: Session,
    actor: Actor,
    number: int,
    *,
    spot: str,
    hung_by: str,
    cipher: FieldCipher,
    clock: Clock,
) -> IssuedCode:
    """Says on which wall a poster hangs and who hung it. Raises CodeNotFound, Forbidden."""
    row = get_code(session, actor, CodeKind.POSTER, number)
    permission = require_in(actor, Action.EDIT, row.region_code)
    row.spot, row.hung_by = spot.strip()[:60], hung_by.strip()[:40]
    _note(session, cipher, clock, actor, Action.EDIT, permission, row.region_code, row.id)
    return row


def recall_code(
    session: Session,
    actor: Actor,
    code: PrintedCode,
    region_code: str,
    reason: str,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> CodeRecall:
    """Calls one code back: who scans it reads why. `region_code` is the place of an employer or posting; of
    the other kinds the code's own counts. Raises CodeNotFound, Forbidden, AlreadyRecalled, Invalid."""
    if code.kind in ISSUED_KINDS:
        region_code = get_code(session, actor, code.kind, int(code.digits)).region_code
    place = code.region_code or region_code
    recall = CodeRecall(scope=RecallScope.CODE, kind=code.kind, digits=code.digits, region_code=place)
    return _recall(session, actor, recall, reason, cipher, clock)


def recall_posters(
    session: Session, actor: Actor, region_code: str, reason: str, *, cipher: FieldCipher, clock: Clock
) -> CodeRecall:
    """Calls back every poster that was given out in a place until now; new ones count again. Raises
    CodeNotFound, Forbidden, Invalid, UnknownRegion."""
    region = region_queries.get_region(session, region_code)
    recall = CodeRecall(scope=RecallScope.POSTERS, region_code=region.code)
    return _recall(session, actor, recall, reason, cipher, clock)


def _recall(
    session: Session, actor: Actor, recall: CodeRecall, reason: str, cipher: FieldCipher, clock: Clock
) -> CodeRecall:
    permission = require_in(actor, Action.EDIT, recall.region_code)
    recall.reason = " ".join(reason.split())
    if not MIN_REASON <= len(recall.reason) <= 200:
        words = f"写明为什么收回，{MIN_REASON} 到 200 个字，扫码的人看得到。"
        raise Invalid(words, fields=[FieldProblem("reason", words)])
    recall.recalled_by_id, recall.recalled_at = actor.user_id, clock.now()
    try:
        with session.begin_nested():
            session.add(recall)
            session.flush()
    except IntegrityError as error:
        raise AlreadyRecalled from error
    _note(session, cipher, clock, actor, Action.EDIT, permission, recall.region_code, recall.id)
    return recall


def lift_recall(
    session: Session, actor: Actor, recall_id: int, *, cipher: FieldCipher, clock: Clock
) -> CodeRecall:
    """The paper counts again. Raises CodeNotFound, Forbidden, NotRecalled."""
    recall = session.get(CodeRecall, recall_id, with_for_update=True)
    if recall is None:
        raise CodeNotFound
    permission = require_in(actor, Action.EDIT, recall.region_code)
    if recall.lifted_at is not None:
        raise NotRecalled
    recall.lifted_by_id, recall.lifted_at = actor.user_id, clock.now()
    _note(session, cipher, clock, actor, Action.EDIT, permission, recall.region_code, recall.id)
    return recall


def _note(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    actor: Actor,
    action: Action,
    permission: Permission,
    region_code: str,
    row_id: int,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        action,
        Resource.PRINTED_CODE,
        region_code=region_code,
        permission=permission,
        detail={"row": row_id},
    )
