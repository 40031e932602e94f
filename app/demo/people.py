"""求职者与一户一档: 4,000 invented people in 1,300 households of the demo's villages.

Households come as they stand in a county's ledger: old people alone, couples of 40 to 60 with grown children,
three generations under one roof. Children and the very old are there too, so that "nobody under 16 is ever
referred" has something to bite on. Ages are as of `EPOCH`, so that people stay the same persons whatever day
the demo is loaded. Phones: serial 20,000 and up of the demo range.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from app.demo import names, numbers
from app.demo.dice import Dice
from app.demo.labour import Working, find_working_life
from app.demo.places import DemoPlace
from app.demo.postings import share_out
from app.demo.staff import FIRST_VILLAGE
from app.seekers.terms import HouseholdKind, Relation, Sex

EPOCH = date(2026, 11, 22)
HOUSEHOLDS = 1_300
PEOPLE = 4_000
FIRST_VILLAGE_HOUSEHOLDS = 46

_RELATIONS = {
    "户主": Relation.HEAD,
    "配偶": Relation.SPOUSE,
    "儿子": Relation.CHILD,
    "女儿": Relation.CHILD,
    "儿媳": Relation.CHILD_IN_LAW,
    "父亲": Relation.PARENT,
    "母亲": Relation.PARENT,
    "孙子": Relation.GRANDCHILD,
    "孙女": Relation.GRANDCHILD,
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """家庭成员. `working` is None for children under 16 and for those too old or ill to work."""

    number: int
    household_number: int
    name: str
    sex: Sex
    birth_on: date
    id_number: str
    phone: str
    relation: Relation
    education: str
    studying: str
    working: Working | None

    def age_on(self, day: date) -> int:
        """Full years."""
        return age_on(self.birth_on, day)

    def may_seek_on(self, day: date) -> bool:
        """Whether the person may be shown as looking for work at all: 16 or over, able, and not at school."""
        return self.working is not None and self.age_on(day) >= 16 and not self.studying


@dataclass(frozen=True, slots=True)
class DemoHousehold:
    """户. The first member is the head."""

    number: int
    region_code: str
    address: str
    kinds: tuple[HouseholdKind, ...]
    officer: str
    members: tuple[DemoPerson, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A member before names and numbers: years of age on EPOCH."""

    relation: str
    male: bool
    age: int


