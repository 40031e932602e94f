"""我的认定: what the office has recognised of the firm, when it is reviewed, how many are counted there."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.core.http import ReadSession
from app.recognised_places import policies, queries
from app.recognised_places.support_kinds import support_name
from app.web.employer.page import FirmDesk, employer_page
from app.web.formats import yuan

router = APIRouter(include_in_schema=False)
ADDRESS: Final = "/employer/recognition"


@dataclass(frozen=True)
class Recognition:
    """一份认定."""

    title: str
    line: str
    due: str
    workers: str
    pay: str
    supports: tuple[str, ...]


@dataclass(frozen=True)
class RecognitionView:
    """我的认定: at most one is in force."""

    rows: tuple[Recognition, ...]


@router.get(ADDRESS)
def show_recognition(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """The firm's entry in the register. Whose household is poor is not told to a firm."""
    firm = desk.find_firm(session)
    if firm is None:
        return RedirectResponse("/employer", 303)
    places = queries.list_places(session, desk.actor, employer_id=firm.id)
    counted = queries.count_workers(session, [firm.id])[firm.id]
    supports = queries.list_supports(session, [place.id for place in places])
    rows = []
    for place in places:
        figures = policies.told(desk.actor, place, counted)
        pay = f"月平均 {yuan(figures.average_fen // 100 * 100)} 元" if figures.average_fen else ""
        got = [f"{each.received_on} {support_name(each.kind_code)}" for each in supports]
        rows.append(
            Recognition(
                f"{place.level.label}{place.kind.label}",
                f"{place.recognised_by}，{place.recognised_on} 认定",
                f"{place.review_due_on} 前年审",
                f"{figures.workers or 0} 人",
                pay,
                tuple(got),
            )
        )
    return employer_page(request, "recognition.html", RecognitionView(tuple(rows)), firm=firm)
