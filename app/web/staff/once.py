"""一次提交: a form that makes something carries a token for this one filling-in; sent twice, it makes one row
and leads to the same page.

    asked = once.read(request, desk.clock, form)
    if given := once.find(session, asked): return given
    ...
    return once.keep(session, asked, address, desk.clock)
"""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.core.clock import Clock
from app.core.http import SESSION_COOKIE, WriteSession, get_settings
from app.core.idempotency import IdempotentRequest, find_answer, keep_answer
from app.web.csrf import FORM_FIELD, issue_form_token, read_form_token
from app.web.staff.fields import Sent


def token_for(request: Request, clock: Clock) -> str:
    """The hidden token of a form that is sent to the address it is shown at."""
    return issue_form_token(get_settings(request), clock, request.url.path)


def read(request: Request, clock: Clock, form: Sent) -> IdempotentRequest:
    """Raises Forbidden for a token that was not made for this form, Gone for one of yesterday."""
    tokens = form.getlist(FORM_FIELD)
    read_token = read_form_token(
        get_settings(request), clock, request.url.path, str(tokens[0]) if tokens else ""
    )
    # What was typed does not count: whoever goes back and sends the same form again is led to what it made.
    asked = IdempotentRequest.of(
        credentials=request.cookies.get(SESSION_COOKIE, ""),
        route="POST form",
        key=read_token.key,
        path=request.url.path,
        body=b"",
        secret=get_settings(request).secret_key.get_secret_value(),
    )
    request.state.replay = asked  # of two at the same instant, the loser repeats the winner's answer
    return asked


def find(session: WriteSession, asked: IdempotentRequest) -> Response | None:
    """The answer this form was given before."""
    given = find_answer(session, asked)
    return RedirectResponse(given.location, 303) if given is not None and given.location else None


def keep(session: WriteSession, asked: IdempotentRequest, address: str, clock: Clock) -> Response:
    """Leads to `address`, now and whenever the same form comes again."""
    keep_answer(
        session,
        asked,
        status=303,
        media_type="text/html",
        location=address,
        body=b"",
        now=clock.now(),
    )
    return RedirectResponse(address, 303)
