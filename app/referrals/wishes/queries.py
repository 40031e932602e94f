"""报名查询: the only place with conditions on wishes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.crypto import FieldCipher, Place
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.referrals.models import Referral
from app.referrals.wishes.errors import WishNotFound
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.terms import WishState
from app.regions.scope import scope_prefix
from app.seekers import queries as seeker_queries
from app.seekers import sealing
from app.seekers.models import Person
from app.seekers.queries import lies_in_any


def _wishes() -> Select[JobWish]:
    return (
        select(JobWish)
        .join(JobPosting, JobPosting.id == JobWish.job_id)
        .join(Employer, Employer.id == JobPosting.employer_id)
        .options(contains_eager(JobWish.job).contains_eager(JobPosting.employer))
    )


def visible_wishes(actor: Actor) -> Select[JobWish]:
    """Wishes whose place lies in `actor`'s area, posting and employer loaded."""
    return _wishes().where(lies_in_any(JobWish.region_code, reading_prefixes(actor, Resource.REFERRAL)))


def list_waiting(
    session: Session, actor: Actor, *, region_code: str | None = None, limit: int = 50
) -> Sequence[JobWish]:
    """Wishes that wait for a call, what is due first on top. Raises UnknownRegion."""
    statement = _wishes().where(*_waits(actor, region_code))
    return session.scalars(statement.order_by(JobWish.due_at, JobWish.id).limit(limit)).all()


def count_waiting(session: Session, actor: Actor, *, region_code: str | None = None) -> int:
    """How many `list_waiting` has in all. Raises UnknownRegion."""
    statement = select(func.count()).select_from(JobWish).where(*_waits(actor, region_code))
    return session.scalar(statement) or 0


def _waits(actor: Actor, region_code: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        JobWish.state == WishState.WAITING,
        lies_in_any(JobWish.region_code, reading_prefixes(actor, Resource.REFERRAL)),
    ]
    if region_code is not None:
        conditions.append(lies_in_any(JobWish.region_code, [scope_prefix(region_code)]))
    return conditions


def get_wish(session: Session, actor: Actor, wish_id: int) -> JobWish:
    """One wish of the actor's area. Raises WishNotFound."""
    found = session.scalar(visible_wishes(actor).where(JobWish.id == wish_id))
    if found is None:
        raise WishNotFound
    return found


def get_by_receipt(session: Session, wish_id: int, since: datetime) -> JobWish:
    """The wish of a receipt whose signature was good. Raises WishNotFound for one from before `since`."""
    found = session.scalar(_wishes().where(JobWish.id == wish_id, JobWish.created_at >= since))
    if found is None:
        raise WishNotFound
    return found


def find_by_form(session: Session, form_key: str) -> JobWish | None:
    """What this filling-in of the form made before."""
    return session.scalar(_wishes().where(JobWish.form_key == form_key))


def find_waiting(session: Session, job_id: int, name: str, phone_indexes: Sequence[str]) -> JobWish | None:
    """The same person's wish for the same posting that still waits."""
    return session.scalar(
        _wishes().where(
            JobWish.job_id == job_id,
            JobWish.name == name,
            JobWish.phone_index.in_(phone_indexes),
            JobWish.state == WishState.WAITING,
        )
    )


def list_of_user(session: Session, user_id: int, limit: int = 20) -> Sequence[JobWish]:
    """What an account asked for while signed in, the newest first."""
    statement = _wishes().where(JobWish.user_id == user_id).order_by(JobWish.id.desc())
    return session.scalars(statement.limit(limit)).all()


def list_likely_people(
    session: Session, actor: Actor, wish: JobWish, cipher: FieldCipher
) -> Sequence[Person]:
    """People of the actor's area whose phone is the wish's, or whose name is and who live in its place;
    the phone's first. At most ten."""
    phone = open_phone(wish, cipher)
    by_phone = Person.phone_index.in_(sealing.phone_indexes(phone, cipher)) if phone else None
    here = (Person.name == wish.name) & lies_in_any(Person.region_code, [scope_prefix(wish.region_code)])
    statement = seeker_queries.visible_people(actor).where(here if by_phone is None else here | by_phone)
    order = [Person.id] if by_phone is None else [by_phone.desc(), Person.id]
    return session.scalars(statement.where(Person.closed_at.is_(None)).order_by(*order).limit(10)).all()


def open_phone(wish: JobWish, cipher: FieldCipher) -> str | None:
    """The number to call back; None when it was forgotten. Raises Unsealable."""
    if wish.phone is None:
        return None
    return cipher.open(wish.phone, Place("job_wishes", "phone", wish.id))


def forget_phones(session: Session, before: datetime) -> int:
    """Empties the numbers of wishes settled before a moment; returns how many."""
    done = session.execute(
        update(JobWish)
        .where(JobWish.settled_at < before, JobWish.phone.is_not(None))
        .values(phone=None, phone_index=None, form_key=_forgotten_key())
    )
    return int(getattr(done, "rowcount", 0))


def _forgotten_key() -> ColumnElement[str]:
    """A key follows from name and phone; what stands in its place says nothing."""
    return literal("forgotten ") + cast(JobWish.id, String)


def forget_person(session: Session, person: Person, phone: str | None, cipher: FieldCipher) -> None:
    """Takes name and phone out of what a person asked for, with a file or without: by the referrals that came
    of it, and by name and phone. What still waits is not called."""
    ways: list[ColumnElement[bool]] = [
        JobWish.referral_id.in_(select(Referral.id).where(Referral.person_id == person.id))
    ]
    if phone is not None:
        same_phone = JobWish.phone_index.in_(sealing.phone_indexes(phone, cipher))
        ways.append(and_(JobWish.name == person.name, same_phone))
    session.execute(
        update(JobWish)
        .where(or_(*ways), JobWish.state == WishState.WAITING)
        .values(state=WishState.WITHDRAWN, settled_at=func.coalesce(JobWish.settled_at, JobWish.created_at))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(JobWish)
        .where(or_(*ways))
        .values(name="", phone=None, phone_index=None, form_key=_forgotten_key())
        .execution_options(synchronize_session=False)
    )
