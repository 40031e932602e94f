"""推送校验: who may tell us how a message fared.

Neither Aliyun nor Tencent Cloud signs its pushes. Their address carries a key of ours (`?key=`), and only
what was reported within the replay window counts. A relay of one's own may sign instead, header
`X-Songgang-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. A push repeated inside the window
changes nothing, because states only rise.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.core.clock import OFFICE_ZONE
from app.core.security import same_text
from app.notifications.providers.base import Push, PushRefused

# Providers push again for up to three days when we were not there.
REPORTED_WITHIN: Final = timedelta(days=7)
SIGNED_WITHIN: Final = timedelta(minutes=5)
MAX_ITEMS: Final = 1000


def signature_of(secret: str, at: int, body: bytes) -> str:
    """The value of `X-Songgang-Signature` for `body`, signed at `at` (unix seconds)."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def check_push(push: Push, secret: str, now: datetime) -> None:
    """Raises `PushRefused` for a push that shows neither our key nor a fresh signature."""
    signed = push.headers.get("x-songgang-signature", "")
    if signed:
        _check_signature(signed, secret, push.body, now)
    elif not same_text(push.query.get("key", ""), secret):
        raise PushRefused("key")


def _check_signature(signed: str, secret: str, body: bytes, now: datetime) -> None:
    fields = dict(part.partition("=")[::2] for part in signed.split(","))
    at = fields.get("t", "")
    if not (at.isascii() and at.isdigit() and len(at) <= 12):
        raise PushRefused("signature")
    if not same_text(signature_of(secret, int(at), body), f"t={at},v1={fields.get('v1', '')}"):
        raise PushRefused("signature")
    if abs(now.timestamp() - int(at)) > SIGNED_WITHIN.total_seconds():
        raise PushRefused("age")


def read_items(body: bytes) -> Sequence[dict[str, Any]]:
    """The objects of a JSON array (or a single object). Raises `PushRefused`."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PushRefused("body") from error
    items = found if isinstance(found, list) else [found]
    if len(items) > MAX_ITEMS or not all(isinstance(item, dict) for item in items):
        raise PushRefused("body")
    return items


def read_local_time(text: object) -> datetime | None:
    """'2017-08-30 00:00:00' in Beijing; None for anything else."""
    try:
        return datetime.fromisoformat(str(text)[:19]).replace(tzinfo=OFFICE_ZONE)
    except ValueError:
        return None


def read_unix_time(seconds: object) -> datetime | None:
    """1457336869, as a number or its digits; None for anything else."""
    text = str(seconds)
    return (
        datetime.fromtimestamp(int(text), UTC)
        if text.isascii() and text.isdigit() and len(text) <= 11
        else None
    )


def is_fresh(at: datetime | None, now: datetime) -> bool:
    """Whether a report lies in the replay window; one without a readable time counts as fresh."""
    return at is None or now - REPORTED_WITHIN <= at <= now + timedelta(days=1)
