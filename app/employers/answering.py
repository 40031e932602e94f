"""企业回话: how reliably a firm answers about the people sent to it, as matching and the firm see it."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.employers.changes import note_change
from app.employers.models import Employer


def save_answer_figures(
    session: Session,
    employer_id: int,
    *,
    permille: int | None,
    median_hours: int | None,
    muted_until: date | None,
    clock: Clock,
) -> bool:
    """Stores how many of a thousand referrals a firm answers, its median hours, and until when it is muted.
    Returns whether anything was different."""
    changed = session.scalar(
        update(Employer)
        .where(
            Employer.id == employer_id,
            (Employer.answer_permille.is_distinct_from(permille))
            | (Employer.median_answer_hours.is_distinct_from(median_hours))
            | (Employer.muted_until.is_distinct_from(muted_until)),
        )
        .values(
            answer_permille=permille,
            median_answer_hours=median_hours,
            muted_until=muted_until,
            updated_at=clock.now(),
        )
        .returning(Employer.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        return False
    note_change(session, employer_id=employer_id)
    return True
