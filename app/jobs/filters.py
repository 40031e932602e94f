"""岗位列表的筛选条件: reads what a list is asked for (address parameters) into `JobFilters`."""

import re
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from app.core.errors import FieldProblem, Invalid
from app.employers.terms import EmployerKind
from app.jobs.queries import JobFilters, Point
from app.jobs.terms import JobSort, JobState
from app.occupations.classification import find_occupation, level_of
from app.occupations.reading import read_occupation
from app.regions.gazetteer import find_nearest
from app.regions.projection import project
from app.regions.terms import Reach

_CODE: Final = re.compile(r"\d-\d{2}-\d{2}-\d{2}")
_PREFIX_DIGITS: Final = {"major": 2, "middle": 5, "group": 8, "fine": 10}


class JobListQuery(BaseModel):
    """岗位列表要什么 (CONTRACT, GET /jobs).

    `near` is "lng,lat"; `occupation` a code of any level or words; `state` asks for the postings in one's own
    care instead of the public ones.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    region: Annotated[str, Field(max_length=12)] | None = None
    q: Annotated[str, Field(max_length=100)] = ""
    occupation: Annotated[str, Field(max_length=40)] | None = None
    within: Reach | None = None
    near: Annotated[str, Field(max_length=40)] | None = None
    radius_km: Annotated[float, Field(gt=0, le=5000)] | None = None
    employer_kind: EmployerKind | None = None
    employer_id: int | None = None
    sort: JobSort | None = None
    state: JobState | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, Field(max_length=400)] | None = None

    def to_filters(self) -> JobFilters:
        """Raises Invalid where a place, an occupation or a point is not known."""
        if self.region is not None and find_nearest(self.region) is None:
            raise Invalid(fields=[FieldProblem("region", "没有这个地区，请重新选")])
        if self.within is not None and self.region is None:
            raise Invalid(fields=[FieldProblem("region", "说了多远，还要说从哪里算起")])
        if self.radius_km is not None and self.near is None:
            raise Invalid(fields=[FieldProblem("near", "说了多少公里，还要说从哪里算起")])
        return JobFilters(
            region_code=self.region,
            within=self.within,
            query=self.q,
            occupations=read_occupation_prefixes(self.occupation) if self.occupation else (),
            near=read_point(self.near) if self.near else None,
            radius_m=round(self.radius_km * 1000) if self.radius_km is not None else None,
            employer_kind=self.employer_kind,
            employer_id=self.employer_id,
            sort=self.sort,
        )


def occupation_prefix(code: str) -> str:
    """What the codes of everything inside an occupation begin with: 4-01-00-00 -> '4-01-'."""
    return code[: _PREFIX_DIGITS[level_of(code)]]


def read_occupation_prefixes(text: str) -> tuple[str, ...]:
    """Prefixes for a code of any level or for words. Raises Invalid."""
    code: str | None = text
    if not _CODE.fullmatch(text):
        code = read_occupation(text).code
    elif find_occupation(text) is None:
        code = None
    if code is None:
        raise Invalid(fields=[FieldProblem("occupation", "没认出是什么工种，请换个说法")])
    return (occupation_prefix(code),)


def read_point(text: str) -> Point:
    """Projected metres of "lng,lat". Raises Invalid."""
    lng, _, lat = text.replace("，", ",").partition(",")
    try:
        return project(float(lng), float(lat))
    except ValueError as error:
        raise Invalid(fields=[FieldProblem("near", "要写成“经度,纬度”，例如 108.98,34.91")]) from error
