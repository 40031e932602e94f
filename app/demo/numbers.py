"""Numbers that look right and belong to nobody.

ID numbers (GB 11643-1999): area 990204. The first two digits of GB/T 2260 end at 82 (and 91 for abroad), so
no person carries 99; birth date, sequence and check sign are right, so that forms accept them.
Credit codes (GB 32100-2015): registration area 999999, which no authority has; both check signs are right.
Phones: 154-00xx-xxxx. The prefix 154 is given to no operator, so a tap on 打电话 in the demo rings nobody.
"""

from datetime import date

from app.employers.rules import credit_check_sign

ID_AREA = "990204"
CREDIT_AREA = "999999"
PHONE_PREFIX = "15400"

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_SIGNS = "10X98765432"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

# First two signs of a credit code: who registers (9 market, 1 establishment office) and what.
_CREDIT_HEADS = {
    "individual": "92",
    "cooperative": "93",
    "public_welfare": "12",
}


def id_check_sign(first17: str) -> str:
    """The last sign of an ID number from its first 17 digits."""
    return _ID_SIGNS[sum(int(sign) * weight for sign, weight in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


def id_number(born_on: date, sequence: int, *, male: bool) -> str:
    """18 signs; `sequence` 0..499 tells people born on the same day apart, odd numbers are men's."""
    first17 = f"{ID_AREA}{born_on:%Y%m%d}{sequence * 2 + male:03d}"
    return first17 + id_check_sign(first17)


def credit_code(kind: str, serial: int) -> str | None:
    """18 signs, or None for a building project, which is registered under its firm."""
    if kind == "project":
        return None
    body = f"{serial:08d}"
    total = sum(int(sign) * weight for sign, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    organisation_check = "0123456789X0"[11 - total % 11]  # GB 11714: 10 is written X, 11 is written 0
    first17 = f"{_CREDIT_HEADS.get(kind, '91')}{CREDIT_AREA}{body}{organisation_check}"
    return first17 + credit_check_sign(first17)


def phone(serial: int) -> str:
    """11 digits; `serial` 0..999,999."""
    return f"{PHONE_PREFIX}{serial:06d}"
