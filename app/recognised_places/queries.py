"""认定查询: the only place with conditions on recognised places; head-counts and pay from verified spells."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.employers.models import Employer
from app.employers.queries import is_shown
from app.jobs import queries as job_queries
from app.jobs.models import JobPosting
from app.jobs.queries import lies_in
from app.recognised_places.errors import PlaceNotFound
from app.recognised_places.models import PlaceReview, PlaceSupport, RecognisedPlace
from app.recognised_places.rules import HOUSEHOLDS, Figures
from app.recognised_places.terms import PlaceKind
from app.referrals.spells.models import EmploymentAnswer, EmploymentSpell
from app.referrals.terms import VerifiedLevel
from app.regions.scope import scope_prefix
from app.seekers.models import Household, Person
from app.seekers.queries import is_kept
from app.seekers.terms import LabourClass

VERIFIED: Final = (VerifiedLevel.VILLAGE_CHECKED, VerifiedLevel.PROVEN, VerifiedLevel.MATCHED)
"""What somebody only said themselves is not counted."""


def _places() -> Select[RecognisedPlace]:
    return (
        select(RecognisedPlace)
        .join(Employer, Employer.id == RecognisedPlace.employer_id)
        .options(contains_eager(RecognisedPlace.employer))
    )


def visible_places(actor: Actor) -> Select[RecognisedPlace]:
    """Places `actor` may see in the register, each with its employer."""
    prefixes = reading_prefixes(actor, Resource.RECOGNISED_PLACE)
    ways = [lies_in(RecognisedPlace.office_code, prefix) for prefix in prefixes]
    own = sorted(actor.employer_ids)
    if own:
        ways.append(RecognisedPlace.employer_id.in_(own))
    return _places().where(or_(*ways) if ways else false())


def get_place(session: Session, actor: Actor, place_id: int) -> RecognisedPlace:
    """One place, freshly read. Raises PlaceNotFound."""
    statement = visible_places(actor).where(RecognisedPlace.id == place_id)
    place = session.scalar(statement.execution_options(populate_existing=True))
    if place is None:
        raise PlaceNotFound
    return place


def list_places(
    session: Session,
    actor: Actor,
    *,
    region_code: str | None = None,
    kind: PlaceKind | None = None,
    due_by: date | None = None,
    employer_id: int | None = None,
    with_withdrawn: bool = False,
    limit: int = 500,
) -> list[RecognisedPlace]:
    """Places of the register, those whose review is due first on top. Raises UnknownRegion."""
    statement = visible_places(actor)
    if region_code is not None:
        statement = statement.where(lies_in(RecognisedPlace.region_code, scope_prefix(region_code)))
    if kind is not None:
        statement = statement.where(RecognisedPlace.kind == kind)
    if due_by is not None:
        statement = statement.where(RecognisedPlace.review_due_on <= due_by)
    if employer_id is not None:
        statement = statement.where(RecognisedPlace.employer_id == employer_id)
    if not with_withdrawn:
        statement = statement.where(RecognisedPlace.withdrawn_on.is_(None))
    order = (RecognisedPlace.review_due_on, RecognisedPlace.id)
    return list(session.scalars(statement.order_by(*order).limit(limit)))


def count_due(session: Session, actor: Actor, due_by: date) -> int:
    """How many places in the actor's register are due for their review by a day."""
    statement = visible_places(actor).where(
        RecognisedPlace.withdrawn_on.is_(None), RecognisedPlace.review_due_on <= due_by
    )
    return session.scalar(statement.with_only_columns(func.count())) or 0


def list_points(session: Session, place_id: int) -> list[RecognisedPlace]:
    """The X of 1+X. The caller has made sure that the headquarters may be seen."""
    statement = _places().where(
        RecognisedPlace.headquarters_id == place_id, RecognisedPlace.withdrawn_on.is_(None)
    )
    return list(session.scalars(statement.order_by(RecognisedPlace.id)))


def list_reviews(session: Session, place_id: int) -> list[PlaceReview]:
    """The reviews of a place, the latest first. The caller has made sure it may be seen."""
    statement = select(PlaceReview).where(PlaceReview.place_id == place_id)
    return list(session.scalars(statement.order_by(PlaceReview.id.desc())))


def list_supports(session: Session, place_ids: Collection[int]) -> list[PlaceSupport]:
    """The support places got, the latest first. The caller has made sure they may be seen."""
    statement = select(PlaceSupport).where(PlaceSupport.place_id.in_(place_ids))
    return list(session.scalars(statement.order_by(PlaceSupport.received_on.desc(), PlaceSupport.id.desc())))


