"""谁能对诉求做什么 (SAFETY, row "wage-arrears case, complaint"), asked of the table of permissions."""

from collections.abc import Collection

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may
from app.cases.models import Case
from app.cases.rules import KindRule
from app.cases.terms import CaseOffice


def firms_of(actor: Actor) -> frozenset[int]:
    """The firms somebody acts for, in whatever role."""
    return frozenset(grant.employer_id for grant in actor.grants if grant.employer_id is not None)


def target_of_case(actor: Actor, case: Case, about: Collection[int]) -> Target:
    """The case as the table sees it. A colleague's own case, and one about a firm they act for, is about
    them."""
    affected = set(about)
    if actor.user_id is not None and (
        case.user_id == actor.user_id
        or (case.employer_id is not None and case.employer_id in firms_of(actor))
    ):
        affected.add(actor.user_id)
    return Target(
        region_code=case.region_code,
        owner_user_id=case.user_id,
        created_by_id=case.written_by_id,
        about_user_ids=frozenset(affected),
        employer_ids=frozenset({case.employer_id} if case.employer_id is not None else ()),
    )


def find_right_to_work(actor: Actor, case: Case, about: Collection[int]) -> Permission | None:
    """The township works on a case (it edits), the county decides; neither where it is about them."""
    target = target_of_case(actor, case, about)
    return may(actor, Action.DECIDE, Resource.CASE, target) or may(actor, Action.EDIT, Resource.CASE, target)


def may_take_over(actor: Actor, case: Case, about: Collection[int]) -> bool:
    """The county takes a case out of a colleague's hands."""
    return may(actor, Action.DECIDE, Resource.CASE, target_of_case(actor, case, about)) is not None


def may_close(actor: Actor, case: Case, about: Collection[int], rule: KindRule) -> bool:
    """Wages, injuries, cheats and complaints about colleagues are closed by the county; the rest by who works
    on it."""
    if rule.closed_by is CaseOffice.COUNTY:
        return may_take_over(actor, case, about)
    return find_right_to_work(actor, case, about) is not None


def may_read_as_firm(actor: Actor, case: Case) -> bool:
    """A firm sees what it was asked, and answers; never before an officer asked it."""
    if case.employer_id is None or case.firm_asked_at is None:
        return False
    target = Target(employer_ids=frozenset({case.employer_id}))
    return may(actor, Action.ANSWER, Resource.CASE, target) is not None


def may_set_limits(actor: Actor, county_code: str) -> bool:
    """The county that decides about cases says within how many days they are answered."""
    return may(actor, Action.DECIDE, Resource.CASE, Target(region_code=county_code)) is not None
