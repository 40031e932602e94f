"""岗位详情: one posting with everything on it, told in the order in which people decide."""

from collections.abc import Mapping
from datetime import date

from app.core.clock import office_day
from app.core.http import ReadSession
from app.jobs import queries as job_queries
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.occupations.certificates import certificate_label
from app.occupations.terms import Demand, Education, Shift, WorkProfile
from app.regions import gazetteer
from app.regions.terms import Reach
from app.vetting.numbers import hide_numbers
from app.web.formats import day_words, distance_words
from app.web.languages import Language, mark
from app.web.portal.cards import job_card, linked_data, where_of
from app.web.portal.places import Place
from app.web.portal.views import Ask, FactBox, Gone, JobPage
from app.web.reader import Reader

_SIMILAR = 2
_SHIFTS: Mapping[str, str] = {
    Shift.DAY: mark("白班"),
    Shift.NIGHT: mark("夜班"),
    Shift.ROTATING: mark("倒班，要上夜班"),
    Shift.FLEXIBLE: mark("时间自己定"),
}
_PROFILES = {
    WorkProfile.LONG: mark("长期干"),
    WorkProfile.SEASON: mark("干一季"),
    WorkProfile.DAY: mark("干一天结一天"),
}
_DEMANDS: Mapping[str, str] = {
    Demand.HEAVY_LIFTING: mark("要搬重东西"),
    Demand.NIGHT: mark("要上夜班"),
    Demand.HEIGHTS: mark("要爬高"),
    Demand.LONG_STANDING: mark("要长时间站着"),
    Demand.READING: mark("要认字"),
    Demand.OUTDOOR: mark("在外头干"),
    Demand.FINE_HANDWORK: mark("要手细"),
    Demand.PHONE_USE: mark("要会用智能手机"),
    Demand.TRAVEL: mark("要出差"),
    Demand.DUST: mark("有灰"),
}
_SCHOOLING = {
    Education.PRIMARY: mark("小学文化就行"),
    Education.JUNIOR: mark("要初中文化"),
    Education.SENIOR: mark("要高中文化"),
    Education.VOCATIONAL: mark("要中专文化"),
    Education.COLLEGE: mark("要大专文化"),
    Education.BACHELOR: mark("要本科文化"),
    Education.MASTER: mark("要研究生文化"),
}


def build_job(job: JobPosting, reader: Reader, place: Place | None, today: date, public_url: str) -> JobPage:
    """岗位详情 of a posting whose employer is loaded."""
    return JobPage(
        card=job_card(job, reader, place),
        place=place.view() if place else None,
        boxes=_boxes(job, reader.language, place),
        description=tuple(line for line in hide_numbers(job.description).splitlines() if line.strip()),
        wants=_wants(job, reader.language),
        address=hide_numbers(job.address) or gazetteer.path_name(job.region_code),
        trust=_trust(job, reader.language, today),
        ask_href=reader.url(f"/jobs/{job.id}/apply"),
        back_href=reader.url("/jobs"),
        linked_data=linked_data(job, f"{public_url.rstrip('/')}/jobs/{job.id}"),
    )


def _boxes(job: JobPosting, language: Language, place: Place | None) -> tuple[FactBox, ...]:
    _ = language.gettext
    names = gazetteer.path(job.region_code)
    where = distance_words(language, where_of(job, place)) or names[-1]
    shifts = [_(_SHIFTS[code]) for code in job.shifts]
    boxes = [
        FactBox("pin", where, names[-1]),
        FactBox("meal", _("管饭") if job.board else _("不管饭"), _("管住") if job.lodging else _("不管住")),
        FactBox("shift", _("、").join(shifts) or _("几点上班，问一问"), _(_PROFILES[job.profile])),
    ]
    if job.pickup:
        stops = [gazetteer.find_nearest(code) for code in job.pickup]
        boxes.append(FactBox("bus", _("有车接"), _("、").join(stop.name for stop in stops[:2] if stop)))
    elif job.transport:
        boxes.append(FactBox("bus", _("有车接"), _("在哪儿上车，问一问")))
    else:
        boxes.append(FactBox("bus", _("自己去"), _("没说有班车")))
    return tuple(boxes)


def _wants(job: JobPosting, language: Language) -> tuple[str, ...]:
    _ = language.gettext
    left = job.openings - job.filled
    lines = [_("要 %(n)s 个，还缺 %(left)s 个。") % {"n": job.openings, "left": left}]
    if job.filled == 0:
        lines = [_("要 %(n)s 个。") % {"n": job.openings}]
    if job.certificates:
        names = _("、").join(certificate_label(code) for code in job.certificates)
        lines.append(_("要有%(certificates)s。没证先别报。") % {"certificates": names})
    else:
        lines.append(_("没说要证。"))
    if job.education is not Education.NONE:
        lines.append(_(_SCHOOLING[job.education]) + _("。"))
    if job.age_min is not None and job.age_max is not None:
        lines.append(_("%(low)s 岁到 %(high)s 岁。") % {"low": job.age_min, "high": job.age_max})
    elif job.age_min is not None:
        lines.append(_("满 %(low)s 岁。") % {"low": job.age_min})
    elif job.age_max is not None:
        lines.append(_("%(high)s 岁以下。") % {"high": job.age_max})
    if job.demands:
        lines.append(_("、").join(_(_DEMANDS[code]) for code in job.demands) + _("。"))
    return tuple(lines)


def _trust(job: JobPosting, language: Language, today: date) -> tuple[str, ...]:
    _ = language.gettext
    facts: list[str] = []
    if job.employer.verified_on is not None:
        verified = day_words(language, job.employer.verified_on, today)
        facts.append(_("人社局 %(day)s核验过这家单位") % {"day": verified})
    confirmed = day_words(language, office_day(job.confirmed_at), today)
    facts.append(_("%(day)s说过还在招") % {"day": confirmed})
    facts.append(_("招到 %(day)s为止") % {"day": day_words(language, job.valid_until, today)})
    if job.employer.median_answer_hours is not None:
        days = max(1, -(-job.employer.median_answer_hours // 24))
        facts.append(_("报名后，一般 %(n)s 天内给回话") % {"n": days})
    return tuple(facts)


def build_ask(job: JobPosting, reader: Reader, place: Place | None) -> Ask:
    """我想去: whom to ring and what to say."""
    return Ask(
        job_card(job, reader, place),
        place.view() if place else None,
        reader.url(f"/jobs/{job.id}"),
    )


def build_gone(session: ReadSession, reader: Reader, place: Place | None, today: date) -> Gone:
    """岗位下架: what is near instead."""
    similar: tuple[JobPosting, ...] = ()
    if place is not None:
        filters = JobFilters(region_code=place.code, within=Reach.ANYWHERE, near=place.point)
        similar = tuple(job_queries.list_open_jobs(session, filters, today, limit=_SIMILAR)[0])
    return Gone(
        reader.language.gettext("这个活已经不招了"),
        tuple(job_card(job, reader, place) for job in similar),
        reader.url("/jobs"),
    )
