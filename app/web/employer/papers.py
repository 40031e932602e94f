"""单位和证照: what the office knows of the firm, its papers, and a form that takes a photo of a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from app.core.db import Database
from app.core.errors import AppError, FieldProblem, Invalid
from app.core.http import ReadSession, WriteSession, read_once, run_with_database
from app.employers import sealing
from app.employers.models import Employer
from app.employers.papers import queries, rules, service
from app.employers.papers.models import EmployerPaper
from app.employers.papers.rules import day_words
from app.employers.papers.service import PaperIn
from app.employers.papers.terms import PaperKind, PaperState
from app.employers.terms import EmployerKind, EmployerState
from app.regions import gazetteer
from app.web.csrf import check_csrf
from app.web.employer.page import Desk, FirmDesk, employer_page
from app.web.photos import PHOTO_FORMS, picture_response, read_photo
from app.web.staff.forms import SentForm, problems_of

router = APIRouter(dependencies=[*PHOTO_FORMS, Depends(check_csrf)], include_in_schema=False)

ADDRESS: Final = "/employer/papers"
_TONES: Final = {PaperState.WAITING: "now", PaperState.ACCEPTED: "ok", PaperState.SENT_BACK: "late"}
_FIELDS: Final = ("kind", "expires_on", "vouched_by", "vouched_on")
_LONGEST: Final = 40


@dataclass(frozen=True)
class PaperRow:
    """交过的一份: `said` why it came back; `lines` until when, who vouched."""

    id: int
    label: str
    state: str
    tone: str
    lines: tuple[str, ...]
    said: str = ""


@dataclass(frozen=True)
class PapersView:
    """单位和证照."""

    firm_id: int
    facts: tuple[tuple[str, str], ...]
    rows: tuple[PaperRow, ...]
    missing: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    vouches: bool
    is_agency: bool
    typed: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(_FIELDS, ""))
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@router.get("/employer/firm")
def show_firm(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """The firm's own affairs: papers, colleagues, mandates."""
    return _page(request, session, desk, "firm.html")


@router.get(ADDRESS)
def show_papers(request: Request, session: ReadSession, desk: FirmDesk) -> Response:
    """The papers, and the form for another."""
    return _page(request, session, desk, "papers.html")


@router.post(ADDRESS)
async def send_paper(request: Request, desk: FirmDesk, sent: SentForm) -> Response:
    """Takes a photo of a paper; what was typed stays where something is wrong. Sent twice, the second takes
    the first's place."""
    typed = {name: str(sent.get(name, ""))[:_LONGEST].strip() for name in _FIELDS}

    def work(database: Database) -> Response:
        with database.write() as session:
            firm = desk.get_own_firm(session)
            service.send_paper(
                session, desk.actor, firm, read_paper(typed), picture, cipher=desk.cipher, clock=desk.clock
            )
            return RedirectResponse(f"{ADDRESS}?firm={firm.id}&done=paper", 303)

    try:
        read_paper(typed)
        picture = await read_photo(sent)
        return await run_with_database(request, work)
    except AppError as error:
        refused = error
        return await read_once(
            request,
            lambda session: _page(request, session, desk, "papers.html", typed=typed, refused=refused),
        )


@router.get("/employer/papers/{paper_id:int}/photo")
def show_photo(session: WriteSession, desk: FirmDesk, paper_id: int) -> Response:
    """One's own paper; that it was opened is written down, so the page writes."""
    content = service.open_picture(session, desk.actor, paper_id, cipher=desk.cipher, clock=desk.clock)
    return picture_response(content)


