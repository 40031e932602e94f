"""The probe over HTTP is worth something: each hole planted in the running application is found."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import false, select, true
from sqlalchemy.orm import contains_eager

from app.accounts import permissions
from app.accounts.actor import Grant
from app.accounts.permission_terms import Action, Resource, View
from app.accounts.permissions import Permission, Target
from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import make_engine
from app.core.errors import Forbidden
from app.main import create_app
from app.seekers import files, masking, policies, queries, revealing
from app.seekers.access import cards, ties
from app.seekers.errors import PersonNotFound
from app.seekers.models import Household, Person
from app.seekers.privacy import policies as privacy_policies
from tests.conftest import make_settings
from tests.databases import RolledBackDatabase
from tests.permissions.http.asks import ASKS
from tests.permissions.http.people import HOME, OTHER_TOWN, SIBLING, plant
from tests.permissions.http.probe import Probe, Report, all_calls, calls_by_relation
from tests.permissions.worlds import NOW

Plant = Callable[[pytest.MonkeyPatch], None]
# Two villages of one town, a village of the next town, a place of the next county, and two traps of prefixes.
PLACES = (HOME, SIBLING, OTHER_TOWN, "610222102201", "500101001201", "510104003201")


@pytest.fixture(scope="module")
def planted(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    """One world for all holes: every request is rolled back. One kind of database will do: what is looked
    for is whether the probe sees the hole."""
    clock, folder = FixedClock(NOW), tmp_path_factory.mktemp("holes")
    shutil.copy(sqlite_template, folder / "holes.db")
    settings = make_settings(f"sqlite:///{folder / 'holes.db'}").model_copy(update={"var_dir": folder})
    engine = make_engine(settings, read_only=False)
    with engine.connect() as connection:
        outer = connection.begin()
        database = RolledBackDatabase(settings, connection)
        with database.write() as session:
            world = plant(session, cipher_of(settings), clock, PLACES)
        app = create_app(settings, database=database, clock=clock)
        with TestClient(
            app, base_url="http://testserver", follow_redirects=False, raise_server_exceptions=False
        ) as client:
            yield Probe(client, database, world, clock.now())
        outer.rollback()
        database.dispose()
    engine.dispose()


def swap(module: object, name: str, broken: object) -> Plant:
    return lambda patch: patch.setattr(module, name, broken)


def allow(*_: object, **__: object) -> Permission:
    return Permission(Resource.SEEKER_CARD, Action.EDIT)


def yes(*_: object, **__: object) -> bool:
    return True


def nothing(*_: object, **__: object) -> None:
    return None


def all_numbers(numbers: list[int], smallest: int) -> list[int]:
    return list(numbers) if smallest else []


def as_it_is(value: str | None) -> str | None:
    return value


def stripping_zeros(grant: Grant) -> str | None:
    return None if grant.region_code is None else grant.region_code.rstrip("0")


def first_digits(grant: Grant) -> str | None:
    return None if grant.region_code is None else grant.region_code[:6]


def any_tie(rule: object, grant: Grant, actor: object, target: Target, now: object) -> bool:
    return permissions._covers(grant, target.region_code)


def everyone(*_: object) -> Any:
    whole = select(Person).join(Household, Household.id == Person.household_id)
    return whole.options(contains_eager(Person.household)).where(queries.is_kept(Person))


def telling_403(session: Any, actor: Any, person_id: int, *_: object, **__: object) -> Person:
    """Looks first, and says that it may not be seen."""
    person = session.scalar(queries.visible_people(actor).where(Person.id == person_id))
    if person is None and session.get(Person, person_id) is not None:
        raise Forbidden
    if person is None:
        raise PersonNotFound
    return person  # type: ignore[no-any-return]


def anything(*_: object) -> Any:
    return true()


def unmasked(actor: Any, household: Any) -> Permission:
    return replace(VIEW(actor, household), view=View.FULL)


def scoped_by_the_request(actor: Any, resource: Resource, action: Action = Action.READ) -> tuple[str, ...]:
    """Whoever may see something there sees everything."""
    return ("",) if PREFIXES(actor, resource, action) else ()


def opening(field: str) -> Plant:
    """A sealed field that goes by the card's permission."""
    return lambda patch: patch.setitem(policies._REVEALS, field, (Action.READ, Resource.SEEKER_CARD))


