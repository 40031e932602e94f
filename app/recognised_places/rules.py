"""认定规则: when a review is due, what may be told of a head-count. Pure.

Reviewed once a year (issue 6, item 7: "review due yearly"); who must mend is seen again after three months,
this project's own choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from app.recognised_places.terms import ReviewOutcome
from app.seekers.rules import hide_small
from app.seekers.terms import HouseholdKind, LabourClass

MENDS_WITHIN: Final = timedelta(days=90)
SOON: Final = timedelta(days=30)
"""A review is on the list this long before its day."""
HOUSEHOLDS: Final = (
    HouseholdKind.LIFTED,
    HouseholdKind.UNSTABLE,
    HouseholdKind.BORDERLINE,
    HouseholdKind.SUDDEN,
)
"""Formerly poor, and the three monitored kinds (DOMAIN C4)."""


def next_review_on(outcome: ReviewOutcome, reviewed_on: date) -> date:
    """When a place is looked at again."""
    if outcome is ReviewOutcome.MENDS:
        return reviewed_on + MENDS_WITHIN
    return a_year_after(reviewed_on)


def a_year_after(day: date) -> date:
    """The same day next year; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


@dataclass(frozen=True)
class Figures:
    """在岗人数和工资, counted from verified spells. None: too few to be told.

    `average_fen` a month, of `paid` workers whose pay was verified; of the latest month known of each.
    """

    workers: int | None = 0
    classes: Mapping[LabourClass, int | None] = field(default_factory=dict)
    households: Mapping[HouseholdKind, int | None] = field(default_factory=dict)
    average_fen: int | None = None
    paid: int = 0


def shown(figures: Figures, smallest: int) -> Figures:
    """What may be told: with `smallest` (0: everything), no number of people from 1 to `smallest` - 1, none
    that follows from the others, and no average of so few."""
    if not smallest or figures.workers is None:
        return figures
    classes = hide_small([figures.classes.get(each) or 0 for each in LabourClass], smallest)
    kinds = hide_small([figures.households.get(each) or 0 for each in HOUSEHOLDS], smallest)
    few = 0 < figures.workers < smallest
    return replace(
        figures,
        workers=None if few else figures.workers,
        classes=dict(zip(LabourClass, classes, strict=True)),
        households=dict(zip(HOUSEHOLDS, kinds, strict=True)),
        average_fen=figures.average_fen if figures.paid >= smallest else None,
    )


def totals_only(figures: Figures, smallest: int) -> Figures:
    """For a firm about itself: it never learns whose household is poor, nor what one worker told of pay."""
    average = figures.average_fen if figures.paid >= smallest else None
    return replace(figures, classes={}, households={}, average_fen=average)


def add_up(each: list[Figures]) -> Figures:
    """A headquarters with its points, before anything is hidden."""
    paid = sum(one.paid for one in each)
    earned = sum((one.average_fen or 0) * one.paid for one in each)
    return Figures(
        sum(one.workers or 0 for one in each),
        {kind: sum(one.classes.get(kind) or 0 for one in each) for kind in LabourClass},
        {kind: sum(one.households.get(kind) or 0 for one in each) for kind in HOUSEHOLDS},
        earned // paid if paid else None,
        paid,
    )
