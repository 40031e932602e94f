"""今天拟推的: the day's draft of `match run`, looked over: ticked and sent in one act, or taken out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import Forbidden, Invalid
from app.core.http import ReadSession, WriteSession
from app.core.idempotency import IdempotentRequest
from app.jobs.models import JobPosting
from app.matching import candidates
from app.referrals.guards import AGAIN, TOO_MANY
from app.referrals.policies import may_offer_in
from app.referrals.recommending import queries, settling
from app.referrals.recommending.describing import PairWords, describe_pairs
from app.referrals.recommending.giving import InHand
from app.referrals.recommending.models import Recommendation
from app.referrals.recommending.running import draft_here
from app.referrals.terms import DeclineReason
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.formats import Pay
from app.web.portal.cards import pay_of
from app.web.staff import once, places
from app.web.staff.file_views import line_of
from app.web.staff.forms import SentForm
from app.web.staff.page import console_page, may_work_referrals
from app.web.staff.pushing_views import why_skipped
from app.web.staff.today_views import sees_names
from app.web.staff.wording import place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
HOME: Final = "/staff/recommendations"
_PAGE: Final = 60
_UNPLACED: Final = 30
_TOWN: Final = 9
_LONGEST: Final = 16
_CHOICE: Final = 2
Place = Annotated[str, Query(alias="in", max_length=12)]
Cursor = Annotated[str | None, Query(max_length=400)]


@dataclass(frozen=True)
class DraftRow:
    """拟推的一条: `shut` says why it cannot go out now; then there is nothing to tick."""

    id: int
    title: str
    employer: str
    pay: Pay
    why: str
    gap: str
    shut: str


@dataclass(frozen=True)
class DraftPerson:
    """一个人今天拟推的活."""

    id: int
    name: str
    line: str
    place: str
    goes_first: bool
    may_send: bool
    rows: tuple[DraftRow, ...]


@dataclass(frozen=True)
class Chip:
    """一个地方还有几个人没看."""

    code: str
    words: str
    count: int


@dataclass(frozen=True)
class Unplaced:
    """没排上的一个人. `why` says what the run found."""

    id: int
    name: str
    line: str
    place: str
    why: str


@dataclass(frozen=True)
class DraftsView:
    """今天拟推的. `run_in`: the place for which the colleague may have it worked out now."""

    people: tuple[DraftPerson, ...]
    chips: tuple[Chip, ...]
    chosen: str
    total: int
    may_send: bool
    run_in: str
    run_words: str
    token: str
    run_token: str
    next: str | None
    is_first: bool
    unplaced: tuple[Unplaced, ...]
    unplaced_counts: tuple[tuple[str, int], ...]
    problem: str = ""
    reasons: tuple[str, ...] = tuple(reason.label for reason in DeclineReason)


@router.get(HOME)
def list_drafts(
    request: Request, session: ReadSession, desk: StaffDesk, chosen: Place = "", cursor: Cursor = None
) -> Response:
    """By person, households without a worker first; a constant number of statements."""
    _require_officer(desk)
    return _page(request, session, desk, chosen, cursor)


def _page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    chosen: str = "",
    cursor: str | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    counts = queries.count_by_place(session, desk.actor, desk.today)
    chosen = chosen if any(code.startswith(chosen) for code in counts) else ""
    rows, following = queries.list_recommendations(
        session, desk.actor, desk.today, region_code=chosen or None, limit=_PAGE, cursor=cursor
    )
    people = _people(session, desk, rows)
    left_out = queries.count_left_out(session, desk.actor, desk.today, region_code=chosen or None)
    run_in = next((code for code in places.own_places(desk.actor) if len(code) >= _TOWN), "")
    villages = ledger.list_village_names(session, [run_in, *counts])
    view = DraftsView(
        people,
        _chips(counts, villages),
        chosen,
        sum(count for code, count in counts.items() if code.startswith(chosen)),
        any(person.may_send for person in people),
        run_in,
        place_name(run_in, villages) if run_in else "",
        once.token_for(request, desk.clock),
        once.token_for(request, desk.clock),
        following,
        cursor is None,
        _unplaced(session, desk, chosen) if cursor is None else (),
        tuple((why.label, count) for why, count in left_out.items()),
        problem=problem,
    )
    return console_page(request, desk.actor, "staff/recommendations.html", view, status=status)


def _people(session: ReadSession, desk: Desk, rows: Sequence[Recommendation]) -> tuple[DraftPerson, ...]:
    ids = list(dict.fromkeys(row.person_id for row in rows))
    people = ledger.list_people_by_id(session, desk.actor, ids)
    facts = {
        person.id: person for person, _ in candidates.list_candidates(session, desk.actor, desk.today, ids)
    }
    words = describe_pairs(session, facts, [(row.person_id, row.job_id) for row in rows], desk.today)
    postings = queries.list_postings(session, {row.job_id for row in rows})
    in_hand = queries.read_in_hand(session, desk.clock.now(), ids)
    villages = ledger.list_village_names(session, {person.region_code for person in people.values()})
    found = []
    for person_id in ids:
        person = people.get(person_id)
        if person is None:
            continue
        own = [row for row in rows if row.person_id == person_id]
        found.append(
            DraftPerson(
                person.id,
                person.name if sees_names(desk.actor, person.region_code) else "一位",
                line_of(person, desk.today),
                place_name(person.region_code, villages),
                own[0].goes_first,
                may_offer_in(desk.actor, person.region_code),
                tuple(
                    _row(row, postings[row.job_id], words[row.person_id, row.job_id], in_hand) for row in own
                ),
            )
        )
    return tuple(found)


def _unplaced(session: ReadSession, desk: Desk, chosen: str) -> tuple[Unplaced, ...]:
    """The first people for whom the day's runs found nothing."""
    rows = queries.list_left_out(session, desk.actor, desk.today, region_code=chosen or None, limit=_UNPLACED)
    people = ledger.list_people_by_id(session, desk.actor, [row.person_id for row in rows])
    villages = ledger.list_village_names(session, {person.region_code for person in people.values()})
    found = {
        row.person_id: Unplaced(
            row.person_id,
            person.name if sees_names(desk.actor, person.region_code) else "一位",
            line_of(person, desk.today),
            place_name(person.region_code, villages),
            row.why.label,
        )
        for row in rows
        if (person := people.get(row.person_id)) is not None
    }
    return tuple(found.values())


