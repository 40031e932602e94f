"""请同事、退出、收回: members of a firm come by an invitation to their phone and go at once."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import queries as account_queries
from app.accounts import service as account_service
from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.models import User
from app.accounts.rules import normalise_phone
from app.accounts.terms import Role
from app.core import ratelimit
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.errors import Conflict, FieldProblem, Forbidden, Invalid, TooMany
from app.employers import barring, membership
from app.employers.errors import EmployerBarred, EmployerNotFound
from app.employers.models import Employer
from app.employers.team import policies, queries, rules
from app.employers.team.errors import InvitationNotFound, InvitationOver, LastOwner, MemberNotFound
from app.employers.team.models import FirmInvitation
from app.employers.team.queries import Member
from app.employers.team.terms import MemberRole
from app.employers.terms import EmployerState
from app.notifications.outbox import NewMessage, enqueue_message


def invite_member(
    session: Session,
    actor: Actor,
    employer: Employer,
    *,
    name: str,
    phone: str,
    role: MemberRole,
    cipher: FieldCipher,
    clock: Clock,
) -> FirmInvitation:
    """An owner asks somebody, by phone, to join; they are told by SMS and agree once signed in with it.
    Nothing says whether the number has an account.

    Raises Forbidden, Invalid (no mobile number, no name), Conflict (asked already, too many), TooMany.
    """
    _require_owner(session, actor, employer, clock)
    if employer.state is EmployerState.BARRED:
        raise EmployerBarred
    number, called = normalise_phone(phone), name.strip()[:40]
    problems = []
    if not called:
        problems.append(FieldProblem("name", "写上他的名字，你自己好认"))
    if number is None:
        problems.append(FieldProblem("phone", "手机号要 11 位，数一数"))
    if problems or number is None:
        raise Invalid("有几处还要改一下。", fields=problems)
    queries.lock_firm(session, employer.id)
    now = clock.now()
    open_ones = queries.list_open_invitations(session, employer.id, now)
    indexes = cipher.blind_indexes("phone", number)
    if any(each.phone_index in indexes for each in open_ones):
        raise Conflict("这个手机号已经请过了，等他登录点同意就行。")
    if len(queries.list_members(session, employer.id, now)) + len(open_ones) >= rules.MOST_MEMBERS:
        raise Conflict(f"一家单位最多 {rules.MOST_MEMBERS} 个人，先把不用的收回。")
    wait_s = ratelimit.hit(session, f"invite:{employer.id}", rules.INVITATIONS, now)
    if wait_s:
        raise TooMany("今天请得太多了，明天再请。", retry_after_s=wait_s)
    invitation = FirmInvitation(
        employer_id=employer.id,
        role=role,
        name=called,
        phone_index=indexes[0],
        invited_by_id=actor.user_id,
        created_at=now,
        expires_at=now + rules.GOOD_FOR,
    )
    session.add(invitation)
    session.flush()
    invitation.phone = cipher.seal(number, Place("firm_invitations", "phone", invitation.id))
    words = {"firm": employer.name[:20], "days": str(rules.GOOD_FOR.days)}
    message = NewMessage("member_invited", words, recipient=number, dedupe_key=f"invitation:{invitation.id}")
    enqueue_message(session, clock, cipher, message)
    return invitation


def list_own_invitations(
    session: Session, actor: Actor, cipher: FieldCipher, clock: Clock
) -> list[tuple[FirmInvitation, Employer]]:
    """Firms that ask the signed-in phone to join them."""
    phone = membership.own_phone(session, actor, cipher)
    if not phone:
        return []
    return queries.list_invitations_to(session, cipher.blind_indexes("phone", phone), clock.now())


def accept_invitation(
    session: Session, actor: Actor, invitation_id: int, *, cipher: FieldCipher, clock: Clock
) -> str:
    """The invited person agrees: a member from now on. Returns the token of the new session (a new role ends
    the old one).

    Raises InvitationNotFound (another phone's), InvitationOver (used, taken back, run out), EmployerBarred.
    """
    user, invitation = _own(session, actor, invitation_id, cipher)
    now = clock.now()
    if invitation.closed_at is not None or invitation.expires_at <= now:
        raise InvitationOver
    firm = queries.lock_firm(session, invitation.employer_id)
    if firm is None or firm.state is EmployerState.BARRED or barring.is_barred_account(session, user.id):
        raise EmployerBarred
    if invitation.employer_id in actor.employer_ids:
        raise Conflict("您已经是这家单位的人了。")
    grant = Grant(Role.EMPLOYER, employer_id=invitation.employer_id)
    row = account_service.grant_role(session, clock, SYSTEM, user.id, grant)
    _close(session, invitation, clock, accepted_at=now, grant_id=row.id)
    return membership.renew_session(session, user, clock)


def decline_invitation(
    session: Session, actor: Actor, invitation_id: int, *, cipher: FieldCipher, clock: Clock
) -> None:
    """The invited person does not want to. Raises InvitationNotFound, InvitationOver."""
    _, invitation = _own(session, actor, invitation_id, cipher)
    _close(session, invitation, clock)


def cancel_invitation(
    session: Session, actor: Actor, employer: Employer, invitation_id: int, clock: Clock
) -> None:
    """An owner takes an invitation back. Raises Forbidden, InvitationNotFound, InvitationOver."""
    _require_owner(session, actor, employer, clock)
    invitation = queries.find_invitation(session, invitation_id)
    if invitation is None or invitation.employer_id != employer.id:
        raise InvitationNotFound
    _close(session, invitation, clock)


def remove_member(session: Session, actor: Actor, employer: Employer, grant_id: int, clock: Clock) -> None:
    """An owner takes a colleague's role back, or somebody leaves; at once, open sessions too. The last owner
    stays.

    Raises Forbidden, MemberNotFound, LastOwner.
    """
    if queries.lock_firm(session, employer.id) is None:
        raise EmployerNotFound
    members = queries.list_members(session, employer.id, clock.now())
    member = _find(members, grant_id)
    if member.user_id != actor.user_id:
        _require_owner(session, actor, employer, clock)
    owners = [each for each in members if each.role is MemberRole.OWNER]
    if owners == [member]:
        raise LastOwner
    account_service.end_role(session, clock, actor, grant_id)


def _find(members: list[Member], grant_id: int) -> Member:
    found = next((each for each in members if each.grant_id == grant_id), None)
    if found is None:
        raise MemberNotFound
    return found


def _require_owner(session: Session, actor: Actor, employer: Employer, clock: Clock) -> None:
    if not policies.may_manage_members(session, actor, employer, clock):
        raise Forbidden("这件事要单位的负责人来办。")


def _own(
    session: Session, actor: Actor, invitation_id: int, cipher: FieldCipher
) -> tuple[User, FirmInvitation]:
    user = account_queries.find_user(session, actor.user_id) if actor.user_id is not None else None
    invitation = queries.find_invitation(session, invitation_id)
    if user is None or actor.is_staff or invitation is None:
        raise InvitationNotFound
    phone = membership.own_phone(session, actor, cipher)
    if not phone or invitation.phone_index not in cipher.blind_indexes("phone", phone):
        raise InvitationNotFound
    return user, invitation


def _close(session: Session, invitation: FirmInvitation, clock: Clock, **how: object) -> None:
    """Good once: of two who close it, one does. The digest stays so that a second tap is told what happened;
    the number itself goes."""
    closed = session.scalar(
        update(FirmInvitation)
        .where(FirmInvitation.id == invitation.id, FirmInvitation.closed_at.is_(None))
        .values(closed_at=clock.now(), phone=None, **how)
        .returning(FirmInvitation.id)
        .execution_options(synchronize_session=False)
    )
    if closed is None:
        raise InvitationOver
    session.refresh(invitation)
