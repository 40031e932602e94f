"""People with sealed values, and the keys of this year and the year before."""

from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import PhoneCode, User
from app.accounts.terms import UserKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, Place
from app.seekers.models import Household, Person
from tests.seekers import factories as given

LAST_YEAR, THIS_YEAR = "the key of last year which was long enough", "the key of this year long enough too"
OLD = FieldCipher(LAST_YEAR)
CHANGING = FieldCipher(THIS_YEAR, [LAST_YEAR])
NEW_ALONE = FieldCipher(THIS_YEAR)
LEDGER = {"民族": "汉族", "参保情况": "新农合"}
HEALTH = {"健康状况": "长期慢性病", "致贫原因": "因病"}


def number_of(sequence: int) -> str:
    return given.id_number(sequence=sequence)


def phone_of(sequence: int) -> str:
    return f"139{73_000_000 + sequence * 7919:08d}"


def add_person(
    session: Session, cipher: FieldCipher, clock: FixedClock, home: Household, sequence: int, **more: Any
) -> Person:
    """A seeker with ID number, phone, sealed ledger and health facts."""
    form = {"ledger": LEDGER, "health": HEALTH} | more
    number, phone = number_of(sequence), phone_of(sequence)
    return given.seeker(session, cipher, clock, home, id_number=number, phone=phone, **form)


def add_account(session: Session, cipher: FieldCipher, clock: FixedClock, sequence: int) -> User:
    """A person's own account, with an authenticator, and a code on its way to the phone."""
    phone, index = phone_of(sequence), cipher.blind_index("phone", phone_of(sequence))
    user = User(
        kind=UserKind.PERSON, display_name="尾号", phone_index=index, created_at=clock.now(), version=1
    )
    code = PhoneCode(
        asker_hash=f"{sequence}",
        phone=b"",
        phone_index=index,
        code_digest="",
        created_at=clock.now(),
        expires_at=clock.now(),
    )
    session.add_all([user, code])
    session.flush()
    user.phone = cipher.seal(phone, Place("users", "phone", user.id))
    user.totp_secret = cipher.seal("JBSWY3DPEHPK3PXP", Place("users", "totp_secret", user.id))
    code.phone = cipher.seal(phone, Place("phone_codes", "phone", code.id))
    session.flush()
    return user
