"""改一改: what a villager may change in their own file: what they can and want, their phone, their health."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from app.accounts.actor import Actor
from app.accounts.dependencies import CurrentCipher, SignedInActor
from app.core.amounts import read_fen
from app.core.crypto import FieldCipher
from app.core.errors import AppError, FieldProblem, Invalid, Stale
from app.core.http import CurrentClock, ReadSession, WriteSession
from app.occupations.terms import Demand, WageUnit
from app.regions.terms import Reach
from app.seekers import masking, sealing
from app.seekers.access.own import OwnPatch, edit_own, get_own_person, read_own_health
from app.seekers.models import Person
from app.seekers.privacy.consents import is_allowed
from app.seekers.privacy.terms import ConsentPurpose
from app.seekers.terms import SeekerStatus
from app.seekers.words import label_of_word
from app.web.csrf import check_csrf
from app.web.formats import yuan
from app.web.languages import Language, mark
from app.web.portal.me_views import me_page
from app.web.reader import read_reader
from app.web.staff.forms import SentForm, problems_of, version_in

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)

STATUS_WORDS: Final = {
    SeekerStatus.SEEKING: mark("想找活"),
    SeekerStatus.EMPLOYED: mark("上班了"),
    SeekerStatus.SELF_EMPLOYED: mark("自己干"),
    SeekerStatus.FARMING: mark("在家务农"),
    SeekerStatus.NOT_SEEKING: mark("这会儿不找"),
}
REACH_WORDS: Final = {
    Reach.VILLAGE: mark("本村"),
    Reach.TOWNSHIP: mark("本镇"),
    Reach.COUNTY: mark("本县"),
    Reach.CITY: mark("本市"),
    Reach.PROVINCE: mark("省内"),
    Reach.ANYWHERE: mark("哪里都行"),
}
LIMIT_WORDS: Final = {
    Demand.HEAVY_LIFTING: mark("搬重东西"),
    Demand.NIGHT: mark("上夜班"),
    Demand.HEIGHTS: mark("爬高"),
    Demand.LONG_STANDING: mark("久站"),
    Demand.READING: mark("认字"),
    Demand.OUTDOOR: mark("在户外"),
    Demand.FINE_HANDWORK: mark("细手工"),
    Demand.PHONE_USE: mark("用智能手机"),
    Demand.TRAVEL: mark("出差"),
    Demand.DUST: mark("有粉尘"),
}
NEED_WORDS: Final = {
    "needs_board": mark("要管吃"),
    "needs_lodging": mark("要管住"),
    "cares_for_family": mark("要照看家人"),
}
WAGE_WORDS: Final = {
    WageUnit.MONTH: mark("每月最少要多少元"),
    WageUnit.DAY: mark("每天最少要多少元"),
    WageUnit.HOUR: mark("每小时最少要多少元"),
}
WAGE_OTHER: Final = mark("最少要多少元")
HEALTH_KEY: Final = "健康状况"
_BETWEEN: Final = re.compile(r"[、，,；;\s]+")
_STALE: Final = mark("你填的时候，村里也改了这份档案。你填的都在下面，看好再点一次。")


@dataclass(frozen=True)
class Option:
    """一个选项."""

    value: str
    words: str
    is_on: bool


@dataclass(frozen=True)
class Edit:
    """改一改: what stands in the form; `problems` by field, `shown_phone` masked."""

    id: int
    version: int
    statuses: tuple[Option, ...]
    reaches: tuple[Option, ...]
    limits: tuple[Option, ...]
    needs: tuple[Option, ...]
    skills: str
    occupations: str
    training_wish: str
    wage: str
    wage_label: str
    shown_phone: str
    phone: str
    may_write_health: bool
    health: tuple[tuple[str, str], ...]
    problem: str = ""
    problems: Mapping[str, str] | None = None

    def fault(self, name: str) -> str:
        """What is wrong with a field, empty when nothing is."""
        return (self.problems or {}).get(name, "")


@router.get("/me/{person_id:int}/edit")
def show_edit(
    request: Request, session: ReadSession, actor: SignedInActor, cipher: CurrentCipher, person_id: int
) -> Response:
    """The form, filled with what the file says."""
    person = get_own_person(session, actor, person_id)
    view = _standing(session, actor, person, cipher, read_reader(request).language)
    return me_page(request, actor, "portal/me_edit.html", view)


@router.post("/me/{person_id:int}/edit")
def save_edit(
    request: Request,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    form: SentForm,
    person_id: int,
) -> Response:
    """Takes what was changed; the form again, with what was typed, when something is wrong."""
    person = get_own_person(session, actor, person_id)
    reader = read_reader(request)
    view = _standing(session, actor, person, cipher, reader.language)
    try:
        patch = OwnPatch.model_validate(_sent(form, person, view))
        edit_own(session, actor, person.id, patch, cipher=cipher, clock=clock, version=version_in(form))
    except Stale as error:
        typed = _typed(view, form)
        again = replace(typed, problem=reader.language.gettext(_STALE))
        return me_page(request, actor, "portal/me_edit.html", again, error.status)
    except (AppError, ValidationError) as error:
        title, found, status = problems_of(error)
        problems = {each.field.split(".")[0]: each.message for each in found}
        again = replace(_typed(view, form), problem=title, problems=problems)
        return me_page(request, actor, "portal/me_edit.html", again, status)
    if "phone" in patch.model_fields_set:
        return RedirectResponse(reader.url("/me/new-phone"), 303)
    return RedirectResponse(reader.url(f"/me/{person_id}", done="saved"), 303)


@router.get("/me/new-phone")
def show_new_phone(request: Request, actor: SignedInActor) -> Response:
    """The phone was changed: the file is now seen from the new one."""
    return me_page(request, actor, "portal/me_new_phone.html", None)


def _standing(
    session: ReadSession, actor: Actor, person: Person, cipher: FieldCipher, language: Language
) -> Edit:
    _ = language.gettext
    statuses = dict(STATUS_WORDS)
    if person.status not in statuses:
        statuses[person.status] = person.status.label
    health = read_own_health(session, actor, person, cipher)
    fen = person.wage_floor_fen
    return Edit(
        id=person.id,
        version=person.version,
        statuses=tuple(Option(s.value, _(w), person.status is s) for s, w in statuses.items()),
        reaches=tuple(Option(r.value, _(w), person.travel is r) for r, w in REACH_WORDS.items()),
        limits=tuple(Option(d.value, _(w), d.value in person.limits) for d, w in LIMIT_WORDS.items()),
        needs=tuple(Option(n, _(w), bool(getattr(person, n))) for n, w in NEED_WORDS.items()),
        skills=_said(person.skills),
        occupations=_said(person.occupations),
        training_wish=person.training_wish,
        wage="" if fen is None else yuan(fen).replace(",", ""),
        wage_label=_(WAGE_WORDS.get(person.wage_floor_unit, WAGE_OTHER)),
        shown_phone=masking.mask_phone(sealing.open_phone(person, cipher)) or "",
        phone="",
        may_write_health=is_allowed(session, person.id, ConsentPurpose.HEALTH),
        health=tuple({HEALTH_KEY: "", **health}.items()),
    )


def _said(codes: list[str]) -> str:
    return "、".join(label_of_word(code) for code in codes)


def _sent(form: FormData, person: Person, view: Edit) -> dict[str, Any]:
    """What was changed; words that stand as they stood are not sent, so that they are not read anew."""
    sent: dict[str, Any] = {
        "status": _text(form, "status") or person.status,
        "travel": _text(form, "travel") or person.travel,
        "training_wish": _text(form, "training_wish"),
        "wage_floor_fen": _fen(_text(form, "wage")),
        "limits": [str(value) for value in form.getlist("limits")],
    }
    sent |= {name: name in form.getlist("needs") for name in NEED_WORDS}
    for name in ("skills", "occupations"):
        if _text(form, name) != getattr(view, name):
            sent[name] = [word for word in _BETWEEN.split(_text(form, name)) if word]
    if _text(form, "phone"):
        sent["phone"] = _text(form, "phone")
    if view.may_write_health:
        typed = {key: _text(form, f"health-{n}") for n, (key, _) in enumerate(view.health)}
        changed = {key: typed[key] for key, said in view.health if typed[key] != said}
        if changed:
            sent["health"] = changed
    return sent


def _fen(text: str) -> int | None:
    """Raises Invalid for what is no amount of yuan."""
    if not text:
        return None
    fen = read_fen(text)
    if fen is None:
        raise Invalid(fields=[FieldProblem("wage", "请填数字，比如 2800")])
    return fen


def _typed(view: Edit, form: FormData) -> Edit:
    """The form with what was typed instead of what stands in the file."""

    def chosen(options: tuple[Option, ...], name: str) -> tuple[Option, ...]:
        taken = [str(value) for value in form.getlist(name)]
        return tuple(replace(option, is_on=option.value in taken) for option in options)

    return replace(
        view,
        statuses=chosen(view.statuses, "status"),
        reaches=chosen(view.reaches, "travel"),
        limits=chosen(view.limits, "limits"),
        needs=chosen(view.needs, "needs"),
        skills=_text(form, "skills"),
        occupations=_text(form, "occupations"),
        training_wish=_text(form, "training_wish"),
        wage=_text(form, "wage"),
        phone=_text(form, "phone"),
        health=tuple((key, _text(form, f"health-{n}")) for n, (key, _) in enumerate(view.health)),
    )


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, "")).strip()[:200]
