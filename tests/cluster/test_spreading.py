"""Everybody ranked by two worker processes: the draft is that of one process, also when a worker dies."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.cli import build
from app.cluster import spreading
from app.cluster.errors import ClusterAway, ClusterNotInstalled, WorkerDiffers
from app.cluster.shards import Shard, cut
from app.cluster.spreading import Cluster, is_open_wire
from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.referrals.recommending.models import Recommendation, RecommendationRun
from app.referrals.recommending.running import RunSummary, run_recommendations
from tests.cluster.processes import RunningCluster, running_cluster
from tests.referrals.situations import Scene
from tests.seekers import factories as given

HOMES = (given.VILLAGE, given.OTHER_VILLAGE, "610602001", "360731100")
SKILLS = ("sewing", "cooking", "welding", "sweeping")


@pytest.fixture
def crowd(own_settings: Settings, own_database: Database, clock: FixedClock) -> None:
    """Sixty people in three counties, two dozen postings with one to three places."""
    with own_database.write() as session:
        given.plant_regions(session)
        scene = Scene(session, cipher_of(own_settings), clock)
        for number in range(60):
            scene.neighbour(
                HOMES[number % len(HOMES)], status="seeking", skills=[SKILLS[number % 3], SKILLS[number % 4]]
            )
        for number in range(24):
            pay = 2_500_00 + 10_000 * number
            scene.posting(
                title=("平车工", "厨师", "电焊工", "保洁员")[number % 4],
                openings=1 + number % 3,
                wage={"min_fen": pay, "max_fen": pay + 50_000, "unit": "month"},
            )


@pytest.fixture
def cluster(own_settings: Settings, crowd: None, tmp_path: Path) -> Iterator[RunningCluster]:
    with running_cluster(own_settings, tmp_path) as running:
        yield running


Draft = list[tuple[int, int, str, bool]]


def drafted(database: Database) -> Draft:
    """The day's draft, scores to the last bit."""
    with database.read() as session:
        rows = session.scalars(select(Recommendation).order_by(Recommendation.id)).all()
        return [(row.person_id, row.job_id, row.score.hex(), row.goes_first) for row in rows]


def totals(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        runs = session.scalars(select(RecommendationRun))
        return [(run.total.hex(), run.bound.hex()) for run in runs]


def test_two_workers_make_the_draft_of_one_process(
    own_database: Database, cluster: RunningCluster, clock: FixedClock
) -> None:
    alone = run_recommendations(own_database, None, clock)
    expected, sums = drafted(own_database), totals(own_database)
    assert alone.people == 60
    assert len({score for _, _, score, _ in expected}) > 10

    progress: list[tuple[int, int]] = []

    def report(done: int, total: int) -> None:
        progress.append((done, total))

    both = Cluster(cluster.address, most=7)
    assert run_recommendations(own_database, None, clock, progress=report, elsewhere=both) == alone
    assert (drafted(own_database), totals(own_database)) == (expected, sums)
    assert progress[-1] == (60, 60)
    assert len(progress) > 8

    def kill_one(done: int, total: int) -> None:
        cluster.workers[0].send_signal(signal.SIGKILL)

    one_by_one = Cluster(cluster.address, most=1)
    again = run_recommendations(own_database, None, clock, progress=kill_one, elsewhere=one_by_one)
    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert (again, drafted(own_database), totals(own_database)) == (alone, expected, sums)

    check_a_region(own_database, cluster, clock)
    check_another_database(own_database, cluster, clock)
    check_stopped(own_database, cluster, clock, expected)


def check_a_region(database: Database, cluster: RunningCluster, clock: FixedClock) -> None:
    """Only a county's people are ranked."""
    alone = run_recommendations(database, given.COUNTY, clock)
    expected = drafted(database)
    there: RunSummary = run_recommendations(database, given.COUNTY, clock, elsewhere=Cluster(cluster.address))
    assert (there, drafted(database)) == (alone, expected)
    assert 0 < there.people < 60


def check_another_database(database: Database, cluster: RunningCluster, clock: FixedClock) -> None:
    """A worker that reads another database than we do refuses, and says so."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(WorkerDiffers):
        patch.setattr(spreading, "describe_database", lambda _: "another")
        run_recommendations(database, None, clock, elsewhere=Cluster(cluster.address))


def check_stopped(database: Database, cluster: RunningCluster, clock: FixedClock, expected: Draft) -> None:
    """Ctrl-C in the middle leaves the draft as it was and nothing running."""
    run_recommendations(database, None, clock)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_recommendations(database, None, clock, progress=stop, elsewhere=Cluster(cluster.address, most=1))
    assert drafted(database) == expected


def test_without_the_package_it_is_named(
    own_settings: Settings, own_database: Database, crowd: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(spreading, "import_module", missing)
    monkeypatch.setenv("SONGGANG_DATABASE_URL", own_settings.database_url)
    asked = ["match", "run", "--cluster", "tls://scheduler:8786"]
    result = CliRunner().invoke(build(["match", "parse"]), asked)
    assert result.exit_code == 2
    assert ClusterNotInstalled.title in result.stderr.replace("\n", "")


def test_nobody_at_the_address(
    own_database: Database, crowd: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "FIRST_WORKER_WITHIN_S", 0.5)
    with pytest.raises(ClusterAway):
        run_recommendations(own_database, None, clock, elsewhere=Cluster("tcp://127.0.0.1:1"))


def test_shards_are_counties_large_ones_cut() -> None:
    people = [(1, "610204001001"), (2, "360731100001"), (3, "610204"), (5, "610204002001")]
    assert list(cut(people, 2)) == [Shard("360731", (2,)), Shard("610204", (1, 3)), Shard("610204", (5,))]


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("tls://scheduler:8786", False),
        ("tcp://127.0.0.1:8786", False),
        ("localhost:8786", False),
        ("tcp://scheduler:8786", True),
        ("10.0.0.5:8786", True),
    ],
)
def test_an_open_wire_is_told_from_others(address: str, is_open: bool) -> None:
    assert is_open_wire(address) is is_open
