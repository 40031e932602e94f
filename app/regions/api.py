"""区划接口: the tree of places, public."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.core.http import ReadSession, Route
from app.core.pagination import MAX_LIMIT, Page
from app.regions import queries
from app.regions.schemas import RegionDetail, RegionOut, show_region, show_region_detail

router = APIRouter(prefix="/regions", tags=["regions"], route_class=Route)

_CODE_PATTERN = r"^\d{6}(\d{3}|\d{6})?$"
Parent = Annotated[
    str | None, Query(pattern=_CODE_PATTERN, description="上级区划代码；不填是各省，和 q 一起填是搜索范围")
]
Words = Annotated[str | None, Query(max_length=40, description="名称、拼音或首字母")]
Cursor = Annotated[str | None, Query(max_length=200)]
PageSize = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


@router.get("")
def list_regions(
    session: ReadSession,
    parent: Parent = None,
    q: Words = None,
    cursor: Cursor = None,
    limit: PageSize = MAX_LIMIT,
) -> Page[RegionOut]:
    """下级区划, or with `q` the places called so (inside `parent`, if one is given)."""
    if q and q.strip():
        regions, following = queries.search_regions(session, q, within=parent, limit=limit, cursor=cursor)
    else:
        regions, following = queries.list_children(session, parent, limit=limit, cursor=cursor)
    counts = queries.count_children(session, [region.code for region in regions])
    return Page(items=[show_region(region, counts) for region in regions], next=following)


@router.get("/{code}")
def get_region(session: ReadSession, code: Annotated[str, Path(pattern=_CODE_PATTERN)]) -> RegionDetail:
    """一个区划 with the places above it."""
    region = queries.get_region(session, code)
    return show_region_detail(region, queries.count_children(session, [code]))
