"""合并重复档案: two files side by side, one of them stays; and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.core.errors import AppError
from app.core.http import ReadSession, WriteSession
from app.seekers import finding, merging, policies, queries
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.fields import HOUSEHOLD_LABELS, PERSON_LABELS, snapshot
from app.seekers.id_numbers import age_on
from app.seekers.models import Household, Person
from app.web.csrf import check_csrf
from app.web.staff.fields import masked_numbers
from app.web.staff.file_views import household_title, line_of, words_of
from app.web.staff.page import console_page
from app.web.staff.wording import NOTHING, place_name, say

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_MOST = 20
_UNCOMPARED = frozenset(
    {"household_id", "merged_into_id", "closed_at", "close_reason", "x", "y", "birth_on", "officer_id"}
)


@dataclass(frozen=True)
class Choice:
    """A record that might be the same one."""

    id: int
    name: str
    line: str


@dataclass(frozen=True)
class Compared:
    """One field of both files."""

    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        return self.left != self.right


@dataclass(frozen=True)
class MergeView:
    """合并页: first whom to compare with, then both side by side."""

    noun: str
    base: str
    id: int
    name: str
    q: str
    choices: tuple[Choice, ...]
    other: Choice | None = None
    rows: tuple[Compared, ...] = ()
    version: int = 0
    other_version: int = 0
    problem: str = ""


Other = Annotated[int, Query(alias="with", ge=0)]
Sought = Annotated[str, Query(max_length=60)]


@router.get("/staff/people/{person_id}/merge")
def show_people(
    request: Request, session: ReadSession, desk: StaffDesk, person_id: int, other: Other = 0, q: Sought = ""
) -> Response:
    """Whom to compare with, or both files."""
    view = _people_view(session, desk, person_id, other, q)
    return console_page(request, desk.actor, "staff/merge.html", view)


@router.post("/staff/people/{person_id}/merge")
def merge_people(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    person_id: int,
    other: Annotated[int, Form(ge=1)],
    keep: Annotated[int, Form(ge=1)],
    version: Annotated[int, Form(ge=0)] = 0,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """`keep` is the file that stays; `version` is that of the file the page belongs to."""
    kept, gone = (person_id, other) if keep == person_id else (other, person_id)
    expected = version if kept == person_id else None
    try:
        merging.merge_people(
            session,
            desk.actor,
            kept,
            gone,
            cipher=desk.cipher,
            clock=desk.clock,
            reason=reason,
            version=expected,
        )
    except AppError as error:
        if error.status in (403, 404):
            raise
        view = _people_view(session, desk, person_id, other, "", error.title)
        return console_page(request, desk.actor, "staff/merge.html", view, status=error.status)
    return RedirectResponse(f"/staff/people/{kept}?done=merged", 303)


@router.post("/staff/people/{person_id}/unmerge")
def unmerge_people(
    session: WriteSession, desk: StaffDesk, person_id: int, other: Annotated[int, Form(ge=1)]
) -> Response:
    """Two files again."""
    merging.unmerge_people(session, desk.actor, other, cipher=desk.cipher, clock=desk.clock)
    return RedirectResponse(f"/staff/people/{person_id}?done=unmerged", 303)


@router.get("/staff/households/{household_id}/merge")
def show_households(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    household_id: int,
    other: Other = 0,
    q: Sought = "",
) -> Response:
    """Which household to compare with, or both files."""
    view = _household_view(session, desk, household_id, other, q)
    return console_page(request, desk.actor, "staff/merge.html", view)


@router.post("/staff/households/{household_id}/merge")
def merge_households(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    household_id: int,
    other: Annotated[int, Form(ge=1)],
    keep: Annotated[int, Form(ge=1)],
    version: Annotated[int, Form(ge=0)] = 0,
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """As with people; the members of the other household move over."""
    kept, gone = (household_id, other) if keep == household_id else (other, household_id)
    expected = version if kept == household_id else None
    try:
        merging.merge_households(
            session,
            desk.actor,
            kept,
            gone,
            cipher=desk.cipher,
            clock=desk.clock,
            reason=reason,
            version=expected,
        )
    except AppError as error:
        if error.status in (403, 404):
            raise
        view = _household_view(session, desk, household_id, other, "", error.title)
        return console_page(request, desk.actor, "staff/merge.html", view, status=error.status)
    return RedirectResponse(f"/staff/households/{kept}?done=merged", 303)


@router.post("/staff/households/{household_id}/unmerge")
def unmerge_households(
    session: WriteSession, desk: StaffDesk, household_id: int, other: Annotated[int, Form(ge=1)]
) -> Response:
    """Two households again."""
    merging.unmerge_households(session, desk.actor, other, cipher=desk.cipher, clock=desk.clock)
    return RedirectResponse(f"/staff/households/{household_id}?done=unmerged", 303)


def _people_view(
    session: ReadSession, desk: Desk, person_id: int, other_id: int, q: str, problem: str = ""
) -> MergeView:
    person = queries.get_person(session, desk.actor, person_id)
    policies.require_edit_of_person(desk.actor, person)
    view = MergeView("人", f"/staff/people/{person.id}", person.id, person.name, q, (), problem=problem)
    if not other_id:
        found = [p for p in _found(session, desk, q or person.name) if p.id != person.id]
        return replace(view, choices=tuple(_person_choice(p, desk) for p in found))
    other = queries.get_person(session, desk.actor, other_id)
    villages = queries.list_village_names(session, {person.region_code, other.region_code})
    mine, theirs = words_of(person, villages), words_of(other, villages)
    for words, one in ((mine, person), (theirs, other)):
        phone, number = masked_numbers(one, desk.cipher)
        words["phone"], words["id_number"] = phone or NOTHING, number or NOTHING
        words["age"] = f"{age_on(one.birth_on, desk.today)} 岁" if one.birth_on else NOTHING
    labels = {"id_number": "身份证号", "phone": "电话", "age": "年龄", **PERSON_LABELS}
    return replace(
        view,
        other=_person_choice(other, desk),
        rows=_compared(labels, mine, theirs),
        version=person.version,
        other_version=other.version,
    )


def _household_view(
    session: ReadSession, desk: Desk, household_id: int, other_id: int, q: str, problem: str = ""
) -> MergeView:
    household = queries.get_household(session, desk.actor, household_id)
    policies.require_edit_of_household(desk.actor, household)
    members = queries.list_members(session, household.id)
    title = household_title(members)
    view = MergeView("户", f"/staff/households/{household.id}", household.id, title, q, (), problem=problem)
    if not other_id:
        choices: dict[int, Choice] = {}
        for person in _found(session, desk, q):
            if person.household_id != household.id:
                line = f"{place_words(session, person)}，{person.household.address}"
                choices.setdefault(
                    person.household_id, Choice(person.household_id, f"{person.name}在的户", line)
                )
        return replace(view, choices=tuple(choices.values()))
    other = queries.get_household(session, desk.actor, other_id)
    villages = queries.list_village_names(session, {household.region_code, other.region_code})
    people = queries.list_members(session, other.id)
    mine, theirs = (_household_words(one, villages) for one in (household, other))
    mine["people"], theirs["people"] = (
        "、".join(person.name for person in group) or NOTHING for group in (members, people)
    )
    return replace(
        view,
        other=Choice(other.id, household_title(people), place_name(other.region_code, villages)),
        rows=_compared({"people": "家里人", **HOUSEHOLD_LABELS}, mine, theirs),
        version=household.version,
        other_version=other.version,
    )


def place_words(session: ReadSession, person: Person) -> str:
    """The village of a person found."""
    return place_name(person.region_code, queries.list_village_names(session, {person.region_code}))


def _household_words(household: Household, villages: Mapping[str, str]) -> dict[str, str]:
    return {name: say(name, value, villages) for name, value in snapshot(household).items()}


def _found(session: ReadSession, desk: Desk, q: str) -> list[Person]:
    if not q.strip():
        return []
    found, _ = finding.find_people(session, desk.actor, q, desk.today, cipher=desk.cipher, limit=_MOST)
    return found


def _person_choice(person: Person, desk: Desk) -> Choice:
    phone, number = masked_numbers(person, desk.cipher)
    line = "，".join([line_of(person, desk.today), person.household.address, number or "没有身份证号"])
    return Choice(person.id, person.name, f"{line}，{phone or '没有电话'}")


def _compared(
    labels: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[Compared, ...]:
    """Fields known on either side, those that differ first."""
    rows = [
        Compared(label, mine[name], theirs[name])
        for name, label in labels.items()
        if name in mine and name not in _UNCOMPARED and {mine[name], theirs[name]} - {NOTHING, "否"}
    ]
    return tuple(sorted(rows, key=lambda row: not row.differs))
