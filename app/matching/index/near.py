"""就差一点的列: near misses from the index, the same as `near_misses.find_near_misses` finds one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.matching.facts import PersonFacts
from app.matching.index.columns import Flags, Floats, Ints, Words
from app.matching.index.locks import WORD, Key
from app.matching.index.market import PostingMarket
from app.matching.index.packed import NOWHERE
from app.matching.index.postings import PostingIndex, Question
from app.matching.index.runs import are_among, expand_runs, merge_rows
from app.matching.near_misses import (
    AllShut,
    NearMiss,
    Shut,
    list_near_misses,
    list_offers,
    wider_reaches,
)
from app.matching.rules import places
from app.matching.terms import Gate

NOTHING: Final = Shut(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
BLURRED_M: Final = places.BLUR_M[places.TOWN_DIGITS]


def near_misses_in(market: PostingMarket, person: PersonFacts) -> list[NearMiss]:
    """List near misses for a person, the ones that open most first."""
    vocabulary = market.tally.vocabulary
    sights = [_look(index, index.ask(person, vocabulary)) for index in market.every_index if len(index.ids)]
    farthest = max((sight.farthest for sight in sights), default=0.0)
    near = join(sight.near() for sight in sights)
    codes = sorted({code for sight in sights for code in sight.certificates})
    shut = AllShut(
        Shut(near.ids, near.pay_min, np.maximum(near.need - farthest, 0.0)),
        _wider(person, sights),
        {code: join(sight.certificates.get(code, NOTHING) for sight in sights) for code in codes},
        join(sight.schooling for sight in sights),
        join(sight.wage for sight in sights),
        {
            code: join(sight.hours[number] for sight in sights)
            for number, (code, _, _) in enumerate(list_offers(person))
        },
        join(sight.board for sight in sights),
    )
    return list_near_misses(person, shut, market.context)


def join(parts: Iterable[Shut]) -> Shut:
    """Several as one."""
    kept = [part for part in parts if len(part)]
    if len(kept) < 2:
        return kept[0] if kept else NOTHING
    return Shut(
        np.concatenate([part.ids for part in kept]),
        np.concatenate([part.pay_min for part in kept]),
        np.concatenate([part.need for part in kept]),
    )


def _wider(person: PersonFacts, sights: Sequence["Sight"]) -> tuple[str, Shut] | None:
    for reach in wider_reaches(person):
        opened = join(sight.within(reach) for sight in sights)
        if len(opened):
            return reach, opened
    return None


@dataclass(frozen=True)
class Sight:
    """所见: what one index shuts to one person by a single gate."""

    index: PostingIndex
    question: Question
    farthest: float
    """Metres to the farthest open posting that can be measured."""
    certificates: dict[str, Shut]
    schooling: Shut
    wage: Shut
    hours: list[Shut]
    board: Shut

    def within(self, reach: str) -> Shut:
        """What only the way shuts and a wider reach opens."""
        index, person = self.index, self.question.person
        rows = index.rows_in(places.reach_area(person, reach))
        if reach != "village" and len(self.question.buses):
            rows = merge_rows(rows, self.question.buses)
        return _shut(index, self._only_too_far(rows))

    def near(self) -> Shut:
        """What only the way shuts, within a daily way; the need is the whole way."""
        index, asker = self.index, self.question.asker
        if not _is_measured(self.question.person) or asker.x is None:
            return NOTHING
        west, east, south, north = index.cells.box.astype(np.float64)
        across = np.maximum(np.maximum(west - asker.x, asker.x - east), 0.0)
        along = np.maximum(np.maximum(south - asker.y, asker.y - north), 0.0)
        cells = np.flatnonzero(across * across + along * along <= float(places.COMMUTE_M + 1) ** 2)
        starts = index.cells.starts[cells]
        rows = expand_runs(starts, index.cells.ends[cells] - starts)
        rows = self._only_too_far(rows)
        ways = _measure(index, self.question, rows)
        is_near = ways <= places.COMMUTE_M
        return _shut(index, rows[is_near], ways[is_near])

    def _only_too_far(self, rows: Ints) -> Ints:
        person = self.question.person
        rows = self.index.without_refused(rows, person)
        rows = rows[~self.index.lie_in(rows, places.reach_area(person, person.reach))]
        if person.reach != "village" and len(self.question.buses):
            rows = rows[~are_among(rows, self.question.buses)]
        return self.index.open_rows(self.question.key, rows)


def _look(index: PostingIndex, question: Question) -> Sight:
    rows = index.reached_rows(question)
    plan, key = index.locks.plan, question.key
    met = index.locks.meet(key, rows)
    underpaid = index.locks.is_underpaid(key, rows)
    paid = np.ones(len(rows), np.bool_) if underpaid is None else ~underpaid
    shut = _any(met.values(), len(rows))

    def only(gate: Gate) -> Ints:
        mask = plan.gate_words(gate)
        others = _any((words & ~mask[number] for number, words in met.items()), len(rows))
        return rows[shut & ~others & paid]

    open_ways = _measure(index, question, rows[~shut & paid])
    floor = key.floor or 0
    cheap = rows[~shut & ~paid]
    missed = floor - index.locks.upper[index.locks.pay[cheap]]
    schooled = only(Gate.EDUCATION)
    next_step = (question.person.education_step or 0) + 1
    late = only(Gate.HOURS)
    offers = [index.locks.plan.hours_key(willing) for _, _, willing in list_offers(question.person)]
    return Sight(
        index,
        question,
        float(np.nanmax(open_ways, initial=0.0)) if len(open_ways) else 0.0,
        _certificates(index, key, only(Gate.CERTIFICATE)),
        _shut(index, schooled[index.columns.education[schooled] == next_step]),
        _shut(index, cheap, missed),
        [_shut(index, late[~_any(index.locks.meet(offer, late).values(), len(late))]) for offer in offers],
        _shut(index, only(Gate.BOARD)),
    )


def _any(words: Iterable[Words], size: int) -> Flags:
    found = np.zeros(size, np.bool_)
    for line in words:
        found |= line != 0
    return found


def _certificates(index: PostingIndex, key: Key, rows: Ints) -> dict[str, Shut]:
    """Of rows that only certificates shut: those that lack just one, by that one."""
    met = index.locks.meet(key, rows)
    found: dict[str, Shut] = {}
    for (gate, name), bit in index.locks.plan.bits.items():
        if gate is not Gate.CERTIFICATE:
            continue
        number, place = divmod(bit, WORD)
        alone = np.full(len(rows), number in met)
        for other, words in met.items():
            alone &= words == (np.uint64(1 << place) if other == number else np.uint64(0))
        if alone.any():
            found[str(name)] = _shut(index, rows[alone])
    return found


def _shut(index: PostingIndex, rows: Ints, need: Floats | None = None) -> Shut:
    needs = np.zeros(len(rows)) if need is None else need
    return Shut(index.ids[rows], index.columns.pay_min[index.columns.pay[rows]], needs)


def _is_measured(person: PersonFacts) -> bool:
    return person.x is not None and person.y is not None and person.blur_m <= BLURRED_M


def _measure(index: PostingIndex, question: Question, rows: Ints) -> Floats:
    """The straight ways in metres (`places.measured_m`), NaN where one cannot be measured."""
    asker = question.asker
    if not _is_measured(question.person) or asker.x is None:
        return np.full(len(rows), np.nan)
    columns = index.columns
    x = columns.x.take(rows)
    east, north = x - asker.x, columns.y.take(rows) - asker.y
    ways = np.floor(np.sqrt(east * east + north * north))
    blurs = index.tables.blurs.take(columns.blur.take(rows))
    return np.where((x != NOWHERE) & (blurs <= BLURRED_M), ways, np.nan)
