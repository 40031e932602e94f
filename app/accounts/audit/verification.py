"""查审计: goes through the whole chain and says in plain Chinese what doesn't fit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.audit.chain import START, Content, is_digested, is_sealed
from app.accounts.audit.models import AuditEntry, AuditHead
from app.accounts.audit.recording import CHAIN_BROKEN
from app.core.crypto import FieldCipher

_AT_A_TIME = 5_000
_COLUMNS = tuple(getattr(AuditEntry, name) for name in (*Content._fields, "digest"))


@dataclass(frozen=True)
class Finding:
    """发现: one thing that doesn't fit. `entry_id` is where; None when it is about the whole."""

    code: str
    message: str
    entry_id: int | None = None


@dataclass
class _Walk:
    """Where the walk through the chain stands."""

    cipher: FieldCipher
    anchors: Mapping[int, str]
    last_id: int = 0
    last_digest: str = START
    digests: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def found(self, code: str, message: str, entry_id: int | None = None) -> None:
        self.findings.append(Finding(code, message, entry_id))


def verify_audit(
    session: Session, cipher: FieldCipher, anchors: Mapping[int, str] | None = None
) -> list[Finding]:
    """Everything that was changed, taken out, added or reordered in the log; [] when all is well.

    Keys used before must still be among the old keys of `cipher` (setting OLD_DATA_KEYS). `anchors`: number
    of entries -> last digest, as written down outside the database; without them nobody can tell a log set
    back to an older state as a whole. Streams: memory does not grow with the log. Entries added meanwhile
    raise no false alarm.
    """
    walk = _Walk(cipher, anchors or {})
    before = _head(session, walk)
    marks = {*walk.anchors, *({before[0]} if before else ())}
    for content, digest in _entries(session):
        _look_at(walk, content, digest)
        if content.id in marks:
            walk.digests[content.id] = digest
    walk.digests[0] = START
    _look_at_the_end(walk, before, _head(session, walk))
    _look_at_anchors(walk)
    return list(dict.fromkeys(walk.findings))


def _entries(session: Session) -> Iterator[tuple[Content, str]]:
    statement = select(*_COLUMNS).order_by(AuditEntry.id).execution_options(yield_per=_AT_A_TIME)
    for row in session.execute(statement):
        yield Content(*row[:-1]), row[-1]


def _look_at(walk: _Walk, content: Content, digest: str) -> None:
    """Whether the entry follows the one before and says what was written. Goes on from what is there, so one
    change is one finding and not one for every entry after it."""
    number = content.id
    if number != walk.last_id + 1:
        walk.found("missing", f"第 {number} 条前面缺了：应接着第 {walk.last_id} 条，被删过或改过号。", number)
    elif content.previous != walk.last_digest:
        walk.found("order", f"第 {number} 条接不上前一条：前一条被改过，或者顺序被动过。", number)
    if not is_digested(walk.cipher, content, digest):
        walk.found("changed", f"第 {number} 条不是原来写的：内容被改过，或者是后塞进来的。", number)
    elif content.action == CHAIN_BROKEN:
        walk.found("broken_before", f"写第 {number} 条时链头已经对不上：在这之前有人动过记录。", number)
    walk.last_id, walk.last_digest = number, digest


def _head(session: Session, walk: _Walk) -> tuple[int, str] | None:
    statement = select(AuditHead.entries, AuditHead.last_digest, AuditHead.seal).where(AuditHead.id == 1)
    row = session.execute(statement).one_or_none()
    if row is None:
        walk.found("no_head", "链头不见了：记录可能被整个清空过，或者还没有运行过 songgang migrate。")
        return None
    if not is_sealed(walk.cipher, "head", row.entries, row.last_digest, row.seal):
        walk.found("head_changed", "链头被改过。")
        return None
    return row.entries, row.last_digest


def _look_at_the_end(walk: _Walk, before: tuple[int, str] | None, after: tuple[int, str] | None) -> None:
    """The entries end where the head says. It is read before and after, for the log may grow meanwhile."""
    if before is None or after is None:
        return
    if walk.last_id < before[0]:
        walk.found("cut", f"末尾少了 {before[0] - walk.last_id} 条：应当有 {before[0]} 条。", walk.last_id)
    elif walk.last_id > after[0]:
        walk.found("added", f"末尾多出 {walk.last_id - after[0]} 条：应当有 {after[0]} 条。", walk.last_id)
    elif walk.digests.get(before[0]) != before[1]:
        walk.found("end", f"第 {before[0]} 条和链头记的对不上。", before[0])


def _look_at_anchors(walk: _Walk) -> None:
    for number, digest in sorted(walk.anchors.items()):
        if number > walk.last_id:
            walk.found(
                "set_back", f"外面记到第 {number} 条，库里只到第 {walk.last_id} 条：退回过旧的。", number
            )
        elif walk.digests.get(number) != digest:
            walk.found("anchor", f"第 {number} 条和外面的记号对不上：整条链被换过。", number)
