"""最低工资表: the rows that come with the product and those that offices put in, as the rules read them."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.vetting.minimum_wage import Tier, tiers
from app.vetting.models import MinimumWageTier

COUNTY_DIGITS: Final = 6


def list_tiers(session: Session) -> tuple[Tier, ...]:
    """Every row of the table. Where an office put in figures of a province for a day, the product's own for
    that province and day are left out."""
    own = [_read(row) for row in session.scalars(select(MinimumWageTier).order_by(MinimumWageTier.id))]
    if not own:
        return tiers()
    told = {(tier.province_code, tier.effective_on) for tier in own if not tier.is_local}
    return (*own, *(tier for tier in tiers() if (tier.province_code, tier.effective_on) not in told))


def _read(row: MinimumWageTier) -> Tier:
    return Tier(
        row.province_code,
        row.effective_on,
        row.name.removeprefix(row.areas[0]).strip() if len(row.areas) == 1 else row.name,
        row.month_fen,
        row.hour_fen,
        tuple(row.areas),
        row.rest,
        row.source,
        is_local=not row.rest and len(row.areas) == 1 and len(row.areas[0]) >= COUNTY_DIGITS,
    )
