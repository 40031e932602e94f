"""区划的出入格式: what the API shows of a place, and a village as an office sends it."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from app.regions import gazetteer
from app.regions.models import Region
from app.regions.projection import unproject
from app.regions.terms import Level


class RegionOut(BaseModel):
    """区划: one place. `path` is the full name; `lng`, `lat` are GCJ-02 degrees, null where no point
    is known."""

    code: str
    name: str
    short_name: str
    level: Level
    levels: list[Level]
    parent_code: str | None
    path: str
    children_count: int
    lng: float | None
    lat: float | None


class RegionStep(BaseModel):
    """上级: one step of the way down to a place."""

    code: str
    name: str


class RegionDetail(RegionOut):
    """区划详情: one place with all places above it, from the province down to itself."""

    ancestors: list[RegionStep]


class VillageIn(BaseModel):
    """村: a village an office adds. The first 9 digits of its code are its town's."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    code: str = Field(pattern=r"^\d{12}$")
    name: str = Field(min_length=1, max_length=60)
    lng: float | None = Field(default=None, ge=73, le=136)
    lat: float | None = Field(default=None, ge=3, le=54)


def show_region(region: Region, children_counts: Mapping[str, int]) -> RegionOut:
    """A row of the table as the API shows it."""
    return RegionOut.model_validate(_fields(region, children_counts))


def show_region_detail(region: Region, children_counts: Mapping[str, int]) -> RegionDetail:
    """As show_region, with the places above."""
    steps = [RegionStep(code=step.code, name=step.name) for step in gazetteer.ancestors(region.code)]
    if region.level is Level.VILLAGE:
        steps.append(RegionStep(code=region.code, name=region.name))
    return RegionDetail.model_validate({**_fields(region, children_counts), "ancestors": steps})


def _fields(region: Region, children_counts: Mapping[str, int]) -> dict[str, object]:
    division = gazetteer.find(region.code)
    path = gazetteer.path_name(region.code)
    lng, lat = (
        unproject(region.x, region.y) if region.x is not None and region.y is not None else (None, None)
    )
    return {
        "code": region.code,
        "name": region.name,
        "short_name": region.short_name,
        "level": region.level,
        "levels": list(division.levels) if division else [region.level],
        "parent_code": region.parent_code,
        "path": path if division else path + region.name,
        "children_count": children_counts.get(region.code, 0),
        "lng": lng,
        "lat": lat,
    }
