"""诉求各页的内容: a row of the list, one case with what may be done, the table of deadlines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.accounts.actor import Actor
from app.accounts.queries import names_of_users
from app.cases import policies, queries
from app.cases.models import Case, CaseStep
from app.cases.rules import KindRule, written_number
from app.cases.terms import CaseClose, CaseStepKind
from app.core.clock import office_day
from app.core.crypto import FieldCipher
from app.core.http import ReadSession
from app.regions import gazetteer
from app.regions import queries as region_queries
from app.seekers import masking
from app.web.formats import yuan
from app.web.languages import DEFAULT, languages
from app.web.portal.apply_views import moment_words
from app.web.staff.today_views import due_words
from app.web.staff.wording import day_words, place_name

CLOSINGS: Final = tuple((one.value, one.label) for one in CaseClose)


@dataclass(frozen=True)
class CaseRow:
    """诉求一行."""

    href: str
    title: str
    line: str
    due: str
    tone: str


@dataclass(frozen=True)
class CaseList:
    """诉求单: `chips` are (code, words, count); `may_write` for somebody who came in person or rang."""

    rows: tuple[CaseRow, ...]
    chips: tuple[tuple[str, str, int], ...]
    only: str
    late: int
    may_write: bool
    limits_href: str


@dataclass(frozen=True)
class CaseStepLine:
    """经过一条."""

    title: str
    line: str
    note: str


@dataclass(frozen=True)
class CasePage:
    """一件诉求: `tel` only right after it was asked for."""

    id: int
    title: str
    number: str
    place: str
    office: str
    said_on: str
    due: str
    tone: str
    limit_source: str
    who: str
    story: str
    facts: tuple[tuple[str, str], ...]
    steps: tuple[CaseStepLine, ...]
    handler: str
    is_mine: bool
    is_open: bool
    may_work: bool
    may_close: bool
    has_phone: bool
    firms: tuple[tuple[int, str], ...]
    offices: tuple[tuple[str, str], ...]
    token: str = ""
    tel: str = ""
    tel_words: str = ""
    problem: str = ""
    closings: tuple[tuple[str, str], ...] = CLOSINGS


@dataclass(frozen=True)
class LimitRow:
    """一种诉求的期限."""

    kind: str
    words: str
    office: str
    days: int
    source: str


@dataclass(frozen=True)
class LimitsView:
    """办理期限."""

    county: str
    rows: tuple[LimitRow, ...]
    problem: str = ""


def row_of(case: Case, villages: Mapping[str, str], names: Mapping[int, str], now: datetime) -> CaseRow:
    """A case in the list: no words and no name of the person, these stand on its own page."""
    who = names.get(case.handler_id or 0, "")
    parts = [
        place_name(case.place_code, villages),
        case.firm_name,
        f"欠 {yuan(case.owed_fen)} 元" if case.owed_fen else "",
        f"{who}在办" if who else "还没人接",
    ]
    due, tone = standing(case, now)
    return CaseRow(f"/staff/cases/{case.id}", case.kind.label, "，".join(filter(None, parts)), due, tone)


def standing(case: Case, now: datetime) -> tuple[str, str]:
    """What the mark beside a case says, and its colour."""
    if case.state not in queries.OPEN:
        label = case.close_reason.label if case.close_reason else case.state.label
        return label, "ok"
    if case.answered_at is not None:
        return "回过话，没办结", "ok"
    return due_words(case.due_at, now)


def page_of(session: ReadSession, actor: Actor, case: Case, cipher: FieldCipher, now: datetime) -> CasePage:
    """One case as the colleague sees it."""
    about = queries.list_subjects(session, case.id)
    steps = queries.list_steps(session, case.id)
    names = names_of_users(session, [case.handler_id, case.written_by_id, *(s.actor_id for s in steps)])
    codes = {case.place_code, case.region_code, *(s.to_code for s in steps if s.to_code)}
    villages = {code: region.name for code in codes if (region := region_queries.find_region(session, code))}
    right = policies.find_right_to_work(actor, case, about)
    rule = queries.rule_of(session, case.kind, case.region_code[:6])
    is_open = case.state in queries.OPEN
    due, tone = standing(case, now)
    name = queries.open_text(case, "name", cipher)
    return CasePage(
        id=case.id,
        title=case.kind.label,
        number=written_number(case.number),
        place=place_name(case.place_code, villages),
        office=place_name(case.region_code, villages),
        said_on=day_words(case.created_at, office_day(now)),
        due=due,
        tone=tone,
        limit_source=case.limit_source,
        who=(name if right is not None else masking.mask_name(name)) if name else "没留名字",
        story=queries.open_text(case, "story", cipher) or "满两年，内容已经删了。",
        facts=_facts(session, case, names),
        steps=tuple(_line(step, case, names, villages, cipher) for step in steps),
        handler=names.get(case.handler_id or 0, ""),
        is_mine=case.handler_id is not None and case.handler_id == actor.user_id,
        is_open=is_open,
        may_work=right is not None and is_open,
        may_close=is_open and policies.may_close(actor, case, about, rule),
        has_phone=case.phone is not None and right is not None,
        firms=tuple((firm.id, firm.name) for firm in queries.list_likely_firms(session, case))
        if right is not None and is_open
        else (),
        offices=_offices(case.region_code),
    )


def _facts(session: ReadSession, case: Case, names: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    firm = queries.find_firm(session, case)
    pairs = (
        ("说的是哪家", case.firm_name),
        ("登记的单位", firm.name if firm is not None else ""),
        ("说欠多少", f"{yuan(case.owed_fen)} 元" if case.owed_fen else ""),
        ("让单位知道是谁", "可以" if case.may_name else "不让" if case.firm_name or firm else ""),
        ("谁代写的", names.get(case.written_by_id or 0, "")),
    )
    return tuple((label, words) for label, words in pairs if words)


def _line(
    step: CaseStep, case: Case, names: Mapping[int, str], villages: Mapping[str, str], cipher: FieldCipher
) -> CaseStepLine:
    title = step.kind.label
    if step.kind is CaseStepKind.PASSED_ON and step.to_code:
        title = f"转给{place_name(step.to_code, villages)}"
    elif step.kind is CaseStepKind.CLOSED and case.close_reason is not None:
        title = f"办结：{case.close_reason.label}"
    who = names.get(step.actor_id or 0, "单位" if step.kind is CaseStepKind.FIRM_ANSWERED else "本人")
    told = "，本人看得到" if step.is_told else ""
    when = moment_words(languages()[DEFAULT], step.at)
    return CaseStepLine(title, f"{when}，{who}{told}", queries.open_note(step, cipher))


def _offices(code: str) -> tuple[tuple[str, str], ...]:
    """Where it may be passed on: the county, then its towns."""
    county = queries.county_of(code)
    if county is None:
        return ()
    places = [gazetteer.get(county), *gazetteer.children(county)]
    return tuple((place.code, place.name) for place in places if place.code != code)


def limit_rows(rules: Collection[KindRule]) -> tuple[LimitRow, ...]:
    """The deadlines of a county, one kind a row."""
    return tuple(
        LimitRow(rule.kind.value, rule.kind.label, rule.office.label, rule.days, rule.source)
        for rule in rules
    )
