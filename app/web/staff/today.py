"""今天要办的: everything that is due in one's area in one list, and the same on paper."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.actor import Actor
from app.core.errors import Forbidden
from app.core.http import ReadSession, WriteSession
from app.referrals import queries, today
from app.referrals.spells.service import finish_call_back
from app.referrals.terms import TodayKind
from app.referrals.today import MOST_LISTED, TodayItem
from app.referrals.wishes import queries as wish_queries
from app.referrals.wishes import service as wishes
from app.referrals.wishes.models import JobWish
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import check_csrf
from app.web.staff import today_views as views
from app.web.staff.message_links import due_links
from app.web.staff.page import console_page, csrf_of, may_work_referrals, staff_page
from app.web.staff.today_views import WISH, TodayRow
from app.web.staff.wording import day_words, place_name

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_PAGE: Final = 40
_HOME: Final = "/staff/today"
_WEEKDAYS: Final = "一二三四五六日"


@router.get(_HOME)
def show_today(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    only: Annotated[str, Query(max_length=20)] = "",
    most: Annotated[int, Query(ge=1, le=MOST_LISTED)] = _PAGE,
) -> Response:
    """What is due first stands first; a constant number of statements."""
    _require_officer(desk.actor)
    counts = today.count_today(session, desk.actor, desk.clock)
    waiting = wish_queries.count_waiting(session, desk.actor)
    chips = [views.Chip(WISH, views.WISH_WORDS, waiting)] if waiting else []
    chips += [
        views.Chip(kind.value, words, counts[kind])
        for kind, words in views.KIND_WORDS.items()
        if counts.get(kind)
    ]
    known = {chip.code for chip in chips}
    chosen = only if only in known else ""
    total = sum(chip.count for chip in chips if chosen in ("", chip.code))
    rows = _rows(session, desk, chosen, most)
    more = min(most + _PAGE, MOST_LISTED)
    query = f"only={chosen}&most={more}" if chosen else f"most={more}"
    view = views.TodayView(
        rows,
        tuple(chips),
        chosen,
        total,
        sum(row.tone == "late" for row in rows),
        f"{_HOME}?{query}" if len(rows) < total and most < MOST_LISTED else "",
        f"{day_words(desk.today, desk.today)}，周{_WEEKDAYS[desk.today.weekday()]}",
        due_links(session, desk),
    )
    return console_page(request, desk.actor, "staff/today.html", view, now="today")


@router.post(_HOME + "/call-backs/{call_back_id}")
def finish(
    session: WriteSession,
    desk: StaffDesk,
    call_back_id: int,
    note: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The officer spoke to them; sent twice, it is done once."""
    _require_officer(desk.actor)
    done = finish_call_back(session, desk.actor, call_back_id, " ".join(note.split()), desk.clock)
    return RedirectResponse(f"{_HOME}?done={'called' if done else 'again'}", 303)


@router.get(_HOME + "/print")
def show_paper(request: Request, session: ReadSession, desk: StaffDesk) -> Response:
    """电话名单: by village, with tick boxes; the numbers of wishes are left out."""
    return _paper(request, session, desk, {})


@router.post(_HOME + "/print")
def show_whole_paper(request: Request, session: WriteSession, desk: StaffDesk) -> Response:
    """The same with the numbers of wishes; that each was read is written down."""
    _require_officer(desk.actor)
    waiting = wish_queries.list_waiting(session, desk.actor, limit=MOST_LISTED)
    phones = {
        wish.id: wishes.read_phone(session, desk.actor, wish.id, cipher=desk.cipher, clock=desk.clock)
        for wish in waiting
    }
    return _paper(request, session, desk, phones)


def _paper(request: Request, session: ReadSession, desk: Desk, phones: dict[int, str]) -> Response:
    _require_officer(desk.actor)
    rows = _rows(session, desk, "", MOST_LISTED, phones)
    by_place: dict[str, list[TodayRow]] = {}
    for row in sorted(rows, key=lambda row: (row.place, row.address, row.due_at)):
        by_place.setdefault(row.place, []).append(row)
    view = views.PrintView(
        tuple(views.Hamlet(name, tuple(found)) for name, found in by_place.items()),
        len(rows),
        day_words(desk.today),
        _area(desk.actor),
        any(row.wish_id is not None and not row.tel for row in rows),
        csrf_of(request),
    )
    return staff_page(request, "staff/call_list.html", view)


def _require_officer(actor: Actor) -> None:
    if not may_work_referrals(actor):
        raise Forbidden("推荐的事由村里、镇上和县里的同事来办。")


def _area(actor: Actor) -> str:
    codes = [grant.region_code for grant in actor.grants if grant.region_code]
    return place_name(min(codes, key=len), {}) if codes else ""


def _rows(
    session: ReadSession, desk: Desk, only: str, most: int, phones: dict[int, str] | None = None
) -> tuple[TodayRow, ...]:
    """At most six statements, however long the list is."""
    items: Sequence[TodayItem] = []
    found: Sequence[JobWish] = []
    if only != WISH:
        kind = next((each for each in TodayKind if each.value == only), None)
        items = today.list_today(session, desk.actor, desk.clock, kind=kind, limit=most)
    if only in ("", WISH):
        found = wish_queries.list_waiting(session, desk.actor, limit=most)
    people = ledger.list_people_by_id(session, desk.actor, [item.person_id for item in items])
    silent = [item.referral_id for item in items if item.referral_id and item.kind in views.OF_THE_FIRM]
    firms = {row.id: row.job.employer for row in queries.list_referrals_by_id(session, silent).values()}
    villages = ledger.list_village_names(
        session, {item.region_code for item in items} | {wish.region_code for wish in found}
    )
    now = desk.clock.now()
    rows = [views.row_of_item(item, desk.actor, people, firms, villages, desk.cipher, now) for item in items]
    rows += [
        views.row_of_wish(wish, desk.actor, villages, now, (phones or {}).get(wish.id, "")) for wish in found
    ]
    rows.sort(key=lambda row: row.due_at)
    return tuple(rows[:most])
