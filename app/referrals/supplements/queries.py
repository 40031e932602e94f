"""增补查询: spells that go on, and what was paid in them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.referrals.spells.models import EmploymentAnswer, EmploymentSpell
from app.referrals.spells.queries import visible_spells
from app.referrals.spells.rules import STILL_WORKING

_MOST_ANSWERS = 24


def list_open_spells(session: Session, actor: Actor, people: Collection[int]) -> list[EmploymentSpell]:
    """The spells of some people that `actor` may see and that have not ended, the latest begun first."""
    return list(
        session.scalars(
            visible_spells(actor)
            .where(EmploymentSpell.person_id.in_(people), EmploymentSpell.ends_on.is_(None))
            .order_by(EmploymentSpell.starts_on.desc(), EmploymentSpell.id.desc())
        )
    )


def list_wages(session: Session, spell_id: int) -> list[EmploymentAnswer]:
    """What counts for each month in which pay was told, the latest first; of a month the last answer."""
    rows = session.scalars(
        select(EmploymentAnswer)
        .where(
            EmploymentAnswer.spell_id == spell_id,
            EmploymentAnswer.wage_fen.is_not(None),
            EmploymentAnswer.outcome.in_(STILL_WORKING),
        )
        .order_by(EmploymentAnswer.month_on.desc(), EmploymentAnswer.id.desc())
        .limit(_MOST_ANSWERS)
    )
    months: dict[object, EmploymentAnswer] = {}
    for answer in rows:
        months.setdefault(answer.month_on, answer)
    return list(months.values())
