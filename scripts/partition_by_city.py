"""Parts the table of people by city on PostgreSQL, or makes it one again, while the office goes on working.

    python -m scripts.partition_by_city            tells what would be done
    python -m scripts.partition_by_city --yes      parts it
    python -m scripts.partition_by_city --back --yes
    python -m scripts.partition_by_city --finish --yes    lets go of the table it was before

Why, and what it changes, stands in docs/adr/0029. A twin of the table is made, every change of the table is
written to the twin in the same transaction, the rows are copied batch by batch, and one short transaction
swaps the two. Stopped anywhere, the office does not notice, and running it again goes on.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.core.settings import Settings
from scripts.partition_statements import (
    CITIES,
    COLUMNS,
    COPY_KEYS,
    COPY_ROWS,
    INDEX_NAMES,
    INDEXES,
    KEEP_KEYS,
    KEY_TRIGGERS,
    KEYS_OF,
    KEYS_TO,
    LIKE,
    MIRROR,
)

TABLE, TWIN, KEYS, OLD = "people", "people_twin", "people_keys", "people_before"
BATCH: Final = 2_000
LOCK_WAIT: Final = "5s"
TRIES: Final = 20
"""So often a batch is copied again because somebody wrote one of its rows."""


@dataclass(frozen=True)
class ForeignKey:
    """外键: `name` on `table`; `says` as PostgreSQL writes it."""

    table: str
    name: str
    says: str

    def to(self, target: str) -> str:
        """The same, pointing at another table."""
        return re.sub(r"REFERENCES (people|people_keys)\(", f"REFERENCES {target}(", self.says)


class Partitioning:
    """One way or the other, over a connection that commits by itself."""

    def __init__(self, connection: psycopg.Connection[Any], *, back: bool, batch: int = BATCH) -> None:
        self.db, self.back, self.batch = connection, back, batch
        self.source, self.target = (KEYS, TWIN) if back else (TABLE, KEYS)
        """What the other tables point at before and afterwards."""

    def run(self) -> dict[str, int]:
        """All steps up to and with the swap; returns how many rows, partitions and foreign keys."""
        if self.is_partitioned() is not self.back:
            raise SystemExit("nothing to do: the table is as you want it")
        if self.one("SELECT to_regclass('people_before')") is not None:
            raise SystemExit("the table from before is still there: --finish lets go of it")
        self.prepare()
        rows = self.copy()
        self.point_keys()
        self.verify()
        self.swap()
        return {
            "rows": rows,
            "partitions": len(self.partitions()),
            "foreign_keys": len(self.foreign_keys(TABLE if self.back else KEYS)),
        }

    def plan(self) -> list[str]:
        """What would be done, in words."""
        rows = self.one("SELECT reltuples::bigint FROM pg_class WHERE oid = 'people'::regclass")
        keys = ", ".join(key.table for key in self.foreign_keys(self.source))
        parts = [] if self.back else [f"cities: {', '.join(self.cities())}"]
        return [f"about {rows} rows", *parts, f"tables that point at a person: {keys}"]

    def prepare(self) -> None:
        """The twin, and the trigger that keeps it in step. Nothing where they are there."""
        if self.one("SELECT to_regclass('people_twin')") is not None:
            return
        with self.db.transaction():
            self.wait_shortly()
            if self.back:
                self.make_whole()
            else:
                self.make_parts()
            self.copy_indexes()
            for key in self.own_foreign_keys():
                if self.back and self.points_at_people(key):
                    continue  # needs all rows: added by point_keys
                self.add_key(TWIN, key.name, key.to(self.target))
            columns = [row[0] for row in self.db.execute(COLUMNS, [TABLE])]
            self.say(MIRROR, columns=_names(columns), new=_names(columns, "new"))

    def make_parts(self) -> None:
        """An empty table in as many parts as there are cities, and one for what lies elsewhere."""
        self.say(f"CREATE TABLE people_twin ({LIKE}) PARTITION BY RANGE (region_code)")
        for city in self.cities():
            part, above = sql.Identifier(f"people_{city}"), f"{int(city) + 1:04d}"
            self.say(
                "CREATE TABLE {part} PARTITION OF people_twin FOR VALUES FROM ({low}) TO ({above})",
                part=part,
                low=sql.Literal(city),
                above=sql.Literal(above),
            )
        self.say("CREATE TABLE people_other PARTITION OF people_twin DEFAULT")
        self.say("ALTER TABLE people_twin ADD CONSTRAINT pk_people_twin PRIMARY KEY (id, region_code)")
        self.say("CREATE INDEX ix_people_twin_id_index ON people_twin (id_index)")
        self.say(KEEP_KEYS)
        oid = self.one("SELECT 'people_twin'::regclass::oid")
        self.say(KEY_TRIGGERS, oid=sql.Literal(str(oid)))

    def make_whole(self) -> None:
        """An empty table in one piece, with the constraints it has by the migrations."""
        self.say(f"CREATE TABLE people_twin ({LIKE})")
        self.say("ALTER TABLE people_twin ADD CONSTRAINT pk_people_twin PRIMARY KEY (id)")
        self.say("ALTER TABLE people_twin ADD CONSTRAINT uq_people_twin_id_index UNIQUE (id_index)")

    def copy_indexes(self) -> None:
        """The indexes that only serve to find rows, under names of the twin."""
        for name, made in self.db.execute(INDEXES, [TABLE]).fetchall():
            if name == "ix_people_id_index":
                continue  # stands in for the unique one
            made = re.sub(
                r"INDEX \S+ ON (ONLY )?(\w+\.)?people ", f"INDEX {_twin(name)} ON people_twin ", made
            )
            self.say(made)

    def copy(self) -> int:
        """Rows the twin lacks, batch by batch; whoever writes one of a batch waits for its end. First what
        must be unique in all cities, because a row may point at one with a higher number."""
        if not self.back:
            for low, high in self.batches():
                self.say(COPY_KEYS, low=low, high=high)
        columns = [row[0] for row in self.db.execute(COLUMNS, [TABLE])]
        for low, high in self.batches():
            self.copy_batch(low, high, _names(columns))
        self.say("ANALYZE people_twin")
        return int(self.one("SELECT count(*) FROM people_twin"))

    def copy_batch(self, low: int, high: int, columns: sql.Composed) -> None:
        """One batch; again where somebody wrote one of its rows at that moment, and with it the twin's.
        Raises UniqueViolation where that was not why."""
        for _ in range(TRIES):
            with suppress(psycopg.errors.UniqueViolation):
                self.say(COPY_ROWS, low=low, high=high, columns=columns)
                return
        self.say(COPY_ROWS, low=low, high=high, columns=columns)

    def batches(self) -> Iterator[tuple[int, int]]:
        """Ranges of ids that hold at most a batch of rows."""
        low = 0
        while True:
            asked = "SELECT max(id) FROM (SELECT id FROM people WHERE id > %s ORDER BY id LIMIT %s) AS batch"
            high = self.one(asked, low, self.batch)
            if high is None:
                return
            yield low, high
            low = high

    def point_keys(self) -> None:
        """Foreign keys to the new place beside the old ones, first for new rows, then looked at for all."""
        keys = self.foreign_keys(self.source)
        if self.back:
            keys += [
                ForeignKey(TWIN, k.name, k.says) for k in self.own_foreign_keys() if self.points_at_people(k)
            ]
        there = {row[0] for row in self.db.execute("SELECT conname FROM pg_constraint")}
        for key in keys:
            if _twin(key.name) not in there:
                with self.db.transaction():
                    self.wait_shortly()
                    self.add_key(key.table, _twin(key.name), f"{key.to(self.target)} NOT VALID")
            self.say(
                "ALTER TABLE {table} VALIDATE CONSTRAINT {name}",
                table=sql.Identifier(key.table),
                name=sql.Identifier(_twin(key.name)),
            )

    def verify(self) -> None:
        """Compares count and digests of all rows at one instant. Raises RuntimeError when they differ."""
        columns = _names([row[0] for row in self.db.execute(COLUMNS, [TABLE])])
        with self.db.transaction():
            self.say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            found = [
                self.db.execute(
                    sql.SQL("SELECT count(*), sum(hashtextextended(ROW({c})::text, 0)) FROM {t}").format(
                        c=columns, t=sql.Identifier(table)
                    )
                ).fetchone()
                for table in (TABLE, TWIN)
            ]
        if found[0] != found[1]:
            raise RuntimeError(f"the twin differs: {found[0]} and {found[1]}")

    def swap(self) -> None:
        """The twin takes the table's place, its names and its numbering, in one transaction."""
        keys, own = self.foreign_keys(self.source), self.own_foreign_keys()
        with self.db.transaction():
            self.wait_shortly()
            self.say("LOCK TABLE people, people_twin IN ACCESS EXCLUSIVE MODE")
            self.say("DROP TRIGGER mirror ON people")
            for key in keys:
                names = {"table": sql.Identifier(key.table), "name": sql.Identifier(key.name)}
                self.say("ALTER TABLE {table} DROP CONSTRAINT {name}", **names)
                twin = sql.Identifier(_twin(key.name))
                self.say("ALTER TABLE {table} RENAME CONSTRAINT {twin} TO {name}", twin=twin, **names)
            self.say("ALTER TABLE people RENAME TO people_before")
            self.say("ALTER TABLE people_twin RENAME TO people")
            self.say("ALTER SEQUENCE people_id_seq OWNED BY people.id")
            self.say("ALTER TABLE people_before ALTER id DROP DEFAULT")
            for (name,) in self.db.execute(INDEX_NAMES, [OLD]).fetchall():
                self.rename_index(name, f"{name}_before")
            for (name,) in self.db.execute(INDEX_NAMES, [TABLE]).fetchall():
                self.rename_index(name, name.replace("people_twin", TABLE).removesuffix("_twin"))
            for key in own:
                if self.back and self.points_at_people(key):
                    twin = sql.Identifier(_twin(key.name))
                    name = sql.Identifier(key.name)
                    self.say("ALTER TABLE people RENAME CONSTRAINT {twin} TO {name}", twin=twin, name=name)
        self.say("DROP FUNCTION people_mirror")
        self.say("ANALYZE people")

    def finish(self) -> None:
        """Lets go of the table as it was before, and of the keys when nothing needs them any more."""
        with self.db.transaction():
            self.wait_shortly()
            self.say("DROP TABLE IF EXISTS people_before")
            if not self.is_partitioned():
                self.say("DROP FUNCTION IF EXISTS people_keep_key")
                self.say("DROP TABLE IF EXISTS people_keys")

    def is_partitioned(self) -> bool:
        """Whether people stand in parts now."""
        return bool(self.one("SELECT relkind = 'p' FROM pg_class WHERE oid = 'people'::regclass"))

    def partitions(self) -> list[str]:
        """The parts of the table, by name."""
        found = self.db.execute("SELECT relid::regclass::text FROM pg_partition_tree('people') WHERE isleaf")
        return sorted(row[0] for row in found)

    def cities(self) -> list[str]:
        """The first four digits of all cities of the provinces in which somebody lives."""
        return [row[0] for row in self.db.execute(CITIES)]

    def foreign_keys(self, to: str) -> list[ForeignKey]:
        """Of other tables, to a person: to the table itself or to the keys."""
        return [ForeignKey(*row) for row in self.db.execute(KEYS_TO, [to])]

    def own_foreign_keys(self) -> list[ForeignKey]:
        """Of people, to other tables and to each other."""
        return [ForeignKey(*row) for row in self.db.execute(KEYS_OF, [TABLE])]

    @staticmethod
    def points_at_people(key: ForeignKey) -> bool:
        """Whether a person's row points at another's."""
        return re.search(r"REFERENCES (people|people_keys)\(", key.says) is not None

    def add_key(self, table: str, name: str, says: str) -> None:
        self.say(
            "ALTER TABLE {table} ADD CONSTRAINT {name} " + says,
            table=sql.Identifier(table),
            name=sql.Identifier(name),
        )

    def rename_index(self, name: str, new: str) -> None:
        self.say("ALTER INDEX {name} RENAME TO {new}", name=sql.Identifier(name), new=sql.Identifier(new))

    def wait_shortly(self) -> None:
        """A lock that does not come soon is given up, so that nobody queues behind us; then run it again."""
        self.say(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")

    def say(self, statement: str, **parts: Any) -> None:
        query = sql.SQL(statement)
        self.db.execute(query.format(**parts) if parts else query)

    def one(self, question: str, *values: Any) -> Any:
        row = self.db.execute(question, values).fetchone()
        return None if row is None else row[0]


def _twin(name: str) -> str:
    """The name of an index or constraint of the twin while both stand."""
    return f"{name}_twin"


def _names(columns: list[str], of: str | None = None) -> sql.Composed:
    parts = [sql.Identifier(of, name) if of else sql.Identifier(name) for name in columns]
    return sql.SQL(", ").join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--back", action="store_true", help="make it one table again")
    parser.add_argument("--finish", action="store_true", help="let go of the table as it was before")
    parser.add_argument("--yes", action="store_true", help="do it; otherwise only tell")
    parser.add_argument("--batch", type=int, default=BATCH, help="rows of a transaction")
    asked = parser.parse_args()
    url = make_url(Settings().database_url)
    if url.get_backend_name() != "postgresql":
        print("only for PostgreSQL")
        return 2
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        work = Partitioning(connection, back=asked.back, batch=asked.batch)
        if not asked.yes:
            print("\n".join(work.plan()), "\n--yes does it.")
        elif asked.finish:
            work.finish()
        else:
            print(work.run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
