"""Planted ID numbers and phones are looked for in everything that reaches a disk: database file, WAL, logs,
what the product keeps under `var`, exports, a backup. None may be there outside ciphertext."""

import csv
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.accounts.actor import SYSTEM
from app.accounts.dependencies import get_actor
from app.core.backup.saving import write_backup
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.errors import AppError
from app.core.settings import Settings
from app.core.sheets.importing import ImportOptions
from app.main import create_app
from app.models import metadata
from app.seekers.imports.exporting import ExportOrder, export_people
from app.seekers.imports.takein import import_people
from app.seekers.privacy.rotation import Position, reseal_batch
from tests.accounts.situations import staff_member
from tests.seekers import factories as given
from tests.seekers.privacy.situations import LAST_YEAR, THIS_YEAR, number_of, phone_of

_RUN = re.compile(rb"[0-9]{11,}[Xx]?")
ERASED_EVERY, IMPORTED = 10, 500


def planted(count: int) -> list[tuple[str, str]]:
    """Numbers and phones that occur nowhere else: half sent over HTTP, half in a file."""
    return [(number_of(n), phone_of(n)) for n in range(1, count // 2 + 1)] + [
        (given.id_number(given.date(1980, 5, 6), n), phone_of(IMPORTED + n))
        for n in range(1, count - count // 2 + 1)
    ]


def found_plain(folders: Iterable[Path], values: Iterable[str], more: str = "") -> set[str]:
    """Which of `values` stand anywhere in the files of these folders, or in `more`."""
    wanted = {value.encode() for value in values}
    found: set[bytes] = set()
    for data in (*_contents(folders), more.encode()):
        for match in _RUN.finditer(data):
            run = match.group()
            parts = {run[i : i + length] for length in (11, 18) for i in range(len(run) - length + 1)}
            found |= parts & wanted
    return {value.decode() for value in found}


def _contents(folders: Iterable[Path]) -> Iterator[bytes]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path.read_bytes()
                if is_zipfile(path):
                    with ZipFile(path) as book:
                        yield from (book.read(name) for name in book.namelist())


def database_folders(database: Database, settings: Settings) -> list[Path]:
    """Where the database's files are: all of the test's own."""
    if database.is_sqlite:
        return [Path(settings.database_url.removeprefix("sqlite:///")).parent]
    with database.writer.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        data = Path(connection.scalar(text("SHOW data_directory")) or "")
        oid = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    if not os.access(data, os.R_OK):
        pytest.skip("the files of PostgreSQL can't be read by this user")
    return [data / "base" / str(oid), data / "pg_wal"]


def work(
    settings: Settings, database: Database, clock: FixedClock, people: list[tuple[str, str]], folder: Path
) -> str:
    """A day at the office with all of them, by every door there is. Returns what the office was answered."""
    half = len(people) // 2
    with database.write() as session:
        given.plant_regions(session)
        officer = staff_member(session, clock, given.Role.TOWNSHIP_OFFICER, given.TOWN)
        second = staff_member(session, clock, given.Role.COUNTY_OFFICER, given.COUNTY)
    app = create_app(settings, database=database, clock=clock)
    app.dependency_overrides[get_actor] = lambda: officer
    answers: list[str] = []
    with TestClient(app, base_url="http://testserver") as client:

        def call(method: str, url: str, status: int = 200, **more: Any) -> Any:
            answer = client.request(method, f"/api/v1{url}", **more)
            assert answer.status_code == status, answer.text
            answers.append(answer.text)
            return answer.json() if answer.headers["Content-Type"].endswith("json") else None

        home = _home(database, settings, clock)
        for n, (number, phone) in enumerate(people[:half]):
            key = {"Idempotency-Key": f"key-{n}"}
            form = {"household_id": home, "name": "王桂兰", "id_number": number, "phone": people[-1][1]}
            seeker = call("POST", "/seekers", 201, json=form, headers=key)["id"]
            call("PATCH", f"/seekers/{seeker}", json={"phone": phone, "ledger": {"本人电话": phone}})
            call("GET", "/seekers", params={"q": number if n % 2 else phone})
            call("POST", "/seekers", 409, json=form)
            call("POST", "/seekers", 422, json=form | {"id_number": number[:-2] + "00", "x": phone})
            call("POST", f"/seekers/{seeker}/reveal", json={"field": "id_number", "reason": "核对补贴名单"})
            call("GET", f"/seekers/{seeker}/copy")
            if n % ERASED_EVERY == 0:
                asked = {"method": "visit", "reason": f"{number}本人要求"}
                call("POST", f"/seekers/{seeker}/erasure", 202, json=asked)
                app.dependency_overrides[get_actor] = lambda: second
                call("POST", f"/seekers/{seeker}/erasure/carry-out")
                app.dependency_overrides[get_actor] = lambda: officer
    sheet = folder / "sheet.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["姓名", "身份证号", "联系电话", "备注电话"])
        rows.writerows(["李国强", number, phone, phone] for number, phone in people[half:])
        rows.writerow(["李多", people[-1][0][:-1], people[-1][1], ""])
    options = ImportOptions(region_code=given.VILLAGE)
    summary = import_people(database, sheet, options, clock, cipher=cipher_of(settings))
    sheet.unlink()
    assert summary.created == len(people) - half
    return "\n".join(answers)


def _home(database: Database, settings: Settings, clock: FixedClock) -> int:
    """A household somebody stays in, whoever else is erased."""
    cipher = cipher_of(settings)
    with database.write() as session:
        home = given.household(session, cipher, clock)
        given.member(session, cipher, clock, home)
        return home.id


def keyed(settings: Settings, folder: Path, *keys: str) -> Settings:
    changed = {"data_key": keys[0], "old_data_keys": ",".join(keys[1:]), "log_level": "DEBUG"}
    return Settings.model_validate({**settings.model_dump(), **changed, "var_dir": folder / "var"})


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_no_planted_value_reaches_the_disk_in_plain(
    own_settings: Settings, clock: FixedClock, tmp_path: Path, capfd: Any, count: int
) -> None:
    people = planted(count)
    values = {value for pair in people for value in pair}
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    settings = keyed(own_settings, tmp_path, LAST_YEAR)
    database = Database(settings)
    answers = work(settings, database, clock, people, folder)
    with pytest.raises(AppError):
        import_people(database, _broken(folder), ImportOptions(), clock, cipher=cipher_of(settings))
    cipher = cipher_of(keyed(own_settings, tmp_path, THIS_YEAR, LAST_YEAR))
    position: Position | None = Position()
    while position is not None:
        with database.write() as session:
            position, _ = reseal_batch(session, cipher, position, limit=100)
    assert _export(database, tmp_path / "var", cipher, clock) >= count - count // 2
    logs = "".join(capfd.readouterr())
    assert "/api/v1/seekers" in logs
    half = {value for pair in people[: count // 2] for value in pair}
    assert found_plain([], values, answers) >= {number for number, _ in people[: count // 2]}
    assert len(half) == 2 * (count // 2)
    folders = [*database_folders(database, settings), tmp_path / "var"]
    assert found_plain(folders, values, logs) == set()
    # The search itself: one value written in plain is found, wherever. One that no other run looks for: the
    # databases of a cluster share their WAL.
    in_plain = phone_of(1800 + count // 2)
    with database.write() as session:
        session.execute(text("UPDATE households SET note = :note"), {"note": f"电话{in_plain}"})
    assert found_plain(database_folders(database, settings), {*values, in_plain}) == {in_plain}
    (tmp_path / "var" / "note.txt").write_text(people[1][0])
    assert found_plain([tmp_path / "var"], values) == {people[1][0]}
    database.dispose()


def _export(database: Database, folder: Path, cipher: FieldCipher, clock: FixedClock) -> int:
    """The ledger as it leaves the office: masked, in both kinds of file, and a backup."""
    for name in ("people.csv", "people.xlsx"):
        order = ExportOrder(given.COUNTY)
        people = export_people(database, SYSTEM, order, folder / name, cipher=cipher, clock=clock)
    write_backup(database, metadata, folder / "backup", cipher, revision="x", now=clock.now())
    return people


def _broken(folder: Path) -> Path:
    broken = folder / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    return broken


def test_a_revealed_number_is_not_kept_for_repeated_requests(
    own_settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    settings = keyed(own_settings, tmp_path, THIS_YEAR)
    database = Database(settings)
    with database.write() as session:
        person_id = given.seeker(session, cipher_of(settings), clock).id
        officer = staff_member(session, clock, given.Role.TOWNSHIP_OFFICER, given.TOWN)
    app = create_app(settings, database=database, clock=clock)
    app.dependency_overrides[get_actor] = lambda: officer
    with TestClient(app, base_url="http://testserver") as client:
        answer = client.post(
            f"/api/v1/seekers/{person_id}/reveal",
            json={"field": "id_number", "reason": "核对补贴名单"},
            headers={"Idempotency-Key": "key"},
        )
    assert given.id_number() in answer.text
    kept = found_plain(database_folders(database, settings), [given.id_number()])
    database.dispose()
    assert kept == set()
