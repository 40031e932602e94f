"""Taking a whole import back: what nobody touched since goes back, the rest is listed."""

from collections.abc import Callable

from sqlalchemy import func, select

from app.accounts.actor import SYSTEM
from app.core.crypto import Unsealable
from app.occupations.terms import Education
from app.seekers import people, sealing
from app.seekers.imports import queries, service
from app.seekers.imports.models import ImportBatch
from app.seekers.imports.takein import run_through
from app.seekers.imports.terms import ImportState
from app.seekers.models import LedgerChange, Person, PrivateFacts
from app.seekers.schemas import PersonPatch
from app.seekers.terms import ChangeKind, HouseholdKind
from tests.seekers.imports.conftest import Desk
from tests.seekers.imports.sheets import person

People = Callable[[], list[Person]]


def undo_last(desk: Desk) -> ImportBatch:
    with desk.database.write() as session:
        import_id = session.scalars(select(func.max(ImportBatch.id))).one()
        service.undo(session, SYSTEM, import_id, cipher=desk.cipher, clock=desk.clock)
    run_through(desk.database, import_id, desk.cipher, desk.clock)
    with desk.database.read() as session:
        return queries.get_batch(session, import_id)


def test_new_people_and_households_go(desk: Desk, ledger: People) -> None:
    desk.take_in([person(1, 民族="汉族"), person(2, 姓名="李建国")])
    batch = undo_last(desk)
    assert (batch.state, batch.left) == (ImportState.UNDONE, [])
    assert ledger() == []
    with desk.database.read() as session:
        assert desk.homes(session) == []
        assert session.scalar(select(func.count(PrivateFacts.person_id))) == 0
        gone = session.scalars(select(Person)).all()
        assert {(found.name, found.id_number, found.phone_index) for found in gone} == {("", None, None)}
        kinds = session.scalars(select(LedgerChange.kind).where(LedgerChange.import_id == batch.id)).all()
        assert kinds.count(ChangeKind.IMPORT_UNDONE.value) == 4


def test_the_file_can_come_again_after_the_undo(desk: Desk, ledger: People) -> None:
    desk.take_in([person(1)])
    undo_last(desk)
    assert desk.take_in([person(1)]).created == 1
    assert len(ledger()) == 1


def test_changed_fields_go_back_sealed_ones_too(desk: Desk, ledger: People) -> None:
    desk.take_in([person(文化程度="小学", 健康状况="健康", 户类型="一般农户")])
    desk.take_in(
        [person(文化程度="初中", 健康状况="残疾", 联系电话="15400009999", 户类型="脱贫户", 民族="汉族")]
    )
    undo_last(desk)
    (found,) = ledger()
    assert (found.education, found.version) == (Education.PRIMARY, 3)
    assert sealing.open_phone(found, desk.cipher) == "15400000001"
    with desk.database.read() as session:
        assert desk.facts(session, found, "health") == {"健康状况": "健康"}
        assert "民族" not in desk.facts(session, found)
        (home,) = desk.homes(session)
        assert (home.kinds, home.is_monitored) == ([HouseholdKind.ORDINARY], False)


def test_what_somebody_edited_since_stays_and_is_listed(desk: Desk, ledger: People) -> None:
    desk.take_in([person(1, 文化程度="小学"), person(2, 姓名="李建国")])
    edited = ledger()[0].id
    with desk.database.write() as session:
        people.update_person(
            session,
            SYSTEM,
            edited,
            PersonPatch(education=Education.JUNIOR),
            cipher=desk.cipher,
            clock=desk.clock,
        )
    batch = undo_last(desk)
    assert batch.left == [["person", edited]]
    (kept,) = ledger()
    assert (kept.id, kept.education) == (edited, Education.JUNIOR)
    with desk.database.read() as session:
        # Their household stays with them.
        assert [home.id for home in desk.homes(session)] == [kept.household_id]


def test_undone_twice_is_undone_once(desk: Desk) -> None:
    desk.take_in([person()])
    assert undo_last(desk).undone_at == undo_last(desk).undone_at


def test_large_imports_are_undone_in_steps(desk: Desk, ledger: People) -> None:
    desk.take_in([person(n) for n in range(1, 620)])
    undo_last(desk)
    assert ledger() == []


def test_a_moved_ciphertext_does_not_open(desk: Desk, ledger: People) -> None:
    desk.take_in([person(1), person(2, 姓名="李建国")])
    one, other = ledger()
    one.phone = other.phone
    try:
        sealing.open_phone(one, desk.cipher)
    except Unsealable:
        return
    raise AssertionError("a telephone of another person opened")