def read_paper(typed: Mapping[str, str]) -> PaperIn:
    """The form as the service takes it. Raises Invalid."""
    problems: list[FieldProblem] = []
    kinds = {kind.value: kind for kind in PaperKind if kind is not PaperKind.MANDATE}
    kind = kinds.get(typed["kind"])
    if kind is None:
        problems.append(FieldProblem("kind", "点一下是哪一种"))
    days = {name: _day(typed, name, problems) for name in ("expires_on", "vouched_on")}
    if problems or kind is None:
        raise Invalid("有几处还要改一下。", fields=problems)
    is_proof = kind is PaperKind.VILLAGE_PROOF
    vouched_on = days["vouched_on"] if is_proof else None
    return PaperIn(kind, days["expires_on"], typed["vouched_by"] if is_proof else "", vouched_on)


def _day(typed: Mapping[str, str], name: str, problems: list[FieldProblem]) -> date | None:
    if not typed[name]:
        return None
    try:
        return date.fromisoformat(typed[name])
    except ValueError:
        problems.append(FieldProblem(name, "日子写成 2027-06-30 这样"))
        return None


def paper_row(paper: EmployerPaper, today: date) -> PaperRow:
    """One paper as the firm and the office see it in a list."""
    lines = []
    state, tone = paper.state.label, _TONES.get(paper.state, "")
    if paper.expires_on is not None:
        lines.append(f"到 {day_words(paper.expires_on)}")
        if paper.state is PaperState.ACCEPTED:
            left = (paper.expires_on - today).days
            if left < 0:
                state, tone = "过期了", "late"
            elif left <= rules.REMIND_DAYS[0]:
                state, tone = (f"还有 {left} 天到期" if left else "今天到期"), "late"
    if paper.vouched_by:
        when = f"，{day_words(paper.vouched_on)}" if paper.vouched_on else ""
        lines.append(f"{paper.vouched_by}证明的{when}")
    return PaperRow(paper.id, paper.kind.label, state, tone, tuple(lines), paper.reason)


def firm_facts(firm: Employer, phone: str) -> tuple[tuple[str, str], ...]:
    """What the office has of the firm."""
    found = [
        ("哪一种", firm.kind.label),
        ("在哪里", gazetteer.path_name(firm.region_code) + firm.address),
        ("信用代码", firm.credit_code or "没有，靠证明"),
        ("联系人", firm.contact_name),
        ("电话", phone),
        ("登记", firm.state.label),
    ]
    if firm.verified_on is not None and firm.state is EmployerState.VERIFIED:
        found.append(("哪天核验的", day_words(firm.verified_on)))
    return tuple((label, words) for label, words in found if words)


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    template: str,
    *,
    typed: Mapping[str, str] | None = None,
    refused: AppError | None = None,
) -> Response:
    firm, today = desk.get_own_firm(session), desk.clock.today()
    problem, found, status = problems_of(refused) if refused is not None else ("", [], 200)
    held = queries.list_held(session, [firm.id]).get(firm.id, [])
    sent = queries.list_papers(session, firm.id)
    waiting = {paper.kind for paper in sent if paper.state is PaperState.WAITING}
    missing = [g for g in rules.missing_groups(firm.kind, held, today) if not g & waiting]
    offered = rules.offered_papers(firm.kind)
    if [each.message for each in found] == [problem]:
        problem = "有一处要改一下。"
    view = PapersView(
        firm.id,
        firm_facts(firm, sealing.open_contact(firm, desk.cipher)),
        tuple(paper_row(paper, today) for paper in sent if paper.kind is not PaperKind.MANDATE),
        tuple(rules.words_of_group(group) for group in missing),
        tuple((kind.value, kind.label) for kind in offered),
        PaperKind.VILLAGE_PROOF in offered,
        firm.kind is EmployerKind.AGENCY,
        typed or dict.fromkeys(_FIELDS, ""),
        problem,
        {each.field: each.message for each in found},
    )
    tab = "home" if template == "firm.html" else ""
    return employer_page(request, template, view, firm=firm, tab=tab, status=status)


def photo_form(sent: FormData) -> dict[str, str]:
    """What was typed beside a photo at the counter."""
    return {name: str(sent.get(name, ""))[:_LONGEST].strip() for name in _FIELDS}
