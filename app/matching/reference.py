"""参考引擎: gates, score, order and reasons in the plainest form. Every faster engine must give the
same answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.matching.facts import HouseholdFacts, MatchContext, PersonFacts, PostingFacts
from app.matching.rules import gates, places, reasons, scoring
from app.matching.rules.reasons import Reason
from app.matching.rules.scoring import FORMULA_VERSION, Score
from app.matching.terms import Gate, Verdict

_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Match:
    """匹配: one posting for a person (or one person for a posting; `id` is the one that was ranked)."""

    id: int
    score: float
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


def order_key(score: float, identity: int, day: int) -> tuple[float, int, int]:
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
    offset: int = 0,
) -> Ranking:
    """Rank postings for a person. Only the matches of the asked page carry reasons; None = all of them."""
    excluded_by_id: dict[int, Gate] = {}
    scored: list[tuple[tuple[float, int, int], PostingFacts, Score]] = []
    for posting in postings:
        gate = gates.first_failed_gate(person, posting, context)
        if gate is not None:
            excluded_by_id[posting.id] = gate
            continue
        score = scoring.score_pair(person, posting, context)
        scored.append((order_key(score.total, posting.id, context.today), posting, score))
    scored.sort(key=lambda row: row[0])
    page = scored[offset : None if limit is None else offset + limit]
    matches = tuple(
        describe_match(posting.id, person, posting, score, score.total, context) for _, posting, score in page
    )
    return Ranking(matches, len(scored), count_gates(excluded_by_id), excluded_by_id)


def rank_people(
    posting: PostingFacts,
    people: Iterable[tuple[PersonFacts, HouseholdFacts]],
    context: MatchContext,
    limit: int | None = None,
    offset: int = 0,
) -> Ranking:
    """Rank people for a posting: the same gates and pair score, then the household's need and the time
    waiting."""
    excluded_by_id: dict[int, Gate] = {}
    scored: list[tuple[tuple[float, int, int], PersonFacts, Score, float]] = []
    for person, household in people:
        gate = gates.first_failed_gate(person, posting, context)
        if gate is not None:
            excluded_by_id[person.id] = gate
            continue
        pair = scoring.score_pair(person, posting, context)
        score = scoring.score_for_officer(pair, household)
        scored.append((order_key(score, person.id, context.today), person, pair, score))
    scored.sort(key=lambda row: row[0])
    page = scored[offset : None if limit is None else offset + limit]
    matches = tuple(
        describe_match(person.id, person, posting, pair, score, context) for _, person, pair, score in page
    )
    return Ranking(matches, len(scored), count_gates(excluded_by_id), excluded_by_id)


def describe_match(
    identity: int,
    person: PersonFacts,
    posting: PostingFacts,
    parts: Score,
    score: float,
    context: MatchContext,
) -> Match:
    """Add reasons, gaps, the word and the distance to a scored pair."""
    return Match(
        identity,
        score,
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
