"""参考引擎: gates, score, order and reasons in the plainest form. Every faster engine must give the
same answer."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from app.matching.facts import HouseholdFacts, MatchContext, PersonFacts, PostingFacts
from app.matching.rules import gates, places, reasons, scoring
from app.matching.rules.reasons import Reason
from app.matching.rules.scoring import FORMULA_VERSION, Score
from app.matching.terms import Gate, Verdict

_MASK = (1 << 64) - 1

OrderKey = tuple[float, int, int]
"""Minus the score, the turn of the day, the id: what the list is sorted by, upwards."""


@dataclass(frozen=True, slots=True)
class Match:
    """匹配: one posting for a person (or one person for a posting; `id` is the one that was ranked)."""

    id: int
    score: float
    key: OrderKey
    parts: Score
    verdict: Verdict
    distance_m: int | None
    reasons: tuple[Reason, ...]
    gaps: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """排序结果: the best matches in order, how many fit in all, and who was left out by which gate."""

    matches: tuple[Match, ...]
    total: int
    excluded: dict[Gate, int]
    excluded_by_id: dict[int, Gate]
    formula: str = FORMULA_VERSION


def turn_of_day(day: int, identity: int) -> int:
    """Return the place of an id in the day's rotation among equals, 0 <= turn < 2^64 (splitmix64 of
    day and id).

    The same on every page of one day, different the next day, so that no equal stands first for ever.
    """
    word = (day * 0x9E3779B97F4A7C15 + identity) & _MASK
    word = (word + 0x9E3779B97F4A7C15) & _MASK
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _MASK
    return word ^ (word >> 31)


def order_key(score: float, identity: int, day: int) -> OrderKey:
    """Return the sorting key: score downwards, then the day's rotation, then id."""
    return (-score, turn_of_day(day, identity), identity)


def known_distance_m(person: PersonFacts, posting: PostingFacts) -> int | None:
    """Return the way in metres where it may be shown: measured, and longer than the centres are blurred."""
    metres = places.measured_m(person, posting)
    return metres if metres is not None and metres >= places.travel_m(person, posting) else None


def rank_postings(
    person: PersonFacts,
    postings: Iterable[PostingFacts],
    context: MatchContext,
    limit: int | None = None,
    after: OrderKey | None = None,
) -> Ranking:
    """Rank postings for a person; `limit` None = all. Reasons are worked out for the asked page only.

    `after` is the `order_key` of the last match of the page before: rows that come or go meanwhile
    cause neither a gap nor a repeat.
    """
    excluded_by_id: dict[int, Gate] = {}
    scored: list[tuple[OrderKey, PostingFacts, Score]] = []
    for posting in postings:
        gate = gates.first_failed_gate(person, posting, context)
        if gate is not None:
            excluded_by_id[posting.id] = gate
            continue
        score = scoring.score_pair(person, posting, context)
        scored.append((order_key(score.total, posting.id, context.today), posting, score))
    scored.sort(key=lambda row: row[0])
    start = 0 if after is None else bisect_right(scored, after, key=lambda row: row[0])
    page = scored[start : None if limit is None else start + limit]
    matches = tuple(describe_match(key, person, posting, score, context) for key, posting, score in page)
    return Ranking(matches, len(scored), count_gates(excluded_by_id), excluded_by_id)


def rank_people(
    posting: PostingFacts,
    people: Iterable[tuple[PersonFacts, HouseholdFacts]],
    context: MatchContext,
    limit: int | None = None,
    after: OrderKey | None = None,
) -> Ranking:
    """Rank people for a posting: the same gates and pair score, then the household's need and the time
    waiting."""
    excluded_by_id: dict[int, Gate] = {}
    scored: list[tuple[OrderKey, PersonFacts, Score]] = []
    for person, household in people:
        gate = gates.first_failed_gate(person, posting, context)
        if gate is not None:
            excluded_by_id[person.id] = gate
            continue
        pair = scoring.score_pair(person, posting, context)
        score = scoring.score_for_officer(pair, household)
        scored.append((order_key(score, person.id, context.today), person, pair))
    scored.sort(key=lambda row: row[0])
    start = 0 if after is None else bisect_right(scored, after, key=lambda row: row[0])
    page = scored[start : None if limit is None else start + limit]
    matches = tuple(describe_match(key, person, posting, pair, context) for key, person, pair in page)
    return Ranking(matches, len(scored), count_gates(excluded_by_id), excluded_by_id)


def describe_match(
    key: OrderKey, person: PersonFacts, posting: PostingFacts, parts: Score, context: MatchContext
) -> Match:
    """Add reasons, gaps, the word and the distance to a scored pair."""
    return Match(
        key[2],
        -key[0],
        key,
        parts,
        reasons.choose_verdict(parts),
        known_distance_m(person, posting),
        tuple(reasons.list_reasons(person, posting, context)),
        tuple(reasons.list_gaps(person, posting, context)),
    )


def count_gates(excluded_by_id: dict[int, Gate]) -> dict[Gate, int]:
    """Count left-out ids by gate, in the order of the gates."""
    counts = dict.fromkeys(Gate, 0)
    for gate in excluded_by_id.values():
        counts[gate] += 1
    return {gate: count for gate, count in counts.items() if count}
