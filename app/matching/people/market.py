"""人员盘: who looks for work at one moment, ranked for a posting from memory; a change makes a new one.

As with postings (`index.market`): most people stand in one large index, those who changed since in a small
one, and the last few are looked at one by one with the plain rules. Nothing here is ever altered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from threading import Lock
from typing import Final

import numpy as np

from app.matching.facts import HouseholdFacts, MatchContext, PersonFacts, PostingFacts, WordKnowledge
from app.matching.people.columns import COLUMNS, Books, Candidate, Rows, encode_people
from app.matching.people.index import Area, PeopleIndex, compile_search
from app.matching.people.tables import Question, Tables
from app.matching.reference import OrderKey, order_key
from app.matching.rules import gates, scoring
from app.matching.terms import Gate

MOST_LOOSE: Final = 24
"""So many changed people are looked at one by one."""
LEAST_MERGED: Final = 512
MERGED_SHARE: Final = 0.01
"""The small index goes into the large one when it outgrows this share of it."""
AT_ONCE: Final = 10_000
"""So many people's facts are held at a time while an index is made."""

_GROWING: Final = Lock()
"""Held while dictionaries grow, which markets of one line share."""


@dataclass(frozen=True)
class PeopleMarket:
    """人员盘: see the module. `loose` are the people looked at one by one, by id."""

    today: int
    books: Books
    tables: Tables
    base: PeopleIndex
    recent: PeopleIndex | None
    loose: Mapping[int, Candidate]

    @classmethod
    def over(cls, people: Iterable[Candidate], today: int, knowledge: WordKnowledge) -> "PeopleMarket":
        """Index people; facts already turned into columns are let go of."""
        books, parts = Books(), [np.zeros(0, COLUMNS)]
        rest = iter(people)
        while some := list(islice(rest, AT_ONCE)):
            parts.append(encode_people(some, books))
        base = PeopleIndex(np.concatenate(parts), books, today)
        return cls(today, books, Tables(books, knowledge), base, None, {})

    def __len__(self) -> int:
        return len(self.loose) + sum(len(index) for index in self._indexes())

    def __contains__(self, identity: int) -> bool:
        return identity in self.loose or any(
            index.place_of(identity) is not None for index in self._indexes()
        )

    def _indexes(self) -> tuple[PeopleIndex, ...]:
        return (self.base,) if self.recent is None else (self.base, self.recent)

    def ask(self, posting: PostingFacts, context: MatchContext) -> Question:
        """What `rank` and `count` need of a posting, worked out once for both."""
        return self.tables.ask(posting, context)

    def rank(
        self,
        question: Question,
        context: MatchContext,
        area: Area = None,
        limit: int | None = None,
        after: OrderKey | None = None,
    ) -> list[OrderKey]:
        """The order keys of `reference.rank_people` among those who live in `area` (None = everywhere): the
        first `limit` (None = all) behind `after`."""
        lists = [index.rank(question, area, limit, after) for index in self._indexes()]
        lists.append(self._rank_loose(question.posting, context, area, after))
        return list(islice(merge(*lists), limit))

    def _rank_loose(
        self, posting: PostingFacts, context: MatchContext, area: Area, after: OrderKey | None
    ) -> list[OrderKey]:
        keys: list[OrderKey] = []
        for each in self._loose_in(area):
            if gates.first_failed_gate(each.person, posting, context) is None:
                pair = scoring.score_pair(each.person, posting, context)
                score = scoring.score_for_officer(pair, each.household)
                keys.append(order_key(score, each.person.id, self.today))
        return sorted(key for key in keys if after is None or key > after)

    def count(
        self, question: Question, context: MatchContext, area: Area = None
    ) -> tuple[int, dict[Gate, int]]:
        """How many who live in `area` a posting is open to, and how many each gate shuts out first, in gate
        order."""
        sums: dict[Gate | None, int] = {}
        for index in self._indexes():
            for gate, count in index.count(question, area).items():
                sums[gate] = sums.get(gate, 0) + count
        for each in self._loose_in(area):
            failed = gates.first_failed_gate(each.person, question.posting, context)
            sums[failed] = sums.get(failed, 0) + 1
        return sums.pop(None, 0), {gate: sums[gate] for gate in Gate if sums.get(gate)}

    def _loose_in(self, area: Area) -> list[Candidate]:
        prefixes = ("",) if area is None else tuple(area)
        return [each for each in self.loose.values() if each.region_code.startswith(prefixes)]

    def changed(self, changes: Mapping[int, Candidate | None]) -> "PeopleMarket":
        """The market after some people changed: by id what holds now, None for who no longer looks for
        work."""
        gone = set(changes)
        come = {identity: candidate for identity, candidate in changes.items() if candidate is not None}
        loose = {identity: each for identity, each in self.loose.items() if identity not in gone} | come
        market = replace(
            self,
            base=self.base.without(gone),
            recent=None if self.recent is None else self.recent.without(gone),
            loose=loose,
        )
        if len(loose) <= MOST_LOOSE:
            return market
        with _GROWING:
            return market._settled()

    def _settled(self) -> "PeopleMarket":
        """The same people with none loose."""
        rows: Rows = encode_people(self.loose.values(), self.books)
        tables = self.tables
        if tables.sizes != self.books.sizes():
            tables = Tables(self.books, tables.knowledge)
        if self.recent is not None:
            rows = np.concatenate([self.recent.kept_rows(), rows])
        if len(rows) + self.base.gone <= max(LEAST_MERGED, MERGED_SHARE * len(self.base.ids)):
            recent = PeopleIndex(rows, self.books, self.today)
            return replace(self, tables=tables, recent=recent, loose={})
        rows = np.concatenate([self.base.kept_rows(), rows])
        base = PeopleIndex(rows, self.books, self.today)
        return replace(self, tables=tables, base=base, recent=None, loose={})


def compile_people_search(context: MatchContext) -> None:
    """Compiles the search where numba is installed, with a made-up person: nobody is read for it."""
    somebody = Candidate(PersonFacts(home_scope="110101001001", born_on=1), HouseholdFacts(), "110101001001")
    crowd = PeopleMarket.over([somebody], context.today, context.words)
    compile_search(crowd.books, crowd.ask(PostingFacts(1, "110101001"), context))
