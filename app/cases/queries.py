"""诉求查询: the only place with conditions on cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, update
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.cases import rules
from app.cases.errors import CaseNotFound
from app.cases.models import Case, CaseLimit, CaseStep, CaseSubject
from app.cases.policies import firms_of, may_read_as_firm
from app.cases.rules import KindRule
from app.cases.terms import CaseKind, CaseState, CaseStepKind
from app.core.crypto import FieldCipher, Place
from app.employers.models import Employer
from app.regions import gazetteer
from app.regions.terms import Level
from app.seekers import sealing
from app.seekers.models import Person
from app.seekers.queries import lies_in_any

OPEN = (CaseState.WAITING, CaseState.IN_HAND)
MOST_LISTED = 200


@dataclass(frozen=True)
class CaseCounts:
    """诉求数: open ones of the area, of those overdue, and those in the colleague's own hands."""

    open: int
    late: int
    mine: int


def visible_cases(actor: Actor) -> Select[Case]:
    """Cases of `actor`'s area that are neither their own nor about them or a firm they act for."""
    statement = select(Case).where(lies_in_any(Case.region_code, reading_prefixes(actor, Resource.CASE)))
    if actor.user_id is None:
        return statement
    about = select(CaseSubject.case_id).where(CaseSubject.user_id == actor.user_id)
    statement = statement.where(
        Case.id.not_in(about), or_(Case.user_id.is_(None), Case.user_id != actor.user_id)
    )
    firms = firms_of(actor)
    if firms:
        statement = statement.where(or_(Case.employer_id.is_(None), Case.employer_id.not_in(firms)))
    return statement


def may_list_anywhere(actor: Actor) -> bool:
    """Whether the colleague sees cases of any place."""
    return bool(reading_prefixes(actor, Resource.CASE, Action.READ))


def list_cases(
    session: Session, actor: Actor, now: datetime, *, only: str = "", limit: int = 50
) -> Sequence[Case]:
    """What is due first stands first. `only`: "" open, "late", "mine", "done" (the last ended first)."""
    statement = visible_cases(actor)
    if only == "done":
        statement = statement.where(Case.state.not_in(OPEN)).order_by(Case.ended_at.desc(), Case.id)
    else:
        statement = statement.where(Case.state.in_(OPEN)).order_by(
            Case.answered_at.is_not(None), Case.due_at, Case.id
        )
    if only == "late":
        statement = statement.where(_is_late(now))
    elif only == "mine":
        statement = statement.where(Case.handler_id == actor.user_id)
    return session.scalars(statement.limit(limit)).all()


def count_cases(session: Session, actor: Actor, now: datetime) -> CaseCounts:
    """One statement."""
    found = visible_cases(actor).where(Case.state.in_(OPEN)).subquery()
    late = and_(found.c.answered_at.is_(None), found.c.due_at < now)
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(sql_case((late, 1), else_=0)), 0),
            func.coalesce(func.sum(sql_case((found.c.handler_id == actor.user_id, 1), else_=0)), 0),
        ).select_from(found)
    ).one()
    return CaseCounts(row[0], row[1], row[2])


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(Case.answered_at.is_(None), Case.due_at < now)


def get_case(session: Session, actor: Actor, case_id: int) -> Case:
    """One case that the colleague may see. Raises CaseNotFound."""
    found = session.scalar(visible_cases(actor).where(Case.id == case_id))
    if found is None:
        raise CaseNotFound
    return found


def get_by_receipt(session: Session, case_id: int, since: datetime) -> Case:
    """The case of a receipt whose signature was good. Raises CaseNotFound for one from before `since`."""
    found = session.scalar(select(Case).where(Case.id == case_id, Case.created_at >= since))
    if found is None:
        raise CaseNotFound
    return found


def find_by_number(session: Session, number: str, since: datetime) -> Case | None:
    """A case by its number, for whoever then shows the phone's last digits."""
    return session.scalar(select(Case).where(Case.number == number, Case.created_at >= since))


def find_by_form(session: Session, form_key: str) -> Case | None:
    """What this filling-in of the form made before."""
    return session.scalar(select(Case).where(Case.form_key == form_key))


def find_said_again(session: Session, story_indexes: Sequence[str]) -> Case | None:
    """The same words from the same phone, still open."""
    return session.scalar(
        select(Case).where(Case.story_index.in_(story_indexes), Case.state.in_(OPEN)).limit(1)
    )


def list_steps(session: Session, case_id: int) -> Sequence[CaseStep]:
    """What happened to a case, in order."""
    return session.scalars(select(CaseStep).where(CaseStep.case_id == case_id).order_by(CaseStep.id)).all()


def list_subjects(session: Session, case_id: int) -> frozenset[int]:
    """Users whom a case is about."""
    return frozenset(session.scalars(select(CaseSubject.user_id).where(CaseSubject.case_id == case_id)))


