"""代登记单位: an officer registers a firm for somebody who stands at the counter; a colleague looks at it."""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError

from app.core.errors import AppError, FieldProblem, Forbidden, Invalid
from app.core.http import ReadSession, WriteSession
from app.employers import service
from app.employers.membership import check_code_given
from app.employers.papers import queries
from app.employers.schemas import EmployerIn
from app.employers.terms import EmployerKind
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import FORM_FIELD, check_csrf
from app.web.staff import fields, once
from app.web.staff.colleagues import find_place
from app.web.staff.fields import Field, Group
from app.web.staff.forms import FormView, SentForm, problems_of, with_problems
from app.web.staff.page import console_page

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
ADDRESS: Final = "/staff/employers/new"
_KINDS: Final = tuple((kind.value, kind.label) for kind in EmployerKind)
_GROUPS: Final = (
    Group(
        "代登记一家单位",
        (
            Field("name", "单位名称", hint="照执照写；农场写招牌上的名字。", required=True),
            Field("kind", "哪一种", "select", _KINDS, required=True),
            Field("place", "在哪个镇或村", hint="写名字或代码。", required=True),
            Field("address", "门牌或路口"),
            Field("credit_code", "统一社会信用代码", hint="农场、车间、个体户没有就空着，靠村里的证明。"),
            Field("contact_name", "找谁", required=True),
            Field("contact_phone", "他的电话", "phone", required=True),
        ),
    ),
)


@router.get(ADDRESS)
def show_form(request: Request, desk: StaffDesk) -> Response:
    """The empty form."""
    _check_may(desk)
    return _form_page(request, desk, _blank(request, desk))


@router.post(ADDRESS)
def register(request: Request, session: WriteSession, desk: StaffDesk, sent: SentForm) -> Response:
    """Registers the firm; sent twice, it makes one. What was typed stays where it is wrong."""
    _check_may(desk)
    asked = once.read(request, desk.clock, sent)
    if given := once.find(session, asked):
        return given
    typed = fields.read_typed(sent, _GROUPS)
    said = {name: values[0].strip() if values else "" for name, values in typed.items()}
    try:
        with session.begin_nested():
            data = _read(session, desk, said)
            firm = service.register_employer(session, desk.actor, data, desk.clock, cipher=desk.cipher)
    except (AppError, ValidationError) as error:
        title, found, status = problems_of(error)
        named = [replace(p, field="place") if p.field == "region_code" else p for p in found]
        blank = replace(_blank(request, desk), hidden=((FORM_FIELD, str(sent.get(FORM_FIELD, ""))),))
        return _form_page(request, desk, with_problems(blank, typed, title, named), status)
    return once.keep(session, asked, f"/staff/employers?firm={firm.id}&done=firm_registered", desk.clock)


def _read(session: ReadSession, desk: Desk, said: dict[str, str]) -> EmployerIn:
    missing = [
        FieldProblem(name, "这一项要填")
        for name in ("name", "kind", "place", "contact_name", "contact_phone")
        if not said[name]
    ]
    if missing:
        raise Invalid("有几处还要填一下。", fields=missing)
    values = {name: value for name, value in said.items() if name != "place"}
    values["region_code"] = find_place(session, desk.actor, said["place"])
    data = EmployerIn.model_validate(values | {"credit_code": said["credit_code"] or None})
    check_code_given(data)
    return data


def _check_may(desk: Desk) -> None:
    if not queries.may_check_anywhere(desk.actor):
        raise Forbidden("代登记单位是镇、县人社工作人员的事。")


def _blank(request: Request, desk: Desk) -> FormView:
    return FormView(
        title="代登记单位",
        action=ADDRESS,
        back="/staff/employers",
        button="登记",
        groups=_GROUPS,
        hidden=((FORM_FIELD, once.token_for(request, desk.clock)),),
    )


def _form_page(request: Request, desk: Desk, form: FormView, status: int = 200) -> Response:
    return console_page(request, desk.actor, "staff/form.html", form, now="employers", status=status)
