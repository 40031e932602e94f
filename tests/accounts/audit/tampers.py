"""What someone with the database in hand, but without the key, might do to the log. Direct SQL only."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from app.accounts.audit.chain import Content, digest_of, seal_of
from app.accounts.audit.models import AuditEntry, AuditHead
from app.core.crypto import FieldCipher

ENTRIES, HEAD = AuditEntry.__table__, AuditHead.__table__
STRANGER = FieldCipher("a key that is not ours, and long enough to be one")
Rows = list[dict[str, Any]]
Tamper = Callable[[Connection, random.Random], None]


def rows(connection: Connection) -> Rows:
    return [dict(r._mapping) for r in connection.execute(select(ENTRIES).order_by(ENTRIES.c.id))]


def write_back(connection: Connection, changed: Rows) -> None:
    connection.execute(delete(ENTRIES))
    if changed:
        connection.execute(insert(ENTRIES), changed)


def other(value: Any, column: str, chance: random.Random) -> Any:
    """A value of the same type that is another one."""
    if value is None:
        return {"actor_id": 99, "subject_id": 99}.get(column, "610204")
    if column == "at":
        return value + timedelta(microseconds=chance.choice([-1, 1, 1_000_000, -86_400_000_000]))
    if isinstance(value, int):
        return chance.choice([value + 1, value - 1, -value - 1, None] if column != "id" else [value + 1_000])
    if column in ("digest", "previous") or not value:
        return f"{chance.getrandbits(256):064x}" if column in ("digest", "previous") else "x"
    place = chance.randrange(len(value))
    changed = value[:place] + ("b" if value[place] == "a" else "a") + value[place + 1 :]
    return chance.choice([changed, value[:-1]])


def edit_of(column: str) -> Tamper:
    def edit(connection: Connection, chance: random.Random) -> None:
        row = chance.choice(rows(connection))
        new = other(row[column], column, chance)
        if new is None and not ENTRIES.c[column].nullable:
            new = 12345
        connection.execute(update(ENTRIES).where(ENTRIES.c.id == row["id"]).values({column: new}))

    edit.__name__ = f"edit {column}"
    return edit


def delete_one(connection: Connection, chance: random.Random) -> None:
    row = chance.choice(rows(connection))
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id == row["id"]))


def delete_and_close_the_gap(connection: Connection, chance: random.Random) -> None:
    present = rows(connection)
    gone = chance.randrange(len(present))
    rest = present[:gone] + [{**row, "id": row["id"] - 1} for row in present[gone + 1 :]]
    write_back(connection, rest)
    connection.execute(update(HEAD).values(entries=len(rest)))


def truncate(connection: Connection, chance: random.Random) -> None:
    keep = chance.randrange(len(rows(connection)))
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id > keep))


def truncate_and_move_the_head(connection: Connection, chance: random.Random) -> None:
    present = rows(connection)
    keep = chance.randrange(len(present))
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id > keep))
    digest = present[keep - 1]["digest"] if keep else ""
    connection.execute(update(HEAD).values(entries=keep, last_digest=digest))


def cut_off_the_beginning(connection: Connection, chance: random.Random) -> None:
    first = chance.randrange(1, len(rows(connection)))
    connection.execute(delete(ENTRIES).where(ENTRIES.c.id <= first))


def empty_all(connection: Connection, chance: random.Random) -> None:
    connection.execute(delete(ENTRIES))
    if chance.random() < 0.5:
        connection.execute(delete(HEAD))


def swap_two(connection: Connection, chance: random.Random) -> None:
    present = rows(connection)
    one, two = chance.sample(range(len(present)), 2)
    whole = chance.random() < 0.5
    for field in set(Content._fields) - {"id"} | ({"digest"} if whole else set()):
        present[one][field], present[two][field] = present[two][field], present[one][field]
    if present[one] == rows(connection)[one]:
        present[one]["subject_id"] = -1
    write_back(connection, present)


def reorder_a_run(connection: Connection, chance: random.Random) -> None:
    present = rows(connection)
    start = chance.randrange(len(present) - 3)
    run = present[start : start + 3]
    moved = [run[1], run[2], run[0]]
    present[start : start + 3] = [{**row, "id": start + 1 + n} for n, row in enumerate(moved)]
    write_back(connection, present)


def insert_forged(connection: Connection, chance: random.Random) -> None:
    """A new entry somewhere, everything after it moved up and linked, but with no key to digest it."""
    present = rows(connection)
    place = chance.randrange(len(present) + 1)
    forged = {**chance.choice(present), "previous": present[place - 1]["digest"] if place else ""}
    forged["digest"] = f"{chance.getrandbits(256):064x}"
    after = [dict(row) for row in present[place:]]
    if after:
        after[0]["previous"] = forged["digest"]
    everything = [*present[:place], forged, *after]
    write_back(connection, [{**row, "id": n + 1} for n, row in enumerate(everything)])
    if chance.random() < 0.5:
        connection.execute(update(HEAD).values(entries=len(everything), last_digest=everything[-1]["digest"]))


def repeat_an_entry(connection: Connection, chance: random.Random) -> None:
    present = rows(connection)
    number = chance.choice([len(present) + 1, 0, -1])
    connection.execute(insert(ENTRIES).values({**chance.choice(present), "id": number}))


def rewrite_with_another_key(connection: Connection, chance: random.Random) -> None:
    present = rows(connection)
    start = chance.randrange(len(present))
    present[start]["subject_id"] = 4_242
    previous = present[start]["previous"]
    for row in present[start:]:
        row["previous"] = previous
        fields = {name: row[name] for name in Content._fields}
        row["digest"] = previous = digest_of(STRANGER, Content(**fields))
    write_back(connection, present)
    seal = seal_of(STRANGER, "head", len(present), previous)
    connection.execute(update(HEAD).values(last_digest=previous, seal=seal))


def edit_head(connection: Connection, chance: random.Random) -> None:
    head = connection.execute(select(HEAD)).one()
    changes = [
        {"entries": head.entries + chance.choice([-1, 1, 7])},
        {"last_digest": f"{chance.getrandbits(256):064x}"},
        {"seal": f"{chance.getrandbits(256):064x}"},
    ]
    connection.execute(update(HEAD).values(chance.choice(changes)))


def delete_head(connection: Connection, chance: random.Random) -> None:
    connection.execute(delete(HEAD))


TAMPERS: list[Tamper] = [
    *(edit_of(column) for column in (*Content._fields, "digest")),
    delete_one,
    delete_and_close_the_gap,
    truncate,
    truncate_and_move_the_head,
    cut_off_the_beginning,
    empty_all,
    swap_two,
    reorder_a_run,
    insert_forged,
    repeat_an_entry,
    rewrite_with_another_key,
    edit_head,
    delete_head,
]
