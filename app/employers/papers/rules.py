"""材料规则: which papers a kind of firm shows, and when they run out. Pure functions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.employers.papers.terms import PaperKind
from app.employers.terms import EmployerKind

_LICENCE: Final = frozenset({PaperKind.LICENCE})
# Interim Regulations on Human Resources Market (2018), 18, and Labour Contract Law, 57: who places or lends
# workers holds one of the two permits.
_PERMIT: Final = frozenset({PaperKind.HR_SERVICE, PaperKind.DISPATCH})
# Issue 6, 1: individuals and farms without a register entry by proof of the village.
_ANY_PROOF: Final = frozenset({PaperKind.LICENCE, PaperKind.VILLAGE_PROOF, PaperKind.IDENTITY})
_WITHOUT_ENTRY: Final = frozenset(
    {
        EmployerKind.COMMUNITY_FACTORY,
        EmployerKind.WORKSHOP,
        EmployerKind.FAMILY_FARM,
        EmployerKind.INDIVIDUAL,
    }
)
ENDING: Final = frozenset({PaperKind.DISPATCH, PaperKind.HR_SERVICE})
"""Papers that always have a last day."""
REMIND_DAYS: Final = (30, 7)
"""How many days before its end a firm is told (ours: long enough to renew, and once more)."""
OLDEST_PROOF: Final = timedelta(days=365)


def needed_papers(kind: EmployerKind) -> tuple[frozenset[PaperKind], ...]:
    """Groups of papers; of each group one is enough."""
    if kind in _WITHOUT_ENTRY:
        return (_ANY_PROOF,)
    return (_LICENCE, _PERMIT) if kind is EmployerKind.AGENCY else (_LICENCE,)


def offered_papers(kind: EmployerKind) -> tuple[PaperKind, ...]:
    """What a firm of this kind may send in, the usual first. A mandate comes with asking for one."""
    wanted = frozenset().union(*needed_papers(kind))
    return tuple(paper for paper in PaperKind if paper in wanted)


@dataclass(frozen=True)
class Held:
    """看过的一份材料: an accepted paper as far as rules care."""

    kind: PaperKind
    expires_on: date | None

    def is_good(self, today: date) -> bool:
        return self.expires_on is None or self.expires_on >= today


def missing_groups(kind: EmployerKind, held: Sequence[Held], today: date) -> tuple[frozenset[PaperKind], ...]:
    """The groups of which no accepted paper in date is there."""
    good = {paper.kind for paper in held if paper.is_good(today)}
    return tuple(group for group in needed_papers(kind) if not group & good)


def lapsed(kind: EmployerKind, held: Sequence[Held], today: date) -> Held | None:
    """The paper whose end leaves a group empty; None where nothing ran out, or another still holds. A firm
    that never showed one has none that lapsed: the office knew it by sight."""
    for group in missing_groups(kind, held, today):
        ended = [paper for paper in held if paper.kind in group]
        if ended:
            return max(ended, key=lambda paper: paper.expires_on or date.max)
    return None


def words_of_group(group: Collection[PaperKind]) -> str:
    """营业执照、村里的证明，有一样就行."""
    labels = [paper.label for paper in PaperKind if paper in group]
    return labels[0] if len(labels) == 1 else f"{'、'.join(labels)}，有一样就行"


def day_words(day: date) -> str:
    """2026 年 11 月 22 日."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
