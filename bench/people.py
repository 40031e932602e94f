"""A prefecture of people: 125,000 in 42,000 households, the same on every machine; how long taking them in
and finding them takes.

    .venv/bin/python bench/people.py [--people N] [--url sqlite:///people.db] [--rounds N]

Without --url: a new SQLite file, then the tests' own PostgreSQL. Names, numbers and villages are invented;
the ID numbers begin with 99, which no place has.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.terms import Role
from app.core.clock import SystemClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.migrations import migrate_database
from app.core.settings import Settings
from app.demo import names, numbers
from app.demo.dice import Dice
from app.regions import gazetteer
from app.regions.schemas import VillageIn
from app.regions.service import import_villages, load_reference_divisions
from app.seekers.bulk import HouseholdDraft, save_households
from app.seekers.files import open_file
from app.seekers.finding import find_people
from app.seekers.models import Person
from app.seekers.schemas import HouseholdIn, MemberIn
from tests.conftest import create_postgres_database
from tests.postgres import running_postgres

PEOPLE, HOUSEHOLDS = 125_000, 42_000
TOWNS = [division.code for division in gazetteer.children("610204")][:7]
VILLAGES_OF_A_TOWN = 20
AT_ONCE = 2_000
SKILLS = ("会平车", "电焊", "做饭", "带孩子", "开叉车", "种苹果", "砌砖")
STATUSES = (("employed", 55), ("seeking", 20), ("not_seeking", 15), ("farming", 10))


def village_codes() -> list[str]:
    return [f"{town}{200 + number}" for town in TOWNS for number in range(VILLAGES_OF_A_TOWN)]


def village_name(code: str) -> str:
    dice = Dice("bench village", int(code))
    return (
        f"{names.surname(dice)}家{dice.pick(list('塬沟湾坡岭河崖庄'))}{dice.pick(list('东西南北上下前后'))}村"
    )


def build_drafts(people: int) -> Iterator[HouseholdDraft]:
    """Households of about three, spread over the villages."""
    villages = village_codes()
    households = round(people * HOUSEHOLDS / PEOPLE)
    made = 0
    for number in range(households):
        left = households - number
        size = max(1, round((people - made) / left + Dice("bench", number).between(-1, 1) * (left > 9)))
        data = HouseholdIn(
            region_code=villages[number % len(villages)], address=f"{number % 9 + 1}组{number}号"
        )
        yield HouseholdDraft(data, [member(made + offset, offset) for offset in range(size)])
        made += size


def member(number: int, offset: int) -> MemberIn:
    dice = Dice("bench person", number)
    born_on = date(1945, 1, 1) + timedelta(days=number * 37 % 27_000)
    male = dice.chance(50)
    adult = born_on.year < 2009
    form = {
        "name": names.surname(dice) + names.given_name(dice, born_on.year, male=male),
        "id_number": numbers.id_number(born_on, number // 27_000 * 2 % 500, male=male),
        "phone": numbers.phone(number % 1_000_000) if adult else None,
        "relation": "head" if offset == 0 else "other",
        "status": dice.weighted(list(STATUSES)) if adult else "studying",
        "skills": [dice.pick(list(SKILLS))] if adult else [],
        "education": "junior",
    }
    return MemberIn.model_validate(form)


def prepare(database: Database) -> None:
    migrate_database(database.writer)
    with database.write() as session:
        load_reference_divisions(session)
    villages = [VillageIn(code=code, name=village_name(code)) for code in village_codes()]
    with database.write() as session:
        import_villages(session, villages)


def load(database: Database, cipher: FieldCipher, people: int) -> tuple[float, float]:
    """Seconds on the clock and of our own work for taking all in, some hundred households at once."""
    started, busy = time.perf_counter(), time.process_time()
    batch: list[HouseholdDraft] = []
    size = 0
    for draft in build_drafts(people):
        batch.append(draft)
        size += len(draft.members)
        if size >= AT_ONCE:
            save(database, cipher, batch)
            batch, size = [], 0
    save(database, cipher, batch)
    return time.perf_counter() - started, time.process_time() - busy


def save(database: Database, cipher: FieldCipher, batch: list[HouseholdDraft]) -> None:
    with database.write() as session:
        save_households(session, batch, SystemClock(), cipher=cipher)


QUERIES = {
    "surname": "王",
    "given name": "建军",
    "whole name": "王建军",
    "pinyin": "wangjianjun",
    "part of pinyin": "jianjun",
    "initials": "wjj",
    "two initials": "wj",
    "tail": "1234",
    "name and tail": "王 1234",
    "phone": numbers.phone(4_321),
    "ID number": None,
    "village": village_name(village_codes()[25])[:3],
    "village and name": village_name(village_codes()[25])[:3] + " 王",
    "nobody": "曾不存在",
}
ACTORS = {
    "county": Actor(1, "县", (Grant(Role.COUNTY_OFFICER, "610204"),)),
    "township": Actor(2, "镇", (Grant(Role.TOWNSHIP_OFFICER, "610204101"),)),
    "village": Actor(3, "村", (Grant(Role.VILLAGE_OFFICER, "610204101205"),)),
}


def measure(database: Database, cipher: FieldCipher, rounds: int) -> None:
    clock = SystemClock()
    whole = build_one_number()
    print(f"{'':18}" + "".join(f"{name:>26}" for name in ACTORS))
    everything: list[float] = []
    own: list[float] = []
    for label, query in QUERIES.items():
        cells = []
        for actor in ACTORS.values():
            times, found = [], 0
            busy = time.process_time()
            for _ in range(rounds):
                with database.read() as session:
                    started = time.perf_counter()
                    rows, _ = find_people(
                        session, actor, query or whole, clock.today(), cipher=cipher, limit=20
                    )
                    times.append((time.perf_counter() - started) * 1000)
                    found = len(rows)
            everything += times
            own.append((time.process_time() - busy) * 1000 / rounds)
            cells.append(f"{statistics.median(times):9.1f} {p95(times):8.1f} {found:4} hit")
        print(f"{label:18}" + "".join(f"{cell:>26}" for cell in cells))
    print(
        f"find: median {statistics.median(everything):.1f} ms, p95 {p95(everything):.1f} ms, "
        f"worst {max(everything):.1f} ms of {len(everything)}; "
        f"own work of a kind of question: at most {max(own):.1f} ms; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    pages = list(time_pages(database, cipher, clock, rounds))
    print(f"household page: median {statistics.median(pages):.1f} ms, p95 {p95(pages):.1f} ms")


def time_pages(database: Database, cipher: FieldCipher, clock: SystemClock, rounds: int) -> Iterator[float]:
    for number in range(rounds * 5):
        with database.read() as session:
            started = time.perf_counter()
            open_file(session, SYSTEM, 1 + number * 13, clock, cipher=cipher)
            yield (time.perf_counter() - started) * 1000


def build_one_number() -> str:
    return member(77, 0).id_number or ""


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)] if len(times) > 1 else times[0]


@contextmanager
def database_of(url: str) -> Iterator[Database]:
    database = Database(Settings(database_url=url))
    try:
        yield database
    finally:
        database.dispose()


def run(url: str, people: int, rounds: int) -> None:
    with database_of(url) as database:
        cipher = cipher_of(Settings())
        prepare(database)
        with database.read() as session:
            there = session.scalar(select(func.count()).select_from(Person)) or 0
        if not there:
            seconds, busy = load(database, cipher, people)
            print(f"{people} people taken in: {seconds:.1f} s, {busy:.1f} s of one core")
        if not database.is_sqlite:
            analyse(database)
        measure(database, cipher, rounds)


def analyse(database: Database) -> None:
    """As the autovacuum of PostgreSQL does by itself."""
    with database.write() as session:
        session.execute(text("ANALYZE"))


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", "--rows", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--url")
    asked = parser.parse_args(argv)
    if asked.url:
        run(asked.url, asked.people, asked.rounds)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(f"sqlite:///{Path(folder) / 'people.db'}", asked.people, asked.rounds)
    with running_postgres() as url:
        run(create_postgres_database(url, "people"), asked.people, asked.rounds)


if __name__ == "__main__":
    main()
