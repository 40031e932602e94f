"""禁止与解除: what is written down of a barred firm so that it is known again under another name."""

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import RoleGrant, User
from app.accounts.terms import Role, UserKind
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.ids import reserve_ids
from app.employers import rules, sealing
from app.employers.models import BarEntry, Employer


def enter(
    session: Session, employer: Employer, actor: Actor, reason: str, clock: Clock, cipher: FieldCipher
) -> None:
    """Writes a firm into the bar list: itself, and each account that ever spoke for it."""
    users = _accounts_of(session, employer)
    ids = reserve_ids(session, BarEntry, 1 + len(users))
    contact = rules.phone_key(sealing.open_contact(employer, cipher))
    known: list[tuple[int | None, str]] = [(None, contact)]
    known += [(user.id, _phone_of(user, cipher)) for user in users]
    for entry_id, (user_id, phone) in zip(ids, known, strict=True):
        place = Place("bar_entries", "phone", entry_id)
        session.add(
            BarEntry(
                id=entry_id,
                employer_id=employer.id,
                user_id=user_id,
                credit_code=employer.credit_code if user_id is None else None,
                name_key=employer.name_key if user_id is None else "",
                phone=cipher.seal(phone, place) if phone else None,
                phone_index=cipher.blind_index("phone", phone) if phone else None,
                region_code=employer.region_code[:6],
                reason=reason,
                barred_by_id=actor.user_id,
                barred_at=clock.now(),
            )
        )
    session.flush()


def lift(session: Session, employer_id: int, clock: Clock) -> None:
    """Ends the bar of a firm and of its accounts, as far as no other firm's keeps them out."""
    session.execute(
        update(BarEntry)
        .where(BarEntry.employer_id == employer_id, BarEntry.lifted_at.is_(None))
        .values(lifted_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def is_barred_account(session: Session, user_id: int | None) -> bool:
    """Whether this account spoke for a firm that is barred."""
    if user_id is None:
        return False
    statement = select(BarEntry.id).where(BarEntry.user_id == user_id, BarEntry.lifted_at.is_(None))
    return session.scalar(statement.limit(1)) is not None


def _accounts_of(session: Session, employer: Employer) -> list[User]:
    """Who registered it, and who is or was a member of it; not the staff that registered it for them."""
    members = select(RoleGrant.user_id).where(
        RoleGrant.role == Role.EMPLOYER, RoleGrant.employer_id == employer.id
    )
    registrar = and_(User.id == employer.registered_by_id, User.kind == UserKind.PERSON)
    statement = select(User).where(or_(User.id.in_(members), registrar)).order_by(User.id)
    return list(session.scalars(statement))


def _phone_of(user: User, cipher: FieldCipher) -> str:
    return cipher.open(user.phone, Place("users", "phone", user.id)) if user.phone else ""
