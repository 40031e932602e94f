"""核验规则: the transitions of a registration, credit codes, and how names compare. Pure functions."""

import hashlib
import re
import unicodedata
from typing import Final

from app.employers.terms import EmployerAction, EmployerState

TRANSITIONS: Final[dict[tuple[EmployerState, EmployerAction], EmployerState]] = {
    (EmployerState.PENDING, EmployerAction.VERIFY): EmployerState.VERIFIED,
    (EmployerState.PENDING, EmployerAction.REJECT): EmployerState.REJECTED,
    (EmployerState.PENDING, EmployerAction.BAR): EmployerState.BARRED,
    (EmployerState.REJECTED, EmployerAction.VERIFY): EmployerState.VERIFIED,
    (EmployerState.REJECTED, EmployerAction.BAR): EmployerState.BARRED,
    (EmployerState.VERIFIED, EmployerAction.REJECT): EmployerState.REJECTED,
    (EmployerState.VERIFIED, EmployerAction.BAR): EmployerState.BARRED,
    # A licence that ran out puts the firm back to the office's look.
    (EmployerState.VERIFIED, EmployerAction.EXPIRE): EmployerState.PENDING,
    # Whoever was barred is looked at afresh before anything is shown again.
    (EmployerState.BARRED, EmployerAction.UNBAR): EmployerState.PENDING,
}

NEEDS_REASON: Final = frozenset({EmployerAction.REJECT, EmployerAction.BAR, EmployerAction.UNBAR})
"""What takes something away, or gives it back, is explained."""

# GB 32100-2015, 4 and annex A: 31 signs (no I, O, S, V, Z), weight 3^i mod 31, check value 31 - sum mod 31.
_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
_CREDIT_CODE: Final = re.compile(rf"[{_SIGNS}]{{2}}\d{{6}}[{_SIGNS}]{{10}}")

_NOT_IN_NAMES: Final = re.compile(r"[\W_]+")
_FORMS: Final = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|公司)$")


def next_state(state: EmployerState, action: EmployerAction) -> EmployerState | None:
    """The state after `action`, or None where the table does not allow it."""
    return TRANSITIONS.get((state, action))


def clean_credit_code(text: str) -> str:
    """Capital letters, half width, no blanks: the form that is checked and stored."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def is_credit_code(code: str) -> bool:
    """Whether a cleaned code is a unified social credit code with the right check sign (GB 32100-2015)."""
    if not _CREDIT_CODE.fullmatch(code):
        return False
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(code[:17], _WEIGHTS, strict=True))
    return _SIGNS[-total % 31] == code[17]


def credit_check_sign(code17: str) -> str:
    """The last sign of a code from its first 17 (for demo data and tests)."""
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(code17, _WEIGHTS, strict=True))
    return _SIGNS[-total % 31]


def name_key(name: str) -> str:
    """A firm's name as it is compared: width, case, punctuation and the legal form do not tell firms apart.

    >>> name_key("耀州 红星（制衣）有限公司")
    '耀州红星制衣'
    """
    bare = _NOT_IN_NAMES.sub("", unicodedata.normalize("NFKC", name).lower())
    return _FORMS.sub("", bare) or bare


def phone_key(phone: str) -> str:
    """The digits of a phone number, without the country's code: how two numbers are compared."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def content_key(name: str, region_code: str, credit_code: str | None = None) -> str:
    """Identity of a firm in imports: its credit code, else its compared name within its county."""
    identity = credit_code or f"{name_key(name)}\0{region_code[:6]}"
    return hashlib.sha256(identity.encode()).hexdigest()
