"""跟随变更: the board of this process, in step with the database (jobs.following)."""

from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.jobs.board.queries import list_changed_postings, list_open_postings
from app.jobs.board.rows import Board
from app.jobs.following import Followers, Source


def _read_all(session: Session, today: date) -> Board:
    return Board.over(list_open_postings(session, today), today.toordinal())


def _read_changed(session: Session, board: Board, jobs: set[int], employers: set[int], today: date) -> Board:
    looked_at = jobs | board.list_of_employers(employers)
    found = list_changed_postings(session, jobs, employers, today)
    return board.changed(looked_at | {each.id for each in found}, found)


BOARDS: Final = Followers(Source("board", _read_all, _read_changed))
