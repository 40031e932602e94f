"""政策库随区划走: an entry belongs to the office of its place, whatever the place's code."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.policies.models import GuideEntry
from app.regions import holders
from app.regions.holders import Moving

holders.stay("guide_entries.region_code", "moved below: an address stands once in a place")


@holders.follow
def move_entries(session: Session, moving: Moving) -> None:
    """Entries go along; one whose address the place has already keeps the old code."""
    for old, new in moving.moves.items():
        taken = set(session.scalars(select(GuideEntry.slug).where(GuideEntry.region_code == new)))
        for entry in session.scalars(select(GuideEntry).where(GuideEntry.region_code == old)).all():
            if entry.slug not in taken:
                entry.region_code = new
    session.flush()
