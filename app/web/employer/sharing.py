"""余缺调剂, on the firm's phone: say that people are idle or missing; agree to what the office brought
together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.employers.models import Employer
from app.labour_sharing import policies, queries, service
from app.labour_sharing.schemas import FirmWord
from app.labour_sharing.terms import AgreementState, SharingSide, StayState
from app.web import sharing_form
from app.web.csrf import check_csrf
from app.web.employer.page import FirmDesk, employer_page
from app.web.employer.posting import places_of
from app.web.sharing_form import AgreementRow, NoticeForm, NoticeRow
from app.web.staff import once
from app.web.staff.forms import SentForm, shown_again

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
ADDRESS: Final = "/employer/sharing"


@dataclass(frozen=True)
class SharingView:
    """余缺调剂."""

    notices: tuple[NoticeRow, ...]
    agreements: tuple[AgreementRow, ...]


@dataclass(frozen=True)
class AgreementView:
    """一份协议, for one of its firms."""

    row: AgreementRow
    terms: tuple[str, ...]
    said: tuple[str, ...]
    asks: str


@router.get(ADDRESS)
def show_sharing(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """The firm's notices and agreements."""
    firm = desk.find_firm(session)
    if firm is None:
        return RedirectResponse("/employer", 303)
    notices = queries.list_notices(session, desk.actor, desk.clock.today(), employer_id=firm.id)
    agreements = queries.list_agreements(session, desk.actor, employer_id=firm.id)
    counts = queries.count_by_state(session, [each.id for each in agreements])
    view = SharingView(
        tuple(sharing_form.notice_row(each) for each in notices),
        tuple(sharing_form.agreement_row(each, _told(counts[each.id])) for each in agreements),
    )
    return employer_page(request, "sharing.html", view, firm=firm)


@router.get(f"{ADDRESS}/new")
def show_form(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """An empty notice."""
    firm = desk.get_firm(session)
    form = replace(_form(firm), token=once.token_for(request, desk.clock))
    return employer_page(request, "sharing_form.html", form, firm=firm)


@router.post(f"{ADDRESS}/new")
def post_notice(request: Request, session: WriteSession, desk: FirmDesk, sent: SentForm) -> Response:
    """Sent twice, it is one notice."""
    firm = desk.get_firm(session)
    asked = once.read(request, desk.clock, sent)
    if (given := once.find(session, asked)) is not None:
        return given
    typed = sharing_form.read_typed(sent, sharing_form.blank(firm))
    try:
        data = sharing_form.read_notice(typed)
        service.post_notice(session, desk.actor, firm.id, data, desk.clock)
    except (AppError, ValidationError) as error:
        form, status = shown_again(_form(firm), typed, sent, error)
        return employer_page(request, "sharing_form.html", form, firm=firm, status=status)
    return once.keep(session, asked, f"{ADDRESS}?done=noticed", desk.clock)


@router.post(f"{ADDRESS}/notices/{{notice_id:int}}/close")
def close_notice(session: WriteSession, desk: FirmDesk, notice_id: int) -> Response:
    """It is settled, or over."""
    service.close_notice(session, desk.actor, notice_id, desk.clock)
    return RedirectResponse(f"{ADDRESS}?done=notice_closed", 303)


@router.get(f"{ADDRESS}/{{agreement_id:int}}")
def show_agreement(request: Request, session: ReadSession, desk: FirmDesk, agreement_id: int) -> Response:
    """What is to be agreed, or was."""
    agreement = queries.get_agreement(session, desk.actor, agreement_id)
    sides = ((SharingSide.OFFER, agreement.home), (SharingSide.NEED, agreement.host))
    own = next(
        (each for each in sides if policies.is_member(desk.actor, each[1])),
        (SharingSide.OFFER, agreement.home),
    )
    waits = agreement.home_agreed_at if own[0] is SharingSide.OFFER else agreement.host_agreed_at
    asks = own[0].value if waits is None and agreement.state is AgreementState.PROPOSED else ""
    counts = queries.count_by_state(session, [agreement.id])
    said = tuple(
        f"{firm.name}：{'点头了' if at else '还没点头'}"
        for firm, at in (
            (agreement.home, agreement.home_agreed_at),
            (agreement.host, agreement.host_agreed_at),
        )
    )
    row = sharing_form.agreement_row(agreement, _told(counts[agreement.id]))
    view = AgreementView(row, sharing_form.TERMS, said, asks)
    return employer_page(request, "sharing_one.html", view, firm=own[1])


@router.post(f"{ADDRESS}/{{agreement_id:int}}")
def agree(session: WriteSession, desk: FirmDesk, agreement_id: int, sent: SentForm) -> Response:
    """The firm says yes."""
    word = FirmWord(side=SharingSide.NEED if sent.get("side") == "need" else SharingSide.OFFER)
    service.agree(session, desk.actor, agreement_id, word, desk.clock)
    return RedirectResponse(f"{ADDRESS}/{agreement_id}?done=agreed", 303)


def _told(counts: Mapping[StayState, int]) -> dict[StayState, int]:
    """A firm is not told how many said no: it could guess who."""
    return {state: counts.get(state, 0) for state in (StayState.THERE, StayState.BACK)}


def _form(firm: Employer) -> NoticeForm:
    return NoticeForm(sharing_form.blank(firm), places_of(firm), f"{ADDRESS}/new")
