"""Who asks to be erased is gone: from ledger, history and imports, and from every restored backup."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, delete, insert, select
from sqlalchemy.orm import Session

from app import models
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, Place
from app.core.errors import Forbidden, Invalid
from app.seekers import finding, merging, people, queries
from app.seekers.errors import HouseholdNotFound, PersonExists, PersonNotFound
from app.seekers.history import as_of, timeline
from app.seekers.models import Household, LedgerChange, Person
from app.seekers.privacy import consents, copies, erasure, holds
from app.seekers.privacy.erased_index import find_erased
from app.seekers.privacy.errors import ErasedBefore
from app.seekers.privacy.models import ErasedIndex, Erasure
from app.seekers.privacy.schemas import ConsentIn, ErasureIn, ReturnIn
from app.seekers.privacy.scrubbing import NO_NAME
from app.seekers.privacy.terms import ConsentMethod, ErasureOutcome, HoldReason
from app.seekers.schemas import PersonPatch
from app.seekers.terms import ChangeKind
from tests.seekers import factories as given
from tests.seekers.privacy.situations import add_person, number_of, phone_of

OFFICER, TOWNSHIP, COUNTY = given.village_officer(), given.township_officer(), given.county_officer()
ASKED = ErasureIn(method=ConsentMethod.VISIT, reason="本人上门说不想留在系统里")
# Nothing else in the database says any of these.
NAME, ADDRESS, FIRM, NOTE = "濮阳桂兰", "金沙堰湾9号", "顺昌织袜厂", "腰椎间盘突出"
CANARIES = (NAME, "puyangguilan", ADDRESS, FIRM, NOTE, number_of(41), phone_of(41), "女儿濮阳", "1975-03-08")
REGISTRY = models.metadata.sorted_tables


@pytest.fixture
def person(session: Session, cipher: FieldCipher, clock: FixedClock) -> Person:
    """Alone in the household, with a history, consents, sealed facts."""
    home = given.household(session, cipher, clock, address=ADDRESS, note=NOTE)
    someone = add_person(
        session, cipher, clock, home, 41, name=NAME, health={"健康状况": NOTE}, companions=f"和{NAME}一起"
    )
    patch = {"status": "employed", "employer_name": FIRM, "phone": phone_of(42)}
    change(session, someone, cipher, clock, patch, reason=f"{NAME}电话里说的", acting_for="女儿濮阳")
    change(session, someone, cipher, clock, {"phone": phone_of(41), "status": "seeking"})
    agreed = ConsentIn(purpose="messages", method="phone", told_by="女儿濮阳")
    consents.give_consent(session, OFFICER, someone.id, agreed, cipher=cipher, clock=clock)
    return someone


def change(
    session: Session, who: Person, cipher: FieldCipher, clock: FixedClock, patch: dict[str, Any], **more: str
) -> None:
    form = PersonPatch.model_validate(patch | more)
    people.update_person(session, OFFICER, who.id, form, cipher=cipher, clock=clock)


def ask(session: Session, who: Person, cipher: FieldCipher, clock: FixedClock, path: Path) -> Erasure:
    """The village officer writes the request down, the township's carries it out."""
    given.add_users(session, clock, OFFICER, TOWNSHIP)
    erasure.request_erasure(session, OFFICER, who.id, ASKED, cipher=cipher, clock=clock)
    return erasure.carry_out_erasure(session, TOWNSHIP, who.id, cipher=cipher, clock=clock, list_path=path)


def everything(session: Session, cipher: FieldCipher) -> str:
    """All the database says, with whatever our key opens."""
    session.flush()
    said: list[str] = []
    for table in REGISTRY:
        for row in session.execute(select(table)).mappings():
            said.append(repr(dict(row)))
            for column in table.columns:
                value = row[column.name]
                if isinstance(column.type, LargeBinary) and value and cipher.is_current(value):
                    (key,) = table.primary_key.columns
                    said.append(cipher.open(value, Place(table.name, column.name, row[key.name])))
    return "\n".join(said)


def found_in(text: str) -> set[str]:
    return {canary for canary in CANARIES if canary in text}


def test_the_search_for_traces_finds_them(session: Session, cipher: FieldCipher, person: Person) -> None:
    assert found_in(everything(session, cipher)) == set(CANARIES) - {"1975-03-08"}
    assert person.birth_on == date(1975, 3, 8)


