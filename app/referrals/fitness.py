"""合不合适: the hard gates of matching for one person and one posting, in whatever state it is."""

from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core.clock import office_day
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.matching import candidates
from app.matching import queries as matching_queries
from app.matching.facts import USUAL_PAY, MatchContext, PersonFacts, PostingFacts, Vocabulary
from app.matching.reading.postings import PostingRow, read_posting
from app.matching.rules import gates
from app.matching.terms import Gate
from app.matching.words import OCCUPATION_WORDS
from app.seekers.models import Person

_SAME: Final = (
    *("id", "employer_id", "title", "description", "occupation_code", "region_code", "address", "x", "y"),
    *("point_is_exact", "wage_min_fen", "wage_max_fen", "wage_unit", "estimate_fen", "openings"),
    *("age_min", "age_max", "education", "profile", "board", "lodging", "starts_on", "valid_until"),
)
_LISTS: Final = ("skills", "certificates", "demands", "suits", "pickup", "shifts")


def find_closed_gate(session: Session, person: Person, job: JobPosting, today: date) -> Gate | None:
    """The first gate that shuts; None when all are open. One statement where the person's village has a
    point. `job` with its employer. A place held for somebody hired counts as taken."""
    village = matching_queries.find_village_point(session, person.region_code)
    facts = candidates.read_stored_person(person, today, village).facts
    return first_gate(facts, facts_of(job, today), today)


def first_gate(person: PersonFacts, posting: PostingFacts, today: date) -> Gate | None:
    """As `find_closed_gate`, of facts."""
    context = MatchContext(today.toordinal(), Vocabulary(0, {}, USUAL_PAY), OCCUPATION_WORDS)
    return gates.first_failed_gate(person, posting, context)


def facts_of(job: JobPosting, today: date) -> PostingFacts:
    """A stored posting, employer loaded, as the rules of matching see it."""
    employer = job.employer
    columns: dict[str, Any] = {name: getattr(job, name) for name in _SAME}
    columns |= {name: tuple(getattr(job, name)) for name in _LISTS}
    row = PostingRow(
        **columns,
        employer_kind=employer.kind.value,
        employer_verified=employer.is_verified,
        muted_until=employer.muted_until,
        answer_permille=employer.answer_permille,
        median_answer_hours=employer.median_answer_hours,
        filled=job.filled + job.held,
        confirmed_on=office_day(job.confirmed_at),
        is_open=job.state in (JobState.OPEN, JobState.FILLED),
    )
    return read_posting(row, today)
