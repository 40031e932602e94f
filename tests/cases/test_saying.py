"""Saying what is wrong: one case for one filling-in, a day that holds, nothing readable in the table."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from app.cases import queries, rules, service
from app.cases.errors import CaseEnded, CaseNotFound, PlaceNeeded
from app.cases.models import Case, CaseStep
from app.cases.schemas import CaseIn
from app.cases.terms import CaseKind, CaseState
from app.core.errors import Forbidden, NotFound, TooMany
from tests.accounts.situations import COUNTY, OTHER_VILLAGE, VILLAGE
from tests.cases.conftest import PHONE, STORY, Office


def test_each_kind_has_an_owner_and_a_day(office: Office) -> None:
    wages = office.say(kind="wages", firm_name="老街工地", owed_yuan="8,000元")
    assert (wages.region_code, wages.place_code) == (COUNTY, VILLAGE)
    assert wages.owed_fen == 800_000
    # Sunday 22 November, five working days: Friday the 27th, half past five in Beijing.
    assert wages.due_at == datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    assert "劳动保障监察条例" in wages.limit_source
    other = office.say(story="家里的老人没人送饭", kind="family")
    assert other.region_code == VILLAGE


@pytest.mark.parametrize(
    ("at", "days", "day"),
    [
        (datetime(2026, 11, 22, 1, tzinfo=UTC), 1, 23),
        (datetime(2026, 11, 20, 1, tzinfo=UTC), 1, 23),
        (datetime(2026, 11, 20, 17, tzinfo=UTC), 1, 23),
        (datetime(2026, 11, 19, 1, tzinfo=UTC), 3, 24),
    ],
)
def test_weekends_are_no_working_days(at: datetime, days: int, day: int) -> None:
    assert rules.answer_by(at, days).day == day


def test_ten_taps_make_one_case_and_the_same_words_are_the_same_case(office: Office) -> None:
    ids = {office.say(form_key="one").id for _ in range(10)}
    assert len(ids) == 1
    assert office.say().id in ids, "filled in anew, the same words from the same phone"
    assert office.say(story="还有一件别的事要说").id not in ids
    assert office.say(phone="13800006613").id not in ids
    assert office.session.scalar(select(func.count()).select_from(Case)) == 3


def test_name_phone_and_words_are_sealed(office: Office) -> None:
    case = office.say(name="张秀梅")
    for column, clear in (("name", "张秀梅"), ("phone", PHONE), ("story", STORY)):
        sealed = getattr(case, column)
        assert clear.encode() not in sealed
        assert queries.open_text(case, column, office.cipher) == clear
    assert office.say(story="不想说名字的一件事").name is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"story": "哦"}, "写两句"),
        ({"phone": ""}, "写上手机号"),
        ({"phone": "1380000661"}, "你填了 10 位"),
        ({"owed_yuan": "很多"}, "只写数字"),
        ({"extra": 1}, "Extra"),
    ],
)
def test_what_is_wrong_is_said_plainly(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        CaseIn.model_validate({"kind": "other", "story": STORY, "phone": PHONE} | changes)


def test_without_a_county_nobody_owns_it(office: Office) -> None:
    for place in (None, "610000", "610200"):
        with pytest.raises(PlaceNeeded):
            office.say(place=place)


def test_a_phone_says_a_limited_number_of_things(office: Office) -> None:
    for number in range(5):
        office.say(story=f"第 {number} 件事，请来看看")
    with pytest.raises(TooMany):
        office.say(story="再来一件，请来看看")


def test_a_number_opens_with_the_last_four_digits_only(office: Office) -> None:
    case = office.say()
    look = {"visitor": "somewhere", **office.keys}
    written = f"{case.number[:4]} {case.number[4:]}"
    assert service.look_up(office.session, written, PHONE[-4:], **look) == case
    assert service.look_up(office.session, case.number, "0000", **look) is None
    assert service.look_up(office.session, "00000000", PHONE[-4:], **look) is None
    for _ in range(3):
        service.look_up(office.session, case.number, "1111", **look)
    with pytest.raises(TooMany):
        service.look_up(office.session, case.number, PHONE[-4:], **look)


def test_the_person_takes_it_back_once(office: Office) -> None:
    case = office.say()
    assert service.withdraw_case(office.session, case.id, "0000", **office.keys) is None
    taken = service.withdraw_case(office.session, case.id, PHONE[-4:], **office.keys)
    assert taken is not None
    assert taken.state is CaseState.WITHDRAWN
    with pytest.raises(CaseEnded):
        service.withdraw_case(office.session, case.id, PHONE[-4:], **office.keys)


def test_an_officer_writes_it_down_for_people_of_their_own_place(office: Office) -> None:
    case = office.say(actor=office.village, on_behalf=True)
    assert (case.written_by_id, case.user_id) == (office.village.user_id, None)
    with pytest.raises(NotFound):
        office.say(actor=office.village, on_behalf=True, place=OTHER_VILLAGE, story="别的村的一件事情")
    with pytest.raises(Forbidden):
        office.say(actor=office.county, on_behalf=True, story="县里不替人写这件事")


def test_after_two_years_nothing_of_the_person_is_left(office: Office) -> None:
    case = office.say(name="张秀梅")
    service.withdraw_case(office.session, case.id, PHONE[-4:], **office.keys)
    assert queries.forget_people(office.session, office.clock.now()) == 0
    assert queries.forget_people(office.session, office.clock.now() + timedelta(seconds=1)) == 1
    office.session.refresh(case)
    assert (case.name, case.phone, case.phone_index, case.story, case.story_index) == (None,) * 5
    assert list(office.session.scalars(select(CaseStep.note).where(CaseStep.note.is_not(None)))) == []


def test_every_kind_has_a_rule() -> None:
    assert set(rules.built_in_rules()) == set(CaseKind)
    assert all(rule.source and 1 <= rule.days <= rules.MOST_DAYS for rule in rules.built_in_rules().values())


def test_a_colleague_s_own_affair_is_handled_by_another(office: Office) -> None:
    case = office.say(actor=office.town, story="我自己的补贴少算了两个月")
    assert (case.user_id, case.written_by_id) == (office.town.user_id, None)
    with pytest.raises(CaseNotFound):
        queries.get_case(office.session, office.town, case.id)
    assert queries.get_case(office.session, office.county, case.id) == case
