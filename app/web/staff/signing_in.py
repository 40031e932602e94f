"""登录页: /login for colleagues, /login/phone for everyone else, /logout."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import signing_in
from app.accounts.actor import Actor
from app.accounts.code_sender import CodeSender, ConsoleSender, make_code_sender
from app.accounts.dependencies import CurrentActor, CurrentCipher, get_actor
from app.accounts.schemas import SignedIn, Visit
from app.accounts.terms import UserKind
from app.core.db import Database
from app.core.errors import AppError
from app.core.http import CurrentClock, CurrentSettings, WriteSession, run_with_database
from app.web import sessions
from app.web.csrf import check_csrf
from app.web.staff.next_page import safe_next
from app.web.staff.page import csrf_of, staff_page
from app.web.staff.views import AccountPage, SignInForm, role_lines

router = APIRouter(dependencies=[Depends(check_csrf), Depends(get_actor)], include_in_schema=False)

Next = Annotated[str, Form(alias="next", max_length=300)]
NextQuery = Annotated[str, Query(alias="next", max_length=300)]


@router.get("/login")
def show_sign_in(request: Request, actor: CurrentActor, onward: NextQuery = "") -> Response:
    """The form for colleagues; who is signed in already sees so."""
    if actor.is_staff:
        return RedirectResponse(safe_next(onward) or "/staff", 303)
    if actor.is_signed_in:
        return _signed_in_page(request, actor)
    return _form(request, "staff/login.html", SignInForm(next=safe_next(onward)))


@router.post("/login")
async def sign_in(
    request: Request,
    clock: CurrentClock,
    cipher: CurrentCipher,
    username: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=500)] = "",
    code: Annotated[str, Form(max_length=20)] = "",
    onward: Next = "",
) -> Response:
    """User name, password and, where one is bound, the authenticator's code."""
    visit = _visit(request)

    def work(database: Database) -> SignedIn:
        return signing_in.sign_in_with_password(
            database, clock, cipher, visit, username=username, password=password, totp_code=code
        )

    # The typed name goes back into the field; the password does not.
    form = SignInForm(next=safe_next(onward), username=username)
    return await _try(request, "staff/login.html", form, work)


@router.get("/login/phone")
def show_phone(request: Request, actor: CurrentActor, onward: NextQuery = "") -> Response:
    """Where the code is asked for."""
    return _signed_in_page(request, actor) if actor.is_signed_in else phone_form(request, onward)


def phone_form(request: Request, onward: str) -> Response:
    """The form for a number, leading to `onward` afterwards. Empty, it is nobody's: a phone that keeps
    it need not fetch it again."""
    return _form(request, "staff/login_phone.html", SignInForm(next=safe_next(onward)), may_keep=True)


@router.post("/login/phone")
async def ask_for_code(
    request: Request,
    clock: CurrentClock,
    cipher: CurrentCipher,
    settings: CurrentSettings,
    phone: Annotated[str, Form(max_length=40)] = "",
    onward: Next = "",
) -> Response:
    """Sends a code. The answer is the same whether the phone is known or not."""
    visit, asker = _visit(request), sessions.browser_token(request) or ""
    sender: CodeSender = getattr(request.app.state, "code_sender", None) or make_code_sender(settings)
    form = SignInForm(next=safe_next(onward))

    def work(database: Database) -> None:
        signing_in.request_phone_code(database, clock, cipher, sender, visit, phone=phone, asker=asker)

    try:
        await run_with_database(request, work)
    except AppError as error:
        return _refused(request, "staff/login_phone.html", form, error)
    query = "?" + urlencode({"next": form.next}) if form.next else ""
    return RedirectResponse(f"/login/code{query}", 303)


@router.get("/login/code")
def show_code(
    request: Request,
    actor: CurrentActor,
    settings: CurrentSettings,
    onward: NextQuery = "",
) -> Response:
    """Where the code is typed in. The phone stands neither in the address nor on the page."""
    if actor.is_signed_in:
        return _signed_in_page(request, actor)
    on_terminal = isinstance(make_code_sender(settings), ConsoleSender)
    form = SignInForm(next=safe_next(onward), on_terminal=on_terminal)
    return _form(request, "staff/login_code.html", form)


@router.post("/login/code")
async def sign_in_by_phone(
    request: Request,
    clock: CurrentClock,
    cipher: CurrentCipher,
    code: Annotated[str, Form(max_length=20)] = "",
    onward: Next = "",
) -> Response:
    """Takes the code in the browser that asked for it."""
    visit, asker = _visit(request), sessions.browser_token(request) or ""

    def work(database: Database) -> SignedIn:
        return signing_in.sign_in_with_phone_code(database, clock, cipher, visit, code=code, asker=asker)

    return await _try(request, "staff/login_code.html", SignInForm(next=safe_next(onward)), work)


@router.post("/logout")
def sign_out(request: Request, actor: CurrentActor, session: WriteSession, clock: CurrentClock) -> Response:
    """Ends the session here and in the database."""
    token = sessions.session_token(request)
    if token:
        signing_in.sign_out(session, clock, token)
    response = RedirectResponse("/login" if actor.is_staff else "/", 303)
    sessions.forget_session(response)
    return response


async def _try(
    request: Request, template: str, form: SignInForm, work: Callable[[Database], SignedIn]
) -> Response:
    try:
        signed_in = await run_with_database(request, work)
    except AppError as error:
        return _refused(request, template, form, error)
    first = "/staff" if signed_in.kind is UserKind.STAFF else "/login/phone"
    response = RedirectResponse(form.next or first, 303)
    sessions.keep_session(request, response, signed_in.token)
    return response


def _refused(request: Request, template: str, form: SignInForm, error: AppError) -> Response:
    """The form again, with the reason on top and the status of the error."""
    field = error.fields[0].field if error.fields else ""
    return _form(request, template, form, problem=error.title, field=field, status=error.status)


def _form(
    request: Request,
    template: str,
    form: SignInForm,
    *,
    problem: str = "",
    field: str = "",
    status: int = 200,
    may_keep: bool = False,
) -> Response:
    token = sessions.browser_token(request) or sessions.visit_token(request)
    view = replace(form, csrf=csrf_of(request, token), problem=problem, field=field)
    response = staff_page(request, template, view, status=status, may_keep=may_keep)
    if sessions.session_token(request) is None:
        sessions.keep_visit(request, response, token)
    return response


def _signed_in_page(request: Request, actor: Actor) -> Response:
    view = AccountPage(actor.name, role_lines(actor), csrf_of(request))
    return staff_page(request, "staff/signed_in.html", view)


def _visit(request: Request) -> Visit:
    return Visit(sessions.client_address(request), sessions.session_token(request))
