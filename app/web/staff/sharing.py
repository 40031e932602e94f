"""余缺调剂: the office brings a quiet firm and a busy one together, writes down what each worker says, and
sees who is lent where, who is due back and whom to ask."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.core.amounts import read_fen
from app.core.errors import AppError, FieldProblem, Forbidden, Invalid
from app.core.http import ReadSession, WriteSession
from app.employers.models import Employer
from app.labour_sharing import policies, queries, service, staying
from app.labour_sharing.schemas import AgreementIn, FirmWord, NameIn, StayCheck, StayStep
from app.labour_sharing.terms import AgreementState, SharingSide, StayState
from app.seekers.dependencies import Desk, StaffDesk
from app.web import sharing_form
from app.web.csrf import check_csrf
from app.web.employer.posting import places_of
from app.web.sharing_form import NoticeForm
from app.web.staff import once, sharing_views
from app.web.staff.firm_choice import UNKNOWN, find_firm, firm_names
from app.web.staff.forms import SentForm, problems_of, shown_again
from app.web.staff.page import console_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_HOME: Final = "/staff/sharing"
_MOST_FITTING: Final = 20


@router.get(_HOME)
def show_sharing(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """Who is out, who came back, agreements that run, and who has people or needs some."""
    actor, today = desk.actor, desk.today
    if not policies.may_see_anywhere(actor):
        raise Forbidden("余缺调剂由村、镇、县的同事来办。")
    out = tuple(sharing_views.stay_row(stay, today) for stay in queries.list_out(session, actor))
    living = (AgreementState.PROPOSED, AgreementState.AGREED)
    agreements = queries.list_agreements(session, actor, states=living)
    counts = queries.count_by_state(session, [each.id for each in agreements])
    notices = queries.list_notices(session, actor, today)
    by_side = {
        side: tuple(sharing_form.notice_row(each) for each in notices if each.side is side)
        for side in SharingSide
    }
    view = sharing_views.SharingView(
        out,
        sum(row.tone == "late" for row in out),
        tuple(sharing_views.stay_row(stay, today) for stay in queries.list_to_check(session, actor, today)),
        tuple(sharing_form.agreement_row(each, counts[each.id]) for each in agreements),
        by_side[SharingSide.OFFER],
        by_side[SharingSide.NEED],
        policies.may_write_anywhere(actor),
    )
    return console_page(request, actor, "staff/sharing.html", view)


@router.get(f"{_HOME}/notices/{{notice_id:int}}")
def show_notice(request: Request, session: ReadSession, desk: StaffDesk, notice_id: int) -> Response:
    """One notice, and what fits it on the other side."""
    notice = queries.get_notice(session, desk.actor, notice_id)
    fitting = queries.list_fitting(session, desk.actor, notice, desk.today, limit=_MOST_FITTING)
    is_offer = notice.side is SharingSide.OFFER
    pairs = [(notice.id, other.id) if is_offer else (other.id, notice.id) for other in fitting]
    rows = tuple(
        (sharing_form.notice_row(other), f"{_HOME}/new?offer={offer}&need={need}")
        for other, (offer, need) in zip(fitting, pairs, strict=True)
    )
    may_write = policies.may_write_anywhere(desk.actor)
    view = sharing_views.FittingView(sharing_form.notice_row(notice), rows, may_write)
    return console_page(request, desk.actor, "staff/sharing_notice.html", view)


@router.post(f"{_HOME}/notices/{{notice_id:int}}/close")
def close_notice(session: WriteSession, desk: StaffDesk, notice_id: int) -> Response:
    """It is settled, or over."""
    service.close_notice(session, desk.actor, notice_id, desk.clock)
    return RedirectResponse(f"{_HOME}?done=saved", 303)


@router.get(f"{_HOME}/notices/new")
def show_notice_form(
    request: Request, session: ReadSession, desk: StaffDesk, firm: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """First the firm, then what it has or needs."""
    form = replace(_notice_form(session, desk, firm), token=once.token_for(request, desk.clock))
    return console_page(request, desk.actor, "staff/sharing_form.html", sharing_views.NoticePage(form))


@router.post(f"{_HOME}/notices/new")
def post_notice(request: Request, session: WriteSession, desk: StaffDesk, sent: SentForm) -> Response:
    """On behalf of the firm; sent twice, it is one notice."""
    asked = once.read(request, desk.clock, sent)
    if (given := once.find(session, asked)) is not None:
        return given
    form = _notice_form(session, desk, str(sent.get("firm", "")))
    typed = sharing_form.read_typed(sent, form.typed)
    try:
        firm = _find_firm(session, desk, typed["firm"])
        if firm is None:
            raise Invalid(fields=[FieldProblem("firm", UNKNOWN)])
        data = sharing_form.read_notice(typed)
        notice = service.post_notice(session, desk.actor, firm.id, data, desk.clock)
    except (AppError, ValidationError) as error:
        form, status = shown_again(form, typed, sent, error)
        view = sharing_views.NoticePage(form)
        return console_page(request, desk.actor, "staff/sharing_form.html", view, status=status)
    return once.keep(session, asked, f"{_HOME}/notices/{notice.id}?done=saved", desk.clock)


def _notice_form(session: ReadSession, desk: Desk, name: str) -> NoticeForm:
    if not policies.may_write_anywhere(desk.actor):
        raise Forbidden("替单位报余缺，是镇、县同事的事。")
    firm = _find_firm(session, desk, name)
    words = {"firm": UNKNOWN} if name and firm is None else {}
    return NoticeForm(
        sharing_form.blank(firm),
        places_of(firm) if firm else (),
        f"{_HOME}/notices/new",
        problems=words,
        firms=firm_names(session, desk.actor),
    )


def _find_firm(session: ReadSession, desk: Desk, name: str) -> Employer | None:
    return find_firm(session, name, lambda firm: policies.may_speak_for(desk.actor, firm))


@router.get(f"{_HOME}/new")
def show_deal_form(
    request: Request, session: ReadSession, desk: StaffDesk, offer: int = 0, need: int = 0
) -> Response:
    """What the two firms are to agree to, filled in from their notices."""
    form = replace(_deal_form(session, desk, offer, need), token=once.token_for(request, desk.clock))
    return console_page(request, desk.actor, "staff/sharing_deal.html", form)


@router.post(f"{_HOME}/new")
def propose(request: Request, session: WriteSession, desk: StaffDesk, sent: SentForm) -> Response:
    """Sent twice, it is one agreement."""
    asked = once.read(request, desk.clock, sent)
    if (given := once.find(session, asked)) is not None:
        return given
    form = _deal_form(session, desk, _number(sent, "offer_id"), _number(sent, "need_id"))
    typed = {name: str(sent.get(name, "")).strip() for name in form.typed}
    try:
        data = _read_deal(session, desk, form, typed, bool(sent.get("terms_read")))
        agreement = service.propose_agreement(session, desk.actor, data, desk.clock)
    except (AppError, ValidationError) as error:
        form, status = shown_again(form, typed, sent, error)
        return console_page(request, desk.actor, "staff/sharing_deal.html", form, status=status)
    return once.keep(session, asked, f"{_HOME}/{agreement.id}?done=deal_proposed", desk.clock)


def _number(sent: SentForm, name: str) -> int:
    text = str(sent.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _deal_form(session: ReadSession, desk: Desk, offer_id: int, need_id: int) -> sharing_views.DealForm:
    if not policies.may_write_anywhere(desk.actor):
        raise Forbidden("协议由镇、县的同事来办。")
    offer = queries.get_notice(session, desk.actor, offer_id)
    need = queries.get_notice(session, desk.actor, need_id)
    typed = {
        "title": need.title,
        "headcount": str(min(offer.headcount, need.headcount)),
        "starts_on": max(offer.from_on, need.from_on, desk.today).isoformat(),
        "ends_on": min(offer.until_on, need.until_on).isoformat(),
        "wage": "",
        "note": "",
    }
    rows = sharing_form.notice_row(offer), sharing_form.notice_row(need)
    return sharing_views.DealForm(*rows, offer.id, need.id, typed, sharing_form.TERMS, "")


def _read_deal(
    session: ReadSession, desk: Desk, form: sharing_views.DealForm, typed: dict[str, str], terms_read: bool
) -> AgreementIn:
    """Raises Invalid, ValidationError."""
    problems = []
    wage_fen = read_fen(typed["wage"])
    if not wage_fen:
        problems.append(FieldProblem("wage", "写上每月工钱最少多少，只写数"))
    if not terms_read:
        problems.append(FieldProblem("terms_read", "四条都一样的条件，两家都要知道，先念一遍再勾"))
    if problems:
        raise Invalid("有几处还要改一下。", fields=problems)
    offer = queries.get_notice(session, desk.actor, form.offer_id)
    need = queries.get_notice(session, desk.actor, form.need_id)
    same = {name: typed[name] for name in ("title", "headcount", "starts_on", "ends_on", "note")}
    firms = {"home_employer_id": offer.employer_id, "host_employer_id": need.employer_id}
    notices = {"offer_id": offer.id, "need_id": need.id}
    return AgreementIn.model_validate(same | firms | notices | {"wage_fen": wage_fen, "terms_read": True})


@router.get(f"{_HOME}/{{agreement_id:int}}")
def show_agreement(request: Request, session: ReadSession, desk: StaffDesk, agreement_id: int) -> Response:
    """One agreement: the firms' word, the workers, and who may be named."""
    return _agreement_page(request, session, desk, agreement_id)


