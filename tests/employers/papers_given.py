"""Photos, papers and members, for the tests of a firm's own affairs."""

import io

from PIL import Image
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.models import User
from app.accounts.queries import actor_of, find_by_phone
from app.accounts.service import grant_role
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.employers.models import Employer
from app.employers.papers import service
from app.employers.papers.models import EmployerPaper
from app.employers.papers.pictures import Picture, clean_picture
from app.employers.papers.service import PaperIn
from app.employers.papers.terms import PaperKind
from tests.web.portal_family import phone_user


def photo(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **options: object) -> bytes:
    """A photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 180, 150)).save(out, kind, **options)
    return out.getvalue()


def picture() -> Picture:
    return clean_picture(photo())


def user(session: Session, clock: FixedClock, cipher: FieldCipher, phone: str) -> User:
    known = find_by_phone(session, cipher.blind_indexes("phone", phone))
    return known or phone_user(session, clock, cipher, phone)


def owner(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, phone: str = "13900005511"
) -> Actor:
    """Somebody who registered the firm."""
    who = user(session, clock, cipher, phone)
    grant_role(session, clock, SYSTEM, who.id, Grant(Role.EMPLOYER, employer_id=firm.id))
    return actor_of(session, who, clock.now())


def again(session: Session, clock: FixedClock, who: Actor) -> Actor:
    """The same person with the next request: roles are read anew."""
    found = session.get_one(User, who.user_id)
    session.flush()
    return actor_of(session, found, clock.now())


def sent_paper(
    session: Session,
    actor: Actor,
    firm: Employer,
    clock: FixedClock,
    cipher: FieldCipher,
    kind: PaperKind = PaperKind.LICENCE,
    **said: object,
) -> EmployerPaper:
    data = PaperIn(kind, **said)  # type: ignore[arg-type]
    return service.send_paper(session, actor, firm, data, picture(), cipher=cipher, clock=clock)
