"""岗位规则: the life of a posting as a table, how pay compares and reads, and what identifies a posting.

Pure functions; the services and imports apply them.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from app.jobs.terms import JobAction, JobEventKind, JobState
from app.occupations.terms import WageUnit

DEFAULT_VALID_FOR: Final = timedelta(days=30)
"""A posting without a deadline is valid this long (CONTRACT, import)."""
LONGEST_VALID_FOR: Final = timedelta(days=366)
LOWEST_AGE: Final = 16
"""劳动法 第十五条: nobody under 16 is employed."""
MOST_OPENINGS: Final = 10_000
MOST_FEN: Final = 100_000_000
"""A million yuan: more than any wage here, and every sum with it fits 32 bits."""

_S, _K = JobState, JobEventKind

TRANSITIONS: Final[dict[tuple[JobState, JobEventKind], JobState]] = {
    (_S.DRAFT, _K.SUBMIT): _S.REVIEW,
    (_S.DRAFT, _K.APPROVE): _S.OPEN,  # an office opens what it wrote itself
    (_S.DRAFT, _K.CLOSE): _S.CLOSED,
    (_S.REVIEW, _K.APPROVE): _S.OPEN,
    (_S.REVIEW, _K.REJECT): _S.REJECTED,
    (_S.REVIEW, _K.CLOSE): _S.CLOSED,
    (_S.REJECTED, _K.SUBMIT): _S.REVIEW,
    (_S.REJECTED, _K.CLOSE): _S.CLOSED,
    (_S.OPEN, _K.CONFIRM): _S.OPEN,
    (_S.OPEN, _K.PAUSE): _S.PAUSED,
    (_S.OPEN, _K.CLOSE): _S.CLOSED,
    (_S.OPEN, _K.REJECT): _S.REJECTED,  # found to be false after it was opened
    (_S.OPEN, _K.FILL): _S.FILLED,
    (_S.OPEN, _K.EXPIRE): _S.EXPIRED,
    (_S.PAUSED, _K.RESUME): _S.OPEN,
    (_S.PAUSED, _K.CLOSE): _S.CLOSED,
    (_S.PAUSED, _K.REJECT): _S.REJECTED,
    (_S.PAUSED, _K.EXPIRE): _S.EXPIRED,
    (_S.FILLED, _K.REOPEN): _S.OPEN,  # someone left, or more are wanted
    (_S.FILLED, _K.RESUME): _S.OPEN,
    (_S.FILLED, _K.CLOSE): _S.CLOSED,
    (_S.FILLED, _K.EXPIRE): _S.EXPIRED,
    (_S.EXPIRED, _K.CONFIRM): _S.OPEN,  # with a new last day
    (_S.EXPIRED, _K.CLOSE): _S.CLOSED,
    # What the employer rewrites is looked at again.
    (_S.OPEN, _K.EDIT): _S.REVIEW,
    (_S.PAUSED, _K.EDIT): _S.REVIEW,
    (_S.FILLED, _K.EDIT): _S.REVIEW,
    (_S.EXPIRED, _K.EDIT): _S.REVIEW,
}

DECISIONS: Final = frozenset({JobAction.APPROVE, JobAction.REJECT})
"""Actions of the office only; all others also belong to the employer."""
NEEDS_REASON: Final = frozenset({JobAction.REJECT})
EDITABLE: Final = frozenset(JobState) - {JobState.CLOSED}
HARMLESS_FIELDS: Final = frozenset(
    {"openings", "valid_until", "starts_on", "pickup", "lng", "lat", "board", "lodging", "transport"}
)
"""What an employer may change on a checked posting without another look: nothing here can break the law."""


def next_state(state: JobState, kind: JobEventKind) -> JobState | None:
    """The state after `kind`, or None where the table does not allow it."""
    return TRANSITIONS.get((state, kind))


def actions_from(state: JobState) -> tuple[JobAction, ...]:
    """The actions of people that the table allows in `state`, in their usual order."""
    return tuple(action for action in JobAction if (state, JobEventKind[action.name]) in TRANSITIONS)


def needs_another_look(changed: Collection[str]) -> bool:
    """Whether an employer's change of these fields sends a checked posting back to the office."""
    return not HARMLESS_FIELDS.issuperset(changed)


# month = 26 days = 208 hours, week x 52 / 12, year / 12: MATCHING, "Readings that settle doubts".
_MONTH_SHARE: Final = {
    WageUnit.MONTH: (1, 1),
    WageUnit.DAY: (26, 1),
    WageUnit.HOUR: (208, 1),
    WageUnit.WEEK: (52, 12),
    WageUnit.YEAR: (1, 12),
}
_MOST_STORED_FEN: Final = 2_000_000_000


def month_fen(
    min_fen: int | None, max_fen: int | None, unit: WageUnit | None, estimate_fen: int | None = None
) -> int:
    """The upper figure of the pay in fen a month, for sorting; 0 where it isn't stated. Piece pay counts by
    the firm's own estimate only."""
    if unit is WageUnit.PIECE:
        return estimate_fen or 0
    amount = max_fen if max_fen is not None else min_fen
    if amount is None or unit is None:
        return 0
    times, parts = _MONTH_SHARE[unit]
    return min(amount * times // parts, _MOST_STORED_FEN)


def lower_month_fen(
    min_fen: int | None, max_fen: int | None, unit: WageUnit | None, estimate_fen: int | None = None
) -> int:
    """The lower figure of the pay in fen a month: what may be promised safely; 0 where none is stated."""
    return month_fen(min_fen if min_fen is not None else max_fen, None, unit, estimate_fen)


def yuan(fen: int) -> str:
    """450000 -> '4500', 1250 -> '12.5'."""
    return f"{fen / 100:.2f}".rstrip("0").rstrip(".")


def wage_words(min_fen: int | None, max_fen: int | None, unit: WageUnit | None, *, negotiable: bool) -> str:
    """Pay in words, for postings entered as figures: '4500-6000 元/月'."""
    low, high = min_fen, max_fen
    if low is None and high is None:
        return "面议"
    if low is None or high is None:
        figure = f"{yuan(low)} 元以上" if low is not None else f"最高 {yuan(high or 0)} 元"
    else:
        figure = f"{yuan(low)} 元" if low == high else f"{yuan(low)}-{yuan(high)} 元"
    words = f"{figure}/{unit.label}" if unit else figure
    return f"{words}，可面议" if negotiable else words


def default_deadline(today: date) -> date:
    """The last day of a posting whose deadline nobody gave."""
    return today + DEFAULT_VALID_FOR


_NOT_IN_KEYS: Final = re.compile(r"[\W_]+")


def content_key(employer_key: str, title: str, region_code: str, *further: str) -> str:
    """Identity of a posting in imports: the employer's key, title and place, and what tells twins apart.

    Width, case, blanks and punctuation do not matter.
    """
    return _digest((employer_key, title, region_code, *further))


def _digest(parts: Iterable[str]) -> str:
    plain = "\0".join(_NOT_IN_KEYS.sub("", unicodedata.normalize("NFKC", part).lower()) for part in parts)
    return hashlib.sha256(plain.encode()).hexdigest()
