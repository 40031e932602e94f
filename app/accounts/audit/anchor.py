"""外部记号: the end of the chain, written to a file outside the database.

Who can set the whole database back to an older state sets the head back too; only a note kept elsewhere
tells. One JSON object a line; lines are only added.
"""

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.audit.chain import is_sealed, seal_of
from app.accounts.audit.models import AuditHead
from app.core.crypto import FieldCipher
from app.core.errors import Invalid


def read_anchors(path: Path, cipher: FieldCipher) -> dict[int, str]:
    """Number of entries -> last digest of every line. Raises `Invalid` for a file that is not ours, or whose
    lines were changed."""
    anchors: dict[int, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        for line in filter(None, lines):
            note = json.loads(line)
            entries, digest, seal = int(note["entries"]), str(note["digest"]), str(note["seal"])
            if not is_sealed(cipher, "anchor", entries, digest, seal):
                raise Invalid("记号文件被改过，或者不是这个系统的。")
            anchors[entries] = digest
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid("记号文件读不了，请换一个 songgang audit anchor 写的文件。") from error
    return anchors


def make_anchor(session: Session, cipher: FieldCipher, at: datetime) -> str:
    """One line for the file: where the chain ends now. Verify first. Raises `Invalid` without a chain."""
    head = session.execute(select(AuditHead.entries, AuditHead.last_digest)).one_or_none()
    if head is None:
        raise Invalid("还没有审计记录，请先运行 songgang migrate。")
    seal = seal_of(cipher, "anchor", head.entries, head.last_digest)
    note = {"at": at.isoformat(), "entries": head.entries, "digest": head.last_digest, "seal": seal}
    return json.dumps(note)
