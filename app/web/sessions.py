"""登录信息: the cookies by which a browser is known. Opaque; everything else stands in the database."""

from starlette.requests import Request
from starlette.responses import Response

from app.core.http import SESSION_COOKIE, get_settings
from app.core.security import new_token

# Before sign-in: binds the forms and the SMS code to this browser. Says nothing about who it is.
VISIT_COOKIE = "songgang_visit"
# Longer than a session may last (SAFETY: 12 hours at most).
_MAX_AGE_S = 13 * 3600


def session_token(request: Request) -> str | None:
    """The session token the browser came with; it may have ended."""
    return request.cookies.get(SESSION_COOKIE) or None


def browser_token(request: Request) -> str | None:
    """What forms are bound to: the session, else the visit before it; None for a browser without cookies."""
    return session_token(request) or request.cookies.get(VISIT_COOKIE) or None


def visit_token(request: Request) -> str:
    """The visit's token, made up when the browser has none yet (`keep_visit` sends it along)."""
    return request.cookies.get(VISIT_COOKIE) or new_token()


def keep_visit(request: Request, response: Response, token: str) -> None:
    """Sends the visit cookie with a page that has a sign-in form."""
    _set(request, response, VISIT_COOKIE, token)


def keep_session(request: Request, response: Response, token: str) -> None:
    """Signs the browser in: the new session replaces whatever it had, the visit ends."""
    _set(request, response, SESSION_COOKIE, token)
    response.delete_cookie(VISIT_COOKIE)


def forget_session(response: Response) -> None:
    """Signs the browser out."""
    response.delete_cookie(SESSION_COOKIE)
    response.delete_cookie(VISIT_COOKIE)


def is_secure(request: Request) -> bool:
    """Cookies travel over TLS only where the product is served so. A county server on a LAN may not be."""
    return get_settings(request).public_url.startswith("https://")


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_MAX_AGE_S, httponly=True, secure=is_secure(request), samesite="lax"
    )


def client_address(request: Request) -> str:
    """Where the request comes from. Never stored or logged as it is: see `FieldCipher.blind_index`."""
    return request.client.host if request.client else "unknown"