def test_nothing_of_an_erased_person_is_left(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    other = given.seeker(session, cipher, clock, given.household(session, cipher, clock))
    done = ask(session, person, cipher, clock, list_path)
    assert (done.outcome, done.erased_at) == (ErasureOutcome.ERASED, clock.now())
    session.expire_all()
    assert found_in(everything(session, cipher) + list_path.read_text()) == set()
    stub = session.get_one(Person, person.id)
    assert (stub.name, stub.birth_on, stub.erased_at) == (NO_NAME, None, clock.now())
    assert session.get_one(Household, stub.household_id).address == ""
    assert session.get_one(Person, other.id).name == "王桂兰"
    kinds = session.scalars(
        select(LedgerChange.kind)
        .where(LedgerChange.record_kind == "person", LedgerChange.record_id == stub.id)
        .order_by(LedgerChange.id)
    ).all()
    assert kinds == ["created", "updated", "updated", "erased"]
    entries, _ = timeline(session, stub)
    assert all(entry.fields == () and entry.reason == entry.acting_for == "" for entry in entries)
    past = as_of(session, stub, clock.today())
    assert past is not None
    assert found_in(repr(past)) == set()


def test_the_rest_of_the_household_stays(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    child = given.member(session, cipher, clock, person.household, name="王小宝")
    ask(session, person, cipher, clock, list_path)
    home = queries.get_household(session, OFFICER, child.household_id)
    assert home.address == ADDRESS
    assert queries.list_members(session, home.id) == [child]


def assert_hidden(session: Session, cipher: FieldCipher, clock: FixedClock, who: Person) -> None:
    for actor in (OFFICER, given.township_officer(), COUNTY):
        with pytest.raises(PersonNotFound):
            queries.get_person(session, actor, who.id)
        with pytest.raises(HouseholdNotFound):
            queries.get_household(session, actor, who.household_id)
        listed, _ = queries.list_people(session, actor, queries.PeopleFilters(), clock.today(), limit=50)
        assert who not in listed
        for typed in (NAME, "pygl", number_of(41), phone_of(41), phone_of(41)[-4:]):
            hits, _ = finding.find_people(session, actor, typed, clock.today(), cipher=cipher, limit=20)
            assert who not in hits
    counts = queries.count_by_part(session, COUNTY, given.TOWN, clock.today())
    assert sum(count.people for count in counts) == 0


def test_a_record_that_must_be_kept_is_sealed_and_then_erased(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    until = clock.today() + timedelta(days=30)
    holds.place_hold(session, COUNTY, person.id, HoldReason.MONEY_PAID, until, cipher=cipher, clock=clock)
    case = holds.place_hold(
        session, COUNTY, person.id, HoldReason.CASE_OPEN, None, cipher=cipher, clock=clock
    )
    done = ask(session, person, cipher, clock, list_path)
    assert (done.outcome, done.due_on, done.erased_at) == (ErasureOutcome.SEALED, None, None)
    assert_hidden(session, cipher, clock, person)
    with pytest.raises(PersonNotFound):  # a second request, by someone for whom it is gone
        ask(session, person, cipher, clock, list_path)

    def due() -> int:
        return erasure.erase_due(session, cipher=cipher, clock=clock, list_path=list_path)

    clock.move(timedelta(days=31))
    assert due() == 0
    holds.end_hold(session, case.id, clock)
    assert due() == 1
    session.expire_all()
    assert done.outcome is ErasureOutcome.ERASED
    assert found_in(everything(session, cipher)) == set()
    assert due() == 0


def test_a_sealed_record_waits_for_its_day(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    until = clock.today() + timedelta(days=2)
    holds.place_hold(session, COUNTY, person.id, HoldReason.RECORDS_KEPT, until, cipher=cipher, clock=clock)
    assert ask(session, person, cipher, clock, list_path).due_on == until
    for expected in (0, 0, 0, 1):
        assert erasure.erase_due(session, cipher=cipher, clock=clock, list_path=list_path) == expected
        clock.move(timedelta(days=1))


def test_only_the_county_opens_a_sealed_record_and_says_why(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    holds.place_hold(session, COUNTY, person.id, HoldReason.MONEY_PAID, None, cipher=cipher, clock=clock)
    ask(session, person, cipher, clock, list_path)

    def opened(actor: Any, reason: str = "审计局来查补贴账") -> str:
        copy = copies.open_sealed(session, actor, person.id, reason, cipher=cipher, clock=clock)
        return copy.model_dump_json()

    assert {NAME, number_of(41)} <= found_in(opened(COUNTY))
    for actor in (OFFICER, given.township_officer(), given.county_officer(given.OTHER_COUNTY)):
        with pytest.raises(PersonNotFound):
            opened(actor)
    with pytest.raises(Invalid):
        opened(COUNTY, "查")


def test_who_may_not_change_a_card_erases_nobody(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    for actor, error in (
        (given.village_officer(given.OTHER_VILLAGE), PersonNotFound),
        (given.county_officer(given.OTHER_COUNTY), PersonNotFound),
        (given.holding(given.Role.VILLAGE_OFFICER, given.VILLAGE, read_only=True), Forbidden),
    ):
        with pytest.raises(error):
            erasure.request_erasure(session, actor, person.id, ASKED, cipher=cipher, clock=clock)
        with pytest.raises(error):
            erasure.carry_out_erasure(
                session, actor, person.id, cipher=cipher, clock=clock, list_path=list_path
            )
    with pytest.raises(Forbidden):
        holds.place_hold(session, OFFICER, person.id, HoldReason.MONEY_PAID, None, cipher=cipher, clock=clock)
    assert not list_path.exists()


def test_duplicates_merged_into_the_person_go_too(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    double = given.member(
        session, cipher, clock, person.household, name=NAME, birth_on="1975-03-08", health={"健康": NOTE}
    )
    merging.merge_people(session, OFFICER, person.id, double.id, cipher=cipher, clock=clock, reason=NAME)
    ask(session, person, cipher, clock, list_path)
    session.expire_all()
    assert found_in(everything(session, cipher)) == set()


# ---------------------------------------------------------------- coming back
def register(session: Session, cipher: FieldCipher, clock: FixedClock) -> Person:
    home = given.household(session, cipher, clock)
    return given.seeker(session, cipher, clock, home, id_number=number_of(41))


def test_nobody_comes_back_without_a_new_consent(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    ask(session, person, cipher, clock, list_path)
    assert find_erased(session, [number_of(n) for n in range(30, 50)], cipher) == {number_of(41)}
    with pytest.raises(ErasedBefore):
        register(session, cipher, clock)
    numberless = given.member(session, cipher, clock, given.household(session, cipher, clock))
    with pytest.raises(ErasedBefore):
        change(session, numberless, cipher, clock, {"id_number": number_of(41), "birth_on": "1975-03-08"})
    back = ReturnIn(id_number=number_of(41), region_code=given.VILLAGE, method="visit")
    with pytest.raises(Forbidden):
        elsewhere = given.village_officer(given.OTHER_VILLAGE)
        erasure.allow_return(session, elsewhere, back, cipher=cipher, clock=clock, list_path=list_path)
    erasure.allow_return(session, OFFICER, back, cipher=cipher, clock=clock, list_path=list_path)
    again = register(session, cipher, clock)
    assert again.id != person.id
    # The next start must leave them in.
    done = erasure.reapply_erasures(session, cipher=cipher, clock=clock, list_path=list_path)
    assert done == erasure.Reapplied()
    assert find_erased(session, [number_of(41)], cipher) == set()
    assert queries.get_person(session, OFFICER, again.id).name == "王桂兰"


def test_a_sealed_person_is_not_entered_a_second_time(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    holds.place_hold(session, COUNTY, person.id, HoldReason.MONEY_PAID, None, cipher=cipher, clock=clock)
    ask(session, person, cipher, clock, list_path)
    with pytest.raises(PersonExists):
        register(session, cipher, clock)


def backup(session: Session) -> dict[str, list[Any]]:
    session.flush()
    return {table.name: [dict(r) for r in session.execute(select(table)).mappings()] for table in REGISTRY}


def restore(session: Session, saved: dict[str, list[Any]]) -> None:
    session.flush()
    session.expunge_all()
    kept = [table for table in REGISTRY if table.name not in ("regions", "audit_entries", "audit_head")]
    for table in reversed(kept):
        session.execute(delete(table))
    for table in kept:
        if saved[table.name]:
            session.execute(insert(table), saved[table.name])


def test_after_a_restore_erased_people_stay_erased(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    saved = backup(session)
    child = given.member(session, cipher, clock, person.household)
    people.move_person(
        session, OFFICER, child.id, given.household(session, cipher, clock).id, cipher=cipher, clock=clock
    )
    ask(session, person, cipher, clock, list_path)
    restore(session, saved)
    assert NAME in everything(session, cipher)

    def reapply() -> erasure.Reapplied:
        return erasure.reapply_erasures(session, cipher=cipher, clock=clock, list_path=list_path)

    assert reapply() == erasure.Reapplied(erased=1)
    session.expire_all()
    assert found_in(everything(session, cipher)) == set()
    with pytest.raises(ErasedBefore):
        register(session, cipher, clock)
    assert reapply() == erasure.Reapplied()


def test_after_a_restore_sealed_people_stay_sealed_and_kept(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    saved = backup(session)
    holds.place_hold(session, COUNTY, person.id, HoldReason.CASE_OPEN, None, cipher=cipher, clock=clock)
    ask(session, person, cipher, clock, list_path)
    restore(session, saved)
    done = erasure.reapply_erasures(session, cipher=cipher, clock=clock, list_path=list_path)
    assert done == erasure.Reapplied(sealed=1)
    assert_hidden(session, cipher, clock, session.get_one(Person, person.id))
    assert [hold.reason for hold in holds.running_holds(session, [person.id], clock.today())] == ["case_open"]
    assert erasure.erase_due(session, cipher=cipher, clock=clock, list_path=list_path) == 0


def test_an_id_given_anew_after_a_restore_is_somebody_else(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    ask(session, person, cipher, clock, list_path)
    stub = session.get_one(Person, person.id)
    stub.erased_at, stub.name, stub.created_at = None, "李四", clock.now() + timedelta(seconds=1)
    session.execute(delete(Erasure))
    session.flush()
    done = erasure.reapply_erasures(session, cipher=cipher, clock=clock, list_path=list_path)
    assert done == erasure.Reapplied()
    assert stub.name == "李四"


def test_a_crash_before_the_commit_is_made_good_at_the_next_start(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    class Killed(BaseException):
        pass

    with pytest.raises(Killed), session.begin_nested():
        ask(session, person, cipher, clock, list_path)
        raise Killed
    assert session.get_one(Person, person.id).name == NAME
    erasure.reapply_erasures(session, cipher=cipher, clock=clock, list_path=list_path)
    session.expire_all()
    assert session.get_one(Person, person.id).name == NO_NAME


def test_made_up_and_cut_lines_erase_nobody(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    other = add_person(session, cipher, clock, given.household(session, cipher, clock), 43)
    ask(session, person, cipher, clock, list_path)
    good = list_path.read_text()
    forged = json.dumps(json.loads(good) | {"person_id": other.id, "record": "0" * 64})
    list_path.write_text(f"{forged}\n{good}not a line\n[]\n{good[:50]}")
    done = erasure.reapply_erasures(session, cipher=cipher, clock=clock, list_path=list_path)
    assert done == erasure.Reapplied(refused=4)
    assert queries.get_person(session, OFFICER, other.id)
    # After a cut line the next one begins on a line of its own.
    ask(session, other, cipher, clock, list_path)
    restored = erasure.reapply_erasures(session, cipher=cipher, clock=clock, list_path=list_path)
    assert restored == erasure.Reapplied(refused=4)
    assert len(session.scalars(select(ErasedIndex)).all()) == 2


def test_a_list_that_can_not_be_written_erases_nobody(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, tmp_path: Path
) -> None:
    (tmp_path / "full").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="full"), session.begin_nested():
        ask(session, person, cipher, clock, tmp_path / "full" / "erasures.log")
    session.expire_all()
    assert session.get_one(Person, person.id).name == NAME


def test_the_digest_on_the_list_is_not_the_ledgers(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    before = person.id_index
    ask(session, person, cipher, clock, list_path)
    assert [row.digest for row in session.scalars(select(ErasedIndex))] != [before]
    assert before not in everything(session, cipher)
    assert str(ChangeKind.ERASED) in everything(session, cipher)
