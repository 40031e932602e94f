"""Colleagues of a firm: invited by phone, once, for a week; gone at once; an owner always stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import AppError, Conflict, Forbidden, Invalid
from app.core.settings import Settings
from app.employers import service as employer_service
from app.employers.errors import EmployerBarred
from app.employers.models import Employer
from app.employers.team import queries, service
from app.employers.team.errors import InvitationNotFound, InvitationOver, LastOwner
from app.employers.team.models import FirmInvitation
from app.employers.team.terms import MemberRole
from app.employers.terms import EmployerAction
from app.notifications.models import Message
from tests.employers import factories as given
from tests.employers import papers_given as people

FRIEND, STRANGER = "13900006622", "13900006633"


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def firm(session: Session, clock: FixedClock) -> Employer:
    return given.verified_employer(session, clock)


@pytest.fixture
def boss(session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer) -> Actor:
    return people.owner(session, clock, cipher, firm)


@pytest.fixture
def friend(session: Session, clock: FixedClock, cipher: FieldCipher) -> Actor:
    user = people.user(session, clock, cipher, FRIEND)
    return Actor(user.id, user.display_name)


def invite(
    session: Session,
    actor: Actor,
    firm: Employer,
    clock: FixedClock,
    cipher: FieldCipher,
    role: MemberRole = MemberRole.RECRUITER,
    phone: str = FRIEND,
) -> FirmInvitation:
    return service.invite_member(
        session, actor, firm, name="小李", phone=phone, role=role, cipher=cipher, clock=clock
    )


def joined(
    session: Session,
    boss: Actor,
    friend: Actor,
    firm: Employer,
    clock: FixedClock,
    cipher: FieldCipher,
    role: MemberRole = MemberRole.RECRUITER,
) -> Actor:
    invitation = invite(session, boss, firm, clock, cipher, role)
    service.accept_invitation(session, friend, invitation.id, cipher=cipher, clock=clock)
    return people.again(session, clock, friend)


def test_a_colleague_comes_in_once(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor, friend: Actor
) -> None:
    invitation = invite(session, boss, firm, clock, cipher)
    sent = session.scalars(select(Message).where(Message.template_code == "member_invited")).all()
    assert len(sent) == 1
    shown = service.list_own_invitations(session, friend, cipher, clock)
    assert [(each.id, firm_.name) for each, firm_ in shown] == [(invitation.id, firm.name)]
    service.accept_invitation(session, friend, invitation.id, cipher=cipher, clock=clock)
    assert firm.id in people.again(session, clock, friend).employer_ids
    assert invitation.phone is None
    assert service.list_own_invitations(session, friend, cipher, clock) == []
    with pytest.raises(InvitationOver):
        service.accept_invitation(session, friend, invitation.id, cipher=cipher, clock=clock)
    assert [each.role for each in queries.list_members(session, firm.id, clock.now())] == [
        MemberRole.OWNER,
        MemberRole.RECRUITER,
    ]


def test_an_invitation_is_for_one_phone_and_a_week(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor, friend: Actor
) -> None:
    invitation = invite(session, boss, firm, clock, cipher)
    other = people.user(session, clock, cipher, STRANGER)
    for actor in (Actor(other.id, "别人"), boss, given.county_officer(user_id=other.id)):
        with pytest.raises(InvitationNotFound):
            service.accept_invitation(session, actor, invitation.id, cipher=cipher, clock=clock)
    with pytest.raises(Conflict):
        invite(session, boss, firm, clock, cipher)
    clock.move(timedelta(days=7))
    with pytest.raises(InvitationOver):
        service.accept_invitation(session, friend, invitation.id, cipher=cipher, clock=clock)
    invite(session, boss, firm, clock, cipher)


def test_taken_back_or_declined_it_is_over(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor, friend: Actor
) -> None:
    first = invite(session, boss, firm, clock, cipher)
    service.cancel_invitation(session, boss, firm, first.id, clock)
    second = invite(session, boss, firm, clock, cipher)
    service.decline_invitation(session, friend, second.id, cipher=cipher, clock=clock)
    for invitation in (first, second):
        with pytest.raises(InvitationOver):
            service.accept_invitation(session, friend, invitation.id, cipher=cipher, clock=clock)
    assert firm.id not in people.again(session, clock, friend).employer_ids


def test_only_an_owner_takes_in_and_away(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor, friend: Actor
) -> None:
    other = given.verified_employer(session, clock, "另一家制衣")
    stranger = people.owner(session, clock, cipher, other, STRANGER)
    helper = joined(session, boss, friend, firm, clock, cipher)
    owner_grant = queries.list_members(session, firm.id, clock.now())[0].grant_id
    for actor in (helper, stranger, given.county_officer(user_id=901), given.somebody()):
        with pytest.raises(Forbidden):
            invite(session, actor, firm, clock, cipher, phone="13900006644")
        with pytest.raises(AppError):
            service.remove_member(session, actor, firm, owner_grant, clock)
    assert boss.user_id in {each.user_id for each in queries.list_members(session, firm.id, clock.now())}


def test_a_colleague_goes_at_once_and_the_last_owner_stays(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor, friend: Actor
) -> None:
    helper = joined(session, boss, friend, firm, clock, cipher)
    mine, theirs = queries.list_members(session, firm.id, clock.now())
    with pytest.raises(LastOwner):
        service.remove_member(session, boss, firm, mine.grant_id, clock)
    service.remove_member(session, boss, firm, theirs.grant_id, clock)
    assert firm.id not in people.again(session, clock, helper).employer_ids
    second = joined(session, boss, friend, firm, clock, cipher, MemberRole.OWNER)
    service.remove_member(session, boss, firm, mine.grant_id, clock)  # another owner is there
    assert [each.user_id for each in queries.list_members(session, firm.id, clock.now())] == [second.user_id]


def test_what_is_typed_wrong_is_named(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor
) -> None:
    with pytest.raises(Invalid) as caught:
        service.invite_member(
            session, boss, firm, name=" ", phone="1390000", role=MemberRole.OWNER, cipher=cipher, clock=clock
        )
    assert [problem.field for problem in caught.value.fields] == ["name", "phone"]


def test_a_barred_firm_and_a_barred_account_come_to_nothing(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor, friend: Actor
) -> None:
    bad = given.verified_employer(session, clock, "黑心厂")
    helper = joined(session, people.owner(session, clock, cipher, bad, STRANGER), friend, bad, clock, cipher)
    mine = next(
        m.grant_id for m in queries.list_members(session, bad.id, clock.now()) if m.user_id == helper.user_id
    )
    service.remove_member(session, helper, bad, mine, clock)  # left in time, and is known all the same
    invitation = invite(session, boss, firm, clock, cipher)
    county = given.county_officer(user_id=901)
    employer_service.act_on_employer(session, county, bad.id, EmployerAction.BAR, clock, reason="收押金")
    with pytest.raises(EmployerBarred):
        service.accept_invitation(session, friend, invitation.id, cipher=cipher, clock=clock)
