"""A county of 31,805 people and 100,000 referrals: how long an officer's list of today and the lists of the
API take, and how many statements they need.

    .venv/bin/python -m bench.referrals [--url sqlite:///referrals.db] [--rounds N]

Without --url: a new SQLite file, then the tests' own PostgreSQL.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.core.clock import FixedClock, SystemClock
from app.core.db import Database
from app.core.settings import Settings
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.referrals import queries, shown, today
from app.referrals.models import Referral
from app.referrals.queries import ReferralFilters
from app.referrals.rules import ENDED
from app.referrals.spells.models import CallBack, EmploymentSpell, FollowUpCheck
from app.referrals.terms import ReferralState, VerifiedLevel
from app.seekers.models import Household, Person
from bench.people import prepare, village_codes
from tests.conftest import create_postgres_database
from tests.postgres import running_postgres

PEOPLE, REFERRALS, JOBS, EMPLOYERS, SPELLS, CALL_BACKS = 31_805, 100_000, 1_500, 200, 15_000, 3_000
AT_ONCE = 5_000
ACTORS = {
    "county": Actor(1, "县", (Grant(Role.COUNTY_OFFICER, "610204"),)),
    "township": Actor(2, "镇", (Grant(Role.TOWNSHIP_OFFICER, "610204101"),)),
    "village": Actor(3, "村", (Grant(Role.VILLAGE_OFFICER, "610204101205"),)),
}
# Most referrals have ended; every seventh lives.
STATES = (ReferralState.OFFERED, ReferralState.SUBMITTED, ReferralState.INTERVIEW, ReferralState.HIRED)


def put(database: Database, table: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        with database.write() as session:
            session.execute(insert(table), rows[start : start + AT_ONCE])


def fill(database: Database, now: datetime) -> None:
    villages, day = village_codes(), now.date()
    times = {"created_at": now, "updated_at": now, "version": 1}
    homes = [
        {"id": n + 1, "region_code": villages[n % len(villages)], **times} for n in range(PEOPLE // 3 + 1)
    ]
    put(database, Household, homes)
    people = [
        {
            "id": n + 1,
            "household_id": n // 3 + 1,
            "region_code": villages[n // 3 % len(villages)],
            "name": f"人{n}",
            "birth_on": date(1980, 1, 1),
            **times,
        }
        for n in range(PEOPLE)
    ]
    put(database, Person, people)
    town = villages[0][:9]
    place = {"region_code": town, "office_code": town}
    firms = [
        {"id": n + 1, "name": f"厂{n}", "kind": "enterprise", "state": "verified", "name_key": f"{n}"}
        | place
        | times
        for n in range(EMPLOYERS)
    ]
    put(database, Employer, firms)
    jobs = [
        {"id": n + 1, "employer_id": n % EMPLOYERS + 1, "title": "缝纫工", "openings": 100, "state": "open"}
        | {"valid_until": day + timedelta(days=90), "confirmed_at": now, "published_at": now}
        | place
        | times
        for n in range(JOBS)
    ]
    put(database, JobPosting, jobs)
    put(database, Referral, [referral(n, now) for n in range(REFERRALS)])
    fill_work(database, now, times)


def referral(number: int, now: datetime) -> dict[str, Any]:
    is_live = number % 7 == 0
    state = STATES[number // 7 % len(STATES)] if is_live else ReferralState.DECLINED
    due_at = now + timedelta(minutes=number * 37 % 20_000 - 10_000)
    return {
        "person_id": number * 13 % PEOPLE + 1,
        "job_id": number % JOBS + 1,
        "employer_id": number % JOBS % EMPLOYERS + 1,
        "state": state,
        "origin": "officer",
        "starts_on": now.date(),
        "wage_fen": 300000,
        "entered_at": now,
        "clock_at": due_at if is_live else None,
        "officer_due_at": due_at if is_live else None,
        "ended_at": None if state not in ENDED else now,
        "created_at": now - timedelta(minutes=number),
        "updated_at": now,
        "version": 1,
    }


def fill_work(database: Database, now: datetime, times: dict[str, Any]) -> None:
    day = now.date()
    spells = [
        {"id": n + 1, "person_id": n * 2 % PEOPLE + 1, "employer_name": "厂", "origin": "referral"}
        | {"starts_on": day - timedelta(days=n % 200), "level": "told"}
        | times
        for n in range(SPELLS)
    ]
    put(database, EmploymentSpell, spells)
    checks = []
    for spell in spells:
        for number in (7, 30, 90, 180):
            due_on = spell["starts_on"] + timedelta(days=number)
            is_done = due_on < day - timedelta(days=3)
            checks.append(
                {"spell_id": spell["id"], "person_id": spell["person_id"], "day": number}
                | {"opens_on": due_on, "due_on": due_on, "closes_on": due_on, "version": 1}
                | {"due_at": now + (due_on - day), "wanted_level": VerifiedLevel.TOLD}
                | {"settled_at": now if is_done else None}
            )
    put(database, FollowUpCheck, checks)
    backs = [
        {"person_id": n * 7 % PEOPLE + 1, "cause": "left", "source_key": f"spell:{n}"}
        | {"due_at": now + timedelta(minutes=n), "created_at": now}
        for n in range(CALL_BACKS)
    ]
    put(database, CallBack, backs)
    with database.write() as session:
        session.execute(text("ANALYZE"))


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*facts: Any) -> None:
        statements.append(facts[2])

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def measure(database: Database, now: datetime, rounds: int) -> None:
    clock = FixedClock(now)

    def listed(session: Session, actor: Actor, **filters: Any) -> int:
        rows, _ = queries.list_referrals(session, actor, ReferralFilters(**filters), now, limit=50)
        return len(shown.show_referrals(session, actor, rows, clock))

    works: dict[str, Callable[[Session, Actor], int]] = {
        "today": lambda s, a: len(today.list_today(s, a, clock, limit=50)),
        "list": listed,
        "list, offered": lambda s, a: listed(s, a, state=ReferralState.OFFERED),
        "list, live": lambda s, a: listed(s, a, live_only=True),
    }
    for name, work in works.items():
        for who, actor in ACTORS.items():
            taken, rows, count = [], 0, 0
            for _ in range(rounds):
                with database.read() as session, counted(session) as statements:
                    started = time.perf_counter()
                    rows = work(session, actor)
                    taken.append((time.perf_counter() - started) * 1000)
                    count = len(statements)
            taken.sort()
            p95 = taken[int(len(taken) * 0.95) - 1]
            print(
                f"{name:14} {who:9} {rows:3} rows {count} statements"
                f"  p50 {statistics.median(taken):6.1f} ms  p95 {p95:6.1f} ms"
            )


def run(url: str, rounds: int) -> None:
    database = Database(Settings(database_url=url))
    now = SystemClock().now()
    prepare(database)
    started = time.perf_counter()
    fill(database, now)
    print(f"{url.split(':')[0]}: filled in {time.perf_counter() - started:.0f} s")
    measure(database, now, rounds)
    database.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url")
    parser.add_argument("--rounds", type=int, default=60)
    asked = parser.parse_args()
    if asked.url:
        run(asked.url, asked.rounds)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(f"sqlite:///{Path(folder) / 'referrals.db'}", asked.rounds)
    with running_postgres() as cluster:
        run(create_postgres_database(cluster, "referrals"), asked.rounds)


if __name__ == "__main__":
    main()
