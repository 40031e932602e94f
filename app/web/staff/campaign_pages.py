"""一次群发的页: looked at before it goes, approved, run; how far it is, what came of it."""

import io
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.core.clock import office_day
from app.core.http import ReadSession, WriteSession
from app.core.sheets import write_csv, write_xlsx
from app.notifications import campaign_life as life
from app.notifications import campaign_reports as reports
from app.notifications.api import CurrentCarriers
from app.notifications.campaign_reports import CampaignReport
from app.notifications.campaigns import Tariff, get_campaign
from app.notifications.carriers import Carriers
from app.notifications.models import MessageCampaign
from app.notifications.rules import after_quiet, is_quiet
from app.notifications.spending import spent_on
from app.notifications.terms import CampaignState, MessageState, SkipReason
from app.notifications.wording import get_template
from app.referrals.mailing import queries as mailing
from app.referrals.mailing.answers import count_answers
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.staff import campaign_views as views
from app.web.staff.file_views import line_of
from app.web.staff.page import console_page, csrf_of
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_ONE: Final = "/staff/campaigns/{campaign_id:int}"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ASK_AGAIN_S: Final = 5
_LARGE: Final = 5000
_MOST_NAMES: Final = 200


@router.get(_ONE)
def show_campaign(
    request: Request, session: ReadSession, desk: StaffDesk, carriers: CurrentCarriers, campaign_id: int
) -> Response:
    """Wherever it stands; while the server works the page asks again by itself."""
    campaign = get_campaign(session, desk.actor, campaign_id)
    view = _view(request, session, desk, carriers, campaign)
    response = console_page(request, desk.actor, "staff/campaign.html", view)
    if view.is_planning or view.is_running:
        # A large report takes the database a while; nobody waits for its next message.
        wait = _ASK_AGAIN_S if campaign.people <= _LARGE else 4 * _ASK_AGAIN_S
        response.headers["Refresh"] = str(wait)
    return response


@router.post(_ONE + "/approve")
def approve(session: WriteSession, desk: StaffDesk, campaign_id: int) -> Response:
    """The second person's yes."""
    life.approve_campaign(session, desk.clock, desk.cipher, desk.actor, campaign_id)
    return _back(campaign_id, "campaign_approved")


@router.post(_ONE + "/start")
def start(session: WriteSession, desk: StaffDesk, campaign_id: int) -> Response:
    """Lets it run."""
    life.start_campaign(session, desk.clock, desk.cipher, desk.actor, campaign_id)
    return _back(campaign_id, "campaign_started")


@router.post(_ONE + "/pause")
def pause(session: WriteSession, desk: StaffDesk, campaign_id: int) -> Response:
    """Stops for now."""
    life.pause_campaign(session, desk.clock, desk.cipher, desk.actor, campaign_id)
    return _back(campaign_id)


@router.post(_ONE + "/resume")
def resume(session: WriteSession, desk: StaffDesk, campaign_id: int) -> Response:
    """Goes on."""
    life.resume_campaign(session, desk.clock, desk.cipher, desk.actor, campaign_id)
    return _back(campaign_id)


@router.post(_ONE + "/stop")
def stop(session: WriteSession, desk: StaffDesk, campaign_id: int) -> Response:
    """Ends it for good."""
    life.stop_campaign(session, desk.clock, desk.cipher, desk.actor, campaign_id)
    return _back(campaign_id, "campaign_stopped")


