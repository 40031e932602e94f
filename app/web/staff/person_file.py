"""人档: the page of one person, what happened to it, who looked at it, and a number shown in full."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from app.accounts.audit.queries import Look, who_looked
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import may
from app.core.errors import Invalid
from app.core.http import ReadSession, WriteSession
from app.referrals.policies import may_offer_in
from app.referrals.queries import ReferralFilters, list_referrals
from app.seekers import policies, queries, revealing
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.fields import PERSON_LABELS
from app.seekers.history import as_of, timeline
from app.seekers.models import Person
from app.seekers.privacy import consents, erasure
from app.seekers.privacy.schemas import ConsentsOut
from app.seekers.terms import RecordKind
from app.web.csrf import check_csrf
from app.web.formats import phone_words
from app.web.staff.file_views import person_view
from app.web.staff.household_file import HistoryView, PastView, past_pairs, read_day, standing_merges
from app.web.staff.page import console_page
from app.web.staff.referral_file_views import referral_line
from app.web.staff.rights import may_hold, state_of
from app.web.staff.wording import day_words, history_line

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_HISTORY = 10
_LONG_HISTORY = 30
_MOST_LOOKS = 30
_REFERRALS = 8
_FIELDS = {
    "id_number": "身份证号",
    "phone": "电话",
    "health": "健康、残疾、致贫原因",
    "ledger": "台账其他项",
}


@dataclass(frozen=True)
class RevealView:
    """看全号: the form with the reason, then the whole number."""

    person_id: int
    name: str
    field: str
    label: str
    reason: str = ""
    problem: str = ""
    is_shown: bool = False
    value: str = ""
    pairs: tuple[tuple[str, str], ...] = ()


@router.get("/staff/people/{person_id}")
def show_person(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    person_id: int,
    on: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """One person's file."""
    person = queries.get_person(session, desk.actor, person_id)
    day = read_day(on, desk.clock)
    if day is not None:
        past = as_of(session, person, day)
        groups = (("那天记着的", past_pairs(past.fields)),) if past else ()
        view = PastView(
            person.name,
            f"/staff/people/{person.id}",
            day.isoformat(),
            day_words(day),
            past is not None,
            groups,
        )
        return console_page(request, desk.actor, "staff/past.html", view)
    villages = queries.list_village_names(session, {person.region_code, *person.refused_places})
    entries, following = timeline(session, person, limit=_HISTORY)
    looks = who_looked(session, person.id, person.household_id, limit=_MOST_LOOKS)
    edit = may(desk.actor, Action.EDIT, Resource.SEEKER_CARD, policies.target_of_person(person))
    shown = person_view(
        person,
        desk.today,
        desk.cipher,
        villages,
        PERSON_LABELS,
        history=tuple(
            history_line(entry, {person.id: person.name}, desk.today, villages) for entry in entries
        ),
        history_next=following,
        looks=tuple(_look(look, desk) for look in looks),
        merges=standing_merges(entries, RecordKind.PERSON, person.id),
        may_edit=edit is not None,
    )
    shown = replace(
        shown,
        consents=_consents(session, person.id),
        erasure_waits=erasure.find_request(session, person.id, desk.clock) is not None,
        may_hold=may_hold(desk),
        referrals=tuple(
            referral_line(referral, desk.today)
            for referral in list_referrals(
                session,
                desk.actor,
                ReferralFilters(person_id=person.id),
                desk.clock.now(),
                limit=_REFERRALS,
            )[0]
        ),
        may_push=may_offer_in(desk.actor, person.region_code) and person.closed_at is None,
    )
    return console_page(request, desk.actor, "staff/person.html", shown)


def _consents(session: ReadSession, person_id: int) -> tuple[tuple[str, str], ...]:
    """Each purpose with how things stand."""
    said = ConsentsOut.of(consents.consents_of(session, person_id))
    return tuple(
        (one.label, state_of(one.purpose, None if one.last is None else one.last.is_given))
        for one in said.purposes
    )


def _look(look: Look, desk: Desk) -> str:
    why = f"，因为：{look.reason}" if look.reason else ""
    return (
        f"{day_words(look.at, desk.today)}，{look.actor_name}{look.action.label}了{look.resource.label}{why}"
    )


@router.get("/staff/people/{person_id}/history")
def show_history(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    person_id: int,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Everything that happened to a person's file, page by page."""
    person = queries.get_person(session, desk.actor, person_id)
    entries, following = timeline(session, person, limit=_LONG_HISTORY, cursor=cursor)
    lines = tuple(history_line(entry, {person.id: person.name}, desk.today) for entry in entries)
    view = HistoryView(person.name, f"/staff/people/{person.id}", lines, following)
    return console_page(request, desk.actor, "staff/history.html", view)


@router.get("/staff/people/{person_id}/reveal")
def ask_reveal(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    person_id: int,
    field: Annotated[str, Query(max_length=20)] = "id_number",
) -> Response:
    """Where the reason is written before a number is shown."""
    person = queries.get_person(session, desk.actor, person_id)
    return _reveal_page(request, desk, _asked(person, field))


@router.post("/staff/people/{person_id}/reveal")
def reveal(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    field: Annotated[str, Form(max_length=20)] = "id_number",
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Shows one number in full; who looked and why is written down, and the person can read it."""
    person = queries.get_person(session, desk.actor, person_id)
    asked = _asked(person, field)
    try:
        found = revealing.reveal_field(
            session,
            desk.actor,
            person.id,
            asked.field,
            cipher=desk.cipher,
            clock=desk.clock,
            reason=reason.strip(),
        )
    except Invalid as error:
        refused = replace(asked, reason=reason, problem=error.title)
        return _reveal_page(request, desk, refused, status=error.status)
    if isinstance(found.value, dict):
        shown = replace(asked, is_shown=True, pairs=tuple(found.value.items()))
    else:
        value = found.value or ""
        shown = replace(asked, is_shown=True, value=phone_words(value) if field == "phone" else value)
    return _reveal_page(request, desk, shown)


def _asked(person: Person, field: str) -> RevealView:
    known = field if field in _FIELDS else "id_number"
    return RevealView(person.id, person.name, known, _FIELDS[known])


def _reveal_page(request: Request, desk: Desk, view: RevealView, *, status: int = 200) -> Response:
    return console_page(request, desk.actor, "staff/reveal.html", view, status=status)
