"""合并之后: work, checks and ended referrals of a file that was merged go on under the file that was kept."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.referrals.models import Referral
from app.referrals.spells.models import CallBack, EmploymentAnswer, EmploymentSpell, FollowUpCheck
from app.seekers.models import Person

_OF_PEOPLE: Final = (EmploymentSpell, FollowUpCheck, EmploymentAnswer, CallBack)


def follow_merges(session: Session, *, limit: int = 100) -> int:
    """Moves what belongs to merged files, at most `limit` files at once; returns how many. A live referral of
    the merged file is not moved: `cancel_orphans` closes it, and the kept file may be offered the same."""
    moved = _list_merged(session, limit)
    for person_id, kept_id in moved:
        for table in _OF_PEOPLE:
            session.execute(
                update(table)
                .where(table.person_id == person_id)
                .values(person_id=kept_id)
                .execution_options(synchronize_session=False)
            )
        session.execute(
            update(Referral)
            .where(Referral.person_id == person_id, Referral.ended_at.is_not(None))
            .values(person_id=kept_id)
            .execution_options(synchronize_session=False)
        )
    return len(moved)


def _list_merged(session: Session, limit: int) -> Sequence[tuple[int, int]]:
    has_past = exists().where(Referral.person_id == Person.id, Referral.ended_at.is_not(None))
    has_work = exists().where(EmploymentSpell.person_id == Person.id)
    rows = session.execute(
        select(Person.id, Person.merged_into_id)
        .where(Person.merged_into_id.is_not(None), has_past | has_work)
        .order_by(Person.id)
        .limit(limit)
        .with_for_update()
    )
    return [(row[0], row[1]) for row in rows if row[1] is not None]
