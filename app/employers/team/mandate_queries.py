"""委托查询: the only place with conditions on mandates."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import Mandate, User
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.core.clock import office_day
from app.employers import queries as employer_queries
from app.employers.models import Employer

_SHOWN_AFTER = timedelta(days=30)
_MOST = 100


@dataclass(frozen=True)
class Agent:
    """代招的人: an agency, or a labour broker by themself."""

    employer: Employer | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class MandateLine:
    """一份委托: with the names of both sides."""

    mandate: Mandate
    client: Employer
    agent: str

    @property
    def until(self) -> date:
        return office_day(self.mandate.valid_until - timedelta(seconds=1))


def has_running(session: Session, agent: Agent, client_id: int, now: datetime) -> bool:
    """Whether the agent has, or has asked for, a mandate of a firm that has not run out."""
    statement = select(Mandate.id).where(
        _is_of_agent(agent),
        Mandate.client_id == client_id,
        Mandate.ended_at.is_(None),
        Mandate.valid_until > now,
    )
    return session.scalar(statement.limit(1)) is not None


def list_clients(session: Session, actor: Actor) -> list[Employer]:
    """The firms this account acts for by mandate, by name."""
    ids = {grant.employer_id for grant in actor.grants if grant.mandate_id is not None}
    found = employer_queries.list_employers_by_id(session, {each for each in ids if each is not None})
    return sorted(found.values(), key=lambda firm: (firm.name, firm.id))


def list_of_agent(session: Session, agent: Agent, now: datetime) -> list[MandateLine]:
    """What an agent has asked for or holds: those that count, and those refused or ended in the last days."""
    recent = or_(Mandate.ended_at.is_(None), Mandate.ended_at > now - _SHOWN_AFTER)
    return _lines(session, select(Mandate).where(_is_of_agent(agent), recent).order_by(Mandate.id.desc()))


def list_of_client(session: Session, employer_id: int, now: datetime) -> list[MandateLine]:
    """Who asks to act, or acts, for a firm."""
    statement = select(Mandate).where(
        Mandate.client_id == employer_id, Mandate.ended_at.is_(None), Mandate.valid_until > now
    )
    return _lines(session, statement.order_by(Mandate.id))


def list_waiting(session: Session, actor: Actor, now: datetime) -> list[MandateLine]:
    """Mandates asked for, of firms whose papers the actor's county decides about."""
    prefixes = reading_prefixes(actor, Resource.EMPLOYER_PAPERS, Action.DECIDE)
    if not prefixes:
        return []
    statement = (
        select(Mandate)
        .join(Employer, Employer.id == Mandate.client_id)
        .where(
            Mandate.granted_at.is_(None),
            Mandate.ended_at.is_(None),
            Mandate.valid_until > now,
            or_(*(Employer.office_code.between(p, p.ljust(12, "9")) for p in prefixes)),
        )
        .order_by(Mandate.id)
        .limit(_MOST)
    )
    return _lines(session, statement)


def is_running(mandate: Mandate, now: datetime) -> bool:
    """Whether it counts now."""
    granted = mandate.granted_at is not None and mandate.granted_at <= now
    return granted and mandate.ended_at is None and mandate.valid_until > now


def _is_of_agent(agent: Agent) -> ColumnElement[bool]:
    if agent.employer is not None:
        return Mandate.agent_employer_id == agent.employer.id
    return Mandate.agent_user_id == agent.user_id


def _lines(session: Session, statement: Select[Mandate]) -> list[MandateLine]:
    mandates = list(session.scalars(statement))
    ids = {each.client_id for each in mandates} | {each.agent_employer_id or 0 for each in mandates}
    firms = employer_queries.list_employers_by_id(session, ids)
    users = {each.agent_user_id for each in mandates if each.agent_user_id is not None}
    found = session.execute(select(User.id, User.display_name).where(User.id.in_(users)))
    names = {row[0]: row[1] for row in found}
    return [
        MandateLine(
            each,
            firms[each.client_id],
            firms[each.agent_employer_id].name
            if each.agent_employer_id is not None
            else f"劳务经纪人{names.get(each.agent_user_id or 0, '')}",
        )
        for each in mandates
    ]
