"""同事账号: opening accounts for colleagues below, their roles, a new password, a village to other hands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.accounts import credentials, duty, queries, region_changes, service
from app.accounts.actor import Actor, Grant
from app.accounts.models import RoleGrant
from app.accounts.rules import LEVEL_OF_ROLE, MAY_GRANT, ROLES_WITHOUT_REGION
from app.accounts.schemas import NewStaff
from app.accounts.terms import Role
from app.core.db import Database
from app.core.errors import AppError, FieldProblem, Forbidden, Invalid
from app.core.http import ReadSession, WriteSession, read_once, run_with_database
from app.regions import gazetteer
from app.regions import queries as region_queries
from app.regions.terms import Level
from app.seekers import queries as ledger_queries
from app.seekers.dependencies import Desk, StaffDesk
from app.web.csrf import FORM_FIELD, check_csrf
from app.web.staff import fields, once
from app.web.staff.fields import Field, Group
from app.web.staff.forms import FormView, SentForm, problems_of, with_problems
from app.web.staff.page import console_page, may_open_accounts
from app.web.staff.views import place_words
from app.web.staff.wording import day_words

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_MOST_PLACES = 100
_MOST_ALIKE = 5
# An appointment ends with its last day: said as that day, not as the next one's beginning.
INSTANT = timedelta(seconds=1)


@dataclass(frozen=True)
class RoleRow:
    """A role of a colleague. `village` is its code where the village can be handed over."""

    id: int
    label: str
    place: str
    note: str
    village: str = ""


@dataclass(frozen=True)
class ColleagueView:
    """一位同事."""

    id: int
    name: str
    username: str
    phone: str
    roles: tuple[RoleRow, ...]
    role_options: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    problem: str = ""
    at: str = ""
    # 健康值守: appointments that run (id, place, until), and the counties for which one may be made.
    duties: tuple[tuple[int, str, str], ...] = ()
    duty_places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AccountsView:
    """同事账号: the form for a new one, and the box for finding one."""

    form: FormView
    name: str = ""
    not_found: bool = False
    has_regions: bool = False


@router.get("/staff/accounts")
def show_accounts(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    name: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Opening an account; `name` leads to the colleague with that account."""
    _check_may(desk.actor)
    if name.strip():
        user = queries.find_staff(session, name)
        try:
            found = credentials.get_subordinate(session, desk.clock, desk.actor, user.id if user else 0)
            return RedirectResponse(f"/staff/accounts/{found.id}", 303)
        except AppError:
            pass
    has_regions = region_changes.may_prepare(desk.actor)
    view = AccountsView(_blank(request, session, desk), name, bool(name.strip()), has_regions)
    return console_page(request, desk.actor, "staff/accounts.html", view, now="accounts")


@router.post("/staff/accounts")
async def open_account(request: Request, desk: StaffDesk, form: SentForm) -> Response:
    """Opens an account with its first role; a double tap opens one."""
    _check_may(desk.actor)
    asked = once.read(request, desk.clock, form)
    groups = _groups(desk.actor, ())
    typed = fields.read_typed(form, groups)
    said = {name: values[0] if values else "" for name, values in typed.items()}

    def work(database: Database) -> Response:
        with database.read() as session:
            if given := once.find(session, asked):
                return given
            new = _read_new(session, desk.actor, said)
        password_hash = credentials.make_password_hash(said["password"], new.username)
        with database.write() as session:
            user = service.create_staff(session, desk.clock, desk.actor, new, password_hash=password_hash)
            return once.keep(session, asked, f"/staff/accounts/{user.id}?done=account", desk.clock)

    try:
        return await run_with_database(request, work)
    except (AppError, ValidationError) as error:
        if given := await read_once(request, lambda session: once.find(session, asked)):
            return given  # its twin was quicker
        title, found, status = problems_of(error)
        typed.pop("password", None)
        blank = await read_once(request, lambda session: _blank(request, session, desk))
        blank = replace(blank, hidden=((FORM_FIELD, str(form.get(FORM_FIELD, ""))),))
        refused = AccountsView(with_problems(blank, typed, title, _renamed(found)))
        return console_page(
            request, desk.actor, "staff/accounts.html", refused, now="accounts", status=status
        )


@router.get("/staff/accounts/{user_id}")
def show_colleague(request: Request, session: ReadSession, desk: StaffDesk, user_id: int) -> Response:
    """One colleague below: roles, password, villages, duties."""
    return colleague_page(request, session, desk, user_id)


