"""务工与回访查询: the only place with conditions on spells, checks, answers and call-backs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.core.pagination import SortKey, paginate
from app.referrals.errors import CheckNotFound, SpellNotFound
from app.referrals.models import Referral
from app.referrals.queries import lies_in
from app.referrals.spells.models import CallBack, EmploymentAnswer, EmploymentSpell, FollowUpCheck
from app.referrals.terms import CallBackCause
from app.regions.scope import scope_prefix
from app.seekers.access.ties import is_own
from app.seekers.models import Household, Person
from app.seekers.queries import is_kept


def may_see_person(actor: Actor) -> ColumnElement[bool]:
    """Condition on people: their work and checks are in the actor's area, or the actor's own."""
    if actor.is_system:
        return true()
    inside = lies_in(reading_prefixes(actor, Resource.REFERRAL))
    if actor.user_id is None or actor.is_staff:
        return inside
    return or_(inside, is_own(actor.user_id))


def visible_spells(actor: Actor) -> Select[EmploymentSpell]:
    """Spells `actor` may read, person and household loaded."""
    return (
        select(EmploymentSpell)
        .join(Person, Person.id == EmploymentSpell.person_id)
        .join(Household, Household.id == Person.household_id)
        .options(contains_eager(EmploymentSpell.person).contains_eager(Person.household))
        .where(may_see_person(actor), is_kept(Person))
    )


def visible_checks(actor: Actor) -> Select[FollowUpCheck]:
    """Checks `actor` may read, spell, person and household loaded."""
    return (
        select(FollowUpCheck)
        .join(EmploymentSpell, EmploymentSpell.id == FollowUpCheck.spell_id)
        .join(Person, Person.id == FollowUpCheck.person_id)
        .join(Household, Household.id == Person.household_id)
        .options(
            contains_eager(FollowUpCheck.spell),
            contains_eager(FollowUpCheck.person).contains_eager(Person.household),
        )
        .where(may_see_person(actor), is_kept(Person))
    )


def get_spell(session: Session, actor: Actor, spell_id: int) -> EmploymentSpell:
    """One spell, freshly read. Raises SpellNotFound."""
    spell = session.scalar(
        visible_spells(actor).where(EmploymentSpell.id == spell_id).execution_options(populate_existing=True)
    )
    if spell is None:
        raise SpellNotFound
    return spell


def get_check(session: Session, actor: Actor, check_id: int) -> FollowUpCheck:
    """One check, freshly read. Raises CheckNotFound."""
    check = session.scalar(
        visible_checks(actor).where(FollowUpCheck.id == check_id).execution_options(populate_existing=True)
    )
    if check is None:
        raise CheckNotFound
    return check


@dataclass(frozen=True)
class CheckFilters:
    """回访筛选: open checks due up to a day, or `overdue_by` days past their window; of a spell: all."""

    due_until: datetime | None = None
    overdue_by: int | None = None
    region_code: str | None = None
    spell_id: int | None = None


def list_checks(
    session: Session,
    actor: Actor,
    filters: CheckFilters,
    today: date,
    *,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[FollowUpCheck], str | None]:
    """One page, what is due first; one statement. Raises UnknownRegion."""
    statement = visible_checks(actor)
    if filters.spell_id is not None:
        statement = statement.where(FollowUpCheck.spell_id == filters.spell_id)
    else:
        statement = statement.where(FollowUpCheck.settled_at.is_(None))
    if filters.due_until is not None:
        statement = statement.where(FollowUpCheck.due_at <= filters.due_until)
    if filters.overdue_by is not None:
        last_day = today - timedelta(days=filters.overdue_by)
        statement = statement.where(FollowUpCheck.closes_on < last_day)
    if filters.region_code is not None:
        statement = statement.where(lies_in([scope_prefix(filters.region_code)]))
    table = FollowUpCheck.__table__.c
    return paginate(
        session,
        statement,
        [SortKey(table.due_at), SortKey(table.id)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda check: (check.due_at.isoformat(), check.id),
        parse=(datetime.fromisoformat, int),
    )


def list_open_checks(session: Session, spell_id: int) -> list[FollowUpCheck]:
    """The checks of a spell that nobody has answered, in their order."""
    return list(
        session.scalars(
            select(FollowUpCheck)
            .where(FollowUpCheck.spell_id == spell_id, FollowUpCheck.settled_at.is_(None))
            .order_by(FollowUpCheck.day)
            .execution_options(populate_existing=True)
        )
    )


def _is_to_be_told(today: date) -> list[ColumnElement[bool]]:
    """Conditions on checks joined with their spells: the work goes on, today lies in the window, and nothing
    was said about it since the window opened."""
    said = exists().where(
        EmploymentAnswer.spell_id == FollowUpCheck.spell_id,
        EmploymentAnswer.told_on >= FollowUpCheck.opens_on,
    )
    return [
        EmploymentSpell.ends_on.is_(None),
        FollowUpCheck.settled_at.is_(None),
        FollowUpCheck.opens_on <= today,
        FollowUpCheck.closes_on >= today,
        ~said,
    ]


def find_check_to_tell(session: Session, spell_id: int, today: date) -> FollowUpCheck | None:
    """The check of a spell the person can answer today by themselves, fresh. Windows do not overlap."""
    return session.scalar(
        select(FollowUpCheck)
        .join(EmploymentSpell, EmploymentSpell.id == FollowUpCheck.spell_id)
        .where(FollowUpCheck.spell_id == spell_id, *_is_to_be_told(today))
        .execution_options(populate_existing=True)
    )


def list_checks_to_ask(
    session: Session, day: int, today: date, *, after_id: int, limit: int
) -> list[tuple[FollowUpCheck, int]]:
    """The checks of one day (7, 30, 90, 180) that can be answered today, with the referral the work came
    from, by id from `after_id` on; nobody erased."""
    rows = session.execute(
        select(FollowUpCheck, Referral.id)
        .join(EmploymentSpell, EmploymentSpell.id == FollowUpCheck.spell_id)
        .join(Referral, Referral.spell_id == EmploymentSpell.id)
        .join(Person, Person.id == FollowUpCheck.person_id)
        .options(contains_eager(FollowUpCheck.spell))
        .where(FollowUpCheck.day == day, FollowUpCheck.id > after_id, *_is_to_be_told(today), is_kept(Person))
        .order_by(FollowUpCheck.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def find_last_answer(session: Session, spell_id: int) -> EmploymentAnswer | None:
    """What was said of a spell last."""
    return session.scalar(
        select(EmploymentAnswer)
        .where(EmploymentAnswer.spell_id == spell_id)
        .order_by(EmploymentAnswer.id.desc())
        .limit(1)
    )


def list_spells_of(session: Session, person_id: int, *, open_only: bool = False) -> list[EmploymentSpell]:
    """A person's spells, the latest first."""
    statement = select(EmploymentSpell).where(EmploymentSpell.person_id == person_id)
    if open_only:
        statement = statement.where(EmploymentSpell.ends_on.is_(None))
    order = (EmploymentSpell.starts_on.desc(), EmploymentSpell.id.desc())
    return list(session.scalars(statement.order_by(*order)))


