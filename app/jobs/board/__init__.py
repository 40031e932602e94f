"""岗位看板: what hangs open for everyone, kept in memory, for the portal's lists and counts.

A list around a village needs six counts and the nearest twenty of all that is open: in SQL that reads every
open posting (240 ms at 45,000), here it takes about a millisecond. Answers are those of `jobs.queries`, to
the last cursor. Questions with words, a firm or a circle go to the database as before.
"""

from app.jobs.board.asking import OpenJobs
from app.jobs.board.following import BOARDS

__all__ = ["BOARDS", "OpenJobs"]
