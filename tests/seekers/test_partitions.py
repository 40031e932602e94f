"""People in parts by city, and back, with the demo county at work: nothing is lost and nothing notices."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, make_url, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from app import models
from app.accounts.actor import SYSTEM
from app.accounts.dependencies import get_actor
from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.ids import reserve_ids
from app.core.settings import Settings
from app.demo.load import load_demo
from app.main import create_app
from app.referrals.recommending.models import Recommendation
from app.referrals.recommending.running import RunSummary, run_recommendations
from app.seekers import queries
from app.seekers.models import Person
from app.seekers.queries import PeopleFilters
from scripts.partition_by_city import Partitioning
from tests.referrals.situations import Scene
from tests.seekers import factories as given

COUNTY, FAR_TOWN, FARTHER_TOWN = "610204", "610602001", "360731100"
SHAPE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'people'::regclass OR confrelid = 'people'::regclass
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE tablename = 'people'
UNION ALL SELECT 'people', column_name,
  concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default,
    col_description('people'::regclass, ordinal_position))
FROM information_schema.columns WHERE table_name = 'people'
ORDER BY 1, 2, 3"""

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@dataclass
class Office:
    """A database that people work on, and a connection of whoever looks after it."""

    settings: Settings
    database: Database
    clock: FixedClock
    connection: psycopg.Connection[Any]

    def scene(self, session: Any) -> Scene:
        return Scene(session, cipher_of(self.settings), self.clock)

    def newcomer(self, home: str, number: int) -> int:
        """Somebody entered while the work goes on."""
        with self.database.write() as session:
            scene = self.scene(session)
            scene.people_made = 400 + number
            return scene.neighbour(home, status="seeking").id

    def shape(self) -> list[tuple[str, ...]]:
        """Columns, indexes and constraints of people, and who points at them."""
        return self.connection.execute(SHAPE).fetchall()

    def digest(self) -> tuple[int, int]:
        asked = "SELECT count(*), sum(hashtextextended(p::text, 0)) FROM people p"
        row = self.connection.execute(asked).fetchone()
        assert row is not None
        return row[0], row[1]

    def draft(self) -> tuple[RunSummary, set[tuple[int, int, str]]]:
        """Who is recommended what."""
        done = run_recommendations(self.database, COUNTY, self.clock)
        with self.database.read() as session:
            rows = session.scalars(select(Recommendation))
            return done, {(row.person_id, row.job_id, row.score.hex()) for row in rows}

    def answers(self) -> dict[str, Any]:
        """What the programs and pages of the county's office say."""
        app = create_app(self.settings, database=self.database, clock=self.clock)
        app.dependency_overrides[get_actor] = lambda: given.county_officer(COUNTY)
        asked = [
            "seekers?limit=50",
            "households?limit=20",
            "seekers?q=王&limit=50",
            "recommendations?limit=50",
        ]
        with TestClient(app, base_url="http://testserver") as client:
            found = {path: client.get(f"/api/v1/{path}") for path in asked}
            assert {answer.status_code for answer in found.values()} == {200}, found
            first = found[asked[0]].json()["items"][0]["id"]
            for path in (f"seekers/{first}", f"seekers/{first}/matches"):
                found[path] = client.get(f"/api/v1/{path}")
        said = {path: answer.json() for path, answer in found.items()}
        said["recommendations?limit=50"].pop("next")  # the second draft's rows have higher numbers
        return said


@pytest.fixture(params=["few", pytest.param("demo", marks=pytest.mark.slow)])
def office(
    request: pytest.FixtureRequest, own_settings: Settings, own_database: Database, clock: FixedClock
) -> Iterator[Office]:
    """A few people or the demo county, and people of two other cities."""
    url = make_url(own_settings.database_url).set(drivername="postgresql")
    plain = url.render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        office = Office(own_settings, own_database, clock, connection)
        if request.param == "few":
            load_few(office)
        else:
            load_demo(own_database, clock, cipher_of(own_settings))
        for number, home in enumerate((FAR_TOWN, FARTHER_TOWN, FAR_TOWN)):
            office.newcomer(home, number)
        yield office


def load_few(office: Office) -> None:
    """Forty people of one county with referrals, ten postings."""
    with office.database.write() as session:
        given.plant_regions(session)
        scene = office.scene(session)
        scene.user(given.county_officer(COUNTY).user_id or 0)
        for number in range(39):
            scene.neighbour(given.TOWN, status="seeking", name=("王桂兰", "李三", "王五")[number % 3])
        for number in range(10):
            scene.posting(title=("平车工", "厨师", "保洁员")[number % 3], openings=1 + number % 3)
        scene.at("interested")


def test_in_parts_and_back_while_the_office_works(office: Office) -> None:
    shape = office.shape()
    work = make_twin(office)
    answers, digest = (office.draft(), office.answers()), office.digest()
    swap(office, work)
    assert office.digest() == digest
    assert (office.draft(), office.answers()) == answers
    check_one_part_is_read(office)
    check_what_must_be_unique(office)
    check_moving(office)
    check_emptying(office)

    before = office.digest()
    back = Partitioning(office.connection, back=True, batch=25)
    back.run()
    back.finish()
    assert office.digest() == before
    assert office.shape() == shape, "as the migrations made it"
    assert office.newcomer(FAR_TOWN, 90) > 0


