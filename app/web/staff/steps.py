"""下一步: what a colleague should do next for a household, from what its file says. Pure.

The most urgent first: nobody working, long waits, then what is not known yet (DOMAIN C2, six clears).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.seekers.models import Household, Person
from app.seekers.rules import hint_welfare, may_seek
from app.seekers.terms import SeekerStatus

# A month without an answer: our own figure, the rhythm of the monthly visit (DOMAIN D).
LONG_WAIT_DAYS: Final = 30
_WORKING: Final = (SeekerStatus.EMPLOYED, SeekerStatus.SELF_EMPLOYED)


@dataclass(frozen=True)
class Step:
    """一步: what to do; `href` leads to where it is done, empty for who may not."""

    words: str
    href: str
    is_urgent: bool = False


@dataclass(frozen=True)
class Clear:
    """六清的一条: what must be known of a person; `words` says what is known, empty when nothing is."""

    label: str
    words: str


def next_steps(
    household: Household, people: Sequence[Person], today: date, may_edit: bool, has_officer: bool
) -> list[Step]:
    """At most five steps; who may not change the file is led nowhere by what is to be changed in it.
    `has_officer`: somebody in office is responsible."""
    able = [person for person in people if may_seek(person.birth_on, person.status, today)]
    steps: list[Step] = []
    edit = f"/staff/households/{household.id}/edit" if may_edit else ""
    if not people:
        steps.append(Step("这一户还没有人，先添人", f"/staff/households/{household.id}/members", True))
    if household.is_monitored and able and not any(p.status in _WORKING for p in able):
        steps.append(Step("监测户，还没人上班，先帮这一户", edit, True))
    for person in able:
        steps += _steps_of(person, household, today)
    if not has_officer:
        steps.append(
            Step("还没定谁来包这一户", f"/staff/households/{household.id}#f-officer" if may_edit else "")
        )
    return sorted(steps, key=lambda step: not step.is_urgent)[:5]


def _steps_of(person: Person, household: Household, today: date) -> list[Step]:
    page = f"/staff/people/{person.id}/edit"
    found: list[Step] = []
    if person.status is SeekerStatus.SEEKING:
        waited = (today - person.seeking_since_on).days if person.seeking_since_on else 0
        if waited >= LONG_WAIT_DAYS:
            found.append(Step(f"{person.name}等活 {waited} 天了，帮着送一个", page, True))
        if not person.skills:
            found.append(Step(f"问问{person.name}会干什么", page))
        if not person.occupations:
            found.append(Step(f"问问{person.name}想干什么", page))
        if hint_welfare(person.labour_class, person.status, household.kinds) and not person.welfare_eligible:
            found.append(Step(f"看看{person.name}能不能上公益岗", page))
        if person.phone is None:
            found.append(Step(f"补上{person.name}的电话", page))
    elif person.status is SeekerStatus.NOT_SEEKING and person.not_working_reason is None:
        found.append(Step(f"问问{person.name}为什么不找活", page))
    return found


def six_clears(person: Person, words: dict[str, str], today: date) -> list[Clear]:
    """The six things to know of somebody of working age; `words` are their fields in words."""
    working = person.status in _WORKING
    why = "" if person.not_working_reason is None else words["not_working_reason"]
    now = words["status"] + (f"，{person.employer_name}" if person.employer_name else "")
    return [
        Clear("人和劳力", words["labour_class"] if may_seek(person.birth_on, person.status, today) else ""),
        Clear("为什么没活", "在上班" if working else why),
        Clear("会干什么", words["skills"] if person.skills or person.certificates else ""),
        Clear("想学什么", person.training_wish),
        Clear("想干什么", words["occupations"] if person.occupations else ""),
        Clear("眼下怎么样", now),
    ]
