"""The question "the best 20 postings for this person" in SQL, as well tuned as we know how.

The database gets every help: parts that don't depend on the person are stored, sets are bit masks, the
person's grades of words and trades come worked out (an array on PostgreSQL, small tables on SQLite), the
postings with a bus are told by number. What is left is one range over places, the gates as comparisons, and
the formula. Every place of the market has a point, so the statement knows no typical ways.
"""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from app.matching.facts import PersonFacts
from app.matching.index import columns as c
from app.matching.index.market import PostingMarket
from app.matching.index.packed import least_pay_grade
from app.matching.index.postings import PostingIndex, Question
from app.matching.rules import gates, places, scoring

Best = list[tuple[int, float]]
"""Ids and scores, best first."""
MOST_WORDS = 3


class Peer(Protocol):
    """Somebody who answers the question; `cpu_s` are the processor seconds spent, also by the database."""

    name: str

    def best(self, person: PersonFacts, limit: int) -> Best: ...

    def cpu_s(self) -> float: ...


COLUMNS = (
    *(
        "id",
        "scope",
        "alive",
        "starts",
        "age_min",
        "age_max",
        "minor",
        "education",
        "certificates",
        "demands",
    ),
    *("night", "pay_max", "semi_shut", "weak_shut", "aged", "welfare", "profile", "care", "shifts", "board"),
    *("lodging", "x", "y", "blur", "home_work", "day", "likely", "suits", "occupation"),
    *("s1", "s2", "s3", "asked", "taught", "low", "middle", "least", "answers", "freshness", "fair_share"),
)
REALS = frozenset(
    {"x", "y", "blur", "pay_max", "asked", "taught", "low", "middle", "least", "answers", "freshness"}
    | {"fair_share"}
)


