"""台账: the demo's households as the forms of `seekers` take them, and their way into the database."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import queries as account_queries
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.demo.dice import Dice
from app.demo.people import EPOCH, DemoHousehold, DemoPerson
from app.regions.terms import Reach
from app.seekers import queries as seeker_queries
from app.seekers import rules
from app.seekers.bulk import HouseholdDraft, save_households
from app.seekers.schemas import HouseholdIn, MemberIn
from app.seekers.terms import SeekerStatus

HOUSEHOLDS_AT_ONCE = 200
BEYOND_WORK_FROM = 68
JUDGED = "村里评议"

_SAME = (
    *("education", "skills", "certificates", "travel", "wage_floor_fen", "wage_floor_unit", "shifts"),
    *("needs_board", "needs_lodging", "cares_for_family", "limits", "profiles", "welfare_eligible", "status"),
)


def load_households(
    database: Database, clock: Clock, cipher: FieldCipher, households: Sequence[DemoHousehold]
) -> None:
    """Takes in the households that are not there yet, some hundred in a transaction."""
    with database.read() as session:
        if _is_complete(session, cipher, households):
            return
        officers = _officer_ids(session, {household.officer for household in households})
    for start in range(0, len(households), HOUSEHOLDS_AT_ONCE):
        part = households[start : start + HOUSEHOLDS_AT_ONCE]
        drafts = [_draft(household, officers, clock) for household in part]
        with database.write() as session:
            save_households(session, drafts, clock, cipher=cipher)


def _is_complete(session: Session, cipher: FieldCipher, households: Sequence[DemoHousehold]) -> bool:
    last = households[-1].members[0].id_number
    return seeker_queries.find_person_by_id_number(session, last, cipher) is not None


def _officer_ids(session: Session, usernames: set[str]) -> dict[str, int]:
    found = {name: account_queries.find_staff(session, name) for name in sorted(usernames)}
    return {name: user.id for name, user in found.items() if user is not None}


def _draft(household: DemoHousehold, officers: Mapping[str, int], clock: Clock) -> HouseholdDraft:
    data = HouseholdIn(
        region_code=household.region_code,
        address=household.address,
        kinds=list(household.kinds),
        household_number=f"{household.region_code}{household.number:05d}",
        officer_id=officers.get(household.officer),
    )
    return HouseholdDraft(data, list(_members(household, clock)))


def _members(household: DemoHousehold, clock: Clock) -> Iterator[MemberIn]:
    for person in household.members:
        form: dict[str, Any] = {
            "name": person.name,
            "id_number": person.id_number,
            "phone": person.phone or None,
            "relation": person.relation,
            "education": person.education,
        }
        yield MemberIn.model_validate(form | _working(person, clock))


def _working(person: DemoPerson, clock: Clock) -> dict[str, Any]:
    working = person.working
    if working is None or not person.may_seek_on(clock.today()):
        return {"status": _status_at_home(person, clock)}
    form: dict[str, Any] = {name: getattr(working, name) for name in _SAME}
    if working.status == SeekerStatus.SEEKING:
        form["seeking_since_on"] = EPOCH - timedelta(days=Dice("since", person.number).between(0, 150))
    if working.labour_class in ("semi", "weak") and person.age_on(clock.today()) < rules.WEAK_FROM_AGE:
        form |= {"class": working.labour_class, "class_reason": JUDGED}
    if working.work:
        form |= {"employer_name": working.work, "work_place": Reach(working.work_area).label}
    ledger = {}
    if working.return_reason is not None:
        form["return_reason"], ledger["返乡原因"] = working.return_reason
    if working.not_working_reason is not None:
        form["not_working_reason"], ledger["没上班的原因"] = working.not_working_reason
    return form | {"ledger": ledger}


def _status_at_home(person: DemoPerson, clock: Clock) -> SeekerStatus:
    if person.studying:
        return SeekerStatus.STUDYING
    beyond = person.age_on(clock.today()) >= BEYOND_WORK_FROM
    return SeekerStatus.UNABLE if beyond else SeekerStatus.NOT_SEEKING
