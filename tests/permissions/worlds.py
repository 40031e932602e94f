"""Who asks, and about what: the product of roles and relations that the permission probes go through.

Places are real: a village officer of 耀州区 and everything around, and the places where a scope by stripped
zeros or by a made-up city goes wrong (重庆 50, 河南 41, 湖北省直辖 4290).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.accounts.actor import PUBLIC, SYSTEM, Actor, Grant
from app.accounts.permissions import Assignment, Target
from app.accounts.terms import Role

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
ME, COLLEAGUE, FIRM, OTHER_FIRM = 1, 2, 11, 12
VILLAGE, TOWN, COUNTY, CITY, PROVINCE = "610204101201", "610204101", "610204", "610200", "610000"
HOMES = {
    Role.VILLAGE_OFFICER: VILLAGE,
    Role.TOWNSHIP_OFFICER: TOWN,
    Role.COUNTY_OFFICER: COUNTY,
    Role.CITY_VIEWER: CITY,
    Role.PROVINCE_VIEWER: PROVINCE,
}
# own, sibling, parent and child, cousin, other city, other province; traps of prefixes.
REGIONS: tuple[str | None, ...] = (
    VILLAGE,
    "610204101202",
    TOWN,
    "610204102",
    "610204102201",
    COUNTY,
    "610222",
    "610222102",
    CITY,
    "610100",
    PROVINCE,
    "620000",
    "441900",
    "441900003",
    "500000",
    "510000",
    "429004",
    "429005",
    "429005001",
    "419001",
    None,
)


@dataclass(frozen=True)
class Asker:
    name: str
    actor: Actor


def _one(name: str, *grants: Grant, user_id: int = ME) -> Asker:
    return Asker(name, Actor(user_id, "同事", grants))


def askers() -> Iterator[Asker]:
    """Every role as it should be held, as a former officer holds it, as it must not be held, and mixtures."""
    yield Asker("public", PUBLIC)
    yield _one("signed in, no role")
    yield _one("role ended")
    for role, home in HOMES.items():
        yield _one(role.value, Grant(role, home))
        yield _one(f"{role.value}, may only look", Grant(role, home, is_read_only=True))
        yield _one(f"{role.value} over nothing", Grant(role))
        yield _one(f"{role.value} of an unknown place", Grant(role, "999999"))
    for region in ("500000", "410000"):
        yield _one(f"province_viewer of {region}", Grant(Role.PROVINCE_VIEWER, region))
    for region in ("429004", "419001", "441900"):
        yield _one(f"county_officer of {region}", Grant(Role.COUNTY_OFFICER, region))
    yield _one("city_viewer of 441900", Grant(Role.CITY_VIEWER, "441900"))
    for role, wide in zip(list(HOMES)[:4], list(HOMES.values())[1:], strict=True):
        yield _one(f"{role.value} over too much", Grant(role, wide))
    for role in (Role.ADMIN, Role.AUDITOR):
        yield _one(role.value, Grant(role))
        yield _one(f"{role.value} of a county", Grant(role, COUNTY))
        yield _one(f"{role.value}, may only look", Grant(role, is_read_only=True))
    yield _one("seeker", Grant(Role.SEEKER))
    yield _one("employer", Grant(Role.EMPLOYER, employer_id=FIRM))
    yield _one("employer of nothing", Grant(Role.EMPLOYER))
    yield _one("broker", Grant(Role.BROKER, TOWN))
    yield _one("broker with a mandate", Grant(Role.BROKER, employer_id=FIRM))
    yield _one(
        "village and township", Grant(Role.VILLAGE_OFFICER, VILLAGE), Grant(Role.TOWNSHIP_OFFICER, TOWN)
    )
    yield _one(
        "officer with a firm", Grant(Role.COUNTY_OFFICER, COUNTY), Grant(Role.EMPLOYER, employer_id=FIRM)
    )
    yield _one(
        "moved to the next village",
        Grant(Role.VILLAGE_OFFICER, VILLAGE, is_read_only=True),
        Grant(Role.VILLAGE_OFFICER, "610204101202"),
    )


def facts() -> Iterator[tuple[str, dict[str, object]]]:
    """What else may be true of a record, one thing (or telling pair) at a time."""
    later, earlier = NOW + timedelta(days=1), NOW - timedelta(seconds=1)
    yield "nothing", {}
    yield "own", {"owner_user_id": ME}
    yield "another's", {"owner_user_id": COLLEAGUE}
    yield "made by me", {"created_by_id": ME}
    yield "made by another", {"created_by_id": COLLEAGUE}
    yield "submitted by me", {"submitted_by_ids": frozenset({ME})}
    yield "first decision mine", {"stage": "second", "decided_by_ids": frozenset({ME})}
    yield "first decision", {"stage": "first"}
    yield "second decision", {"stage": "second", "decided_by_ids": frozenset({COLLEAGUE})}
    yield "about me", {"about_user_ids": frozenset({ME})}
    yield "about another", {"about_user_ids": frozenset({COLLEAGUE})}
    yield "my household", {"household_officer_id": ME}
    yield "another's household", {"household_officer_id": COLLEAGUE}
    yield "on duty", {"duty_user_ids": frozenset({ME})}
    yield "another on duty", {"duty_user_ids": frozenset({COLLEAGUE})}
    yield "assigned", {"assignments": (Assignment(ME, later),)}
    yield "assignment over", {"assignments": (Assignment(ME, earlier), Assignment(COLLEAGUE, later))}
    yield "assigned without end", {"assignments": (Assignment(ME, None),)}
    yield "my firm's", {"employer_ids": frozenset({FIRM}), "created_by_id": COLLEAGUE}
    yield "another firm's", {"employer_ids": frozenset({OTHER_FIRM})}
    yield "related", {"related_employer_ids": frozenset({FIRM})}
    yield "related to another", {"related_employer_ids": frozenset({OTHER_FIRM}), "owner_user_id": COLLEAGUE}
    yield "draft", {"state": "draft"}
    yield "public", {"is_public": True}
    yield "technical", {"is_technical": True}
    yield "team", {"team_code": VILLAGE}
    yield "another team", {"team_code": "610204102201"}
    yield "erased", {"is_erased": True, "owner_user_id": ME, "household_officer_id": ME}
    for role in (Role.VILLAGE_OFFICER, Role.COUNTY_OFFICER, Role.ADMIN, Role.EMPLOYER):
        yield (
            f"account of {role.value}",
            {"account_roles": frozenset({role}), "employer_ids": frozenset({FIRM})},
        )
    roles = frozenset({Role.VILLAGE_OFFICER, Role.CITY_VIEWER})
    yield "account of two roles", {"account_roles": roles}
    own = {"account_roles": frozenset({Role.VILLAGE_OFFICER}), "owner_user_id": ME}
    yield "own account", own


def targets() -> Iterator[tuple[str, Target]]:
    """The product of places and facts."""
    for region in REGIONS:
        for name, fact in facts():
            yield f"{name} in {region}", Target(region_code=region, **fact)  # type: ignore[arg-type]


__all__ = ["NOW", "SYSTEM", "Asker", "askers", "facts", "targets"]
