"""码的页面内容: what staff see of codes, recalls and scans."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.accounts.permission_terms import Action
from app.codes import letters, service
from app.codes import queries as codes
from app.codes.errors import CodeNotFound
from app.codes.models import CodeRecall, IssuedCode
from app.codes.signing import PrintedCode, numbered
from app.codes.terms import ISSUED_KINDS, CodeKind, LetterAnswer
from app.core.errors import Forbidden
from app.core.http import ReadSession
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk
from app.web.staff.paper_places import place_choices
from app.web.staff.wording import day_words, place_name

PAGE: Final = 30
_DAYS, _MONTH, _WEEK = 14, 30, 7
_MOST_SCANNED, _MOST_CALLS = 20, 20
# Kinds of which nothing is stored but how often they were scanned.
_SIGNED_ONLY: Final = (CodeKind.VILLAGE, CodeKind.POSTING, CodeKind.EMPLOYER)


@dataclass(frozen=True)
class CodeRow:
    """一个码: `note` where it hangs or when it is; `state` 收回了, 过期了 or empty."""

    href: str
    title: str
    note: str
    scans: int
    state: str = ""


@dataclass(frozen=True)
class RecallRow:
    """一条收回."""

    id: int
    title: str
    note: str
    reason: str


@dataclass(frozen=True)
class AnswerRow:
    """一封信的回话."""

    href: str
    name: str
    note: str


@dataclass(frozen=True)
class DayCount:
    """一天扫了几次; `share` of the largest day, in percent, for the bar."""

    day: str
    scans: int
    share: int


@dataclass(frozen=True)
class CodesView:
    """码. `places` are those in which the colleague gives out and calls back."""

    days: tuple[DayCount, ...]
    today: int
    week: int
    rows: tuple[CodeRow, ...]
    next: str | None
    is_first: bool
    scanned: tuple[CodeRow, ...]
    recalls: tuple[RecallRow, ...]
    calls: tuple[AnswerRow, ...]
    places: tuple[tuple[str, str], ...]
    problem: str = ""
    typed: Mapping[str, str] | None = None

    def written(self, name: str) -> str:
        """What was typed into a field that has to be looked at again."""
        return (self.typed or {}).get(name, "")


@dataclass(frozen=True)
class CodeView:
    """一个码的页."""

    path: str
    title: str
    note: str
    days: tuple[DayCount, ...]
    month: int
    may_edit: bool
    prints: bool
    recall: RecallRow | None = None
    spot: str | None = None
    hung_by: str = ""
    answers: tuple[tuple[str, int], ...] = ()
    people: tuple[AnswerRow, ...] = ()
    problem: str = ""


def code_path(code: PrintedCode) -> str:
    """The address part of a code: poster/12, village/610204101201."""
    number = code.number
    return f"{code.kind.value}/{code.digits if number is None else number}"


def build_codes(
    session: ReadSession,
    desk: Desk,
    cursor: str | None,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
) -> CodesView:
    """码: what was given out, called back and scanned in the colleague's places. Raises Forbidden."""
    places = place_choices(session, desk.actor)
    rows, following = codes.list_codes(session, desk.actor, limit=PAGE, cursor=cursor)
    by_day = codes.count_by_day(session, desk.actor, desk.today, _DAYS)
    scanned = codes.list_scanned(
        session, desk.actor, _since(desk, _MONTH), kinds=_SIGNED_ONLY, limit=_MOST_SCANNED
    )
    recalls = codes.list_recalls(session, desk.actor)
    if not places and not codes.may_look(desk.actor):
        raise Forbidden("您的账号不管码。")
    named = {row.region_code for row in rows} | {each.region_code for each in scanned}
    named |= {each.region_code for each in recalls}
    names = ledger.list_village_names(session, named)
    counts = codes.count_scans(session, [numbered(row.kind, row.id) for row in rows], _since(desk, _MONTH))
    called_back = {(each.kind, each.digits) for each in recalls}
    return CodesView(
        _days(by_day, desk.today),
        by_day[desk.today],
        sum(count for day, count in by_day.items() if day > desk.today - timedelta(days=_WEEK)),
        tuple(_issued_row(row, counts, names, called_back, desk.today) for row in rows),
        following,
        cursor is None,
        tuple(
            CodeRow(
                f"/staff/codes/{code_path(each.code)}",
                _signed_words(each.code, place_name(each.region_code, names)),
                place_name(each.region_code, names),
                each.scans,
                "收回了" if (each.code.kind, each.code.digits) in called_back else "",
            )
            for each in scanned
        ),
        tuple(_recall_row(each, names, desk.today) for each in recalls),
        _answer_rows(session, desk, letters.list_asking_for_calls(session, desk.actor, limit=_MOST_CALLS)),
        places,
        problem,
        typed,
    )


def _since(desk: Desk, days: int) -> date:
    return desk.today - timedelta(days=days - 1)


