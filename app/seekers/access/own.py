"""我的档案: a person's own file, read and changed by the person through a phone account linked with it."""

from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import require
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.occupations.terms import Demand
from app.regions.terms import Reach
from app.seekers import people, policies, queries
from app.seekers.access.ties import tie_of
from app.seekers.errors import PersonNotFound
from app.seekers.history import open_present
from app.seekers.models import Person
from app.seekers.privacy.consents import require_allowed
from app.seekers.privacy.terms import ConsentPurpose
from app.seekers.schemas import MOST_FEN, Facts, Form, PersonPatch, Several, Text, Words
from app.seekers.sealing import HEALTH
from app.seekers.terms import SeekerStatus

BY_THEMSELF = "本人在网上改的"


class OwnPatch(Form):
    """本人能改的 (SAFETY, column "seeker"): skills, wishes, phone, own health facts; only what was sent."""

    phone: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    status: SeekerStatus | None = None
    skills: Words = Field(default_factory=list)
    occupations: Words = Field(default_factory=list)
    training_wish: Text = ""
    travel: Reach = Reach.COUNTY
    wage_floor_fen: Annotated[int, Field(ge=0, le=MOST_FEN)] | None = None
    limits: Several[Demand] = Field(default_factory=list)
    needs_board: bool = False
    needs_lodging: bool = False
    cares_for_family: bool = False
    health: Facts = Field(default_factory=dict)


def get_own_person(session: Session, actor: Actor, person_id: int) -> Person:
    """A file that is the account's own, household loaded. Raises PersonNotFound, also for officers: they have
    their own pages."""
    if not queries.is_by_phone(actor):
        raise PersonNotFound
    return queries.get_person(session, actor, person_id)


def read_own_health(session: Session, actor: Actor, person: Person, cipher: FieldCipher) -> dict[str, str]:
    """The health facts in the person's own file. Raises PersonNotFound for another's."""
    target = policies.target_of_person(person, tie_of(session, actor, person.id))
    require(actor, Action.READ, Resource.HEALTH, target, missing=PersonNotFound)
    found: dict[str, str] = open_present(session, person, cipher)[HEALTH]
    return found


def edit_own(
    session: Session,
    actor: Actor,
    person_id: int,
    patch: OwnPatch,
    *,
    cipher: FieldCipher,
    clock: Clock,
    version: int | None = None,
) -> Person:
    """Changes one's own card, phone or health facts, with history. A new phone ends the link: from then on
    the file belongs to whoever signs in with that phone.

    Raises PersonNotFound, ConsentMissing (health facts without a yes to keeping them), Stale, RecordClosed,
    Invalid.
    """
    person = get_own_person(session, actor, person_id)
    target = policies.target_of_person(person, tie_of(session, actor, person.id))
    for field, resource in (("phone", Resource.PHONE), ("health", Resource.HEALTH)):
        if field in patch.model_fields_set:
            require(actor, Action.EDIT, resource, target, missing=PersonNotFound)
    if "health" in patch.model_fields_set:
        require_allowed(session, person.id, ConsentPurpose.HEALTH)
    changes = PersonPatch.model_validate(
        {**patch.model_dump(mode="json", exclude_unset=True), "reason": BY_THEMSELF}
    )
    return people.update_person(
        session, actor, person_id, changes, cipher=cipher, clock=clock, version=version
    )