def _agreement_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    agreement_id: int,
    problem: str = "",
    status: int = 200,
) -> Response:
    actor, today = desk.actor, desk.today
    agreement = queries.get_agreement(session, actor, agreement_id)
    counts = queries.count_by_state(session, [agreement.id])[agreement.id]
    stays = queries.list_stays(session, actor, agreement.id)
    events = queries.list_events(session, [stay.id for stay in stays])
    is_agreed = agreement.state is AgreementState.AGREED
    has_room = is_agreed and agreement.ends_on >= today and queries.places_taken(counts) < agreement.headcount
    lendable = queries.list_lendable(session, actor, agreement) if has_room else []
    living = agreement.state in (AgreementState.PROPOSED, AgreementState.AGREED)
    view = sharing_views.AgreementView(
        sharing_form.agreement_row(agreement, counts),
        sharing_form.TERMS,
        sharing_views.firm_lines(agreement),
        tuple(sharing_views.stay_row(stay, today, events) for stay in stays),
        tuple((spell.id, sharing_views.lendable_words(spell)) for spell in lendable),
        is_agreed,
        living
        and not counts.get(StayState.THERE)
        and policies.may_deal(actor, agreement.home, agreement.host),
        today=today.isoformat(),
        problem=problem,
    )
    return console_page(request, actor, "staff/sharing_one.html", view, status=status)


