"""会上的大屏: a session as `actor` sees it: people of their area with their pairs, the postings, the sums.

Names are masked unless whole ones are asked for by somebody who may put them on a screen.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.jobs.models import JobPosting
from app.matching import candidates
from app.matching.facts import HouseholdFacts, PersonFacts
from app.matching.index.following import current_market
from app.matching.index.near import near_misses_in
from app.referrals.models import Referral
from app.referrals.recommending.describing import PairWords, describe_pairs
from app.referrals.sessions import policies, queries
from app.referrals.sessions.models import MatchingSession, SessionPair, SessionPosting
from app.referrals.sessions.terms import PairKind
from app.seekers.masking import mask_name
from app.seekers.models import Person

MOST_HELPED: Final = 30
"""For so many of those without a pair the next step is worked out: it costs milliseconds each."""
_STEPS: Final = 2


@dataclass(frozen=True)
class PairLine:
    """一对, as it stands: `words` as things are now, `referral` what came of it."""

    pair: SessionPair
    job: JobPosting
    words: PairWords
    referral: Referral | None

    @property
    def is_sent(self) -> bool:
        return self.referral is not None

    @property
    def needs_word(self) -> bool:
        """Whether the meeting should look at it before it goes out: it does not fit any more, or the firm
        leaves people without an answer. What is only to be asked of the person, the offer asks."""
        undecided = self.pair.kind is PairKind.PROPOSED and not self.is_sent
        return undecided and bool(self.words.shut or self.words.is_slow)


@dataclass(frozen=True)
class PersonLine:
    """到会的一个人. `steps`: what would open postings for who has no pair."""

    id: int
    name: str
    region_code: str
    goes_first: bool
    waiting_days: int
    is_seeking: bool
    may_decide: bool
    pairs: tuple[PairLine, ...]
    ruled_out: tuple[PairLine, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostingLine:
    """到会的一个活: how many it still takes, and to how many it is given."""

    posting: SessionPosting
    job: JobPosting
    left: int
    given: int


@dataclass(frozen=True)
class Sums:
    """会上的数: of the people the actor sees. `elsewhere` are brought by others."""

    people: int = 0
    first_people: int = 0
    elsewhere: int = 0
    postings: int = 0
    places: int = 0
    pairs: int = 0
    helped: int = 0
    undecided: int = 0
    sent: int = 0
    sent_people: int = 0
    skipped: int = 0

    @property
    def unhelped(self) -> int:
        return self.people - self.helped

    @property
    def open(self) -> int:
        """Pairs that could go out now."""
        return self.pairs - self.sent


@dataclass(frozen=True)
class Board:
    """大屏."""

    session: MatchingSession
    people: tuple[PersonLine, ...]
    postings: tuple[PostingLine, ...]
    sums: Sums
    has_full_names: bool
    may_show_names: bool
    is_behind: bool
    """Whether people or postings changed since the pairs were worked out."""


def show_board(
    session: Session, actor: Actor, session_id: int, clock: Clock, *, full_names: bool = False
) -> Board:
    """The session with everything on it. Raises SessionNotFound."""
    row = queries.get_session(session, actor, session_id)
    people = queries.list_brought(session, actor, row.id)
    ids = {person.id for person in people}
    found = candidates.list_candidates(session, SYSTEM, clock.today(), ids)
    brought = queries.list_postings(session, row.id)
    may_show = any(policies.sees_names(actor, person.region_code) for person in people)
    drawer = _Drawer(session, actor, row, clock.today(), full_names and may_show)
    lines = drawer.people(people, {person.id: (person, household) for person, household in found}, brought)
    given = Counter(line.pair.job_id for person in lines for line in person.pairs)
    postings = tuple(
        PostingLine(posting, job, max(job.openings - job.filled - job.held, 0), given[job.id])
        for posting, job in brought
    )
    elsewhere = queries.count_brought(session, row.id) - len(people)
    return Board(
        row,
        lines,
        postings,
        _sums(lines, postings, max(elsewhere, 0)),
        full_names and may_show,
        may_show,
        row.proposed_at is not None and row.roster_at > row.proposed_at,
    )


def _sums(people: tuple[PersonLine, ...], postings: tuple[PostingLine, ...], elsewhere: int) -> Sums:
    lines = [line for person in people for line in person.pairs]
    return Sums(
        people=len(people),
        first_people=sum(person.goes_first for person in people),
        elsewhere=elsewhere,
        postings=len(postings),
        places=sum(line.left for line in postings),
        pairs=len(lines),
        helped=sum(bool(person.pairs) for person in people),
        undecided=sum(line.needs_word for line in lines),
        sent=sum(line.is_sent for line in lines),
        sent_people=sum(any(line.is_sent for line in person.pairs) for person in people),
        skipped=sum(bool(line.pair.skipped_why) for line in lines),
    )


class _Drawer:
    """Puts the lines of people together."""

    def __init__(
        self, session: Session, actor: Actor, row: MatchingSession, today: date, full_names: bool
    ) -> None:
        self.session, self.actor, self.row, self.today = session, actor, row, today
        self.full_names = full_names
        self.helped = 0

    def people(
        self,
        people: list[Person],
        facts: dict[int, tuple[PersonFacts, HouseholdFacts]],
        brought: list[tuple[SessionPosting, JobPosting]],
    ) -> tuple[PersonLine, ...]:
        """Households without a worker first, then who waits longest."""
        pairs = queries.list_pairs(self.session, self.row.id, people={person.id for person in people})
        jobs = {job.id: job for _, job in brought}
        pairs = [pair for pair in pairs if pair.job_id in jobs]
        words = describe_pairs(
            self.session,
            {person_id: of[0] for person_id, of in facts.items()},
            [(pair.person_id, pair.job_id) for pair in pairs],
            self.today,
        )
        referrals = queries.referrals_of(self.session, pairs)
        by_person: dict[int, list[PairLine]] = {}
        for pair in pairs:
            line = PairLine(
                pair,
                jobs[pair.job_id],
                words[pair.person_id, pair.job_id],
                referrals.get(pair.referral_id or 0),
            )
            by_person.setdefault(pair.person_id, []).append(line)
        lines = [
            self._person(person, facts.get(person.id), by_person.get(person.id, [])) for person in people
        ]
        return tuple(sorted(lines, key=lambda line: (not line.goes_first, -line.waiting_days, line.id)))

    def _person(
        self, person: Person, facts: tuple[PersonFacts, HouseholdFacts] | None, lines: list[PairLine]
    ) -> PersonLine:
        kept = sorted(
            (line for line in lines if line.pair.kind is not PairKind.FORBIDDEN),
            key=lambda line: (not line.is_sent, line.pair.kind is not PairKind.PINNED, -line.words.score),
        )
        whole = self.full_names and policies.sees_names(self.actor, person.region_code)
        return PersonLine(
            person.id,
            person.name if whole else mask_name(person.name),
            person.region_code,
            facts is not None and not facts[1].anyone_employed,
            facts[1].waiting_days if facts is not None else 0,
            facts is not None,
            policies.may_decide_pair(self.actor, self.row.region_code, person.region_code),
            tuple(kept),
            tuple(line for line in lines if line.pair.kind is PairKind.FORBIDDEN),
            self._steps(facts[0]) if facts is not None and not kept and self.row.proposed_at else (),
        )

    def _steps(self, person: PersonFacts) -> tuple[str, ...]:
        """What would open postings for somebody, near misses of the whole market."""
        if self.helped >= MOST_HELPED:
            return ()
        self.helped += 1
        misses = near_misses_in(current_market(self.session, self.today), person)
        return tuple(miss.text for miss in misses[:_STEPS])
