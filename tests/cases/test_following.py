"""What becomes of cases and deadlines when a person is erased or a place gets another code."""

from sqlalchemy import select

from app.cases import handling, queries, region_holding
from app.cases.models import CaseLimit
from app.cases.schemas import AnswerIn, LimitIn
from app.cases.terms import CaseKind, CaseState
from app.regions.holders import Moving
from app.seekers.models import Person
from tests.accounts.situations import COUNTY, OTHER_COUNTY
from tests.cases.conftest import PHONE, Office


def test_an_erased_person_leaves_no_words_behind(office: Office) -> None:
    open_one = office.say(name="张秀梅")
    other = office.say(phone="13800006613")
    hand = office.hand(office.town)
    handling.answer_case(office.session, hand, open_one.id, AnswerIn(words="跟张秀梅说过了"))
    queries.forget_person(office.session, Person(), PHONE, office.cipher)
    office.session.expire_all()
    assert open_one.state is CaseState.WITHDRAWN
    assert (open_one.name, open_one.phone, open_one.phone_index, open_one.story) == (None,) * 4
    assert all(step.note is None for step in queries.list_steps(office.session, open_one.id))
    assert other.story is not None
    queries.forget_person(office.session, Person(), None, office.cipher)


def test_a_county_takes_its_days_along_unless_the_other_has_its_own(office: Office) -> None:
    hand = office.hand(office.county)
    for kind, days in ((CaseKind.WAGES, 3), (CaseKind.OTHER, 9)):
        handling.set_limit(office.session, hand, COUNTY, LimitIn(kind=kind, days=days, source="县里的规定"))
    there = CaseLimit(
        region_code=OTHER_COUNTY, kind=CaseKind.OTHER, days=1, source="那边的", set_at=office.clock.now()
    )
    office.session.add(there)
    office.session.flush()
    moves = {COUNTY: OTHER_COUNTY}
    moving = Moving(1, moves, (COUNTY,), (), office.clock.now(), None, "并入")
    region_holding.move_limits(office.session, moving)
    rows = office.session.execute(select(CaseLimit.region_code, CaseLimit.kind, CaseLimit.days)).all()
    assert {tuple(row) for row in rows} == {
        (OTHER_COUNTY, CaseKind.WAGES, 3),
        (OTHER_COUNTY, CaseKind.OTHER, 1),
    }
