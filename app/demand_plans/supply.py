"""谁有空: how many people of a place would be free for each group of occupations, and who they are.

Free are those who look for work, from today; and those at work that ends: by the day agreed with them
(`planned_end_on` of the spell), else by the last day of the season their posting was planned for.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_table import permission_table
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.core.errors import Forbidden
from app.demand_plans.models import DemandPlan
from app.occupations.classification import group_of
from app.occupations.skills import skills
from app.referrals.spells.models import EmploymentSpell
from app.regions.scope import scope_prefix
from app.seekers import queries as seeker_queries
from app.seekers.models import Person
from app.seekers.rules import latest_birth_of_seekers
from app.seekers.terms import SeekerStatus


@cache
def _skills_by_group() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for skill in skills().values():
        for code in skill.occupations:
            found.setdefault(group_of(code), set()).add(skill.code)
    return {group: frozenset(codes) for group, codes in found.items()}


def fits(group: str) -> ColumnElement[bool]:
    """Condition on people: they wish for work of the group, or can do some."""
    wished, held = cast(Person.occupations, Text), cast(Person.skills, Text)
    ways = [wished.contains(f'"{group}-', autoescape=True)]
    ways += [
        held.contains(f'"{code}"', autoescape=True) for code in sorted(_skills_by_group().get(group, ()))
    ]
    return or_(*ways)


def _free_on() -> ColumnElement[date]:
    return func.coalesce(EmploymentSpell.planned_end_on, DemandPlan.until_on)


def _seeking(today: date) -> ColumnElement[bool]:
    return and_(Person.status == SeekerStatus.SEEKING, Person.birth_on <= latest_birth_of_seekers(today))


def _kept_in(prefixes: Iterable[Sequence[str]]) -> ColumnElement[bool]:
    inside = [seeker_queries.lies_in_any(Person.region_code, each) for each in prefixes]
    return and_(*inside, seeker_queries.is_kept(Person), Person.closed_at.is_(None))


def count_free(
    session: Session,
    actor: Actor,
    region_code: str,
    groups: Collection[str],
    months: Sequence[date],
    today: date,
) -> dict[str, dict[date, int]]:
    """How many people of a place fit each group and become free by the first day of each month; those free
    today stand in the first. For who may count or read people there. Two statements. Raises UnknownRegion."""
    wanted = sorted(group for group in groups if group)
    if not wanted:
        return {}
    allowed = reading_prefixes(actor, Resource.SEEKER_CARD, Action.COUNT)
    allowed += reading_prefixes(actor, Resource.SEEKER_CARD)
    inside = _kept_in([[scope_prefix(region_code)], allowed])
    sums = [func.coalesce(func.sum(case((fits(group), 1), else_=0)), 0) for group in wanted]
    found: dict[str, dict[date, int]] = {group: {} for group in wanted}
    seeking = session.execute(select(*sums).where(inside, _seeking(today))).one()
    for group, number in zip(wanted, seeking, strict=True):
        found[group][months[0]] = int(number)
    ending = _ending(months[-1]).with_only_columns(_free_on(), *sums).where(inside).group_by(_free_on())
    for free_on, *numbers in session.execute(ending):
        month = next(month for month in months if free_on < month)
        for group, number in zip(wanted, numbers, strict=True):
            found[group][month] = found[group].get(month, 0) + int(number)
    return found


def _ending(before: date) -> Select[Person]:
    """People whose work is to end before a day."""
    return (
        select(Person)
        .join(EmploymentSpell, EmploymentSpell.person_id == Person.id)
        .outerjoin(DemandPlan, DemandPlan.job_id == EmploymentSpell.job_id)
        .where(
            EmploymentSpell.ends_on.is_(None),
            Person.status == SeekerStatus.EMPLOYED,
            _free_on() < before,
        )
    )


def smallest_told(actor: Actor, region_code: str) -> int:
    """Below which number nothing is told of a place: 0 for who may read its people."""
    prefix = scope_prefix(region_code)
    reads = any(prefix.startswith(own) for own in reading_prefixes(actor, Resource.SEEKER_CARD))
    return 0 if reads else permission_table().smallest_count


def require_whole(actor: Actor, region_code: str) -> None:
    """Who only counts people of an area is told of the whole of it: a part beside the whole would tell small
    numbers of the rest. Raises Forbidden, UnknownRegion."""
    prefix = scope_prefix(region_code)
    counted = reading_prefixes(actor, Resource.SEEKER_CARD, Action.COUNT)
    is_part = any(prefix.startswith(own) and prefix != own for own in counted)
    if is_part and smallest_told(actor, region_code):
        raise Forbidden("您看得到整个地方的合计，看不到里面一处的。")


def list_free(
    session: Session, actor: Actor, region_code: str, group: str, today: date, *, limit: int
) -> list[Person]:
    """People of a place who look for work and fit a group, whose card `actor` may read, the longest waiting
    first. Raises UnknownRegion."""
    statement = seeker_queries.visible_people(actor).where(
        seeker_queries.lies_in_any(Person.region_code, [scope_prefix(region_code)]),
        Person.closed_at.is_(None),
        _seeking(today),
        fits(group),
    )
    return list(session.scalars(statement.order_by(Person.seeking_since_on, Person.id).limit(limit)))