@router.post(f"{_HOME}/{{agreement_id:int}}")
def act(
    request: Request, session: WriteSession, desk: StaffDesk, agreement_id: int, sent: SentForm
) -> Response:
    """`agree` as a firm said, `cancel`, `name` a worker, a step of a stay, or `check` after the return."""
    step = str(sent.get("step", ""))
    try:
        with session.begin_nested():
            _act(session, desk, agreement_id, step, sent)
    except (AppError, ValidationError) as error:
        title, problems, status = problems_of(error)
        if status == 404:
            raise
        words = problems[0].message if problems else ""
        return _agreement_page(request, session, desk, agreement_id, f"{title} {words}".strip(), status)
    return RedirectResponse(f"{_HOME}/{agreement_id}?done=stay_{step}", 303)


def _act(session: WriteSession, desk: Desk, agreement_id: int, step: str, sent: SentForm) -> None:
    actor, clock = desk.actor, desk.clock
    said_by = str(sent.get("said_by", "")) or None
    if step == "agree":
        word = FirmWord.model_validate({"side": str(sent.get("side", "")), "said_by": said_by})
        service.agree(session, actor, agreement_id, word, clock)
    elif step == "cancel":
        service.cancel_agreement(session, actor, agreement_id, clock)
    elif step == "name":
        data = NameIn.model_validate({"spell_id": str(sent.get("spell_id", ""))})
        staying.name_worker(session, actor, agreement_id, data, clock)
    elif step == "check":
        form = {"outcome": str(sent.get("outcome", "")), "method": said_by}
        form |= {"leave_reason": str(sent.get("leave_reason", "")) or None}
        answer = StayCheck.model_validate(form)
        staying.check_after_return(
            session, actor, _number(sent, "stay_id"), answer, cipher=desk.cipher, clock=clock
        )
    else:
        note = str(sent.get("note", ""))
        data_of_step = StayStep.model_validate(
            {"action": step, "said_by": said_by, "on": _day(sent), "note": note}
        )
        staying.step_stay(session, actor, _number(sent, "stay_id"), data_of_step, clock)


def _day(sent: SentForm) -> date | None:
    text = str(sent.get("on", ""))
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(fields=[FieldProblem("on", "日子写成 2026-11-22 这样")]) from error
