"""What officers and firms do with a case, and who may not touch it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.actor import Actor, Grant
from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.cases import handling, queries
from app.cases.errors import CaseEnded, CaseInOtherHands, CaseNotFound
from app.cases.schemas import AnswerIn, CloseIn, LimitIn
from app.cases.terms import CaseClose, CaseKind, CaseState, CaseStepKind
from app.core.errors import Forbidden, Invalid
from tests.accounts.situations import COUNTY, OTHER_COUNTY, TOWN
from tests.cases.conftest import PHONE, Office
from tests.employers.factories import verified_employer

WORDS = AnswerIn(words="问过工地了，下周一给你结。")
DONE = CloseIn(words="钱已经打到卡上。", reason=CaseClose.PAID)


def test_the_town_takes_answers_and_closes_what_is_its_own(office: Office) -> None:
    case = office.say(kind="training", story="想学电焊，什么时候开班")
    hand = office.hand(office.town)
    assert queries.list_cases(office.session, office.town, office.clock.now()) == [case]
    handling.take_case(office.session, hand, case.id)
    handling.take_case(office.session, hand, case.id)
    assert (case.state, case.handler_id) == (CaseState.IN_HAND, office.town.user_id)
    handling.answer_case(office.session, hand, case.id, WORDS)
    assert case.answered_at == office.clock.now()
    handling.close_case(office.session, hand, case.id, CloseIn(words="排上班了", reason=CaseClose.SETTLED))
    kinds = [step.kind for step in queries.list_steps(office.session, case.id)]
    assert kinds == [CaseStepKind.RECEIVED, CaseStepKind.TAKEN, CaseStepKind.ANSWERED, CaseStepKind.CLOSED]
    with pytest.raises(CaseEnded):
        handling.answer_case(office.session, hand, case.id, WORDS)


def test_the_village_sees_its_own_and_works_on_none(office: Office) -> None:
    case = office.say()
    assert queries.get_case(office.session, office.village, case.id) == case
    for act in (handling.take_case, handling.read_phone):
        with pytest.raises(Forbidden):
            act(office.session, office.hand(office.village), case.id)
    with pytest.raises(CaseNotFound):
        queries.get_case(office.session, office.next_village, case.id)


@pytest.mark.parametrize("kind", ["wages", "cheated", "injury", "staff"])
def test_what_weighs_is_the_county_s_and_hidden_from_those_below(office: Office, kind: str) -> None:
    case = office.say(kind=kind)
    for colleague in (office.village, office.town):
        with pytest.raises(CaseNotFound):
            queries.get_case(office.session, colleague, case.id)
    handling.close_case(office.session, office.hand(office.county), case.id, DONE)
    assert case.close_reason is CaseClose.PAID


def test_wages_passed_down_are_closed_by_the_county_all_the_same(office: Office) -> None:
    case = office.say(kind="wages")
    due = case.due_at
    handling.pass_case_on(office.session, office.hand(office.county), case.id, TOWN, WORDS)
    assert (case.region_code, case.handler_id, case.due_at) == (TOWN, None, due)
    with pytest.raises(Forbidden) as refused:
        handling.close_case(office.session, office.hand(office.town), case.id, DONE)
    assert "县里办结" in refused.value.title
    handling.pass_case_on(office.session, office.hand(office.town), case.id, COUNTY, WORDS)
    with pytest.raises(Invalid):
        handling.pass_case_on(office.session, office.hand(office.county), case.id, OTHER_COUNTY, WORDS)


def test_a_colleague_s_case_is_left_to_them_but_for_the_county(office: Office) -> None:
    case = office.say()
    second = office.colleague(Role.TOWNSHIP_OFFICER, TOWN, "second")
    handling.take_case(office.session, office.hand(office.town), case.id)
    with pytest.raises(CaseInOtherHands):
        handling.answer_case(office.session, office.hand(second), case.id, WORDS)
    handling.take_case(office.session, office.hand(office.county), case.id)
    assert case.handler_id == office.county.user_id


def test_whom_it_is_about_neither_sees_nor_handles_it(office: Office) -> None:
    case = office.say()
    handling.take_case(office.session, office.hand(office.town), case.id)
    handling.name_subject(office.session, office.hand(office.county), case.id, "township-officer-610204101")
    assert (case.state, case.handler_id) == (CaseState.WAITING, None)
    assert list(queries.list_cases(office.session, office.town, office.clock.now())) == []
    with pytest.raises(CaseNotFound):
        handling.take_case(office.session, office.hand(office.town), case.id)
    with pytest.raises(Invalid):
        handling.name_subject(office.session, office.hand(office.county), case.id, "nobody")


def test_an_officer_who_acts_for_the_firm_handles_nothing_about_it(office: Office) -> None:
    firm = verified_employer(office.session, office.clock, "老街建筑队")
    case = office.say(kind="wages", firm_name="老街建筑")
    grants = (*office.county.grants, Grant(Role.EMPLOYER, employer_id=firm.id))
    torn = Actor(office.county.user_id, "县里的人", grants)
    with pytest.raises(Forbidden):
        handling.ask_firm(office.session, office.hand(torn), case.id, firm.id, WORDS)
    handling.ask_firm(office.session, office.hand(office.county), case.id, firm.id, WORDS)
    with pytest.raises(CaseNotFound):
        queries.get_case(office.session, torn, case.id)


def test_the_firm_answers_what_it_was_asked_and_sees_nothing_else(office: Office) -> None:
    firm = verified_employer(office.session, office.clock, "老街建筑队")
    other = verified_employer(office.session, office.clock, "别家厂")
    boss = Actor(None, "老板", (Grant(Role.EMPLOYER, employer_id=firm.id),))
    stranger = Actor(None, "别家", (Grant(Role.EMPLOYER, employer_id=other.id),))
    case = office.say(kind="wages", firm_name="老街建筑")
    assert [each.id for each in queries.list_likely_firms(office.session, case)] == [firm.id]
    with pytest.raises(CaseNotFound):
        handling.answer_as_firm(office.session, office.hand(boss), case.id, WORDS)
    handling.ask_firm(office.session, office.hand(office.county), case.id, firm.id, WORDS)
    assert queries.count_waiting_for_firm(office.session, boss, firm.id) == 1
    assert list(queries.list_firm_cases(office.session, stranger, firm.id)) == []
    with pytest.raises(CaseNotFound):
        handling.answer_as_firm(office.session, office.hand(stranger), case.id, WORDS)
    handling.answer_as_firm(office.session, office.hand(boss), case.id, AnswerIn(words="月底结清。"))
    assert queries.count_waiting_for_firm(office.session, boss, firm.id) == 0
    told = [step.kind for step in queries.list_steps(office.session, case.id) if step.is_told]
    assert told == [], "what office and firm write to each other is not the person's page"


def test_reading_the_phone_is_written_down(office: Office) -> None:
    case = office.say()
    assert handling.read_phone(office.session, office.hand(office.town), case.id) == PHONE
    office.session.commit()
    entries = office.session.execute(select(AuditEntry.action, AuditEntry.resource)).all()
    assert ("read", "phone") in [tuple(entry) for entry in entries]
    auditor = office.colleague(Role.AUDITOR, None)  # type: ignore[arg-type]
    assert queries.get_case(office.session, auditor, case.id) == case
    with pytest.raises(Forbidden):
        handling.read_phone(office.session, office.hand(auditor), case.id)


def test_what_is_overdue_is_counted_until_somebody_answers(office: Office) -> None:
    case = office.say(kind="work", story="想找个看门的活，离家近")
    office.clock.move(timedelta(days=7))
    counts = queries.count_cases(office.session, office.town, office.clock.now())
    assert (counts.open, counts.late, counts.mine) == (1, 1, 0)
    assert queries.list_cases(office.session, office.town, office.clock.now(), only="late") == [case]
    handling.answer_case(office.session, office.hand(office.town), case.id, WORDS)
    counts = queries.count_cases(office.session, office.town, office.clock.now())
    assert (counts.open, counts.late, counts.mine) == (1, 0, 1)


def test_a_county_sets_its_own_days(office: Office) -> None:
    data = LimitIn(kind=CaseKind.WAGES, days=3, source="县里 2026 年第 5 号通知")
    handling.set_limit(office.session, office.hand(office.county), COUNTY, data)
    rule = queries.rule_of(office.session, CaseKind.WAGES, COUNTY)
    assert (rule.days, rule.source) == (3, data.source)
    assert office.say(kind="wages").limit_source == data.source
    assert queries.rule_of(office.session, CaseKind.WAGES, OTHER_COUNTY).days == 5
    for actor, county in ((office.town, COUNTY), (office.county, OTHER_COUNTY)):
        with pytest.raises(CaseNotFound):
            handling.set_limit(office.session, office.hand(actor), county, data)
