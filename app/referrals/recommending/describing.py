"""为啥合适: what an officer reads about pairs of a person and a posting, as things stand now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.matching import queries as matching_queries
from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.index.following import current_market
from app.matching.reference import describe_match, order_key
from app.matching.rules.gates import first_failed_gate
from app.matching.rules.scoring import score_pair
from app.matching.terms import Gate

NOT_SEEKING = "本人这阵子不找活了"
SLOW_PERMILLE = 600
"""Firms that answer fewer are pointed out (REFERRALS: our bar is 60 % in 7 days)."""


@dataclass(frozen=True)
class PairWords:
    """一对的话: `shut` says why it cannot be sent now; `gaps` what to ask first; `is_slow`: the firm leaves
    many without an answer."""

    score: float = 0.0
    verdict: str = ""
    reasons: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    distance_m: int | None = None
    is_slow: bool = False
    shut: str = ""


def describe_pairs(
    session: Session, people: Mapping[int, PersonFacts], pairs: Collection[tuple[int, int]], today: date
) -> dict[tuple[int, int], PairWords]:
    """The words of (person, posting) pairs; `people` are the facts of those who look for work."""
    context = current_market(session, today).context
    postings = matching_queries.list_postings_by_id(session, {job for _, job in pairs}, today)
    return {
        (person_id, job_id): _describe(people.get(person_id), postings.get(job_id), context)
        for person_id, job_id in pairs
    }


def _describe(person: PersonFacts | None, posting: PostingFacts | None, context: MatchContext) -> PairWords:
    if person is None:
        return PairWords(shut=NOT_SEEKING)
    if posting is None:
        return PairWords(shut=Gate.CLOSED.label)
    gate = first_failed_gate(person, posting, context)
    if gate is not None:
        return PairWords(shut=gate.label)
    parts = score_pair(person, posting, context)
    match = describe_match(order_key(parts.total, posting.id, context.today), person, posting, parts, context)
    return PairWords(
        match.score,
        match.verdict.label,
        tuple(reason.text for reason in match.reasons),
        tuple(gap.text for gap in match.gaps),
        match.distance_m,
        posting.answer_permille is not None and posting.answer_permille < SLOW_PERMILLE,
    )
