"""Full-text search that finds two-character words (焊工, 会计) on SQLite and PostgreSQL alike.

Each table that can be searched keeps a `search_text` column of space-separated characters; a word is asked
for as a phrase of its characters. Trigram indexes miss two-character words; this does not. SQLite answers
from an FTS5 table kept up to date by triggers, PostgreSQL from a GIN index over `to_tsvector('simple', ...)`.
"""

import re
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, bindparam, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType

from app.core.db import Base

# A run of Latin letters and digits stays one token; every other letter stands alone.
_TOKEN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]", re.IGNORECASE)
_MAX_WORDS = 8
_MAX_WORD_TOKENS = 24


def spaced_characters(*texts: str | None) -> str:
    """'缝纫工 2名' -> '缝 纫 工 2 名'. What goes into a `search_text` column."""
    return " ".join(token.lower() for text in texts if text for token in _TOKEN.findall(text))


def search_words(query: str) -> list[str]:
    """The words of a typed query, each as spaced characters; at most 8 words of 24 characters."""
    words = (spaced_characters(part) for part in query.split())
    return [" ".join(w.split()[:_MAX_WORD_TOKENS]) for w in words if w][:_MAX_WORDS]


class TextMatch(FunctionElement[bool]):
    """True for rows of a table whose `search_text` holds a phrase. Built by `text_matches`."""

    type = Boolean()
    inherit_cache = True
    name = "text_matches"

    def self_group(self, against: OperatorType | None = None) -> Any:
        """As it is: asked as `(... IN (...)) = 1`, as booleans are on SQLite, it reads the whole table."""
        return self


def text_matches(table: type[Base], word: str) -> ColumnElement[bool]:
    """Condition: the row of `table` (integer key `id`) holds `word` (from `search_words`)."""
    name = table.__tablename__
    return TextMatch(
        literal_column(f"{name}.id"), literal_column(name), bindparam(None, word, type_=String())
    )


@compiles(TextMatch, "sqlite")
def _match_on_sqlite(element: TextMatch, compiler: SQLCompiler, **kw: Any) -> str:
    row_id, table, word = list(element.clauses)
    index = f"{compiler.process(table, **kw)}_search"
    return (
        f"{compiler.process(row_id, **kw)} IN (SELECT rowid FROM {index} "
        f"WHERE {index} MATCH ('\"' || {compiler.process(word, **kw)} || '\"'))"
    )


@compiles(TextMatch, "postgresql")
def _match_on_postgresql(element: TextMatch, compiler: SQLCompiler, **kw: Any) -> str:
    _, table, word = list(element.clauses)
    return (
        f"to_tsvector('simple', {compiler.process(table, **kw)}.search_text) "
        f"@@ phraseto_tsquery('simple', {compiler.process(word, **kw)})"
    )


class _IndexAside(FunctionElement[str]):
    """A text column, so written that SQLite does not begin with its index. Built by `index_aside`."""

    type = String()
    inherit_cache = True
    name = "index_aside"


def index_aside(column: ColumnElement[str]) -> ColumnElement[str]:
    """`column` in a condition that is to be looked at after the words are found. SQLite, which knows nothing
    of how often a value occurs, would begin with it; PostgreSQL weighs the two ways itself."""
    return _IndexAside(column)


@compiles(_IndexAside, "sqlite")
def _aside_on_sqlite(element: _IndexAside, compiler: SQLCompiler, **kw: Any) -> str:
    return "+" + compiler.process(element.clauses, **kw)


@compiles(_IndexAside, "postgresql")
def _aside_on_postgresql(element: _IndexAside, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.clauses, **kw)


def search_index_ddl(dialect: str, table: str) -> list[str]:
    """The statements that make the index of `table.search_text`; run by migrations."""
    if dialect == "postgresql":
        return [f"CREATE INDEX ix_{table}_search ON {table} USING gin (to_tsvector('simple', search_text))"]
    old = (
        f"INSERT INTO {table}_search({table}_search, rowid, search_text) "
        "VALUES ('delete', old.id, old.search_text);"
    )
    new = f"INSERT INTO {table}_search(rowid, search_text) VALUES (new.id, new.search_text);"
    return [
        f"CREATE VIRTUAL TABLE {table}_search USING fts5"
        f"(search_text, content='{table}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
        f"CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN {new} END",
        f"CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {old} END",
        f"CREATE TRIGGER {table}_search_update AFTER UPDATE OF search_text ON {table} BEGIN {old} {new} END",
    ]
