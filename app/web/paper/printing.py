"""印纸: the papers of one or more villages in one document."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from app.codes import queries as codes
from app.codes.errors import VillageCodeRecalled
from app.codes.terms import CodeKind
from app.core.clock import Clock
from app.core.http import ReadSession
from app.core.terms import LabelledEnum
from app.web.paper.board import draw_board
from app.web.paper.content import Office, VillagePapers, gather_papers
from app.web.paper.leaflet import draw_leaflets
from app.web.paper.poster import draw_poster
from app.web.paper.sheet import Sheet


class PaperKind(LabelledEnum):
    """纸的种类: what can be printed for a village (DOMAIN A2)."""

    POSTER = "poster", "海报"
    NEAR = "near", "离家近的活"
    AWAY = "away", "外头的活"
    LEAFLET = "leaflet", "传单，一张纸四份"


USUAL: Final = (PaperKind.POSTER, PaperKind.NEAR, PaperKind.AWAY)


def draw_villages(
    session: ReadSession,
    sheet: Sheet,
    villages: Iterable[str],
    kinds: Collection[PaperKind],
    office: Office,
    clock: Clock,
    posters: Mapping[str, int] | None = None,
) -> int:
    """Adds the papers of each village; returns how many villages. `posters` are issued codes by village: a
    poster without one carries the village's own code.

    Raises UnknownRegion, and VillageCodeRecalled for paper that could not be opened.
    """
    count = 0
    for code in villages:
        papers = gather_papers(session, code, office, clock)
        number = (posters or {}).get(code)
        if codes.is_village_recalled(session, papers.code) and (
            number is None or set(kinds) - {PaperKind.POSTER}
        ):
            raise VillageCodeRecalled
        if PaperKind.POSTER in kinds:
            draw_poster(sheet, papers if number is None else as_poster(papers, office, number))
        if PaperKind.NEAR in kinds:
            draw_board(sheet, papers, papers.near)
        if PaperKind.AWAY in kinds:
            draw_board(sheet, papers, papers.away)
        if PaperKind.LEAFLET in kinds:
            draw_leaflets(sheet, papers)
        count += 1
    return count


def as_poster(papers: VillagePapers, office: Office, number: int) -> VillagePapers:
    """The papers with an issued poster's own code."""
    return replace(papers, url=office.numbered_url(CodeKind.POSTER, number), mark=f"海报 {number}")
