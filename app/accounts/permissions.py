"""权限: who may do what to which record. Reads the table `permissions.toml`; refuses what is not in it.

    permission = permissions.require(actor, Action.REVEAL, Resource.ID_NUMBER, target, now=clock.now())
    ...                                   # answers 404 outside one's area, 403 inside it
    if permission.needs_reason: ...

Laws that hold whatever the table says (SAFETY, "Always"): who submits does not approve; nobody decides about
themselves or about a firm they act for; nobody changes their own account's roles; a role left for looking
never writes; an assignment counts until its end only; what was erased is there for nobody. Roles are read
anew with every request (`dependencies.get_actor`), so the end of a role holds at once. Pure: no session.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.accounts.actor import Actor, Grant
from app.accounts.permission_table import TIES_WITHIN_AREA, WIDTHS, Rule, permission_table
from app.accounts.permission_terms import Action, Resource, Tie, View
from app.accounts.rules import may_hold
from app.accounts.terms import Role
from app.core.errors import Forbidden, NotFound
from app.regions.scope import scope_prefix

# What a role left for looking still allows.
_LOOKING: Final = frozenset({Action.READ, Action.COUNT})
_VIEWS: Final = (View.NO_PERSONS, View.MASKED, View.NO_PHONE, View.FULL)
_SEEKER: Final = Grant(Role.SEEKER)
MIN_REASON: Final = 4


@dataclass(frozen=True)
class Assignment:
    """交办: a record given to a user until a moment. Without an end it counts for nothing."""

    user_id: int
    until: datetime | None

    def is_in_force(self, now: datetime | None) -> bool:
        return self.until is not None and now is not None and now < self.until


@dataclass(frozen=True)
class Target:
    """对象: the facts about a record on which permissions depend. What is left out counts as "no"."""

    # The region that manages the record; for a new record, where it will be.
    region_code: str | None = None
    # The user the record belongs to: the person themself, or whose account it is.
    owner_user_id: int | None = None
    created_by_id: int | None = None
    submitted_by_ids: frozenset[int] = frozenset()
    # Who took an earlier decision on it; the next one is another person's.
    decided_by_ids: frozenset[int] = frozenset()
    # Who a complaint is about.
    about_user_ids: frozenset[int] = frozenset()
    household_officer_id: int | None = None
    duty_user_ids: frozenset[int] = frozenset()
    assignments: tuple[Assignment, ...] = ()
    # Whose it is (a posting's firm), and on whose postings the person applied or was referred.
    employer_ids: frozenset[int] = frozenset()
    related_employer_ids: frozenset[int] = frozenset()
    # Of a claim: the decision asked for. Of a posting: "draft" before anyone else has seen it.
    stage: str | None = None
    state: str | None = None
    # Of an account: its roles. Of an entry of the log: the region of the role under which it was done.
    account_roles: frozenset[Role] = frozenset()
    team_code: str | None = None
    is_public: bool = False
    is_technical: bool = False
    is_erased: bool = False


@dataclass(frozen=True)
class Permission:
    """许可: what is allowed, by which role, how it is shown, and what must be given or written down."""

    resource: Resource
    action: Action
    # None: anyone at all, or the system.
    role: Role | None = None
    region_code: str | None = None
    view: View = View.FULL
    needs_reason: bool = False
    needs_second_person: bool = False
    second_person_above: int | None = None
    is_logged: bool = False
    is_one_time: bool = False
    quota_per_day: int | None = None
    max_people: int | None = None
    smallest_count: int | None = None
    may_hide_name: bool = False

    @property
    def is_masked(self) -> bool:
        return self.view is not View.FULL

    def unmet(
        self,
        *,
        reason: str = "",
        people: int = 0,
        actor_id: int | None = None,
        confirmed_by_ids: Collection[int] = (),
    ) -> str | None:
        """What is still missing, as a sentence to show; None when all conditions are met."""
        if self.needs_reason and len(reason.strip()) < MIN_REASON:
            return f"请写明为什么要办这件事（最少 {MIN_REASON} 个字），本人能看到。"
        if self.max_people is not None and people > self.max_people:
            return f"您的账号一次最多 {self.max_people} 人，请分开办，或者找上一级的同事。"
        above = self.second_person_above
        needs_second = self.needs_second_person or (above is not None and people > above)
        if needs_second and not set(confirmed_by_ids) - {actor_id}:
            return "这件事要另一位同事点头才能办。"
        return None


def may(
    actor: Actor, action: Action, resource: Resource, target: Target, *, now: datetime | None = None
) -> Permission | None:
    """The widest permission `actor` has for this, or None. `now` is needed where assignments count."""
    if target.is_erased and resource is not Resource.AUDIT_LOG:
        return None
    if actor.is_system:
        return Permission(resource, action, is_logged=True)
    if _is_own_affair(actor, action, resource, target):
        return None
    found = list(_permissions(actor, action, resource, target, now))
    return max(found, key=_width) if found else None


def require(
    actor: Actor,
    action: Action,
    resource: Resource,
    target: Target,
    *,
    now: datetime | None = None,
    missing: type[NotFound] = NotFound,
) -> Permission:
    """As `may`. Raises `missing` (404) when the actor may not know of the record, else `Forbidden` (403)."""
    permission = may(actor, action, resource, target, now=now)
    if permission is not None:
        return permission
    if knows_of(actor, resource, target, now=now):
        raise Forbidden
    raise missing


def knows_of(actor: Actor, resource: Resource, target: Target, *, now: datetime | None = None) -> bool:
    """Whether the actor may read anything of what the record is about; else it is not there for them."""
    table = permission_table()
    return any(
        may(actor, Action.READ, other, target, now=now) is not None for other in table.same_subject(resource)
    )


def reading_prefixes(actor: Actor, resource: Resource, action: Action = Action.READ) -> tuple[str, ...]:
    """Region prefixes in which every record may be read, for a query; ("",) is everywhere, () nowhere.

    Only what the area alone allows: own, related, assigned records and the like are clauses of the query's
    own. With `Action.COUNT`: where aggregates may be made.
    """
    if actor.is_system:
        return ("",)
    found: set[str] = set()
    for grant in actor.grants:
        if grant.is_read_only and action not in _LOOKING:
            continue
        for rule in permission_table().rules(resource, grant.role):
            if action in rule.actions and (rule.tie in WIDTHS or rule.tie is Tie.EVERYWHERE):
                found |= {prefix for prefix in (area_prefix(grant),) if prefix is not None}
    return tuple(sorted(p for p in found if not any(p != q and p.startswith(q) for q in found)))


def area_prefix(grant: Grant) -> str | None:
    """The prefix of the codes a grant covers; None when it covers no region (or one it can't be held over).

    By level, never by stripping zeros. "" only for roles without an area held over no region in particular.
    """
    if grant.region_code is None:
        return "" if grant.role not in permission_table().area_ties else None
    if not may_hold(grant.role, grant.region_code, None):
        return None  # not of the role's level, merged away, never known: nobody gains access
    return scope_prefix(grant.region_code)


def _permissions(
    actor: Actor, action: Action, resource: Resource, target: Target, now: datetime | None
) -> Iterator[Permission]:
    table = permission_table()
    for rule in table.rules(resource, None):
        if action in rule.actions and target.is_public:
            yield _permission(resource, action, None, rule)
    for grant in _grants(actor):
        if grant.is_read_only and action not in _LOOKING:
            continue
        for rule in table.rules(resource, grant.role):
            if action not in rule.actions or not _fits(rule, actor, action, target):
                continue
            if _is_tied(rule, grant, actor, target, now):
                yield _permission(resource, action, grant, rule)


def _grants(actor: Actor) -> tuple[Grant, ...]:
    """The roles held. Whoever is signed in and works for no office may be looking for work, unasked."""
    if actor.is_signed_in and not actor.is_staff and not actor.has_role(Role.SEEKER):
        return (*actor.grants, _SEEKER)
    return actor.grants


def _fits(rule: Rule, actor: Actor, action: Action, target: Target) -> bool:
    """Whether the conditions of the rule on the record itself are met."""
    if action is Action.DECIDE and rule.tie in WIDTHS and _has_hand_in(actor, target):
        return False
    if rule.stage is not None and rule.stage != target.stage:
        return False
    if rule.state is not None and rule.state != target.state:
        return False
    if rule.account_roles and not (target.account_roles and target.account_roles <= rule.account_roles):
        return False
    return not (rule.not_about_self and actor.user_id in target.about_user_ids)


def _is_tied(rule: Rule, grant: Grant, actor: Actor, target: Target, now: datetime | None) -> bool:
    """Whether the actor stands to the record as the rule asks."""
    tie, user_id = rule.tie, actor.user_id
    if tie in WIDTHS or tie is Tie.EVERYWHERE:
        return _covers(grant, target.region_code)
    if tie in TIES_WITHIN_AREA:
        # Not for a role left for looking: who handed the village over is no longer the household's officer.
        in_office = not grant.is_read_only and _covers(grant, target.region_code)
        return in_office and _is_named(tie, user_id, target)
    if tie is Tie.TEAM:
        return _covers(grant, target.team_code)
    if tie is Tie.ANYONE:
        return True
    if tie is Tie.OWN:
        return user_id is not None and user_id == target.owner_user_id
    if tie in (Tie.COMPANY, Tie.MANDATE):
        return grant.employer_id is not None and grant.employer_id in target.employer_ids
    if tie is Tie.RELATED:
        return grant.employer_id is not None and grant.employer_id in target.related_employer_ids
    if tie is Tie.ASSIGNED:
        return any(a.user_id == user_id and a.is_in_force(now) for a in target.assignments)
    return tie is Tie.TECHNICAL and target.is_technical


def _is_named(tie: Tie, user_id: int | None, target: Target) -> bool:
    if user_id is None:
        return False
    if tie is Tie.OWN_HOUSEHOLD:
        return user_id == target.household_officer_id
    if tie is Tie.DUTY:
        return user_id in target.duty_user_ids
    return user_id == target.created_by_id


def _covers(grant: Grant, region_code: str | None) -> bool:
    prefix = area_prefix(grant)
    if prefix is None:
        return False
    return prefix == "" or (region_code is not None and region_code.startswith(prefix))


def _is_own_affair(actor: Actor, action: Action, resource: Resource, target: Target) -> bool:
    """Whether the actor would decide about themselves, on their own paper, or change their own account."""
    user_id = actor.user_id
    if user_id is None:
        return False
    if resource is Resource.STAFF_ACCOUNT and action in (Action.CREATE, Action.EDIT):
        return user_id == target.owner_user_id
    if action is not Action.DECIDE:
        return False
    by_hand = target.submitted_by_ids | target.decided_by_ids | target.about_user_ids
    return user_id in by_hand or user_id == target.owner_user_id


def _has_hand_in(actor: Actor, target: Target) -> bool:
    """Whether an officer made the record or acts for the firm it belongs to. A firm decides on its own."""
    if actor.user_id is not None and actor.user_id == target.created_by_id:
        return True
    acts_for = {g.employer_id for g in actor.grants if g.employer_id is not None}
    return bool(acts_for & target.employer_ids)


def _permission(resource: Resource, action: Action, grant: Grant | None, rule: Rule) -> Permission:
    table = permission_table()
    permission = Permission(
        resource,
        action,
        role=grant.role if grant else None,
        region_code=grant.region_code if grant else None,
        view=rule.view,
        needs_reason=rule.reason,
        needs_second_person=rule.second_person,
        second_person_above=rule.second_person_above,
        is_logged=rule.logged,
        is_one_time=rule.one_time,
        quota_per_day=rule.quota_per_day,
        max_people=rule.max_people,
        may_hide_name=rule.may_hide_name,
    )
    if action is Action.COUNT:
        return replace(permission, smallest_count=table.smallest_count)
    # SAFETY "Secrets": every read of a sensitive field is written down, but for one's own.
    if table.rows[resource].sensitive and rule.view is View.FULL and rule.tie is not Tie.OWN:
        return replace(permission, is_logged=True)
    return permission


def _width(permission: Permission) -> tuple[int, bool, bool, bool, float, float]:
    """Orders permissions: the widest view first, then the one with the fewest conditions."""
    limit = float("inf") if permission.max_people is None else permission.max_people
    above = float("inf") if permission.second_person_above is None else permission.second_person_above
    return (
        _VIEWS.index(permission.view),
        not permission.needs_second_person,
        not permission.needs_reason,
        not permission.is_one_time,
        limit,
        above,
    )
