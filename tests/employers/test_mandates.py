"""An agency or a broker acts for a firm: by a paper, until a day, written into what was done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.models import Mandate, User
from app.accounts.queries import actor_of
from app.accounts.service import grant_role
from app.accounts.terms import Role, UserKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import AppError, Conflict, Forbidden, Invalid
from app.core.settings import Settings
from app.employers import service as employer_service
from app.employers.models import Employer
from app.employers.papers.terms import PaperKind
from app.employers.team import mandate_queries, mandates
from app.employers.team.mandate_queries import Agent
from app.employers.terms import EmployerAction, EmployerKind
from app.jobs import service as job_service
from app.jobs.models import JobEvent, JobPosting
from app.jobs.schemas import JobIn
from app.jobs.terms import JobAction
from tests.employers import factories as given
from tests.employers import papers_given as papers


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def client_firm(session: Session, clock: FixedClock) -> Employer:
    return given.verified_employer(session, clock, "小丘针织社区工厂")


@pytest.fixture
def client_owner(session: Session, clock: FixedClock, cipher: FieldCipher, client_firm: Employer) -> Actor:
    return papers.owner(session, clock, cipher, client_firm)


@pytest.fixture
def agency(session: Session, clock: FixedClock) -> Employer:
    return given.verified_employer(session, clock, "耀州顺达劳务", kind=EmployerKind.AGENCY.value)


@pytest.fixture
def agent(session: Session, clock: FixedClock, cipher: FieldCipher, agency: Employer) -> Actor:
    return papers.owner(session, clock, cipher, agency, "13900008811")


Ask = Callable[..., Mandate]


@pytest.fixture
def ask(session: Session, clock: FixedClock, cipher: FieldCipher, agency: Employer) -> Ask:
    def asked(actor: Actor, client: str = "小丘针织社区工厂", days: int = 90, **who: object) -> Mandate:
        return mandates.ask_mandate(
            session,
            actor,
            Agent(**who) if who else Agent(employer=agency),  # type: ignore[arg-type]
            client=client,
            until_on=clock.today() + timedelta(days=days),
            picture=papers.picture(),
            cipher=cipher,
            clock=clock,
        )

    return asked


def posting(session: Session, actor: Actor, firm: Employer, clock: FixedClock) -> JobPosting:
    data = JobIn.model_validate({"employer_id": firm.id, "title": "缝纫工", "region_code": given.TOWN})
    return job_service.create_job(session, actor, data, clock)


def test_an_agency_posts_for_who_agreed_and_only_until_the_day(
    session: Session,
    clock: FixedClock,
    cipher: FieldCipher,
    client_firm: Employer,
    client_owner: Actor,
    agent: Actor,
    ask: Ask,
) -> None:
    other = given.verified_employer(session, clock, "别家制衣")
    with pytest.raises(Forbidden):
        posting(session, agent, client_firm, clock)
    mandate = ask(agent)
    with pytest.raises(Forbidden):  # asked for is not granted
        posting(session, papers.again(session, clock, agent), client_firm, clock)
    mandates.grant_mandate(session, client_owner, mandate.id, cipher=cipher, clock=clock)
    acting = papers.again(session, clock, agent)
    assert not acting.is_staff
    job = posting(session, acting, client_firm, clock)
    job_service.act_on_job(session, acting, job.id, JobAction.SUBMIT, clock)
    events = session.scalars(select(JobEvent).where(JobEvent.job_id == job.id)).all()
    assert {(event.actor_id, event.mandate_id) for event in events} == {(agent.user_id, mandate.id)}
    with pytest.raises(Forbidden):
        posting(session, acting, other, clock)
    own = posting(session, client_owner, client_firm, clock)
    first = session.scalars(select(JobEvent).where(JobEvent.job_id == own.id)).one()
    assert first.mandate_id is None
    clock.move(timedelta(days=91))
    with pytest.raises(Forbidden):
        posting(session, papers.again(session, clock, agent), client_firm, clock)


@pytest.mark.parametrize("by", ["owner", "agent", "county"])
def test_taken_back_it_ends_with_the_next_request(
    session: Session,
    clock: FixedClock,
    cipher: FieldCipher,
    client_firm: Employer,
    client_owner: Actor,
    agent: Actor,
    ask: Ask,
    by: str,
) -> None:
    mandate = ask(agent)
    mandates.grant_mandate(session, client_owner, mandate.id, cipher=cipher, clock=clock)
    acting = papers.again(session, clock, agent)
    who = {"owner": client_owner, "agent": acting, "county": given.county_officer(user_id=901)}[by]
    mandates.end_mandate(session, who, mandate.id, reason="不再代招了", cipher=cipher, clock=clock)
    assert papers.again(session, clock, agent).mandate_for(client_firm.id) is None


def test_the_county_grants_with_what_it_saw(
    session: Session, clock: FixedClock, cipher: FieldCipher, client_firm: Employer, agent: Actor, ask: Ask
) -> None:
    mandate = ask(agent)
    county = given.county_officer(user_id=901)
    assert [line.agent for line in mandate_queries.list_waiting(session, county, clock.now())] == [
        "耀州顺达劳务"
    ]
    with pytest.raises(Invalid):
        mandates.grant_mandate(session, county, mandate.id, proof="好", cipher=cipher, clock=clock)
    for actor in (given.township_officer(user_id=902), agent):
        with pytest.raises(Forbidden):
            mandates.grant_mandate(session, actor, mandate.id, proof="看了原件", cipher=cipher, clock=clock)
    far = (
        given.county_officer(given.OTHER_COUNTY, 903),
        given.somebody(),
        given.village_officer(user_id=905),
    )
    for actor in far:
        with pytest.raises(mandates.MandateNotFound):
            mandates.grant_mandate(session, actor, mandate.id, proof="看了原件", cipher=cipher, clock=clock)
    mandates.grant_mandate(session, county, mandate.id, proof="看了原件的", cipher=cipher, clock=clock)
    with pytest.raises(Conflict):
        mandates.grant_mandate(session, county, mandate.id, proof="看了原件的", cipher=cipher, clock=clock)
    assert papers.again(session, clock, agent).mandate_for(client_firm.id) == mandate.id


def test_a_broker_acts_by_a_mandate_of_their_own(
    session: Session,
    clock: FixedClock,
    cipher: FieldCipher,
    client_firm: Employer,
    client_owner: Actor,
    ask: Ask,
) -> None:
    user = User(kind=UserKind.STAFF, username="laochen", display_name="老陈", created_at=clock.now())
    session.add(user)
    session.flush()
    row = grant_role(session, clock, SYSTEM, user.id, Grant(Role.BROKER, given.COUNTY))
    broker = actor_of(session, user, clock.now())
    mandate = ask(broker, user_id=user.id)
    mandates.grant_mandate(session, client_owner, mandate.id, cipher=cipher, clock=clock)
    acting = actor_of(session, user, clock.now())
    assert acting.is_staff
    job = posting(session, acting, client_firm, clock)
    assert session.scalars(select(JobEvent.mandate_id).where(JobEvent.job_id == job.id)).one() == mandate.id
    row.ended_at = clock.now()  # no broker any more: the mandate is of no use
    session.flush()
    assert actor_of(session, user, clock.now()).mandate_for(client_firm.id) is None


def test_who_cannot_ask(
    session: Session,
    clock: FixedClock,
    client_firm: Employer,
    client_owner: Actor,
    agency: Employer,
    agent: Actor,
    ask: Ask,
) -> None:
    with pytest.raises(Forbidden):
        ask(client_owner, employer=client_firm, client="耀州顺达劳务")
    with pytest.raises(Forbidden):
        ask(client_owner)
    with pytest.raises(Forbidden):
        ask(agent, user_id=agent.user_id)
    for wrong in ({"days": -1}, {"days": 400}, {"client": "没有这家"}, {"client": "耀州顺达劳务"}):
        with pytest.raises(Invalid):
            ask(agent, **wrong)
    ask(agent)
    with pytest.raises(Conflict):
        ask(agent)


def test_a_barred_or_lapsed_agency_stops(
    session: Session,
    clock: FixedClock,
    cipher: FieldCipher,
    client_firm: Employer,
    client_owner: Actor,
    agency: Employer,
    agent: Actor,
    ask: Ask,
) -> None:
    mandate = ask(agent)
    mandates.grant_mandate(session, client_owner, mandate.id, cipher=cipher, clock=clock)
    ends = clock.today() + timedelta(days=5)
    permit = papers.sent_paper(session, agent, agency, clock, cipher, PaperKind.DISPATCH, expires_on=ends)
    permit.state = permit.state.ACCEPTED
    session.flush()
    clock.move(timedelta(days=6))
    acting = papers.again(session, clock, agent)
    with pytest.raises(AppError):
        posting(session, acting, client_firm, clock)
    county = given.county_officer(user_id=901)
    employer_service.act_on_employer(session, county, agency.id, EmployerAction.BAR, clock, reason="收押金")
    assert papers.again(session, clock, agent).mandate_for(client_firm.id) is None
