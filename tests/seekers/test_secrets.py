"""Nothing of a number stands in the database file in clear, and the pages are cheap."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.settings import Settings
from app.seekers import merging, people, queries
from app.seekers.bulk import HouseholdDraft, save_households
from app.seekers.files import open_file, show_households
from app.seekers.models import Person
from app.seekers.schemas import HouseholdIn, MemberIn, PersonPatch
from app.seekers.terms import SaveOutcome
from tests.seekers import factories as given


def drafts(count: int) -> list[HouseholdDraft]:
    return [
        HouseholdDraft(
            HouseholdIn(region_code=given.VILLAGE, address=f"{number}号"),
            [
                MemberIn.model_validate(
                    {
                        "name": f"王{number}",
                        "id_number": given.id_number(sequence=number),
                        "phone": f"1390001{number:04d}",
                        "skills": ["平车"] if number % 3 else [],
                        "ledger": {"民族": "汉"} if number % 2 else {},
                        "health": {"健康状况": "残疾"} if number % 5 == 0 else {},
                    }
                )
            ],
        )
        for number in range(count)
    ]


def test_no_number_stands_anywhere_in_clear(
    own_database: Database, own_settings: Settings, cipher: FieldCipher, clock: FixedClock
) -> None:
    url = make_url(own_settings.database_url)
    if url.get_backend_name() != "sqlite" or url.database is None:
        pytest.skip("a PostgreSQL cluster keeps its files elsewhere; the bytes written are the same")
    with own_database.write() as session:
        given.plant_regions(session)
        saved = save_households(session, drafts(500), clock, cipher=cipher)
        assert saved.created == 500
    tools: dict[str, Any] = {"cipher": cipher, "clock": clock}
    with own_database.write() as session:
        rows, _ = queries.list_people(session, SYSTEM, queries.PeopleFilters(), clock.today(), limit=50)
        for number, person in enumerate(rows):
            patch = PersonPatch(
                phone=f"1390002{number:04d}", id_number=given.id_number(sequence=600 + number)
            )
            people.update_person(session, SYSTEM, person.id, patch, **tools)
        bare = given.member(session, cipher, clock, rows[0].household, phone="13900029999")
        merging.merge_people(session, SYSTEM, rows[0].id, bare.id, **tools)
    # What the planted numbers have in common: one search for a thousand.
    planted = ["99020419", "1390001", "1390002", "残疾"]
    numbers = [draft.members[0].id_number or "" for draft in drafts(500)]
    assert all(number.startswith(planted[0]) for number in numbers)
    files = list(Path(url.database).parent.glob(Path(url.database).name + "*"))
    assert any(path.name.endswith("-wal") for path in files)
    content = b"".join(path.read_bytes() for path in files)
    assert "柳树塬村".encode() in content, "the search would see it"
    found = [secret for secret in planted if secret.encode() in content or secret.encode("utf-16") in content]
    assert found == []


def test_bulk_makes_the_same_as_one_by_one_and_only_once(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    given.plant_regions(session)
    first = save_households(session, drafts(7), clock, cipher=cipher)
    assert (first.created, first.unchanged, len(set(first.ids))) == (7, 0, 7)
    again = save_households(session, drafts(9), clock, cipher=cipher)
    assert (again.created, again.unchanged, again.ids[:7]) == (2, 7, first.ids)
    assert again.outcomes == [SaveOutcome.UNCHANGED] * 7 + [SaveOutcome.CREATED] * 2
    (mine,) = queries.list_members(session, first.ids[5])
    home = given.household(session, cipher, clock, address="5号")
    form = drafts(6)[5].members[0].model_dump(exclude_unset=True) | {
        "id_number": given.id_number(sequence=705),
        "name": "王5",
    }
    other = given.member(session, cipher, clock, home, **form, birth_on=None)
    same = {column.name for column in Person.__table__.columns} - {
        *("id", "household_id", "id_number", "id_index", "id_tail_index", "phone", "relation")
    }
    assert {name: getattr(mine, name) for name in same} == {name: getattr(other, name) for name in same}


def test_pages_take_few_statements(own_database: Database, cipher: FieldCipher, clock: FixedClock) -> None:
    with own_database.write() as session:
        person = given.seeker(session, cipher, clock)
        home = person.household
        for number in range(5):
            given.member(session, cipher, clock, home, name=f"小{number}")
        home_id = home.id
    statements: list[str] = []
    event.listen(own_database.reader, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with own_database.read() as session:
        file = open_file(session, SYSTEM, home_id, clock, cipher=cipher)
        assert len(file.household.members) == 6
        assert len(file.timeline) == 7
    assert len(statements) <= 8, statements
    statements.clear()
    with own_database.read() as session:
        rows, _ = queries.list_households(session, SYSTEM, limit=20)
        assert len(show_households(session, SYSTEM, rows, clock, cipher=cipher)) == 1
    assert len(statements) <= 5, statements
