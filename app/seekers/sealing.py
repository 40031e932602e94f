"""封存: what of a person is kept under seal, how it is opened, and how it is found (core.crypto).

The tail digests answer "the last four": of ten thousand possible tails each is shared by many people, and the
digest is keyed, so they tell a thief no more than which rows end alike.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, or_

from app.core.crypto import FieldCipher, Place
from app.seekers.models import LedgerChange, Person, PrivateFacts

ID_NUMBER: Final = "id_number"
PHONE: Final = "phone"
LEDGER: Final = "ledger"
HEALTH: Final = "health"
_PACKER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
SEALED_FIELDS: Final = frozenset({ID_NUMBER, PHONE, LEDGER, HEALTH})


def seal_id_number(person_id: int, number: str | None, cipher: FieldCipher) -> dict[str, Any]:
    """The columns that hold an ID number of 18 characters; None empties them."""
    if number is None:
        return {"id_number": None, "id_index": None, "id_tail_index": None}
    return {
        "id_number": cipher.seal(number, Place("people", "id_number", person_id)),
        "id_index": id_index(number, cipher),
        "id_tail_index": id_tail_index(number[-4:], cipher),
    }


def seal_phone(person_id: int, phone: str | None, cipher: FieldCipher) -> dict[str, Any]:
    """The columns that hold a phone number; None empties them."""
    if phone is None:
        return {"phone": None, "phone_index": None, "phone_tail_index": None}
    return {
        "phone": cipher.seal(phone, Place("people", "phone", person_id)),
        "phone_index": phone_index(phone, cipher),
        "phone_tail_index": phone_tail_index(phone[-4:], cipher),
    }


def id_index(number: str, cipher: FieldCipher) -> str:
    return cipher.blind_index("id_number", number)


def id_indexes(number: str, cipher: FieldCipher) -> tuple[str, ...]:
    """The digests of a number under every key in use, the present one first."""
    return cipher.blind_indexes("id_number", number)


def id_tail_index(tail: str, cipher: FieldCipher) -> str:
    return cipher.blind_index("id_tail", tail)


def phone_index(phone: str, cipher: FieldCipher) -> str:
    """The same digest as of an account that signs in with this phone."""
    return cipher.blind_index("phone", phone)


def phone_indexes(phone: str, cipher: FieldCipher) -> tuple[str, ...]:
    """As `id_indexes`, for a phone number."""
    return cipher.blind_indexes("phone", phone)


def phone_tail_index(tail: str, cipher: FieldCipher) -> str:
    return cipher.blind_index("phone_tail", tail)


def find_by_id_number(number: str, cipher: FieldCipher) -> ColumnElement[bool]:
    """The condition on people for this ID number of 18 characters, under every key in use."""
    return Person.id_index.in_(id_indexes(number, cipher))


def find_by_phone(phone: str, cipher: FieldCipher) -> ColumnElement[bool]:
    """The condition on people for this phone number, under every key in use."""
    return Person.phone_index.in_(phone_indexes(phone, cipher))


def find_by_tail(tail: str, cipher: FieldCipher) -> ColumnElement[bool]:
    """The condition on people for the last four of the ID number or the phone, under every key in use."""
    return or_(
        Person.id_tail_index.in_(cipher.blind_indexes("id_tail", tail)),
        Person.phone_tail_index.in_(cipher.blind_indexes("phone_tail", tail)),
    )


def open_id_number(person: Person, cipher: FieldCipher) -> str | None:
    """The 18 characters. Raises Unsealable."""
    return (
        cipher.open(person.id_number, Place("people", "id_number", person.id)) if person.id_number else None
    )


def open_phone(person: Person, cipher: FieldCipher) -> str | None:
    """The number. Raises Unsealable."""
    return cipher.open(person.phone, Place("people", "phone", person.id)) if person.phone else None


def seal_facts(person_id: int, column: str, facts: Mapping[str, str], cipher: FieldCipher) -> bytes | None:
    """One document of PrivateFacts (`ledger` or `health`); nothing known is stored as nothing."""
    if not facts:
        return None
    return cipher.seal(_packed(facts), Place("private_facts", column, person_id))


def open_facts(row: PrivateFacts | None, column: str, cipher: FieldCipher) -> dict[str, str]:
    """The document, empty where there is none. Raises Unsealable."""
    sealed: bytes | None = getattr(row, column) if row is not None else None
    if sealed is None or row is None:
        return {}
    found: dict[str, str] = json.loads(cipher.open(sealed, Place("private_facts", column, row.person_id)))
    return found


def seal_change(
    change_id: int, before: Mapping[str, Any], after: Mapping[str, Any], cipher: FieldCipher
) -> bytes:
    """The sealed half of a ledger change."""
    packed = _packed({"before": dict(before), "after": dict(after)})
    return cipher.seal(packed, Place("ledger_changes", "sealed", change_id))


def open_change(change: LedgerChange, cipher: FieldCipher) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the sealed half says: before and after, by field. Raises Unsealable."""
    if change.sealed is None:
        return {}, {}
    halves = json.loads(cipher.open(change.sealed, Place("ledger_changes", "sealed", change.id)))
    return halves["before"], halves["after"]


def _packed(document: Mapping[str, Any]) -> str:
    return _PACKER.encode(document)
