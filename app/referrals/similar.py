"""差不多的活: three others like a posting that is gone, for the person who wanted it."""

from datetime import date

from sqlalchemy.orm import Session

from app.jobs.models import JobPosting
from app.matching import candidates
from app.matching import queries as matching_queries
from app.matching.facts import MatchContext, Vocabulary
from app.matching.reference import rank_postings
from app.matching.words import OCCUPATION_WORDS
from app.referrals.rules import SIMILAR_POSTINGS
from app.seekers.models import Person


def find_similar(session: Session, person: Person, job: JobPosting, today: date) -> list[int]:
    """Ids of up to three postings that fit the person, those of the same line of work first; never the one
    that is gone. Two statements."""
    postings = [p for p in matching_queries.list_live_postings(session, today) if p.id != job.id]
    if not postings:
        return []
    village = matching_queries.find_village_point(session, person.region_code)
    facts = candidates.read_stored_person(person, today, village).facts
    context = MatchContext(today.toordinal(), Vocabulary.from_postings(postings), OCCUPATION_WORDS)
    ranking = rank_postings(facts, postings, context, limit=30)
    group = (job.occupation_code or "")[:4]
    by_id = {posting.id: posting for posting in postings}

    def is_other_line(job_id: int) -> bool:
        return not group or not (by_id[job_id].occupation_code or "").startswith(group)

    ids = sorted((match.id for match in ranking.matches), key=is_other_line)
    return ids[:SIMILAR_POSTINGS]
