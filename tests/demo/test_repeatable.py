"""The same day gives the same county, in every process."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest

from app.demo.county import DemoCounty, build_demo_county
from app.demo.dice import Dice
from tests.conftest import PROJECT
from tests.demo.conftest import TODAY
from tests.demo.fingerprint import fingerprint


def test_two_builds_are_equal_and_another_day_is_not(county: DemoCounty) -> None:
    assert fingerprint(build_demo_county(TODAY)) == fingerprint(county)
    assert fingerprint(build_demo_county(TODAY + timedelta(days=1))) != fingerprint(county)


def test_another_process_with_another_hash_seed_builds_the_same(county: DemoCounty) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.demo.fingerprint", TODAY.isoformat()],
        cwd=PROJECT,
        env=os.environ | {"PYTHONHASHSEED": "4242"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == fingerprint(county)


def test_people_and_firms_stay_the_same_persons_on_any_day(county: DemoCounty) -> None:
    later = build_demo_county(date(2028, 5, 3))
    assert later.households == county.households
    assert later.employers == county.employers
    assert later.staff == county.staff


def test_dice_throw_the_numbers_written_down_here() -> None:
    """Python promises only Random.random(); should that or our use of it change, every county would."""
    dice = Dice("example", 1)
    assert [dice.below(1000) for _ in range(5)] == EXPECTED_THROWS
    assert Dice("example", 1).shuffled("耀州区送岗") == EXPECTED_ORDER


EXPECTED_THROWS = [600, 251, 75, 309, 165]
EXPECTED_ORDER = ["岗", "区", "耀", "州", "送"]


def test_dice_keep_to_what_was_asked() -> None:
    dice = Dice("bounds")
    assert {dice.between(2, 8, 3) for _ in range(200)} == {2, 5, 8}
    assert dice.some("abcdef", 9) == list("abcdef")
    assert dice.some([3, 1, 2], 2) in ([3, 1], [3, 2], [1, 2])
    assert {dice.weighted([("a", 1), ("b", 0), ("c", 3)]) for _ in range(100)} == {"a", "c"}
    with pytest.raises(ValueError, match="weights"):
        dice.weighted([("a", -1)])
