"""劳动力情况: what an invented person of working age can do, wants and is held back by (DOMAIN C2, C3, C4).

Distributions are plausible for a hill county, not measured: much schooling ends at 初中, most work is found
between 40 and 60, and who has small children or old parents at home does not go far.
"""

from dataclasses import dataclass

from app.demo.dice import Dice
from app.demo.places import read_data

_SCHOOLING = (
    (29, [("junior", 28), ("senior", 20), ("vocational", 22), ("college", 20), ("bachelor", 10)]),
    (
        44,
        [("primary", 6), ("junior", 54), ("senior", 16), ("vocational", 12), ("college", 9), ("bachelor", 3)],
    ),
    (59, [("none", 4), ("primary", 25), ("junior", 55), ("senior", 12), ("vocational", 3), ("college", 1)]),
    (199, [("none", 28), ("primary", 46), ("junior", 22), ("senior", 4)]),
)
_LICENCES = [("C1驾照", 58), ("B2驾照", 9), ("A2驾照", 4), ("C2驾照", 6)]
_PAPERS = [
    ("健康证", 30), ("叉车证", 10), ("电工证", 9), ("焊工证", 9), ("母婴护理证", 8), ("育婴证", 6),
    ("保安员证", 6), ("养老护理员证", 8), ("农机驾驶证", 6), ("挖机操作证", 4), ("架子工证", 3),
    ("厨师证", 5),
]  # fmt: skip
SKILLED_PAPERS = frozenset(
    {"叉车证", "电工证", "焊工证", "母婴护理证", "挖机操作证", "架子工证", "厨师证", "A2驾照", "B2驾照"}
)


Reason = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Working:
    """劳动力情况, in the field names and codes of CONTRACT ("A seeker"); money in fen a month.

    Enumerations by their codes. Each reason is a code and an officer's words, or None; `work`, `work_area`
    (how far it is) and `work_wage_fen` describe present work.
    """

    education: str
    labour_class: str
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    travel: str
    wage_floor_fen: int
    wage_floor_unit: str
    shifts: tuple[str, ...]
    needs_board: bool
    needs_lodging: bool
    cares_for_family: bool
    limits: tuple[str, ...]
    profiles: tuple[str, ...]
    welfare_eligible: bool
    status: str
    return_reason: Reason | None
    not_working_reason: Reason | None
    work: str
    work_area: str
    work_wage_fen: int | None


def find_working_life(dice: Dice, age: int, male: bool, studying: bool, dependants: bool) -> Working | None:
    """The working side of somebody of 16 or over; None for those beyond any work."""
    if age >= 76 or (age >= 68 and dice.chance(55)):
        return None
    words = read_data("people.toml")
    education = dice.weighted(next(row for limit, row in _SCHOOLING if age <= limit))
    if studying:
        education = "junior" if age < 18 else "senior"
    ill = dice.chance(3 if age < 45 else 7 if age < 60 else 20)
    certificates = () if studying else _certificates(dice, age)
    labour_class = _labour_class(dice, age, ill, certificates)
    cares = dependants and not studying and dice.chance(30 if male else 62)
    status = _status(dice, age, labour_class, cares, studying)
    returned = status in ("seeking", "not_seeking") and age < 58 and dice.chance(30)
    travel = _travel(dice, age, cares, labour_class)
    area = _work_area(dice, travel) if status == "employed" else ""
    near = area in ("village", "township", "county", "city")
    return Working(
        education=education,
        labour_class=labour_class,
        skills=() if studying else tuple(dice.some(words["skills"], dice.between(0, 3))),
        certificates=certificates,
        travel=travel,
        wage_floor_fen=_wage_floor(dice, labour_class, travel),
        wage_floor_unit="month",
        shifts=("day",) if cares or labour_class in ("semi", "weak") or dice.chance(35) else (),
        needs_board=dice.chance(20),
        needs_lodging=travel in ("province", "anywhere") and dice.chance(80),
        cares_for_family=cares,
        limits=_limits(dice, age, labour_class, education, ill),
        profiles=_profiles(dice, cares),
        welfare_eligible=status in ("seeking", "not_seeking") and labour_class in ("semi", "weak"),
        status=status,
        return_reason=_reason(dice.pick(words["returned"])) if returned else None,
        not_working_reason=_not_working_reason(dice, status, cares, ill),
        work=dice.pick(words["jobs_near" if near else "jobs_away"]) if area else "",
        work_area=area,
        work_wage_fen=dice.between(2_100, 3_800 if near else 7_000, 100) * 100 if area else None,
    )


