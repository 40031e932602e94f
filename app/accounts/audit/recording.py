"""写审计: adding entries to the chain, in the transaction they tell about.

`record_audit` only notes the entry; the chain is extended in the last moment before that transaction commits.
So the head, of which there is one, is locked for a millisecond and always after all other locks: audited
work runs side by side and cannot deadlock on the log. When the transaction, or the savepoint in which the
entry was noted, is rolled back, the entry is gone with the work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, SessionTransaction

from app.accounts.actor import Actor
from app.accounts.audit.chain import (
    START,
    Content,
    DetailValue,
    clean_reason,
    digest_of,
    seal_of,
    write_detail,
)
from app.accounts.audit.models import AuditEntry, AuditHead
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission
from app.core.clock import Clock
from app.core.crypto import FieldCipher

# Written by the chain itself where it had to go on after a head that did not fit.
CHAIN_BROKEN: Final = "chain_broken"
_PENDING: Final = "audit.pending"
_APPENDING: Final = "audit.appending"
# The head is one row that only these statements know; the session need not follow them.
_APART: Final = {"synchronize_session": False}


@dataclass(frozen=True)
class _Noted:
    """An entry waiting for the end of its transaction; its id and digests come then."""

    content: Content
    cipher: FieldCipher
    transaction: SessionTransaction | None


def record_audit(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    actor: Actor,
    action: Action,
    resource: Resource,
    *,
    subject_id: int | None = None,
    region_code: str | None = None,
    permission: Permission | None = None,
    reason: str = "",
    detail: Mapping[str, DetailValue] | None = None,
) -> None:
    """Writes down what `actor` saw or did; kept when `session` commits, and only then.

    `subject_id` is the id of the person for resources about a person, of the household for the household
    file; `region_code` the record's managing region; `permission` what allowed it (tells the role); `detail`
    holds codes and ids, never words. Raises `ValueError` for words in `detail`. In a session that only reads
    the database refuses at once: a page that shows sensitive fields needs a `WriteSession`.
    """
    _refuse_when_read_only(session)
    content = Content(
        id=0,
        at=clock.now(),
        actor_id=actor.user_id,
        role=permission.role.value if permission and permission.role else None,
        team_code=permission.region_code if permission else None,
        action=action.value,
        resource=resource.value,
        subject_id=subject_id,
        region_code=region_code,
        reason=clean_reason(reason),
        detail=write_detail(detail or {}),
        previous=START,
    )
    transaction = session.get_nested_transaction() or session.get_transaction()
    session.info.setdefault(_PENDING, []).append(_Noted(content, cipher, transaction))


def begin_audit(session: Session, cipher: FieldCipher) -> None:
    """Makes the head of an empty chain, so that a log emptied later is told from one never begun."""
    if _find_head(session) is None and _find_last(session) is None:
        _insert_head(session, cipher)


def renew_seal(session: Session, *, old: FieldCipher, new: FieldCipher) -> None:
    """Seals the head with a new key, when keys change; entries keep the key they were written with, so the
    old one stays among the old keys for as long as they are to be verified. Raises `ValueError` when the head
    was not sealed with `old`: verify first.
    """
    head = _find_head(session, lock=True)
    if head is None or head[2] != seal_of(old, "head", head[0], head[1]):
        raise ValueError("the head of the audit log does not fit its key")
    renewed = update(AuditHead).where(AuditHead.id == 1).values(seal=seal_of(new, "head", head[0], head[1]))
    session.execute(renewed, execution_options=_APART)


def _refuse_when_read_only(session: Session) -> None:
    """A write that hits no row: without it an entry noted in a reading session would silently be lost."""
    if _PENDING not in session.info:
        session.execute(
            update(AuditHead).where(AuditHead.id == 0).values(entries=0), execution_options=_APART
        )


@event.listens_for(Session, "before_commit")
def _append_noted(session: Session) -> None:
    noted: list[_Noted] | None = session.info.get(_PENDING)
    if not noted or session.get_nested_transaction() is not None or session.info.get(_APPENDING):
        return
    session.info[_APPENDING] = True
    try:
        session.flush()  # everything else is written, and its locks taken, before the head is locked
        _append(session, noted)
    finally:
        session.info.pop(_PENDING, None)
        session.info.pop(_APPENDING, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_rolled_back(session: Session, rolled_back: SessionTransaction) -> None:
    noted: list[_Noted] | None = session.info.get(_PENDING)
    if noted is None:
        return
    noted[:] = [entry for entry in noted if not _is_within(entry.transaction, rolled_back)]
    if not noted:
        session.info.pop(_PENDING, None)


def _is_within(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while transaction is not None:
        if transaction is outer:
            return True
        transaction = transaction.parent
    return False


def _append(session: Session, noted: list[_Noted]) -> None:
    """Chains the entries on and moves the head, under the head's lock (SQLite: the writer's)."""
    cipher = noted[0].cipher
    entries, digest, broken = _take_head(session, cipher)
    rows: list[dict[str, Any]] = []
    for entry in [*_marker(broken, noted[0]), *noted]:
        entries += 1
        content = entry.content._replace(id=entries, previous=digest)
        digest = digest_of(entry.cipher, content)
        rows.append({**content._asdict(), "digest": digest})
    session.execute(insert(AuditEntry), rows)
    session.execute(
        update(AuditHead)
        .where(AuditHead.id == 1)
        .values(entries=entries, last_digest=digest, seal=seal_of(cipher, "head", entries, digest)),
        execution_options=_APART,
    )


def _take_head(session: Session, cipher: FieldCipher) -> tuple[int, str, bool]:
    """Locks the head. Returns how many entries there are, how the last one ends, and whether the head and the
    entries no longer fit. Then the chain goes on where the entries end, and says so: refusing would stop the
    office's work, and sealing a new head over a false one would hide what happened.
    """
    head = _find_head(session, lock=True)
    last = _find_last(session)
    if head is None:
        _insert_head(session, cipher)
        head = _find_head(session, lock=True)
        if last is None and head is not None:
            last = _find_last(session)
    if head is None:
        raise RuntimeError("the head of the audit log could not be made")
    entries, last_digest, seal = head
    last_id, end = last or (0, START)
    # Right after a change of keys the head still has the seal of the key before.
    seals = [seal_of(version, "head", entries, last_digest) for version in cipher.versions]
    fits = seal in seals and (entries, last_digest) == (last_id, end)
    return (entries, last_digest, False) if fits else (max(entries, last_id), end, True)


def _marker(broken: bool, beside: _Noted) -> list[_Noted]:
    if not broken:
        return []
    content = Content(
        id=0,
        at=beside.content.at,
        actor_id=None,
        role=None,
        team_code=None,
        action=CHAIN_BROKEN,
        resource=Resource.AUDIT_LOG.value,
        subject_id=None,
        region_code=None,
        reason="",
        detail="{}",
        previous=START,
    )
    return [_Noted(content, beside.cipher, None)]


def _find_head(session: Session, *, lock: bool = False) -> tuple[int, str, str] | None:
    statement = select(AuditHead.entries, AuditHead.last_digest, AuditHead.seal).where(AuditHead.id == 1)
    row = session.execute(statement.with_for_update() if lock else statement).one_or_none()
    return None if row is None else (row.entries, row.last_digest, row.seal)


def _find_last(session: Session) -> tuple[int, str] | None:
    statement = select(AuditEntry.id, AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)
    row = session.execute(statement).one_or_none()
    return None if row is None else (row.id, row.digest)


def _insert_head(session: Session, cipher: FieldCipher) -> None:
    """Another transaction may make the same first row meanwhile; then theirs counts."""
    first = {"id": 1, "entries": 0, "last_digest": START, "seal": seal_of(cipher, "head", 0, START)}
    try:
        with session.begin_nested():
            session.execute(insert(AuditHead).values(first))
    except IntegrityError:
        return
