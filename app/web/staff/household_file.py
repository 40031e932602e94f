"""一户一档: the household page, what happened to it, and the file as it was on a past day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import may
from app.core.clock import Clock
from app.core.http import ReadSession
from app.seekers import officers, policies, queries
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.fields import HOUSEHOLD_LABELS, PERSON_LABELS
from app.seekers.history import TimelineEntry, as_of, timeline
from app.seekers.merging import MERGED_FROM
from app.seekers.models import Household, Person
from app.seekers.terms import ChangeKind, RecordKind
from app.web.csrf import check_csrf
from app.web.staff.file_views import (
    HouseholdView,
    Pairs,
    household_title,
    member_view,
    tags_of,
)
from app.web.staff.page import console_page
from app.web.staff.steps import next_steps
from app.web.staff.wording import HistoryLine, day_words, history_line, place_name, say

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_HISTORY = 10
_LONG_HISTORY = 30
# The birth date too: beside a masked ID number it would be as good as the number.
_HIDDEN_THEN = frozenset(
    {"household_id", "x", "y", "merged_into_id", "closed_at", "close_reason", "officer_id", "birth_on"}
)


@dataclass(frozen=True)
class PastView:
    """某日档案: what a file said at the end of a day."""

    title: str
    href: str
    day: str
    day_words: str
    was_there: bool
    groups: tuple[tuple[str, Pairs], ...]


@dataclass(frozen=True)
class HistoryView:
    """全部变更."""

    title: str
    href: str
    history: tuple[HistoryLine, ...]
    next: str | None


@router.get("/staff/households/{household_id}")
def show_household(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    household_id: int,
    on: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The household file: at most eight statements, signing in included."""
    household = queries.get_household(session, desk.actor, household_id)
    is_masked = policies.view_of_household(desk.actor, household).is_masked
    people = queries.list_members(session, household.id, with_closed=household.closed_at is not None)
    day = read_day(on, desk.clock)
    if day is not None:
        policies.require_history(desk.actor, household)
        return _past(request, session, desk, household, people, day)
    choices = officers_over(session, household, desk)
    officer_id = household.officer_id if household.officer_id in choices else None
    villages = queries.list_village_names(session, [household.region_code])
    entries: list[TimelineEntry] = []
    following = None
    if not is_masked:
        entries, following = timeline(session, household, limit=_HISTORY)
    names = {person.id: person.name for person in people}
    target = policies.target_of_household(household)
    edit = may(desk.actor, Action.EDIT, Resource.HOUSEHOLD_FILE, target)
    is_closed = household.closed_at is not None
    view = HouseholdView(
        id=household.id,
        title=household_title(people, is_masked=is_masked),
        place=place_name(household.region_code, villages),
        address="" if is_masked else household.address,
        number=household.household_number or "",
        people=len(people),
        tags=tags_of(household),
        working=sum(person.status.value in ("employed", "self_employed") for person in people),
        officer=choices.get(officer_id or 0, ""),
        note="" if is_masked else household.note,
        members=tuple(member_view(person, desk.today, desk.cipher, is_masked=is_masked) for person in people),
        steps=()
        if is_masked or is_closed
        else tuple(next_steps(household, people, desk.today, edit is not None, officer_id is not None)),
        history=tuple(history_line(entry, names, desk.today, villages) for entry in entries),
        history_next=following,
        version=household.version,
        may_edit=edit is not None,
        may_add=policies.may_add_person(desk.actor, household.region_code) and not is_closed,
        may_edit_people=may(desk.actor, Action.EDIT, Resource.SEEKER_CARD, target) is not None,
        is_closed=is_closed,
        is_masked=is_masked,
        today=desk.today.isoformat(),
        merges=standing_merges(entries, RecordKind.HOUSEHOLD, household.id),
        officers=tuple(choices.items()) if edit is not None and not is_closed else (),
        officer_id=officer_id,
        officer_left=household.officer_id is not None and officer_id is None,
    )
    return console_page(request, desk.actor, "staff/household.html", view)


def officers_over(session: ReadSession, household: Household, desk: Desk) -> dict[int, str]:
    """Who may be named for a household, by id; who is named and not among them is in office no longer."""
    found = officers.list_choices(session, household.region_code, desk.clock.now())
    return {user.id: user.display_name for user in found}


@router.get("/staff/households/{household_id}/history")
def show_history(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    household_id: int,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Everything that happened to a household and its members, page by page."""
    household = queries.get_household(session, desk.actor, household_id)
    policies.require_history(desk.actor, household)
    people = queries.list_members(session, household.id, with_closed=True)
    entries, following = timeline(session, household, limit=_LONG_HISTORY, cursor=cursor)
    names = {person.id: person.name for person in people}
    lines = tuple(history_line(entry, names, desk.today) for entry in entries)
    view = HistoryView(household_title(people), f"/staff/households/{household.id}", lines, following)
    return console_page(request, desk.actor, "staff/history.html", view)


def standing_merges(
    entries: list[TimelineEntry], kind: RecordKind, record_id: int
) -> tuple[tuple[int, str], ...]:
    """Merges into this record that can still be undone: id of the other record, day."""
    own = [entry for entry in entries if entry.record_kind is kind and entry.record_id == record_id]
    undone = sum(entry.kind is ChangeKind.UNMERGED for entry in own)
    found = []
    for entry in own:
        other = next((change.after for change in entry.fields if change.name == MERGED_FROM), None)
        if entry.kind is ChangeKind.MERGED and other is not None:
            found.append((int(other), day_words(entry.at)))
    return tuple(found) if len(found) > undone else ()


def read_day(text: str, clock: Clock) -> date | None:
    """A past day of the address (?on=2026-10-01); None for none, nonsense, today or later."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day < clock.today() else None


def _past(
    request: Request,
    session: ReadSession,
    desk: Desk,
    household: Household,
    people: list[Person],
    day: date,
) -> Response:
    then = as_of(session, household, day)
    groups: list[tuple[str, Pairs]] = []
    if then is not None:
        groups.append(("这一户", _said(then.fields, HOUSEHOLD_LABELS)))
        for person in people:
            past = as_of(session, person, day)
            if past is not None and past.fields["household_id"] == household.id:
                groups.append((str(past.fields["name"]), past_pairs(past.fields)))
    view = PastView(
        household_title(people),
        f"/staff/households/{household.id}",
        day.isoformat(),
        day_words(day),
        then is not None,
        tuple(groups),
    )
    return console_page(request, desk.actor, "staff/past.html", view)


def past_pairs(fields: Mapping[str, Any]) -> Pairs:
    """What was known of a person then; what was not filled in is left out."""
    return _said(fields, PERSON_LABELS)


def _said(fields: Mapping[str, Any], labels: Mapping[str, str]) -> Pairs:
    return tuple(
        (labels[name], say(name, value))
        for name, value in fields.items()
        if name in labels and name not in _HIDDEN_THEN and value not in (None, "", [], False)
    )
