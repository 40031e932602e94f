"""`match run`: everybody of a region is ranked, the postings given out, a draft written, nothing sent."""

import json
import os
import signal
import subprocess
import sys

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from typer.testing import CliRunner

from app.accounts.dependencies import get_actor
from app.cli import build
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.main import create_app
from app.referrals.models import Referral
from app.referrals.recommending import queries
from app.referrals.recommending.models import LeftOut, Recommendation, RecommendationRun
from app.referrals.recommending.running import run_recommendations
from app.seekers.models import Household, Person
from app.seekers.privacy.models import Consent
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from app.seekers.terms import SeekerStatus
from tests.referrals.situations import COUNTY, VILLAGE, Scene
from tests.seekers import factories as given


@pytest.fixture
def cipher(own_settings: Settings) -> FieldCipher:
    return cipher_of(own_settings)


@pytest.fixture
def jobs(own_database: Database, cipher: FieldCipher, clock: FixedClock) -> list[int]:
    """Two postings with one place each, and five people who look for work; one lives with a worker."""
    with own_database.write() as session:
        scene = Scene(session, cipher, clock)
        for _ in range(4):
            scene.neighbour(status="seeking")
        helped = scene.neighbour(status="seeking")
        household = helped.household_id
        worker = given.seeker(
            session,
            cipher,
            clock,
            session.get_one(Household, household),
            id_number=given.id_number(given.date(1980, 1, 1), 99),
        )
        worker.status = SeekerStatus.EMPLOYED
        made = [scene.posting(title="平车工", openings=1).id, scene.posting(title="锁边工", openings=1).id]
        scene.posting(title="满了的", openings=1).filled = 1
        return made


def test_openings_hold_and_households_without_a_worker_go_first(
    own_database: Database, jobs: list[int], clock: FixedClock
) -> None:
    done = run_recommendations(own_database, given.VILLAGE, clock)
    assert (done.people, done.given) == (5, 2)
    with own_database.read() as session:
        rows = session.scalars(select(Recommendation)).all()
        assert {row.job_id for row in rows} == set(jobs)
        assert all(row.goes_first for row in rows), "two places, four households without a worker"
        assert session.scalar(select(func.count()).select_from(Referral)) == 0, "nothing is sent"


def test_run_again_it_replaces_the_day_s_draft(
    own_database: Database, jobs: list[int], clock: FixedClock
) -> None:
    for _ in range(2):
        run_recommendations(own_database, given.VILLAGE, clock)
    with own_database.read() as session:
        assert session.scalar(select(func.count()).select_from(RecommendationRun)) == 1
        assert session.scalar(select(func.count()).select_from(Recommendation)) == 2


KILLED_WHILE_WRITING = """
import os, signal, sys
from datetime import datetime
from sqlalchemy import event
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.settings import Settings
from app.referrals.recommending.running import run_recommendations

def die_after_the_first_new_rows(*facts):
    if facts[2].startswith("INSERT INTO recommendations "):
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(Settings())
event.listen(database.writer, "after_cursor_execute", die_after_the_first_new_rows)
run_recommendations(database, None, FixedClock(datetime.fromisoformat(sys.argv[1])))
"""


def test_killed_while_writing_it_leaves_the_old_draft_and_can_be_run_again(
    own_settings: Settings, own_database: Database, jobs: list[int], clock: FixedClock
) -> None:
    run_recommendations(own_database, None, clock)
    before = read_draft(own_database)
    environment = os.environ | {"SONGGANG_DATABASE_URL": own_settings.database_url}
    command = [sys.executable, "-c", KILLED_WHILE_WRITING, clock.now().isoformat()]
    killed = subprocess.run(command, env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert read_draft(own_database) == before
    run_recommendations(own_database, None, clock)
    assert [row[1:] for row in read_draft(own_database)] == [row[1:] for row in before]


def read_draft(database: Database) -> list[tuple[int, int, int]]:
    with database.read() as session:
        rows = session.scalars(select(Recommendation).order_by(Recommendation.id))
        return [(row.id, row.person_id, row.job_id) for row in rows]


def test_who_said_no_to_being_helped_is_left_alone(
    own_database: Database, jobs: list[int], clock: FixedClock
) -> None:
    with own_database.write() as session:
        first = session.scalars(select(Person).order_by(Person.id)).first()
        assert first is not None
        no = Consent(
            person_id=first.id,
            purpose=ConsentPurpose.LEDGER,
            is_given=False,
            method=ConsentMethod.PHONE,
            at=clock.now(),
            text_version="",
        )
        session.add(no)
        refused = first.id
    done = run_recommendations(own_database, given.VILLAGE, clock)
    assert done.people == 4
    with own_database.read() as session:
        assert refused not in set(session.scalars(select(Recommendation.person_id)))
        assert refused not in set(session.scalars(select(LeftOut.person_id)))


def test_an_officer_reads_what_concerns_their_people(
    own_database: Database, jobs: list[int], clock: FixedClock
) -> None:
    run_recommendations(own_database, None, clock)
    with own_database.read() as session:
        for actor, count in ((VILLAGE, 2), (COUNTY, 2), (given.village_officer(given.OTHER_VILLAGE), 0)):
            found, _ = queries.list_recommendations(session, actor, clock.today(), limit=50)
            assert len(found) == count
        found, _ = queries.list_recommendations(
            session, COUNTY, clock.today(), region_code=given.OTHER_VILLAGE, limit=50
        )
        assert found == []


def test_a_region_without_anybody_has_an_empty_draft(
    own_database: Database, jobs: list[int], clock: FixedClock
) -> None:
    done = run_recommendations(own_database, given.OTHER_VILLAGE, clock)
    assert (done.people, done.given, done.gap) == (0, 0, 0.0)


def test_on_the_command_line(
    own_settings: Settings, own_database: Database, jobs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGGANG_DATABASE_URL", own_settings.database_url)
    run, commands = CliRunner().invoke, build(["match", "parse"])
    done = run(commands, ["match", "run", "--region", given.VILLAGE, "--json"])
    assert json.loads(done.stdout.splitlines()[-1])["people"] == 5
    assert run(commands, ["match", "run", "--region", "999999"]).exit_code == 2


def test_over_the_api_an_officer_reads_their_own_people(
    own_settings: Settings, own_database: Database, jobs: list[int], clock: FixedClock
) -> None:
    run_recommendations(own_database, None, clock)
    app = create_app(own_settings, database=own_database, clock=clock)
    with TestClient(app) as client:
        assert client.get("/api/v1/recommendations").status_code == 401
        app.dependency_overrides[get_actor] = lambda: VILLAGE
        found = client.get("/api/v1/recommendations").json()["items"]
        assert {row["job_id"] for row in found} == set(jobs)
        app.dependency_overrides[get_actor] = lambda: given.village_officer(given.OTHER_VILLAGE)
        assert client.get("/api/v1/recommendations").json()["items"] == []
