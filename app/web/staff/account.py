"""我的账号: one's own password, and the authenticator."""

import io
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import credentials, queries, signing_in
from app.accounts.actor import Actor
from app.accounts.credentials import TotpInvite
from app.accounts.dependencies import CurrentCipher, StaffActor
from app.core.db import Database
from app.core.errors import AppError
from app.core.http import CurrentClock, ReadSession, WriteSession, read_once, run_with_database
from app.web import sessions
from app.web.csrf import check_csrf
from app.web.staff import (
    colleagues,
    confirmations,
    duties,
    home,
    household_file,
    household_forms,
    merging_pages,
    moving,
    officer_forms,
    person_file,
    person_forms,
    region_changes,
    rights,
    staff_list,
)
from app.web.staff.page import console_page, csrf_of
from app.web.staff.views import AccountPage, role_lines

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
# The whole console behind the sign-in.
for _pages in (
    home,
    household_forms,
    household_file,
    person_forms,
    person_file,
    moving,
    merging_pages,
    colleagues,
    confirmations,
    duties,
    region_changes,
    rights,
    officer_forms,
    staff_list,
):
    router.include_router(_pages.router)

_DONE = {
    "password": "密码改好了。别的地方都已经退出。",
    "totp": "动态码绑好了，下次登录要填。",
}


@router.get("/staff/account")
def show_account(request: Request, session: ReadSession, actor: StaffActor, done: str = "") -> Response:
    """Password and authenticator."""
    has_totp = queries.has_totp(session, actor)
    return _account(request, actor, has_totp=has_totp, done=_DONE.get(done, ""))


@router.post("/staff/account/password")
async def change_password(
    request: Request,
    actor: StaffActor,
    clock: CurrentClock,
    old: Annotated[str, Form(max_length=500)] = "",
    new: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Changes the password; all other sessions end."""

    def work(database: Database) -> str:
        return credentials.change_password(database, clock, actor, old, new)

    try:
        token = await run_with_database(request, work)
    except AppError as error:
        field = error.fields[0].field if error.fields else "old"
        has_totp = await read_once(request, lambda session: queries.has_totp(session, actor))
        return _account(
            request, actor, has_totp=has_totp, problem=error.title, field=field, status=error.status
        )
    response = RedirectResponse("/staff/account?done=password", 303)
    sessions.keep_session(request, response, token)
    return response


@router.post("/staff/account/totp")
def enrol_totp(request: Request, session: WriteSession, actor: StaffActor, cipher: CurrentCipher) -> Response:
    """Makes a secret and shows it once, as a picture and as text."""
    invite = credentials.enrol_totp(session, cipher, actor)
    return _account(request, actor, has_totp=False, invite=invite)


@router.post("/staff/account/totp/confirm")
def confirm_totp(
    request: Request,
    session: WriteSession,
    actor: StaffActor,
    clock: CurrentClock,
    cipher: CurrentCipher,
    code: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """The authenticator shows the right code: from now on it is asked for."""
    try:
        credentials.confirm_totp(session, clock, cipher, actor, code)
    except AppError as error:
        # The same secret again: the phone has it already.
        invite = credentials.find_totp_invite(session, cipher, actor)
        return _account(
            request,
            actor,
            has_totp=invite is None,
            invite=invite,
            problem=error.title,
            field="code",
            status=error.status,
        )
    return RedirectResponse("/staff/account?done=totp", 303)


@router.post("/staff/account/sessions")
def end_all_sessions(session: WriteSession, actor: StaffActor, clock: CurrentClock) -> Response:
    """Signs out everywhere, here too."""
    if actor.user_id is not None:
        signing_in.end_all_sessions(session, clock, actor, actor.user_id)
    response = RedirectResponse("/login", 303)
    sessions.forget_session(response)
    return response


def _account(
    request: Request,
    actor: Actor,
    *,
    has_totp: bool,
    invite: TotpInvite | None = None,
    problem: str = "",
    field: str = "",
    done: str = "",
    status: int = 200,
) -> Response:
    view = AccountPage(
        actor.name,
        role_lines(actor),
        csrf_of(request),
        problem=problem,
        field=field,
        done=done,
        has_totp=has_totp,
        totp_picture=_picture(invite.uri) if invite else "",
        totp_secret=_in_fours(invite.secret) if invite else "",
    )
    return console_page(request, actor, "staff/account.html", view, now="me", status=status)


def _in_fours(secret: str) -> str:
    """Easier to copy by hand; authenticators skip the blanks."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _picture(uri: str) -> str:
    """The secret as a QR picture, drawn into the page: it must not be fetched from an address of its own."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(
        out, kind="svg", border=4, xmldecl=False, svgns=False, omitsize=True, title="动态码"
    )
    return out.getvalue().decode()
