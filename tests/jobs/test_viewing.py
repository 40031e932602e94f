"""How often a posting's page was opened: counted in memory, written in batches, nobody followed."""

from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.tallies import Tally
from app.jobs.viewing import add_views, count_views
from tests.databases import RolledBackDatabase
from tests.employers.factories import plant_regions, verified_employer
from tests.jobs.factories import open_job


def test_views_of_a_day_are_one_row(session: Session, clock: FixedClock) -> None:
    job = open_job(session, clock, verified_employer(session, clock))
    today = clock.today()
    for day, views in ((today, 2), (today, 3), (today - timedelta(days=40), 7)):
        add_views(session, (job.id, day), views)
    assert count_views(session, [job.id, 0], today - timedelta(days=30)) == {job.id: 5}
    assert count_views(session, [], today) == {}
    add_views(session, (999_999, today), 1)  # a posting that is gone: nothing is stored, nothing fails


def test_opening_the_page_is_counted_later(
    client: TestClient, session: Session, database: RolledBackDatabase, clock: FixedClock
) -> None:
    plant_regions(session)
    job = open_job(session, clock, verified_employer(session, clock))
    session.commit()
    for headers in ({}, {}, {"user-agent": "Baiduspider"}, {"sec-purpose": "prefetch"}):
        assert client.get(f"/jobs/{job.id}", headers=headers).status_code == 200
    assert count_views(session, [job.id], clock.today()) == {}, "the page itself wrote nothing"
    tally: Tally = client.app.state.views  # type: ignore[attr-defined]
    assert tally.flush() == 2
    assert tally.flush() == 0
    assert count_views(session, [job.id], clock.today()) == {job.id: 2}
