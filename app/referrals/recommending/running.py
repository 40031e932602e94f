"""推荐一遍: ranks everybody of a region who looks for work, gives out postings, writes the day's draft."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import Clock
from app.core.db import Database
from app.matching import candidates
from app.matching.index.following import current_market
from app.matching.rules.scoring import FORMULA_VERSION
from app.referrals.recommending import queries
from app.referrals.recommending.giving import GivenOut, ReportPerson, give_out
from app.referrals.recommending.models import Recommendation, RecommendationRun

_AT_ONCE: Final = 500


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
    all there is to do. What was sent or rejected stays. Raises UnknownRegion."""
    with database.read() as session:
        people, given = _give(session, region_code, clock, progress)
    with database.write() as session:
        return _store(session, region_code, clock, people, given)


def draft_here(session: Session, region_code: str, clock: Clock) -> RunSummary:
    """As `run_recommendations`, in a transaction that is open: for a township or village, where it takes
    about a second."""
    people, given = _give(session, region_code, clock, None)
    return _store(session, region_code, clock, people, given)


def _give(
    session: Session, region_code: str | None, clock: Clock, progress: ReportPerson | None
) -> tuple[int, GivenOut]:
    """How many look for work there, and what they would be given."""
    market = current_market(session, clock.today())
    people = [
        (person, household)
        for person, household in candidates.list_candidates(session, SYSTEM, clock.today())
        if queries.lies_in(person.home_scope, region_code)
    ]
    rooms = queries.places_left(session)
    in_hand = queries.read_in_hand(session, clock.now())
    return len(people), give_out(market, people, rooms, in_hand, progress=progress)


def _store(
    session: Session, region_code: str | None, clock: Clock, people: int, given: GivenOut
) -> RunSummary:
    """The draft of the day in place of an earlier one, and of what other runs of the day drafted for the same
    people."""
    run = queries.find_run(session, region_code or "", clock.today())
    if run is None:
        run = RecommendationRun(region_code=region_code or "", made_on=clock.today())
        session.add(run)
    helped = len({pair.person_id for pair in given.pairs})
    run.made_at, run.formula = clock.now(), FORMULA_VERSION
    run.people, run.people_with_some = people, helped
    run.postings, run.given = given.postings, len(given.pairs)
    run.total, run.bound = given.total, given.bound
    session.flush()
    queries.delete_drafts(session, region_code, clock.today())
    settled = queries.list_settled_pairs(session, run.id)
    rows = [
        {
            "run_id": run.id,
            "person_id": pair.person_id,
            "job_id": pair.job_id,
            "score": pair.score,
            "goes_first": pair.goes_first,
        }
        for pair in given.pairs
        if (pair.person_id, pair.job_id) not in settled
    ]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(Recommendation), rows[start : start + _AT_ONCE])
    return RunSummary(run.people, run.people_with_some, run.postings, run.given, given.gap)
