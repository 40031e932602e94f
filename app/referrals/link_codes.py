"""链接上的码: the signed number in a person's own address for one referral (see by_link)."""

from typing import Final

from app.core.security import read_signed_number, sign_number
from app.referrals.errors import ReferralNotFound

_PURPOSE: Final = "referral link"


def link_code(key: str, referral_id: int) -> str:
    """The code in the address."""
    return sign_number(key, _PURPOSE, referral_id)


def read_link_code(key: str, code: str) -> int:
    """The referral a code opens. Raises ReferralNotFound for one that is not ours."""
    number = read_signed_number(key, _PURPOSE, code)
    if number is None:
        raise ReferralNotFound
    return number
