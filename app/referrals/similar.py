"""差不多的活: three others like a posting that is gone, for the person who wanted it."""

from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.jobs.models import JobPosting
from app.matching import candidates
from app.matching import queries as matching_queries
from app.matching.index.following import current_market
from app.referrals.rules import SIMILAR_POSTINGS
from app.seekers.models import Person

_LOOKED_AT: Final = 30


def find_similar(session: Session, person: Person, job: JobPosting, today: date) -> list[int]:
    """Ids of up to three postings that fit the person, those of the same line of work first; never the one
    that is gone."""
    village = matching_queries.find_village_point(session, person.region_code)
    facts = candidates.read_stored_person(person, today, village).facts
    ranked = current_market(session, today).rank(facts, _LOOKED_AT)
    fitting = [job_id for _, _, job_id in ranked if job_id != job.id]
    by_id = matching_queries.list_postings_by_id(session, fitting, today)
    group = (job.occupation_code or "")[:4]

    def is_other_line(job_id: int) -> bool:
        return not group or not (by_id[job_id].occupation_code or "").startswith(group)

    return sorted((job_id for job_id in fitting if job_id in by_id), key=is_other_line)[:SIMILAR_POSTINGS]