def latest_answer(session: Session, spell_id: int, month_on: date) -> EmploymentAnswer | None:
    """What counts for a month at present."""
    return session.scalar(
        select(EmploymentAnswer)
        .where(EmploymentAnswer.spell_id == spell_id, EmploymentAnswer.month_on == month_on)
        .order_by(EmploymentAnswer.id.desc())
        .limit(1)
    )


def find_answer(session: Session, spell_id: int, idempotency_key: str) -> EmploymentAnswer | None:
    """The answer that was given with this key before."""
    return session.scalar(
        select(EmploymentAnswer).where(
            EmploymentAnswer.spell_id == spell_id, EmploymentAnswer.idempotency_key == idempotency_key
        )
    )


def _latest_of_month(month_on: date) -> Select[Any]:
    return (
        select(func.max(EmploymentAnswer.id))
        .where(EmploymentAnswer.month_on == month_on)
        .group_by(EmploymentAnswer.spell_id)
    )


def list_month(
    session: Session, actor: Actor, month_on: date, region_code: str | None = None
) -> list[tuple[EmploymentSpell, EmploymentAnswer]]:
    """What is known of a month, for the month's report and export: each spell with its latest answer. One
    statement. Raises UnknownRegion."""
    statement = (
        visible_spells(actor)
        .join(EmploymentAnswer, EmploymentAnswer.spell_id == EmploymentSpell.id)
        .add_columns(EmploymentAnswer)
        .where(EmploymentAnswer.id.in_(_latest_of_month(month_on)))
        .order_by(EmploymentSpell.id)
    )
    if region_code is not None:
        statement = statement.where(lies_in([scope_prefix(region_code)]))
    return [(row[0], row[1]) for row in session.execute(statement)]


