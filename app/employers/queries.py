"""用人单位查询: the only place with conditions on employers. What is shown starts from visible_employers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.accounts.terms import Role
from app.core.pagination import SortKey, paginate
from app.employers.errors import EmployerNotFound
from app.employers.models import BarEntry, Employer, EmployerEvent
from app.employers.terms import EmployerKind, EmployerState


def is_shown() -> ColumnElement[bool]:
    """Only verified employers, and so only their postings, are shown to the public."""
    return Employer.state == EmployerState.VERIFIED


def firms_of(actor: Actor) -> frozenset[int]:
    """Employers `actor` acts for: as a member, or as a broker with a mandate."""
    mandated = {
        grant.employer_id
        for grant in actor.grants
        if grant.role is Role.BROKER and grant.employer_id is not None
    }
    return actor.employer_ids | mandated


def visible_employers(actor: Actor) -> Select[Employer]:
    """Employers `actor` may see: verified ones, and in any state their own and those their office keeps."""
    return select(Employer).where(or_(is_shown(), _is_managed(actor)))


def managed_employers(actor: Actor) -> Select[Employer]:
    """Employers in `actor`'s care, in any state."""
    return select(Employer).where(_is_managed(actor))


def _is_managed(actor: Actor) -> ColumnElement[bool]:
    # Who reads a place's postings in any state also sees whose they are; the papers are another matter.
    prefixes = reading_prefixes(actor, Resource.POSTING)
    if "" in prefixes:
        return true()
    # A range, not LIKE: an index serves it under every collation.
    ways = [Employer.office_code.between(prefix, prefix.ljust(12, "9")) for prefix in prefixes]
    firms = firms_of(actor)
    if firms:
        ways.append(Employer.id.in_(sorted(firms)))
    return or_(*ways) if ways else false()


def get_visible_employer(session: Session, actor: Actor, employer_id: int) -> Employer:
    """One employer. Raises EmployerNotFound, also for one outside `actor`'s area."""
    employer = session.scalar(visible_employers(actor).where(Employer.id == employer_id))
    if employer is None:
        raise EmployerNotFound
    return employer


def get_managed_employer(session: Session, actor: Actor, employer_id: int) -> Employer:
    """One employer in `actor`'s care, freshly read. Raises EmployerNotFound."""
    employer = session.scalar(
        managed_employers(actor).where(Employer.id == employer_id).execution_options(populate_existing=True)
    )
    if employer is None:
        raise EmployerNotFound
    return employer


def list_managed_employers(
    session: Session,
    actor: Actor,
    *,
    states: Sequence[EmployerState] = (),
    kind: EmployerKind | None = None,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[Employer], str | None]:
    """One page of the employers in `actor`'s care, newest first, and the next cursor."""
    statement = managed_employers(actor)
    if states:
        statement = statement.where(Employer.state.in_(states))
    if kind is not None:
        statement = statement.where(Employer.kind == kind)
    return paginate(
        session,
        statement,
        [SortKey(Employer.__table__.c.id, descending=True)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda employer: (employer.id,),
        parse=(int,),
    )


def find_employer_by_credit_code(session: Session, credit_code: str) -> Employer | None:
    """The employer registered under a cleaned credit code."""
    return session.scalar(select(Employer).where(Employer.credit_code == credit_code))


def find_employers_by_key(session: Session, keys: Sequence[str]) -> dict[str, Employer]:
    """Employers by their identity in imports, freshly read."""
    rows = session.scalars(
        select(Employer).where(Employer.content_key.in_(keys)).execution_options(populate_existing=True)
    )
    return {row.content_key: row for row in rows if row.content_key is not None}


def find_bar(
    session: Session,
    *,
    name_key: str,
    county: str,
    phone_indexes: Sequence[str],
    credit_code: str | None,
    user_id: int | None = None,
) -> BarEntry | None:
    """The bar in force that fits a firm: by credit code, one of its phones (their digests), the account that
    speaks for it, or its name within its county (6 digits)."""
    ways = [and_(BarEntry.name_key == name_key, BarEntry.region_code.startswith(county))]
    if credit_code:
        ways.append(BarEntry.credit_code == credit_code)
    if phone_indexes:
        ways.append(BarEntry.phone_index.in_(phone_indexes))
    if user_id is not None:
        ways.append(BarEntry.user_id == user_id)
    return session.scalar(
        select(BarEntry).where(BarEntry.lifted_at.is_(None), or_(*ways)).order_by(BarEntry.id).limit(1)
    )


def list_events(session: Session, employer_id: int) -> list[EmployerEvent]:
    """What happened to a registration, oldest first. The caller has made sure it may be seen."""
    return list(
        session.scalars(
            select(EmployerEvent).where(EmployerEvent.employer_id == employer_id).order_by(EmployerEvent.id)
        )
    )


def find_employers_by_credit_codes(session: Session, codes: Sequence[str]) -> dict[str, Employer]:
    """Employers by their cleaned credit code."""
    rows = session.scalars(select(Employer).where(Employer.credit_code.in_(codes)))
    return {row.credit_code: row for row in rows if row.credit_code is not None}


@dataclass(frozen=True)
class BarsInForce:
    """禁止名单 in memory, for checking many firms at once."""

    credit_codes: frozenset[str]
    phone_indexes: frozenset[str]
    names: frozenset[tuple[str, str]]

    def fits(self, name_key: str, county: str, phone_indexes: Sequence[str], credit_code: str | None) -> bool:
        """As `find_bar`."""
        is_phone = not self.phone_indexes.isdisjoint(phone_indexes)
        return is_phone or credit_code in self.credit_codes or (county, name_key) in self.names


def list_bars_in_force(session: Session) -> BarsInForce:
    """Every bar in force; a county has dozens."""
    rows = list(session.scalars(select(BarEntry).where(BarEntry.lifted_at.is_(None))))
    return BarsInForce(
        frozenset(row.credit_code for row in rows if row.credit_code),
        frozenset(row.phone_index for row in rows if row.phone_index),
        frozenset((row.region_code, row.name_key) for row in rows if row.name_key),
    )


def list_employers_by_id(session: Session, ids: Collection[int]) -> dict[int, Employer]:
    """Employers with these ids, whatever their state: for work on behalf of the system."""
    return {row.id: row for row in session.scalars(select(Employer).where(Employer.id.in_(ids)))}


def list_employers_by_name(session: Session, name_keys: Collection[str]) -> list[Employer]:
    """Employers with one of these compared names (rules.name_key), oldest first, whatever their state: for
    imports, which must not register a known firm twice."""
    return list(
        session.scalars(select(Employer).where(Employer.name_key.in_(name_keys)).order_by(Employer.id))
    )


def list_ids_by_key(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """Ids by identity in imports."""
    rows = session.execute(select(Employer.content_key, Employer.id).where(Employer.content_key.in_(keys)))
    return {key: row_id for key, row_id in rows if key is not None}