def table_rows(market: PostingMarket) -> Iterable[tuple[Any, ...]]:
    """The rows of the SQL table, in the order of `COLUMNS`."""
    index, books = market.base, market.books
    rows, tables, every = index.unpacked(), index.tables, np.arange(len(index.ids))
    pays, flags = index.columns.pay, rows["flags"]
    weights = index.weights(market.tally.vocabulary)
    certificates = c.Codebook[str]()
    masks = np.array([certificates.bits(codes) for codes in books.certificates.values], np.int64)
    conditions = {
        name: index.locks.words[bit // 64] >> np.uint64(bit % 64) & np.uint64(1)
        for (_, name), bit in index.locks.plan.bits.items()
        if isinstance(name, tuple) and name[0] in ("semi", "weak") and not name[1]
    }
    words = index.sets.words[:, rows["skills"]]
    pay = rows["pay_max"]
    columns: list[Any] = [
        rows["id"],
        [_scope(number) for number in rows["scope"].tolist()],
        (flags & (c.OPEN | c.VERIFIED | c.MUTED) == c.OPEN | c.VERIFIED)
        & (rows["valid_until"] >= market.today)
        & (flags & c.FULL == 0),
        np.where(rows["starts_on"] > market.today, rows["starts_on"], market.today),
        rows["age_min"],
        rows["age_max"],
        flags & (c.BARRED | c.HEIGHTS) != 0,
        rows["education"],
        masks[rows["certificates"]],
        rows["demands"],
        flags & c.NIGHT != 0,
        pay,
        conditions["semi", False],
        conditions["weak", False],
        rows["age_max"] != c.NO_LIMIT,
        rows["kind"] == books.kinds.find("public_welfare"),
        1 << rows["profile"].astype(np.int64),
        flags & c.CARE != 0,
        tables.shifts[index.columns.shifts],
        flags & c.BOARD != 0,
        flags & c.LODGING != 0,
        rows["x"],
        rows["y"],
        rows["blur"].astype(float),
        flags & c.HOME_WORK != 0,
        flags & c.DAY != 0,
        rows["likely"],
        rows["suits"],
        rows["occupation"],
        *words[:MOST_WORDS],
        np.where(rows["skills"] == 0, 0.0, weights[1][rows["skills"]]),
        np.where(flags & c.TEACHES == c.TEACHES, scoring.BEGINNERS_WELCOME, 0.0),
        tables.low[pays],
        tables.middle[pays],
        least_pay_grade(index.columns, tables, every),
        tables.answers[index.columns.answer],
        tables.freshness[index.columns.confirmed],
        tables.shares[index.columns.share],
    ]
    lists = [
        column if isinstance(column, list) else _plain(name, column)
        for name, column in zip(COLUMNS, columns, strict=True)
    ]
    return zip(*lists, strict=True)


def _plain(name: str, column: Any) -> list[Any]:
    values = column.astype(np.float64 if name in REALS else np.int64).tolist()
    return [None if value != value else value for value in values]


def _scope(number: int) -> str:
    return f"{number // 16:012d}"[: number % 16]


def read_values(index: PostingIndex, question: Question, certificates: c.Codebook[str]) -> dict[str, Any]:
    """The person as parameters of the statement."""
    person, asker = question.person, question.asker
    taken = gates.accepted_shifts(person)
    days = question.key.words[1:]
    age = gates.age_on(person, index.today)
    area = places.reach_area(person, person.reach)
    bits = {"day": 1, "night": 2, "rotating": 4, "flexible": 8}
    covers = index.trades.knowledge.covers
    held = sum(1 << at for at, code in enumerate(certificates.values) if covers(person.certificates, code))
    lengths = [index.books.profiles.find(name) for name in person.profiles]
    village = person.home_scope if len(person.home_scope) == places.VILLAGE_DIGITS else "-"
    return {
        "low": area,
        "high": area + "~",
        "buses": index.ids[question.buses].tolist() if person.reach != "village" else [],
        "birthday": days[0][0] if days else c.NO_DAY,
        "age": age,
        "step": 99 if person.education_step is None else person.education_step,
        "lacked": ((1 << len(certificates)) - 1) & ~held,
        "limits": index.books.demands.known_bits(set(person.limits) - {"night"}),
        "no_nights": int("night" in person.limits),
        "floor": asker.floor,
        "base": asker.base,
        "class": {"semi": 1, "weak": 2}.get(person.labour_class, 0),
        "from_age": int(person.class_from_age),
        "welfare": int(person.welfare_eligible),
        "profiles": sum(1 << code for code in lengths if code is not None) if lengths else -1,
        "cares": int(person.cares_for_family),
        "taken": sum(bits[shift] for shift in taken),
        "takes_nights": int(not taken or not taken.isdisjoint(gates.NIGHT_SHIFTS)),
        "needs_board": int(person.needs_board),
        "needs_lodging": int(person.needs_lodging),
        "x": asker.x,
        "y": asker.y,
        "blur": asker.blur,
        "village": village,
        "scale": asker.scale,
        "burdens": asker.burdens,
        "shifts": asker.shifts,
        "wants_shift": int(asker.wanted_shift),
        "mark": max(asker.class_mark, 0),
        "has_class": int(asker.class_mark != 0),
    }


GATES = """
  alive = 1
  AND CASE WHEN starts >= {birthday} THEN {age} + 1 ELSE {age} END BETWEEN
    CASE WHEN minor = 1 AND age_min < 18 THEN 18 WHEN age_min < 16 THEN 16 ELSE age_min END AND age_max
  AND education <= {step} AND certificates & {lacked} = 0 AND demands & {limits} = 0
  AND (night = 0 OR {no_nights} = 0)
  AND ({floor} = 0 OR pay_max IS NULL OR pay_max >= {floor})
  AND ({class} <> 1 OR semi_shut = 0 OR ({from_age} = 1 AND aged = 1))
  AND ({class} <> 2 OR weak_shut = 0 OR ({from_age} = 1 AND aged = 1))
  AND (welfare = 0 OR {welfare} = 1) AND profile & {profiles} <> 0
  AND (care = 1 OR ((night = 0 OR ({cares} = 0 AND {takes_nights} = 1))
    AND ({taken} = 0 OR shifts = 0 OR shifts & {taken} <> 0)))
  AND (board = 1 OR {needs_board} = 0) AND (lodging = 1 OR {needs_lodging} = 0)
"""
WAY = """
  {most}({most}(floor(sqrt((x - {x}) * (x - {x}) + (y - {y}) * (y - {y}))), {blur}), blur)
"""
SCORE = """
  100.0 * (0.35 * {most}(CASE WHEN asked = 0 THEN {unasked}
      ELSE sqrt(({k1} + {k2} + {k3}) / asked) END, taught)
    + 0.25 * (1.0 / (1.0 + brought / {scale})
      * CASE WHEN brought > 40000 AND lodging = 0 THEN 0.7 ELSE 1.0 END)
    + 0.15 * {most}(CASE WHEN {floor} > 0 AND low < {floor} THEN 0.5 * (low / {base})
      ELSE {least}(0.5 * (middle / {base}), 1.0) END, least)
    + 0.1 * {trade} + answers + freshness + fair_share)
  * (CASE WHEN {cares} = 0 OR care = 1 THEN 1.0 WHEN day = 1 THEN 0.9 ELSE 0.85 END
    * CASE WHEN {cares} = 1 AND way > 40000 THEN 0.6 ELSE 1.0 END
    * CASE WHEN likely & {burdens} <> 0 THEN 0.6 ELSE 1.0 END
    * CASE WHEN {wants_shift} = 1 AND shifts & {shifts} = 0 THEN 0.9 ELSE 1.0 END
    * CASE WHEN {has_class} = 1 AND suits & {mark} = 0 THEN 0.9 ELSE 1.0 END)
"""
STATEMENT = """
WITH reached AS MATERIALIZED (SELECT *, {way} AS straight FROM postings WHERE {place} AND {gates}),
travelled AS (SELECT *, CASE WHEN scope = {village} AND straight > 1000 THEN 1000.0 ELSE straight END AS way
  FROM reached),
carried AS (SELECT *, CASE WHEN (home_work = 1 OR {fetched}) AND way > 5000
  THEN CASE WHEN way <= 40000 THEN 5000.0 ELSE 40000.0 END ELSE way END AS brought FROM travelled)
SELECT id, {score} AS score FROM carried ORDER BY score DESC, id LIMIT {limit}
"""


def build_statement(marks: dict[str, str], parts: dict[str, str]) -> str:
    """The statement with a database's own way to write parameters and functions."""
    pieces = marks | parts
    gates_text, way, score = (text.format(**pieces) for text in (GATES, WAY, SCORE))
    return STATEMENT.format(**pieces, gates=gates_text, way=way, score=score)


class SqlPeer:
    """What both databases share: the market's index, from which the person's parameters are read."""

    def __init__(self, market: PostingMarket) -> None:
        self.market, self.index = market, market.base
        self.certificates = c.Codebook[str]()
        for codes in market.books.certificates.values:
            self.certificates.bits(codes)

    def ask(self, person: PersonFacts) -> tuple[dict[str, Any], Question]:
        question = self.index.ask(person, self.market.tally.vocabulary)
        return read_values(self.index, question, self.certificates), question


class SqlitePeer(SqlPeer):
    name = "SQLite"

    def __init__(self, market: PostingMarket, path: Path) -> None:
        super().__init__(market)
        self.connection = sqlite3.connect(path)
        self.connection.executescript(
            f"CREATE TABLE postings ({', '.join(f'{n} {_type(n)}' for n in COLUMNS)}, PRIMARY KEY (id));"
            "CREATE TEMP TABLE words (word INTEGER PRIMARY KEY, known REAL);"
            "CREATE TEMP TABLE trades (trade INTEGER PRIMARY KEY, fit REAL, unasked REAL);"
        )
        marks = f"({', '.join('?' for _ in COLUMNS)})"
        self.connection.executemany(f"INSERT INTO postings VALUES {marks}", table_rows(market))
        self.connection.executescript("CREATE INDEX by_scope ON postings (scope, alive); ANALYZE;")
        self.connection.execute("PRAGMA cache_size = -2000000")
        names = (*read_values_names(), "limit")
        self.statement = build_statement(
            {name: f":{name}" for name in names},
            {
                "most": "max",
                "least": "min",
                "place": "((scope >= :low AND scope < :high) OR id IN (SELECT value FROM json_each(:buses)))",
                "fetched": "id IN (SELECT value FROM json_each(:all_buses))",
                "k1": "(SELECT known FROM words WHERE word = s1)",
                "k2": "(SELECT known FROM words WHERE word = s2)",
                "k3": "(SELECT known FROM words WHERE word = s3)",
                "trade": "(SELECT fit FROM trades WHERE trade = occupation)",
                "unasked": "(SELECT unasked FROM trades WHERE trade = occupation)",
            },
        )

    def best(self, person: PersonFacts, limit: int) -> Best:
        values, question = self.ask(person)
        asker = question.asker
        values |= {"limit": limit, "buses": str(values["buses"])}
        values["all_buses"] = str(self.index.ids[question.buses].tolist())
        cursor = self.connection.cursor()
        cursor.execute("DELETE FROM words")
        cursor.execute("DELETE FROM trades")
        cursor.executemany("INSERT INTO words VALUES (?, ?)", enumerate(asker.known.tolist()))
        trades = zip(asker.grades.occupation.tolist(), asker.grades.unasked.tolist(), strict=True)
        cursor.executemany(
            "INSERT INTO trades VALUES (?, ?, ?)", ((n, *both) for n, both in enumerate(trades))
        )
        return cursor.execute(self.statement, values).fetchall()

    def cpu_s(self) -> float:
        return time.process_time()


def read_values_names() -> Sequence[str]:
    """The names of the parameters that stand as they are in the statement."""
    return (
        *(
            "low",
            "high",
            "birthday",
            "age",
            "step",
            "lacked",
            "limits",
            "no_nights",
            "floor",
            "base",
            "class",
        ),
        *(
            "from_age",
            "welfare",
            "profiles",
            "cares",
            "taken",
            "takes_nights",
            "needs_board",
            "needs_lodging",
        ),
        *("x", "y", "blur", "village", "scale", "burdens", "shifts", "wants_shift", "mark", "has_class"),
    )


def _type(name: str) -> str:
    return "TEXT" if name == "scope" else "REAL" if name in REALS else "INTEGER"


if tuple(scoring.WEIGHTS.values()) != (0.35, 0.25, 0.15, 0.10, 0.05, 0.05, 0.05):
    raise SystemExit("the statement above says the old weights")
