"""单位同事规则: how long an invitation is good, how many there may be. Pure."""

from datetime import timedelta
from typing import Final

from app.core.ratelimit import Limit

# All ours: a week is one pay day and one market day; a county's largest firm has a handful who hire.
GOOD_FOR: Final = timedelta(days=7)
MOST_MEMBERS: Final = 20
INVITATIONS: Final = (Limit(10, timedelta(days=1)),)
