"""增补的台账: spells, answers and cards to what the rules of the six supplements look at. Nothing sealed is
opened: income kept under seal (人均纯收入) is not read."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.matching.reading.people import SURE_ENOUGH
from app.matching.reading.postings import narrow_region, read_skill_codes
from app.matching.supplements.facts import HouseholdWork, MinimumPay, WorkFacts, line_of
from app.matching.supplements.terms import PaySource, WorkKind
from app.matching.words import OCCUPATION_WORDS
from app.occupations.reading import read_occupation
from app.referrals.spells.models import EmploymentAnswer, EmploymentSpell
from app.referrals.supplements import queries
from app.regions import gazetteer
from app.regions.reading import read_address
from app.regions.scope import scope_prefix
from app.seekers import queries as seeker_queries
from app.seekers.models import Person
from app.seekers.rules import is_old_enough
from app.seekers.terms import SeekerStatus
from app.vetting.minimum_wage import find_minimum_wage
from app.vetting.queries import list_tiers

GENERAL_TITLE: Final = re.compile("普工|杂工|小工|力工|零工|壮工|勤杂")
_KINDS: Final = {
    SeekerStatus.EMPLOYED: WorkKind.JOB,
    SeekerStatus.FARMING: WorkKind.FARM,
    SeekerStatus.SELF_EMPLOYED: WorkKind.OWN,
}


def read_work(session: Session, actor: Actor, person: Person) -> tuple[WorkFacts, str | None]:
    """What somebody works at now: their latest open spell that `actor` may see, else what the card says; and
    the code of the place, None where it is not known."""
    spell = next(iter(queries.list_open_spells(session, actor, [person.id])), None)
    if spell is None:
        return _of_card(person)
    job = None if spell.job_id is None else session.get(JobPosting, spell.job_id)
    code = _place_of(spell.work_place, job, person)
    title = spell.title or (job.title if job is not None else "")
    occupation = _occupation_of(title, job)
    facts = WorkFacts(
        kind=WorkKind.JOB,
        title=title,
        employer_name=spell.employer_name,
        employer_kind=_employer_kind(session, spell),
        place=None if code is None else scope_prefix(code),
        place_name="" if code is None else _name_of(code),
        profile=spell.profile.value,
        line=line_of(WorkKind.JOB, occupation),
        is_general=_is_general(title, job),
        promised=spell.wage_fen,
    )
    return _with_pay(facts, spell, queries.list_wages(session, spell.id)), code


def _of_card(person: Person) -> tuple[WorkFacts, str | None]:
    kind = _KINDS.get(person.status, WorkKind.NONE)
    if kind is not WorkKind.JOB:
        return WorkFacts(kind, line=line_of(kind, None)), None
    code = _place_of(person.work_place, None, person)
    return (
        WorkFacts(
            kind,
            employer_name=person.employer_name,
            place=None if code is None else scope_prefix(code),
            place_name="" if code is None else _name_of(code),
        ),
        code,
    )


def _place_of(said: str, job: JobPosting | None, person: Person) -> str | None:
    if job is not None:
        return gazetteer.current_code(narrow_region(job.region_code, job.address))
    return read_address(said, person.region_code).code if said else None


def _name_of(code: str) -> str:
    """City and county, or what is known of it: 西安市雁塔区."""
    chain = gazetteer.ancestors(code)
    return "".join(division.name for division in chain[1:3]) or chain[0].name


def _employer_kind(session: Session, spell: EmploymentSpell) -> str | None:
    employer = None if spell.employer_id is None else session.get(Employer, spell.employer_id)
    return None if employer is None else employer.kind.value


def _occupation_of(title: str, job: JobPosting | None) -> str | None:
    if job is not None and job.occupation_code is not None:
        return job.occupation_code
    reading = read_occupation(title) if title else None
    return reading.code if reading is not None and reading.score >= SURE_ENOUGH else None


def _is_general(title: str, job: JobPosting | None) -> bool | None:
    """Whether the work asks for no trade; None where the title doesn't say."""
    if job is not None and (job.skills or job.certificates):
        words = read_skill_codes(job.skills, keep_unread=True)
        return not job.certificates and all(OCCUPATION_WORDS.is_elementary(word) for word in words)
    if GENERAL_TITLE.search(title):
        return True
    words = read_skill_codes((title,), keep_unread=False) if title else ()
    return all(OCCUPATION_WORDS.is_elementary(word) for word in words) if words else None


def _with_pay(work: WorkFacts, spell: EmploymentSpell, answers: Sequence[EmploymentAnswer]) -> WorkFacts:
    """The latest month's pay as told, else what was promised; and the month before where that was told."""
    if not answers:
        source = None if spell.wage_fen is None else PaySource.PROMISED
        return replace(work, pay=spell.wage_fen, pay_source=source)
    last = answers[0]
    month_before = (last.month_on - timedelta(days=1)).replace(day=1)
    before = next((each.wage_fen for each in answers if each.month_on == month_before), None)
    return replace(
        work,
        pay=last.wage_fen,
        pay_source=PaySource.GOT,
        pay_month_on=last.month_on,
        pay_before=before,
    )


def read_household(session: Session, actor: Actor, person: Person, today: date) -> HouseholdWork:
    """The other adults of the household: who works, at which line, for how much."""
    members = seeker_queries.list_members(session, person.household_id)
    adults = [one for one in members if is_old_enough(one.birth_on, today)]
    others = [one for one in adults if one.id != person.id and one.status in _KINDS]
    lines: set[str | None] = set()
    pays: list[int | None] = []
    for one in others:
        work, _ = read_work(session, actor, one)
        lines.add(work.line)
        pays.append(work.pay)
    known = [pay for pay in pays if pay is not None]
    return HouseholdWork(len(adults), len(others), sum(known), len(pays) - len(known), frozenset(lines))


def read_minimum(session: Session, place: str | None, home: str, today: date) -> MinimumPay | None:
    """The minimum wage where the work is, or at home where that is not known; None where no table has it."""
    code = place or home
    wage = find_minimum_wage(code, today, list_tiers(session))
    if wage is None:
        return None
    return MinimumPay(wage.month_fen, wage.words, wage.effective_on, wage.is_certain, _name_of(code))
