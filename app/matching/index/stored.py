"""岗位盘与快照: a whole market as the facts and arrays of a snapshot, and back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, TypeVar

from app.matching.facts import WordKnowledge
from app.matching.index.cells import Cells
from app.matching.index.census import GateCensus
from app.matching.index.columns import Books, Codebook
from app.matching.index.locks import LockPlan
from app.matching.index.market import PostingMarket
from app.matching.index.packed import Array, PostingColumns, arrays_of
from app.matching.index.parts import IndexParts, Orders
from app.matching.index.postings import PostingIndex
from app.matching.index.tally import Tally
from app.matching.terms import Gate

Part = TypeVar("Part")
_PARTS: Final = ("columns", "census", "cells", "orders")


def describe_market(market: PostingMarket) -> tuple[dict[str, Any], dict[str, Array]]:
    """The facts and arrays of a market that is whole (`PostingMarket.is_whole`)."""
    parts, tally, plan = market.base.parts, market.tally, market.base.locks.plan
    facts = {
        "today": market.today,
        "books": {name: book.values for name, book in vars(market.books).items()},
        "bits": [[gate.value, name] for gate, name in plan.bits],
        "last_start": plan.last_start,
        "stops": parts.stops,
        "size": tally.size,
        "counts": tally.counts,
    }
    arrays = {
        f"{name}.{key}": array for name in _PARTS for key, array in arrays_of(getattr(parts, name)).items()
    }
    return facts, arrays | {"words": parts.words, "pays": tally.pays, "pay_counts": tally.pay_counts}


def restore_market(
    facts: Mapping[str, Any], arrays: Mapping[str, Array], knowledge: WordKnowledge
) -> PostingMarket:
    """The market that `describe_market` described. Raises KeyError where something is missing."""
    books, today = Books(), int(facts["today"])
    for name, values in facts["books"].items():
        setattr(books, name, Codebook(_as_tuples(values)))
    bits = {(Gate(gate), _as_tuples(name)): place for place, (gate, name) in enumerate(facts["bits"])}
    parts = IndexParts(
        columns=_restore(PostingColumns, "columns", arrays),
        plan=LockPlan(bits, int(facts["last_start"]), today, knowledge),
        words=arrays["words"],
        census=_restore(GateCensus, "census", arrays),
        cells=_restore(Cells, "cells", arrays),
        stops=tuple(facts["stops"]),
        orders=_restore(Orders, "orders", arrays),
    )
    base = PostingIndex.of_parts(parts, books, today, knowledge)
    tally = Tally(int(facts["size"]), Counter(facts["counts"]), arrays["pays"], arrays["pay_counts"])
    return PostingMarket(today, knowledge, books, base, None, {}, tally)


def _restore(kind: type[Part], name: str, arrays: Mapping[str, Array]) -> Part:
    values: dict[str, Any] = {field.name: arrays[f"{name}.{field.name}"] for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**values)


def _as_tuples(value: Any) -> Any:
    """What was a tuple before it was written as JSON, which knows only lists."""
    return tuple(_as_tuples(each) for each in value) if isinstance(value, list) else value