@router.post(_ONE + "/doubts")
def settle_doubts(
    session: WriteSession,
    desk: StaffDesk,
    campaign_id: int,
    sent: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """All messages nobody knows about: they count as sent, or go out again."""
    life.settle_doubts(session, desk.clock, desk.cipher, desk.actor, campaign_id, was_sent=sent == "yes")
    return _back(campaign_id, "decided")


@router.get(_ONE + "/skipped")
def show_skipped(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    campaign_id: int,
    reason: Annotated[SkipReason, Query()],
) -> Response:
    """Who was left out for one reason, as far as they are in my care."""
    campaign = get_campaign(session, desk.actor, campaign_id)
    people = mailing.list_skipped(session, desk.actor, campaign.id, reason, limit=_MOST_NAMES + 1)
    villages = ledger.list_village_names(session, {person.region_code for person in people})
    view = views.SkippedView(
        campaign.id,
        campaign.title,
        reason.label,
        tuple(
            (
                f"/staff/people/{person.id}",
                person.name,
                f"{line_of(person, desk.today)}，{place_name(person.region_code, villages)}",
            )
            for person in people[:_MOST_NAMES]
        ),
        len(people) > _MOST_NAMES,
    )
    return console_page(request, desk.actor, "staff/campaign_skipped.html", view)


@router.get(_ONE + "/report.{form}")
def download_report(session: ReadSession, desk: StaffDesk, campaign_id: int, form: str) -> Response:
    """The report as xlsx or csv: numbers by place, nobody's name or number."""
    campaign = get_campaign(session, desk.actor, campaign_id)
    report = reports.report_campaign(session, desk.actor, campaign.id)
    by_place = mailing.count_by_place(session, campaign.id)
    villages = ledger.list_village_names(session, {place for place, _ in by_place})
    answers = views.answers_of(count_answers(session, campaign), report)
    skips = mailing.count_skips(session, campaign.id)
    head, rows = views.report_rows(by_place, report, skips, answers, villages)
    target = io.BytesIO()
    is_csv = form == "csv"
    (write_csv if is_csv else write_xlsx)(target, head, rows)
    headers = {
        "Content-Disposition": f'attachment; filename="campaign-{campaign.id}.{"csv" if is_csv else "xlsx"}"',
        "Cache-Control": "no-store",
    }
    return Response(target.getvalue(), media_type="text/csv" if is_csv else _XLSX, headers=headers)


def _back(campaign_id: int, done: str = "") -> Response:
    return RedirectResponse(f"/staff/campaigns/{campaign_id}" + (f"?done={done}" if done else ""), 303)


def _view(
    request: Request, session: ReadSession, desk: Desk, carriers: Carriers, campaign: MessageCampaign
) -> views.CampaignView:
    now, actor = desk.clock.now(), desk.actor
    tariff = Tariff(carriers.signature, carriers.price_fen)
    preview = reports.preview_campaign(session, desk.clock, desk.cipher, actor, campaign.id, tariff)
    report = reports.report_campaign(session, actor, campaign.id)
    villages = ledger.list_village_names(session, {campaign.region_code})
    state, tone = views.state_of(campaign, now)
    is_planned, is_draft = campaign.planned_at is not None, campaign.state is CampaignState.DRAFT
    runs = life.may_run(actor, campaign, now)
    waits = preview.needs_second_person
    has_begun = campaign.started_at is not None
    skips = mailing.count_skips(session, campaign.id)
    audience = mailing.find_audience(session, campaign.id)
    over = campaign.state in (CampaignState.DONE, CampaignState.STOPPED)
    return views.CampaignView(
        id=campaign.id,
        title=campaign.title,
        kind=get_template(campaign.template_code).title.removeprefix("群发："),
        place=place_name(campaign.region_code, villages),
        state=state,
        tone=tone,
        lines=_lines(session, desk, campaign, preview),
        warnings=_warnings(session, desk, carriers, campaign) if not over else (),
        samples=tuple(views.sample_of(sample) for sample in preview.samples),
        skips=views.skips_of(campaign.id, skips),
        fates=(*views.fates_of(report), *views.drops_of(report)) if has_begun else (),
        answers=views.answers_of(count_answers(session, campaign), report) if has_begun else (),
        planned=audience.seen if audience is not None else campaign.people,
        people=campaign.people,
        cost=views.money(_cost(campaign, report)),
        doubts=report.count(MessageState.UNKNOWN) if runs else 0,
        is_planning=is_draft and not is_planned,
        is_running=campaign.state is CampaignState.RUNNING,
        may_approve=life.may_approve(actor, campaign, now),
        may_start=is_draft and is_planned and campaign.people > 0 and not waits and runs,
        may_pause=runs and campaign.state is CampaignState.RUNNING,
        may_resume=runs and campaign.state is CampaignState.PAUSED,
        may_stop=runs and not over,
        waits_for_other=is_draft and is_planned and waits,
        csrf=csrf_of(request),
    )


def _cost(campaign: MessageCampaign, report: CampaignReport) -> int:
    return report.cost_fen if campaign.started_at is not None else campaign.cost_fen


def _lines(
    session: ReadSession, desk: Desk, campaign: MessageCampaign, preview: reports.CampaignPreview
) -> tuple[str, ...]:
    """Who prepared and approved it and when, how fast it goes, when it will be through."""
    now = desk.clock.now()
    ids = [user_id for user_id in (campaign.prepared_by, campaign.approved_by) if user_id is not None]
    names = ledger.list_officer_names(session, ids)
    lines = [f"{names.get(campaign.prepared_by or 0, '系统')}拟的，{views.moment(campaign.prepared_at, now)}"]
    if campaign.approved_at is not None:
        by = names.get(campaign.approved_by or 0, "另一位同事")
        lines.append(f"{by}点的头，{views.moment(campaign.approved_at, now)}")
    if campaign.started_at is not None:
        lines.append(f"{views.moment(campaign.started_at, now)}开始发")
    if campaign.finished_at is not None:
        lines.append(f"{views.moment(campaign.finished_at, now)}结束")
    elif campaign.planned_at is not None:
        begin = f"这会儿是晚上，{views.moment(after_quiet(now), now)}才发" if is_quiet(now) else ""
        pace = f"每分钟 {campaign.pace_per_minute} 条，晚上 8 点到早上 8 点不发"
        lines += [line for line in (begin, pace) if line]
        if campaign.state is CampaignState.DRAFT:
            lines.append(f"现在开始的话，{views.moment(preview.through_at, now)}左右发完")
    return tuple(lines)


def _warnings(
    session: ReadSession, desk: Desk, carriers: Carriers, campaign: MessageCampaign
) -> tuple[str, ...]:
    """What an officer should know before it goes."""
    found = []
    able = [p for p in carriers.of(campaign.channel) if p.template_id(campaign.template_code) is not None]
    if not able:
        found.append("短信服务商那里还没有登记这段话，发不出去。请管理员先登记模板。")
    spent, _ = spent_on(session, office_day(desk.clock.now()))
    left = max(carriers.budget_fen - spent, 0)
    if campaign.cost_fen > left:
        found.append(f"今天的短信钱还剩 {views.money(left)}，发不完的明天接着发。")
    return tuple(found)
