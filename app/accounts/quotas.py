"""每日限额: how often a permission may be used in a day (`quota_per_day`), counted in SQL."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.permissions import Permission
from app.core import ratelimit
from app.core.errors import TooMany
from app.core.ratelimit import Limit

_DAY: Final = timedelta(days=1)


class QuotaSpent(TooMany):
    """The day's number is used up; `retry_after_s` tells when the oldest one leaves the 24 hours."""

    code, title = "quota_spent", "今天看的次数用完了，明天再来。"


def take_quota(session: Session, permission: Permission, holder: str, now: datetime) -> None:
    """Counts one use by `holder` ("employer:7", "user:3") within the last 24 hours; nothing without a quota.

    Two at the same instant are counted one after the other. Raises QuotaSpent.
    """
    if permission.quota_per_day is None:
        return
    subject = f"{permission.action.value}:{permission.resource.value}:{holder}"
    wait_s = ratelimit.hit(session, subject, (Limit(permission.quota_per_day, _DAY),), now)
    if wait_s:
        what, most = permission.resource.label, permission.quota_per_day
        hours = -(-wait_s // 3600)
        raise QuotaSpent(
            f"一天最多看 {most} 个{what}，已经看满了。过 {hours} 个小时再来；急的话请找镇上帮着联系。",
            retry_after_s=wait_s,
        )
