"""The probe is worth something: each of these holes, planted in the code or the table, is found by it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

import pytest

from app.accounts import permissions
from app.accounts.actor import Actor, Grant
from app.accounts.permission_table import TABLE_FILE, WIDTHS, PermissionTable
from app.accounts.permission_terms import Action, Tie, View
from app.accounts.permissions import Assignment
from app.core.errors import Forbidden
from app.regions.scope import scope_prefix
from tests.permissions import oracle
from tests.permissions.probing import Probe, answer, compare, sharp_probes
from tests.permissions.worlds import NOW

# As many as the matrix test asks; the answers of the oracle are worked out once for all holes.
STEP = 5
Plant = Callable[[pytest.MonkeyPatch], None]
Known = list[tuple[Probe, list[oracle.Verdict]]]


@pytest.fixture(scope="module")
def known() -> Known:
    probes = list(islice(sharp_probes(), 0, None, STEP))
    return [(p, oracle.say(p.asker.actor, p.action, p.resource, p.target, NOW)) for p in probes]


def first_difference(known: Known) -> str | None:
    for probe, verdicts in known:
        problem = compare(probe, verdicts, answer(probe))
        if problem is not None:
            return f"{probe}: {problem}"
    return None


def in_table(old: str, new: str) -> Plant:
    """A hole in the table itself."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        text = TABLE_FILE.read_text(encoding="utf-8")
        assert old in text
        holed = PermissionTable(text.replace(old, new))
        patch.setattr(permissions, "permission_table", lambda: holed)

    return plant


def in_code(name: str, broken: object) -> Plant:
    """A hole in app/accounts/permissions.py."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(permissions, name, broken)

    return plant


def of_permission(**changes: object) -> Plant:
    """A condition that gets lost on the way."""
    whole = permissions._permission
    return in_code("_permission", lambda *given: replace(whole(*given), **changes))


def stripping_zeros(grant: Grant) -> str | None:
    return None if grant.region_code is None else grant.region_code.rstrip("0")


def by_length_alone(grant: Grant) -> str | None:
    tie = permissions.permission_table().area_ties.get(grant.role, Tie.P2)
    return (grant.region_code or "")[: WIDTHS[tie]]


def any_width(grant: Grant) -> str | None:
    try:
        return scope_prefix(grant.region_code) if grant.region_code else ""
    except LookupError:
        return ""


def tied_but(skipped: Tie) -> Plant:
    """One relation that is taken for granted within the area."""
    whole = permissions._is_tied

    def broken(rule, grant, actor, target, now):  # type: ignore[no-untyped-def]
        if rule.tie is skipped:
            return permissions._covers(grant, target.region_code) or skipped in (Tie.ASSIGNED, Tie.RELATED)
        return whole(rule, grant, actor, target, now)

    return in_code("_is_tied", broken)


def never(*_: object, **__: object) -> bool:
    return False


def always(*_: object, **__: object) -> bool:
    return True


def endless(self: Assignment, now: object) -> bool:
    return True


def always_forbidden(actor: Actor, action: Action, *rest: object, **more: object) -> object:
    permission = permissions.may(actor, action, *rest, now=NOW)  # type: ignore[arg-type]
    if permission is None:
        raise Forbidden
    return permission


COUNT = 'city_viewer = [{ actions = ["count"], tie = "p4" }'
ADMIN = 'admin = [{ actions = ["read"], tie = "everywhere" }]'
HOLES: dict[str, Plant] = {
    "scope by stripping zeros": in_code("area_prefix", stripping_zeros),
    "scope by the role's width alone": in_code("area_prefix", by_length_alone),
    "a role over more than its level": in_code("area_prefix", any_width),
    "masking forgotten": of_permission(view=View.FULL),
    "own household not asked for": tied_but(Tie.OWN_HOUSEHOLD),
    "duty not asked for": tied_but(Tie.DUTY),
    "any employer is related": tied_but(Tie.RELATED),
    "any broker is assigned": tied_but(Tie.ASSIGNED),
    "assignments never end": lambda patch: patch.setattr(Assignment, "is_in_force", endless),
    "a role for looking writes": in_code("_LOOKING", frozenset(Action)),
    "403 outside one's area": in_code("require", always_forbidden),
    "404 inside one's area": in_code("knows_of", never),
    "who submits approves": in_code("_is_own_affair", never),
    "an officer decides for their own firm": in_code("_has_hand_in", never),
    "the erased are shown": lambda patch: patch.setattr(
        permissions, "may", _without_erasure(permissions.may)
    ),
    "conditions on the record ignored": in_code("_fits", always),
    "aggregates of any size": of_permission(smallest_count=None),
    "revealing without a reason": of_permission(needs_reason=False),
    "reads not written down": of_permission(is_logged=False),
    "exports without limit": of_permission(max_people=None),
    "exports without a second person": of_permission(needs_second_person=False),
    "a phone revealed again and again": of_permission(is_one_time=False),
    "everyone signed in is a seeker of all files": tied_but(Tie.OWN),
    "cities read persons": in_table(COUNT, COUNT.replace("count", "read")),
    "admins read persons": in_table("sensitive = true\nseeker", f"sensitive = true\n{ADMIN}\nseeker"),
    "townships open county accounts": in_table(
        'account_roles = ["village_officer"] }', 'account_roles = ["village_officer", "county_officer"] }'
    ),
    "villages read complaints about themselves": in_table(", not_about_self = true }]\ntown", " }]\ntown"),
    "one person decides twice": in_table(', stage = "second"', ""),
}  # fmt: skip


def _without_erasure(whole):  # type: ignore[no-untyped-def]
    def broken(actor, action, resource, target, *, now=None):  # type: ignore[no-untyped-def]
        return whole(actor, action, resource, replace(target, is_erased=False), now=now)

    return broken


def test_without_a_hole_nothing_is_found(known: Known) -> None:
    assert len(known) > 50_000
    assert first_difference(known) is None


@pytest.mark.parametrize("hole", HOLES)
def test_a_planted_hole_is_found(hole: str, known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    HOLES[hole](monkeypatch)
    assert first_difference(known) is not None


def test_there_are_at_least_twenty_holes() -> None:
    assert len(HOLES) >= 20
