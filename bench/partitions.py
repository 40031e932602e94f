"""What it costs to part people by city, and what it gives: copying, bytes, and the processor time PostgreSQL
spends on an office's questions before and after.

    .venv/bin/python -m bench.partitions [--people N] [--rounds N] [--area 61]

Invented people in all towns of the country (or of an area), three to a household, on the tests' PostgreSQL.
What is asked by id alone looks into every part, so the number of cities is what decides.
"""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Select, make_url, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.core.clock import SystemClock
from app.core.db import Database
from app.core.search import text_matches
from app.seekers import queries
from app.seekers.models import Person
from app.seekers.queries import PeopleFilters
from scripts.partition_by_city import Partitioning
from tests.conftest import create_postgres_database, make_settings, prepare
from tests.postgres import running_postgres

FILL = """
CREATE TEMP TABLE towns AS
    SELECT code, row_number() OVER (ORDER BY code) - 1 AS at FROM regions
    WHERE length(code) = 9 AND code LIKE '{area}%';
INSERT INTO households (id, region_code, address, kinds, is_monitored, note, created_at, updated_at, version)
    SELECT i, code, '三组', '[]', i % 9 = 0, '', now(), now(), 1
    FROM generate_series(1, {people} / 3 + 1) AS i
    JOIN towns ON at = i * 7919 % (SELECT count(*) FROM towns);
INSERT INTO people (id, household_id, region_code, relation, name, search_text, birth_on, id_number, id_index,
    id_tail_index, phone, phone_index, phone_tail_index, education, labour_class, skills, certificates,
    limits, status, occupations, travel, wage_floor_fen, wage_floor_unit, shifts, profiles, needs_board,
    needs_lodging, cares_for_family, care_hours, harvest_absences, companions, refused_places,
    training_wish, welfare_eligible, employer_name, work_place, created_at, updated_at, version)
    SELECT i, h.id, h.region_code, 'other', name,
      regexp_replace(name, '(.)', '\\1 ', 'g') || 'w g l wang gui lan', date '1960-01-01' + i % 18000,
      decode(repeat(md5(i::text), 3), 'hex'), md5(i::text) || md5((-i)::text),
      md5((i % 10000)::text) || md5((-i % 10000)::text), decode(repeat(md5(i::text), 2), 'hex'),
      md5((i + 7)::text) || md5((-i)::text), md5((i % 9973)::text) || md5((-i % 9973)::text),
      'junior', 'ordinary', '["缝纫", "做饭"]', '[]', '[]', 'seeking', '[]', 'county', 280000, 'month', '[]',
      '[]', false, false, false, '', '', '', '[]', '', false, '', '', now(), now(), 1
    FROM generate_series(1, {people}) AS i JOIN households h ON h.id = i / 3 + 1,
    LATERAL (SELECT substr('王李张刘陈杨黄赵周吴', i % 10 + 1, 1)
      || substr('桂秀玉海建国志明丽芳', i / 10 % 10 + 1, 1)
      || substr('兰英华军平红梅勇强敏', i / 100 % 10 + 1, 1) AS name) AS named;
ANALYZE;
"""
SIZES = "SELECT sum(pg_table_size(name)), sum(pg_indexes_size(name)) FROM unnest(%s::regclass[]) AS name"
Question = Callable[[Session, int], object]


def processor_time(connection: psycopg.Connection[Any]) -> float:
    """Seconds the server process of a connection has used."""
    stat = Path(f"/proc/{connection.info.backend_pid}/stat").read_text()
    user, system = stat.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def sizes(connection: psycopg.Connection[Any], tables: list[str]) -> list[int]:
    """Bytes of some tables, and of their indexes."""
    row = connection.execute(SIZES, [tables]).fetchone()
    return [] if row is None else [int(size) for size in row]


def list_questions(towns: list[str], people: int, today: Any) -> dict[str, Question]:
    """An office's questions; the number picks whose office and whom."""

    def of(number: int) -> Select[Person]:
        county = towns[number * 7919 % len(towns)][:6]
        actor = Actor(1, "县里", (Grant(Role.COUNTY_OFFICER, county),))
        return queries.visible_people(actor)

    def run(statement: Callable[[int], Select[Any]]) -> Question:
        return lambda session, number: session.execute(statement(number)).all()

    conditions = queries.conditions(PeopleFilters(seekers_only=True), today)
    return {
        "list of a county": run(lambda n: of(n).where(*conditions).order_by(Person.id).limit(20)),
        "name in a county": run(lambda n: of(n).where(text_matches(Person, "王 桂")).limit(20)),
        "one person, in the area": run(lambda n: of(n).where(Person.id == n * 7919 % people + 1)),
        "one person, by id alone": run(lambda n: select(Person).where(Person.id == n * 7919 % people + 1)),
        "by ID number": run(lambda n: select(Person).where(Person.id_index == f"{n:064x}")),
    }


def ask(database: Database, questions: dict[str, Question], rounds: int) -> dict[str, float]:
    """Microseconds of the server's processor for each question, prepared as in the product."""
    found = {}
    for name, question in questions.items():
        with database.read() as session:
            driver: Any = session.connection().connection.driver_connection
            for number in range(20):
                question(session, number)
            start = processor_time(driver)
            for number in range(rounds):
                question(session, number)
            found[name] = round((processor_time(driver) - start) / rounds * 1e6)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--area", default="", help="only towns whose code begins so: 61 is a province")
    asked = parser.parse_args()
    with running_postgres() as url:
        settings = make_settings(create_postgres_database(url, "partitions"))
        prepare(settings)
        plain = make_url(settings.database_url).set(drivername="postgresql")
        shown = plain.render_as_string(hide_password=False)
        with psycopg.connect(shown, autocommit=True) as connection:
            connection.execute(FILL.replace("{people}", str(asked.people)).replace("{area}", asked.area))
            rows = connection.execute("SELECT DISTINCT region_code FROM people ORDER BY 1").fetchall()
            questions = list_questions([row[0] for row in rows], asked.people, SystemClock().today())
            database = Database(settings)
            told: dict[str, Any] = {"people": asked.people, "before": ask(database, questions, asked.rounds)}
            told["bytes before"] = sizes(connection, ["people"])
            start = processor_time(connection)
            parts = Partitioning(connection, back=False)
            told |= parts.run()
            told["server seconds to part"] = round(processor_time(connection) - start, 2)
            told["after"] = ask(database, questions, asked.rounds)
            told["bytes after"] = sizes(connection, parts.partitions())
            told["bytes of keys"] = sizes(connection, ["people_keys"])
            database.dispose()
    print(json.dumps(told, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
