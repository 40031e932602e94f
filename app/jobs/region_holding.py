"""岗位随区划走: postings and the places their buses serve, when a region's code or name changes."""

from sqlalchemy import Text, cast, insert, or_, select
from sqlalchemy.orm import Session

from app.core.search import spaced_characters
from app.jobs.models import JobPosting, PostingRules
from app.regions import holders
from app.regions.holders import Holder, Moving
from app.regions.models import Region

holders.hold(Holder(JobPosting.office_code, "岗位"), Holder(JobPosting.region_code))
holders.stay("posting_rules.region_code", "copied to the new code, so that undoing has nothing to take back")
_AT_ONCE = 100


@holders.follow
def copy_posting_rules(session: Session, moving: Moving) -> None:
    """A county with a new code keeps its limits; where two become one, the one that stays has its own."""
    table = PostingRules.__table__
    rows = session.execute(select(table).where(table.c.region_code.in_(list(moving.moves)))).mappings().all()
    kept = set(
        session.scalars(select(table.c.region_code).where(table.c.region_code.in_(moving.moves.values())))
    )
    for row in rows:
        new = moving.moves[row["region_code"]]
        if new not in kept:
            session.execute(insert(PostingRules).values(dict(row) | {"region_code": new}))
            kept.add(new)


@holders.follow
def move_stops(session: Session, moving: Moving) -> None:
    """Buses stop at the same places, whatever their codes."""
    codes = list(moving.moves)
    stops = cast(JobPosting.pickup, Text)
    for start in range(0, len(codes), _AT_ONCE):
        part = codes[start : start + _AT_ONCE]
        touched = or_(*(stops.contains(f'"{code}"') for code in part))
        for job in session.scalars(select(JobPosting).where(touched)).all():
            job.pickup = sorted({moving.moves.get(code, code) for code in job.pickup})
    session.flush()


@holders.follow
def add_search_words(session: Session, moving: Moving) -> None:
    """Postings are found by the place's new name, and go on being found by the old one."""
    names = dict(
        session.execute(
            select(Region.code, Region.name).where(
                Region.code.in_({*moving.moves.values(), *moving.renamed}), Region.retired_on.is_(None)
            )
        ).all()
    )
    for code, name in names.items():
        words = spaced_characters(name)
        width = holders.width_of(session, code)
        inside = JobPosting.region_code.startswith(code[:width])
        jobs = select(JobPosting).where(inside, ~JobPosting.search_text.contains(words, autoescape=True))
        for job in session.scalars(jobs).all():
            job.search_text = f"{job.search_text} {words}"
    session.flush()
