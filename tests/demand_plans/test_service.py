"""The law of demand plans: who states them, versions, the posting, who would be free."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from app.accounts.actor import Grant
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Forbidden, Invalid, Stale
from app.demand_plans import queries, rules, service, showing, supply
from app.demand_plans.errors import PlanClosed, PlanNotFound
from app.demand_plans.models import DemandPlan
from app.demand_plans.terms import DemandPlanState
from app.employers.errors import EmployerBarred
from app.employers.models import Employer
from app.employers.terms import EmployerState
from app.jobs.terms import JobState
from app.occupations.terms import WorkProfile
from app.referrals.spells import service as spells
from app.referrals.spells.schemas import SpellIn
from tests.demand_plans.conftest import plan_form
from tests.employers import factories as given
from tests.jobs.factories import put_in_state, take_place
from tests.seekers import factories as people

State = Callable[..., DemandPlan]


def test_a_firm_and_its_offices_state_plans_and_others_do_not(
    session: Session, clock: FixedClock, firm: Employer
) -> None:
    form = plan_form(clock.today())
    for actor in (given.member_of(firm), given.county_officer(), given.township_officer()):
        plan = service.state_plan(session, actor, firm.id, form, clock)
        assert plan.state is DemandPlanState.STATED
        assert plan.occupation_code
    for actor in (given.somebody(), given.county_officer(given.OTHER_COUNTY), people.village_officer()):
        with pytest.raises(Forbidden):
            service.state_plan(session, actor, firm.id, form, clock)


def test_barred_firms_state_nothing(session: Session, clock: FixedClock, firm: Employer) -> None:
    firm.state = EmployerState.BARRED
    session.flush()
    with pytest.raises(EmployerBarred):
        service.state_plan(session, given.member_of(firm), firm.id, plan_form(clock.today()), clock)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"needed_on": date(2026, 11, 21)}, "needed_on"),
        ({"needed_on": date(2028, 1, 1)}, "needed_on"),
        ({"until_on": date(2029, 1, 1)}, "until_on"),
        ({"region_code": "999999"}, "region_code"),
        ({"occupation": "9-99-99-99"}, "occupation"),
    ],
)
def test_bad_input_names_its_field(
    session: Session, clock: FixedClock, firm: Employer, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.state_plan(
            session, given.member_of(firm), firm.id, plan_form(clock.today(), **changes), clock
        )
    assert [each.field for each in refused.value.fields] == [field]


def test_every_change_keeps_a_version(
    session: Session, clock: FixedClock, firm: Employer, state: State
) -> None:
    member, plan = given.member_of(firm), state()
    form = plan_form(clock.today(), headcount=45)
    changed = service.edit_plan(session, member, plan.id, form, clock, version=1)
    assert (changed.headcount, changed.version) == (45, 2)
    assert service.edit_plan(session, member, plan.id, form, clock).version == 2  # nothing new
    with pytest.raises(Stale):
        service.edit_plan(session, member, plan.id, form, clock, version=1)
    service.withdraw_plan(session, member, plan.id, clock)
    versions = queries.list_versions(session, plan.id)
    assert [(each.number, each.content["headcount"]) for each in versions] == [(3, 45), (2, 45), (1, 30)]
    assert versions[1].actor_id == member.user_id
    with pytest.raises(PlanClosed):
        service.edit_plan(session, member, plan.id, plan_form(clock.today()), clock)
    with pytest.raises(PlanClosed):
        service.draft_posting(session, member, plan.id, clock)


def test_nobody_else_sees_or_changes_it(session: Session, clock: FixedClock, state: State) -> None:
    plan = state()
    other = given.verified_employer(session, clock, "别家")
    for actor in (given.member_of(other, 60), given.county_officer(given.OTHER_COUNTY), given.somebody()):
        with pytest.raises(PlanNotFound):
            service.withdraw_plan(session, actor, plan.id, clock)
    with pytest.raises(Forbidden):
        service.withdraw_plan(session, given.officer(Role.CITY_VIEWER, "610200", 8), plan.id, clock)


def test_one_tap_makes_one_draft(session: Session, clock: FixedClock, firm: Employer, state: State) -> None:
    plan = state(until_on=clock.today() + timedelta(days=100), board=True)
    member = given.member_of(firm)
    job = service.draft_posting(session, member, plan.id, clock)
    assert job.state is JobState.DRAFT
    assert (job.openings, job.title, job.board) == (30, "缝纫工", True)
    assert (job.starts_on, job.valid_until) == (plan.needed_on, plan.needed_on)
    assert job.profile is WorkProfile.SEASON
    assert service.draft_posting(session, member, plan.id, clock).id == job.id
    assert queries.get_plan(session, member, plan.id).state is DemandPlanState.POSTED


def test_who_was_hired_is_found(session: Session, clock: FixedClock, firm: Employer, state: State) -> None:
    plan = state(headcount=3)
    job = service.draft_posting(session, given.member_of(firm), plan.id, clock)
    put_in_state(session, job, JobState.OPEN)
    take_place(session, job.id, clock)
    session.expire_all()
    (need,) = queries.list_needs(session, given.county_officer(), queries.PlanFilters())
    assert need.still_needed == 2


def test_supply_is_who_wants_or_can_and_whose_work_ends(
    session: Session, cipher: FieldCipher, clock: FixedClock, state: State
) -> None:
    group = rules.group_for(state().occupation_code)
    home = people.household(session, cipher, clock)

    def neighbour(number: int, **facts: Any) -> int:
        form = {"id_number": people.id_number(sequence=number), "status": "seeking"} | facts
        return people.seeker(session, cipher, clock, home, **form).id

    wishes, can = neighbour(1, occupations=["缝纫工"]), neighbour(3, skills=["平车"])
    neighbour(5, skills=["养猪"])
    neighbour(7, occupations=["缝纫工"], status="not_seeking")
    busy = neighbour(9, skills=["平车"])
    work = SpellIn(
        seeker_id=busy,
        employer_name="外地厂",
        starts_on=clock.today() - timedelta(days=9),
        planned_end_on=date(2027, 1, 20),
    )
    spells.add_told_spell(session, people.village_officer(), work, cipher=cipher, clock=clock)
    months = rules.months_from(clock.today())
    county = given.county_officer()
    free = supply.count_free(session, county, given.COUNTY, [group], months, clock.today())
    assert free == {group: {months[0]: 2, date(2027, 2, 1): 1}}
    listed = supply.list_free(session, county, given.COUNTY, group, clock.today(), limit=9)
    assert {person.id for person in listed} == {wishes, can}
    for actor in (given.county_officer(given.OTHER_COUNTY), given.somebody()):
        free = supply.count_free(session, actor, given.COUNTY, [group], months, clock.today())
        assert free == {group: {months[0]: 0}}


def test_a_city_is_told_no_small_numbers(
    session: Session, cipher: FieldCipher, clock: FixedClock, state: State
) -> None:
    state()
    people.seeker(session, cipher, clock, occupations=["缝纫工"], status="seeking")
    county, city = given.county_officer(), given.officer(Role.CITY_VIEWER, "610200", 8)
    seen = showing.show_balance(session, county, given.COUNTY, clock.today())
    assert seen.rows[0].cells[0].free_by_then == 1
    hidden = showing.show_balance(session, city, "610200", clock.today())
    assert {cell.free_by_then for cell in hidden.rows[0].cells} == {None}
    assert supply.list_free(session, city, "610200", hidden.rows[0].group, clock.today(), limit=9) == []
    with pytest.raises(Forbidden):  # a part beside the whole tells the rest
        showing.show_balance(session, city, given.COUNTY, clock.today())
    rows = _sheet(showing.export_balance(session, city, "610200", clock.today()))
    assert rows[1][-1] == "太少，不给数"


def test_workbooks(session: Session, clock: FixedClock, state: State) -> None:
    state(note="=1+1", title="@缝纫工")
    county = given.county_officer()
    rows = _sheet(showing.export_plans(session, county, given.COUNTY, clock.today()))
    assert rows[0][:3] == ["编号", "单位名称", "岗位名称"]
    assert (rows[1][2], rows[1][-1]) == ("@缝纫工", "=1+1")
    with pytest.raises(Forbidden):
        showing.export_plans(session, people.village_officer(), people.VILLAGE, clock.today())


def test_a_broker_with_a_mandate_states_for_the_firm(
    session: Session, clock: FixedClock, firm: Employer
) -> None:
    broker = given.somebody()
    broker = type(broker)(broker.user_id, broker.name, (Grant(Role.BROKER, employer_id=firm.id),))
    plan = service.state_plan(session, broker, firm.id, plan_form(clock.today()), clock)
    assert queries.get_plan(session, broker, plan.id).id == plan.id


def _sheet(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