def age_on(born_on: date, day: date) -> int:
    """Full years of age."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def build_households(places: list[DemoPlace]) -> list[DemoHousehold]:
    """All households, village by village."""
    sizes = _sizes(Dice("people", "sizes"))
    weights = [7 if place.is_community else 10 for place in places]
    first = next(i for i, place in enumerate(places) if place.name == FIRST_VILLAGE)
    weights[first] = 0
    counts = share_out(HOUSEHOLDS - FIRST_VILLAGE_HOUSEHOLDS, weights)
    counts[first] = FIRST_VILLAGE_HOUSEHOLDS
    used: Counter[date] = Counter()
    households: list[DemoHousehold] = []
    people = 0
    for place, count in zip(places, counts, strict=True):
        for index in range(count):
            number = len(households) + 1
            household = _household(number, people + 1, place, index, sizes[number - 1], used)
            people += len(household.members)
            households.append(household)
    return households


def _sizes(dice: Dice) -> list[int]:
    """Members of each household, together PEOPLE."""
    table = [(1, 11), (2, 27), (3, 26), (4, 21), (5, 10), (6, 5)]
    sizes = [dice.weighted(table) for _ in range(HOUSEHOLDS)]
    while (short := PEOPLE - sum(sizes)) != 0:
        index = dice.below(HOUSEHOLDS)
        step = 1 if short > 0 else -1
        if 2 <= sizes[index] + step <= 6:
            sizes[index] += step
    return sizes


def _household(
    number: int, first_person: int, place: DemoPlace, index: int, size: int, used: Counter[date]
) -> DemoHousehold:
    dice = Dice("household", number)
    kinds = _kinds(dice, place)
    drafts = _members(dice, size)
    surname = names.surname(dice)
    members: list[DemoPerson] = []
    for offset, draft in enumerate(drafts):
        own_name = surname if draft.relation not in ("配偶", "母亲", "儿媳") else names.surname(dice)
        if draft.relation == "配偶" and draft.male:
            own_name = names.surname(dice)
        person = Dice("person", number, offset)
        born_on = _birthday(person, draft.age)
        studying = _school(person, draft.age)
        working = None
        if draft.age >= 16:
            working = find_working_life(person, draft.age, draft.male, bool(studying), _dependants(drafts))
        sequence = used[born_on]
        used[born_on] += 1
        members.append(
            DemoPerson(
                number=first_person + offset,
                household_number=number,
                name=own_name + names.given_name(person, born_on.year, male=draft.male),
                sex=Sex.MALE if draft.male else Sex.FEMALE,
                birth_on=born_on,
                id_number=numbers.id_number(born_on, sequence, male=draft.male),
                phone=numbers.phone(20_000 + first_person + offset) if _has_phone(person, draft.age) else "",
                relation=_RELATIONS[draft.relation],
                education=working.education if working else _schooling(draft.age),
                studying=studying,
                working=working,
            )
        )
    officer = "village" if place.name == FIRST_VILLAGE else f"village{place.code[6:]}"
    unit = "组" if not place.is_community else "号楼"
    address = f"{place.label}{dice.between(1, 6)}{unit}{index + 1}号"
    return DemoHousehold(number, place.code, address, kinds, officer, tuple(members))


def _kinds(dice: Dice, place: DemoPlace) -> tuple[HouseholdKind, ...]:
    kind = HouseholdKind
    kinds = [
        dice.weighted(
            [
                (kind.ORDINARY, 62),
                (kind.LIFTED, 31),
                (kind.UNSTABLE, 2),
                (kind.BORDERLINE, 3),
                (kind.SUDDEN, 2),
            ]
        )
    ]
    if dice.chance(70 if "新居" in place.name or "安置点" in place.name else 4):
        kinds.append(kind.RELOCATED)
    if dice.chance(12 if kinds[0] is not kind.ORDINARY else 2):
        kinds.append(kind.LOW_INCOME)
    return tuple(kinds)


def _members(dice: Dice, size: int) -> list[_Draft]:
    """Head, spouse, children and parents in plausible years; never a parent under 20."""
    if size == 1:
        age = dice.between(62, 84) if dice.chance(55) else dice.between(36, 61)
        return [_Draft("户主", dice.chance(62), age)]
    if size == 2 and dice.chance(45):
        return _couple(dice, dice.between(61, 80))
    if size == 2 and dice.chance(
        30
    ):  # a grown child with an old mother or father, or one parent with a child
        if dice.chance(60):
            age = dice.between(34, 58)
            mother = dice.chance(65)
            return [
                _Draft("户主", dice.chance(80), age),
                _Draft("母亲" if mother else "父亲", not mother, age + dice.between(21, 30)),
            ]
        age = dice.between(30, 52)
        return [_Draft("户主", dice.chance(50), age), _child(dice, age)]
    if size >= 5 and dice.chance(45):
        return _three_generations(dice, size)
    middle = dice.chance(72)
    drafts = _couple(dice, dice.between(41, 59) if middle else dice.between(28, 40))
    head = drafts[0].age
    younger = min(draft.age for draft in drafts)
    for _ in range(size - 2):
        parents = sum(draft.relation in ("父亲", "母亲") for draft in drafts)
        if parents < 2 and head < 58 and dice.chance(26):
            has_mother = any(draft.relation == "母亲" for draft in drafts)
            drafts.append(_Draft("父亲" if has_mother else "母亲", has_mother, head + dice.between(21, 29)))
        else:
            drafts.append(_child(dice, younger))
    return drafts


def _couple(dice: Dice, age: int) -> list[_Draft]:
    head_is_man = dice.chance(84)
    return [
        _Draft("户主", head_is_man, age),
        _Draft("配偶", not head_is_man, max(22, age - dice.between(-2, 4))),
    ]


def _child(dice: Dice, parent_age: int) -> _Draft:
    oldest = min(parent_age - 20, 33)
    male = dice.chance(52)
    return _Draft("儿子" if male else "女儿", male, dice.between(max(0, oldest - 15), oldest))


def _three_generations(dice: Dice, size: int) -> list[_Draft]:
    age = dice.between(50, 62)
    drafts = _couple(dice, age)
    son = dice.between(25, min(36, min(draft.age for draft in drafts) - 21))
    drafts += [_Draft("儿子", True, son), _Draft("儿媳", False, max(22, son - dice.between(-1, 3)))]
    for _ in range(size - 4):
        male = dice.chance(52)
        drafts.append(_Draft("孙子" if male else "孙女", male, dice.between(0, max(1, son - 23))))
    return drafts


def _dependants(drafts: list[_Draft]) -> bool:
    """Whether the household has small children or very old people to be cared for."""
    return any(draft.age < 12 or draft.age >= 78 for draft in drafts)


def _birthday(dice: Dice, age: int) -> date:
    """A day on which somebody of `age` full years on EPOCH was born."""
    month, day = dice.between(1, 12), dice.between(1, 28)
    year = EPOCH.year - age - ((month, day) > (EPOCH.month, EPOCH.day))
    return date(year, month, day)


def _school(dice: Dice, age: int) -> str:
    """What the person attends; "" = nothing."""
    for low, high, school, percent in (
        (6, 11, "小学", 100),
        (12, 14, "初中", 100),
        (15, 17, "高中", 92),
        (18, 21, "大学", 45),
        (22, 23, "大学", 15),
    ):
        if low <= age <= high and dice.chance(percent):
            return school if school != "高中" or dice.chance(65) else "职教中心"
    return ""


def _schooling(age: int) -> str:
    """Schooling completed by a child."""
    return "none" if age < 12 else "primary" if age < 15 else "junior"


def _has_phone(dice: Dice, age: int) -> bool:
    return dice.chance(0 if age < 14 else 96 if age < 60 else 78 if age < 72 else 45)
