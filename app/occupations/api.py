"""工种接口: the classification, public; needs no database."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.core.http import Route
from app.core.pagination import Page
from app.occupations import classification
from app.occupations.schemas import OccupationOut

router = APIRouter(prefix="/occupations", tags=["occupations"], route_class=Route)


@router.get("")
async def list_occupations(
    q: Annotated[str, Query(max_length=40, description="名称、平常叫法、拼音或首字母；不填给八大类")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Page[OccupationOut]:
    """工种 that fit a typed word, best first; without one, the eight major groups."""
    found = classification.search(q, limit)
    return Page(items=[OccupationOut.of(occupation) for occupation in found], next=None)
