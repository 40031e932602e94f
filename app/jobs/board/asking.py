"""问看板: lists and counts, with the signatures and the answers of `jobs.queries`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.core.pagination import encode_cursor, read_cursor
from app.jobs import queries
from app.jobs.board.following import BOARDS
from app.jobs.board.queries import published_microseconds, published_words
from app.jobs.board.rows import Board, Flags, Ints
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.jobs.terms import JobSort
from app.regions.scope import scope_prefix
from app.regions.terms import Reach


class OpenJobs:
    """在招的岗位, as a session sees them on one day: the questions of `jobs.queries` by the same names."""

    def __init__(self, session: Session, today: date) -> None:
        self._session, self._today = session, today

    @cached_property
    def _board(self) -> Board:
        return BOARDS.current(self._session, self._today)

    def list_open_jobs(
        self, filters: JobFilters, *, limit: int, cursor: str | None = None
    ) -> tuple[list[JobPosting], str | None]:
        """As `jobs.queries.list_open_jobs`."""
        if not _is_known(filters):
            return queries.list_open_jobs(self._session, filters, self._today, limit=limit, cursor=cursor)
        board, sort = self._board, _sort_of(filters)
        keys = _sort_keys(board, sort, filters)
        chosen = np.flatnonzero(_fits(board, filters))
        if cursor:
            chosen = chosen[_is_behind(board, keys, chosen, sort, cursor)]
        first = _first(keys, board.rows["id"], chosen, limit + 1)
        ids = board.rows["id"][first].tolist()
        jobs = queries.list_jobs_by_id(self._session, ids[:limit], self._today)
        if len(ids) <= limit:
            return jobs, None
        last = int(keys[first[limit - 1]])
        return jobs, encode_cursor((_written(last, sort), ids[limit - 1]))

    def count_open_jobs(self, filters: JobFilters) -> int:
        """As `jobs.queries.count_open_jobs`."""
        if not _is_known(filters):
            return queries.count_open_jobs(self._session, filters, self._today)
        return int(np.count_nonzero(_fits(self._board, filters)))

    def count_by_reach(self, region_code: str, filters: JobFilters | None = None) -> dict[Reach, int]:
        """As `jobs.queries.count_by_reach`."""
        rest = replace(filters or JobFilters(), region_code=None, within=None, beyond=None)
        if not _is_known(rest):
            return queries.count_by_reach(self._session, region_code, self._today, rest)
        board = self._board
        fits = _fits(board, rest)
        return {reach: int(np.count_nonzero(fits & board.is_within(region_code, reach))) for reach in Reach}

    def count_by_occupations(
        self, groups: Mapping[str, Sequence[str]], filters: JobFilters
    ) -> dict[str, int]:
        """As `jobs.queries.count_by_occupations`."""
        rest = replace(filters, occupations=())
        if not _is_known(rest):
            return queries.count_by_occupations(self._session, groups, rest, self._today)
        board = self._board
        fits = _fits(board, rest)
        return {
            name: int(np.count_nonzero(fits & board.has_occupation(prefixes)))
            for name, prefixes in groups.items()
        }


def _sort_of(filters: JobFilters) -> JobSort:
    if filters.near is None:
        return JobSort.NEWEST if filters.sort in (None, JobSort.DISTANCE) else filters.sort
    return filters.sort or JobSort.DISTANCE


def _is_known(filters: JobFilters) -> bool:
    """Whether the board can answer: words, firms and circles are the database's."""
    return not filters.query and filters.radius_m is None and filters.employer_id is None


def _fits(board: Board, filters: JobFilters) -> Flags:
    fits = board.everywhere()
    if filters.region_code is not None:
        if filters.within is not None:
            fits &= board.is_within(filters.region_code, filters.within)
        else:
            fits &= board.lies_in(scope_prefix(filters.region_code))
        if filters.beyond is not None:
            fits &= ~board.is_within(filters.region_code, filters.beyond)
    if filters.occupations:
        fits &= board.has_occupation(filters.occupations)
    if filters.employer_kind is not None:
        fits &= board.is_of_kind(filters.employer_kind)
    return fits


def _sort_keys(board: Board, sort: JobSort, filters: JobFilters) -> Ints:
    """What comes first has the smaller key; of equal ones the newer posting, that is the larger id."""
    if sort is JobSort.DISTANCE and filters.near is not None:
        return board.squared_way(filters.near)
    column: Ints = board.rows["wage" if sort is JobSort.WAGE else "published"]
    return -column


def _first(keys: Ints, ids: Ints, chosen: Ints, limit: int) -> Ints:
    """The places of the first `limit` of the chosen rows, in order."""
    if len(chosen) > limit:
        worst = np.partition(keys[chosen], limit - 1)[limit - 1]
        chosen = chosen[keys[chosen] <= worst]
    order: Ints = chosen[np.lexsort((-ids[chosen], keys[chosen]))][:limit]
    return order


def _written(key: int, sort: JobSort) -> Any:
    """A sort key as the cursor holds it."""
    if sort is JobSort.DISTANCE:
        return key
    return -key if sort is JobSort.WAGE else published_words(-key)


def _is_behind(board: Board, keys: Ints, chosen: Ints, sort: JobSort, cursor: str) -> Flags:
    """Which of the chosen rows come after the cursor's. Raises Invalid."""
    read = _read_moment if sort is JobSort.NEWEST else int
    value, identity = read_cursor(cursor, (read, int))
    if sort is not JobSort.DISTANCE:
        value = -value
    theirs, ids = keys[chosen], board.rows["id"][chosen]
    behind: Flags = (theirs > value) | ((theirs == value) & (ids < identity))
    return behind


def _read_moment(text: str) -> int:
    """Raises TypeError for a time without a zone."""
    return published_microseconds(datetime.fromisoformat(text))
