"""排对子: pairs by the assignment of matching, and what the meeting sets or rules out by hand.

What is set by hand stands and what is ruled out stays out; the assignment gives out the rest around them.
"""

from collections import Counter
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.core.errors import Forbidden
from app.matching import candidates
from app.matching import queries as matching_queries
from app.matching.index.following import current_market
from app.referrals.errors import GateClosed
from app.referrals.guards import AGAIN, TOO_MANY
from app.referrals.recommending import queries as recommending
from app.referrals.recommending.describing import describe_pairs
from app.referrals.recommending.giving import MOST_EACH, InHand, give_out, narrow
from app.referrals.sessions import policies, queries
from app.referrals.sessions.errors import PairSettled, SessionClosed, SessionNotFound
from app.referrals.sessions.models import MatchingSession, SessionPair
from app.referrals.sessions.service import get_to_run
from app.referrals.sessions.terms import PairKind

_WHOLE: Final = 100


def propose(
    session: Session, actor: Actor, session_id: int, *, version: int | None, clock: Clock
) -> MatchingSession:
    """Works the pairs out anew around what was sent, set and ruled out by hand. The gap is certified for what
    was given out; households without a worker go first. Raises SessionNotFound, Forbidden, SessionClosed,
    Stale."""
    row = get_to_run(session, actor, session_id)
    queries.count_up(session, row, version)
    queries.delete_proposed(session, row.id)
    today = clock.today()
    brought = queries.list_brought_ids(session, row.id)
    people = candidates.list_candidates(session, SYSTEM, today, brought)
    jobs = [posting.job_id for posting, _ in queries.list_postings(session, row.id)]
    facts = matching_queries.list_postings_by_id(session, jobs, today)
    market = narrow(current_market(session, today), list(facts.values()))
    kept = queries.list_pairs(session, row.id)
    given = give_out(market, people, _rooms(session, row, kept), _in_hand(session, kept, brought, clock))
    rows = [
        {
            "session_id": row.id,
            "person_id": pair.person_id,
            "job_id": pair.job_id,
            "kind": PairKind.PROPOSED,
            "goes_first": pair.goes_first,
            "made_at": clock.now(),
        }
        for pair in given.pairs
    ]
    if rows:
        session.execute(insert(SessionPair), rows)
    row.proposed_at, row.total, row.bound = clock.now(), given.total, given.bound
    session.flush()
    return row


def _rooms(session: Session, row: MatchingSession, kept: list[SessionPair]) -> dict[int, int]:
    """Posting -> how many people it still takes: its free places, oversent, less those set by hand and those
    sent from here."""
    brought = {posting.job_id for posting, _ in queries.list_postings(session, row.id)}
    taken = Counter(queries.count_sent(session, row.id))
    taken.update(pair.job_id for pair in kept if pair.kind is PairKind.PINNED and pair.referral_id is None)
    return {
        job_id: max(0, -(-left * row.oversend_percent // _WHOLE) - taken[job_id])
        for job_id, left in recommending.places_left(session).items()
        if job_id in brought
    }


def _in_hand(session: Session, kept: list[SessionPair], brought: set[int], clock: Clock) -> InHand:
    """What people have in hand outside this session, and what the meeting set or ruled out in it."""
    outside = recommending.read_in_hand(session, clock.now(), brought)
    waiting = Counter(outside.waiting)
    waiting.update(
        pair.person_id for pair in kept if pair.kind is PairKind.PINNED and pair.referral_id is None
    )
    return InHand(waiting, outside.barred | {(pair.person_id, pair.job_id) for pair in kept})


def decide_pair(
    session: Session,
    actor: Actor,
    session_id: int,
    person_id: int,
    job_id: int,
    kind: PairKind | None,
    *,
    version: int | None,
    clock: Clock,
) -> SessionPair | None:
    """Sets a pair by hand, rules it out, or (None, PROPOSED) takes such a word back: what was set by hand is
    then a proposal again, what was ruled out may come back with the next one. Decided so before, nothing
    happens.

    Raises SessionNotFound (also: not on the lists), Forbidden, SessionClosed, PairSettled, Stale, GateClosed
    (a hard gate shuts, or the person has three already).
    """
    row = queries.get_session(session, actor, session_id, to_change=True)
    person = next(
        (each for each in queries.list_brought(session, actor, row.id) if each.id == person_id), None
    )
    if person is None or queries.find_posting_row(session, row.id, job_id) is None:
        raise SessionNotFound("这个人或者这个活不在这场会上。")
    if not policies.may_decide_pair(actor, row.region_code, person.region_code):
        raise Forbidden("这一对由带人来的镇里，或者开会的县里来定。")
    if not row.is_open:
        raise SessionClosed
    pair = queries.find_pair(session, row.id, person_id, job_id)
    if pair is not None and pair.referral_id is not None:
        raise PairSettled
    wanted = None if kind is PairKind.PROPOSED else kind
    now_kind = None if pair is None or pair.kind is PairKind.PROPOSED else pair.kind
    if wanted is now_kind:
        return pair
    goes_first = pair is not None and pair.goes_first
    if wanted is PairKind.PINNED:
        goes_first = _require_fitting(session, row, person_id, job_id, clock)
    queries.count_up(session, row, version)
    if pair is None:
        pair = SessionPair(
            session_id=row.id, person_id=person_id, job_id=job_id, made_at=clock.now(), kind=PairKind.PROPOSED
        )
        session.add(pair)
    if wanted is None and pair.kind is PairKind.FORBIDDEN:
        session.delete(pair)
        session.flush()
        return None
    pair.kind, pair.goes_first = wanted or PairKind.PROPOSED, goes_first
    pair.skipped_gate, pair.skipped_why, pair.settled_at = "", "", None
    session.flush()
    return pair


def _require_fitting(
    session: Session, row: MatchingSession, person_id: int, job_id: int, clock: Clock
) -> bool:
    """A pair set by hand passes every gate that sending it will ask: the meeting hears of it at once. Returns
    whether nobody of the household works."""
    today = clock.today()
    found = candidates.list_candidates(session, SYSTEM, today, [person_id])
    people = {person.id: person for person, _ in found}
    words = describe_pairs(session, people, [(person_id, job_id)], today)[person_id, job_id]
    if words.shut:
        raise GateClosed("gate", f"这一对定不了：{words.shut}。")
    in_hand = recommending.read_in_hand(session, clock.now(), [person_id])
    if (person_id, job_id) in in_hand.barred:
        raise GateClosed(AGAIN, "这个岗位推荐过给这个人了，先等等回话。")
    pinned = sum(
        pair.kind is PairKind.PINNED and pair.referral_id is None
        for pair in queries.list_pairs(session, row.id, people=[person_id])
    )
    if pinned + in_hand.waiting.get(person_id, 0) >= MOST_EACH:
        raise GateClosed(TOO_MANY, "给这个人定了 3 个了，先去掉一个。")
    return not any(household.anyone_employed for _, household in found)
