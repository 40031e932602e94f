"""匹配用例: rank the open postings for a profile or a person of the ledger, and people for a posting."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.errors import Conflict, Invalid
from app.core.pagination import decode_cursor, encode_cursor
from app.jobs import queries as job_queries
from app.jobs.schemas import JobOut
from app.matching import candidates, queries
from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.index.following import current_market
from app.matching.index.near import near_misses_in
from app.matching.near_misses import NearMiss
from app.matching.people.following import current_people
from app.matching.people.market import compile_people_search
from app.matching.reading.people import PersonReading, read_person
from app.matching.reference import Match, OrderKey, Ranking, describe_match
from app.matching.rules.gates import GATES
from app.matching.rules.scoring import FORMULA_VERSION, PEOPLE_WEIGHTS, WEIGHTS, score_pair
from app.matching.schemas import (
    CandidateOut,
    ExcludedOut,
    FormulaOut,
    GateOut,
    MatchOut,
    NearMissOut,
    PeopleRankingOut,
    PersonMatchOut,
    RankingOut,
    SeekerProfile,
    UnderstoodOut,
)
from app.seekers import queries as seeker_queries

MOST_NEAR_MISSES = 4
MOST_NEAR_MISS_JOBS = 20
NOT_LOOKED_AT = ("sex", "ethnicity", "disability", "household_label", "payment")
"""What never enters the order of postings (MATCHING, fairness law)."""


@dataclass(frozen=True)
class Ranked:
    """排好了的岗位: for one reader, not yet an answer of the API."""

    person: PersonReading
    ranking: Ranking
    near_misses: tuple[NearMiss, ...]
    following: OrderKey | None
    """Where the next page starts."""


def rank_profile(
    session: Session, profile: SeekerProfile, today: date, *, limit: int, cursor: str | None = None
) -> Ranked:
    """Rank all open postings for a profile, best first, with reasons, what was left out and near misses.

    Reads only. Raises UnknownRegion for an unknown home, Invalid for a bad cursor.
    """
    person = read_person(profile, today, home_point=queries.find_village_point(session, profile.region_code))
    return _rank_for(session, person, today, limit, cursor)


def match_profile(
    session: Session, profile: SeekerProfile, today: date, *, limit: int, cursor: str | None = None
) -> RankingOut:
    """What `rank_profile` found, with the postings themselves, as the API answers it. Raises the same."""
    return _ranking_out(session, rank_profile(session, profile, today, limit=limit, cursor=cursor), today)


def match_seeker(
    session: Session, actor: Actor, person_id: int, today: date, *, limit: int, cursor: str | None = None
) -> RankingOut:
    """As `match_profile`, for somebody of the ledger whom `actor` may read. Raises PersonNotFound (also: a
    child under 16)."""
    stored = seeker_queries.get_seeker(session, actor, person_id, today)
    person = candidates.read_stored_person(
        stored, today, queries.find_village_point(session, stored.region_code)
    )
    return _ranking_out(session, _rank_for(session, person, today, limit, cursor), today)


def match_job(
    session: Session, actor: Actor, job_id: int, today: date, *, limit: int, cursor: str | None = None
) -> PeopleRankingOut:
    """Rank everybody in `actor`'s area who looks for work for one posting: the same gates and the same score
    of the pair, then the household's need and the time waiting.

    Raises JobNotFound, JobGone, Conflict (not recruiting at present), Invalid for a bad cursor.
    """
    job_queries.get_visible_job(session, actor, job_id, today)
    market = current_market(session, today)
    posting = queries.list_postings_by_id(session, [job_id], today).get(job_id)
    if posting is None:
        raise Conflict("这个岗位现在没在招，放出来以后再看谁合适。")
    people = current_people(session, today)
    area = reading_prefixes(actor, Resource.SEEKER_CARD)
    question = people.ask(posting, market.context)
    keys = people.rank(question, market.context, area, limit, _read_cursor(cursor))
    total, excluded = people.count(question, market.context, area)
    ids = [key[2] for key in keys]
    facts = {one.id: one for one, _ in candidates.list_candidates(session, actor, today, ids)}
    found = seeker_queries.list_people_by_id(session, actor, ids)
    items = [
        PersonMatchOut(
            seeker=CandidateOut.of(found[key[2]], today),
            **_match_values(_describe(key, facts[key[2]], posting, market.context)),
        )
        for key in keys
        if key[2] in found and key[2] in facts
    ]
    return PeopleRankingOut(
        items=items,
        next=encode_cursor(keys[-1]) if len(keys) == limit else None,
        total=total,
        excluded={gate.value: count for gate, count in excluded.items()},
        formula=FORMULA_VERSION,
    )


def _describe(key: OrderKey, person: PersonFacts, posting: PostingFacts, context: MatchContext) -> Match:
    return describe_match(key, person, posting, score_pair(person, posting, context), context)


def _rank_for(session: Session, person: PersonReading, today: date, limit: int, cursor: str | None) -> Ranked:
    market = current_market(session, today)
    keys = market.rank(person.facts, limit, after=_read_cursor(cursor))
    total, excluded = market.count(person.facts)
    found = queries.list_postings_by_id(session, [key[2] for key in keys], today)
    matches = tuple(
        _describe(key, person.facts, found[key[2]], market.context) for key in keys if key[2] in found
    )
    near_misses = tuple(near_misses_in(market, person.facts)[:MOST_NEAR_MISSES])
    following = keys[-1] if len(keys) == limit else None
    return Ranked(person, Ranking(matches, total, excluded, {}), near_misses, following)


def _read_cursor(cursor: str | None) -> OrderKey | None:
    if cursor is None:
        return None
    score, turn, identity = decode_cursor(cursor, 3)
    try:
        return float(score), int(turn), int(identity)
    except (TypeError, ValueError):
        raise Invalid("翻页的记号不对，请从第一页重新看。") from None


def _ranking_out(session: Session, ranked: Ranked, today: date) -> RankingOut:
    ranking, person = ranked.ranking, ranked.person
    ids = [match.id for match in ranking.matches]
    jobs = {job.id: job for job in job_queries.list_jobs_by_id(session, ids, today)}
    names = job_queries.list_village_names(session, [job.region_code for job in jobs.values()])
    items = [
        _match_out(match, JobOut.of(jobs[match.id], names, distance_m=match.distance_m))
        for match in ranking.matches
        if match.id in jobs
    ]
    return RankingOut(
        items=items,
        next=None if ranked.following is None else encode_cursor(ranked.following),
        total=ranking.total,
        excluded={gate.value: count for gate, count in ranking.excluded.items()},
        excluded_reasons=[
            ExcludedOut(gate=gate.value, label=gate.label, count=count)
            for gate, count in ranking.excluded.items()
        ],
        near_misses=[_near_miss_out(miss) for miss in ranked.near_misses],
        understood=UnderstoodOut(
            skills=list(person.skills),
            certificates=list(person.certificates),
            occupations=list(person.occupations),
        ),
        formula=ranking.formula,
    )


def _match_out(match: Match, job: JobOut) -> MatchOut:
    return MatchOut(job=job, **_match_values(match))


def _match_values(match: Match) -> dict[str, Any]:
    return {
        "score": round(match.score, 2),
        "verdict": match.verdict,
        "verdict_label": match.verdict.label,
        "distance_km": None if match.distance_m is None else round(match.distance_m / 1000, 1),
        "parts": {name: round(part, 4) for name, part in match.parts.parts().items()},
        "reasons": [reason.text for reason in match.reasons],
        "gaps": [gap.text for gap in match.gaps],
    }


def _near_miss_out(miss: NearMiss) -> NearMissOut:
    return NearMissOut(
        kind=miss.kind,
        count=miss.count,
        text=miss.text,
        amount=miss.amount,
        code=miss.code,
        pay_from_fen=None if miss.pay_from is None else miss.pay_from // 12,
        job_ids=list(miss.ids[:MOST_NEAR_MISS_JOBS]),
    )


def describe_formula() -> FormulaOut:
    """The published formula: gates in the order they are asked, and the weights, in force now."""
    return FormulaOut(
        version=FORMULA_VERSION,
        gates=[GateOut(code=gate.value, label=gate.label) for gate, _ in GATES],
        weights=dict(WEIGHTS),
        people_weights=dict(PEOPLE_WEIGHTS),
        not_looked_at=list(NOT_LOOKED_AT),
    )


def warm_up(session: Session, today: date) -> int:
    """Read tables and postings and rank once (which compiles the search where numba is installed), so that
    the first person need not wait; return how many postings."""
    market = current_market(session, today)
    market.rank(PersonFacts(home_scope="110101001"), 1)
    market.rank(PersonFacts(home_scope="110101001001", reach="anywhere"), 1)
    compile_people_search(market.context)
    return len(market)
