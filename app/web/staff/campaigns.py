"""群发的列表和表: what was sent to many people, and the form that makes one more (DOMAIN E5)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.accounts import queries as account_queries
from app.accounts.actor import Actor
from app.core.errors import AppError, Forbidden, NotFound
from app.core.http import CurrentSettings, ReadSession, WriteSession
from app.core.settings import Settings
from app.jobs import queries as jobs
from app.jobs.models import JobPosting
from app.notifications import campaign_reports as reports
from app.notifications.api import CurrentCarriers
from app.notifications.campaign_life import may_approve
from app.notifications.campaigns import Limits, NewCampaign, Tariff, may_send_in
from app.notifications.carriers import Carriers
from app.notifications.terms import HOTLINE
from app.notifications.wording import PARAMETER_MAX, Preview, preview_message
from app.referrals.mailing.audience import AudienceFilters, count_audience
from app.referrals.mailing.planning import CampaignOrder, prepare_campaign, too_many
from app.regions import queries as region_queries
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.staff import campaign_forms as forms
from app.web.staff import campaign_views as views
from app.web.staff import once
from app.web.staff.campaign_forms import KINDS, POSTING, Kind
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_LIST: Final = "/staff/campaigns"
_MOST_PLACES: Final = 300
# Up to a thousand people within a quarter of an hour; more of them ten a second.
_PACE, _LARGE_PACE, _LARGE = 60, 600, 1000
_ANY_NAME: Final = "王师傅"


@router.get(_LIST)
def list_campaigns(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """What was and is being sent in my area, the newest first, and the kinds I may send."""
    now = desk.clock.now()
    rows = reports.list_campaigns(session, desk.actor)
    limits = _limits(desk.actor)
    if not rows and limits is None:
        raise Forbidden("群发由村里、镇上和县里的同事来办。")
    names = ledger.list_village_names(session, {row.region_code for row in rows})
    view = views.CampaignsView(
        tuple(views.line_of(row, now, names, approves=may_approve(desk.actor, row, now)) for row in rows),
        tuple(
            views.KindLine(
                "/staff/jobs" if kind.code == POSTING else f"{_LIST}/new/{kind.code}", kind.title, kind.line
            )
            for kind in KINDS.values()
        )
        if limits is not None
        else (),
        _limit_words(limits),
    )
    return console_page(request, desk.actor, "staff/campaigns.html", view)


def _limits(actor: Actor) -> Limits | None:
    """The widest of those the colleague has anywhere."""
    found = [limits for code in actor.officer_regions() if (limits := may_send_in(actor, code)) is not None]
    return max(found, key=lambda limits: limits.max_people) if found else None


def _limit_words(limits: Limits | None) -> str:
    if limits is None:
        return ""
    if limits.second_person_above is not None:
        return f"超过 {limits.second_person_above:,} 人，要另一位县里的同事点头。"
    return f"您一次最多发给 {limits.max_people:,} 人。"


@router.get(_LIST + "/new/{code}")
def show_form(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    carriers: CurrentCarriers,
    settings: CurrentSettings,
    code: str,
    job: Annotated[int, Query(ge=0, lt=2**53)] = 0,
) -> Response:
    """The form of one kind, with what is known filled in and nobody counted yet."""
    kind = _kind(code)
    known = _places(session, desk.actor)
    first = next(iter(known))
    filters = AudienceFilters(region_code=first, statuses=kind.statuses)
    posting = _posting(session, desk, kind, job)
    typed = {"phone": _phone_of(session, desk, first), "place": known[first]}
    words = _words(kind, typed, posting, settings)
    view = _form_view(request, desk, kind, known, filters, typed, posting)
    example = _words_to_show(kind, words)
    return console_page(
        request, desk.actor, "staff/campaign_new.html", replace(view, sample=_sample(kind, example, carriers))
    )


@router.post(_LIST + "/new/{code}")
def make(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    carriers: CurrentCarriers,
    settings: CurrentSettings,
    code: str,
    form: SentForm,
) -> Response:
    """Counts (`do=count`) or makes the draft; a double tap makes one."""
    kind = _kind(code)
    known = _places(session, desk.actor)
    posting = _posting(session, desk, kind, _number(form.get("job")))
    filters = forms.filters_in(form, known, next(iter(known)))
    typed = forms.typed_in(kind, form)
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return given
    view = replace(
        _form_view(request, desk, kind, known, filters, typed, posting),
        token=str(form.get("form_token", "")),
    )
    problems = forms.problems_in(kind, typed)
    if problems:
        return _refused(request, desk, view, "有的地方没填好，改一下就行。", problems)
    words = _words(kind, typed, posting, settings)
    if "link" in words and len(words["link"]) > PARAMETER_MAX:
        return _refused(request, desk, view, "网站地址太长，短信里放不下。请管理员设一个短的网址。")
    sample = _sample(kind, words, carriers)
    counted = _count(session, desk, filters, sample, carriers)
    if form.get("do") == "count" or counted.too_many:
        shown = replace(view, sample=sample, counted=counted, problem=counted.too_many)
        return console_page(
            request, desk.actor, "staff/campaign_new.html", shown, status=422 if counted.too_many else 200
        )
    pace = _PACE if counted.with_phone <= _LARGE else _LARGE_PACE
    new = NewCampaign(forms.title_of(kind, words), filters.region_code, kind.code, pace)
    order = CampaignOrder(
        new, filters, forms.only_asked_for(kind, words), posting.id if posting is not None else None
    )
    tariff = Tariff(carriers.signature, carriers.price_fen)
    try:
        with session.begin_nested():
            made = prepare_campaign(session, desk.clock, desk.cipher, desk.actor, order, tariff)
    except AppError as error:
        if error.status not in (403, 409, 422):
            raise
        shown = replace(view, sample=sample, counted=counted)
        return _refused(request, desk, shown, error.title, status=error.status)
    return once.keep(session, asked, f"{_LIST}/{made.id}", desk.clock)


def _refused(
    request: Request,
    desk: Desk,
    view: views.NewView,
    problem: str,
    problems: Mapping[str, str] | None = None,
    *,
    status: int = 422,
) -> Response:
    named = problems or {}
    groups = tuple(
        replace(group, fields=tuple(replace(f, problem=named.get(f.name, "")) for f in group.fields))
        for group in view.groups
    )
    labels = {field.name: field.label for group in groups for field in group.fields}
    listed = tuple((name, f"{labels[name]}：{words}") for name, words in named.items())
    shown = replace(view, groups=groups, problem=problem, problems=listed)
    return console_page(request, desk.actor, "staff/campaign_new.html", shown, status=status)


def _form_view(
    request: Request,
    desk: Desk,
    kind: Kind,
    known: Mapping[str, str],
    filters: AudienceFilters,
    typed: Mapping[str, str],
    posting: JobPosting | None,
) -> views.NewView:
    return views.NewView(
        kind.code,
        kind.title,
        f"{posting.title}，{posting.employer.name}" if posting is not None else "",
        posting.id if posting is not None else 0,
        (forms.text_group(kind, typed), *forms.people_groups(tuple(known.items()), filters)),
        _limit_words(_limits(desk.actor)),
        once.token_for(request, desk.clock),
    )


def _kind(code: str) -> Kind:
    kind = KINDS.get(code)
    if kind is None:
        raise NotFound
    return kind


def _number(sent: object) -> int:
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _posting(session: ReadSession, desk: Desk, kind: Kind, job_id: int) -> JobPosting | None:
    """The open posting a campaign is about. Raises JobNotFound."""
    return jobs.get_visible_job(session, desk.actor, job_id, desk.today) if kind.code == POSTING else None


def _places(session: ReadSession, actor: Actor) -> dict[str, str]:
    """Where the colleague may send to people: their own places and the parts of these. Raises Forbidden for
    nowhere."""
    found: dict[str, str] = {}
    for code in sorted(set(actor.officer_regions()), key=lambda code: (len(code), code)):
        if may_send_in(actor, code) is None:
            continue
        region = region_queries.find_region(session, code)
        found[code] = region.name if region is not None else place_name(code, {})
        below, _ = region_queries.list_children(session, code, limit=_MOST_PLACES)
        found |= {part.code: part.name for part in below}
    if not found:
        raise Forbidden("群发由村里、镇上和县里的同事来办。")
    return found


def _phone_of(session: ReadSession, desk: Desk, region_code: str) -> str:
    duty = account_queries.find_duty_officer(session, region_code, desk.clock.now())
    return duty.phone if duty is not None else HOTLINE


def _words(
    kind: Kind, typed: Mapping[str, str], posting: JobPosting | None, settings: Settings
) -> dict[str, str]:
    """Every word of the text but the name; what a posting says comes from it, the link is ours."""
    site = settings.public_url.rstrip("/").partition("://")[2]
    found = {**typed, "link": f"{site}/jobs"}
    if posting is not None:
        found |= forms.words_of_posting(posting) | {"link": f"{site}/jobs/{posting.id}"}
    return found


def _words_to_show(kind: Kind, words: Mapping[str, str]) -> dict[str, str]:
    """The words so far, and "……" where something is still to be typed."""
    return {field.name: "……" for field in kind.fields} | {k: v for k, v in words.items() if v}


def _sample(kind: Kind, words: Mapping[str, str], carriers: Carriers) -> Preview:
    asked = {**forms.only_asked_for(kind, words), "name": _ANY_NAME}
    return preview_message(kind.code, asked, signature=carriers.signature, price_fen=carriers.price_fen)


def _count(
    session: ReadSession, desk: Desk, filters: AudienceFilters, sample: Preview, carriers: Carriers
) -> views.Counted:
    counted = count_audience(session, desk.actor, filters, desk.today)
    limits = may_send_in(desk.actor, filters.region_code) or Limits(0)
    cost = views.money(counted.with_phone * sample.cost_fen)
    problem = too_many(counted.with_phone, limits) if counted.with_phone > limits.max_people else ""
    return views.Counted(counted.people, counted.with_phone, cost, problem)