@router.post("/staff/accounts/{user_id}/roles")
def grant_role(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    user_id: int,
    role: Annotated[str, Form(max_length=30)] = "",
    place: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """One more role; the colleague signs in again."""
    credentials.get_subordinate(session, desk.clock, desk.actor, user_id)
    try:
        wanted = _read_role(desk.actor, role)
        grant = Grant(wanted, _read_place(session, desk.actor, wanted, place))
        service.grant_role(session, desk.clock, desk.actor, user_id, grant)
    except AppError as error:
        return colleague_page(request, session, desk, user_id, problem=error, at="role")
    return RedirectResponse(f"/staff/accounts/{user_id}?done=role", 303)


@router.post("/staff/accounts/{user_id}/roles/{grant_id}/end")
def end_role(session: WriteSession, desk: StaffDesk, user_id: int, grant_id: int) -> Response:
    """Takes a role back at once. Without any role left the account is nobody's here."""
    credentials.get_subordinate(session, desk.clock, desk.actor, user_id)
    service.end_role(session, desk.clock, desk.actor, grant_id)
    left = queries.grants_of(session, user_id, desk.clock.now())
    return RedirectResponse(f"/staff/accounts{f'/{user_id}' if left else ''}?done=role_ended", 303)


@router.post("/staff/accounts/{user_id}/password")
async def reset_password(
    request: Request,
    desk: StaffDesk,
    user_id: int,
    password: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A new password; the authenticator is unbound, all sessions end."""

    def work(database: Database) -> None:
        with database.read() as session:
            user = credentials.get_subordinate(session, desk.clock, desk.actor, user_id)
            username = user.username or ""
        password_hash = credentials.make_password_hash(password, username)
        with database.write() as session:
            credentials.reset_sign_in(session, desk.clock, desk.actor, user_id, password_hash)

    return await _try(request, desk, user_id, "password", "reset", work)


@router.post("/staff/accounts/{user_id}/hand-over")
def hand_over(
    request: Request,
    session: WriteSession,
    desk: StaffDesk,
    user_id: int,
    village: Annotated[str, Form(max_length=12)] = "",
    to: Annotated[str, Form(max_length=60)] = "",
    keep_reading: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """A whole village to a colleague in one act."""
    credentials.get_subordinate(session, desk.clock, desk.actor, user_id)
    try:
        colleague = queries.find_staff(session, to)
        if colleague is None:
            raise Invalid("没有这个账号，请看看账号名。", fields=[FieldProblem("to", "没有这个账号")])
        service.hand_over_village(
            session,
            desk.clock,
            desk.actor,
            region_code=village,
            from_user_id=user_id,
            to_user_id=colleague.id,
            keep_read_access=bool(keep_reading),
        )
    except AppError as error:
        return colleague_page(request, session, desk, user_id, problem=error, at="village")
    return RedirectResponse(f"/staff/accounts/{colleague.id}?done=handed", 303)


async def _try(
    request: Request, desk: Desk, user_id: int, at: str, done: str, work: Callable[[Database], None]
) -> Response:
    try:
        await run_with_database(request, work)
    except Invalid as error:
        problem = error
        return await read_once(
            request,
            lambda session: colleague_page(request, session, desk, user_id, problem=problem, at=at),
        )
    return RedirectResponse(f"/staff/accounts/{user_id}?done={done}", 303)


def colleague_page(
    request: Request,
    session: ReadSession,
    desk: Desk,
    user_id: int,
    *,
    problem: AppError | None = None,
    at: str = "",
) -> Response:
    user = credentials.get_subordinate(session, desk.clock, desk.actor, user_id)
    grants = queries.grants_of(session, user_id, desk.clock.now())
    names = ledger_queries.list_village_names(session, {grant.region_code or "" for grant in grants})
    rows = tuple(
        RoleRow(
            grant.id,
            grant.role.label,
            place_words(grant.region_code, names) if grant.region_code else "",
            _note(grant.is_read_only, day_words(grant.valid_until) if grant.valid_until else ""),
            _village(grant.role, grant.region_code, is_read_only=grant.is_read_only),
        )
        for grant in grants
    )
    view = ColleagueView(
        user.id,
        user.display_name,
        user.username or "",
        user.work_phone or "",
        rows,
        _role_options(desk.actor),
        _place_options(session, desk.actor),
        problem.title if problem else "",
        at,
        tuple(
            (one.id, place_words(one.region_code, {}), day_words(one.valid_until - INSTANT))
            for one in duty.duties_of(session, [user_id], desk.clock.now()).get(user_id, [])
        ),
        _duty_places(desk.actor, user_id, grants),
    )
    status = problem.status if problem else 200
    return console_page(request, desk.actor, "staff/colleague.html", view, now="accounts", status=status)


def _duty_places(actor: Actor, user_id: int, grants: Sequence[RoleGrant]) -> tuple[tuple[str, str], ...]:
    """Counties of the colleague for which the actor may appoint them to read health facts."""
    roles = {grant.role for grant in grants}
    codes = [g.region_code for g in grants if g.role is Role.COUNTY_OFFICER and g.region_code]
    allowed = [code for code in codes if duty.may_appoint(actor, user_id, code, roles)]
    return tuple((code, place_words(code, {})) for code in allowed)


def _note(is_read_only: bool, until: str) -> str:
    words = ["只能看，不能改"] if is_read_only else []
    return "，".join([*words, f"到 {until}为止"] if until else words)


def _village(role: Role, code: str | None, *, is_read_only: bool) -> str:
    return code or "" if role is Role.VILLAGE_OFFICER and not is_read_only else ""


def _check_may(actor: Actor) -> None:
    if not may_open_accounts(actor):
        raise Forbidden("您的账号不能给别人开账号，请找上一级的同事。")


def _role_options(actor: Actor) -> tuple[tuple[str, str], ...]:
    held = [grant.role for grant in actor.grants if not grant.is_read_only]
    given = {role for one in held for role in MAY_GRANT.get(one, frozenset())}
    return tuple((role.value, role.label) for role in Role if role in given)


def _place_options(session: ReadSession, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Places directly below one's own, offered while typing."""
    found: dict[str, str] = {}
    for grant in actor.grants:
        if grant.role in MAY_GRANT and not grant.is_read_only and grant.region_code:
            below, _ = region_queries.list_children(session, grant.region_code, limit=_MOST_PLACES)
            found |= {region.code: region.name for region in below}
    return tuple(found.items())


def _groups(actor: Actor, places: tuple[tuple[str, str], ...]) -> tuple[Group, ...]:
    roles = _role_options(actor)
    return (
        Group(
            "给同事开账号",
            (
                Field("display_name", "姓名", required=True),
                Field("username", "账号名", hint="小写字母和数字，例如 liujuan。", required=True),
                Field("work_phone", "工作电话", "phone", hint="会印在村里的招工单上。"),
                Field("role", "做什么", "select", roles),
                Field("place", "管哪里", "place", places, "写村名、镇名，或写代码。", required=True),
                Field(
                    "password", "先用的密码", "password", hint="最少 10 个字符，当面告诉他。", required=True
                ),
            ),
        ),
    )


def _blank(request: Request, session: ReadSession, desk: Desk) -> FormView:
    return FormView(
        title="同事账号",
        action="/staff/accounts",
        back="/staff",
        button="开账号",
        groups=_groups(desk.actor, _place_options(session, desk.actor)),
        hidden=((FORM_FIELD, once.token_for(request, desk.clock)),),
    )


def _renamed(found: list[FieldProblem]) -> list[FieldProblem]:
    return [replace(p, field="place") if p.field == "region_code" else p for p in found]


def _read_new(session: ReadSession, actor: Actor, said: dict[str, str]) -> NewStaff:
    role = _read_role(actor, said["role"])
    return NewStaff(
        username=said["username"],
        display_name=said["display_name"],
        role=role,
        region_code=_read_place(session, actor, role, said["place"]),
        work_phone=said["work_phone"] or None,
    )


def _read_role(actor: Actor, text: str) -> Role:
    if text not in dict(_role_options(actor)):
        raise Invalid("先选做什么。", fields=[FieldProblem("role", "要选一个")])
    return Role(text)


def _read_place(session: ReadSession, actor: Actor, role: Role, text: str) -> str | None:
    """The code of a typed name or code, of the level of the role. Raises Invalid."""
    typed = text.strip()
    if not typed:
        if role in ROLES_WITHOUT_REGION:
            return None
        raise Invalid(fields=[FieldProblem("place", "要填管哪里")])
    return find_place(session, actor, typed, LEVEL_OF_ROLE.get(role))


def find_place(session: ReadSession, actor: Actor, text: str, level: Level | None = None) -> str:
    """The code of a place of the actor's own, by its name or code. Raises Invalid when none or several places
    are called so."""
    typed = text.strip()
    if typed.isdigit():
        return typed
    codes: dict[str, str] = {}
    for within in {grant.region_code for grant in actor.grants if not grant.is_read_only}:
        found, _ = region_queries.search_regions(session, typed, within=within, limit=_MOST_PLACES)
        codes |= {region.code: region.name for region in found if level is None or region.level is level}
    exact = [code for code, name in codes.items() if name == typed]
    fitting = exact or list(codes)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise Invalid(fields=[FieldProblem("place", "您管的地方里没有这个村或镇，请看看写得对不对")])
    alike = "、".join(_whole_name(code, codes[code]) for code in fitting[:_MOST_ALIKE])
    raise Invalid(fields=[FieldProblem("place", f"叫这个名字的不止一个（{alike}），请写代码")])


def _whole_name(code: str, name: str) -> str:
    division = gazetteer.find_nearest(code)
    return f"{division.name if division and division.name != name else ''}{name} {code}"
