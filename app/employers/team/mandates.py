"""委托: a firm lets an agency or a labour broker post for it, until a day, by a paper.

Asked for by the agent with the photographed paper; granted by an owner of the firm, or by the county office
that saw the paper. Ends at once when taken back: it is read with every request, as roles are.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.models import Mandate
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import MIN_REASON, Target, may
from app.accounts.terms import Role
from app.core import ratelimit
from app.core.clock import OFFICE_ZONE, Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, TooMany
from app.core.ratelimit import Limit
from app.employers import queries as employer_queries
from app.employers import rules as employer_rules
from app.employers.models import Employer
from app.employers.papers import service as papers
from app.employers.papers.pictures import Picture
from app.employers.papers.service import PaperIn
from app.employers.papers.terms import PaperKind
from app.employers.team import mandate_queries
from app.employers.team.mandate_queries import Agent
from app.employers.team.policies import may_manage_members
from app.employers.terms import EmployerKind, EmployerState

LONGEST: Final = timedelta(days=366)
"""Looked at anew at least once a year (ours)."""
_ASKED: Final = (Limit(10, timedelta(days=1)),)


class MandateNotFound(NotFound):
    code, title = "mandate_not_found", "没找到这份委托，可能已经收回了。"


def ask_mandate(
    session: Session,
    actor: Actor,
    agent: Agent,
    *,
    client: str,
    until_on: date | None,
    picture: Picture,
    cipher: FieldCipher,
    clock: Clock,
) -> Mandate:
    """Asks to act for a firm, named by its credit code or whole name, with the paper it gave.

    Raises Forbidden (neither an agency nor a broker), Invalid (no such firm, a wrong day), Conflict (asked
    for already), TooMany.
    """
    _check_agent(actor, agent)
    until = _read_until(until_on, clock)
    firm = _find_client(session, client)
    if agent.employer is not None and firm.id == agent.employer.id:
        raise Invalid(fields=[FieldProblem("client", "写请你代招的那家单位")])
    if mandate_queries.has_running(session, agent, firm.id, clock.now()):
        raise Conflict("这家的委托已经有了，或者已经在等它点头。")
    holder = f"firm:{agent.employer.id}" if agent.employer is not None else f"user:{agent.user_id}"
    wait_s = ratelimit.hit(session, f"mandate:{holder}", _ASKED, clock.now())
    if wait_s:
        raise TooMany("今天提得太多了，明天再提。", retry_after_s=wait_s)
    paper = papers.keep_paper(
        session,
        actor,
        firm.id,
        PaperIn(PaperKind.MANDATE, expires_on=until_on),
        picture,
        cipher=cipher,
        clock=clock,
    )
    mandate = Mandate(
        client_id=firm.id,
        agent_employer_id=agent.employer.id if agent.employer is not None else None,
        agent_user_id=agent.user_id,
        paper_id=paper.id,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
        valid_until=until,
    )
    session.add(mandate)
    session.flush()
    _audit(session, cipher, clock, actor, Action.CREATE, firm, mandate)
    return mandate


def grant_mandate(
    session: Session, actor: Actor, mandate_id: int, *, proof: str = "", cipher: FieldCipher, clock: Clock
) -> Mandate:
    """An owner of the firm agrees, or the county office that saw the paper and says so in `proof`.

    Raises MandateNotFound, Forbidden, Invalid (no proof written), Conflict (answered already, run out, the
    agency not verified).
    """
    mandate, firm = _get(session, actor, mandate_id, clock)
    by_office = firm.id not in actor.employer_ids
    if by_office and not _may_decide(actor, firm, mandate):
        raise Forbidden("这份委托要由单位的负责人，或者管它的县人社局来定。")
    if not by_office and not may_manage_members(session, actor, firm, clock):
        raise Forbidden("这件事要单位的负责人来办。")
    if by_office and len(proof.strip()) < MIN_REASON:
        raise Invalid(
            "请写清楚看了什么。", fields=[FieldProblem("proof", "写清楚看了什么，比如：看了委托书原件")]
        )
    agency = _agency_of(session, mandate)
    if agency is not None and not agency.is_verified:
        raise Conflict("这家代招的机构人社局还没核验，等核验过了再点同意。")
    _decide(
        session,
        mandate,
        clock,
        granted_at=clock.now(),
        granted_by_id=actor.user_id,
        proof=proof.strip()[:200],
    )
    if mandate.paper_id is not None:
        papers.settle_mandate_paper(session, actor, mandate.paper_id, accepted=True, reason="", clock=clock)
    _audit(session, cipher, clock, actor, Action.DECIDE, firm, mandate)
    return mandate


def end_mandate(
    session: Session, actor: Actor, mandate_id: int, *, reason: str = "", cipher: FieldCipher, clock: Clock
) -> None:
    """Refuses one that was asked for, or takes one back; either side may, and the county with a reason. In
    force at the next request.

    Raises MandateNotFound, Forbidden, Invalid (the office gives a reason), Conflict (it has ended).
    """
    mandate, firm = _get(session, actor, mandate_id, clock)
    is_agent = _is_agent(actor, mandate)
    is_owner = firm.id in actor.employer_ids and may_manage_members(session, actor, firm, clock)
    if not (is_agent or is_owner):
        if not _may_decide(actor, firm, mandate):
            raise Forbidden("这份委托要由单位的负责人，或者管它的县人社局来定。")
        if len(reason.strip()) < MIN_REASON:
            raise Invalid("请写清楚原因。", fields=[FieldProblem("proof", "写清楚为什么，两边都看得到")])
    was_granted = mandate.granted_at is not None
    _decide(
        session,
        mandate,
        clock,
        only_asked=False,
        ended_at=clock.now(),
        ended_by_id=actor.user_id,
        end_reason=reason.strip()[:200],
    )
    if mandate.paper_id is not None and not was_granted:
        words = reason.strip()[:200] or "没有同意"
        papers.settle_mandate_paper(
            session, actor, mandate.paper_id, accepted=False, reason=words, clock=clock
        )
    _audit(session, cipher, clock, actor, Action.DECIDE, firm, mandate)


def check_agency(session: Session, actor: Actor, employer_id: int, clock: Clock) -> None:
    """Who posts by mandate must come from an agency that may itself post. Raises Forbidden, PaperExpired."""
    mandate_id = actor.mandate_for(employer_id)
    mandate = session.get(Mandate, mandate_id) if mandate_id is not None else None
    agency = _agency_of(session, mandate) if mandate is not None else None
    if agency is None:
        return
    if not agency.is_verified:
        raise Forbidden("代招的机构还没通过核验，先不能替别家发岗位。")
    papers.check_in_date(session, agency, clock.today())


def _check_agent(actor: Actor, agent: Agent) -> None:
    if agent.employer is not None:
        if agent.employer.id not in actor.employer_ids or agent.employer.kind is not EmployerKind.AGENCY:
            raise Forbidden("只有劳务机构能替别家招人。")
        if agent.employer.state is EmployerState.BARRED:
            raise Forbidden("这家机构现在不能在这里招人。")
    elif agent.user_id is None or agent.user_id != actor.user_id or not actor.has_role(Role.BROKER):
        raise Forbidden("只有劳务机构和劳务经纪人能替别家招人。")


def _read_until(until_on: date | None, clock: Clock) -> datetime:
    today = clock.today()
    if until_on is None or not today <= until_on <= today + LONGEST:
        words = "写上到哪天为止，最长一年"
        raise Invalid("有几处还要改一下。", fields=[FieldProblem("until_on", words)])
    return datetime.combine(until_on + timedelta(days=1), time.min, OFFICE_ZONE)


def _find_client(session: Session, typed: str) -> Employer:
    """By credit code, else by its whole name where only one firm bears it. Raises Invalid."""
    code = employer_rules.clean_credit_code(typed)
    firm = employer_queries.find_employer_by_credit_code(session, code) if code else None
    if firm is None:
        named = employer_queries.list_employers_by_name(session, [employer_rules.name_key(typed)])
        shown = [each for each in named if each.is_verified]
        firm = shown[0] if len(shown) == 1 else None
    if firm is None or not firm.is_verified:
        words = "没找到这家单位。写它的统一社会信用代码，或者登记时的全名；它要先在这里登记、核验"
        raise Invalid("没找到这家单位。", fields=[FieldProblem("client", words)])
    return firm


def _is_agent(actor: Actor, mandate: Mandate) -> bool:
    if mandate.agent_employer_id is not None:
        return mandate.agent_employer_id in actor.employer_ids
    return actor.user_id is not None and mandate.agent_user_id == actor.user_id


def _may_decide(actor: Actor, firm: Employer, mandate: Mandate) -> bool:
    target = Target(
        region_code=firm.office_code,
        employer_ids=frozenset({firm.id, mandate.agent_employer_id or firm.id}),
        submitted_by_ids=frozenset({mandate.asked_by_id} if mandate.asked_by_id is not None else ()),
    )
    return may(actor, Action.DECIDE, Resource.EMPLOYER_PAPERS, target) is not None


def _get(session: Session, actor: Actor, mandate_id: int, clock: Clock) -> tuple[Mandate, Employer]:
    mandate = session.get(Mandate, mandate_id, with_for_update=True)
    if mandate is None or mandate.ended_at is not None or mandate.valid_until <= clock.now():
        raise MandateNotFound
    firm = employer_queries.list_employers_by_id(session, [mandate.client_id])[mandate.client_id]
    sees = may(
        actor,
        Action.READ,
        Resource.EMPLOYER_PAPERS,
        Target(region_code=firm.office_code, employer_ids=frozenset({firm.id})),
    )
    if not _is_agent(actor, mandate) and (sees is None or sees.is_masked):
        raise MandateNotFound
    return mandate, firm


def _agency_of(session: Session, mandate: Mandate) -> Employer | None:
    if mandate.agent_employer_id is None:
        return None
    ids = [mandate.agent_employer_id]
    return employer_queries.list_employers_by_id(session, ids)[mandate.agent_employer_id]


def _decide(
    session: Session, mandate: Mandate, clock: Clock, *, only_asked: bool = True, **values: object
) -> None:
    """One decision: of two at once, one counts."""
    statement = update(Mandate).where(Mandate.id == mandate.id, Mandate.ended_at.is_(None))
    if only_asked:
        statement = statement.where(Mandate.granted_at.is_(None))
    done = session.scalar(
        statement.values(**values).returning(Mandate.id).execution_options(synchronize_session=False)
    )
    if done is None:
        raise Conflict
    session.refresh(mandate)


def end_all_of(session: Session, employer_id: int, reason: str, clock: Clock) -> None:
    """A barred firm neither acts for others nor is acted for."""
    session.execute(
        update(Mandate)
        .where(
            or_(Mandate.agent_employer_id == employer_id, Mandate.client_id == employer_id),
            Mandate.ended_at.is_(None),
        )
        .values(ended_at=clock.now(), end_reason=reason)
        .execution_options(synchronize_session=False)
    )


def _audit(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    actor: Actor,
    action: Action,
    firm: Employer,
    mandate: Mandate,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        action,
        Resource.EMPLOYER_PAPERS,
        subject_id=firm.id,
        region_code=firm.office_code,
        detail={"mandate": mandate.id, "ended": mandate.ended_at is not None},
    )
