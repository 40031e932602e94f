"""Who read my file, and what of the log a colleague sees."""

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC, SYSTEM, Actor
from app.accounts.audit.queries import visible_entries, who_looked
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from tests.accounts.audit.entries import OFFICER, REASON, reveal
from tests.accounts.situations import (
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    add_regions,
    holding,
    staff_member,
)
from tests.databases import RolledBackDatabase

PERSON, HOUSEHOLD = 41, 17


@pytest.fixture
def read_files(database: RolledBackDatabase, cipher: FieldCipher, clock: FixedClock) -> Session:
    """Two officers have looked; accounts were changed; a household was read and edited."""
    with database.write() as session:
        add_regions(session)
        officer = staff_member(session, clock, Role.VILLAGE_OFFICER, VILLAGE, "wangguilan")
        reveal(session, cipher, clock, PERSON, actor=officer)
        reveal(session, cipher, clock, PERSON + 1, actor=officer)
        for action in (Action.READ, Action.EDIT):
            _plain(session, cipher, clock, officer, action, Resource.HOUSEHOLD_FILE, HOUSEHOLD, VILLAGE)
        _plain(session, cipher, clock, SYSTEM, Action.EDIT, Resource.STAFF_ACCOUNT, 5, None)
        other = staff_member(session, clock, Role.VILLAGE_OFFICER, OTHER_VILLAGE, "lijianguo")
        reveal(session, cipher, clock, 99, actor=other, region_code=OTHER_VILLAGE)
        far = holding(Role.COUNTY_OFFICER, OTHER_COUNTY, user_id=7)
        reveal(session, cipher, clock, 100, actor=far, region_code=OTHER_COUNTY)
    with database.read() as session:
        return session


def _plain(
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    actor: Actor,
    action: Action,
    resource: Resource,
    subject_id: int,
    region_code: str | None,
) -> None:
    record_audit(
        session, cipher, clock, actor, action, resource, subject_id=subject_id, region_code=region_code
    )


def test_a_person_sees_who_looked_when_as_what_and_why(read_files: Session, clock: FixedClock) -> None:
    (look,) = who_looked(read_files, PERSON)
    assert (look.at, look.actor_name, look.role) == (clock.now(), "wangguilan", Role.VILLAGE_OFFICER)
    assert (look.resource, look.action, look.reason) == (Resource.ID_NUMBER, Action.REVEAL, REASON)


def test_with_the_household_and_changes_left_out(read_files: Session) -> None:
    looks = who_looked(read_files, PERSON, HOUSEHOLD)
    assert [look.resource for look in looks] == [Resource.HOUSEHOLD_FILE, Resource.ID_NUMBER]
    assert [look.action for look in looks] == [Action.READ, Action.REVEAL]
    # Another person's id that happens to be the household's tells nothing.
    assert who_looked(read_files, HOUSEHOLD) == []


@pytest.mark.parametrize(
    ("actor", "subjects"),
    [
        (PUBLIC, []),
        (OFFICER, []),
        (holding(Role.TOWNSHIP_OFFICER, TOWN), [PERSON, PERSON + 1, 99]),
        (holding(Role.TOWNSHIP_OFFICER, "610204102"), []),
        (holding(Role.COUNTY_OFFICER, COUNTY), [PERSON, PERSON + 1, HOUSEHOLD, HOUSEHOLD, 99]),
        (holding(Role.COUNTY_OFFICER, OTHER_COUNTY), [100]),
        (holding(Role.ADMIN, None), [5]),
        (holding(Role.CITY_VIEWER, "610200"), []),
        (holding(Role.AUDITOR, None), [PERSON, PERSON + 1, HOUSEHOLD, HOUSEHOLD, 5, 99, 100]),
    ],
)
def test_what_of_the_log_a_colleague_sees(read_files: Session, actor: Actor, subjects: list[int]) -> None:
    seen = [entry.subject_id for entry in read_files.scalars(visible_entries(actor).order_by("id"))]
    assert seen == subjects
