"""家门口的厂: recognised community factories, workshops and bases near the reader's place; their postings."""

from dataclasses import dataclass
from datetime import date
from math import isqrt
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.core.http import CurrentClock, CurrentSettings, ReadSession
from app.jobs import queries as job_queries
from app.recognised_places import queries
from app.recognised_places.models import RecognisedPlace
from app.regions import gazetteer
from app.regions.scope import contains
from app.vetting.numbers import hide_numbers
from app.web.formats import Where
from app.web.portal.places import Place, find_place
from app.web.portal.routes import portal_page
from app.web.portal.views import PlaceView
from app.web.reader import Reader, read_reader

router = APIRouter(include_in_schema=False)
_COUNTY_DIGITS: Final = 6
_MOST_LOOKED_AT, _MOST_SHOWN, _MOST_JOBS = 300, 30, 5
_FAR: Final = 10**9


@dataclass(frozen=True)
class Workshop:
    """一家厂: what it makes, where, and the postings open there."""

    name: str
    kind: str
    makes: str
    place: str
    where: Where
    jobs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Workshops:
    """家门口的厂 of a county, the nearest first."""

    place: PlaceView
    rows: tuple[Workshop, ...]


@router.get("/workshops")
def show_workshops(
    request: Request, session: ReadSession, clock: CurrentClock, settings: CurrentSettings
) -> Response:
    """Recognised places in the reader's county."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    if place is None:
        return RedirectResponse(reader.url("/place"), status_code=303)
    view = build_workshops(session, reader, place, clock.today())
    return portal_page(request, settings, reader, "portal/workshops.html", view)


def build_workshops(session: ReadSession, reader: Reader, place: Place, today: date) -> Workshops:
    """The nearest first; of a province or city the whole of it. Two statements and the villages' names."""
    found = queries.list_public_places(session, place.code[:_COUNTY_DIGITS].rstrip("0"), _MOST_LOOKED_AT)
    ways = {each.id: _metres(each.region_code, place) for each in found}
    near = sorted(
        found, key=lambda each: (not contains(place.code, each.region_code), ways[each.id], each.id)
    )
    near = near[:_MOST_SHOWN]
    jobs = queries.list_open_jobs_of(session, [each.employer_id for each in near], today)
    names = job_queries.list_village_names(session, [each.region_code for each in near])
    return Workshops(
        place.view(),
        tuple(
            Workshop(
                each.employer.name,
                each.kind.label,
                each.makes,
                _place_words(each, names),
                _where(each, place, ways[each.id]),
                tuple(
                    (reader.url(f"/jobs/{job.id}"), hide_numbers(job.title))
                    for job in jobs[each.employer_id][:_MOST_JOBS]
                ),
            )
            for each in near
        ),
    )


def _metres(region_code: str, place: Place) -> int:
    point = gazetteer.point(region_code)
    if point is None or place.point is None:
        return _FAR
    return isqrt((point[0] - place.point[0]) ** 2 + (point[1] - place.point[1]) ** 2)


def _where(each: RecognisedPlace, place: Place, metres: int) -> Where:
    same_village = len(each.region_code) == 12 and each.region_code == place.code
    same_town = len(place.code) >= 9 and each.region_code[:9] == place.code[:9]
    return Where(
        metres=None if metres == _FAR or same_town else metres,
        about=True,
        same_village=same_village,
        same_town=same_town,
        town=gazetteer.get_nearest(each.region_code).name,
        from_home=len(place.code) == 12,
    )


def _place_words(each: RecognisedPlace, names: dict[str, str]) -> str:
    town = gazetteer.get_nearest(each.region_code).name
    words = f"{town}{names.get(each.region_code, '')}" if len(each.region_code) == 12 else town
    return f"{words}，{each.employer.address}" if each.employer.address else words
