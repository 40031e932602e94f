"""有人反映的事: what the office asked the firm, and its answer. No phone, no words of the person."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.cases import handling, queries
from app.cases.models import Case
from app.cases.schemas import AnswerIn
from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.web.csrf import check_csrf
from app.web.employer.page import Desk, FirmDesk, employer_page
from app.web.formats import yuan
from app.web.staff.wording import day_words

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_ADDRESS: Final = "/employer/cases"
_WHO_HIDES: Final = "一位工友（不愿说名字）"


@dataclass(frozen=True)
class AskedRow:
    """问到单位的一件: `answer` what the firm said already."""

    id: int
    title: str
    asked_on: str
    question: str
    who: str
    owed: str
    answer: str
    may_answer: bool


@dataclass(frozen=True)
class AskedView:
    """有人反映的事."""

    rows: tuple[AskedRow, ...]
    problem: str = ""


@router.get(_ADDRESS)
def show_asked(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """What waits for an answer first."""
    return _page(request, session, desk)


@router.post(_ADDRESS)
def answer(
    request: Request,
    session: WriteSession,
    desk: FirmDesk,
    case: Annotated[int, Form(ge=1, lt=2**53)],
    words: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """The firm's answer goes to the office that asked."""
    hand = handling.Hand(desk.actor, desk.cipher, desk.clock, desk.settings.public_url)
    try:
        handling.answer_as_firm(session, hand, case, AnswerIn(words=words))
    except ValidationError as error:
        return _page(request, session, desk, str(error.errors()[0]["msg"]), 422)
    except AppError as error:
        if error.status != 409:
            raise
        return _page(request, session, desk, error.title, error.status)
    return RedirectResponse(f"{_ADDRESS}?done=saved", 303)


def _page(
    request: Request, session: ReadSession, desk: Desk, problem: str = "", status: int = 200
) -> Response:
    firm = desk.get_firm(session)
    found = queries.list_firm_cases(session, desk.actor, firm.id)
    view = AskedView(tuple(_row(session, desk, case) for case in found), problem)
    return employer_page(request, "cases.html", view, firm=firm, tab="home", status=status)


def _row(session: ReadSession, desk: Desk, case: Case) -> AskedRow:
    question, answered = queries.find_firm_question(session, case.id)
    name = queries.open_text(case, "name", desk.cipher) if case.may_name else ""
    return AskedRow(
        case.id,
        case.kind.label,
        day_words(question.at, desk.clock.today()) if question else "",
        queries.open_note(question, desk.cipher) if question else "",
        name or _WHO_HIDES,
        f"{yuan(case.owed_fen)} 元" if case.owed_fen else "",
        queries.open_note(answered, desk.cipher) if answered and case.firm_answered_at else "",
        case.state in queries.OPEN and case.firm_answered_at is None,
    )
