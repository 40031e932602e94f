"""用工计划表: what is typed about a demand plan, for firms and for the officers who state one for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData

from app.core.amounts import read_fen
from app.core.errors import FieldProblem, Invalid
from app.demand_plans.models import DemandPlan
from app.demand_plans.schemas import DemandPlanIn
from app.demand_plans.showing import wage_of
from app.employers.models import Employer
from app.jobs.rules import MOST_FEN, yuan
from app.occupations.terms import WageUnit

CARE: Final = (("board", "管饭"), ("lodging", "管住"))
UNITS: Final = tuple(
    (unit.value, f"按{unit.label}") for unit in (WageUnit.MONTH, WageUnit.DAY, WageUnit.HOUR)
)
_TEXTS: Final = ("title", "headcount", "needed_on", "until_on", "region_code", "low", "high", "unit", "note")
_LENGTHS: Final = {"title": 60, "note": 200}

Typed = dict[str, str]


@dataclass(frozen=True)
class PlanForm:
    """用工计划页: `typed` what stands in the fields; `version` 0 for a new one."""

    typed: Mapping[str, str]
    places: tuple[tuple[str, str], ...]
    action: str
    back: str
    token: str = ""
    version: int = 0
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    care: tuple[tuple[str, str], ...] = CARE
    units: tuple[tuple[str, str], ...] = UNITS
    firms: tuple[str, ...] = ()


def blank(firm: Employer | None = None) -> Typed:
    """An empty form: paid by the month, at the firm's own place."""
    usual = {"unit": WageUnit.MONTH.value, "region_code": firm.region_code if firm else "", "care": ""}
    return dict.fromkeys(_TEXTS, "") | {"firm": ""} | usual


def typed_of(plan: DemandPlan) -> Typed:
    """A stored plan as it would be typed."""
    care = " ".join(name for name, _words in CARE if getattr(plan, name))
    return {
        "title": plan.title,
        "headcount": str(plan.headcount),
        "needed_on": plan.needed_on.isoformat(),
        "until_on": plan.until_on.isoformat() if plan.until_on else "",
        "region_code": plan.region_code,
        "low": yuan(plan.wage_min_fen),
        "high": yuan(plan.wage_max_fen),
        "unit": plan.wage_unit.value,
        "note": plan.note,
        "care": care,
        "firm": plan.employer.name,
    }


def read_typed(sent: FormData, typed: Mapping[str, str]) -> Typed:
    """What was sent, laid over `typed`."""
    found = dict(typed)
    for name in (*_TEXTS, "firm"):
        value = sent.get(name)
        if isinstance(value, str):
            found[name] = value.strip()[: _LENGTHS.get(name, 80)]
    return found | {"care": " ".join(str(each) for each in sent.getlist("care"))}


def read_plan(typed: Mapping[str, str]) -> DemandPlanIn:
    """The plan the form speaks of. Raises Invalid (the form's fields named), ValidationError."""
    problems: list[FieldProblem] = []
    low, high = _fen(typed["low"], "low", problems), _fen(typed["high"] or typed["low"], "high", problems)
    heads = typed["headcount"].removesuffix("人").removesuffix("个").strip()
    if not (heads.isascii() and heads.isdigit() and 0 < int(heads[:6]) <= 10_000):
        problems.append(FieldProblem("headcount", "写上要几个人，1 到 10,000，只写数"))
    if not typed["title"]:
        problems.append(FieldProblem("title", "写上要干啥活的人，比如缝纫工"))
    if not typed["needed_on"]:
        problems.append(FieldProblem("needed_on", "写上哪天要人，说不准就写那个月的 1 号"))
    if problems:
        raise Invalid("有几处还要改一下。", fields=problems)
    values: dict[str, Any] = {
        "title": typed["title"],
        "headcount": heads,
        "needed_on": typed["needed_on"],
        "until_on": typed["until_on"] or None,
        "region_code": typed["region_code"],
        "wage_min_fen": low,
        "wage_max_fen": high,
        "wage_unit": typed["unit"] or WageUnit.MONTH.value,
        "note": typed["note"],
        **{name: name in typed["care"].split() for name, _words in CARE},
    }
    return DemandPlanIn.model_validate(values)


_AT: Final = {"wage_min_fen": "low", "wage_max_fen": "high", "employer_id": "firm", "occupation": "title"}


def at_form(found: list[FieldProblem]) -> dict[str, str]:
    """The service's problems at the fields of the form."""
    return {_AT.get(each.field, each.field): each.message for each in found}


def _fen(text: str, name: str, problems: list[FieldProblem]) -> int | None:
    amount = read_fen(text)
    if amount is None or not 0 < amount <= MOST_FEN:
        problems.append(FieldProblem(name, "写上工钱，只写数，比如 3000"))
        return None
    return amount


@dataclass(frozen=True)
class PlanRow:
    """一个用工计划一行."""

    id: int
    title: str
    firm: str
    line: str
    pay: str
    state: str
    tone: str
    job_id: int | None


_TONES: Final = {"stated": "now", "posted": "ok", "withdrawn": ""}


def plan_row(plan: DemandPlan) -> PlanRow:
    """A plan in words."""
    until = f"，做到 {_day(plan.until_on)}" if plan.until_on else ""
    care = "".join(f"，{words}" for name, words in CARE if getattr(plan, name))
    return PlanRow(
        plan.id,
        plan.title,
        plan.employer.name,
        f"{_day(plan.needed_on)} 要 {plan.headcount:,} 个{until}",
        f"{wage_of(plan)}{care}",
        plan.state.label,
        _TONES[plan.state.value],
        plan.job_id,
    )


def _day(day: Any) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
