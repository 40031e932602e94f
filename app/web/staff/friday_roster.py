"""会上的名单: who was brought and what, bringing more and taking off, and one person with every posting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.actor import SYSTEM
from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.jobs import queries as jobs
from app.jobs.models import JobPosting
from app.jobs.queries import JobFilters
from app.matching import candidates
from app.referrals.recommending.describing import describe_pairs
from app.referrals.sessions import policies, queries, service
from app.referrals.sessions.board import show_board
from app.referrals.sessions.errors import SessionNotFound
from app.referrals.sessions.models import MatchingSession
from app.seekers import finding
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.masking import mask_name
from app.seekers.models import Person
from app.web.csrf import check_csrf
from app.web.staff import friday_views as views
from app.web.staff.file_views import line_of
from app.web.staff.friday import HOME, Names, Number, rights_of
from app.web.staff.page import console_page
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_FOUND: Final = 20
Search = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True)
class RosterPerson:
    """名单上的一个人, or somebody found who could be put there."""

    id: int
    name: str
    line: str
    place: str
    may_drop: bool = False


@dataclass(frozen=True)
class RosterPosting:
    """名单上的一个活, or one found."""

    id: int
    title: str
    firm: str
    source: str
    left: int
    may_drop: bool = False


@dataclass(frozen=True)
class RosterView:
    """人和活的名单. `found_*`: what was looked for and is not on it yet."""

    id: int
    title: str
    place: str
    rights: views.Rights
    people: tuple[RosterPerson, ...]
    elsewhere: int
    postings: tuple[RosterPosting, ...]
    person_q: str
    found_people: tuple[RosterPerson, ...]
    job_q: str
    found_postings: tuple[RosterPosting, ...]
    has_full_names: bool
    problem: str = ""


@dataclass(frozen=True)
class PersonView:
    """会上的一个人 with every posting there: those that fit first."""

    id: int
    person_id: int
    name: str
    place: str
    title: str
    version: int
    may_decide: bool
    rows: tuple[views.PairRow, ...]
    query: str = ""


@router.get(HOME + "/{session_id}/roster")
def show_roster(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    session_id: int,
    who: Search = "",
    job: Search = "",
    names: Names = "",
) -> Response:
    """Who was brought of my area, and what; boxes to look for more. The page may be on the big screen too:
    names are masked until they are asked for."""
    row = queries.get_session(session, desk.actor, session_id)
    return _roster(request, session, desk, row, who, job, names)


def _roster(
    request: Request,
    session: ReadSession,
    desk: Desk,
    row: MatchingSession,
    who: str = "",
    job: str = "",
    names: str = "",
    error: AppError | None = None,
) -> Response:
    rights = rights_of(desk, row)
    people = queries.list_brought(session, desk.actor, row.id)
    there = {person.id for person in people}
    rows = _people(session, desk, people, who if rights.bring else "", masked=not names)
    brought = queries.list_postings(session, row.id)
    view = RosterView(
        row.id,
        views.session_title(row),
        views.session_line(row).place,
        rights,
        tuple(each for each in rows if each.id in there),
        queries.count_brought(session, row.id) - len(people),
        tuple(
            _posting(
                each,
                posting.source,
                may_drop=rights.run or (rights.bring and posting.brought_by_id == desk.actor.user_id),
            )
            for posting, each in brought
        ),
        who,
        tuple(each for each in rows if each.id not in there),
        job,
        _looked_for(session, desk, {posting.job_id for posting, _ in brought}, job if rights.bring else ""),
        bool(names),
        error.title if error is not None else "",
    )
    status = error.status if error is not None else 200
    return console_page(request, desk.actor, "staff/friday_roster.html", view, now="fridays", status=status)


def _people(
    session: ReadSession, desk: Desk, people: list[Person], who: str, *, masked: bool
) -> list[RosterPerson]:
    """Those on the list, then those looked for who are not: what one typed one may read."""
    found: list[Person] = []
    if who.strip():
        found, _ = finding.find_people(session, desk.actor, who, desk.today, cipher=desk.cipher, limit=_FOUND)
    there = {person.id for person in people}
    everybody = [*people, *(person for person in found if person.id not in there)]
    villages = ledger.list_village_names(session, {person.region_code for person in everybody})
    return [
        RosterPerson(
            person.id,
            mask_name(person.name)
            if (masked and person.id in there) or not policies.sees_names(desk.actor, person.region_code)
            else person.name,
            line_of(person, desk.today),
            place_name(person.region_code, villages),
            policies.may_bring_person(desk.actor, person.region_code),
        )
        for person in everybody
    ]


def _posting(job: JobPosting, source: str, *, may_drop: bool) -> RosterPosting:
    left = max(job.openings - job.filled - job.held, 0)
    return RosterPosting(job.id, job.title, job.employer.name, source, left, may_drop)


def _looked_for(session: ReadSession, desk: Desk, there: set[int], words: str) -> tuple[RosterPosting, ...]:
    """Open postings looked for that are not on the list."""
    if not words.strip():
        return ()
    found, _ = jobs.list_open_jobs(session, JobFilters(query=words), desk.today, limit=_FOUND)
    return tuple(_posting(job, "", may_drop=False) for job in found if job.id not in there)


@router.post(HOME + "/{session_id}/people")
def bring_people(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    session_id: int,
    person: Annotated[int, Form(ge=0, lt=2**53)] = 0,
) -> Response:
    """One person, or (0) everybody of mine who looks for work."""

    def step() -> None:
        if person:
            service.bring_people(session, desk.actor, session_id, [person], clock=desk.clock)
        else:
            service.bring_waiting(session, desk.actor, session_id, clock=desk.clock)

    return _do(request, session, desk, session_id, step)


@router.post(HOME + "/{session_id}/people/drop")
def drop_person(
    request: Request, session: WriteSession, desk: StaffDesk, session_id: int, person: Number
) -> Response:
    """Takes somebody off the list."""

    def step() -> None:
        service.drop_person(session, desk.actor, session_id, person, clock=desk.clock)

    return _do(request, session, desk, session_id, step)


@router.post(HOME + "/{session_id}/jobs")
def bring_posting(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    session_id: int,
    job: Annotated[int, Form(ge=0, lt=2**53)] = 0,
    source: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """One posting, or (0) all open ones of the county; `source` is the department that brings them."""
    words = " ".join(source.split())

    def step() -> None:
        if job:
            service.bring_posting(session, desk.actor, session_id, job, words, clock=desk.clock)
        else:
            service.bring_open_postings(session, desk.actor, session_id, words, clock=desk.clock)

    return _do(request, session, desk, session_id, step)


@router.post(HOME + "/{session_id}/jobs/drop")
def drop_posting(
    request: Request, session: WriteSession, desk: StaffDesk, session_id: int, job: Number
) -> Response:
    """Takes a posting off the list."""

    def step() -> None:
        service.drop_posting(session, desk.actor, session_id, job, clock=desk.clock)

    return _do(request, session, desk, session_id, step)


def _do(
    request: Request, session: WriteSession, desk: Desk, session_id: int, step: Callable[[], None]
) -> Response:
    try:
        with session.begin_nested():
            step()
    except AppError as error:
        if error.status != 409:
            raise
        row = queries.get_session(session, desk.actor, session_id)
        return _roster(request, session, desk, row, error=error)
    return RedirectResponse(f"{HOME}/{session_id}/roster", 303)


@router.get(HOME + "/{session_id}/people/{person_id}")
def show_person(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    session_id: int,
    person_id: int,
    names: Names = "",
) -> Response:
    """Everything at the meeting for one person: set one, rule one out."""
    board = show_board(session, desk.actor, session_id, desk.clock, full_names=bool(names))
    line = next((each for each in board.people if each.id == person_id), None)
    if line is None:
        raise SessionNotFound
    facts = candidates.list_candidates(session, SYSTEM, desk.today, [person_id])
    postings = queries.list_postings(session, session_id)
    words = describe_pairs(
        session,
        {person.id: person for person, _ in facts},
        [(person_id, job.id) for _, job in postings],
        desk.today,
    )
    paired = {each.pair.job_id: views.pair_row(each) for each in (*line.pairs, *line.ruled_out)}
    order = sorted(
        (job for _, job in postings),
        key=lambda job: (bool(words[person_id, job.id].shut), -words[person_id, job.id].score, job.id),
    )
    rows = [
        paired.get(job.id) or views.possible_row(person_id, job, words[person_id, job.id]) for job in order
    ]
    villages = ledger.list_village_names(session, {line.region_code})
    view = PersonView(
        session_id,
        person_id,
        line.name,
        place_name(line.region_code, villages),
        views.session_title(board.session),
        board.session.version,
        line.may_decide and board.session.is_open,
        tuple(rows),
        "names=1" if board.has_full_names else "",
    )
    return console_page(request, desk.actor, "staff/friday_person.html", view, now="fridays")
