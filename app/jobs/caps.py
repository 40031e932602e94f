"""每月限额: how many postings a month an employer may hand in; a county sets its own figures.

The usual figures are ours: what the largest firm of a county of its kind needs, so that only floods are
stopped. What the office writes or imports itself does not count.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, require
from app.core.clock import OFFICE_ZONE, Clock
from app.core.errors import FieldProblem, Invalid
from app.employers.models import Employer
from app.employers.terms import EmployerKind
from app.jobs.errors import JobNotFound, MonthCapReached
from app.jobs.models import JobEvent, JobPosting, PostingRules
from app.jobs.terms import JobEventKind
from app.regions.gazetteer import ancestor_at
from app.regions.terms import Level

_K = EmployerKind
USUAL: Final[Mapping[EmployerKind, int]] = {
    _K.ENTERPRISE: 30,
    _K.COMMUNITY_FACTORY: 20,
    _K.WORKSHOP: 20,
    _K.PARK: 60,
    _K.FAMILY_FARM: 10,
    _K.COOPERATIVE: 15,
    _K.PROJECT: 30,
    _K.PUBLIC_WELFARE: 60,
    _K.AGENCY: 100,
    _K.INDIVIDUAL: 5,
}
MOST: Final = 1000


def check_month(
    session: Session, employer: Employer, job_id: int | None, clock: Clock, *, more: int = 1
) -> None:
    """Raises MonthCapReached where `more` postings handed in now would be too many for this month. One that
    was handed in this month already (`job_id`, sent back and put right) counts once."""
    cap = month_cap(session, employer)
    if cap is None:
        return
    handed_in = count_handed_in(session, employer.id, clock, but=job_id)
    if handed_in + more > cap:
        left = max(cap - handed_in, 0)
        rest = f"还能交 {left} 个" if left else "下个月 1 号再交"
        raise MonthCapReached(
            f"这个月最多交 {cap} 个岗位，已经交了 {handed_in} 个，{rest}。"
            "同一个活多要几个人，改那个岗位的人数就行；确实不够，请县人社局放宽。"
        )


def count_handed_in(session: Session, employer_id: int, clock: Clock, *, but: int | None = None) -> int:
    """Different postings of an employer that its own people or broker handed in this month (Beijing)."""
    first = clock.today().replace(day=1)
    since = datetime(first.year, first.month, first.day, tzinfo=OFFICE_ZONE)
    statement = (
        select(func.count(func.distinct(JobEvent.job_id)))
        .join(JobPosting, JobPosting.id == JobEvent.job_id)
        .where(
            JobPosting.employer_id == employer_id,
            JobEvent.kind == JobEventKind.SUBMIT,
            JobEvent.at >= since,
        )
    )
    if but is not None:
        statement = statement.where(JobPosting.id != but)
    return session.scalar(statement) or 0


def month_cap(session: Session, employer: Employer) -> int | None:
    """The employer's limit by its kind and county; None where the county lifted it."""
    county = ancestor_at(employer.office_code, Level.COUNTY)
    rules = session.get(PostingRules, county.code) if county is not None else None
    return caps_of(rules)[employer.kind]


def caps_of(rules: PostingRules | None) -> dict[EmployerKind, int | None]:
    """Every kind's limit, the usual one where the county set none."""
    own = rules.month_caps if rules is not None else {}
    return {kind: own.get(kind.value, USUAL[kind]) for kind in EmployerKind}


def find_rules(session: Session, county_code: str) -> PostingRules | None:
    return session.get(PostingRules, county_code)


def set_caps(
    session: Session, actor: Actor, county_code: str, caps: Mapping[str, int | None], clock: Clock
) -> PostingRules:
    """A county's own limits; a kind left out has the usual one, None lifts it.

    Raises Forbidden, JobNotFound (a county of somebody else's), Invalid.
    """
    require(actor, Action.DECIDE, Resource.POSTING, Target(region_code=county_code), missing=JobNotFound)
    kinds = {kind.value for kind in EmployerKind}
    for kind, most in caps.items():
        if kind not in kinds or (most is not None and not 1 <= most <= MOST):
            raise Invalid(fields=[FieldProblem(kind, f"填 1 到 {MOST:,} 之间的数，空着就是不限")])
    rules = session.get(PostingRules, county_code)
    if rules is None:
        rules = PostingRules(region_code=county_code, month_caps={}, version=0)
        session.add(rules)
    usual = {kind.value: most for kind, most in USUAL.items()}
    rules.month_caps = {kind: most for kind, most in caps.items() if most != usual[kind]}
    rules.updated_by_id, rules.updated_at = actor.user_id, clock.now()
    rules.version += 1
    session.flush()
    return rules