def list_unanswered_month(
    session: Session, actor: Actor, month_on: date, *, limit: int, region_code: str | None = None
) -> list[EmploymentSpell]:
    """Running spells nobody has said anything about in a month: the month's verification still to do. What a
    check has answered already is not asked again. Raises UnknownRegion."""
    month_ends = (month_on.replace(day=28) + timedelta(days=4)).replace(day=1)
    answered = select(EmploymentAnswer.spell_id).where(EmploymentAnswer.month_on == month_on)
    statement = visible_spells(actor).where(
        EmploymentSpell.ends_on.is_(None),
        EmploymentSpell.starts_on < month_ends,
        EmploymentSpell.id.not_in(answered),
    )
    if region_code is not None:
        statement = statement.where(lies_in([scope_prefix(region_code)]))
    return list(session.scalars(statement.order_by(Person.region_code, EmploymentSpell.id).limit(limit)))


def visible_call_backs(actor: Actor) -> Select[CallBack]:
    """Call-backs not done yet about people in the actor's area, person and household loaded."""
    return (
        select(CallBack)
        .join(Person, Person.id == CallBack.person_id)
        .join(Household, Household.id == Person.household_id)
        .options(contains_eager(CallBack.person).contains_eager(Person.household))
        .where(lies_in(_area(actor)), is_kept(Person), CallBack.done_at.is_(None))
    )


def _area(actor: Actor) -> Sequence[str]:
    return reading_prefixes(actor, Resource.REFERRAL)


def find_call_back(session: Session, actor: Actor, call_back_id: int) -> CallBack | None:
    """An open call-back in the actor's area, locked."""
    return session.scalar(
        visible_call_backs(actor)
        .where(CallBack.id == call_back_id)
        .with_for_update(of=CallBack)
        .execution_options(populate_existing=True)
    )


def find_call_back_of(session: Session, cause: CallBackCause, source_key: str) -> CallBack | None:
    """The call-back a referral or spell has given rise to, done or not."""
    return session.scalar(select(CallBack).where(CallBack.cause == cause, CallBack.source_key == source_key))


def list_due_checks(
    session: Session, actor: Actor, until: datetime, region_code: str | None, limit: int
) -> list[FollowUpCheck]:
    """Open checks of the actor's area due before `until`, what is due first. Raises UnknownRegion."""
    statement = visible_checks(actor).where(*_is_due(actor, until, region_code))
    return list(session.scalars(statement.order_by(FollowUpCheck.due_at, FollowUpCheck.id).limit(limit)))


def _is_due(actor: Actor, until: datetime, region_code: str | None) -> list[ColumnElement[bool]]:
    conditions = [
        FollowUpCheck.settled_at.is_(None),
        FollowUpCheck.due_at < until,
        lies_in(_area(actor)),
    ]
    if region_code is not None:
        conditions.append(lies_in([scope_prefix(region_code)]))
    return conditions


def count_due_checks(session: Session, actor: Actor, until: datetime, region_code: str | None) -> int:
    """How many `list_due_checks` has in all. Raises UnknownRegion."""
    statement = (
        select(func.count())
        .select_from(FollowUpCheck)
        .join(Person, Person.id == FollowUpCheck.person_id)
        .where(*_is_due(actor, until, region_code), is_kept(Person))
    )
    return session.scalar(statement) or 0


def count_call_backs(session: Session, actor: Actor, region_code: str | None) -> int:
    """How many `list_call_backs` has in all. Raises UnknownRegion."""
    inside = [lies_in(_area(actor))]
    if region_code is not None:
        inside.append(lies_in([scope_prefix(region_code)]))
    statement = (
        select(func.count())
        .select_from(CallBack)
        .join(Person, Person.id == CallBack.person_id)
        .where(*inside, is_kept(Person), CallBack.done_at.is_(None))
    )
    return session.scalar(statement) or 0


def list_call_backs(session: Session, actor: Actor, region_code: str | None, limit: int) -> list[CallBack]:
    """Call-backs not done yet in the actor's area, what is due first. Raises UnknownRegion."""
    statement = visible_call_backs(actor)
    if region_code is not None:
        statement = statement.where(lies_in([scope_prefix(region_code)]))
    return list(session.scalars(statement.order_by(CallBack.due_at, CallBack.id).limit(limit)))


def find_answer_by_id(session: Session, answer_id: int | None) -> EmploymentAnswer | None:
    """The answer that settled a check."""
    return session.get(EmploymentAnswer, answer_id) if answer_id is not None else None
