"""单位材料查询: the only place with conditions on papers. The right to read is asked by their callers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.employers.models import Employer
from app.employers.papers.models import EmployerPaper, PaperPicture
from app.employers.papers.rules import Held
from app.employers.papers.terms import PaperKind, PaperState
from app.employers.terms import EmployerState

MOST_WAITING: Final = 100


def find_paper(session: Session, paper_id: int, *, locked: bool = False) -> EmployerPaper | None:
    statement = select(EmployerPaper).where(EmployerPaper.id == paper_id)
    return session.scalar(statement.with_for_update() if locked else statement)


def find_picture(session: Session, paper_id: int) -> PaperPicture | None:
    return session.get(PaperPicture, paper_id)


def list_papers(session: Session, employer_id: int) -> list[EmployerPaper]:
    """The papers of a firm, newest first; replaced ones are left out."""
    statement = select(EmployerPaper).where(
        EmployerPaper.employer_id == employer_id, EmployerPaper.state != PaperState.REPLACED
    )
    return list(session.scalars(statement.order_by(EmployerPaper.id.desc())))


def list_same(
    session: Session, employer_id: int, kind: PaperKind, states: Collection[PaperState]
) -> list[EmployerPaper]:
    """Papers of one kind in some states."""
    return list(
        session.scalars(
            select(EmployerPaper).where(
                EmployerPaper.employer_id == employer_id,
                EmployerPaper.kind == kind,
                EmployerPaper.state.in_(states),
            )
        )
    )


def list_held(session: Session, employer_ids: Collection[int]) -> dict[int, list[Held]]:
    """What each firm has shown and the office accepted; one statement."""
    found: dict[int, list[Held]] = {}
    statement = select(EmployerPaper.employer_id, EmployerPaper.kind, EmployerPaper.expires_on).where(
        EmployerPaper.employer_id.in_(employer_ids), EmployerPaper.state == PaperState.ACCEPTED
    )
    for employer_id, kind, expires_on in session.execute(statement):
        found.setdefault(employer_id, []).append(Held(kind, expires_on))
    return found


def list_ending(session: Session, on: Sequence[date]) -> list[EmployerPaper]:
    """Accepted papers whose last day is one of these."""
    return list(
        session.scalars(
            select(EmployerPaper)
            .where(EmployerPaper.state == PaperState.ACCEPTED, EmployerPaper.expires_on.in_(on))
            .order_by(EmployerPaper.id)
        )
    )


def list_firms_with_ended(session: Session, today: date, *, limit: int, after: int = 0) -> list[Employer]:
    """Verified firms with an accepted paper whose last day has passed, by id."""
    ended = exists().where(
        EmployerPaper.employer_id == Employer.id,
        EmployerPaper.state == PaperState.ACCEPTED,
        EmployerPaper.expires_on < today,
    )
    return list(
        session.scalars(
            select(Employer)
            .where(Employer.state == EmployerState.VERIFIED, ended, Employer.id > after)
            .order_by(Employer.id)
            .limit(limit)
        )
    )


def may_check_anywhere(actor: Actor) -> bool:
    """Whether this colleague looks at papers of any place."""
    return bool(reading_prefixes(actor, Resource.EMPLOYER_PAPERS, Action.DECIDE))


def list_waiting_firms(session: Session, actor: Actor) -> list[Employer]:
    """Firms of the actor's area that wait for a look, longest first: new ones, and those with new papers."""
    waiting = select(Employer).where(_in_area(actor), _waits())
    return list(session.scalars(waiting.order_by(Employer.updated_at, Employer.id).limit(MOST_WAITING)))


def count_waiting_firms(session: Session, actor: Actor) -> int:
    """How many firms wait for a look in the actor's area."""
    statement = select(func.count()).select_from(Employer).where(_in_area(actor), _waits())
    return session.scalar(statement) or 0


def find_firm_in_care(session: Session, actor: Actor, employer_id: int) -> Employer | None:
    """One firm whose papers the actor looks at, whether it waits or not."""
    return session.scalar(select(Employer).where(Employer.id == employer_id, _in_area(actor)))


def _waits() -> ColumnElement[bool]:
    has_new = exists().where(
        EmployerPaper.employer_id == Employer.id,
        EmployerPaper.state == PaperState.WAITING,
        EmployerPaper.kind != PaperKind.MANDATE,
    )
    return or_(Employer.state == EmployerState.PENDING, and_(Employer.state != EmployerState.BARRED, has_new))


def _in_area(actor: Actor) -> ColumnElement[bool]:
    prefixes = reading_prefixes(actor, Resource.EMPLOYER_PAPERS, Action.DECIDE)
    if "" in prefixes:
        return true()
    ways = [Employer.office_code.between(prefix, prefix.ljust(12, "9")) for prefix in prefixes]
    return or_(*ways) if ways else false()


def count_waiting_papers(session: Session, employer_ids: Collection[int]) -> dict[int, int]:
    """How many papers of each firm wait for a look; one statement."""
    statement = (
        select(EmployerPaper.employer_id, func.count())
        .where(
            EmployerPaper.employer_id.in_(employer_ids),
            EmployerPaper.state == PaperState.WAITING,
            EmployerPaper.kind != PaperKind.MANDATE,
        )
        .group_by(EmployerPaper.employer_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