def _row(row: Recommendation, job: JobPosting, words: PairWords, in_hand: InHand) -> DraftRow:
    shut = words.shut
    if not shut and (row.person_id, row.job_id) in in_hand.barred:
        shut = why_skipped(AGAIN, "")
    if not shut and not in_hand.most_of(row.person_id):
        shut = why_skipped(TOO_MANY, "")
    return DraftRow(
        row.id,
        job.title,
        job.employer.name,
        pay_of(job),
        "；".join(words.reasons),
        words.gaps[0] if words.gaps else "",
        shut,
    )


def _chips(counts: Mapping[str, int], villages: Mapping[str, str]) -> tuple[Chip, ...]:
    """By village for a town's officer, by town for a county's."""
    towns = Counter({code[:_TOWN]: 0 for code in counts})
    for code, count in counts.items():
        towns[code[:_TOWN]] += count
    shown = towns if len(towns) > 1 else counts
    if len(shown) < _CHOICE:
        return ()
    return tuple(Chip(code, place_name(code, villages), count) for code, count in sorted(shown.items()))


@router.post(HOME)
def confirm(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    form: SentForm,
    act: Annotated[str, Form(max_length=10)] = "",
    chosen: Place = "",
) -> Response:
    """Sends what is ticked, or (`act` run) works the draft out now; a double tap does it once."""
    _require_officer(desk)
    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked):
        return given
    if act == "run":
        return _run(request, session, desk, asked)
    ids = _numbers(form.getlist("pick"))
    if not ids:
        return _page(request, session, desk, chosen, problem="还没有勾。先勾上要发的。", status=422)
    done = settling.confirm_recommendations(session, desk.actor, ids, cipher=desk.cipher, clock=desk.clock)
    known = chosen if chosen.isalnum() else ""
    address = f"{HOME}?done={'sent_out' if done.referrals else 'none_out'}"
    return once.keep(session, asked, address + (f"&in={known}" if known else ""), desk.clock)


def _run(request: Request, session: WriteSession, desk: Desk, asked: IdempotentRequest) -> Response:
    own = next((code for code in places.own_places(desk.actor) if len(code) >= _TOWN), "")
    if not own or not may_offer_in(desk.actor, own):
        raise Forbidden("全县的每天早上排一遍；镇里、村里可以随时排自己的。")
    draft_here(session, own, desk.clock)
    return once.keep(session, asked, f"{HOME}?done=drafted", desk.clock)


def _numbers(sent: Sequence[object]) -> list[int]:
    texts = [str(each) for each in sent]
    found = (int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < _LONGEST)
    return list(dict.fromkeys(found))[: settling.MOST_AT_ONCE]


@router.post(HOME + "/{recommendation_id}/reject")
def reject(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    recommendation_id: int,
    why: Annotated[str, Form(max_length=20)] = "",
    more: Annotated[str, Form(max_length=80)] = "",
    chosen: Place = "",
) -> Response:
    """不推这个, with a reason; sent twice, it is one."""
    _require_officer(desk)
    words = "，".join(word for word in (why, " ".join(more.split())) if word)
    try:
        with session.begin_nested():
            there = settling.reject_recommendation(
                session, desk.actor, recommendation_id, words, clock=desk.clock
            )
    except Invalid as error:
        return _page(request, session, desk, chosen, problem=error.title, status=error.status)
    known = chosen if chosen.isalnum() else ""
    done = "not_this" if there else "again"
    return RedirectResponse(f"{HOME}?done={done}" + (f"&in={known}" if known else ""), 303)


def _require_officer(desk: Desk) -> None:
    if not may_work_referrals(desk.actor):
        raise Forbidden("推荐的事由村里、镇上和县里的同事来办。")
