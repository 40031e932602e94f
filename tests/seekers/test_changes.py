"""Every writer of people, households and consents is noted in the log that indexes follow."""

import re
from datetime import date

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import REFILLS
from app.regions.models import Region
from app.seekers.changes import MOST_NOTED, PERSON_CHANGES, WATCHED, note_all_people
from app.seekers.models import Household, Person
from app.seekers.privacy.models import Consent
from app.seekers.terms import SeekerStatus
from tests.conftest import PROJECT
from tests.seekers import factories as given

PAST_THE_SESSION = re.compile(r"connection\(\)\.execute|connection\.execute|WideInsert\(|exec_driver_sql")
OF_PEOPLE = re.compile(r"\b(Person|Household|Consent|Region)\b")
KNOWN = {
    "app/seekers/imports/writing.py": "notes everything after each chunk",
    "app/seekers/imports/placing.py": "makes households nobody lives in yet; changes go through the session",
    "app/seekers/imports/undoing.py": "empties households nobody lives in any more",
    "app/seekers/privacy/rotation.py": "seals anew, changes nothing that is sealed",
}


def noted(session: Session, since: int) -> set[tuple[int | None, int | None]]:
    session.flush()
    return {
        (each.record, each.group) for each in PERSON_CHANGES.since(session, since, ()) if each.number > since
    }


def test_statements_past_the_session_are_known() -> None:
    """A new file that writes people through the connection notes it and is named here."""
    found = set()
    for path in (PROJECT / "app").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if PAST_THE_SESSION.search(text) and OF_PEOPLE.search(text):
            found.add(str(path.relative_to(PROJECT)))
    assert found == set(KNOWN)
    assert "note_all_people(" in (PROJECT / "app/seekers/imports/writing.py").read_text(encoding="utf-8")


def test_watched_columns_are_there() -> None:
    for model in (Person, Household, Consent, Region):
        assert set(WATCHED[model.__tablename__]) <= set(model.__table__.columns.keys())


def test_records_and_statements_are_noted(session: Session, cipher: FieldCipher, clock: FixedClock) -> None:
    start = PERSON_CHANGES.newest(session)
    home = given.household(session, cipher, clock)
    assert noted(session, start) == set()
    person = given.seeker(session, cipher, clock, home)
    other = given.household(session, cipher, clock)
    assert noted(session, start) == {(person.id, home.id)}

    def after(act: object) -> set[tuple[int | None, int | None]]:
        newest = PERSON_CHANGES.newest(session)
        assert callable(act)
        act()
        return noted(session, newest)

    everything = {(None, None)}
    assert after(lambda: setattr(person, "phone_index", "0")) == set()
    assert after(lambda: setattr(person, "skills", ["电焊"])) == {(person.id, home.id)}
    assert after(lambda: setattr(person, "household_id", other.id)) == {
        (person.id, other.id),
        (None, home.id),
    }
    assert after(lambda: setattr(other, "is_monitored", True)) == {(None, other.id)}
    assert after(lambda: setattr(other, "address", "3组")) == set()
    working = update(Person).values(status=SeekerStatus.EMPLOYED)
    assert after(lambda: session.execute(working)) == everything
    assert after(lambda: session.execute(update(Person).values(version=Person.version + 1))) == set()
    moving = update(Person).values(region_code=other.region_code)
    assert after(lambda: session.execute(moving)) == everything
    assert after(lambda: session.execute(update(Region).values(x=7, y=7))) == everything
    assert after(lambda: session.execute(update(Region).values(name="某地"))) == set()
    said = Consent(
        person_id=person.id,
        purpose="ledger",
        is_given=False,
        method="phone",
        text_version="1",
        at=clock.now(),
    )
    assert after(lambda: session.add(said)) == {(person.id, None)}
    assert after(lambda: session.delete(said)) == {(person.id, None)}
    assert after(lambda: note_all_people(session)) == everything


def test_many_rows_are_one_batch(session: Session, clock: FixedClock) -> None:
    given.plant_regions(session)
    newest = PERSON_CHANGES.newest(session)
    now = clock.now()
    home = {"region_code": given.VILLAGE, "created_at": now, "updated_at": now, "kinds": [], "version": 1}
    blank = {"address": "", "note": "", "is_monitored": False}
    session.execute(insert(Household.__table__), [home | blank | {"id": 900_001}])
    assert noted(session, newest) == set()
    person = {
        "household_id": 900_001,
        "region_code": given.VILLAGE,
        "name": "王桂兰",
        "birth_on": date(1975, 3, 8),
    }
    rows = [person | {"id": 900_001 + i, "created_at": now, "updated_at": now} for i in range(3)]
    session.execute(insert(Person), rows)
    people: set[tuple[int | None, int | None]] = {(900_001 + i, None) for i in range(3)}
    assert noted(session, newest) == people | {(None, 900_001)}
    newest = PERSON_CHANGES.newest(session)
    later = [
        person | {"id": 910_000 + i, "created_at": now, "updated_at": now} for i in range(MOST_NOTED + 1)
    ]
    session.execute(insert(Person), later)
    assert noted(session, newest) == {(None, None)}


def test_a_backup_put_back_brings_its_own_log(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    session.info[REFILLS] = True
    newest = PERSON_CHANGES.newest(session)
    given.seeker(session, cipher, clock)
    session.execute(update(Person).values(travel="city"))
    assert noted(session, newest) == set()
