"""一个不落: whoever got none of their best postings is ranked again on those that still have room, until
nobody is left for whom there is one (DOMAIN D3)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from app.matching import queries as matching_queries
from app.matching.index.market import PostingMarket
from app.referrals.recommending.giving import Candidate, GivenOut, InHand, give_out, narrow
from app.referrals.recommending.terms import LeftOutReason

ReadPeople = Callable[[Sequence[int]], Sequence[Candidate]]
ReadMarket = Callable[[], PostingMarket]


def give_remaining(
    session: Session,
    given: GivenOut,
    rooms: Mapping[int, int],
    in_hand: InHand,
    today: date,
    *,
    read_people: ReadPeople,
    read_market: ReadMarket,
) -> GivenOut:
    """What was given out, and what is given to those who got nothing, though more than they listed may fit.
    The bound is then that of each round on the lists of that round."""
    while waiting := sorted(
        person for person, why in given.left_out.items() if why is not LeftOutReason.NOTHING_FITS
    ):
        taken = Counter(pair.job_id for pair in given.pairs)
        left = {job_id: room - taken[job_id] for job_id, room in rooms.items() if room > taken[job_id]}
        postings = matching_queries.list_postings_by_id(session, left, today)
        more = give_out(narrow(read_market(), list(postings.values())), read_people(waiting), left, in_hand)
        if not more.pairs:
            break
        found = {pair.person_id for pair in more.pairs}
        given = replace(
            given,
            pairs=given.pairs + more.pairs,
            total=given.total + more.total,
            bound=given.bound + more.bound,
            left_out={person: why for person, why in given.left_out.items() if person not in found},
        )
    return given
