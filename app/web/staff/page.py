"""One page of the staff console as an answer: never kept by the browser, and its forms carry a CSRF token."""

from typing import Any

from fastapi import Request, Response

from app.core.http import get_settings
from app.web import sessions
from app.web.csrf import page_csrf_token
from app.web.reader import read_reader
from app.web.rendering import page_response, render


def staff_page(request: Request, template: str, view: Any, *, status: int = 200) -> Response:
    """Renders `template` with `view`. `no-store`: the next user of this computer must not page back to it."""
    reader = read_reader(request)
    html = render(template, reader, view=view)
    response = page_response(request, html, reader, status=status, secure=sessions.is_secure(request))
    response.headers["Cache-Control"] = "no-store"
    return response


def csrf_of(request: Request, token: str | None = None) -> str:
    """The token for forms on a page for this browser, or for the one that will hold `token`."""
    return page_csrf_token(get_settings(request), token or sessions.browser_token(request) or "")
