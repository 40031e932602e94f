"""Passwords, random tokens and short signatures."""

import base64
import hashlib
import hmac
import secrets
import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

# 19 MiB, t=2, p=1: SAFETY "Secrets" (the OWASP password storage minimum for argon2id).
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Hashing is slow on purpose: without a bound, a burst of sign-ins would take every core and 19 MiB each.
_HASHING = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """An argon2id hash of `password`, safe to store."""
    with _HASHING:
        return _HASHER.hash(password)


def verify_password(password: str, stored: str) -> bool:
    """Whether `password` made `stored`."""
    with _HASHING:
        try:
            return _HASHER.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def new_token() -> str:
    """A secret of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored in place of a random token. Plain SHA-256 is enough: the token itself is unguessable."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(key: str, purpose: str, message: str) -> bytes:
    """HMAC-SHA256 of `message`, separated by `purpose` so that a digest made for one use fits no other."""
    return hmac.new(key.encode(), f"{purpose}\0{message}".encode(), hashlib.sha256).digest()


def short_signature(key: str, purpose: str, message: str, *, characters: int = 8) -> str:
    """A short signature in lower-case base32 for codes people scan or type (8 characters = 40 bits)."""
    digest = keyed_digest(key, purpose, message)
    return base64.b32encode(digest).decode().lower()[:characters]


def same_text(a: str, b: str) -> bool:
    """Compares in constant time, so that a signature can't be guessed letter by letter."""
    return hmac.compare_digest(a.encode(), b.encode())


# Eight base32 characters: 40 bits, and wrong ones are slowed down like any address.
_NUMBER_SIGNATURE: Final = 8
_LONGEST_NUMBER: Final = 15


def sign_number(key: str, purpose: str, number: int) -> str:
    """A record's number with its signature, for an address that opens this one record: 12-k3w9x0fz."""
    return f"{number}-{short_signature(key, purpose, str(number), characters=_NUMBER_SIGNATURE)}"


def read_signed_number(key: str, purpose: str, code: str) -> int | None:
    """The number, or None when the signature is not ours. Capitals and blanks do not matter."""
    number, _, signature = "".join(code.split()).lower().partition("-")
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER):
        return None
    wanted = short_signature(key, purpose, number, characters=_NUMBER_SIGNATURE)
    return int(number) if same_text(signature, wanted) else None
