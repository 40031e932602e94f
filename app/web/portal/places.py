"""所在地: the reader's place with its officer, and the steps of choosing another one."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries as account_queries
from app.core.http import ReadSession
from app.regions import gazetteer
from app.regions import queries as region_queries
from app.regions.gazetteer import Point
from app.regions.models import Region
from app.web.portal.views import Officer, PlaceChoice, Places, PlaceView
from app.web.reader import Reader

_MOST_FOUND = 20
_MOST_LOOKED_AT = 200
_MOST_BELOW = 300


@dataclass(frozen=True)
class Place:
    """所在地: a division or village that exists. `point` in projected metres, None where none is known.

    `point_is_own` tells a village's own point from the centre of its town.
    """

    code: str
    name: str
    above: str
    path: str
    point: Point | None
    point_is_own: bool = False
    officer: Officer | None = None

    def view(self) -> PlaceView:
        return PlaceView(self.code, self.name, self.above, self.path, self.officer)


def find_place(session: ReadSession, code: str | None, now: datetime) -> Place | None:
    """The place of a region code (today's code for an old one) with its officer at `now`.

    None for no or an unknown code.
    """
    current = gazetteer.current_code(code) if code else None
    region = region_queries.find_region(session, current) if current else None
    if region is None:
        return None
    duty = account_queries.find_duty_officer(session, region.code, now)
    names = [*gazetteer.path(region.code)]
    if len(region.code) == 12:
        names.append(region.name)
    own = (region.x, region.y) if region.x is not None and region.y is not None else None
    return Place(
        region.code,
        region.name,
        names[-2] if len(names) > 1 else "",
        "".join(names),
        own or gazetteer.point(region.code),
        point_is_own=own is not None and len(region.code) == 12,
        officer=Officer(duty.name, duty.phone) if duty else None,
    )


def list_places(session: ReadSession, reader: Reader, inside: str, words: str) -> Places:
    """One step of choosing: what a typed name fits, or what lies below `inside` (else the provinces)."""
    if words.strip():
        found, _next = region_queries.search_regions(session, words, limit=_MOST_LOOKED_AT)
        # A village is what people type; the towns of that name all over the country come after it.
        found.sort(key=lambda each: len(each.code) != 12)
        choices = [
            PlaceChoice(each.name, _lies_in(each), reader.url("/", at=each.code))
            for each in found[:_MOST_FOUND]
        ]
        return Places(tuple(choices), words=words, searched=True, back_href=reader.url("/place"))
    here = region_queries.find_region(session, inside) if inside else None
    below = _below(session, here.code if here else None)
    leads_on = region_queries.count_children(session, [each.code for each in below])
    choices = [
        PlaceChoice(
            each.short_name if here is None else each.name,
            "",
            reader.url("/place", **{"in": each.code})
            if each.code in leads_on
            else reader.url("/", at=each.code),
        )
        for each in below
    ]
    if here is None:
        return Places(tuple(choices), back_href=reader.url("/"), first_time=reader.place is None)
    return Places(
        tuple(choices),
        here=here.name,
        stay_href=reader.url("/", at=here.code),
        back_href=reader.url("/place", **{"in": here.parent_code}),
    )


def _lies_in(region: Region) -> str:
    """铜川市耀州区 for a town there; tells places of one name apart."""
    names = gazetteer.path(region.code)
    return "".join(names if len(region.code) == 12 else names[:-1])


def _below(session: ReadSession, code: str | None) -> list[Region]:
    """What lies directly below, without the statistical city level of the four municipalities."""
    below, _next = region_queries.list_children(session, code, limit=_MOST_BELOW)
    found: list[Region] = []
    for each in below:
        if gazetteer.is_statistical_city(each.code):
            found += region_queries.list_children(session, each.code, limit=_MOST_BELOW)[0]
        else:
            found.append(each)
    return found
