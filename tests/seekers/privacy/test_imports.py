"""Files handed in: they bring no erased person back, and know people under an older key."""

from pathlib import Path

from sqlalchemy import select

from app.core.crypto import FieldCipher
from app.seekers import sealing
from app.seekers.imports.models import ImportChunk, ImportRow
from app.seekers.imports.staging import open_rows
from app.seekers.models import Person
from app.seekers.privacy import erasure, holds
from app.seekers.privacy.schemas import ErasureIn
from app.seekers.privacy.terms import ConsentMethod, HoldReason
from tests.seekers import factories as given
from tests.seekers.imports.conftest import Desk, desk
from tests.seekers.imports.sheets import id_number, person
from tests.seekers.privacy.situations import CHANGING, OLD

__all__ = ["desk"]
ASKED = ErasureIn(method=ConsentMethod.PAPER, reason="本人写了申请")


def erase(desk: Desk, name: str, list_path: Path, *, must_be_kept: bool = False) -> int:
    with desk.database.write() as session:
        person_id = session.scalars(select(Person.id).where(Person.name == name)).one()
        if must_be_kept:
            holds.keep_record(session, person_id, HoldReason.MONEY_PAID, None, desk.clock)
        first, second = given.township_officer(), given.county_officer()
        given.add_users(session, desk.clock, first, second)
        erasure.request_erasure(session, first, person_id, ASKED, cipher=desk.cipher, clock=desk.clock)
        erasure.carry_out_erasure(
            session, second, person_id, cipher=desk.cipher, clock=desk.clock, list_path=list_path
        )
    return person_id


def test_the_next_sheet_does_not_bring_an_erased_person_back(desk: Desk, list_path: Path) -> None:
    rows = [person(1, 姓名="王桂兰"), person(2, 姓名="李国强"), person(3, 姓名="赵春燕")]
    assert desk.take_in(rows).created == 3
    erase(desk, "李国强", list_path)
    kept = erase(desk, "赵春燕", list_path, must_be_kept=True)
    again = desk.take_in([*rows, person(4, 姓名="孙大伟")])
    assert (again.created, again.unchanged, again.rejected) == (1, 1, 2)
    assert [reason for reason in again.reasons if "要求删除" in reason]
    with desk.database.read() as session:
        assert {p.name for p in desk.people(session)} == {"王桂兰", "孙大伟"}
        assert session.get_one(Person, kept).version == 2  # made, sealed, and left alone


def test_a_file_handed_in_forgets_an_erased_person(desk: Desk, list_path: Path) -> None:
    desk.take_in([person(1, 姓名="王桂兰"), person(2, 姓名="李国强")])
    with desk.database.write() as session:
        chunks = session.scalars(select(ImportChunk).where(ImportChunk.sealed.is_not(None))).all()
        before = [row.cells for chunk in chunks for row in open_rows(chunk, desk.cipher)]
    erase(desk, "李国强", list_path)
    with desk.database.read() as session:
        chunks = session.scalars(select(ImportChunk).where(ImportChunk.sealed.is_not(None))).all()
        after = [row.cells for chunk in chunks for row in open_rows(chunk, desk.cipher)]
        digests = session.scalars(select(ImportRow.person_digest)).all()
    assert len(after) == len(before) > 0
    assert id_number(2) in repr(before)
    assert id_number(2) not in repr(after)
    assert id_number(1) in repr(after)
    assert sealing.id_index(id_number(2), desk.cipher) not in digests


def test_a_sheet_taken_in_while_keys_change_makes_nobody_twice(desk: Desk) -> None:
    def under(cipher: FieldCipher) -> Desk:
        return Desk(desk.database, desk.clock, cipher, desk.folder, desk.files)

    rows = [person(n, 户编号="") for n in range(1, 6)]
    for row in rows:
        del row["户编号"]
    assert under(OLD).take_in(rows).created == 5
    later = under(CHANGING)
    later.files = 1
    assert later.take_in([*rows, person(9)]).created == 1
    with desk.database.read() as session:
        assert len(desk.people(session)) == 6
