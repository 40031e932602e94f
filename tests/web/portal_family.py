"""A family on one phone, for the pages under /me: a mother, her grown daughter, a child, and who looked."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.audit.recording import record_audit
from app.accounts.models import User
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission
from app.accounts.terms import Role, UserKind
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.seekers import households, people
from app.seekers.privacy.consents import record_consent
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from app.seekers.schemas import HouseholdIn, MemberIn
from tests.accounts.situations import TOWN, VILLAGE, add_regions, staff_member
from tests.web.staff.village import id_number

PHONE, OTHER_PHONE = "13900002041", "13900002042"
MOTHER, DAUGHTER, CHILD = (
    id_number("19750308", 24),
    id_number("19990520", 46),
    id_number("20140101", 31),
)


@dataclass(frozen=True)
class Family:
    """Ids, and session cookies: of the family's phone, of one that nobody's file has, of an officer."""

    mother: int
    daughter: int
    child: int
    user_id: int
    phone: str
    stranger: str
    officer: str
    officer_id: int


def settle_family(session: Session, clock: Clock, cipher: FieldCipher) -> Family:
    add_regions(session)
    officer = staff_member(session, clock, Role.VILLAGE_OFFICER, VILLAGE, "wangguilan")
    by = {"cipher": cipher, "clock": clock}
    data = HouseholdIn(region_code=VILLAGE, address="二组 15 号", kinds=["relocated"], officer_id=None)
    home = households.create_household(session, officer, data, **by)

    def member(name: str, relation: str, number: str, **more: object) -> int:
        form = MemberIn.model_validate({"name": name, "relation": relation, "id_number": number, **more})
        return people.add_member(session, officer, home.id, form, **by).id

    mother = member(
        "王秀兰",
        "head",
        MOTHER,
        phone=PHONE,
        status="seeking",
        skills=["缝纫"],
        occupations=["缝纫工"],
        travel="township",
        wage_floor_fen=280000,
        limits=["heavy_lifting"],
        health={"健康状况": "腰不好"},
    )
    daughter = member("李小梅", "child", DAUGHTER, phone=PHONE, status="employed", employer_name="药材厂")
    child = member("李明", "grandchild", CHILD, phone=PHONE)
    agreed = ConsentIn(purpose=ConsentPurpose.HEALTH, method=ConsentMethod.PAPER)
    record_consent(session, officer, mother, agreed, **by)
    for action, resource, role, team, reason in (
        (Action.REVEAL, Resource.ID_NUMBER, Role.VILLAGE_OFFICER, VILLAGE, "核对身份办补贴"),
        (Action.READ, Resource.PHONE, Role.TOWNSHIP_OFFICER, TOWN, "电话里说岗位"),
    ):
        seen = Permission(resource, action, role=role, region_code=team)
        record_audit(
            session,
            cipher,
            clock,
            officer,
            action,
            resource,
            subject_id=mother,
            region_code=VILLAGE,
            permission=seen,
            reason=reason,
        )
    user, stranger = (phone_user(session, clock, cipher, phone) for phone in (PHONE, OTHER_PHONE))
    tokens = [sessions.open_session(session, clock, each) for each in (user, stranger)]
    staff = session.get_one(User, officer.user_id)
    tokens.append(sessions.open_session(session, clock, staff))
    return Family(mother, daughter, child, user.id, *tokens, staff.id)


def phone_user(session: Session, clock: Clock, cipher: FieldCipher, phone: str) -> User:
    """An account as the first sign-in with a code makes it."""
    user = User(
        kind=UserKind.PERSON,
        display_name=f"尾号 {phone[-4:]}",
        phone_index=cipher.blind_index("phone", phone),
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    user.phone = cipher.seal(phone, Place("users", "phone", user.id))
    return user