def test_a_row_that_stands_in_the_way_for_good_is_told(office: Office) -> None:
    """Somebody who moved unseen stands twice: the copy ends instead of trying for ever."""
    work = Partitioning(office.connection, back=False)
    work.prepare()
    work.copy()
    somebody = office.newcomer(FAR_TOWN, 20)
    office.connection.execute("ALTER TABLE people DISABLE TRIGGER mirror")
    move(office, somebody, FARTHER_TOWN)
    with pytest.raises(psycopg.errors.UniqueViolation):
        work.copy()


def make_twin(office: Office) -> Partitioning:
    """Step by step, with changes to people in between, and stopped once."""
    work = Partitioning(office.connection, back=False, batch=25)
    with office.database.read() as session:
        first, *_, last = session.scalars(select(Person.id).order_by(Person.id)).all()
    work.prepare()
    change(office, first, "early")
    early = office.newcomer(FAR_TOWN, 10)
    Partitioning(office.connection, back=False).prepare()  # run again after a stop
    work.copy()
    change(office, last, "late")
    move(office, early, FARTHER_TOWN)
    office.newcomer(FARTHER_TOWN, 11)
    work.copy()
    office.newcomer(FAR_TOWN, 12)  # no copy comes after: the table itself tells its twin
    return work


def swap(office: Office, work: Partitioning) -> None:
    """The twin in place of the table, everything pointing at it."""
    pointing = len(work.foreign_keys("people"))
    assert pointing > 15
    work.point_keys()
    work.verify()
    work.swap()
    assert {"people_3607", "people_6102", "people_6106", "people_other"} <= set(work.partitions())
    assert len(work.foreign_keys("people_keys")) == pointing
    assert work.foreign_keys("people_before") == []
    work.finish()


def change(office: Office, person_id: int, note: str) -> None:
    with office.database.write() as session:
        session.get_one(Person, person_id).companions = note


def move(office: Office, person_id: int, home: str) -> None:
    with office.database.write() as session:
        session.get_one(Person, person_id).region_code = home


def check_one_part_is_read(office: Office) -> None:
    """The list, the search and the count of a county look into its city's part alone."""
    today, actor = office.clock.today(), given.county_officer(COUNTY)
    people = queries.visible_people(actor)
    asked = [
        people.where(*queries.conditions(PeopleFilters(seekers_only=True), today))
        .order_by(Person.id)
        .limit(20),
        people.where(Person.name == "王桂兰"),
        people.where(Person.id == 1),
        select(func.count()).select_from(people.subquery()),
    ]
    for statement in asked:
        sql = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(row[0] for row in office.connection.execute(f"EXPLAIN {sql}").fetchall())
        assert "people_6102" in plan
        assert not {"people_6106", "people_3607", "people_other"} & set(plan.replace(" ", "\n").split()), plan


def check_what_must_be_unique(office: Office) -> None:
    """Nobody stands in two cities: neither by ID number nor by id; nothing points at nobody."""
    with office.database.read() as session:
        far = session.scalars(select(Person).where(Person.region_code == FAR_TOWN)).first()
        assert far is not None
        there = session.scalars(select(Person).where(Person.region_code.startswith(COUNTY))).first()
        assert there is not None
    copied = "INSERT INTO people SELECT (jsonb_populate_record(p, :changed)).* FROM people p WHERE id = :id"
    for changed in (
        {"id": 900_000},
        {"id_index": None},
        {"id": 900_000, "id_index": "x", "region_code": None},
    ):
        row = {"region_code": there.region_code} | changed
        with pytest.raises(IntegrityError), office.database.write() as session:
            session.execute(text(copied), {"changed": psycopg.types.json.Jsonb(row), "id": far.id})
    with pytest.raises(IntegrityError), office.database.write() as session:
        session.get_one(Person, there.id).id_index = far.id_index
    for wrong in (
        "UPDATE referrals SET person_id = 999999",
        "DELETE FROM people WHERE id IN (SELECT person_id FROM referrals)",
    ):
        with pytest.raises(IntegrityError), office.database.write() as session:
            session.execute(text(wrong))


def check_moving(office: Office) -> None:
    """Who moves to another city keeps everything that points at them."""
    moved = office.newcomer(FAR_TOWN, 20)
    for home in (FARTHER_TOWN, FAR_TOWN, "510104017"):
        move(office, moved, home)
    with office.database.read() as session:
        assert session.get_one(Person, moved).region_code == "510104017"
        part = session.scalar(
            text("SELECT tableoid::regclass::text FROM people WHERE id = :id"), {"id": moved}
        )
        assert part == "people_other", "nobody lived in this province before"
        kept = "SELECT count(*) FROM people_keys WHERE id = :id AND region_code = '510104017'"
        assert session.scalar(text(kept), {"id": moved}) == 1
    with office.database.write() as session:
        taken = reserve_ids(session, Person, 3)
        assert min(taken) > moved
    with office.database.read() as session:
        page, _ = queries.list_people(session, SYSTEM, PeopleFilters(), office.clock.today(), limit=40)
        assert len(page) == 40


def check_emptying(office: Office) -> None:
    """Before a backup is put back all tables are emptied at once, and the keys with them."""
    with pytest.raises(KeyboardInterrupt), office.database.refill(models.metadata) as session:
        assert session.scalar(text("SELECT count(*) FROM people_keys")) == 0
        raise KeyboardInterrupt