def before_all_else(name: str) -> Plant:
    """A policy of the ledger that says yes to everyone who can see the record."""
    return swap(policies, name, allow)


VIEW, PREFIXES = policies.view_of_household, permissions.reading_prefixes
# The hole, and the calls that could find it (all calls do; this keeps the test short).
HOLES: dict[str, tuple[Plant, str]] = {
    "scope by stripping zeros": (swap(permissions, "area_prefix", stripping_zeros), ""),
    "every officer has the county": (swap(permissions, "area_prefix", first_digits), ""),
    "the area alone opens health": (swap(permissions, "_is_tied", any_tie), "reveal"),
    "lists of people without scope": (swap(queries, "visible_people", everyone), "seekers"),
    "who sees a place sees the country": (swap(queries, "reading_prefixes", scoped_by_the_request), ""),
    "erased people shown": (swap(queries, "is_kept", anything), ""),
    "403 tells that a person exists": (swap(queries, "get_person", telling_403), "/{seeker_id}/"),
    "phones not masked": (swap(masking, "mask_phone", as_it_is), "seekers"),
    "ID numbers not masked": (swap(masking, "mask_id_number", as_it_is), "seekers"),
    "masked household shown in full": (swap(policies, "view_of_household", unmasked), "households"),
    "a role for looking writes": (swap(permissions, "_LOOKING", frozenset(Action)), "/close"),
    "health by the card's permission": (opening("health"), "reveal"),
    "full numbers without a permission": (before_all_else("require_reveal"), "reveal"),
    "anyone in the area edits people": (before_all_else("require_edit_of_person"), "seekers/{seeker_id}"),
    "anyone in the area edits households": (before_all_else("require_edit_of_household"), "households/"),
    "anyone opens household files": (swap(policies, "may_create_household", yes), "households"),
    "anyone adds people": (swap(policies, "may_add_person", yes), "seekers"),
    "health in every copy": (swap(privacy_policies, "may_copy_health", yes), "/copy"),
    "anyone makes copies": (swap(privacy_policies, "require_copy", allow), "/copy"),
    "anyone erases": (swap(privacy_policies, "require_erasing", allow), "/erasure"),
    "anyone places holds": (swap(privacy_policies, "require_managing_holds", allow), "/holds"),
    "small numbers told": (swap(files, "hide_small", all_numbers), "/counts"),
    "reveals not written down": (swap(revealing, "record_audit", nothing), "reveal"),
    "the history of a masked file": (swap(policies, "require_history", allow), "households/{household_id}/t"),
}


def calls(probe: Probe, part: str) -> Report:
    asks = [ask for ask in ASKS if part in str(ask)]
    assert asks
    product = list(all_calls(probe.world, asks))
    random.Random(len(product)).shuffle(product)
    probe.report, probe.empty = Report(), {}
    return probe.run(product, stop_at_first=True)


@pytest.mark.parametrize("hole", HOLES)
def test_a_planted_hole_is_found(hole: str, planted: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    plant_hole, part = HOLES[hole]
    plant_hole(monkeypatch)
    report = calls(planted, part)
    assert report.all, f"not found in {report.asked} requests"


def assigned_for_ever(patch: pytest.MonkeyPatch) -> None:
    """The statement and the permission each look at the end: both must fail."""
    patch.setattr(ties, "is_assigned", anything)
    patch.setattr(permissions.Assignment, "is_in_force", yes)


RELATION_HOLES: dict[str, Plant] = {
    "any phone owns every file": swap(ties, "is_own", anything),
    "a firm that was told no reads on": swap(ties, "refused", lambda _: false()),
    "brokers without the person's yes": swap(ties, "agreed", anything),
    "cards with the whole name": swap(masking, "mask_name", as_it_is),
    "phones of applicants not counted as reveals": swap(revealing, "_record", nothing),
    "a card whose view is not looked at": swap(cards, "_reading", allow),
    "assignments that don't end": assigned_for_ever,
}


@pytest.mark.parametrize("hole", RELATION_HOLES)
def test_a_hole_in_the_ways_by_relation_is_found(
    hole: str, planted: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    RELATION_HOLES[hole](monkeypatch)
    planted.report, planted.empty = Report(), {}
    report = planted.run(calls_by_relation(planted.world), stop_at_first=True)
    assert report.all, f"not found in {report.asked} requests"


def test_there_are_at_least_twenty_holes() -> None:
    assert len(HOLES) >= 20
