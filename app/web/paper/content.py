"""纸上写什么: what the papers of one village say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.codes.signing import code_url, make_code, make_numbered_code
from app.codes.terms import CodeKind
from app.core.clock import Clock
from app.core.http import ReadSession
from app.jobs import queries as job_queries
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.jobs.terms import JobSort
from app.notifications.terms import HOTLINE
from app.regions import queries as region_queries
from app.regions.terms import Reach
from app.web.formats import PayWords, distance_words, pay_words, phone_words
from app.web.languages import DEFAULT, Language, languages
from app.web.portal.cards import job_card
from app.web.portal.places import Place, find_place
from app.web.portal.ranges import ranges_of
from app.web.reader import first_visit

# As many slips as an A4 board holds in letters that are read from a metre away.
SLIPS: Final = 8
_LOOKED_AT: Final = 80
_OF_ONE_FIRM: Final = 2
_MOST_CHILDREN: Final = 100


@dataclass(frozen=True)
class Office:
    """出码的地方: what is needed to print codes that lead here."""

    public_url: str
    secret_key: str

    def village_url(self, region_code: str) -> str:
        return code_url(self.public_url, make_code(self.secret_key, CodeKind.VILLAGE, region_code))

    def job_url(self, job_id: int) -> str:
        return self.numbered_url(CodeKind.POSTING, job_id)

    def numbered_url(self, kind: CodeKind, number: int) -> str:
        return code_url(self.public_url, make_numbered_code(self.secret_key, kind, number))


@dataclass(frozen=True)
class Slip:
    """纸上的一条岗位. `note` stands beside the title, `where` in the last line; `url` is in its code."""

    job_id: int
    title: str
    note: str
    employer: str
    where: str
    pay: PayWords
    icon: str
    url: str


@dataclass(frozen=True)
class Board:
    """一张岗位表: `heading` with `subtitle`, the slips, and how many more there are than fit."""

    heading: str
    subtitle: str
    is_near: bool
    slips: tuple[Slip, ...]
    more: int


@dataclass(frozen=True)
class VillagePapers:
    """一个村的纸: what its poster and its two boards say. `phone` is the officer's, or the hotline; `mark`
    the number at the poster's foot, by which staff find its code; `heading` its first line."""

    code: str
    name: str
    above: str
    officer: str
    phone: str
    url: str
    printed_on: date
    near: Board
    away: Board
    mark: str
    heading: str


def villages_in(session: ReadSession, region_code: str) -> Iterator[str]:
    """The villages at or below a place, in the order of their codes; a town without villages stands for
    itself. Raises UnknownRegion."""
    if len(region_code) == 12:
        yield region_code
        return
    children = list(_children(session, region_code))
    if not children and len(region_code) == 9:
        yield region_code
    for child in children:
        yield from villages_in(session, child)


def _children(session: ReadSession, region_code: str) -> Iterator[str]:
    cursor: str | None = None
    while True:
        page, cursor = region_queries.list_children(session, region_code, limit=_MOST_CHILDREN, cursor=cursor)
        yield from (region.code for region in page)
        if cursor is None:
            return


def gather_papers(session: ReadSession, region_code: str, office: Office, clock: Clock) -> VillagePapers:
    """What the papers of one village say today. Raises UnknownRegion."""
    region = region_queries.get_region(session, region_code)
    place = find_place(session, region.code, clock.now())
    if place is None:
        raise LookupError(region.code)
    today = clock.today()
    return VillagePapers(
        code=place.code,
        name=place.name,
        above=place.path.removesuffix(place.name),
        officer=place.officer.name if place.officer else "",
        phone=phone_words(place.officer.phone) if place.officer else HOTLINE,
        url=office.village_url(place.code),
        printed_on=today,
        near=_board(session, place, office, today, is_near=True),
        away=_board(session, place, office, today, is_near=False),
        mark=place.code,
        heading=f"{place.name} · 找活扫这儿",
    )


def _board(session: ReadSession, place: Place, office: Office, today: date, *, is_near: bool) -> Board:
    language = languages()[DEFAULT]
    county = next((each for each in ranges_of(place.code, language) if each.reach is Reach.COUNTY), None)
    near_name = county.name if county else "附近"
    if is_near:
        filters = JobFilters(region_code=place.code, within=Reach.COUNTY, near=place.point)
    else:
        filters = JobFilters(
            region_code=place.code, within=Reach.ANYWHERE, beyond=Reach.COUNTY, sort=JobSort.WAGE
        )
    found, _next = job_queries.list_open_jobs(session, filters, today, limit=_LOOKED_AT)
    jobs = choose_varied(found)
    counts = job_queries.count_by_reach(session, place.code, today)
    in_county = counts[Reach.COUNTY]
    total = in_county if is_near else counts[Reach.ANYWHERE] - in_county
    return Board(
        heading=f"离家近的活（{near_name}）" if is_near else "外头的活（管住的多）",
        subtitle="绿头的，天天能回家" if is_near else "红头的，要在外头住",
        is_near=is_near,
        slips=tuple(_slip(job, place, office, language) for job in jobs),
        more=max(0, total - len(jobs)),
    )


def choose_varied(jobs: Sequence[JobPosting]) -> list[JobPosting]:
    """The first postings that fill a board, at most _OF_ONE_FIRM of one employer and no title twice; where
    that leaves room, the first of the others fill it."""
    chosen: list[JobPosting] = []
    for job in jobs:
        same_firm = sum(other.employer_id == job.employer_id for other in chosen)
        is_new = all(other.title != job.title for other in chosen)
        if len(chosen) < SLIPS and same_firm < _OF_ONE_FIRM and is_new:
            chosen.append(job)
    taken = {job.id for job in chosen}
    return chosen + [job for job in jobs if job.id not in taken][: SLIPS - len(chosen)]


def _slip(job: JobPosting, place: Place, office: Office, language: Language) -> Slip:
    card = job_card(job, first_visit(language), place)
    way = distance_words(language, card.where)
    return Slip(
        job_id=job.id,
        title=card.title,
        note="，".join(filter(None, (f"要 {job.openings - job.filled} 人", card.tag))),
        employer=job.employer.name,
        where="，".join(filter(None, (way, *(fact.text for fact in card.facts)))),
        pay=pay_words(language, card.pay),
        icon=card.icon,
        url=office.job_url(job.id),
    )
