"""Thousands of histories: the laws of referrals hold whatever anybody tries (see machine.py)."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from app.jobs import places
from app.notifications import claiming, limits
from app.referrals import consequences, guards, moving, queries
from app.referrals.spells import rules, service
from tests.referrals.machine import Histories, World
from tests.referrals.situations import Scene

STEPS = 30
CALM = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def run_histories(scene: Scene, count: int, *, is_shrunk: bool = True) -> Counter[str]:
    world, outcomes = World(scene), Counter[str]()
    machine = type("Histories", (Histories,), {"world": world, "outcomes": outcomes})
    dose = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        database=None,
        derandomize=True,
        print_blob=False,
        suppress_health_check=CALM,
        phases=tuple(Phase) if is_shrunk else (Phase.generate,),
    )
    run_state_machine_as_test(machine, settings=dose)
    return outcomes


def test_some_histories(scene: Scene) -> None:
    outcomes = run_histories(scene, 6)
    assert {"push", "interested", "submit", "hire", "arrive"} <= {n for n, count in outcomes.items() if count}


@pytest.mark.slow
def test_two_thousand_histories(scene: Scene) -> None:
    outcomes = run_histories(scene, 2000)
    for name in ("push", "apply", "arrive", "undo", "refuse", "no_show", "withdraw", "pool", "check"):
        assert outcomes[name] > 20, (name, outcomes)


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _now(now: datetime, *_: Any) -> datetime:
    return now


# Planted breaks that histories come upon by themselves; those with a story of their own stand in test_breaks.
BROKEN: dict[str, tuple[Any, str, Any]] = {
    "places": (consequences, "take_and_free_places", _nothing),
    "full postings": (places, "_turn", _nothing),
    "seven days": (guards, "is_not_repeated", _nothing),
    "three offers": (guards, "few_offers_wait", _nothing),
    "consent": (guards, "consent_is_recorded", _nothing),
    "arrival": (guards, "arrival_is_proven", _nothing),
    "others obsolete": (queries, "list_live_of", lambda *_: []),
    "log": (moving, "write_event", _nothing),
    "windows": (service, "PLAN", rules.PLAN[:3]),
    "asked twice": (rules, "suffices", lambda *_: False),
    "quiet hours": (claiming, "is_quiet", lambda *_: False),
    "a message a day": (limits, "has_room_at", _now),
    "settled": (claiming, "is_still_wanted", lambda *_: True),
}


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("broken", BROKEN)
def test_histories_find_what_is_broken(scene: Scene, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*BROKEN[broken])
    with pytest.raises((AssertionError, IntegrityError, ExceptionGroup)):
        run_histories(scene, 300, is_shrunk=False)
