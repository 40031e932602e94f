"""工作人员: the county's officers, one account of every role, village officers for all villages.

Phones: serial 0..9,999 of the demo range (`numbers.phone`); employers and people have other blocks.
"""

from dataclasses import dataclass

from app.accounts.terms import Role
from app.demo import names, numbers
from app.demo.dice import Dice
from app.demo.places import COUNTY_CODE, DemoPlace

FIRST_VILLAGE = "柳树塬村"
"""The village whose code the demo prints; its officer has the user name `village`."""


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """工作人员: `region_code` is what the role covers."""

    username: str
    name: str
    role: Role
    region_code: str
    phone: str
    title: str


def build_staff(places: list[DemoPlace]) -> list[DemoOfficer]:
    """Named sign-ins first (village, township, county, city, province, admin, auditor), then the rest."""
    dice = Dice("staff")
    home = next(place for place in places if place.name == FIRST_VILLAGE)
    posts: list[tuple[str, Role, str, str]] = [
        ("village", Role.VILLAGE_OFFICER, home.code, "就业信息员"),
        ("township", Role.TOWNSHIP_OFFICER, home.town_code, "劳保所所长"),
        ("county", Role.COUNTY_OFFICER, COUNTY_CODE, "就业局干事"),
        ("county2", Role.COUNTY_OFFICER, COUNTY_CODE, "就业局副局长"),
        ("county3", Role.COUNTY_OFFICER, COUNTY_CODE, "人社专员"),
        ("city", Role.CITY_VIEWER, "610200", "市就业中心"),
        ("province", Role.PROVINCE_VIEWER, "610000", "省人社厅"),
        ("admin", Role.ADMIN, COUNTY_CODE, "系统管理员"),
        ("auditor", Role.AUDITOR, COUNTY_CODE, "审计员"),
    ]
    towns = sorted({place.town_code for place in places})
    for town in towns:
        posts += [
            (f"township{town[6:]}.{n}", Role.TOWNSHIP_OFFICER, town, "劳保所干事")
            for n in ((2,) if town == home.town_code else (1, 2))
        ]
    posts += [
        ("broker" if n == 0 else f"broker{n + 1}", Role.BROKER, town, "劳务经纪人")
        for n, town in enumerate([home.town_code, *(town for town in towns if town > "610204100")][:7])
    ]
    posts += [
        (f"village{place.code[6:]}", Role.VILLAGE_OFFICER, place.code, "就业信息员")
        for place in places
        if place is not home
    ]
    return [_officer(dice, serial, *post) for serial, post in enumerate(posts)]


def _officer(dice: Dice, serial: int, username: str, role: Role, region_code: str, title: str) -> DemoOfficer:
    born_year = dice.between(1966, 1998)
    male = dice.chance(45)
    name = names.surname(dice) + names.given_name(dice, born_year, male=male)
    if username == "village":
        name = "王桂兰"  # as in the design's mock-ups
    return DemoOfficer(username, name, role, region_code, numbers.phone(serial), title)