def _at_work() -> ColumnElement[bool]:
    return and_(EmploymentSpell.ends_on.is_(None), EmploymentSpell.level.in_(VERIFIED), is_kept(Person))


def count_workers(session: Session, employer_ids: Sequence[int]) -> dict[int, Figures]:
    """Who works at each employer by verified running spells, by class and kind of household, and what they
    earn on average by the latest verified answer of each. Everything as it is; what may be told is
    `rules.shown`'s business. Two statements."""
    if not employer_ids:
        return {}
    kinds = cast(Household.kinds, Text)
    marks = [case((kinds.contains(f'"{kind.value}"'), 1), else_=0) for kind in HOUSEHOLDS]
    workers = (
        select(
            EmploymentSpell.employer_id.label("employer_id"),
            Person.id.label("person_id"),
            Person.labour_class.label("labour_class"),
            *(mark.label(kind.value) for mark, kind in zip(marks, HOUSEHOLDS, strict=True)),
        )
        .join(Person, Person.id == EmploymentSpell.person_id)
        .join(Household, Household.id == Person.household_id)
        .where(EmploymentSpell.employer_id.in_(employer_ids), _at_work())
        .distinct()
        .subquery()
    )
    sums = [func.coalesce(func.sum(workers.c[kind.value]), 0) for kind in HOUSEHOLDS]
    rows = session.execute(
        select(workers.c.employer_id, workers.c.labour_class, func.count(), *sums).group_by(
            workers.c.employer_id, workers.c.labour_class
        )
    )
    classes: dict[int, dict[LabourClass, int]] = {employer_id: {} for employer_id in employer_ids}
    households: dict[int, list[int]] = {employer_id: [0] * len(HOUSEHOLDS) for employer_id in employer_ids}
    for employer_id, labour_class, number, *marked in rows:
        classes[employer_id][labour_class] = int(number)
        before = households[employer_id]
        households[employer_id] = [old + int(new) for old, new in zip(before, marked, strict=True)]
    pay = _average_pay(session, employer_ids)
    return {
        employer_id: Figures(
            sum(classes[employer_id].values()),
            dict(classes[employer_id]),
            dict(zip(HOUSEHOLDS, households[employer_id], strict=True)),
            *pay.get(employer_id, (None, 0)),
        )
        for employer_id in employer_ids
    }


def _average_pay(session: Session, employer_ids: Sequence[int]) -> dict[int, tuple[int | None, int]]:
    latest = (
        select(func.max(EmploymentAnswer.id))
        .where(EmploymentAnswer.level.in_(VERIFIED), EmploymentAnswer.wage_fen.is_not(None))
        .group_by(EmploymentAnswer.spell_id)
    )
    rows = session.execute(
        select(EmploymentSpell.employer_id, func.sum(EmploymentAnswer.wage_fen), func.count())
        .join(EmploymentAnswer, EmploymentAnswer.spell_id == EmploymentSpell.id)
        .join(Person, Person.id == EmploymentSpell.person_id)
        .where(EmploymentSpell.employer_id.in_(employer_ids), _at_work(), EmploymentAnswer.id.in_(latest))
        .group_by(EmploymentSpell.employer_id)
    )
    return {
        employer_id: (int(total or 0) // number, number)
        for employer_id, total, number in rows
        if employer_id is not None
    }


def list_public_places(session: Session, prefix: str, limit: int) -> list[RecognisedPlace]:
    """Recognised places of verified employers under a region prefix, for everybody."""
    statement = _places().where(
        RecognisedPlace.withdrawn_on.is_(None), is_shown(), lies_in(RecognisedPlace.region_code, prefix)
    )
    return list(
        session.scalars(statement.order_by(RecognisedPlace.region_code, RecognisedPlace.id).limit(limit))
    )


def list_open_jobs_of(
    session: Session, employer_ids: Collection[int], today: date
) -> dict[int, list[JobPosting]]:
    """The open postings of employers, the newest first. One statement."""
    found: dict[int, list[JobPosting]] = {employer_id: [] for employer_id in employer_ids}
    statement = job_queries.public_jobs(today).where(JobPosting.employer_id.in_(employer_ids))
    for job in session.scalars(statement.order_by(JobPosting.published_at.desc(), JobPosting.id)):
        found[job.employer_id].append(job)
    return found
