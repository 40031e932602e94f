"""导出台账: the ledger in the shapes the offices exchange, masked as the table of permissions has it.

What an office once sent comes back in its own words, as long as they still say what the ledger says.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.duty import duty_user_ids
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may, require
from app.accounts.second_person.errors import MorePeople
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import Forbidden
from app.core.sheets import write_csv, write_xlsx
from app.core.sheets.header import plain_heading
from app.core.sheets.importing import Progress
from app.core.sheets.writing import Cell
from app.regions import gazetteer
from app.regions.scope import scope_prefix
from app.regions.terms import Level
from app.seekers import masking, sealing
from app.seekers.id_numbers import age_on
from app.seekers.imports import queries, values
from app.seekers.imports.headings import HEALTH_FIELDS, know_heading
from app.seekers.imports.queries import ImportNotFound
from app.seekers.imports.shapes import COLUMNS, LedgerShape
from app.seekers.models import Household, Person, PrivateFacts
from app.seekers.terms import MONITORED_KINDS, HouseholdKind, LabourClass, SeekerStatus
from app.seekers.words import label_of_word

_CLASS_WORDS: Final = {
    LabourClass.ORDINARY: "普通劳动力",
    LabourClass.SKILLED: "技能劳动力",
    LabourClass.SEMI: "弱劳动力或半劳动力",
    LabourClass.WEAK: "弱劳动力或半劳动力",
}
_STATUS_WORDS: Final = {
    SeekerStatus.SELF_EMPLOYED: "自主创业",
    SeekerStatus.FARMING: "务农",
    SeekerStatus.EMPLOYED: "企业",
}
_REACH_WORDS: Final = {
    "village": "本村",
    "township": "本乡镇",
    "county": "县内",
    "city": "县外市内",
    "province": "市外省内",
    "anywhere": "省外",
}
MASKED_ONLY: Final = "您的账号只能导出遮住号码的表。"


@dataclass(frozen=True)
class ExportOrder:
    """导出单: what, in which shape, why, and who else agreed. `is_full` asks for whole numbers too, and for
    health where the actor may read it; `most_people` is how many were agreed to. No region: everywhere, for
    the command line only."""

    region_code: str | None
    shape: LedgerShape = LedgerShape.PERSONS
    reason: str = ""
    is_full: bool = False
    confirmed_by_ids: tuple[int, ...] = ()
    most_people: int | None = None


@dataclass(frozen=True)
class _Shown:
    """What of the sealed fields goes into the file."""

    is_full: bool
    with_health: bool


@dataclass(frozen=True)
class _Line:
    """One person with all that a cell may tell of."""

    number: int
    person: Person
    household: Household
    size: int
    village: str
    id_number: str
    phone: str
    ledger: Mapping[str, str]
    health: Mapping[str, str]
    today: date


def export_people(
    database: Database,
    actor: Actor,
    order: ExportOrder,
    path: Path,
    *,
    cipher: FieldCipher,
    clock: Clock,
    progress: Progress | None = None,
) -> int:
    """Writes the people of a place to a file (.xlsx, or .csv by its name); returns how many.

    Numbers are masked and health is left out unless the order asks for all of it and the permission shows it
    in full. Every export is in the audit log. Raises ImportNotFound, Forbidden (too many, no reason, nobody
    else agreed), UnknownRegion.
    """
    target = Target(region_code=order.region_code)
    permission = require(actor, Action.EXPORT, Resource.PEOPLE_FILE, target, missing=ImportNotFound)
    prefixes = ("" if order.region_code is None else scope_prefix(order.region_code),)
    with database.write() as session:
        people = queries.count_people(session, prefixes)
        unmet = permission.unmet(
            reason=order.reason,
            people=people,
            actor_id=actor.user_id,
            confirmed_by_ids=order.confirmed_by_ids,
        )
        if unmet is not None:
            raise Forbidden(unmet)
        _check_size(order, people)
        if order.is_full and permission.is_masked:
            raise Forbidden(MASKED_ONLY)
        with_health = order.is_full and _may_read_health(session, actor, order.region_code, clock)
        _audit(session, actor, order, permission, people, cipher, clock)
    columns = COLUMNS[order.shape]
    write = write_csv if path.suffix.lower() == ".csv" else write_xlsx
    with database.read() as session:
        shown = _Shown(is_full=order.is_full, with_health=with_health)
        lines = _lines(session, prefixes, cipher, clock.today(), shown)
        rows: Iterator[list[Cell]] = ([_cell(line, heading) for heading in columns] for line in lines)
        return write(path, columns, _counted(rows, order, people, progress))


def _check_size(order: ExportOrder, people: int) -> None:
    if order.most_people is not None and people > order.most_people:
        raise MorePeople


def _may_read_health(session: Session, actor: Actor, region_code: str | None, clock: Clock) -> bool:
    """Health goes out only by the hand of who may read it for all of the place: the county's duty role."""
    on_duty = duty_user_ids(session, region_code, clock.now()) if region_code else frozenset()
    target = Target(region_code=region_code, duty_user_ids=on_duty)
    return may(actor, Action.READ, Resource.HEALTH, target) is not None


