"""PostgreSQL and DuckDB, asked the question of `peers`."""

import csv
import re
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg

from app.matching.facts import PersonFacts
from app.matching.index.market import PostingMarket
from bench.matching.peers import COLUMNS, REALS, Best, SqlPeer, build_statement, read_values_names, table_rows


def column_type(name: str) -> str:
    """PostgreSQL's type of a column; DuckDB knows it by the same name."""
    if name == "scope":
        return "text"
    if name in REALS:
        return "float8"
    return "bigint" if name in ("id", "certificates", "demands", "likely", "suits") else "int"


TYPES = dict.fromkeys(("floor", "base", "x", "y", "blur", "scale"), "float8")
TYPES |= {"low": "text", "high": "text", "village": "text", "lacked": "bigint", "limits": "bigint"}
TYPES |= {"burdens": "bigint", "mark": "bigint"}


def list_values(peer: SqlPeer, person: PersonFacts, limit: int) -> dict[str, Any]:
    """A question's values for a database that takes lists."""
    values, question = peer.ask(person)
    asker = question.asker
    return values | {
        "limit": limit,
        "all_buses": peer.index.ids[question.buses].tolist(),
        "known": asker.known.tolist(),
        "trades": asker.grades.occupation.tolist(),
        "unasked": asker.grades.unasked.tolist(),
    }


class PostgresPeer(SqlPeer):
    name = "PostgreSQL"

    def __init__(self, market: PostingMarket, url: str) -> None:
        super().__init__(market)
        self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        run = self.connection.execute
        run(f"CREATE TABLE postings ({', '.join(f'{n} {column_type(n)}' for n in COLUMNS)})")
        with self.connection.cursor().copy("COPY postings FROM STDIN") as copy:
            for row in table_rows(market):
                copy.write_row(row)
        run("ALTER TABLE postings ADD PRIMARY KEY (id)")
        run('CREATE INDEX by_scope ON postings (scope COLLATE "C")')
        run("CLUSTER postings USING by_scope")
        run("VACUUM ANALYZE postings")
        # The whole plan is cheap to make and the reach is what matters: plan for each person.
        for setting in (
            "jit = off",
            "plan_cache_mode = force_custom_plan",
            "random_page_cost = 1.1",
            "work_mem = '64MB'",
        ):
            run(f"SET {setting}")
        self.pid = self.connection.info.backend_pid
        types = dict.fromkeys(("floor", "base", "x", "y", "blur", "scale"), "float8")
        types |= {"low": "text", "high": "text", "village": "text", "lacked": "bigint", "limits": "bigint"}
        types |= {"burdens": "bigint", "mark": "bigint"}
        marks = {name: f"%({name})s::{types.get(name, 'int')}" for name in (*read_values_names(), "limit")}
        self.statement = build_statement(
            marks,
            {
                "most": "greatest",
                "least": "least",
                "place": '((scope COLLATE "C" >= %(low)s AND scope COLLATE "C" < %(high)s)'
                " OR id = ANY(%(buses)s::bigint[]))",
                "fetched": "id = ANY(%(all_buses)s::bigint[])",
                "k1": "(%(known)s::float8[])[s1 + 1]",
                "k2": "(%(known)s::float8[])[s2 + 1]",
                "k3": "(%(known)s::float8[])[s3 + 1]",
                "trade": "(%(trades)s::float8[])[occupation + 1]",
                "unasked": "(%(unasked)s::float8[])[occupation + 1]",
            },
        )

    def best(self, person: PersonFacts, limit: int) -> Best:
        values = list_values(self, person, limit)
        return self.connection.execute(self.statement, values).fetchall()

    def size(self) -> int:
        """Bytes of the table with its indexes."""
        row = self.connection.execute("SELECT pg_total_relation_size('postings')").fetchone()
        return int(row[0]) if row else 0

    def cpu_s(self) -> float:
        with suppress(OSError):
            fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return time.process_time() + (int(fields[11]) + int(fields[12])) / 100
        return time.perf_counter()


class DuckPeer(SqlPeer):
    """DuckDB in this process, its rows in the order of places; one thread, which costs it least."""

    name = "DuckDB"

    def __init__(self, market: PostingMarket, folder: Path) -> None:
        super().__init__(market)
        self.connection: Any = import_module("duckdb").connect(config={"threads": 1})
        kept = folder / "postings.csv"
        with kept.open("w", newline="") as file:
            csv.writer(file).writerows(table_rows(market))
        names = ", ".join(f"'{name}': '{column_type(name)}'" for name in COLUMNS)
        self.connection.execute(
            "CREATE TABLE postings AS SELECT * FROM"
            f" read_csv('{kept}', header = false, columns = {{{names}}}) ORDER BY scope"
        )
        marks = {name: f"${name}::{TYPES.get(name, 'int')}" for name in (*read_values_names(), "limit")}
        statement = build_statement(
            marks,
            {
                "most": "greatest",
                "least": "least",
                "place": "((scope >= $low AND scope < $high) OR list_contains($buses::bigint[], id))",
                "fetched": "list_contains($all_buses::bigint[], id)",
                "k1": "($known::float8[])[s1 + 1]",
                "k2": "($known::float8[])[s2 + 1]",
                "k3": "($known::float8[])[s3 + 1]",
                "trade": "($trades::float8[])[occupation + 1]",
                "unasked": "($unasked::float8[])[occupation + 1]",
            },
        )
        # 0.9 is a decimal to DuckDB, which multiplies differently.
        self.statement = re.sub(r"(?<![\w.])(\d+\.\d+)", r"\1::float8", statement)

    def best(self, person: PersonFacts, limit: int) -> Best:
        values = list_values(self, person, limit)
        found: Best = self.connection.execute(self.statement, values).fetchall()
        return found

    def cpu_s(self) -> float:
        return time.process_time()


def ask_duckdb() -> bool:
    """Whether DuckDB is installed."""
    try:
        import_module("duckdb")
    except ImportError:
        return False
    return True
