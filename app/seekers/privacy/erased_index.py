"""已删名单: whether somebody asked to be erased, asked when a person is about to enter the ledger again.

Choice made here: an erased person leaves behind one keyed digest of the ID number, nothing else. It can't be
read back, but it lets an office's next spreadsheet, which still has the person, be told from a person who
comes back of their own will. A new consent takes the digest off the list (erasure.allow_return).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.crypto import FieldCipher
from app.seekers.privacy.errors import ErasedBefore
from app.seekers.privacy.models import ErasedIndex

_PURPOSE = "erased"
_AT_A_TIME = 500


def digest_of_number(number: str, cipher: FieldCipher) -> str:
    """What stays of an ID number of 18 characters; unlike the ledger's index, so the two can't be joined."""
    return cipher.blind_index(_PURPOSE, number)


def add_erased(session: Session, digest: str, key_version: str, at: datetime) -> bool:
    """Puts a digest on the list; False when it stands there already."""
    if session.get(ErasedIndex, digest) is not None:
        return False
    session.add(ErasedIndex(digest=digest, key_version=key_version, erased_at=at))
    session.flush()
    return True


def find_erased(session: Session, numbers: Collection[str], cipher: FieldCipher) -> set[str]:
    """Those of `numbers` (18 characters each) whose holders asked to be erased."""
    by_digest = {digest: n for n in set(numbers) for digest in cipher.blind_indexes(_PURPOSE, n)}
    digests, found = list(by_digest), set()
    for begin in range(0, len(digests), _AT_A_TIME):
        part = digests[begin : begin + _AT_A_TIME]
        held = session.scalars(select(ErasedIndex.digest).where(ErasedIndex.digest.in_(part)))
        found |= {by_digest[digest] for digest in held}
    return found


def refuse_erased(session: Session, number: str, cipher: FieldCipher) -> None:
    """Before a person is registered without a new consent. Raises ErasedBefore."""
    if find_erased(session, [number], cipher):
        raise ErasedBefore


def welcome_back(session: Session, number: str, cipher: FieldCipher) -> None:
    """Takes a number off the list: the person agreed anew (record the consent in the same transaction)."""
    digests = cipher.blind_indexes(_PURPOSE, number)
    session.execute(delete(ErasedIndex).where(ErasedIndex.digest.in_(digests)))
