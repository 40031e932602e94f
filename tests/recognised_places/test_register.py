"""The law of the register: who recognises and reviews, verified head-counts, what is told to whom."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.accounts.terms import Role
from app.core.errors import Forbidden, Invalid, Stale
from app.recognised_places import exporting, policies, queries, rules, service
from app.recognised_places.errors import PlaceExists, PlaceNotFound, PlaceWithdrawn
from app.recognised_places.rules import Figures
from app.recognised_places.schemas import PlaceEdit, ReviewIn, SupportIn
from app.recognised_places.support_kinds import KINDS_OF_DOMAIN, support_kinds
from app.recognised_places.terms import ReviewOutcome
from app.referrals.spells.models import EmploymentSpell
from app.referrals.terms import VerifiedLevel
from app.seekers.terms import HouseholdKind, LabourClass
from tests.employers import factories as firms
from tests.recognised_places.conftest import Register

COUNTY = firms.county_officer()
CITY = firms.officer(Role.CITY_VIEWER, "610200", 8)


def test_only_the_county_recognises_and_only_once(register: Register) -> None:
    for actor in (firms.township_officer(), CITY, firms.member_of(register.firm)):
        with pytest.raises(Forbidden):
            service.recognise(register.session, actor, register.form(), register.clock)
    place = register.place()
    assert place.review_due_on == rules.a_year_after(place.recognised_on)
    assert place.region_code == register.firm.region_code
    with pytest.raises(PlaceExists):
        register.place()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recognised_on": date(2026, 11, 23)}, "recognised_on"),
        ({"employer_id": 999_999}, "employer_id"),
        ({"headquarters_id": 999_999}, "headquarters_id"),
    ],
)
def test_bad_entries(register: Register, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        register.place(**changes)
    assert [each.field for each in refused.value.fields] == [field]


def test_reviews_move_the_day_and_may_withdraw(register: Register) -> None:
    place, today = register.place(), register.clock.today()

    def review(outcome: str, note: str = "", on: date = today) -> Any:
        data = ReviewIn(outcome=ReviewOutcome(outcome), reviewed_on=on, note=note)
        return service.review_place(register.session, COUNTY, place.id, data, register.clock)

    assert review("kept").review_due_on == date(2027, 11, 22)
    assert review("mends", "消防门要开").review_due_on == today + timedelta(days=90)
    with pytest.raises(Invalid):
        review("kept", on=today + timedelta(days=1))
    with pytest.raises(Invalid):
        review("withdrawn")
    gone = review("withdrawn", "不开工了")
    assert (gone.withdrawn_on, gone.withdrawn_reason) == (today, "不开工了")
    with pytest.raises(PlaceWithdrawn):
        review("kept")
    outcomes = [each.outcome.value for each in queries.list_reviews(register.session, place.id)]
    assert outcomes == ["withdrawn", "mends", "kept"]
    assert queries.list_places(register.session, COUNTY) == []
    register.place()  # may be recognised anew


def test_what_is_due(register: Register) -> None:
    place = register.place()
    assert queries.count_due(register.session, COUNTY, place.review_due_on) == 1
    assert queries.count_due(register.session, COUNTY, place.review_due_on - timedelta(days=1)) == 0
    assert queries.count_due(register.session, firms.county_officer(firms.OTHER_COUNTY), date.max) == 0


def test_one_headquarters_and_its_points(register: Register) -> None:
    head = register.place()
    point_firm = firms.verified_employer(register.session, register.clock, "小丘第二车间")
    point = register.place(point_firm, headquarters_id=head.id, kind="workshop")
    assert [each.id for each in queries.list_points(register.session, head.id)] == [point.id]
    third = firms.verified_employer(register.session, register.clock, "小丘第三车间")
    with pytest.raises(Invalid):  # a point is nobody's headquarters
        register.place(third, headquarters_id=point.id)
    with pytest.raises(Invalid):  # nor has a headquarters one
        edit = PlaceEdit.model_validate(
            register.form().model_dump(exclude={"employer_id"}) | {"headquarters_id": point.id}
        )
        service.edit_place(register.session, COUNTY, head.id, edit, register.clock)


def test_edits_take_the_version_seen(register: Register) -> None:
    place = register.place()
    edit = PlaceEdit.model_validate(register.form().model_dump(exclude={"employer_id"}) | {"makes": "童装"})
    changed = service.edit_place(register.session, COUNTY, place.id, edit, register.clock, version=1)
    assert (changed.makes, changed.version) == ("童装", 2)
    with pytest.raises(Stale):
        service.edit_place(register.session, COUNTY, place.id, edit, register.clock, version=1)
    with pytest.raises(PlaceNotFound):
        other = firms.county_officer(firms.OTHER_COUNTY)
        service.edit_place(register.session, other, place.id, edit, register.clock)
    with pytest.raises(Forbidden):
        service.edit_place(register.session, CITY, place.id, edit, register.clock)


def test_heads_and_pay_come_from_verified_running_spells(register: Register) -> None:
    place = register.place()
    poor, plain = register.worker(("lifted", "sudden")), register.worker()
    told, gone = register.worker(), register.worker()
    for referral, change in (
        (told, {"level": VerifiedLevel.TOLD}),
        (gone, {"ends_on": register.clock.today(), "end_reason": "left"}),
    ):
        spell = register.session.get_one(EmploymentSpell, referral.spell_id)
        for name, value in change.items():
            setattr(spell, name, value)
    register.session.flush()
    for referral, wage in ((poor, 280000), (plain, 320000)):
        register.scene.answer(register.scene.checks(referral)[0], wage_fen=wage)
    figures = queries.count_workers(register.session, [place.employer_id])[place.employer_id]
    assert figures.workers == 2
    assert figures.classes == {LabourClass.ORDINARY: 2}
    assert figures.households[HouseholdKind.LIFTED] == 1
    assert figures.households[HouseholdKind.SUDDEN] == 1
    assert figures.households[HouseholdKind.UNSTABLE] == 0
    assert (figures.average_fen, figures.paid) == (300000, 2)


def test_who_is_told_what(register: Register) -> None:
    place = register.place()
    figures = Figures(
        24,
        {LabourClass.ORDINARY: 20, LabourClass.WEAK: 4},
        {HouseholdKind.LIFTED: 12, HouseholdKind.SUDDEN: 1},
        250000,
        11,
    )
    assert policies.told(COUNTY, place, figures) == figures
    for actor in (CITY, firms.township_officer(), firms.village_officer()):
        seen = policies.told(actor, place, figures)
        assert (seen.workers, seen.average_fen) == (24, 250000)
        assert seen.classes[LabourClass.WEAK] is None
        assert seen.classes[LabourClass.ORDINARY] is None  # else 24 - 20 would tell
        assert seen.households[HouseholdKind.SUDDEN] is None
    few = policies.told(CITY, place, Figures(4, {LabourClass.ORDINARY: 4}, {}, 250000, 4))
    assert (few.workers, few.average_fen) == (None, None)
    own = policies.told(firms.member_of(register.firm), place, figures)
    assert (own.workers, own.classes, own.households, own.average_fen) == (24, {}, {}, 250000)
    alone = policies.told(firms.member_of(register.firm), place, Figures(1, {}, {}, 250000, 1))
    assert (alone.workers, alone.average_fen) == (1, None)


def test_a_group_is_added_up() -> None:
    one = Figures(10, {LabourClass.SEMI: 2}, {HouseholdKind.LIFTED: 3}, 200000, 4)
    other = Figures(5, {LabourClass.SEMI: 1}, {}, None, 0)
    both = rules.add_up([one, other])
    assert (both.workers, both.classes[LabourClass.SEMI], both.average_fen) == (15, 3, 200000)


def test_support_is_of_a_kind_of_the_table(register: Register) -> None:
    place, today = register.place(), register.clock.today()
    code = next(iter(support_kinds()))
    data = SupportIn(kind_code=code, received_on=today, amount_fen=500000)
    service.record_support(register.session, COUNTY, place.id, data, register.clock)
    for wrong in ({"kind_code": "made_up"}, {"received_on": today + timedelta(days=1)}):
        with pytest.raises(Invalid):
            bad = SupportIn.model_validate(data.model_dump() | wrong)
            service.record_support(register.session, COUNTY, place.id, bad, register.clock)
    assert len(queries.list_supports(register.session, [place.id])) == 1
    assert len(support_kinds()) <= KINDS_OF_DOMAIN
    assert all(kind.source.startswith("DOMAIN") for kind in support_kinds().values())


def test_the_workbook(register: Register) -> None:
    register.place(makes="=1+1")
    register.worker()
    rows = _sheet(exporting.export_register(register.session, COUNTY, None))
    assert (rows[1][1], rows[1][5], rows[1][10]) == (register.firm.name, "=1+1", 1)
    assert _sheet(exporting.export_register(register.session, CITY, None))[1][10] == "太少，不给数"
    with pytest.raises(Forbidden):
        exporting.export_register(register.session, firms.village_officer(), None)


def _sheet(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
