"""The market of `bench.matching.market` as rows of a database: its people in households, its firms and its
postings, so that a whole `songgang match run` can be measured."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, text

from app.core.clock import office_day
from app.core.db import Database
from app.core.migrations import migrate_database
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.matching.facts import HouseholdFacts, PersonFacts, PostingFacts
from app.occupations.terms import Education
from app.regions.schemas import VillageIn
from app.regions.service import import_villages, load_reference_divisions
from app.seekers.models import Household, Person

AT_ONCE: Final = 5_000
_DAY_OF_MARKET: Final = date(2026, 11, 22)
_SCHOOLING: Final = {step.step: step.value for step in reversed(Education)}


def fill(
    database: Database,
    postings: Sequence[PostingFacts],
    people: Sequence[tuple[PersonFacts, HouseholdFacts]],
    now: datetime,
) -> None:
    """Writes all of it into an empty database. Somebody who has work lives in each household of which the
    facts say so."""
    migrate_database(database.writer)
    homes = sorted({person.home_scope for person, _ in people} | _villages(postings))
    with database.write() as session:
        load_reference_divisions(session)
    with database.write() as session:
        import_villages(session, [VillageIn(code=code, name=f"村{code[-3:]}") for code in homes])
    stamps = {"created_at": now, "updated_at": now, "version": 1}
    _put(database, Employer, _firms(postings, stamps))
    _put(database, JobPosting, (_posting(facts, now) | stamps for facts in postings))
    _put(database, Household, (_household(person, facts) | stamps for person, facts in people))
    _put(database, Person, (_person(person, facts, now) | stamps for person, facts in people))
    _put(database, Person, (_worker(person) | stamps for person, facts in people if facts.anyone_employed))
    with database.write() as session:
        session.execute(text("ANALYZE"))


def _villages(postings: Iterable[PostingFacts]) -> set[str]:
    return {facts.region_scope for facts in postings if len(facts.region_scope) == 12}


def _put(database: Database, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            _write(database, table, batch)
            batch = []
    _write(database, table, batch)


def _write(database: Database, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        with database.load() as session:
            session.execute(insert(table), rows)


def _firms(postings: Iterable[PostingFacts], stamps: dict[str, Any]) -> Iterator[dict[str, Any]]:
    seen: set[int] = set()
    for facts in postings:
        number = _firm_of(facts)
        if number not in seen:
            seen.add(number)
            place = facts.region_scope[:6]
            yield {
                **{"id": number, "name": f"厂{number}", "name_key": str(number), "kind": facts.employer_kind},
                **{"region_code": place, "office_code": place, "state": "verified"},
                **{"answer_permille": facts.answer_permille},
                **stamps,
            }


def _firm_of(facts: PostingFacts) -> int:
    """A firm is of one kind."""
    return (
        facts.employer_id * 10 + ("enterprise", "workshop", "public_welfare").index(facts.employer_kind)
    ) + 1


def _posting(facts: PostingFacts, now: datetime) -> dict[str, Any]:
    later = timedelta(days=(office_day(now) - _DAY_OF_MARKET).days)
    return {
        **{"id": facts.id, "employer_id": _firm_of(facts), "title": "招工", "state": "open"},
        **{"region_code": facts.region_scope, "office_code": facts.region_scope[:6]},
        **{"occupation_code": facts.occupation_code, "x": facts.x, "y": facts.y},
        **{"point_is_exact": facts.blur_m == 0, "openings": facts.openings, "filled": facts.filled},
        **{"wage_min_fen": _month(facts.pay_min), "wage_max_fen": _month(facts.pay_max)},
        **{"wage_unit": "month" if facts.pay_min else None, "applicants": facts.applicants},
        **{name: list(getattr(facts, name)) for name in ("skills", "certificates", "demands", "suits")},
        **{"shifts": list(facts.shifts), "profile": facts.profile, "board": facts.board},
        **{"lodging": facts.lodging, "age_min": facts.age_min, "age_max": facts.age_max},
        "education": _SCHOOLING[facts.education_step],
        "valid_until": date.fromordinal(facts.valid_until or 0) + later,
        "confirmed_at": now - timedelta(days=(_DAY_OF_MARKET.toordinal() - (facts.confirmed_on or 0))),
        "published_at": now,
    }


def _month(pay: int | None) -> int | None:
    return None if pay is None else pay // 12


def _household(person: PersonFacts, facts: HouseholdFacts) -> dict[str, Any]:
    return {"id": person.id, "region_code": person.home_scope, "is_monitored": facts.monitored}


def _person(person: PersonFacts, facts: HouseholdFacts, now: datetime) -> dict[str, Any]:
    return {
        **{"id": person.id, "household_id": person.id, "region_code": person.home_scope},
        **{
            "name": f"人{person.id}",
            "status": "seeking",
            "travel": person.reach,
            "x": person.x,
            "y": person.y,
        },
        **{"birth_on": date.fromordinal(person.born_on or 0), "labour_class": person.labour_class},
        **{"class_reason": "说好的", "education": _SCHOOLING[person.education_step or 0]},
        **{name: list(getattr(person, name)) for name in ("skills", "certificates", "occupations", "limits")},
        **{name: list(getattr(person, name)) for name in ("shifts", "profiles")},
        **{"wage_floor_fen": _month(person.pay_floor), "needs_board": person.needs_board},
        **{"needs_lodging": person.needs_lodging, "cares_for_family": person.cares_for_family},
        "welfare_eligible": person.welfare_eligible,
        "seeking_since_on": office_day(now) - timedelta(days=facts.waiting_days),
    }


def _worker(person: PersonFacts) -> dict[str, Any]:
    return {
        **{"id": person.id + 10_000_000, "household_id": person.id, "region_code": person.home_scope},
        **{"name": "家里人", "status": "employed", "birth_on": date(1990, 1, 1)},
    }