def list_firm_cases(session: Session, actor: Actor, employer_id: int) -> Sequence[Case]:
    """What the firm was asked about, what waits for its answer first; none for who is not of the firm."""
    rows = session.scalars(
        select(Case)
        .where(Case.employer_id == employer_id, Case.firm_asked_at.is_not(None))
        .order_by(Case.firm_answered_at.is_not(None), Case.firm_asked_at.desc())
        .limit(MOST_LISTED)
    ).all()
    return [row for row in rows if may_read_as_firm(actor, row)]


def count_waiting_for_firm(session: Session, actor: Actor, employer_id: int) -> int:
    """How many questions of the office the firm has not answered."""
    return sum(
        case.firm_answered_at is None and case.state in OPEN
        for case in list_firm_cases(session, actor, employer_id)
    )


def find_firm(session: Session, case: Case) -> Employer | None:
    """The firm of the register that a case is about."""
    return session.get(Employer, case.employer_id) if case.employer_id is not None else None


def list_likely_firms(session: Session, case: Case, limit: int = 8) -> Sequence[Employer]:
    """Firms of the register whose name holds what the person wrote, of the same county first."""
    words = "".join(case.firm_name.split())
    if len(words) < 2:
        return []
    here = Employer.office_code.startswith(case.region_code[:6])
    statement = select(Employer).where(Employer.name.contains(words, autoescape=True))
    return session.scalars(statement.order_by(not_(here), Employer.id).limit(limit)).all()


def rule_of(session: Session, kind: CaseKind, county_code: str) -> KindRule:
    """The county's own days for a kind, else those that ship with the product."""
    rule = rules.built_in_rules()[kind]
    own = session.scalar(
        select(CaseLimit).where(CaseLimit.region_code == county_code, CaseLimit.kind == kind)
    )
    return rule if own is None else KindRule(kind, rule.office, own.days, rule.closed_by, own.source)


def list_rules(session: Session, county_code: str) -> list[KindRule]:
    """The rules of all kinds in a county; one statement."""
    own = {
        row.kind: row
        for row in session.scalars(select(CaseLimit).where(CaseLimit.region_code == county_code))
    }
    return [
        KindRule(kind, rule.office, own[kind].days, rule.closed_by, own[kind].source) if kind in own else rule
        for kind, rule in rules.built_in_rules().items()
    ]


def county_of(code: str) -> str | None:
    """The county of a place; None for a place wider than a county."""
    county = gazetteer.ancestor_at(code, Level.COUNTY)
    return county.code if county is not None else None


def open_text(case: Case, column: str, cipher: FieldCipher) -> str:
    """A sealed column (name, phone or story) in clear; empty where nothing is kept. Raises Unsealable."""
    sealed = getattr(case, column)
    return "" if sealed is None else cipher.open(sealed, Place("cases", column, case.id))


def open_note(step: CaseStep, cipher: FieldCipher) -> str:
    """What was written with a step. Raises Unsealable."""
    return "" if step.note is None else cipher.open(step.note, Place("case_steps", "note", step.id))


def find_firm_question(session: Session, case_id: int) -> tuple[CaseStep | None, CaseStep | None]:
    """The last question to the firm, and its last answer."""
    steps = list_steps(session, case_id)
    asked = [step for step in steps if step.kind is CaseStepKind.FIRM_ASKED]
    answered = [step for step in steps if step.kind is CaseStepKind.FIRM_ANSWERED]
    return (asked[-1] if asked else None, answered[-1] if answered else None)


_FORGOTTEN = {"name": None, "phone": None, "phone_index": None, "story": None, "story_index": None}


def forget_people(session: Session, before: datetime) -> int:
    """Empties name, phone and words of cases that ended before a moment; returns how many."""
    old = select(Case.id).where(Case.ended_at < before, Case.story.is_not(None))
    session.execute(
        update(CaseStep)
        .where(CaseStep.case_id.in_(old))
        .values(note=None)
        .execution_options(synchronize_session=False)
    )
    done = session.execute(
        update(Case)
        .where(Case.ended_at < before, Case.story.is_not(None))
        .values(_FORGOTTEN)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))


def forget_person(session: Session, person: Person, phone: str | None, cipher: FieldCipher) -> None:
    """Takes name, phone and words out of what somebody said from this phone; what is open is not pursued."""
    if phone is None:
        return
    theirs = Case.phone_index.in_(sealing.phone_indexes(phone, cipher))
    ids = select(Case.id).where(theirs)
    session.execute(
        update(CaseStep)
        .where(CaseStep.case_id.in_(ids))
        .values(note=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Case)
        .where(theirs, Case.state.in_(OPEN))
        .values(state=CaseState.WITHDRAWN, ended_at=func.coalesce(Case.ended_at, Case.created_at))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Case).where(theirs).values(_FORGOTTEN).execution_options(synchronize_session=False)
    )
