"""Codes given out and called back: who may, what holds when, and that a recall is read where it counts."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.terms import Role
from app.codes import letters, queries, service
from app.codes.errors import AlreadyRecalled, CodeNotFound, LetterOver, NotRecalled
from app.codes.models import IssuedCode
from app.codes.schemas import NewCode
from app.codes.signing import PrintedCode, make_code, make_numbered_code, numbered
from app.codes.terms import CodeKind, LetterAnswer
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.settings import Settings
from app.seekers.models import Person
from tests.seekers.factories import (
    COUNTY,
    FAR_VILLAGE,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    add_users,
    holding,
    household,
    plant_regions,
    seeker,
    township_officer,
    village_officer,
)

KEY = "a key of the office"
TOWNSHIP, HERE, ELSEWHERE = township_officer(), village_officer(), village_officer(FAR_VILLAGE, 4)
VIEWER = holding(Role.CITY_VIEWER, "610200", 9)


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture(autouse=True)
def places(session: Session, clock: FixedClock) -> None:
    plant_regions(session)
    add_users(session, clock, TOWNSHIP, HERE, ELSEWHERE, VIEWER)


def hang(session: Session, clock: FixedClock, cipher: FieldCipher, village: str = VILLAGE) -> IssuedCode:
    data = NewCode(kind=CodeKind.POSTER, region_code=village, spot="村委会门口", hung_by="王桂兰")
    return service.issue_code(session, TOWNSHIP, data, cipher=cipher, clock=clock)


def opened(session: Session, clock: FixedClock, code: PrintedCode) -> queries.FoundCode:
    text = make_code(KEY, code.kind, code.digits)
    found = queries.open_code(session, [KEY], text, clock.today())
    assert found is not None
    return found


def test_a_poster_is_given_out_and_called_back(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    row = hang(session, clock, cipher)
    code = numbered(CodeKind.POSTER, row.id)
    assert opened(session, clock, code).region_code == VILLAGE
    assert opened(session, clock, code).recall is None
    recall = service.recall_code(session, HERE, code, "", "有人贴了假码", cipher=cipher, clock=clock)
    assert opened(session, clock, code).recall is recall
    with pytest.raises(AlreadyRecalled):
        service.recall_code(session, HERE, code, "", "再收一次", cipher=cipher, clock=clock)
    service.lift_recall(session, TOWNSHIP, recall.id, cipher=cipher, clock=clock)
    assert opened(session, clock, code).recall is None
    with pytest.raises(NotRecalled):
        service.lift_recall(session, TOWNSHIP, recall.id, cipher=cipher, clock=clock)


def test_all_posters_of_a_place_until_now(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    old, away = hang(session, clock, cipher), hang(session, clock, cipher, OTHER_VILLAGE)
    clock.move(timedelta(hours=1))
    recall = service.recall_posters(session, HERE, VILLAGE, "印错了电话", cipher=cipher, clock=clock)
    clock.move(timedelta(hours=1))
    new = hang(session, clock, cipher)
    found = {row.id: opened(session, clock, numbered(CodeKind.POSTER, row.id)) for row in (old, away, new)}
    assert found[old.id].recall is recall
    assert found[away.id].recall is None
    assert found[new.id].recall is None
    assert opened(session, clock, PrintedCode(CodeKind.VILLAGE, VILLAGE)).recall is None
    town = service.recall_posters(session, TOWNSHIP, TOWN, "全镇换新的", cipher=cipher, clock=clock)
    assert opened(session, clock, numbered(CodeKind.POSTER, away.id)).recall is town


def test_a_village_s_own_code_is_called_back(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    code = PrintedCode(CodeKind.VILLAGE, VILLAGE)
    service.recall_code(session, HERE, code, "", "网址换了", cipher=cipher, clock=clock)
    assert opened(session, clock, code).recall is not None
    assert queries.is_village_recalled(session, VILLAGE)
    assert not queries.is_village_recalled(session, OTHER_VILLAGE)


def test_only_who_is_in_charge_there(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    row = hang(session, clock, cipher)
    code = numbered(CodeKind.POSTER, row.id)
    for nobody in (ELSEWHERE, holding(Role.BROKER, COUNTY, 3)):
        with pytest.raises(CodeNotFound):
            service.recall_code(session, nobody, code, "", "试试看", cipher=cipher, clock=clock)
        with pytest.raises(CodeNotFound):
            service.recall_posters(session, nobody, VILLAGE, "试试看", cipher=cipher, clock=clock)
    with pytest.raises(Forbidden):
        service.recall_code(session, VIEWER, code, "", "试试看看", cipher=cipher, clock=clock)
    with pytest.raises(Invalid):
        service.recall_code(session, HERE, code, "", " 坏 ", cipher=cipher, clock=clock)
    with pytest.raises(Forbidden):
        service.issue_code(
            session, VIEWER, NewCode(kind=CodeKind.POSTER, region_code=VILLAGE), cipher=cipher, clock=clock
        )
    hung = service.hang_code(session, HERE, row.id, spot="小卖部", hung_by="", cipher=cipher, clock=clock)
    assert (hung.spot, hung.hung_by) == ("小卖部", "")


def test_a_fair_is_over_after_its_day(session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
    data = NewCode(
        kind=CodeKind.FAIR, region_code=TOWN, title="春风招聘会", spot="镇政府", held_on=clock.today()
    )
    fair = service.issue_code(session, TOWNSHIP, data, cipher=cipher, clock=clock)
    code = numbered(CodeKind.FAIR, fair.id)
    assert opened(session, clock, code).over_since is None
    clock.move(timedelta(days=1))
    assert opened(session, clock, code).over_since == data.held_on
    for bad in ({"title": ""}, {"held_on": None}, {"kind": CodeKind.VILLAGE}):
        with pytest.raises(ValueError, match=r"。"):
            NewCode(**(data.model_dump() | bad))


def test_a_signed_number_without_its_row_is_unknown(
    session: Session, clock: FixedClock, cipher: FieldCipher
) -> None:
    row = hang(session, clock, cipher)
    for kind, number in ((CodeKind.FAIR, row.id), (CodeKind.POSTER, row.id + 1000)):
        text = make_numbered_code(KEY, kind, number)
        assert queries.open_code(session, [KEY], text, clock.today()) is None


@pytest.fixture
def person(session: Session, clock: FixedClock, cipher: FieldCipher) -> Person:
    return seeker(session, cipher, clock, household(session, cipher, clock))


def test_letters_are_counted_together_and_answered(
    session: Session, clock: FixedClock, cipher: FieldCipher, person: Person
) -> None:
    people = [letters.Addressee(person.id, person.region_code)]
    campaign, sent = letters.issue_letters(
        session, HERE, VILLAGE, "一封信", people, cipher=cipher, clock=clock
    )
    letter = sent[person.id]
    found = opened(session, clock, numbered(CodeKind.LETTER, letter.id))
    assert found.counted_as == numbered(CodeKind.CAMPAIGN, campaign.id)
    letters.answer_letter(session, letter.id, LetterAnswer.CALL_ME, clock)
    assert [row.person_id for row in letters.list_asking_for_calls(session, HERE, limit=9)] == [person.id]
    assert letters.list_asking_for_calls(session, ELSEWHERE, limit=9) == []
    assert letters.list_answers(session, VIEWER, campaign.id) == []
    letters.answer_letter(session, letter.id, LetterAnswer.NOT_NOW, clock)
    assert letters.list_asking_for_calls(session, HERE, limit=9) == []
    assert [row.answer for row in letters.list_answers(session, HERE, campaign.id)] == [LetterAnswer.NOT_NOW]
    assert campaign in queries.list_codes(session, HERE, limit=9)[0]
    assert letter not in queries.list_codes(session, HERE, limit=9)[0]
    whole_run = numbered(CodeKind.CAMPAIGN, campaign.id)
    service.recall_code(session, HERE, whole_run, "", "日子写错了", cipher=cipher, clock=clock)
    assert opened(session, clock, found.code).recall is not None
    clock.move(letters.LETTER_LIVES + timedelta(days=1))
    with pytest.raises(LetterOver):
        letters.answer_letter(session, letter.id, LetterAnswer.WORKING, clock)


def test_as_many_letters_as_messages(
    session: Session, clock: FixedClock, cipher: FieldCipher, person: Person
) -> None:
    people = [letters.Addressee(person.id, person.region_code)] * 51
    with pytest.raises(Conflict) as refused:
        letters.issue_letters(session, HERE, VILLAGE, "一封信", people, cipher=cipher, clock=clock)
    assert "50" in refused.value.title
    with pytest.raises(Conflict) as refused:
        letters.issue_letters(session, HERE, VILLAGE, "一封信", [], cipher=cipher, clock=clock)
    assert "没有" in refused.value.title
    with pytest.raises(CodeNotFound):
        letters.issue_letters(session, ELSEWHERE, VILLAGE, "一封信", people, cipher=cipher, clock=clock)
    with pytest.raises(CodeNotFound):
        letters.answer_letter(session, 999_999, LetterAnswer.WORKING, clock)
