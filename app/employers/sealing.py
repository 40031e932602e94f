"""封存单位电话: a firm's contact phone may be a farmer's own number, so it is kept under seal (core.crypto).

Digests are the same as of an account that signs in with the phone, so a barred number is known wherever it
comes up again.
"""

from app.core.crypto import FieldCipher, Place, cipher_of
from app.core.settings import Settings
from app.employers import rules
from app.employers.models import Employer


def keys_or(cipher: FieldCipher | None) -> FieldCipher:
    """The cipher given, else this installation's: imports and the demo have no request to take it from."""
    return cipher or cipher_of(Settings())


def seal_contact(employer_id: int, phone: str, cipher: FieldCipher) -> bytes | None:
    """The column that holds a firm's phone; None for no phone."""
    return cipher.seal(phone, Place("employers", "contact_phone", employer_id)) if phone else None


def open_contact(employer: Employer, cipher: FieldCipher) -> str:
    """The phone as the firm wrote it; empty where there is none. Raises Unsealable."""
    if employer.contact_phone is None:
        return ""
    return cipher.open(employer.contact_phone, Place("employers", "contact_phone", employer.id))


def phone_indexes(phone: str, cipher: FieldCipher) -> tuple[str, ...]:
    """The digests of a number under every key in use; none without a number."""
    digits = rules.phone_key(phone)
    return cipher.blind_indexes("phone", digits) if digits else ()
