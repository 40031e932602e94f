"""推荐一遍: ranks everybody of a region who looks for work, gives out postings, writes the day's draft."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import Clock
from app.core.db import Database
from app.matching import candidates
from app.matching.index.following import current_market
from app.matching.rules.scoring import FORMULA_VERSION
from app.referrals.recommending import queries
from app.referrals.recommending.giving import (
    Candidate,
    GivenOut,
    Lists,
    ReportPerson,
    give_listed,
    give_out,
)
from app.referrals.recommending.models import LeftOut, Recommendation, RecommendationRun
from app.referrals.recommending.remaining import give_remaining
from app.referrals.recommending.terms import LeftOutReason
from app.regions import gazetteer
from app.regions.scope import scope_prefix

_AT_ONCE: Final = 5_000
_READ_AT_ONCE: Final = 5_000
ListEverybody = Callable[[Session, Sequence[tuple[int, str]], date, ReportPerson | None], Lists]
"""Ranks (person, home) pairs, people rising, somewhere else than in this process."""


@dataclass(frozen=True)
class RunSummary:
    """推荐批次结果: `gap` is how far from the best possible the scores can be at most, as a share; `left_out`
    counts those who got nothing, by reason. Who has three offers to answer already is in neither count."""

    people: int
    people_with_some: int
    postings: int
    given: int
    gap: float
    left_out: dict[LeftOutReason, int]


def run_recommendations(
    database: Database,
    region_code: str | None,
    clock: Clock,
    *,
    progress: ReportPerson | None = None,
    elsewhere: ListEverybody | None = None,
) -> RunSummary:
    """Ranks everybody of a region (None: of everywhere) and writes the day's draft in one transaction, in
    place of an earlier one of the day: stopped at any point, the old draft stands, and running it again is
    all there is to do. What was sent or rejected stays. `elsewhere` ranks in place of this process, with the
    same draft. Raises UnknownRegion, and what `elsewhere` raises."""
    with database.read() as session:
        if elsewhere is None:
            people, given = _give(session, region_code, clock, progress)
        else:
            people, given = _give_from(elsewhere, session, region_code, clock, progress)
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
    given = give_out(market, people, rooms, in_hand, progress=progress)
    by_id = {person.id: (person, household) for person, household in people}
    return len(people), give_remaining(
        session,
        given,
        rooms,
        in_hand,
        clock.today(),
        read_people=lambda ids: [by_id[person_id] for person_id in ids],
        read_market=lambda: market,
    )


def _give_from(
    elsewhere: ListEverybody,
    session: Session,
    region_code: str | None,
    clock: Clock,
    progress: ReportPerson | None,
) -> tuple[int, GivenOut]:
    """As `_give`, with everybody ranked elsewhere."""
    people = [
        row
        for row in candidates.list_homes(session, SYSTEM, clock.today())
        if queries.lies_in(_scope_of(row[1]), region_code)
    ]
    lists = elsewhere(session, [(identity, home) for identity, home, _ in people], clock.today(), progress)
    is_first = np.array([not somebody_works for _, _, somebody_works in people], bool)
    rooms, in_hand = queries.places_left(session), queries.read_in_hand(session, clock.now())
    return len(people), give_remaining(
        session,
        give_listed(lists, is_first, rooms, in_hand),
        rooms,
        in_hand,
        clock.today(),
        read_people=lambda ids: _read_people(session, ids, clock.today()),
        read_market=lambda: current_market(session, clock.today()),
    )


def _read_people(session: Session, ids: Sequence[int], today: date) -> list[Candidate]:
    return [
        candidate
        for start in range(0, len(ids), _READ_AT_ONCE)
        for candidate in candidates.list_candidates(
            session, SYSTEM, today, ids[start : start + _READ_AT_ONCE]
        )
    ]


def _scope_of(home: str) -> str:
    """As `reading.people` has it: homes may bear codes that were given up."""
    return scope_prefix(gazetteer.current_code(home) or home)


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
    left_out = [
        {"run_id": run.id, "person_id": person_id, "why": why} for person_id, why in given.left_out.items()
    ]
    for start in range(0, len(left_out), _AT_ONCE):
        session.execute(insert(LeftOut), left_out[start : start + _AT_ONCE])
    counts = dict(sorted(Counter(given.left_out.values()).items()))
    return RunSummary(run.people, run.people_with_some, run.postings, run.given, given.gap, counts)
