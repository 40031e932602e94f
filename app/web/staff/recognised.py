"""认定登记: the register of community factories, workshops and bases; one place with its group, head-count,
support and reviews; recognising one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.core.amounts import read_fen
from app.core.errors import AppError, FieldProblem, Forbidden, Invalid
from app.core.http import ReadSession, WriteSession
from app.employers.models import Employer
from app.recognised_places import exporting, policies, queries, rules, service
from app.recognised_places.models import RecognisedPlace
from app.recognised_places.rules import HOUSEHOLDS, Figures
from app.recognised_places.schemas import PlaceEdit, PlaceIn, ReviewIn, SupportIn
from app.recognised_places.support_kinds import KINDS_OF_DOMAIN, support_kinds, support_name
from app.recognised_places.terms import PlaceKind, PlaceLevel, ReviewOutcome
from app.regions import gazetteer
from app.seekers.dependencies import Desk, StaffDesk
from app.seekers.terms import LabourClass
from app.web.csrf import check_csrf
from app.web.formats import yuan
from app.web.staff import once
from app.web.staff.firm_choice import UNKNOWN, find_firm, firm_names
from app.web.staff.forms import SentForm, problems_of, shown_again, version_in
from app.web.staff.page import console_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_HOME: Final = "/staff/places"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FEW: Final = "少于 10"
_KINDS: Final = tuple((each.value, each.label) for each in PlaceKind)
_LEVELS: Final = tuple((each.value, each.label) for each in PlaceLevel)
_TEXTS: Final = ("kind", "level", "makes", "recognised_on", "recognised_by", "headquarters_id")


@dataclass(frozen=True)
class PlaceRow:
    """登记里的一家."""

    id: int
    name: str
    line: str
    due: str
    tone: str
    workers: str
    pay: str


@dataclass(frozen=True)
class RegisterView:
    """认定登记: `kinds` code, words, number, whether chosen."""

    rows: tuple[PlaceRow, ...]
    due: int
    workers: str
    kinds: tuple[tuple[str, str, int, bool], ...]
    may_recognise: bool
    may_export: bool


@dataclass(frozen=True)
class PlaceForm:
    """认定的表; without `typed["employer"]` the firm is asked for first."""

    typed: Mapping[str, str]
    heads: tuple[tuple[str, str], ...]
    action: str
    firms: tuple[str, ...] = ()
    token: str = ""
    version: int = 0
    problem: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[tuple[str, str], ...] = _KINDS
    levels: tuple[tuple[str, str], ...] = _LEVELS


@dataclass(frozen=True)
class PlaceView:
    """认定的一家: numbers from verified spells only."""

    row: PlaceRow
    makes: str
    facts: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str], ...]
    group: tuple[PlaceRow, ...]
    group_words: str
    supports: tuple[str, ...]
    reviews: tuple[str, ...]
    form: PlaceForm
    may_edit: bool
    today: str
    kinds: tuple[tuple[str, str], ...]
    missing_kinds: int
    outcomes: tuple[tuple[str, str], ...] = tuple((each.value, each.label) for each in ReviewOutcome)
    problem: str = ""


@router.get(_HOME)
def show_register(
    request: Request, session: ReadSession, desk: StaffDesk, kind: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """The register, what is due for its review first."""
    if not policies.may_see_register(desk.actor):
        raise Forbidden("认定登记由村、镇、县的同事来看。")
    places = queries.list_places(session, desk.actor)
    chosen = [place for place in places if not kind or place.kind.value == kind]
    figures = queries.count_workers(session, [place.employer_id for place in places])
    told = {place.id: policies.told(desk.actor, place, figures[place.employer_id]) for place in places}
    total = sum(told[place.id].workers or 0 for place in chosen)
    hidden = any(told[place.id].workers is None for place in chosen)
    view = RegisterView(
        tuple(_row(place, told[place.id], desk.today) for place in chosen),
        sum(place.review_due_on <= desk.today + rules.SOON for place in places),
        f"{total:,} 人" + ("以上" if hidden else ""),
        tuple(
            (each.value, each.label, sum(place.kind is each for place in places), each.value == kind)
            for each in PlaceKind
        ),
        policies.may_recognise_anywhere(desk.actor),
        policies.may_export(desk.actor),
    )
    return console_page(request, desk.actor, "staff/places.html", view)


@router.get(f"{_HOME}/export")
def export(session: ReadSession, desk: StaffDesk) -> Response:
    """The register as a workbook."""
    body = exporting.export_register(session, desk.actor, None)
    headers = {
        "Content-Disposition": 'attachment; filename="recognised-places.xlsx"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=_XLSX, headers=headers)


@router.get(f"{_HOME}/new")
def show_form(
    request: Request, session: ReadSession, desk: StaffDesk, firm: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """First the firm, then its recognition."""
    form = replace(_new_form(session, desk, firm), token=once.token_for(request, desk.clock))
    return console_page(request, desk.actor, "staff/place_form.html", form)


@router.post(f"{_HOME}/new")
def recognise(request: Request, session: WriteSession, desk: StaffDesk, sent: SentForm) -> Response:
    """Sent twice, it is one entry."""
    asked = once.read(request, desk.clock, sent)
    if (given := once.find(session, asked)) is not None:
        return given
    form = _new_form(session, desk, str(sent.get("firm", "")))
    typed = _typed(sent, form.typed)
    try:
        firm = _find_firm(session, desk, typed["firm"])
        if firm is None:
            raise Invalid(fields=[FieldProblem("firm", UNKNOWN)])
        data = PlaceIn.model_validate(_values(typed) | {"employer_id": firm.id})
        place = service.recognise(session, desk.actor, data, desk.clock)
    except (AppError, ValidationError) as error:
        form, status = shown_again(form, typed, sent, error)
        return console_page(request, desk.actor, "staff/place_form.html", form, status=status)
    return once.keep(session, asked, f"{_HOME}/{place.id}?done=saved", desk.clock)


@router.get(f"{_HOME}/{{place_id:int}}")
def show_place(request: Request, session: ReadSession, desk: StaffDesk, place_id: int) -> Response:
    """One place."""
    return console_page(request, desk.actor, "staff/place.html", _view(session, desk, place_id))


@router.post(f"{_HOME}/{{place_id:int}}")
def act(request: Request, session: WriteSession, desk: StaffDesk, place_id: int, sent: SentForm) -> Response:
    """`save` corrects it, `review` it, `support` writes down what it got."""
    step = str(sent.get("step", ""))
    try:
        with session.begin_nested():
            _act(session, desk, place_id, step, sent)
    except (AppError, ValidationError) as error:
        title, problems, status = problems_of(error)
        if status == 404:
            raise
        words = problems[0].message if problems else ""
        view = replace(_view(session, desk, place_id), problem=f"{title} {words}".strip())
        return console_page(request, desk.actor, "staff/place.html", view, status=status)
    return RedirectResponse(f"{_HOME}/{place_id}?done=saved", 303)


def _act(session: WriteSession, desk: Desk, place_id: int, step: str, sent: SentForm) -> None:
    note = str(sent.get("note", ""))
    if step == "review":
        form = {"outcome": sent.get("outcome", ""), "reviewed_on": sent.get("on", ""), "note": note}
        service.review_place(session, desk.actor, place_id, ReviewIn.model_validate(form), desk.clock)
    elif step == "support":
        form = {"kind_code": sent.get("kind_code", ""), "received_on": sent.get("on", ""), "note": note}
        data = SupportIn.model_validate(form | {"amount_fen": _fen(str(sent.get("amount", "")))})
        service.record_support(session, desk.actor, place_id, data, desk.clock)
    elif step == "save":
        place = queries.get_place(session, desk.actor, place_id)
        edit = PlaceEdit.model_validate(_values(_typed(sent, _typed_of(place))))
        service.edit_place(session, desk.actor, place_id, edit, desk.clock, version=version_in(sent))
    else:
        raise Forbidden


def _fen(text: str) -> int:
    amount = read_fen(text.strip() or "0")
    if amount is None:
        raise Invalid(fields=[FieldProblem("amount", "钱数只写数，不是钱的空着")])
    return amount


def _typed(sent: SentForm, typed: Mapping[str, str]) -> dict[str, str]:
    found = dict(typed)
    for name in (*_TEXTS, "firm"):
        value = sent.get(name)
        if isinstance(value, str):
            found[name] = value.strip()[:80]
    return found


def _values(typed: Mapping[str, str]) -> dict[str, Any]:
    return {name: typed[name] or None for name in _TEXTS}


def _typed_of(place: RecognisedPlace) -> dict[str, str]:
    return {
        "firm": place.employer.name,
        "kind": place.kind.value,
        "level": place.level.value,
        "makes": place.makes,
        "recognised_on": place.recognised_on.isoformat(),
        "recognised_by": place.recognised_by,
        "headquarters_id": str(place.headquarters_id or ""),
    }


def _heads(session: ReadSession, desk: Desk, own_id: int = 0) -> tuple[tuple[str, str], ...]:
    places = queries.list_places(session, desk.actor)
    return tuple(
        (str(each.id), each.employer.name)
        for each in places
        if each.headquarters_id is None and each.id != own_id
    )


def _new_form(session: ReadSession, desk: Desk, name: str) -> PlaceForm:
    if not policies.may_recognise_anywhere(desk.actor):
        raise Forbidden("认定由县人社局来记。")
    firm = _find_firm(session, desk, name)
    kind = firm.kind.value if firm and firm.kind.value in dict(_KINDS) else PlaceKind.BASE.value
    typed = dict.fromkeys(_TEXTS, "") | {"firm": firm.name if firm else "", "kind": kind}
    problems = {"firm": UNKNOWN} if name and firm is None else {}
    names = firm_names(session, desk.actor)
    return PlaceForm(typed, _heads(session, desk), f"{_HOME}/new", names, problems=problems)


def _find_firm(session: ReadSession, desk: Desk, name: str) -> Employer | None:
    return find_firm(session, name, lambda firm: policies.may_recognise(desk.actor, firm))


def _view(session: ReadSession, desk: Desk, place_id: int) -> PlaceView:
    actor, today = desk.actor, desk.today
    place = queries.get_place(session, actor, place_id)
    points = queries.list_points(session, place.id)
    figures = queries.count_workers(session, [place.employer_id, *(each.employer_id for each in points)])
    told = policies.told(actor, place, figures[place.employer_id])
    group = policies.told(
        actor, place, rules.add_up([figures[each.employer_id] for each in (place, *points)])
    )
    supports = queries.list_supports(session, [place.id])
    form = PlaceForm(
        _typed_of(place), _heads(session, desk, place.id), f"{_HOME}/{place.id}", version=place.version
    )
    words = f"1 个总部带 {len(points)} 个点，一共 {_told(group.workers)} 人在岗" if points else ""
    return PlaceView(
        _row(place, told, today),
        place.makes,
        (
            ("在哪儿", gazetteer.path_name(gazetteer.get_nearest(place.region_code).code)),
            ("谁认定的", f"{place.recognised_by}，{place.level.label}，{_day(place.recognised_on)}"),
            ("年审到期", _day(place.review_due_on)),
            *_withdrawal(place),
        ),
        _numbers(told),
        tuple(_row(each, policies.told(actor, each, figures[each.employer_id]), today) for each in points),
        words,
        tuple(
            f"{_day(each.received_on)} {support_name(each.kind_code)}"
            + (f" {yuan(each.amount_fen)} 元" if each.amount_fen else "")
            for each in supports
        ),
        tuple(
            f"{_day(each.reviewed_on)} {each.outcome.label}，在岗 {each.workers} 人"
            + (f"，{each.note}" if each.note else "")
            for each in queries.list_reviews(session, place.id)
        )
        if policies.may_edit(actor, place)
        else (),
        form,
        policies.may_edit(actor, place) and place.withdrawn_on is None,
        today.isoformat(),
        tuple((each.code, each.name) for each in support_kinds().values()),
        KINDS_OF_DOMAIN - len(support_kinds()),
    )


def _withdrawal(place: RecognisedPlace) -> tuple[tuple[str, str], ...]:
    if place.withdrawn_on is None:
        return ()
    return (("取消了", f"{_day(place.withdrawn_on)}，{place.withdrawn_reason}"),)


def _numbers(figures: Figures) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = [("在岗", _told(figures.workers))]
    pairs += [(each.label, _told(figures.classes.get(each, 0))) for each in LabourClass]
    pairs += [(f"{each.label}的人", _told(figures.households.get(each, 0))) for each in HOUSEHOLDS]
    return tuple(pairs)


def _told(number: int | None) -> str:
    return _FEW if number is None else f"{number:,}"


def _day(day: date | None) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day is not None else ""


def _row(place: RecognisedPlace, figures: Figures, today: date) -> PlaceRow:
    left = (place.review_due_on - today).days
    due, tone = f"{_day(place.review_due_on)}年审", ""
    if place.withdrawn_on is not None:
        due = "认定取消了"
    elif left < 0:
        due, tone = f"年审过了 {-left} 天", "late"
    elif left <= rules.SOON.days:
        due, tone = f"{left} 天内年审", "now"
    pay = f"{yuan(figures.average_fen // 100 * 100)} 元" if figures.average_fen is not None else "还没核实"
    town = gazetteer.get_nearest(place.region_code).name
    line = f"{town}，{place.kind.label}，{place.level.label}，{place.makes}"
    return PlaceRow(place.id, place.employer.name, line, due, tone, _told(figures.workers), pay)
