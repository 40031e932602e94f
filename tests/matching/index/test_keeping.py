"""The market kept as a file: taken over in no time, shared, never stale, never somebody else's."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.core.clock import FixedClock
from app.core.db import Database
from app.core.settings import Settings
from app.employers.changes import note_change
from app.employers.models import Employer, PostingChange
from app.jobs.following import Followers, Source
from app.jobs.models import JobEvent, JobPosting
from app.jobs.terms import JobState
from app.matching import queries
from app.matching.index import keeping
from app.matching.index.following import MARKETS, SHELF, current_market, forget_markets
from tests.employers.factories import verified_employer
from tests.jobs.factories import open_job
from tests.matching.samples import person

ANYONE = person(reach="anywhere", areas=("", "", "", "", "", ""))
WAIT_S = 60


def no_program() -> str:
    """Stands in for the checksum of a program that somebody works on while its tests run."""
    return "no program"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(keeping, "program_digest", no_program)
    forget_markets()
    SHELF.folder = tmp_path / "index"
    yield SHELF.folder
    SHELF.folder = None
    forget_markets()


@pytest.fixture
def jobs(own_database: Database, clock: FixedClock) -> list[int]:
    with own_database.write() as session:
        firms = [verified_employer(session, clock), verified_employer(session, clock, name="第二家工厂")]
        return [open_job(session, clock, firms[number % 2], openings=number + 1).id for number in range(6)]


def ids_on(database: Database, today: date) -> set[int]:
    with database.read() as session:
        return {key[2] for key in current_market(session, today).rank(ANYONE)}


def restart(database: Database, today: date) -> tuple[set[int], list[str]]:
    """What another process would answer, and what it says in its log."""
    forget_markets()
    with capture_logs() as logs:
        ids = ids_on(database, today)
    return ids, [f"{line['event']} {line.get('reason', '')}".strip() for line in logs]


def close(session: Session, job_id: int) -> None:
    session.execute(update(JobPosting).where(JobPosting.id == job_id).values(state=JobState.CLOSED))
    note_change(session, job_id=job_id)


def the_file(folder: Path) -> Path:
    (found,) = folder.glob("*.index")
    return found


def test_a_process_starts_from_the_file(
    own_database: Database, clock: FixedClock, jobs: list[int], folder: Path
) -> None:
    today = clock.today()
    with own_database.write() as session:
        close(session, jobs[5])
    ids, said = restart(own_database, today)
    assert (ids, said) == (set(jobs[:5]), ["index_file_written", "index_file_taken"])
    assert (folder.stat().st_mode & 0o777, the_file(folder).stat().st_mode & 0o777) == (0o700, 0o600)
    # What changed since: one posting closed, one erased, one opened.
    with own_database.write() as session:
        close(session, jobs[0])
        session.execute(delete(JobEvent).where(JobEvent.job_id == jobs[1]))
        session.execute(delete(JobPosting).where(JobPosting.id == jobs[1]))
        note_change(session, job_id=jobs[1])
        session.execute(update(JobPosting).where(JobPosting.id == jobs[5]).values(state=JobState.OPEN))
        note_change(session, job_id=jobs[5])
    assert restart(own_database, today) == (set(jobs[2:]), ["index_file_taken"])
    with own_database.write() as session:
        note_change(session)
    assert restart(own_database, today)[1] == [
        "index_file_refused everything has changed since",
        "index_file_written",
        "index_file_taken",
    ]
    forget_markets()
    with own_database.write() as session:
        close(session, jobs[2])
        assert {key[2] for key in current_market(session, today).rank(ANYONE)} == set(jobs[3:])


def _firm_of(session: Session, job_id: int) -> int:
    return session.scalars(select(JobPosting.employer_id).where(JobPosting.id == job_id)).one()


def damage(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


@pytest.mark.parametrize(("spoil", "reason"), [(damage, "damaged"), (cut, "cut off")])
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_spoilt_file_is_made_anew(
    own_database: Database,
    clock: FixedClock,
    jobs: list[int],
    folder: Path,
    spoil: Callable[[Path], None],
    reason: str,
) -> None:
    restart(own_database, clock.today())
    spoil(the_file(folder))
    ids, said = restart(own_database, clock.today())
    assert ids == set(jobs)
    assert said == [f"index_file_refused {reason}", "index_file_written", "index_file_taken"]
    assert restart(own_database, clock.today()) == (ids, ["index_file_taken"])


def test_files_that_do_not_fit_are_refused(
    own_database: Database,
    clock: FixedClock,
    jobs: list[int],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today, everything = clock.today(), set(jobs)

    def reason() -> str:
        ids, said = restart(own_database, today)
        assert ids == everything
        assert said[1:] == ["index_file_written", "index_file_taken"]
        return said[0].removeprefix("index_file_refused ")

    restart(own_database, today + timedelta(1))
    assert reason() == "from a later day"
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "FORMAT", keeping.FORMAT + 1)
        assert reason() == "made by another version of the program, or for another database"
    assert reason() == "made by another version of the program, or for another database"
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "most_changes", lambda _: 0)
        assert reason() == "too much has changed since"
    # A database put back to an earlier day has other changes under the same numbers.
    with own_database.write() as session:
        newest = session.scalars(select(PostingChange.id).order_by(PostingChange.id.desc())).first()
        session.execute(update(PostingChange).where(PostingChange.id == newest).values(mark=7))
    assert reason() == "the log has not the changes it was written after"
    with own_database.write() as session:
        session.execute(delete(PostingChange).where(PostingChange.id == newest))
    assert reason() == "the log has not the changes it was written after"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_nothing_is_kept_without_a_log(
    own_database: Database, clock: FixedClock, jobs: list[int], folder: Path
) -> None:
    with own_database.write() as session:
        session.execute(delete(PostingChange))
    ids, said = restart(own_database, clock.today())
    assert ids == set(jobs)
    assert said == ["index_file_not_written the log is empty, or places are about to change"]
    SHELF.folder = None
    assert restart(own_database, clock.today()) == (ids, [])


@pytest.mark.parametrize("backend", ["sqlite"])
def test_where_nothing_can_be_written_all_goes_on(
    own_database: Database, clock: FixedClock, jobs: list[int], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_text("not a folder")
    ids, said = restart(own_database, clock.today())
    assert (ids, said) == (set(jobs), ["index_file_not_written FileExistsError"])
    folder.unlink()

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    assert restart(own_database, clock.today()) == (ids, ["index_file_not_written OSError"])


def test_the_day_turns_without_reading_everything(
    own_database: Database,
    clock: FixedClock,
    jobs: list[int],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today = clock.today()
    with own_database.write() as session:
        session.execute(update(JobPosting).where(JobPosting.id == jobs[0]).values(valid_until=today))
        firm = _firm_of(session, jobs[1])
        session.execute(update(Employer).where(Employer.id == firm).values(muted_until=today))
        note_change(session)
        theirs = set(session.scalars(select(JobPosting.id).where(JobPosting.employer_id == firm)))
    assert restart(own_database, today)[0] == set(jobs) - theirs
    monkeypatch.setattr(queries, "list_live_postings", None)
    tomorrow = today + timedelta(1)
    assert ids_on(own_database, tomorrow) == set(jobs[1:])
    # The file is a day old by now.
    assert restart(own_database, tomorrow) == (set(jobs[1:]), ["index_file_taken"])
    with own_database.read() as session:
        assert len(current_market(session, tomorrow)) == len(jobs) - 1


def test_a_worn_file_is_written_anew_and_taken_over(
    own_database: Database,
    clock: FixedClock,
    jobs: list[int],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today = clock.today()
    restart(own_database, today)
    first = the_file(folder)
    # Another process, as it were, with the same file.
    other = Followers(Source(**vars(MARKETS._source)))
    with own_database.read() as session:
        other.current(session, today)
    with own_database.write() as session:
        close(session, jobs[0])
    MARKETS.tend(own_database, today)
    assert the_file(folder) == first
    monkeypatch.setattr(keeping, "LEAST_WORN", 0)
    MARKETS.tend(own_database, today)
    second = the_file(folder)
    assert second > first
    monkeypatch.setattr(keeping, "LEAST_WORN", 500)
    with own_database.write() as session:
        close(session, jobs[1])
    for followers in (MARKETS, other):
        followers.tend(own_database, today)
        (follower,) = followers._by_database.values()
        assert follower._position is not None
        assert follower._position.stored is not None
        assert follower._position.stored.path == second
        with own_database.read() as session:
            market = followers.current(session, today)
        assert {key[2] for key in market.rank(ANYONE)} == set(jobs[2:])
        assert jobs[0] not in market.base.ids


def start_and_tell(settings: Settings, folder: Path, today: date, pipe: Connection) -> None:
    """Another process: what it answers, which file it has mapped, and what it wrote into that memory."""
    SHELF.folder = folder
    keeping.program_digest = no_program  # type: ignore[assignment]
    database = Database(settings)
    ids = ids_on(database, today)
    pipe.send((ids, mapped_files(folder)))
    pipe.recv()
    database.dispose()


def mapped_files(folder: Path) -> dict[int, bool]:
    """The files of a folder this process has mapped, by number, and whether all of it may be shared."""
    found: dict[int, bool] = {}
    inside = None
    for line in Path("/proc/self/smaps").read_text().splitlines():
        name, *rest = line.split()
        if "-" in name and not name.endswith(":"):
            inside = int(rest[3]) if len(rest) > 4 and rest[4].startswith(str(folder)) else None
            if inside is not None:
                found[inside] = rest[0] == "r--s"
        elif inside is not None and name == "Private_Dirty:":
            found[inside] = found[inside] and rest[0] == "0"
    return found


def test_several_processes_share_one_memory(
    own_settings: Settings, own_database: Database, clock: FixedClock, jobs: list[int], folder: Path
) -> None:
    spawn = get_context("spawn")
    pipes = [spawn.Pipe() for _ in range(2)]
    asked = (own_settings, folder, clock.today())
    others = [spawn.Process(target=start_and_tell, args=(*asked, far)) for _, far in pipes]
    for other in others:
        other.start()
    told = []
    for pipe, _ in pipes:
        assert pipe.poll(WAIT_S)
        told.append(pipe.recv())
    # Both started at once with no file: one made it, the other waited for it.
    number = the_file(folder).stat().st_ino
    assert told == [(set(jobs), {number: True})] * 2
    assert restart(own_database, clock.today()) == (set(jobs), ["index_file_taken"])
    assert mapped_files(folder)[number]
    for pipe, _ in pipes:
        pipe.send(None)
    for other in others:
        other.join(WAIT_S)
        assert other.exitcode == 0


def write_for_ever(settings: Settings, folder: Path, today: date, pipe: Connection) -> None:
    """Another process that gets as far as the last step of writing, and no further."""

    def stay(_: int) -> None:
        pipe.send("written, not yet in its place")
        pipe.recv()

    os.fsync = stay  # type: ignore[assignment]
    keeping.LEAST_WORN = 0  # type: ignore[misc]
    keeping.program_digest = no_program  # type: ignore[assignment]
    SHELF.folder = folder
    MARKETS.tend(Database(settings), today)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_writer_killed_in_the_middle_leaves_the_old_file(
    own_settings: Settings,
    own_database: Database,
    clock: FixedClock,
    jobs: list[int],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today = clock.today()
    restart(own_database, today)
    with own_database.write() as session:
        close(session, jobs[0])
    spawn = get_context("spawn")
    near, far = spawn.Pipe()
    other = spawn.Process(target=write_for_ever, args=(own_settings, folder, today, far))
    other.start()
    assert near.poll(WAIT_S)
    assert near.recv() == "written, not yet in its place"
    assert other.pid is not None
    os.kill(other.pid, signal.SIGKILL)
    other.join(WAIT_S)
    assert len(list(folder.glob("*.tmp"))) == 1
    assert restart(own_database, today) == (set(jobs[1:]), ["index_file_taken"])
    # Its lock ended with it, and what it left is swept away.
    monkeypatch.setattr(keeping, "LEAST_WORN", 0)
    MARKETS.tend(own_database, today)
    assert list(folder.glob("*.tmp")) == []
    assert the_file(folder).stem.endswith("-00000002")


def test_two_databases_do_not_share(
    own_database: Database, clock: FixedClock, jobs: list[int], folder: Path, database: Database
) -> None:
    restart(own_database, clock.today())
    mine = the_file(folder)
    with database.read() as session:
        named = keeping._name(session)
    assert not mine.name.startswith(named)
    theirs = mine.rename(folder / mine.name.replace(mine.stem.rsplit("-", 1)[0], named))
    with database.read() as session, capture_logs() as logs:
        assert SHELF.take(session, clock.today().toordinal()) is None
    assert [line["reason"] for line in logs] == [
        "made by another version of the program, or for another database"
    ]
    assert theirs.exists()
