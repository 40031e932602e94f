"""余缺调剂查询: the only place with conditions on notices, agreements and stays."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.employers.models import Employer
from app.jobs.queries import lies_in
from app.labour_sharing.errors import AgreementNotFound, NoticeNotFound, StayNotFound
from app.labour_sharing.models import SharedStay, SharedStayEvent, SharingAgreement, SharingNotice
from app.labour_sharing.rules import TAKES_A_PLACE, WAITING, closeness, fits
from app.labour_sharing.terms import AgreementState, SharingSide, StayState
from app.referrals.spells import queries as spell_queries
from app.referrals.spells.models import EmploymentAnswer, EmploymentSpell
from app.seekers.models import Household, Person
from app.seekers.queries import is_kept, lies_in_any

_MOST_COMPARED = 500


def _is_of(actor: Actor, *firms: Any) -> ColumnElement[bool]:
    """Condition: one of these employers (entities) is the actor's own, or kept in their area."""
    ways = [
        lies_in(firm.office_code, prefix)
        for firm in firms
        for prefix in reading_prefixes(actor, Resource.LABOUR_SHARING)
    ]
    own = sorted(actor.employer_ids)
    if own:
        ways += [firm.id.in_(own) for firm in firms]
    return or_(*ways) if ways else false()


def visible_notices(actor: Actor) -> Select[SharingNotice]:
    """Notices `actor` may see, each with its employer."""
    return (
        select(SharingNotice)
        .join(Employer, Employer.id == SharingNotice.employer_id)
        .options(contains_eager(SharingNotice.employer))
        .where(_is_of(actor, Employer))
    )


def get_notice(session: Session, actor: Actor, notice_id: int) -> SharingNotice:
    """One notice, freshly read. Raises NoticeNotFound."""
    statement = visible_notices(actor).where(SharingNotice.id == notice_id)
    notice = session.scalar(statement.execution_options(populate_existing=True))
    if notice is None:
        raise NoticeNotFound
    return notice


def list_notices(
    session: Session,
    actor: Actor,
    today: date,
    *,
    employer_id: int | None = None,
    side: SharingSide | None = None,
    limit: int = 100,
) -> list[SharingNotice]:
    """What stands and has not passed, those that begin first on top."""
    statement = visible_notices(actor).where(
        SharingNotice.closed_at.is_(None), SharingNotice.until_on >= today
    )
    if employer_id is not None:
        statement = statement.where(SharingNotice.employer_id == employer_id)
    if side is not None:
        statement = statement.where(SharingNotice.side == side)
    return list(session.scalars(statement.order_by(SharingNotice.from_on, SharingNotice.id).limit(limit)))


def list_fitting(
    session: Session, actor: Actor, notice: SharingNotice, today: date, *, limit: int
) -> list[SharingNotice]:
    """Notices of the other side that fit one (rules.fits), the best first."""
    other = SharingSide.NEED if notice.side is SharingSide.OFFER else SharingSide.OFFER
    found = list_notices(session, actor, today, side=other, limit=_MOST_COMPARED)
    fitting = [each for each in found if fits(notice, each)]
    return sorted(fitting, key=lambda each: (*closeness(notice, each), each.id))[:limit]


def visible_agreements(actor: Actor) -> Select[SharingAgreement]:
    """Agreements `actor` may see, with both firms: of their own firm or area; and whoever looks after people
    at work at the home firm."""
    home, host = aliased(Employer), aliased(Employer)
    return (
        select(SharingAgreement)
        .join(home, home.id == SharingAgreement.home_employer_id)
        .join(host, host.id == SharingAgreement.host_employer_id)
        .options(selectinload(SharingAgreement.home), selectinload(SharingAgreement.host))
        .where(or_(_is_of(actor, home, host), _lends_people_of(actor)))
    )


