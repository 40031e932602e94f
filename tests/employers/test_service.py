"""Registering, deciding, barring, taking in many: on both databases."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC
from app.accounts.models import RoleGrant, User
from app.accounts.terms import Role, UserKind
from app.core.clock import FixedClock
from app.core.errors import Forbidden, Invalid, Stale
from app.employers import queries, rules, service
from app.employers.changes import POSTING_CHANGES
from app.employers.errors import EmployerBarred, EmployerExists, EmployerMoveNotAllowed, EmployerNotFound
from app.employers.models import Employer
from app.employers.service import EmployerDraft
from app.employers.terms import EmployerAction, EmployerState
from tests.employers import factories as given

CODE = "91610204MA6X000000"[:17]
CODE = CODE + rules.credit_check_sign(CODE)


def test_a_new_firm_waits_and_its_registrar_belongs_to_it(session: Session, clock: FixedClock) -> None:
    given.plant_regions(session)
    user = User(kind=UserKind.PERSON, display_name="老板", created_at=clock.now())
    session.add(user)
    session.flush()
    employer = service.register_employer(session, given.somebody(user.id), given.employer_form(), clock)
    assert employer.state is EmployerState.PENDING
    assert employer.office_code == given.TOWN
    grant = session.scalars(select(RoleGrant).where(RoleGrant.user_id == user.id)).one()
    assert (grant.role, grant.employer_id) == (Role.EMPLOYER, employer.id)
    assert [event.to_state for event in queries.list_events(session, employer.id)] == ["pending"]


def test_an_officer_keeps_a_firm_outside_the_area_with_their_own_office(
    session: Session, clock: FixedClock
) -> None:
    given.plant_regions(session)
    form = given.employer_form(region_code="320505")
    assert service.register_employer(session, given.county_officer(), form, clock).office_code == given.COUNTY


def test_the_public_registers_nothing(session: Session, clock: FixedClock) -> None:
    given.plant_regions(session)
    with pytest.raises(Forbidden):
        service.register_employer(session, PUBLIC, given.employer_form(), clock)


def test_an_unknown_place_is_refused(session: Session, clock: FixedClock) -> None:
    with pytest.raises(Invalid) as caught:
        service.register_employer(
            session, given.county_officer(), given.employer_form(region_code="999999"), clock
        )
    assert caught.value.fields[0].field == "region_code"


def test_a_credit_code_registers_once(session: Session, clock: FixedClock) -> None:
    given.plant_regions(session)
    form = given.employer_form(credit_code=CODE)
    service.register_employer(session, given.county_officer(), form, clock)
    with pytest.raises(EmployerExists):
        service.register_employer(session, given.county_officer(), form, clock)


def test_the_database_too_lets_a_credit_code_in_once(session: Session, clock: FixedClock) -> None:
    given.verified_employer(session, clock, credit_code=CODE)
    other = given.verified_employer(session, clock, name="另一家")
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(Employer).where(Employer.id == other.id).values(credit_code=CODE))


def test_the_county_verifies(session: Session, clock: FixedClock) -> None:
    employer = given.pending_employer(session, clock)
    county = given.county_officer()
    done = service.act_on_employer(session, county, employer.id, EmployerAction.VERIFY, clock)
    assert (done.state, done.verified_on, done.version) == (EmployerState.VERIFIED, clock.today(), 2)


def test_who_may_not_verify(session: Session, clock: FixedClock) -> None:
    employer = given.pending_employer(session, clock)
    for actor in (given.member_of(employer), given.township_officer()):
        with pytest.raises(Forbidden):
            service.act_on_employer(session, actor, employer.id, EmployerAction.VERIFY, clock)
    outside = (given.county_officer(given.OTHER_COUNTY), given.township_officer(given.OTHER_TOWN), PUBLIC)
    for actor in (given.village_officer(given.TOWN), *outside):  # a village officer of a town is none
        with pytest.raises(EmployerNotFound):
            service.act_on_employer(session, actor, employer.id, EmployerAction.VERIFY, clock)


def test_nobody_verifies_their_own_firm(session: Session, clock: FixedClock) -> None:
    employer = given.pending_employer(session, clock)
    both = given.county_officer()
    both = type(both)(both.user_id, both.name, both.grants + given.member_of(employer).grants)
    with pytest.raises(Forbidden):
        service.act_on_employer(session, both, employer.id, EmployerAction.VERIFY, clock)


def test_only_the_county_bars_and_says_why(session: Session, clock: FixedClock) -> None:
    employer = given.verified_employer(session, clock)
    with pytest.raises(Forbidden):
        service.act_on_employer(
            session, given.township_officer(), employer.id, EmployerAction.BAR, clock, reason="收押金"
        )
    with pytest.raises(Invalid):
        service.act_on_employer(session, given.county_officer(), employer.id, EmployerAction.BAR, clock)


def test_a_barred_firm_is_known_again_and_let_back(session: Session, clock: FixedClock) -> None:
    employer = given.verified_employer(session, clock, contact_phone="0919-0000001")
    county = given.county_officer()
    service.act_on_employer(session, county, employer.id, EmployerAction.BAR, clock, reason="收押金")
    with pytest.raises(EmployerBarred):
        service.register_employer(session, county, given.employer_form(name="耀州红星（制衣）"), clock)
    with pytest.raises(EmployerBarred):
        form = given.employer_form(name="换个名字", contact_phone="09190000001")
        service.register_employer(session, county, form, clock)
    draft = EmployerDraft(given.employer_form(name="又换名字", contact_phone="0919 0000001"))
    saved = service.save_employers(session, [draft], clock)
    assert session.get_one(Employer, saved.ids[0]).state is EmployerState.BARRED
    service.act_on_employer(session, county, employer.id, EmployerAction.UNBAR, clock, reason="已退押金")
    service.register_employer(session, county, given.employer_form(name="换个名字"), clock)


def test_a_move_the_table_does_not_allow(session: Session, clock: FixedClock) -> None:
    employer = given.verified_employer(session, clock)
    with pytest.raises(EmployerMoveNotAllowed):
        service.act_on_employer(session, given.county_officer(), employer.id, EmployerAction.VERIFY, clock)


def test_an_old_version_is_stale(session: Session, clock: FixedClock) -> None:
    employer = given.pending_employer(session, clock)
    with pytest.raises(Stale):
        service.act_on_employer(
            session, given.county_officer(), employer.id, EmployerAction.VERIFY, clock, version=9
        )


def test_a_decision_is_noted_for_caches(session: Session, clock: FixedClock) -> None:
    employer = given.pending_employer(session, clock)
    before = POSTING_CHANGES.newest(session)
    service.act_on_employer(session, given.county_officer(), employer.id, EmployerAction.VERIFY, clock)
    assert POSTING_CHANGES.newest(session) != before


def test_the_same_firms_again_change_nothing(session: Session, clock: FixedClock) -> None:
    given.plant_regions(session)
    forms = [given.employer_form(name=f"第{i}厂", address="锦阳路") for i in range(3)]
    drafts = [EmployerDraft(form) for form in forms]
    first = service.save_employers(session, [*drafts, drafts[0]], clock)
    assert (first.created, first.updated, first.unchanged) == (3, 0, 1)
    assert first.ids[0] == first.ids[3]
    again = service.save_employers(session, drafts, clock)
    assert (again.created, again.updated, again.unchanged, again.ids) == (0, 0, 3, first.ids[:3])
    moved = EmployerDraft(given.employer_form(name="第 0 厂", address=""))
    assert service.save_employers(session, [moved], clock).updated == 1  # the name is written differently
    assert session.get_one(Employer, first.ids[0]).address == "锦阳路"