def _certificates(dice: Dice, age: int) -> tuple[str, ...]:
    found: list[str] = []
    if dice.chance(34 if age < 50 else 12):
        found.append(dice.weighted(_LICENCES) if dice.chance(77) else "C1驾照")
    if dice.chance(13):
        found.append(dice.weighted(_PAPERS))
    return tuple(found)


def _labour_class(dice: Dice, age: int, ill: bool, certificates: tuple[str, ...]) -> str:
    """普通, 技能, 半, 弱 (C3): over 60 is weak; who is ill is semi or weak."""
    if age > 60:
        return "weak"
    if ill:
        return dice.weighted([("semi", 7), ("weak", 3)])
    if SKILLED_PAPERS & set(certificates):
        return "skilled"
    return dice.weighted([("ordinary", 90), ("skilled", 6), ("semi", 4)])


def _status(dice: Dice, age: int, labour_class: str, cares: bool, studying: bool) -> str:
    if studying:
        return "studying"
    if age > 60:
        return dice.weighted(
            [("seeking", 20), ("employed", 16), ("farming", 22), ("not_seeking", 34), ("unable", 8)]
        )
    if labour_class in ("semi", "weak"):
        return dice.weighted(
            [("seeking", 40), ("employed", 20), ("farming", 8), ("not_seeking", 22), ("unable", 10)]
        )
    if cares:
        return dice.weighted(
            [("seeking", 34), ("employed", 40), ("farming", 6), ("not_seeking", 17), ("training", 3)]
        )
    return dice.weighted(
        [
            ("employed", 62),
            ("seeking", 22),
            ("self_employed", 5),
            ("farming", 4),
            ("not_seeking", 4),
            ("training", 3),
        ]
    )


def _travel(dice: Dice, age: int, cares: bool, labour_class: str) -> str:
    if labour_class in ("semi", "weak"):
        return dice.weighted([("village", 40), ("township", 42), ("county", 18)])
    if cares:
        return dice.weighted([("village", 18), ("township", 45), ("county", 32), ("city", 5)])
    if age >= 50:
        return dice.weighted(
            [("township", 22), ("county", 38), ("city", 12), ("province", 16), ("anywhere", 12)]
        )
    return dice.weighted([("township", 8), ("county", 26), ("city", 12), ("province", 26), ("anywhere", 28)])


def _work_area(dice: Dice, travel: str) -> str:
    """Where the present work is: no farther than the person would go."""
    reaches = ("village", "township", "county", "city", "province", "anywhere")
    farthest = reaches.index(travel)
    return reaches[max(farthest - (1 if farthest and dice.chance(30) else 0), 0)]


def _wage_floor(dice: Dice, labour_class: str, travel: str) -> int:
    if labour_class in ("semi", "weak"):
        return dice.between(1_500, 2_200, 100) * 100
    low, high = (2_000, 3_200) if travel in ("village", "township", "county") else (3_200, 5_500)
    return dice.between(low, high, 100) * 100


def _limits(dice: Dice, age: int, labour_class: str, education: str, ill: bool) -> tuple[str, ...]:
    """What the person cannot do; codes shared with a posting's demands."""
    chances = {
        "heavy_lifting": 85 if ill else 60 if labour_class in ("semi", "weak") else 14 if age >= 50 else 3,
        "night": 60 if ill or age > 60 else 24 if age >= 45 else 8,
        "heights": 80 if age > 55 or ill else 20,
        "long_standing": 50 if ill else 14 if age >= 50 else 3,
        "reading": 85 if education == "none" else 18 if education == "primary" else 0,
        "fine_handwork": 26 if age >= 55 else 3,
        "phone_use": 45 if age >= 58 else 12 if age >= 50 else 0,
        "travel": 30 if age >= 55 else 6,
        "dust": 22 if ill else 4,
        "outdoor": 12 if ill else 2,
    }
    return tuple(sorted(limit for limit, percent in chances.items() if dice.chance(percent)))


def _profiles(dice: Dice, cares: bool) -> tuple[str, ...]:
    if dice.chance(45):
        return ()
    return dice.weighted(
        [(("long",), 50), (("long", "season"), 20), (("season", "day"), 40 if cares else 16), (("day",), 8)]
    )


def _not_working_reason(dice: Dice, status: str, cares: bool, ill: bool) -> Reason | None:
    if status not in ("seeking", "not_seeking"):
        return None
    words = read_data("people.toml")
    if cares:
        return "care", dice.pick(words["caring"])
    if ill:
        return "health", "身体不好"
    return _reason(dice.pick(words["at_home"]))


def _reason(pair: list[str]) -> Reason:
    code, words = pair
    return code, words
