"""县里自己的最低工资: a county puts in the figures that hold for itself."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, require
from app.core.clock import Clock
from app.core.errors import FieldProblem, Invalid, NotFound
from app.vetting.models import MinimumWageTier
from app.vetting.terms import LEAST_FEN, MOST_FEN


def set_county_wage(
    session: Session,
    actor: Actor,
    county_code: str,
    *,
    month_fen: int,
    hour_fen: int,
    effective_on: date,
    name: str,
    source: str,
    clock: Clock,
) -> MinimumWageTier:
    """The figures of a county from a day on; the same day again puts them right. Postings are vetted by them
    from the day on. Raises Forbidden, NotFound (a county of somebody else's), Invalid."""
    require(actor, Action.DECIDE, Resource.POSTING, Target(region_code=county_code), missing=NotFound)
    problems = [
        FieldProblem(field, "不像是钱数，请看看通知上的数")
        for field, fen in (("month", month_fen), ("hour", hour_fen))
        if not LEAST_FEN[field] <= fen <= MOST_FEN[field]
    ]
    if not source.strip():
        problems.append(FieldProblem("source", "写上是哪份通知，别人好核对"))
    if problems:
        raise Invalid("有几处还要改一下。", fields=problems)
    kept_name = f"{county_code} {name.strip()[:20] or '本县'}"
    row = session.scalar(
        select(MinimumWageTier).where(
            MinimumWageTier.province_code == county_code[:2],
            MinimumWageTier.effective_on == effective_on,
            MinimumWageTier.name == kept_name,
        )
    )
    if row is None:
        row = MinimumWageTier(
            province_code=county_code[:2], effective_on=effective_on, name=kept_name, areas=[county_code]
        )
        session.add(row)
    row.month_fen, row.hour_fen, row.source = month_fen, hour_fen, source.strip()[:200]
    row.updated_by_id, row.updated_at = actor.user_id, clock.now()
    session.flush()
    return row
