"""进档的路: linking a phone account with a person's own file, giving people to labour brokers until a day,
and tying them to the firms they applied to."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission
from app.core import ratelimit
from app.core.clock import OFFICE_ZONE, Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Forbidden, Invalid, TooMany
from app.core.ratelimit import Limit
from app.seekers import policies
from app.seekers import queries as ledger
from app.seekers.access import queries
from app.seekers.access.errors import NoSuchBroker, NotAssigned
from app.seekers.access.links import end_links
from app.seekers.access.models import BrokerAssignment, EmployerTie, PersonLink
from app.seekers.access.queries import Assigned
from app.seekers.access.terms import LinkEnd, LinkProof
from app.seekers.models import Person
from app.seekers.privacy.consents import require_allowed
from app.seekers.privacy.terms import ConsentPurpose
from app.seekers.rules import latest_birth_of_seekers

# SAFETY "Secrets" gives five an hour and ten a day for codes of a phone; the last four of an ID number are as
# soon tried out.
LINK_TRIES: Final = (Limit(5, timedelta(hours=1)), Limit(10, timedelta(days=1)))
# Our own figure: a broker's work is a season's; a longer one is assigned anew, and looked at anew.
LONGEST_ASSIGNMENT: Final = timedelta(days=366)


def people_of_user(session: Session, user_id: int) -> list[int]:
    """The ids of the people whose files this account may call its own, in the order they were entered."""
    return [person.id for person in queries.list_own_people(session, user_id)]


def link_person(
    session: Session, actor: Actor, id_tail: str, *, cipher: FieldCipher, clock: Clock
) -> int | None:
    """Links the account with the one person of 16 or over who has its phone in their file and these last four
    of the ID number; returns the person's id.

    None when there is no such person: the same for a phone nobody has, a wrong number, and two people with
    the same. The try is counted all the same, so the caller must let the transaction commit. Raises TooMany,
    Forbidden for an account that does not sign in with a phone.
    """
    user = queries.find_phone_user(session, actor.user_id) if actor.user_id is not None else None
    if user is None or user.phone_index is None:
        raise Forbidden("这里要用手机号登录。请退出来，用手机号再登录一次。")
    now = clock.now()
    wait_s = ratelimit.hit(session, f"own_file:{user.id}", LINK_TRIES, now)
    if wait_s:
        raise TooMany("试得太多了，先歇一会儿。着急就请村里的就业信息员帮着看。", retry_after_s=wait_s)
    tail = "".join(id_tail.split()).upper()
    found = queries.list_holders(session, user, tail, latest_birth_of_seekers(clock.today()), cipher)
    if len(found) != 1:
        return None
    person = found[0]
    if queries.find_own_link(session, user.id, person.id) is None:
        end_links(session, [person.id], LinkEnd.REPLACED, clock)
        session.add(PersonLink(user_id=user.id, person_id=person.id, proof=LinkProof.ID_TAIL, made_at=now))
        _audit(session, actor, person, cipher, clock, detail={"link": "made", "proof": "id_tail"})
        session.flush()
    return person.id


def leave_person(
    session: Session, actor: Actor, person_id: int, *, cipher: FieldCipher, clock: Clock
) -> None:
    """The account lets go of a file that was its own. Raises PersonNotFound."""
    person = ledger.get_person(session, actor, person_id)
    end_links(session, [person.id], LinkEnd.LEFT, clock)
    _audit(session, actor, person, cipher, clock, detail={"link": "ended"})


def assign_broker(
    session: Session,
    actor: Actor,
    person_id: int,
    broker_user_id: int,
    until_on: date,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> BrokerAssignment:
    """An officer of the area gives a person to a labour broker, through the whole of `until_on` (Beijing); a
    running assignment to the same broker gets the new day.

    Raises PersonNotFound, Forbidden, NoSuchBroker, ConsentMissing (the person has not agreed to brokers),
    Invalid (a day that is over, or more than LONGEST_ASSIGNMENT away).
    """
    person = ledger.get_person(session, actor, person_id, to_change=True)
    permission = policies.require_assigning(actor, person)
    now, today = clock.now(), clock.today()
    if not today <= until_on <= today + LONGEST_ASSIGNMENT:
        problem = "到期的日子要在今天以后、一年以内。"
        raise Invalid(problem, fields=[FieldProblem("until_on", problem)])
    if broker_user_id not in {b.user_id for b in queries.list_brokers(session, person.region_code, now)}:
        raise NoSuchBroker
    require_allowed(session, person.id, ConsentPurpose.SHARE_WITH_BROKERS)
    ends_at = datetime.combine(until_on + timedelta(days=1), time.min, OFFICE_ZONE)
    assignment = queries.find_assignment(session, person.id, broker_user_id, now)
    if assignment is None:
        assignment = BrokerAssignment(
            person_id=person.id, broker_user_id=broker_user_id, starts_at=now, made_by_id=actor.user_id
        )
        session.add(assignment)
    assignment.ends_at = ends_at
    session.flush()
    _audit(session, actor, person, cipher, clock, permission, {"broker": broker_user_id})
    return assignment


def end_assignment(
    session: Session,
    actor: Actor,
    person_id: int,
    broker_user_id: int,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """An officer of the area takes a person back from a broker, at once. Raises PersonNotFound, Forbidden,
    NotAssigned."""
    person = ledger.get_person(session, actor, person_id, to_change=True)
    permission = policies.require_assigning(actor, person)
    now = clock.now()
    assignment = queries.find_assignment(session, person.id, broker_user_id, now)
    if assignment is None:
        raise NotAssigned
    # One given and taken back within the same instant leaves nothing behind.
    if assignment.starts_at >= now:
        session.delete(assignment)
    else:
        assignment.ends_at, assignment.ended_by_id = now, actor.user_id
    session.flush()
    _audit(session, actor, person, cipher, clock, permission, {"broker_ended": broker_user_id})


def list_assignments(session: Session, actor: Actor, person_id: int, clock: Clock) -> list[Assigned]:
    """With which brokers a person is at this moment, for officers of the area. Raises PersonNotFound,
    Forbidden."""
    person = ledger.get_person(session, actor, person_id)
    policies.require_assigning(actor, person)
    return queries.list_assignments(session, person.id, clock.now())


def tie_employer(session: Session, person_id: int, employer_id: int, at: datetime) -> None:
    """The person applied to a posting of the firm or was submitted to it: the firm may read the masked card
    until the person says no (consent "share_with_employers"). Done twice, it stays as it was."""
    if session.get(EmployerTie, (person_id, employer_id)) is not None:
        return
    try:
        with session.begin_nested():
            session.add(EmployerTie(person_id=person_id, employer_id=employer_id, since_at=at))
    except IntegrityError:  # another transaction made the same tie meanwhile
        if session.get(EmployerTie, (person_id, employer_id)) is None:
            raise


def _audit(
    session: Session,
    actor: Actor,
    person: Person,
    cipher: FieldCipher,
    clock: Clock,
    permission: Permission | None = None,
    detail: dict[str, str | int | None] | None = None,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.EDIT,
        Resource.SEEKER_CARD,
        subject_id=person.id,
        region_code=person.region_code,
        permission=permission,
        detail=detail,
    )
