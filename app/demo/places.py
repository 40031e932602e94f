"""村和社区: some ninety invented villages and communities over the fourteen real townships of 耀州区.

Township codes, names and points are real (app.regions); the village names, codes and points are not: a
village lies at a random spot within the township's radius. Whoever has the county's true list imports it.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from app.demo.dice import Dice
from app.regions import gazetteer
from app.regions.projection import unproject

COUNTY_CODE = "610204"


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """村/社区: `code` 12 digits, `town_code` 9; `x`, `y` projected metres; `lng`, `lat` degrees (GCJ-02)."""

    code: str
    name: str
    town_code: str
    town_name: str
    x: int
    y: int
    lng: float
    lat: float

    @property
    def is_community(self) -> bool:
        """社区 (in a street or beside a resettlement), not 村."""
        return self.name.endswith("社区")

    @property
    def label(self) -> str:
        """小丘镇柳树塬村."""
        return self.town_name + self.name


@cache
def read_data(name: str) -> dict[str, Any]:
    """One of the package's TOML files."""
    file = resources.files("app.demo") / "data" / name
    return tomllib.loads(file.read_text("utf-8"))


def town_point(town_code: str) -> tuple[int, int]:
    """Projected metres of a township, or of its county where the township has no point."""
    point = gazetteer.point(town_code)
    if point is None:
        raise ValueError(f"no point for {town_code}")
    return point


def spot_near(dice: Dice, point: tuple[int, int], radius_m: int) -> tuple[int, int]:
    """A point within `radius_m` metres, whole numbers only, so that every machine finds the same."""
    while True:
        dx, dy = dice.between(-radius_m, radius_m), dice.between(-radius_m, radius_m)
        if dx * dx + dy * dy <= radius_m * radius_m:
            return point[0] + dx, point[1] + dy


def build_places() -> list[DemoPlace]:
    """All villages and communities in code order."""
    places: list[DemoPlace] = []
    for town in read_data("places.toml")["town"]:
        centre = town_point(town["code"])
        dice = Dice("places", town["code"])
        # Communities stand in the township's middle, villages all around it.
        named = [(f"{town['code']}{n:03d}", name, 600) for n, name in enumerate(town["communities"], 1)]
        named += [
            (f"{town['code']}{n:03d}", name, town["radius_m"]) for n, name in enumerate(town["villages"], 200)
        ]
        for code, name, radius in named:
            x, y = spot_near(dice, centre, radius)
            lng, lat = unproject(x, y)
            places.append(
                DemoPlace(code, name, town["code"], gazetteer.get(town["code"]).name, x, y, lng, lat)
            )
    return places