def _audit(
    session: Session,
    actor: Actor,
    order: ExportOrder,
    permission: Permission,
    people: int,
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.EXPORT,
        Resource.PEOPLE_FILE,
        region_code=order.region_code,
        permission=permission,
        reason=order.reason,
        detail={"people": people, "shape": order.shape.value, "full": order.is_full},
    )


def _counted(
    rows: Iterator[list[Cell]], order: ExportOrder, total: int, progress: Progress | None
) -> Iterator[list[Cell]]:
    for number, row in enumerate(rows, start=1):
        _check_size(order, number)  # people may have come in since they were counted
        yield row
        if progress and number % 500 == 0:
            progress(number, total)


def _lines(
    session: Session, prefixes: tuple[str, ...], cipher: FieldCipher, today: date, shown: _Shown
) -> Iterator[_Line]:
    after, number = (0, 0), 0
    while page := queries.people_page(session, prefixes, after):
        sizes = queries.sizes_of_households(session, {household.id for _, household, _ in page})
        villages = queries.names_of_villages(
            session, {person.region_code for person, _, _ in page if len(person.region_code) == 12}
        )
        for person, household, facts in page:
            number += 1
            yield _line(number, person, household, facts, sizes, villages, cipher, today, shown)
        after = (page[-1][0].household_id, page[-1][0].id)
        session.expunge_all()


def _line(
    number: int,
    person: Person,
    household: Household,
    facts: PrivateFacts | None,
    sizes: Mapping[int, int],
    villages: Mapping[str, str],
    cipher: FieldCipher,
    today: date,
    shown: _Shown,
) -> _Line:
    id_number = sealing.open_id_number(person, cipher) or ""
    phone = sealing.open_phone(person, cipher) or ""
    ledger = sealing.open_facts(facts, sealing.LEDGER, cipher)
    return _Line(
        number,
        person,
        household,
        sizes.get(household.id, 1),
        villages.get(person.region_code, ""),
        id_number if shown.is_full else masking.mask_id_number(id_number) or "",
        phone if shown.is_full else masking.mask_phone(phone) or "",
        {plain_heading(name): text for name, text in ledger.items()},
        {
            plain_heading(name): text
            for name, text in sealing.open_facts(facts, sealing.HEALTH, cipher).items()
            if shown.with_health
        },
        today,
    )


def _cell(line: _Line, heading: str) -> Cell:
    plain = plain_heading(heading)
    if plain == "序号":
        return line.number
    if plain == "数据日期":
        return line.today
    if plain == "人数":
        return line.size
    field = know_heading(heading) or ""
    if field in HEALTH_FIELDS or field == "difficulty":
        return line.health.get(plain, "") or (line.ledger.get(plain, "") if field == "difficulty" else "")
    said = line.ledger.get(plain, "")
    write = _WRITERS.get(field)
    if write is None:
        return said
    return write(line, said)


