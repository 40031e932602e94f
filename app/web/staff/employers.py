"""核验单位: the office's queue of firms that are new or sent in new papers; for a phone and for the keyboard.

Tab goes through the queue and the decision, Enter decides, and after each decision the next firm stands
there; access keys are written beside the buttons. The township looks at papers; the county also verifies.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.core.db import Database
from app.core.errors import AppError, FieldProblem, Forbidden, Invalid
from app.core.http import ReadSession, WriteSession, read_once, run_with_database
from app.employers import policies, rules, service
from app.employers.errors import EmployerNotFound
from app.employers.models import Employer
from app.employers.papers import queries
from app.employers.papers import service as papers
from app.employers.papers.terms import PaperKind, PaperState
from app.employers.team import mandate_queries, mandates
from app.employers.terms import EmployerAction
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.employer.papers import photo_form, read_paper
from app.web.photos import PHOTO_FORMS, picture_response, read_photo
from app.web.staff import employer_views as views
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page

router = APIRouter(dependencies=[*PHOTO_FORMS, Depends(check_csrf)], include_in_schema=False)
HOME: Final = "/staff/employers"


@router.get(HOME)
def show_queue(
    request: Request, session: ReadSession, desk: StaffDesk, firm: Annotated[int | None, Query()] = None
) -> Response:
    """The queue and one firm of it, the first where none is asked for."""
    return _page(request, session, desk, firm)


@router.get("/staff/employers/papers/{paper_id:int}/photo")
def show_photo(session: WriteSession, desk: StaffDesk, paper_id: int) -> Response:
    """A firm's paper; that it was opened is written down, so the page writes."""
    content = papers.open_picture(session, desk.actor, paper_id, cipher=desk.cipher, clock=desk.clock)
    return picture_response(content)


