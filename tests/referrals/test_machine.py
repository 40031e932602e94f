"""Thousands of histories: the laws of referrals hold whatever anybody tries (see machine.py)."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from app.referrals import consequences, guards
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
        deadline=None,
        database=None,
        derandomize=True,
        print_blob=False,
        suppress_health_check=CALM,
        phases=tuple(Phase) if is_shrunk else (Phase.generate,),
    )
    run_state_machine_as_test(machine, settings=dose)
    return outcomes


def test_some_histories(scene: Scene) -> None:
    outcomes = run_histories(scene, 10)
    assert {"push", "interested", "submit", "hire", "arrive"} <= {n for n, count in outcomes.items() if count}


@pytest.mark.slow
def test_two_thousand_histories(scene: Scene) -> None:
    outcomes = run_histories(scene, 2000)
    for name in ("push", "apply", "arrive", "undo", "refuse", "no_show", "withdraw", "pool", "check"):
        assert outcomes[name] > 20, (name, outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["take_and_free_places", "is_not_repeated", "few_offers_wait"])
def test_histories_find_what_is_broken(scene: Scene, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    room = consequences if hasattr(consequences, broken) else guards
    monkeypatch.setattr(room, broken, lambda *_: None)
    with pytest.raises((AssertionError, IntegrityError, ExceptionGroup)):
        run_histories(scene, 300, is_shrunk=False)