def _lends_people_of(actor: Actor) -> ColumnElement[bool]:
    cared_for = lies_in_any(Person.region_code, reading_prefixes(actor, Resource.REFERRAL))
    at_work = (
        select(EmploymentSpell.id)
        .join(Person, Person.id == EmploymentSpell.person_id)
        .where(
            EmploymentSpell.employer_id == SharingAgreement.home_employer_id,
            EmploymentSpell.ends_on.is_(None),
            cared_for,
            is_kept(Person),
        )
    )
    return at_work.correlate(SharingAgreement).exists()


def get_agreement(
    session: Session, actor: Actor, agreement_id: int, *, to_change: bool = False
) -> SharingAgreement:
    """One agreement, freshly read; `to_change` locks it, so that steps come one after the other. Raises
    AgreementNotFound."""
    statement = visible_agreements(actor).where(SharingAgreement.id == agreement_id)
    if to_change:
        statement = statement.with_for_update(of=SharingAgreement)
    agreement = session.scalar(statement.execution_options(populate_existing=True))
    if agreement is None:
        raise AgreementNotFound
    return agreement


def list_agreements(
    session: Session,
    actor: Actor,
    *,
    states: Sequence[AgreementState] = (),
    employer_id: int | None = None,
    limit: int = 100,
) -> list[SharingAgreement]:
    """Agreements in some states (empty: all), the latest first."""
    statement = visible_agreements(actor)
    if states:
        statement = statement.where(SharingAgreement.state.in_(states))
    if employer_id is not None:
        firms = (SharingAgreement.home_employer_id, SharingAgreement.host_employer_id)
        statement = statement.where(or_(*(firm == employer_id for firm in firms)))
    order = (SharingAgreement.starts_on.desc(), SharingAgreement.id.desc())
    return list(session.scalars(statement.order_by(*order).limit(limit)))


def _stays() -> Select[SharedStay]:
    return (
        select(SharedStay)
        .join(SharingAgreement, SharingAgreement.id == SharedStay.agreement_id)
        .join(EmploymentSpell, EmploymentSpell.id == SharedStay.home_spell_id)
        .join(Person, Person.id == EmploymentSpell.person_id)
        .join(Household, Household.id == Person.household_id)
        .options(
            contains_eager(SharedStay.agreement).options(
                selectinload(SharingAgreement.home), selectinload(SharingAgreement.host)
            ),
            contains_eager(SharedStay.home_spell)
            .contains_eager(EmploymentSpell.person)
            .contains_eager(Person.household),
        )
    )


def visible_stays(actor: Actor) -> Select[SharedStay]:
    """Stays of people whose work `actor` may see, with agreement, spell and person."""
    return _stays().where(spell_queries.may_see_person(actor), is_kept(Person))


def get_stay(session: Session, actor: Actor, stay_id: int) -> SharedStay:
    """One stay, freshly read. Raises StayNotFound."""
    statement = visible_stays(actor).where(SharedStay.id == stay_id)
    stay = session.scalar(statement.execution_options(populate_existing=True))
    if stay is None:
        raise StayNotFound
    return stay


def list_stays(session: Session, actor: Actor, agreement_id: int) -> list[SharedStay]:
    """The workers of an agreement whom `actor` may see, in the order they were named."""
    statement = visible_stays(actor).where(SharedStay.agreement_id == agreement_id)
    return list(session.scalars(statement.order_by(SharedStay.id)))


def list_waiting(session: Session, agreement_id: int) -> list[SharedStay]:
    """Who was named for an agreement and has not gone, whoever's people they are."""
    statement = _stays().where(SharedStay.agreement_id == agreement_id, SharedStay.state.in_(WAITING))
    return list(session.scalars(statement.order_by(SharedStay.id)))


def list_out(session: Session, actor: Actor, *, limit: int = 200) -> list[SharedStay]:
    """Who is lent at present, those due back first on top."""
    statement = visible_stays(actor).where(SharedStay.state == StayState.THERE)
    return list(session.scalars(statement.order_by(SharedStay.due_back_on, SharedStay.id).limit(limit)))


def list_to_check(session: Session, actor: Actor, today: date, *, limit: int = 200) -> list[SharedStay]:
    """Who came back and is to be asked: nobody has said anything about their work since the return."""
    statement = visible_stays(actor).where(_is_unchecked(today))
    return list(session.scalars(statement.order_by(SharedStay.check_due_on, SharedStay.id).limit(limit)))


