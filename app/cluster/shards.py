"""分片: what goes to a worker and what comes back: ids, scores and nothing else of anybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from app.referrals.recommending.assigning import Floats, Ints
from app.referrals.recommending.giving import MOST_LISTED, Lists

COUNTY_DIGITS: Final = 6
PEOPLE_A_SHARD: Final = 1_000
"""Some seconds of work, and at most a megabyte to send back: little is lost with a worker."""


@dataclass(frozen=True)
class Shard:
    """分片: some people of one county, by id."""

    county: str
    people: tuple[int, ...]


@dataclass(frozen=True)
class Order:
    """一趟: one ranking of everybody. A worker ranks all of it by one market of postings; `database` and
    `formula` tell a worker that reads another database, or ranks by another version, that it must not."""

    key: str
    today: int
    formula: str
    database: str

    def key_of(self, shard: Shard) -> str:
        """What the cluster calls the ranking of a shard."""
        return f"rank-{self.key}-{shard.county}-{shard.people[0]}"


@dataclass(frozen=True)
class ShardLists:
    """一片的单子: person `people[i]` has the next `counts[i]` of `jobs` and `scores`, best first."""

    people: Ints
    counts: Ints
    jobs: Ints
    scores: Floats

    @classmethod
    def pack(cls, lists: Lists) -> "ShardLists":
        """Lists without their empty places."""
        listed = lists.jobs >= 0
        return cls(lists.people, listed.sum(axis=1), lists.jobs[listed], lists.scores[listed])

    def lay_into(self, lists: Lists) -> None:
        """Puts these lists into those of everybody, whose people rise; who isn't there is passed over."""
        rows = np.minimum(np.searchsorted(lists.people, self.people), len(lists.people) - 1)
        places = np.arange(MOST_LISTED)[None, :] < self.counts[:, None]
        jobs = np.full(places.shape, -1, np.int64)
        scores = np.zeros(places.shape)
        jobs[places], scores[places] = self.jobs, self.scores
        known = lists.people[rows] == self.people
        lists.jobs[rows[known]], lists.scores[rows[known]] = jobs[known], scores[known]


def cut(people: Sequence[tuple[int, str]], most: int = PEOPLE_A_SHARD) -> Iterator[Shard]:
    """Shards of (person, home) pairs: whole counties, those with more than `most` people in several."""
    by_county = sorted((home[:COUNTY_DIGITS], identity) for identity, home in people)
    for county, pairs in groupby(by_county, key=lambda pair: pair[0]):
        ids = tuple(identity for _, identity in pairs)
        for start in range(0, len(ids), most):
            yield Shard(county, ids[start : start + most])