@router.post("/staff/employers/{firm_id:int}")
def decide(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    firm_id: int,
    action: Annotated[str, Form(max_length=10)],
    version: Annotated[int, Form()],
    seen: Annotated[list[int] | None, Form()] = None,
    reason: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """`accept` the papers seen, `verify` the firm with them, or `back` with a reason."""
    why = " ".join(reason.split())[: views.REASON_MOST]
    try:
        with session.begin_nested():
            firm = _firm(session, desk, firm_id)
            _decide(session, desk, firm, action, why, version, frozenset(seen or ()))
    except AppError as error:
        words = error.fields[0].message if error.fields else ""
        problem = f"{error.title} {words}".strip()
        return _page(request, session, desk, firm_id, problem, error.status)
    done = {"accept": "papers_seen", "verify": "firm_verified", "back": "firm_back"}[action]
    waiting = queries.list_waiting_firms(session, desk.actor)
    following = next((each for each in waiting if each.id != firm_id), None)
    chosen = f"&firm={following.id}" if following else ""
    return RedirectResponse(f"{HOME}?done={done}{chosen}", 303)


@router.post("/staff/employers/{firm_id:int}/papers")
async def send_paper(request: Request, desk: StaffDesk, firm_id: int, sent: SentForm) -> Response:
    """A paper brought to the counter; another colleague looks at it."""
    typed = photo_form(sent)

    def work(database: Database) -> Response:
        with database.write() as session:
            firm = _firm(session, desk, firm_id)
            papers.send_paper(
                session, desk.actor, firm, read_paper(typed), picture, cipher=desk.cipher, clock=desk.clock
            )
            return RedirectResponse(f"{HOME}?firm={firm_id}&done=paper_taken", 303)

    try:
        read_paper(typed)
        picture = await read_photo(sent)
        return await run_with_database(request, work)
    except AppError as error:
        words = "；".join(dict.fromkeys([error.title, *(each.message for each in error.fields)]))
        status = error.status
        return await read_once(request, lambda session: _page(request, session, desk, firm_id, words, status))


@router.post("/staff/employers/mandates/{mandate_id:int}")
def decide_mandate(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    mandate_id: int,
    action: Annotated[str, Form(max_length=10)],
    proof: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """An agency or a broker may act for a firm: by what the colleague saw, or not, and why."""
    try:
        with session.begin_nested():
            if action == "yes":
                mandates.grant_mandate(
                    session, desk.actor, mandate_id, proof=proof, cipher=desk.cipher, clock=desk.clock
                )
            else:
                mandates.end_mandate(
                    session, desk.actor, mandate_id, reason=proof, cipher=desk.cipher, clock=desk.clock
                )
    except AppError as error:
        words = error.fields[0].message if error.fields else ""
        return _page(request, session, desk, None, f"{error.title} {words}".strip(), error.status)
    return RedirectResponse(f"{HOME}?done={'mandated' if action == 'yes' else 'mandate_back'}", 303)


def _firm(session: ReadSession, desk: Desk, firm_id: int) -> Employer:
    firm = queries.find_firm_in_care(session, desk.actor, firm_id)
    if firm is None:
        raise EmployerNotFound
    return firm


def _decide(
    session: WriteSession,
    desk: Desk,
    firm: Employer,
    action: str,
    why: str,
    version: int,
    seen: frozenset[int],
) -> None:
    """Only papers that stood on the page are decided about: one sent in meanwhile waits for its own look."""
    waiting = [
        paper
        for paper in queries.list_papers(session, firm.id)
        if paper.state is PaperState.WAITING and paper.kind is not PaperKind.MANDATE and paper.id in seen
    ]
    verifies = policies.may_act_on_employer(desk.actor, firm, EmployerAction.VERIFY)
    if action not in ("accept", "verify", "back"):
        raise Forbidden
    if action == "back" and not why:
        raise Invalid("请写清楚哪里不对。", fields=[FieldProblem("reason", "单位看得到这句话")])
    for paper in waiting:
        papers.decide_paper(
            session,
            desk.actor,
            paper.id,
            accepted=action != "back",
            reason=why,
            cipher=desk.cipher,
            clock=desk.clock,
        )
    if action == "verify":
        missing = views.missing_words(session, firm, desk.today)
        if missing and not why:
            words = f"还缺{missing}。看过原件的，写一句再通过"
            raise Invalid("材料还不齐。", fields=[FieldProblem("reason", words)])
        _act(session, desk, firm, EmployerAction.VERIFY, why, version)
    elif action == "back" and verifies and rules.next_state(firm.state, EmployerAction.REJECT):
        _act(session, desk, firm, EmployerAction.REJECT, why, version)
    elif not waiting:
        raise Invalid("没有等着看的材料。单位核验、退回要县人社局来定。")


def _act(
    session: WriteSession, desk: Desk, firm: Employer, action: EmployerAction, why: str, version: int
) -> None:
    service.act_on_employer(
        session, desk.actor, firm.id, action, desk.clock, reason=why, version=version, cipher=desk.cipher
    )


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    chosen: int | None,
    problem: str = "",
    status: int = 200,
) -> Response:
    if not queries.may_check_anywhere(desk.actor):
        raise Forbidden("核验单位是镇、县人社工作人员的事。")
    waiting = queries.list_waiting_firms(session, desk.actor)
    found = next((firm for firm in waiting if firm.id == chosen), None)
    if found is None and chosen is not None:
        found = _firm(session, desk, chosen)
    found = found or (waiting[0] if waiting else None)
    now = desk.clock.now()
    view = views.QueueView(
        views.queue_rows(session, waiting, now, found.id if found else None),
        queries.count_waiting_firms(session, desk.actor),
        views.build_firm(session, desk, found, waiting) if found is not None else None,
        tuple(views.mandate_row(line) for line in mandate_queries.list_waiting(session, desk.actor, now)),
        problem,
        chosen is not None,
    )
    return console_page(request, desk.actor, "staff/employers.html", view, now="employers", status=status)
