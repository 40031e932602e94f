"""本人认档: which files a phone account may call its own, making such a link, and ending it."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.seekers.access.models import PersonLink
from app.seekers.access.terms import LinkEnd


def end_links(session: Session, person_ids: Sequence[int], reason: LinkEnd, clock: Clock) -> None:
    """Ends the links to these people."""
    session.execute(
        update(PersonLink)
        .where(PersonLink.person_id.in_(person_ids), PersonLink.ended_at.is_(None))
        .values(ended_at=clock.now(), end_reason=reason)
        .execution_options(synchronize_session=False)
    )
