"""推荐一遍: ranks everybody of a region who looks for work, gives out the postings, writes the day's draft.

Households in which nobody works come first: postings are given out to their people alone, and to the others
from what is left (a constraint, not a weight).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import Clock
from app.core.db import Database
from app.matching import candidates
from app.matching.facts import HouseholdFacts, PersonFacts
from app.matching.index.following import current_market
from app.matching.index.market import PostingMarket
from app.matching.rules.scoring import FORMULA_VERSION
from app.referrals.recommending import queries
from app.referrals.recommending.assigning import Assigned, Ints, Wishes, assign
from app.referrals.recommending.models import Recommendation, RecommendationRun

MOST_LISTED: Final = 60
"""So many of a person's best postings take part; further down nobody is helped by a posting."""
MOST_EACH: Final = 3
"""Recommendations to one person (REFERRALS: at most three offers wait for an answer)."""
_AT_ONCE: Final = 500
ReportPerson = Callable[[int, int], None]


@dataclass(frozen=True)
class RunSummary:
    """推荐批次结果: `gap` is how far from the best possible the scores can be at most, as a share."""

    people: int
    people_with_some: int
    postings: int
    given: int
    gap: float


def run_recommendations(
    database: Database, region_code: str | None, clock: Clock, *, progress: ReportPerson | None = None
) -> RunSummary:
    """Ranks everybody of a region (None: of everywhere) and writes the day's draft in one transaction, in
    place of an earlier one of the day: stopped at any point, the old draft stands, and running it again is
    all there is to do. Raises UnknownRegion."""
    with database.read() as session:
        market = current_market(session, clock.today())
        people = [
            (person, household)
            for person, household in candidates.list_candidates(session, SYSTEM, clock.today())
            if queries.lies_in(person.home_scope, region_code)
        ]
        rooms = queries.places_left(session)
    first = [row for row, (_, household) in enumerate(people) if not household.anyone_employed]
    wishes, job_ids = _rank(market, people, rooms, progress)
    places = np.array([rooms[job_id] for job_id in job_ids], np.int64)
    early = _assign_some(wishes, places, np.array(first, np.int64))
    taken = np.bincount(early.jobs, minlength=len(places)) if len(places) else places
    others = np.setdiff1d(np.arange(len(people)), np.array(first, np.int64))
    late = _assign_some(wishes, places - taken, others)
    with database.write() as session:
        return _store(session, region_code, clock, people, job_ids, wishes, (early, late), set(first))


def _rank(
    market: PostingMarket,
    people: Sequence[tuple[PersonFacts, HouseholdFacts]],
    rooms: dict[int, int],
    progress: ReportPerson | None,
) -> tuple[Wishes, list[int]]:
    """Everybody's best postings with room, as rows of numbers, and the ids behind the numbers."""
    numbers: dict[int, int] = {}
    jobs = np.full((len(people), MOST_LISTED), -1, np.int64)
    scores = np.zeros((len(people), MOST_LISTED))
    for row, (person, _) in enumerate(people):
        keys = [key for key in market.rank(person, MOST_LISTED) if rooms.get(key[2])]
        for at, (negative, _turn, job_id) in enumerate(keys):
            jobs[row, at] = numbers.setdefault(job_id, len(numbers))
            scores[row, at] = -negative
        if progress is not None:
            progress(row + 1, len(people))
    return Wishes(jobs, scores), list(numbers)


def _assign_some(wishes: Wishes, places: Ints, rows: Ints) -> Assigned:
    """As `assign`, for some of the people; rows are those of all people."""
    if not len(rows) or not len(places):
        nobody = np.zeros(0, np.int64)
        return Assigned(nobody, nobody, 0.0, 0.0)
    found = assign(Wishes(wishes.jobs[rows], wishes.scores[rows]), places, MOST_EACH)
    return Assigned(rows[found.people], found.jobs, found.total, found.bound)


def _store(
    session: Session,
    region_code: str | None,
    clock: Clock,
    people: Sequence[tuple[PersonFacts, HouseholdFacts]],
    job_ids: Sequence[int],
    wishes: Wishes,
    parts: Sequence[Assigned],
    first: set[int],
) -> RunSummary:
    """The draft of the day in place of an earlier one."""
    old = queries.find_run(session, region_code or "", clock.today())
    if old is not None:
        session.execute(delete(Recommendation).where(Recommendation.run_id == old.id))
        session.delete(old)
        session.flush()
    total, bound = sum(part.total for part in parts), sum(part.bound for part in parts)
    who = {int(row) for part in parts for row in part.people}
    run = RecommendationRun(
        region_code=region_code or "",
        made_on=clock.today(),
        made_at=clock.now(),
        formula=FORMULA_VERSION,
        people=len(people),
        people_with_some=len(who),
        postings=len(job_ids),
        given=sum(len(part.people) for part in parts),
        total=total,
        bound=bound,
    )
    session.add(run)
    session.flush()
    rows = [
        {
            "run_id": run.id,
            "person_id": people[row][0].id,
            "job_id": job_ids[job],
            "score": float(wishes.scores[row, np.flatnonzero(wishes.jobs[row] == job)[0]]),
            "goes_first": row in first,
        }
        for part in parts
        for row, job in zip(part.people.tolist(), part.jobs.tolist(), strict=True)
    ]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(Recommendation), rows[start : start + _AT_ONCE])
    gap = 0.0 if bound <= 0 else max(0.0, (bound - total) / bound)
    return RunSummary(run.people, run.people_with_some, run.postings, run.given, gap)