def _division(line: _Line, level: Level) -> str:
    nearest = gazetteer.find_nearest(line.person.region_code)
    found = gazetteer.ancestor_at(nearest.code, level) if nearest is not None else None
    return found.name if found is not None else ""


def _same(said: str, read: Callable[[str], object], known: object, word: str) -> str:
    """The office's own word while it still says what the ledger says."""
    return said if said and read(said) == known else word


def _kinds(line: _Line, said: str) -> str:
    plain = [HouseholdKind(kind) for kind in line.household.kinds]
    main = [kind.label for kind in plain if kind not in MONITORED_KINDS]
    return said if said and values.read_kinds(said) <= set(plain) else "、".join(main)


def _monitored(line: _Line, said: str) -> str:
    return "、".join(
        kind.label for kind in map(HouseholdKind, line.household.kinds) if kind in MONITORED_KINDS
    )


def _wage(line: _Line, said: str) -> str:
    floor = line.person.wage_floor_fen
    if floor is None:
        return said
    wish = values.read_wage_wish(said) if said else None
    if wish is not None and wish.floor_fen == floor:
        return said
    return f"{floor // 100}元/{line.person.wage_floor_unit.label}"


def _class(line: _Line, said: str) -> str:
    if line.person.status is SeekerStatus.UNABLE:
        return said or "丧失劳动力"
    word = _CLASS_WORDS[line.person.labour_class]
    known = values.read_class(said)[0] if said else None
    return said if known is line.person.labour_class else word


def _status(line: _Line, said: str) -> str:
    status = line.person.status
    return _same(said, values.read_status, status, _STATUS_WORDS.get(status, "其他"))


def _reason(line: _Line, said: str) -> str:
    reason = line.person.not_working_reason
    return _same(said, values.read_not_working_reason, reason, reason.label if reason else "")


def _words(codes: list[str]) -> str:
    return "、".join(label_of_word(code) for code in codes)


_WRITERS: Final[Mapping[str, Callable[[_Line, str], Cell]]] = {
    "region_code": lambda line, _: line.person.region_code,
    "county": lambda line, _: _division(line, Level.COUNTY),
    "town": lambda line, _: _division(line, Level.TOWN),
    "village": lambda line, said: line.village or said,
    "address": lambda line, _: line.household.address,
    "household_number": lambda line, _: line.household.household_number or "",
    "name": lambda line, _: line.person.name,
    "id_number": lambda line, _: line.id_number,
    "phone": lambda line, _: line.phone,
    "sex": lambda line, _: line.person.sex.label if line.person.sex else "",
    "age": lambda line, _: age_on(line.person.birth_on, line.today) if line.person.birth_on else "",
    "birth_on": lambda line, _: line.person.birth_on or "",
    "relation": lambda line, said: _same(
        said, values.read_relation, line.person.relation, line.person.relation.label
    ),
    "education": lambda line, said: _same(
        said,
        values.read_education,
        line.person.education,
        line.person.education.label if line.person.education else "",
    ),
    "studying": lambda line, said: said if line.person.status is SeekerStatus.STUDYING else "非在校生",
    "labour_skill": _class,
    "labour_class": _class,
    "status": _status,
    "employment_form": _status,
    "employer_name": lambda line, _: line.person.employer_name,
    "work_place": lambda line, _: line.person.work_place,
    "not_working_reason": _reason,
    "wish_occupation": lambda line, said: said or _words(line.person.occupations),
    "wish_wage": _wage,
    "wish_region": lambda line, said: _same(
        said, values.read_reach, line.person.travel, _REACH_WORDS[line.person.travel.value]
    ),
    "training_wish": lambda line, _: line.person.training_wish,
    "household_kind": _kinds,
    "monitored_kind": _monitored,
}
