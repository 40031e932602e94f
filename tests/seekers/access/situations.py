"""A phone account, a broker and a firm around the people of tests.seekers.factories."""

from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.models import RoleGrant, User
from app.accounts.terms import Role, UserKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.seekers.privacy.consents import record_consent
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from tests.seekers.factories import TOWN, village_officer
from tests.web.portal_family import phone_user

PHONE = "13900002041"


def by_phone(session: Session, clock: FixedClock, cipher: FieldCipher, phone: str = PHONE) -> Actor:
    """Somebody signed in with a phone, without any role."""
    user = phone_user(session, clock, cipher, phone)
    return Actor(user.id, user.display_name)


def broker(session: Session, clock: FixedClock, region: str = TOWN, name: str = "老陈") -> Actor:
    user = User(kind=UserKind.STAFF, username=f"broker{region}", display_name=name, created_at=clock.now())
    session.add(user)
    session.flush()
    session.add(RoleGrant(user_id=user.id, role=Role.BROKER, region_code=region, starts_at=clock.now()))
    session.flush()
    return Actor(user.id, name, (Grant(Role.BROKER, region),))


def say(
    session: Session,
    clock: FixedClock,
    cipher: FieldCipher,
    person_id: int,
    purpose: ConsentPurpose,
    *,
    yes: bool = True,
) -> None:
    """The person says yes or no to their village officer."""
    data = ConsentIn(purpose=purpose, is_given=yes, method=ConsentMethod.VISIT)
    record_consent(session, village_officer(), person_id, data, cipher=cipher, clock=clock)
