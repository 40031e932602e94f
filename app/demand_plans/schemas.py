"""用工计划的输入输出: one shape for JSON bodies and HTML forms."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.demand_plans.models import DemandPlan, DemandPlanVersion
from app.demand_plans.rules import BalanceRow
from app.demand_plans.terms import DemandPlanAction, DemandPlanState
from app.employers.schemas import Code
from app.jobs.rules import MOST_FEN, MOST_OPENINGS
from app.occupations.classification import occupation_name
from app.occupations.terms import WageUnit

Fen = Annotated[int, Field(ge=0, le=MOST_FEN)]


class DemandPlanIn(BaseModel):
    """报用工计划: `occupation` is a code or own words (left out: read from the title); wages are integer fen
    for one `wage_unit`; `until_on` is the last day of a season."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    occupation: Annotated[str, StringConstraints(min_length=1, max_length=30)] | None = None
    headcount: Annotated[int, Field(ge=1, le=MOST_OPENINGS)]
    needed_on: date
    until_on: date | None = None
    region_code: Code
    wage_min_fen: Fen
    wage_max_fen: Fen
    wage_unit: Literal[WageUnit.MONTH, WageUnit.DAY, WageUnit.HOUR] = WageUnit.MONTH
    board: bool = False
    lodging: bool = False
    note: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def check(self) -> Self:
        if self.wage_min_fen > self.wage_max_fen:
            raise ValueError("最低工资比最高工资还高，请改一下。")
        if self.until_on is not None and self.until_on < self.needed_on:
            raise ValueError("做到哪天，要在上班那天以后。")
        return self


class NewDemandPlan(DemandPlanIn):
    """给一家单位报计划."""

    employer_id: int


class DemandPlanOut(BaseModel):
    """用工计划."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    employer_id: int
    title: str
    occupation_code: str | None
    occupation_name: str | None
    headcount: int
    needed_on: date
    until_on: date | None
    region_code: str
    wage_min_fen: int
    wage_max_fen: int
    wage_unit: WageUnit
    board: bool
    lodging: bool
    note: str
    state: DemandPlanState
    job_id: int | None
    version: int
    employer_name: str

    @classmethod
    def of(cls, plan: DemandPlan) -> "DemandPlanOut":
        """Of a plan with its employer loaded."""
        same = {name: getattr(plan, name) for name in cls.model_fields if hasattr(plan, name)}
        code = plan.occupation_code
        names = {"occupation_name": occupation_name(code) if code else None}
        return cls.model_validate(same | names | {"employer_name": plan.employer.name})


class DemandPlanVersionOut(BaseModel):
    """计划的一个版本."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    action: DemandPlanAction
    content: dict[str, Any]
    actor_id: int | None
    at: datetime

    @classmethod
    def of(cls, version: DemandPlanVersion) -> "DemandPlanVersionOut":
        return cls.model_validate(version)


class BalanceCellOut(BaseModel):
    """一个工种一个月; null: too few people to be told."""

    model_config = ConfigDict(from_attributes=True)

    month_on: date
    needed: int
    needed_by_then: int
    free_by_then: int | None
    short: int | None


class BalanceRowOut(BaseModel):
    """一个工种的供需."""

    group: str
    name: str
    cells: list[BalanceCellOut]

    @classmethod
    def of(cls, row: BalanceRow) -> "BalanceRowOut":
        cells = [BalanceCellOut.model_validate(cell) for cell in row.cells]
        return cls(group=row.group, name=row.name, cells=cells)
