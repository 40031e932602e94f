"""单位的链接: short signed addresses for a firm that only has a phone. Nobody signs in with them.

A code names a firm (or one of its postings) and the day it was made, opens nothing else, and ends after
some days. Counts may be read with it; for more the last four digits of the firm's contact phone are asked.
"""

from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.core import ratelimit
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Gone, NotFound, TooMany
from app.core.ratelimit import Limit
from app.core.security import read_signed_number, same_text, sign_number
from app.employers import rules
from app.employers.models import Employer
from app.employers.sealing import open_contact

PEOPLE: Final = "employer people"
POSTING: Final = "employer posting"
LIVES: Final = {PEOPLE: timedelta(days=14), POSTING: timedelta(days=30)}
"""As long as a firm may take to answer, and as a posting stands unconfirmed (ours)."""
_FIRST_DAY: Final = date(2026, 1, 1)
_DAYS: Final = 100_000
_TAIL: Final = 4
_TAIL_TRIES: Final = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))


def make_link_code(key: str, purpose: str, number: int, today: date) -> str:
    """The code in the address: `number` is a firm's id (PEOPLE) or a posting's (POSTING)."""
    return sign_number(key, purpose, number * _DAYS + (today - _FIRST_DAY).days)


def read_link_code(key: str, purpose: str, code: str, today: date) -> int:
    """The firm or posting a code opens. Raises NotFound for one that is not ours, Gone for an old one."""
    signed = read_signed_number(key, purpose, code)
    if signed is None:
        raise NotFound("这个链接不对，可能少抄了几个字。请打镇劳保所的电话问一问。")
    number, days = divmod(signed, _DAYS)
    if _FIRST_DAY + timedelta(days=days) + LIVES[purpose] < today:
        raise Gone("这个链接过期了。新的短信里有新链接。")
    return number


def visitor_of(employer_id: int) -> Actor:
    """Who comes by the firm's own link: may what a member may, has no account."""
    return Actor(None, "单位", (Grant(Role.EMPLOYER, employer_id=employer_id),))


def shows_tail(
    session: Session, employer: Employer, typed: str, clock: Clock, *, cipher: FieldCipher
) -> bool:
    """Whether these are the last four digits of the firm's contact phone. Wrong ones are counted, so the
    caller lets the transaction commit. Raises TooMany."""
    subject = f"employer:tail:{employer.id}"
    wait_s = ratelimit.hit(session, subject, _TAIL_TRIES, clock.now())
    if wait_s:
        raise TooMany("试得太多了，先歇一会儿。着急就打镇劳保所的电话。", retry_after_s=wait_s)
    phone = rules.phone_key(open_contact(employer, cipher))
    is_right = len(phone) >= _TAIL and same_text("".join(typed.split()), phone[-_TAIL:])
    if is_right:
        ratelimit.forgive(session, subject)
    return is_right
