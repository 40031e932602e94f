"""People with canaries: every record holds values that occur nowhere else; one seen is a leak proved."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.accounts.models import User
from app.accounts.permissions import Assignment, Target
from app.accounts.terms import UserKind
from app.core.clock import Clock, FixedClock
from app.core.crypto import FieldCipher
from app.demo.numbers import id_check_sign
from app.regions import gazetteer
from app.regions.models import Region
from app.regions.terms import Level, RegionSource
from app.seekers import households, people
from app.seekers.models import Household, Person
from app.seekers.schemas import HouseholdIn, HouseholdPatch, MemberIn, SeekerIn
from tests.employers.factories import verified_employer
from tests.jobs.factories import open_job
from tests.permissions.http.relations import relations

HOME, SIBLING, OTHER_TOWN = "610204101201", "610204101202", "610204102201"
# Own village, a sibling, another town, the town itself, another county, another city, another province, and
# the places where a prefix goes wrong.
PLACES = (
    HOME,
    SIBLING,
    OTHER_TOWN,
    "610204101",
    "610222102201",
    "610102001201",
    "500101001201",
    "510104003201",
    "429004001201",
    "429005001201",
    "441900003201",
)
OFFICER_IDS = range(1, 60)
_RARE = "亘亟亳亶仂仄仝仞仡仨仫仵伉伛伢佤佧佶侃侑侗侬俅俎俚俜俟"


@dataclass(frozen=True)
class Record:
    """One person of one household, and what must not be seen by whom."""

    person_id: int
    household_id: int
    region_code: str
    officer_id: int | None
    is_seeker: bool
    is_erased: bool
    version: int
    household_version: int
    # Kind of canary -> the text that gives it away.
    canaries: dict[str, str]
    # How people without an area stand to the person, as rows of the database say.
    owner_user_id: int | None = None
    assignments: tuple[Assignment, ...] = ()
    related_employer_ids: frozenset[int] = frozenset()

    @property
    def target(self) -> Target:
        return replace(
            self.target_of_area,
            owner_user_id=self.owner_user_id,
            assignments=self.assignments,
            related_employer_ids=self.related_employer_ids,
        )

    @property
    def target_of_area(self) -> Target:
        """What a route looks at that is for who holds the area only."""
        return Target(
            region_code=self.region_code, household_officer_id=self.officer_id, is_erased=self.is_erased
        )

    @property
    def has_relation(self) -> bool:
        return bool(self.owner_user_id or self.assignments or self.related_employer_ids)


@dataclass
class World:
    records: list[Record]
    # An open posting, for ranking people for it.
    job_id: int
    # The firm of that posting.
    employer_id: int
    # canary -> (kind, record)
    owners: dict[str, tuple[str, Record]]


def plant(session: Session, cipher: FieldCipher, clock: FixedClock, places: tuple[str, ...]) -> World:
    """Two households a place: one with its officer (user 1) named, a child in each; one person erased, one
    moved away from the home village."""
    _plant_officers(session, clock)
    records: list[Record] = []
    for place in places:
        _plant_region(session, place)
        for officer_id in (1, None):
            records += _household(session, cipher, clock, place, officer_id, len(records))
    records += _moved_and_erased(session, cipher, clock, len(records))
    session.flush()
    firm, other = (verified_employer(session, clock, name=f"探针{n}厂") for n in (1, 2))
    records = relate(session, clock, records, firm.id, other.id)
    owners = {text: (kind, record) for record in records for kind, text in record.canaries.items()}
    job = open_job(session, clock, firm)
    return World(records, job.id, firm.id, owners)


def relate(
    session: Session, clock: FixedClock, records: list[Record], firm_id: int, other_id: int
) -> list[Record]:
    """The records with the relations that now stand in the database."""
    able = [record for record in records if record.is_seeker]
    found = relations(session, clock, [record.person_id for record in able], firm_id, other_id)
    return [replace(record, **found.get(record.person_id, {})) for record in records]


def _plant_officers(session: Session, clock: Clock) -> None:
    for user_id in OFFICER_IDS:
        if session.get(User, user_id) is None:
            session.add(_officer(user_id, clock))
    session.flush()


def _officer(user_id: int, clock: Clock) -> User:
    names = {"username": f"colleague{user_id}", "display_name": "同事"}
    return User(id=user_id, kind=UserKind.STAFF, created_at=clock.now(), version=1, **names)


def _plant_region(session: Session, code: str) -> None:
    for step in gazetteer.ancestors(code) if len(code) == 12 else (*gazetteer.ancestors(code),):
        if session.get(Region, step.code) is None:
            session.add(_region(step.code, step.name, step.level, step.parent_code))
            session.flush()
    if session.get(Region, code) is None:
        if len(code) == 12:
            session.add(_region(code, f"村{code}", Level.VILLAGE, code[:9]))
        else:
            division = gazetteer.get(code)
            session.add(_region(code, division.name, division.level, division.parent_code))
    session.flush()


def _region(code: str, name: str, level: Level, parent: str | None) -> Region:
    source = RegionSource.OFFICE if level is Level.VILLAGE else RegionSource.BUILTIN
    names = {"name": name, "short_name": name, "pinyin": "", "initials": ""}
    return Region(code=code, level=level, parent_code=parent, source=source, **names)


def _household(
    session: Session, cipher: FieldCipher, clock: Clock, place: str, officer_id: int | None, number: int
) -> list[Record]:
    form = {"region_code": place, "address": f"探址{number:04d}", "note": f"探记{number:04d}"}
    home = households.create_household(
        session, SYSTEM, HouseholdIn.model_validate(form), cipher=cipher, clock=clock
    )
    # Who looks after a household need not hold the area at this moment: that is part of what is probed.
    session.execute(update(Household).where(Household.id == home.id).values(officer_id=officer_id))
    session.refresh(home)
    adult = _person(number)
    person = people.add_seeker(
        session,
        SYSTEM,
        SeekerIn.model_validate({"household_id": home.id, **adult}),
        cipher=cipher,
        clock=clock,
    )
    child_form = {"name": _name(number + 1), "birth_on": "2015-06-01", "relation": "child"}
    child = people.add_member(
        session, SYSTEM, home.id, MemberIn.model_validate(child_form), cipher=cipher, clock=clock
    )
    of_home = {"address": f"探址{number:04d}", "note": f"探记{number:04d}"}
    return [
        _record(home, person, {**of_home, **_canaries(adult)}, is_seeker=True),
        _record(home, child, {"name": child_form["name"]}, is_seeker=False),
    ]


def _moved_and_erased(session: Session, cipher: FieldCipher, clock: Clock, number: int) -> list[Record]:
    """A household that has moved out of the home village, and a person whose record was erased there."""
    moved = _household(session, cipher, clock, HOME, 1, number)
    patch = HouseholdPatch.model_validate({"region_code": OTHER_TOWN, "reason": "搬走了"})
    households.update_household(
        session, SYSTEM, moved[0].household_id, patch, cipher=cipher, clock=clock, version=None
    )
    session.flush()
    home = session.get_one(Household, moved[0].household_id, populate_existing=True)
    fresh = [
        _record(
            home, session.get_one(Person, record.person_id, populate_existing=True), record.canaries,
            is_seeker=record.is_seeker,
        )
        for record in moved
    ]  # fmt: skip
    erased = _household(session, cipher, clock, HOME, 1, number + 2)[0]
    now = clock.now()
    session.execute(update(Person).where(Person.id == erased.person_id).values(erased_at=now))
    person = session.get_one(Person, erased.person_id, populate_existing=True)
    home = session.get_one(Household, erased.household_id)
    only = {kind: text for kind, text in erased.canaries.items() if kind not in ("address", "note")}
    return [*fresh, _record(home, person, only, is_seeker=True)]


def _record(home: Household, person: Person, canaries: dict[str, str], *, is_seeker: bool) -> Record:
    return Record(
        person.id,
        home.id,
        person.region_code,
        home.officer_id,
        is_seeker,
        person.erased_at is not None,
        person.version,
        home.version,
        canaries,
    )


def _person(number: int) -> dict[str, object]:
    first17 = f"990204{date(1975, 3, 8):%Y%m%d}{number:03d}"
    return {
        "name": _name(number),
        "id_number": first17 + id_check_sign(first17),
        "phone": f"1990000{number:04d}",
        "training_wish": f"探厂{number:04d}",
        "health": {"健康状况": f"探病{number:04d}"},
        "ledger": {"民族": f"探族{number:04d}"},
    }


def _name(number: int) -> str:
    return f"探{_RARE[number // len(_RARE)]}{_RARE[number % len(_RARE)]}"


def _canaries(form: dict[str, object]) -> dict[str, str]:
    health, ledger = form["health"], form["ledger"]
    assert isinstance(health, dict)
    assert isinstance(ledger, dict)
    return {
        "name": str(form["name"]),
        "id_number": str(form["id_number"]),
        "phone": str(form["phone"]),
        "card": str(form["training_wish"]),
        "health": str(health["健康状况"]),
        "ledger": str(ledger["民族"]),
    }
