"""岗位盘: the live postings of one moment, ranked from memory; a change makes a new one.

Most postings stand in one large index; those that changed since in a small one, and the last few are looked
at one by one with the plain rules. Nothing here is ever altered, so a reader keeps a whole picture of one
moment.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import merge
from itertools import islice
from threading import Lock
from typing import Final

import numpy as np

from app.matching.facts import MatchContext, PersonFacts, PostingFacts, WordKnowledge
from app.matching.index.columns import Books, encode_postings
from app.matching.index.postings import PostingIndex
from app.matching.index.tally import Said, Tally
from app.matching.reference import OrderKey, order_key
from app.matching.rules import gates, scoring
from app.matching.terms import Gate

MOST_LOOSE: Final = 24
"""So many changed postings are looked at one by one."""
LEAST_MERGED: Final = 256
MERGED_SHARE: Final = 0.01
"""The small index goes into the large one when it outgrows this share of it."""

_GROWING: Final = Lock()
"""Held while dictionaries grow, which markets of one line share."""


@dataclass(frozen=True)
class PostingMarket:
    """岗位盘: see the module. `loose` are the postings looked at one by one, by id."""

    today: int
    knowledge: WordKnowledge
    books: Books
    base: PostingIndex
    recent: PostingIndex | None
    loose: Mapping[int, PostingFacts]
    tally: Tally

    @classmethod
    def over(cls, postings: Iterable[PostingFacts], today: int, knowledge: WordKnowledge) -> "PostingMarket":
        """Index postings."""
        books, listed = Books(), list(postings)
        base = PostingIndex(encode_postings(listed, books), books, today, knowledge)
        tally = Tally.over(_said(posting) for posting in listed)
        return cls(today, knowledge, books, base, None, {}, tally)

    @cached_property
    def context(self) -> MatchContext:
        """What the plain rules need: the day, the market and the words."""
        return MatchContext(self.today, self.tally.vocabulary, self.knowledge)

    @cached_property
    def indexes(self) -> tuple[PostingIndex, ...]:
        """The large index and the small one."""
        return (self.base,) if self.recent is None else (self.base, self.recent)

    @cached_property
    def every_index(self) -> tuple[PostingIndex, ...]:
        """The indexes, and one more over the loose postings."""
        if not self.loose:
            return self.indexes
        with _GROWING:
            rows = encode_postings(list(self.loose.values()), self.books)
            return (*self.indexes, PostingIndex(rows, self.books, self.today, self.knowledge))

    def __len__(self) -> int:
        return self.tally.size

    def rank(
        self, person: PersonFacts, limit: int | None = None, after: OrderKey | None = None
    ) -> list[OrderKey]:
        """The order keys of `reference.rank_postings`: the first `limit` (None = all) behind `after`."""
        vocabulary = self.tally.vocabulary
        lists = [index.rank_person(person, vocabulary, limit, after) for index in self.indexes]
        if self.loose:
            lists.append(self._rank_loose(person, after))
        return lists[0] if len(lists) == 1 else list(islice(merge(*lists), limit))

    def _rank_loose(self, person: PersonFacts, after: OrderKey | None) -> list[OrderKey]:
        keys = [
            order_key(scoring.score_pair(person, posting, self.context).total, posting.id, self.today)
            for posting in self.loose.values()
            if gates.first_failed_gate(person, posting, self.context) is None
        ]
        return sorted(key for key in keys if after is None or key > after)

    def count(self, person: PersonFacts) -> tuple[int, dict[Gate, int]]:
        """How many postings are open to a person, and how many each gate shuts first, in gate order."""
        sums: dict[Gate | None, int] = {}
        vocabulary = self.tally.vocabulary
        for index in self.indexes:
            for gate, count in index.count(index.ask(person, vocabulary)).items():
                sums[gate] = sums.get(gate, 0) + count
        for posting in self.loose.values():
            failed = gates.first_failed_gate(person, posting, self.context)
            sums[failed] = sums.get(failed, 0) + 1
        return sums.pop(None, 0), {gate: sums[gate] for gate in Gate if sums.get(gate)}

    def __contains__(self, identity: int) -> bool:
        return identity in self.loose or any(identity in index for index in self.indexes)

    def list_of_employers(self, employers: Collection[int]) -> list[int]:
        """Ids of the postings of some employers."""
        wanted = np.array(sorted(employers), np.int64)
        found = [posting.id for posting in self.loose.values() if posting.employer_id in employers]
        for index in self.indexes:
            theirs = index.ids[np.isin(index.columns.employers, wanted)].tolist()
            found += [identity for identity in theirs if identity in index]
        return found

    def changed(self, changes: Mapping[int, PostingFacts | None]) -> "PostingMarket":
        """The market after some postings changed: by id their facts, None for one that is no longer live."""
        gone = {identity for identity in changes if identity in self}
        come = {identity: posting for identity, posting in changes.items() if posting is not None}
        tally = self.tally.changed(
            [self._said_of(identity) for identity in gone], [_said(posting) for posting in come.values()]
        )
        loose = {identity: posting for identity, posting in self.loose.items() if identity not in gone} | come
        market = replace(
            self,
            base=self.base.without(gone),
            recent=None if self.recent is None else self.recent.without(gone),
            loose=loose,
            tally=tally,
        )
        if len(loose) <= MOST_LOOSE:
            return market
        with _GROWING:
            return market._settled()

    @property
    def is_whole(self) -> bool:
        """Whether everything stands in the large index."""
        return self.recent is None and not self.loose and not len(self.base.gone)

    def folded(self) -> "PostingMarket":
        """The same postings in one large index."""
        if self.is_whole:
            return self
        with _GROWING:
            rows = [index.unpacked() for index in self.indexes]
            rows.append(encode_postings(list(self.loose.values()), self.books))
            base = PostingIndex(np.concatenate(rows), self.books, self.today, self.knowledge)
        return replace(self, base=base, recent=None, loose={})

    def on_day(self, today: int) -> "PostingMarket":
        """The market on a later day: postings whose last day has passed are gone."""
        expired = {
            identity
            for identity, posting in self.loose.items()
            if posting.valid_until is not None and posting.valid_until < today
        }
        for index in self.indexes:
            over = index.columns.valid < index.columns.day_number(today)
            expired.update(identity for identity in index.ids[over].tolist() if identity in index)
        moved = replace(
            self,
            today=today,
            base=self.base.on_day(today),
            recent=None if self.recent is None else self.recent.on_day(today),
        )
        return moved.changed(dict.fromkeys(expired))

    def _settled(self) -> "PostingMarket":
        """The same postings with none loose."""
        rows = encode_postings(list(self.loose.values()), self.books)
        if self.recent is not None:
            rows = np.concatenate([self.recent.unpacked(), rows])
        if len(rows) + len(self.base.gone) <= max(LEAST_MERGED, MERGED_SHARE * len(self.base.ids)):
            recent = PostingIndex(rows, self.books, self.today, self.knowledge)
            return replace(self, recent=recent, loose={})
        rows = np.concatenate([self.base.unpacked(), rows])
        base = PostingIndex(rows, self.books, self.today, self.knowledge)
        return replace(self, base=base, recent=None, loose={})

    def _said_of(self, identity: int) -> Said:
        if identity in self.loose:
            return _said(self.loose[identity])
        for index in self.indexes:
            place = index.place_of(identity)
            if place is not None:
                columns = index.columns
                skills, pay = self.books.skills.values[int(columns.skills[place])], columns.pay[place]
                return skills, float(columns.pay_min[pay]), float(columns.pay_max[pay])
        raise KeyError(identity)


def _said(posting: PostingFacts) -> Said:
    return posting.skills, posting.pay_min or 0, posting.pay_max or 0