def _days(by_day: Mapping[date, int], today: date) -> tuple[DayCount, ...]:
    most = max(by_day.values(), default=0) or 1
    return tuple(
        DayCount(day_words(day, today), count, round(100 * count / most))
        for day, count in reversed(list(by_day.items()))
    )


def _signed_words(code: PrintedCode, place: str) -> str:
    return f"{place}的村码" if code.kind is CodeKind.VILLAGE else f"{code.kind.label} {code.number}"


def issued_words(row: IssuedCode) -> str:
    """春风招聘会; 海报 12."""
    return row.title or f"{row.kind.label.removesuffix('码')} {row.id}"


def _issued_note(row: IssuedCode, names: Mapping[str, str], today: date) -> str:
    held = f"{day_words(row.held_on, today)}开" if row.held_on else ""
    hung = f"{row.hung_by}贴的" if row.hung_by else ""
    spot = row.spot or ("没说贴在哪儿" if row.kind is CodeKind.POSTER else "")
    return "，".join(filter(None, (place_name(row.region_code, names), held, spot, hung)))


def _issued_row(
    row: IssuedCode,
    counts: Mapping[PrintedCode, int],
    names: Mapping[str, str],
    called_back: set[tuple[CodeKind | None, str | None]],
    today: date,
) -> CodeRow:
    code = numbered(row.kind, row.id)
    over = row.valid_until is not None and row.valid_until < today
    state = "收回了" if (code.kind, code.digits) in called_back else "过期了" if over else ""
    return CodeRow(
        f"/staff/codes/{code_path(code)}",
        issued_words(row),
        _issued_note(row, names, today),
        counts.get(code, 0),
        state,
    )


def _recall_row(recall: CodeRecall, names: Mapping[str, str], today: date) -> RecallRow:
    place = place_name(recall.region_code, names)
    title = f"{place}的全部海报"
    if recall.kind is not None and recall.digits is not None:
        title = _signed_words(PrintedCode(recall.kind, recall.digits), place)
    return RecallRow(recall.id, title, f"{day_words(codes.recalled_on(recall), today)}收回的", recall.reason)


def _answer_rows(session: ReadSession, desk: Desk, rows: Sequence[IssuedCode]) -> tuple[AnswerRow, ...]:
    ids = [row.person_id for row in rows if row.person_id is not None]
    people = ledger.list_people_by_id(session, desk.actor, ids)
    names = ledger.list_village_names(session, {person.region_code for person in people.values()})
    found = []
    for row in rows:
        person = people.get(row.person_id or 0)
        if person is None:
            continue
        place = place_name(person.region_code, names)
        said = (
            f"{day_words(row.answered_at, desk.today)}说：{row.answer.label}"
            if row.answer and row.answered_at
            else "还没回话"
        )
        found.append(
            AnswerRow(
                f"/staff/households/{person.household_id}#p{person.id}", person.name, f"{place}，{said}"
            )
        )
    return tuple(found)


def build_code(session: ReadSession, desk: Desk, code: PrintedCode, problem: str = "") -> CodeView:
    """一个码: its scans by day, its recall, and what can be done. Raises CodeNotFound."""
    row = None
    if code.kind in ISSUED_KINDS:
        row = codes.get_code(session, desk.actor, code.kind, code.number or 0)
        place = row.region_code
    else:
        place = place_of(session, desk, code)
    names = ledger.list_village_names(session, {place})
    by_day = codes.count_by_day(session, desk.actor, desk.today, _MONTH, code)
    recall = codes.find_recall(session, code)
    printed = (
        letters.list_answers(session, desk.actor, row.id) if row and row.kind is CodeKind.CAMPAIGN else ()
    )
    return CodeView(
        code_path(code),
        issued_words(row) if row else _signed_words(code, place_name(place, names)),
        _issued_note(row, names, desk.today) if row else place_name(place, names),
        _days({day: n for day, n in by_day.items() if n}, desk.today),
        sum(by_day.values()),
        service.may_edit(desk.actor, place),
        row is not None and not printed,
        _recall_row(recall, names, desk.today) if recall else None,
        row.spot if row and row.kind is CodeKind.POSTER else None,
        row.hung_by if row else "",
        _answer_counts(printed),
        _answer_rows(session, desk, [each for each in printed if each.answer]),
        problem,
    )


def place_of(session: ReadSession, desk: Desk, code: PrintedCode) -> str:
    """The place of a code without a row: a village's own, else where it was scanned. Raises CodeNotFound."""
    if code.region_code is not None:
        service.require_in(desk.actor, Action.READ, code.region_code)
        return code.region_code
    place = codes.find_scanned_place(session, desk.actor, code)
    if place is None:
        raise CodeNotFound
    return place


def _answer_counts(rows: Iterable[IssuedCode]) -> tuple[tuple[str, int], ...]:
    said = [row.answer for row in rows]
    if not said:
        return ()
    counted = tuple((answer.label, said.count(answer)) for answer in LetterAnswer)
    return (("印了", len(said)), *counted, ("还没回话", said.count(None)))
