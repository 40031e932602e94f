"""给所有人排: the best postings of a whole crowd at once, as `PostingMarket.rank` gives them to each.

With the compiled search people are gathered into rows of numbers and threads answer for some hundreds at a
time, without the interpreter's lock; people with the same skills and home stand together, because what one of
them looked at is then still near the processor. Without it, the numpy search answers one by one, in several
processes where this one has no other threads.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Final, NamedTuple

import numpy as np

from app.matching.facts import PersonFacts
from app.matching.index.columns import Floats, Ints
from app.matching.index.market import PostingMarket
from app.matching.index.postings import PostingIndex
from app.matching.index.swift import Found, SwiftSearch, make_room

AT_ONCE: Final = 512
"""People answered for by one call; so many are also told of at a time."""
FEWEST_FOR_PROCESSES: Final = 2_000
"""With fewer people other processes cost more than they save."""
TellProgress = Callable[[int, int], None]


class Everyone(NamedTuple):
    """所有人的名单: one line a person, best first."""

    ids: Ints
    """Postings, -1 past the last."""
    scores: Floats
    """0..100, 0.0 past the last."""
    counts: Ints


def rank_everyone(
    market: PostingMarket,
    people: Sequence[PersonFacts],
    limit: int,
    *,
    workers: int | None = None,
    progress: TellProgress | None = None,
) -> Everyone:
    """Everybody's best `limit` postings by `workers` threads or processes (None = one for each processor)."""
    hands = workers or os.cpu_count() or 1
    indexes = [index for index in market.every_index if len(index.ids)]
    searches = [index.swift for index in indexes if index.swift is not None]
    if len(searches) == len(indexes):
        found = [
            _search(index, search, market, people, limit, hands, progress if index is indexes[-1] else None)
            for index, search in zip(indexes, searches, strict=True)
        ]
        return _first(found, len(people), limit)
    return _rank_one_by_one(market, people, limit, hands, progress)


def _search(
    index: PostingIndex,
    search: SwiftSearch,
    market: PostingMarket,
    people: Sequence[PersonFacts],
    limit: int,
    workers: int,
    progress: TellProgress | None,
) -> Found:
    """What one index has for them all."""
    whole, done = make_room(len(people), limit), 0
    vocabulary = market.tally.vocabulary
    order = sorted(range(len(people)), key=lambda row: _likeness(people[row]))
    running: list[tuple[list[int], Future[Found]]] = []
    with ThreadPoolExecutor(workers) as pool:
        for rows in _parts(order):
            gathered = search.gather([people[row] for row in rows], vocabulary)
            task = pool.submit(search.search, gathered, vocabulary, index.alive, limit, 0, len(rows))
            running.append((rows, task))
            while running and (len(running) > 2 * workers or running[0][1].done()):
                done += _keep(whole, *running.pop(0))
                if progress is not None:
                    progress(done, len(people))
        for rows, task in running:
            done += _keep(whole, rows, task)
            if progress is not None:
                progress(done, len(people))
    return whole


def _likeness(person: PersonFacts) -> tuple[object, ...]:
    return person.skills, person.occupations, person.names_a_wish, person.home_scope


def _parts(order: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(order), AT_ONCE):
        yield order[begin : begin + AT_ONCE]


def _keep(whole: Found, rows: list[int], task: Future[Found]) -> int:
    for lines, part in zip(whole, task.result(), strict=True):
        lines[rows] = part
    return len(rows)


def _first(found: list[Found], people: int, limit: int) -> Everyone:
    """The first of what several indexes have."""
    if not found:
        found = [make_room(people, limit)]
    if len(found) == 1:
        return Everyone(found[0].ids, found[0].scores, found[0].counts)
    ids = np.concatenate([part.ids for part in found], axis=1)
    turns = np.concatenate([part.turns for part in found], axis=1)
    scores = np.concatenate([part.scores for part in found], axis=1)
    order = np.lexsort((ids, turns, np.where(ids < 0, np.inf, -scores)), axis=1)[:, :limit]
    counts = np.minimum(sum(part.counts for part in found), limit)
    return Everyone(np.take_along_axis(ids, order, axis=1), np.take_along_axis(scores, order, axis=1), counts)


def _rank_one_by_one(
    market: PostingMarket,
    people: Sequence[PersonFacts],
    limit: int,
    workers: int,
    progress: TellProgress | None,
) -> Everyone:
    # A process with several threads is not to be copied: another thread may hold a lock.
    if workers == 1 or len(people) < FEWEST_FOR_PROCESSES or threading.active_count() > 1:
        return _rank_some(market, people, limit, progress)
    context = get_context("fork")
    chunks = [people[begin : begin + AT_ONCE] for begin in range(0, len(people), AT_ONCE)]
    with ProcessPoolExecutor(workers, context, _inherit, (market, limit)) as pool:
        parts: list[Everyone] = []
        for part in pool.map(_rank_chunk, chunks):
            parts.append(part)
            if progress is not None:
                progress(sum(len(one.counts) for one in parts), len(people))
    return Everyone(*(np.concatenate(lines) for lines in zip(*parts, strict=True)))


def _rank_some(
    market: PostingMarket, people: Sequence[PersonFacts], limit: int, progress: TellProgress | None = None
) -> Everyone:
    found = make_room(len(people), limit)
    for row, person in enumerate(people):
        keys = market.rank(person, limit)
        found.counts[row] = len(keys)
        for at, (negative, _turn, identity) in enumerate(keys):
            found.ids[row, at], found.scores[row, at] = identity, -negative
        if progress is not None:
            progress(row + 1, len(people))
    return Everyone(found.ids, found.scores, found.counts)


_INHERITED: list[tuple[PostingMarket, int]] = []
"""What a copied process was given."""


def _inherit(market: PostingMarket, limit: int) -> None:
    _INHERITED[:] = [(market, limit)]


def _rank_chunk(people: Sequence[PersonFacts]) -> Everyone:
    market, limit = _INHERITED[0]
    return _rank_some(market, people, limit)
