"""单位同事查询: the only place with conditions on members and invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, User
from app.accounts.queries import grant_in_force
from app.accounts.terms import Role
from app.employers.models import Employer
from app.employers.team.models import FirmInvitation
from app.employers.team.terms import MemberRole


@dataclass(frozen=True)
class Member:
    """单位的一位同事: `name` as the inviter calls them, else what the account shows (尾号 5511)."""

    grant_id: int
    user_id: int
    name: str
    role: MemberRole
    since: datetime


def list_members(session: Session, employer_id: int, now: datetime) -> list[Member]:
    """Who belongs to a firm now, the first first; one statement."""
    statement = (
        select(RoleGrant, User.display_name, FirmInvitation)
        .join(User, User.id == RoleGrant.user_id)
        .outerjoin(FirmInvitation, FirmInvitation.grant_id == RoleGrant.id)
        .where(
            RoleGrant.role == Role.EMPLOYER,
            RoleGrant.employer_id == employer_id,
            grant_in_force(now),
            User.disabled_at.is_(None),
        )
        .order_by(RoleGrant.id)
    )
    return [
        Member(
            grant.id,
            grant.user_id,
            f"{invitation.name}（{shown}）" if invitation is not None else shown,
            invitation.role if invitation is not None else MemberRole.OWNER,
            grant.starts_at,
        )
        for grant, shown, invitation in session.execute(statement)
    ]


def lock_firm(session: Session, employer_id: int) -> Employer | None:
    """The firm, held until the transaction ends: of two owners who leave at once, one stays."""
    return session.scalar(select(Employer).where(Employer.id == employer_id).with_for_update())


def list_open_invitations(session: Session, employer_id: int, now: datetime) -> list[FirmInvitation]:
    """Invitations nobody has answered, not run out."""
    return list(
        session.scalars(
            select(FirmInvitation)
            .where(
                FirmInvitation.employer_id == employer_id,
                FirmInvitation.closed_at.is_(None),
                FirmInvitation.expires_at > now,
            )
            .order_by(FirmInvitation.id)
        )
    )


def list_invitations_to(
    session: Session, phone_indexes: Sequence[str], now: datetime
) -> list[tuple[FirmInvitation, Employer]]:
    """Open invitations to a phone, with who invites."""
    statement = (
        select(FirmInvitation, Employer)
        .join(Employer, Employer.id == FirmInvitation.employer_id)
        .where(
            FirmInvitation.phone_index.in_(phone_indexes),
            and_(FirmInvitation.closed_at.is_(None), FirmInvitation.expires_at > now),
        )
        .order_by(FirmInvitation.id)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def find_invitation(session: Session, invitation_id: int) -> FirmInvitation | None:
    """One invitation, locked."""
    return session.scalar(select(FirmInvitation).where(FirmInvitation.id == invitation_id).with_for_update())
