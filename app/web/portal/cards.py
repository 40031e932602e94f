"""岗位卡片: a posting as a slip, and as structured data that search engines read."""

from math import isqrt

from app.core.clock import office_day
from app.jobs import queries as job_queries
from app.jobs.models import JobPosting
from app.matching.rules.places import BLUR_M, TOWN_DIGITS
from app.occupations.certificates import certificate_label
from app.occupations.terms import Suit, WageUnit, WorkProfile
from app.regions import gazetteer
from app.regions.scope import scope_prefix
from app.regions.terms import Level
from app.vetting.numbers import hide_numbers
from app.web.formats import Pay, Where, slip_facts
from app.web.languages import Language
from app.web.portal.kinds import WELFARE_EMPLOYER, kind_of
from app.web.portal.places import Place
from app.web.portal.views import JobCard
from app.web.reader import Reader

_UNIT_TEXT = {
    WageUnit.MONTH: "MONTH",
    WageUnit.DAY: "DAY",
    WageUnit.HOUR: "HOUR",
    WageUnit.YEAR: "YEAR",
    WageUnit.WEEK: "WEEK",
}
# Our own figures: half of a firm's answers within a day; five places or more, and four for each who asks.
FAST_HOURS = 24
_MANY, _FEW = 5, 4
_EMPLOYMENT = {WorkProfile.LONG: "FULL_TIME", WorkProfile.SEASON: "TEMPORARY", WorkProfile.DAY: "PER_DIEM"}


def job_card(job: JobPosting, reader: Reader, place: Place | None) -> JobCard:
    """The slip of a posting whose employer is loaded, as seen from the reader's place."""
    kind = kind_of(job.occupation_code, job.employer.kind)
    return JobCard(
        id=job.id,
        href=reader.url(f"/jobs/{job.id}"),
        title=hide_numbers(job.title),
        employer=job.employer.name,
        icon=kind.icon,
        tint=kind.tint,
        pay=pay_of(job),
        where=where_of(job, place),
        facts=tuple(
            slip_facts(
                reader.language,
                board=job.board,
                lodging=job.lodging,
                shifts=job.shifts,
                night="night" in job.demands,
                pickup=job.transport or bus_comes(job, place),
                by_day=job.profile is WorkProfile.DAY,
            )
        ),
        tag=tag_of(job, reader.language),
        hints=hints_of(job, reader.language),
    )


def hints_of(job: JobPosting, language: Language) -> tuple[str, ...]:
    """Places left; whether the firm answers within a day, and whether few ask for it, where that is known."""
    _ = language.gettext
    left = job.openings - job.filled
    hints = [_("还缺 %(n)s 人") % {"n": left}]
    hours = job.employer.median_answer_hours
    if hours is not None and hours <= FAST_HOURS:
        hints.append(_("回话快"))
    if left >= _MANY and job.applicants * _FEW <= left:
        hints.append(_("报的人少"))
    return tuple(hints)


def pay_of(job: JobPosting) -> Pay:
    """What the posting says of pay."""
    return Pay(
        min_fen=job.wage_min_fen,
        max_fen=job.wage_max_fen,
        unit=job.wage_unit.value if job.wage_unit else None,
        negotiable=job.wage_negotiable,
        estimate_fen=job.estimate_fen,
        text=job.wage_text,
    )


def where_of(job: JobPosting, place: Place | None) -> Where:
    """How far a posting is: in kilometres only where both places are known to a town and lie farther apart
    than the centres that stand for them are blurred."""
    town = gazetteer.ancestor_at(job.region_code, Level.TOWN)
    nearest = town or gazetteer.find_nearest(job.region_code)
    name = nearest.name if nearest else ""
    if place is None:
        return Where(town=name)
    same_town = len(place.code) >= 9 and job.region_code[:9] == place.code[:9]
    metres: int | None = None
    if place.point is not None and job.x is not None and job.y is not None:
        metres = isqrt(job_queries.squared_way(job, place.point))
        blur_m = max(
            BLUR_M[len(scope_prefix(place.code))],
            0 if job.point_is_exact else BLUR_M[len(scope_prefix(job.region_code))],
        )
        if blur_m > BLUR_M[TOWN_DIGITS] or metres < blur_m:
            metres = None
    return Where(
        metres=metres,
        about=not job.point_is_exact or len(place.code) != 12,
        same_village=len(place.code) == 12 and job.region_code == place.code,
        same_town=same_town,
        town=name,
        from_home=len(place.code) == 12,
    )


def bus_comes(job: JobPosting, place: Place | None) -> bool:
    """Whether the employer's bus stops at the reader's place, around it or in it."""
    if place is None:
        return bool(job.pickup)
    here = scope_prefix(place.code)
    return any(here.startswith(scope_prefix(stop)) or stop.startswith(here) for stop in job.pickup)


def tag_of(job: JobPosting, language: Language) -> str:
    """The one tag of a slip: public welfare, a certificate asked for, or what suits people with family."""
    _ = language.gettext
    if job.employer.kind == WELFARE_EMPLOYER:
        return _("公益岗")
    if job.certificates:
        return _("要%(certificate)s") % {"certificate": certificate_label(job.certificates[0])}
    if Suit.HOME_WORK in job.suits:
        return _("能拿回家干")
    if Suit.CARE_HOURS in job.suits:
        return _("能接送娃")
    return ""


def linked_data(job: JobPosting, url: str) -> dict[str, object]:
    """schema.org JobPosting: only what the posting says, and no person's name or phone."""
    path = gazetteer.path(job.region_code)
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": hide_numbers(job.title),
        "description": hide_numbers(job.description or job.title),
        "datePosted": office_day(job.published_at).isoformat(),
        "validThrough": f"{job.valid_until.isoformat()}T23:59:59+08:00",
        "employmentType": _EMPLOYMENT[job.profile],
        "hiringOrganization": {"@type": "Organization", "name": job.employer.name},
        "identifier": {"@type": "PropertyValue", "name": "songgang", "value": str(job.id)},
        "totalJobOpenings": job.openings - job.filled,
        "directApply": False,
        "url": url,
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressCountry": "CN",
                "addressRegion": path[0],
                "addressLocality": "".join(path[1:]) or path[0],
                **({"streetAddress": hide_numbers(job.address)} if job.address else {}),
            },
        },
    }
    if job.wage_unit in _UNIT_TEXT and (job.wage_min_fen is not None or job.wage_max_fen is not None):
        value: dict[str, object] = {"@type": "QuantitativeValue", "unitText": _UNIT_TEXT[job.wage_unit]}
        if job.wage_min_fen is not None:
            value["minValue"] = job.wage_min_fen / 100
        if job.wage_max_fen is not None:
            value["maxValue"] = job.wage_max_fen / 100
        data["baseSalary"] = {"@type": "MonetaryAmount", "currency": "CNY", "value": value}
    return data
