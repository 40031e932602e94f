"""看一张名片: one person's card for whoever may read it, by area or by one of the three relations; masked for
brokers and employers (SAFETY, row "seeker card": name, age band, skills, wish)."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, may, reading_prefixes, require
from app.core.crypto import FieldCipher
from app.occupations.terms import Demand, Education, Shift, WageUnit, WorkProfile
from app.regions import gazetteer
from app.regions.terms import Reach
from app.seekers import masking, policies, queries
from app.seekers.access.models import BrokerAssignment
from app.seekers.access.ties import NO_TIES, Ties, is_assigned, is_tied, tie_of, ties_of
from app.seekers.errors import PersonNotFound
from app.seekers.id_numbers import age_on
from app.seekers.models import Household, Person
from app.seekers.rules import latest_birth_of_seekers
from app.seekers.shown import SeekerOut
from app.seekers.terms import SeekerStatus, Sex
from app.seekers.words import label_of_word

_BAND_YEARS = 5
# Longest list of one broker's page; officers assign named people, not villages.
MOST_ASSIGNED = 200


class CardOut(BaseModel):
    """打码名片: what a broker or an employer sees. The place is the town; the phone has its own way.

    `age` is the lower end of a band of five years. `can_do` names what a person can do (employers only, never
    why they can't do the rest), null for brokers.
    """

    id: int
    name: str
    is_masked: bool = True
    sex: Sex | None
    age: int | None
    age_band: str
    region_code: str
    region_name: str
    education: Education | None
    skills: list[str]
    skill_names: list[str]
    certificates: list[str]
    certificate_names: list[str]
    occupations: list[str]
    occupation_names: list[str]
    can_do: list[str] | None
    status: SeekerStatus
    travel: Reach
    travel_minutes: int | None
    wage_floor_fen: int | None
    wage_floor_unit: WageUnit
    shifts: list[Shift]
    profiles: list[WorkProfile]
    needs_board: bool
    needs_lodging: bool
    version: int

    @classmethod
    def of(cls, person: Person, today: date, *, with_abilities: bool) -> "CardOut":
        age = age_on(person.birth_on, today) if person.birth_on is not None else None
        low = None if age is None else age - age % _BAND_YEARS
        town = gazetteer.find_nearest(person.region_code[:9])
        can = [term.label for term in Demand if term.value not in person.limits] if with_abilities else None
        return cls(
            **{name: getattr(person, name) for name in _CARD_SAME},
            name=masking.mask_name(person.name),
            age=low,
            age_band="" if low is None else f"{low}–{low + _BAND_YEARS - 1} 岁",
            region_code=town.code if town else person.region_code[:6],
            region_name=town.name if town else "",
            skill_names=[label_of_word(code) for code in person.skills],
            certificate_names=[label_of_word(code) for code in person.certificates],
            occupation_names=[label_of_word(code) for code in person.occupations],
            can_do=can,
        )


_CARD_SAME = (
    *("id", "sex", "education", "skills", "certificates", "occupations", "status", "travel"),
    *("travel_minutes", "wage_floor_fen", "wage_floor_unit", "shifts", "profiles"),
    *("needs_board", "needs_lodging", "version"),
)


def show_card(
    session: Session, actor: Actor, person_id: int, now: datetime, today: date, *, cipher: FieldCipher
) -> SeekerOut | CardOut:
    """A person of 16 or over as `actor` may see them; three statements at most for officers, five for
    others. Raises PersonNotFound."""
    person = get_reachable(session, actor, person_id, now)
    if person.birth_on is None or person.birth_on > latest_birth_of_seekers(today):
        raise PersonNotFound
    ties = tie_of(session, actor, person.id)
    if _reading(actor, person, ties, now).is_masked:
        return _card(actor, person, ties, now, today)
    names = queries.list_village_names(session, [person.region_code])
    return SeekerOut.of(person, today, cipher, names)


def get_reachable(session: Session, actor: Actor, person_id: int, now: datetime) -> Person:
    """A person, household loaded, whom `actor` reaches by area or by relation; what of them may be seen is
    still to be asked, with `tie_of`. Raises PersonNotFound."""
    ways = [queries.lies_in_any(Person.region_code, reading_prefixes(actor, Resource.SEEKER_CARD))]
    tied = is_tied(actor, now)
    reached = or_(*ways, tied) if tied is not None else ways[0]
    person = session.scalar(_people().where(Person.id == person_id, reached))
    if person is None:
        raise PersonNotFound
    return person


@dataclass(frozen=True)
class AssignedCard:
    """交给经纪人的一个人: the masked card, and until when."""

    card: CardOut
    ends_at: datetime


def list_assigned(session: Session, actor: Actor, now: datetime, today: date) -> list[AssignedCard]:
    """Masked cards of the people given to this broker at this moment, at most MOST_ASSIGNED, who is due
    first. Two statements."""
    if actor.user_id is None:
        return []
    due = (
        select(BrokerAssignment.ends_at)
        .where(
            BrokerAssignment.person_id == Person.id,
            BrokerAssignment.broker_user_id == actor.user_id,
            BrokerAssignment.ends_at > now,
        )
        .order_by(BrokerAssignment.ends_at.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    people = session.scalars(
        _people()
        .where(is_assigned(actor.user_id, now), Person.closed_at.is_(None))
        .order_by(due, Person.id)
        .limit(MOST_ASSIGNED)
    ).all()
    ties = ties_of(session, actor, [person.id for person in people])
    shown = []
    for person in people:
        tie = ties.get(person.id, NO_TIES)
        target = policies.target_of_person(person, tie)
        ends = [each.until for each in tie.assignments if each.until is not None]
        if ends and may(actor, Action.READ, Resource.SEEKER_CARD, target, now=now) is not None:
            shown.append(AssignedCard(_card(actor, person, tie, now, today), max(ends)))
    return shown


def _reading(actor: Actor, person: Person, ties: Ties, now: datetime) -> Permission:
    target = policies.target_of_person(person, ties)
    return require(actor, Action.READ, Resource.SEEKER_CARD, target, now=now, missing=PersonNotFound)


def _card(actor: Actor, person: Person, ties: Ties, now: datetime, today: date) -> CardOut:
    target = policies.target_of_person(person, ties)
    abilities = may(actor, Action.READ_ABILITY, Resource.HEALTH, target, now=now)
    return CardOut.of(person, today, with_abilities=abilities is not None)


def _people() -> Select[Person]:
    return (
        select(Person)
        .join(Household, Household.id == Person.household_id)
        .options(contains_eager(Person.household))
        .where(queries.is_kept(Person))
    )
