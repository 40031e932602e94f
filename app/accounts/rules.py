"""账号规则: what may be granted by whom, passwords, phones, codes. Pure: no session, no clock, no HTTP."""

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from app.accounts.actor import Actor, Grant
from app.accounts.terms import STAFF_ROLES, Role
from app.core.ratelimit import Limit
from app.core.security import keyed_digest
from app.regions import gazetteer
from app.regions.scope import contains
from app.regions.terms import Level

# Which roles a holder may give, inside their own region (SAFETY, row "staff accounts": township: village;
# county: its own people; city and province: one level down; admin: accounts of every office).
MAY_GRANT: Final[Mapping[Role, frozenset[Role]]] = {
    Role.TOWNSHIP_OFFICER: frozenset({Role.VILLAGE_OFFICER}),
    Role.COUNTY_OFFICER: frozenset({Role.VILLAGE_OFFICER, Role.TOWNSHIP_OFFICER, Role.BROKER}),
    Role.CITY_VIEWER: frozenset({Role.COUNTY_OFFICER}),
    Role.PROVINCE_VIEWER: frozenset({Role.CITY_VIEWER}),
    Role.ADMIN: STAFF_ROLES - {Role.ADMIN, Role.AUDITOR},
}
# The level of region each role is held over. Others: any region, or none at all.
LEVEL_OF_ROLE: Final[Mapping[Role, Level]] = {
    Role.VILLAGE_OFFICER: Level.VILLAGE,
    Role.TOWNSHIP_OFFICER: Level.TOWN,
    Role.COUNTY_OFFICER: Level.COUNTY,
    Role.CITY_VIEWER: Level.CITY,
    Role.PROVINCE_VIEWER: Level.PROVINCE,
}
# Roles that may be held over everything this installation serves.
ROLES_WITHOUT_REGION: Final = frozenset({Role.ADMIN, Role.AUDITOR, Role.SEEKER, Role.EMPLOYER})

# SAFETY "Secrets": 5 minutes, 5 tries; 1 a minute, 5 an hour, 10 a day per phone.
CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=5)
CODE_TRIES = 5
CODES_PER_PHONE: Final = (
    Limit(1, timedelta(minutes=1)),
    Limit(5, timedelta(hours=1)),
    Limit(10, timedelta(days=1)),
)
# One address may be a whole village behind one carrier gateway (FRONTEND): wide enough for a market day.
CODES_PER_ADDRESS: Final = (Limit(60, timedelta(hours=1)),)
# The budget breaker: our own figure, about ten times a county's busy day of sign-ins.
CODES_FOR_ALL: Final = (Limit(300, timedelta(minutes=10)), Limit(5_000, timedelta(days=1)))
# Wrong codes from one phone over all its codes: 10 codes x 5 tries = 50 guesses a day in a million.

# Tries, right or wrong; a right one clears the account's count. NIST 800-63B allows 100 in a row at most;
# ours is stricter, and still lets a stranger not lock a colleague out for longer than a tea break.
TRIES_PER_ACCOUNT: Final = (Limit(10, timedelta(minutes=15)),)
TRIES_PER_ADDRESS: Final = (Limit(200, timedelta(minutes=15)),)

# NIST 800-63B: length is what counts.
MIN_PASSWORD = 10
MAX_PASSWORD = 200
_COMMON = re.compile(r"(.)\1*|0?1?23456789?0?.*|password.*|songgang.*|qwerty.*", re.IGNORECASE)
BAD_USERNAME = "账号名用 3 到 40 个小写字母和数字，字母开头，例如 liujuan。"
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,38}[a-z0-9]")
_PHONE = re.compile(r"1\d{10}")


def normalise_username(typed: str) -> str:
    """Lower case, no blanks around."""
    return typed.strip().lower()


def is_username(name: str) -> bool:
    """3 to 40 Latin letters, digits, dots, hyphens; begins with a letter. Never a phone or ID number."""
    return bool(_USERNAME.fullmatch(name))


def password_problem(password: str, username: str) -> str | None:
    """Why this password is too weak, as a sentence; None when it will do."""
    if len(password) < MIN_PASSWORD:
        return f"密码最少 {MIN_PASSWORD} 个字符，可以用一句好记的话。"
    if len(password) > MAX_PASSWORD:
        return f"密码最多 {MAX_PASSWORD} 个字符。"
    if username and username in password.lower():
        return "密码里不要带账号名。"
    if _COMMON.fullmatch(password):
        return "这个密码太好猜，换一个。"
    return None


def normalise_phone(typed: str) -> str | None:
    """The eleven digits of a mainland mobile number; None when it isn't one.

    >>> normalise_phone("+86 138-0000 0000")
    '13800000000'
    """
    digits = re.sub(r"[\s\-()（）]", "", typed.translate(_FULL_WIDTH))
    digits = re.sub(r"^(\+|00)86", "", digits)
    return digits if _PHONE.fullmatch(digits) else None


_FULL_WIDTH = {ord("０") + i: ord("0") + i for i in range(10)} | {ord("＋"): ord("+"), ord("－"): ord("-")}


def new_phone_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def csrf_token(secret_key: str, browser_token: str) -> str:
    """What a form or script shows besides the cookie: bound to the session (or to the visit before it)."""
    return keyed_digest(secret_key, "csrf", browser_token).hex()


def may_hold(role: Role, region_code: str | None, employer_id: int | None) -> bool:
    """Whether a role can be held there at all: an officer of a township over a township, and so on."""
    if role is Role.EMPLOYER:
        return employer_id is not None
    if employer_id is not None:
        return False
    if region_code is None:
        return role in ROLES_WITHOUT_REGION
    level = LEVEL_OF_ROLE.get(role)
    if level is Level.VILLAGE:
        return len(region_code) == 12 and gazetteer.find_nearest(region_code) is not None
    division = gazetteer.find(region_code)
    return division is not None and (level is None or level in division.levels)


def may_grant(actor: Actor, wanted: Grant, *, to_user_id: int | None) -> bool:
    """Nobody gives more than they hold, and nobody gives anything to themselves; the system may.

    The role must be one that a role of the actor may give, the place must lie inside that role's own; a
    member of an employer may take in members of the same employer.
    """
    if not may_hold(wanted.role, wanted.region_code, wanted.employer_id):
        return False
    if actor.is_system:
        return True
    if actor.user_id is None or actor.user_id == to_user_id:
        return False
    if wanted.role is Role.EMPLOYER:
        return wanted.employer_id in actor.employer_ids
    return any(_covers(held, wanted) for held in actor.grants)


def _covers(held: Grant, wanted: Grant) -> bool:
    if held.is_read_only or wanted.role not in MAY_GRANT.get(held.role, frozenset()):
        return False
    if held.region_code is None:
        return held.role in ROLES_WITHOUT_REGION
    return wanted.region_code is not None and contains(held.region_code, wanted.region_code)


def may_end(actor: Actor, held: Grant, *, of_user_id: int) -> bool:
    """Who may give a role may take it back; anyone may give up a role of their own."""
    return actor.is_system or actor.user_id == of_user_id or may_grant(actor, held, to_user_id=of_user_id)