def _is_unchecked(today: date) -> ColumnElement[bool]:
    known = select(EmploymentAnswer.id).where(
        EmploymentAnswer.spell_id == SharedStay.home_spell_id,
        EmploymentAnswer.told_on >= SharedStay.back_on,
    )
    return (
        (SharedStay.state == StayState.BACK)
        & SharedStay.check_answer_id.is_(None)
        & (SharedStay.check_due_on <= today)
        & ~known.exists()
    )


def list_late(session: Session, today: date, limit: int) -> list[SharedStay]:
    """Who should have been back before today and is not: for the task that tells the officers."""
    late = (SharedStay.state == StayState.THERE) & (SharedStay.due_back_on < today)
    return list(session.scalars(_stays().where(late, is_kept(Person)).order_by(SharedStay.id).limit(limit)))


def list_unchecked(session: Session, today: date, limit: int) -> list[SharedStay]:
    """As `list_to_check`, everywhere: for the task that tells the officers."""
    statement = _stays().where(_is_unchecked(today), is_kept(Person))
    return list(session.scalars(statement.order_by(SharedStay.id).limit(limit)))


def list_orphans(session: Session, limit: int) -> list[SharedStay]:
    """Stays that go on although the work at the home firm is over."""
    living = (StayState.NAMED, StayState.CONSENTED, StayState.THERE)
    over = SharedStay.state.in_(living) & EmploymentSpell.ends_on.is_not(None)
    return list(session.scalars(_stays().where(over).order_by(SharedStay.id).limit(limit)))


def list_over(session: Session, today: date, limit: int) -> list[SharingAgreement]:
    """Agreements past their last day with nobody at the host any more."""
    there = select(SharedStay.id).where(
        SharedStay.agreement_id == SharingAgreement.id, SharedStay.state == StayState.THERE
    )
    statement = select(SharingAgreement).where(
        SharingAgreement.state == AgreementState.AGREED, SharingAgreement.ends_on < today, ~there.exists()
    )
    return list(session.scalars(statement.order_by(SharingAgreement.id).limit(limit)))


def count_by_state(session: Session, agreement_ids: Collection[int]) -> dict[int, dict[StayState, int]]:
    """How many workers of each agreement stand where: numbers for the firms, without names."""
    statement = (
        select(SharedStay.agreement_id, SharedStay.state, func.count())
        .where(SharedStay.agreement_id.in_(agreement_ids))
        .group_by(SharedStay.agreement_id, SharedStay.state)
    )
    found: dict[int, dict[StayState, int]] = {agreement_id: {} for agreement_id in agreement_ids}
    for agreement_id, state, number in session.execute(statement):
        found[agreement_id][state] = number
    return found


def places_taken(counts: dict[StayState, int]) -> int:
    """How many of an agreement's places are spoken for."""
    return sum(counts.get(state, 0) for state in TAKES_A_PLACE)


def list_lendable(
    session: Session, actor: Actor, agreement: SharingAgreement, *, limit: int = 200
) -> list[EmploymentSpell]:
    """Running spells at the home firm of people in the actor's care who were not named yet and are not lent
    elsewhere."""
    named = select(SharedStay.home_spell_id).where(
        or_(SharedStay.agreement_id == agreement.id, SharedStay.state == StayState.THERE)
    )
    statement = spell_queries.visible_spells(actor).where(
        EmploymentSpell.employer_id == agreement.home_employer_id,
        EmploymentSpell.ends_on.is_(None),
        EmploymentSpell.id.not_in(named),
    )
    return list(session.scalars(statement.order_by(EmploymentSpell.id).limit(limit)))


def list_events(session: Session, stay_ids: Iterable[int]) -> list[SharedStayEvent]:
    """The steps of stays, oldest first. The caller has made sure they may be seen."""
    statement = select(SharedStayEvent).where(SharedStayEvent.stay_id.in_(list(stay_ids)))
    return list(session.scalars(statement.order_by(SharedStayEvent.id)))
