"""首页、岗位列表、工种: what hangs on the board of the reader's place."""

from dataclasses import replace
from datetime import date

from app.core.http import ReadSession
from app.employers.terms import EmployerKind
from app.jobs.board import OpenJobs
from app.jobs.queries import JobFilters
from app.jobs.terms import JobSort
from app.regions.terms import Reach
from app.web.portal.cards import job_card
from app.web.portal.kinds import KINDS, Kind, cover
from app.web.portal.places import Place
from app.web.portal.ranges import Range, choose_range, ranges_of
from app.web.portal.views import Elsewhere, Empty, Home, JobList, Kinds, Tile
from app.web.reader import Reader

PAGE_SIZE = 20
_NEAREST = 3
# Who leaves home for work asks for the pay first; near home the way decides.
_BY_PAY = frozenset({Reach.PROVINCE, Reach.ANYWHERE})


def build_home(session: ReadSession, reader: Reader, place: Place, today: date) -> Home:
    """首页 of a place: counts by distance and the nearest postings."""
    open_jobs = OpenJobs(session, today)
    filters = JobFilters(region_code=place.code, within=Reach.ANYWHERE, near=place.point)
    nearest, _next = open_jobs.list_open_jobs(filters, limit=_NEAREST)
    counts = open_jobs.count_by_reach(place.code)
    ranges = ranges_of(place.code, reader.language)
    first = next((each for each in ranges if each.count(counts)), None)
    label = ""
    if first is not None:
        label = reader.language.gettext("看%(range)s全部 %(n)s 个") % {
            "range": first.name,
            "n": f"{first.count(counts):,}",
        }
    return Home(
        place=place.view(),
        tiles=_range_tiles(reader, ranges, counts, None),
        nearest=tuple(job_card(job, reader, place) for job in nearest),
        all_href=reader.url("/jobs", far=first.code) if first else "",
        all_label=label,
    )


def _range_tiles(
    reader: Reader, ranges: tuple[Range, ...], counts: dict[Reach, int], now: Range | None, **keep: str | None
) -> tuple[Tile, ...]:
    return tuple(
        Tile(each.name, each.count(counts), reader.url("/jobs", far=each.code, **keep), each == now)
        for each in ranges
    )


def build_jobs(
    session: ReadSession,
    reader: Reader,
    place: Place,
    today: date,
    *,
    far: str,
    kind: Kind | None,
    words: str,
    cursor: str | None,
) -> JobList | Empty:
    """岗位列表, 20 a page, or the page for an empty list. Raises Invalid for a bad cursor."""
    _ = reader.language.gettext
    ranges = ranges_of(place.code, reader.language)
    now = choose_range(ranges, far)
    by_pay = now.reach in _BY_PAY
    filters = JobFilters(
        region_code=place.code,
        within=now.reach,
        beyond=now.beyond,
        query=words,
        near=place.point,
        sort=JobSort.WAGE if by_pay else None,
    )
    filters = narrow(filters, kind)
    open_jobs = OpenJobs(session, today)
    counts = open_jobs.count_by_reach(place.code, filters)
    if not now.count(counts):
        return _empty(open_jobs, reader, place, ranges, now, counts, filters, kind)
    jobs, following = open_jobs.list_open_jobs(filters, limit=PAGE_SIZE, cursor=cursor)
    keep = {"kind": kind.code if kind else None, "q": words or None}
    near_first = _("离%(place)s近的在前头") % {"place": place.name}
    return JobList(
        place=place.view(),
        range_name=now.name,
        total=now.count(counts),
        order=_("工钱高的在前头") if by_pay else near_first,
        tiles=_range_tiles(reader, ranges, counts, now, **keep),
        cards=tuple(job_card(job, reader, place) for job in jobs),
        next_href=reader.url("/jobs", far=now.code, p=following, **keep) if following else None,
        kinds_href=reader.url("/kinds", far=now.code),
        hidden=(("far", now.code),),
        kind=_(kind.label) if kind else "",
        words=words,
        clear_href=reader.url("/jobs", far=now.code) if kind or words else "",
        first_page=cursor is None,
    )


def narrow(filters: JobFilters, kind: Kind | None) -> JobFilters:
    """The filters with a trade added."""
    if kind is None:
        return filters
    if kind.code == "public":
        return replace(filters, employer_kind=EmployerKind.PUBLIC_WELFARE)
    return replace(filters, occupations=cover(kind.code))


def _empty(
    open_jobs: OpenJobs,
    reader: Reader,
    place: Place,
    ranges: tuple[Range, ...],
    now: Range,
    counts: dict[Reach, int],
    filters: JobFilters,
    kind: Kind | None,
) -> Empty:
    _ = reader.language.gettext
    what = {"range": now.name, "kind": _(kind.label) if kind else "", "words": filters.query}
    if filters.query:
        title = _("%(range)s这会儿没有“%(words)s”") % what
    elif kind:
        title = _("%(range)s这会儿没有%(kind)s的活") % what
    else:
        title = _("%(range)s这会儿没有活") % what
    keep = {"kind": kind.code if kind else None, "q": filters.query or None}
    elsewhere = [
        Elsewhere("pin", each.name, each.count(counts), reader.url("/jobs", far=each.code, **keep))
        for each in ranges
        if each.count(counts)
    ][:2]
    if kind or filters.query:
        other = JobFilters(region_code=place.code, within=now.reach, beyond=now.beyond)
        left = open_jobs.count_open_jobs(other)
        if left:
            label = _("%(range)s别的活") % {"range": now.name}
            elsewhere.append(Elsewhere("home", label, left, reader.url("/jobs", far=now.code)))
    return Empty(place.view(), title, tuple(elsewhere))


def build_kinds(session: ReadSession, reader: Reader, place: Place, today: date, *, far: str) -> Kinds:
    """工种选择: every trade with postings in this range, most first."""
    _ = reader.language.gettext
    now = choose_range(ranges_of(place.code, reader.language), far)
    filters = JobFilters(region_code=place.code, within=now.reach, beyond=now.beyond)
    open_jobs = OpenJobs(session, today)
    groups = {kind.code: cover(kind.code) for kind in KINDS if kind.code != "public"}
    counts = open_jobs.count_by_occupations(groups, filters)
    welfare = replace(filters, employer_kind=EmployerKind.PUBLIC_WELFARE)
    counts["public"] = open_jobs.count_open_jobs(welfare)
    ranked = sorted((kind for kind in KINDS if counts[kind.code]), key=lambda kind: -counts[kind.code])
    return Kinds(
        place=place.view(),
        range_name=now.name,
        tiles=tuple(
            Tile(
                _(kind.label),
                counts[kind.code],
                reader.url("/jobs", far=now.code, kind=kind.code),
                icon=kind.icon,
            )
            for kind in ranked
        ),
        back_href=reader.url("/jobs", far=now.code),
        hidden=(("far", now.code),),
    )
