"""用人单位: about 130 invented employers of all ten kinds, in the county, the province and other provinces.

Names, places and trades are listed in `data/employers.toml`; here they get codes, contacts and a standing.
Phones: serial 10,000..19,999 of the demo range.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from app.demo import names, numbers
from app.demo.dice import Dice
from app.demo.places import DemoPlace, read_data
from app.employers.terms import EmployerKind, EmployerState
from app.regions import gazetteer

Area = Literal["local", "welfare", "province", "outside"]
_KINDS = {kind.value: kind for kind in EmployerKind}
AREAS: tuple[Area, ...] = ("local", "welfare", "province", "outside")


@dataclass(frozen=True, slots=True)
class DemoEmployer:
    """用人单位. `meals` a day: 0, 1 or 3; `pickup` are township codes; `place` is its village, if any.

    `answer_permille` of referrals were answered so far, half of them within `median_answer_hours`.
    """

    number: int
    name: str
    kind: EmployerKind
    area: Area
    region_code: str
    place: DemoPlace | None
    address: str
    credit_code: str | None
    contact_name: str
    contact_phone: str
    state: EmployerState
    answer_permille: int | None
    median_answer_hours: int | None
    trades: tuple[str, ...]
    weight: int
    meals: int
    lodging: bool
    pickup: tuple[str, ...]
    spreads: bool
    intro: str

    @property
    def is_far(self) -> bool:
        """Outside the city: other pay, and people travel there together."""
        return not self.region_code.startswith("6102")


def build_employers(places: list[DemoPlace]) -> list[DemoEmployer]:
    """In the order of the list, numbered from 1; five of them still wait to be verified."""
    towns = {place.town_name: place.town_code for place in places}
    rows = [(area, row) for area in AREAS for row in read_data("employers.toml")[area]]
    waiting = {Dice("employers", "waiting", n).below(len(rows)) for n in range(5)}
    return [
        _employer(number, area, row, places, towns, waits=number in waiting and area == "local")
        for number, (area, row) in enumerate(rows, 1)
    ]


def _employer(
    number: int,
    area: Area,
    row: dict[str, Any],
    places: list[DemoPlace],
    towns: dict[str, str],
    *,
    waits: bool,
) -> DemoEmployer:
    dice = Dice("employers", row["name"])
    town_code = towns.get(row["at"])
    place = _place(dice, row, [place for place in places if place.town_code == town_code])
    region_code = place.code if place else town_code or row["at"]
    where = f"耀州区{row['at']}{place.name if place else ''}" if town_code else gazetteer.get(row["at"]).name
    male = dice.chance(60)
    surname = names.surname(dice)
    answers = not waits and dice.chance(75)  # the rest had too few referrals to say
    kind = _KINDS[row["kind"]]
    return DemoEmployer(
        number=number,
        name=row["name"],
        kind=kind,
        area=area,
        region_code=region_code,
        place=place,
        address=where + row["address"].removeprefix(row["at"]),
        credit_code=numbers.credit_code(kind.value, 10_000_000 + number * 7_919),
        contact_name=surname + names.given_name(dice, dice.between(1965, 1995), male=male),
        contact_phone=numbers.phone(10_000 + number),
        state=EmployerState.PENDING if waits else EmployerState.VERIFIED,
        answer_permille=dice.between(480, 990, 10) if answers else None,
        median_answer_hours=dice.between(3, 90) if answers else None,
        trades=tuple(row["trades"].split()),
        weight=row["weight"],
        meals=row.get("meals", 0),
        lodging=bool(row.get("lodging")),
        pickup=_codes(row.get("bus", ()), towns),
        spreads=bool(row.get("spread")),
        intro=row["intro"],
    )


def _place(dice: Dice, row: dict[str, Any], near: list[DemoPlace]) -> DemoPlace | None:
    """The named village, or any village of the township for a rural employer."""
    if "village" in row:
        return next(place for place in near if place.name == row["village"])
    villages = [place for place in near if not place.is_community]
    return dice.pick(villages) if row.get("rural") and villages else None


def _codes(town_names: Iterable[str], towns: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted(towns[name] for name in town_names))
