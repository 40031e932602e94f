"""单位页面的外框: the firm's name on top, four tabs at the foot, never kept by the browser."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Cookie, Depends, Query, Request, Response

from app.accounts.actor import Actor
from app.accounts.dependencies import CurrentCipher, SignedInActor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import NotFound
from app.core.http import CurrentClock, CurrentSettings, ReadSession, get_settings
from app.core.settings import Settings
from app.employers.membership import list_firms
from app.employers.models import Employer
from app.web import sessions
from app.web.csrf import page_csrf_token
from app.web.reader import read_reader
from app.web.rendering import page_response, render

# What a page says after a form was sent and all went well: ?done=<key>.
DONE = {
    "registered": "登记好了。",
    "sent": "交上去了。人社局看过就上，一般半天。",
    "saved": "改好了。",
    "review": "改好了。改了要紧的地方，人社局再看一眼就上。",
    "confirm": "记下了：还在招。",
    "pause": "先停了，想招的时候点“接着招”。",
    "resume": "又放出去了。",
    "close": "关掉了，不招了。",
    "submit": "交上去了。人社局看过就上，一般半天。",
    "answered": "记下了，马上告诉本人。",
    "noticed": "报上去了。人社局帮着配，对得上的来找你。",
    "notice_closed": "撤下来了。",
    "agreed": "记下了：你们同意。两家都点了头就算说定。",
    "stated": "报上去了。人社局看得到，到时候帮着找人。",
    "drafted": "写好了，存成草稿。看一眼，没错就交上去。",
    "withdrawn": "记下了：不要人了。",
    "paper": "交上去了。人社局看过，这里有回话。",
    "invited": "请好了，短信马上发给他。",
    "cancelled": "收回了，那个邀请不算数了。",
    "removed": "收回了，他马上进不来了。",
    "declined": "记下了：不去。",
    "joined": "进来了，一起招人吧。",
    "asked": "交上去了。那家单位点头，或者人社局看过，就算数。",
    "mandated": "同意了，它现在能用你们的名字发岗位。",
    "mandate_ended": "停了，马上生效。",
    "rolled": "点名记下了。本人点一下，或村里看一眼，就算到岗。",
}


# Which of several firms is in front; it opens nothing by itself.
_FIRM_COOKIE: Final = "songgang_firm"


class NoFirm(NotFound):
    """The account belongs to no firm yet."""

    code, title = "no_firm", "您还没有登记单位。"


@dataclass(frozen=True)
class Desk:
    """单位的办事台: who asks, the firm they named, the keys and the time. It holds no session of its own."""

    actor: Actor
    cipher: FieldCipher
    clock: Clock
    settings: Settings
    asked: int = 0

    def find_firm(self, session: ReadSession) -> Employer | None:
        """The firm in front: the one asked for (`?firm=`, now or on an earlier page), else the first of the
        own ones; None without any. An agency may have a firm in front that it acts for."""
        firms = list_firms(session, self.actor)
        return next((each for each in firms if each.id == self.asked), firms[0] if firms else None)

    def get_own_firm(self, session: ReadSession) -> Employer:
        """As `get_firm`, never one the account only acts for: papers and colleagues are a firm's own. Raises
        NoFirm."""
        own = [each for each in list_firms(session, self.actor) if each.id in self.actor.employer_ids]
        if not own:
            raise NoFirm
        return next((each for each in own if each.id == self.asked), own[0])

    def get_firm(self, session: ReadSession) -> Employer:
        """As `find_firm`. Raises NoFirm."""
        firm = self.find_firm(session)
        if firm is None:
            raise NoFirm
        return firm


def get_desk(
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    firm: Annotated[int, Query(ge=0)] = 0,
    before: Annotated[str, Cookie(alias=_FIRM_COOKIE, max_length=20)] = "",
) -> Desk:
    last = int(before) if before.isascii() and before.isdigit() else 0
    return Desk(actor, cipher, clock, settings, firm or last)


FirmDesk = Annotated[Desk, Depends(get_desk)]


@dataclass(frozen=True)
class Frame:
    """页面外框: `csrf` for the forms of a page of somebody signed in."""

    firm: str
    csrf: str
    tab: str = ""
    done: str = ""


def employer_page(
    request: Request,
    template: str,
    view: Any,
    *,
    firm: Employer | None = None,
    tab: str = "",
    status: int = 200,
) -> Response:
    """Renders a page. `no-store`: the next user of this phone must not page back to it."""
    token = page_csrf_token(get_settings(request), sessions.browser_token(request) or "")
    done = DONE.get(request.query_params.get("done", ""), "") if status == 200 else ""
    frame = Frame(firm.name if firm is not None else "招人", token, tab, done)
    reader = read_reader(request)
    html = render(f"employer/{template}", reader, view=view, frame=frame)
    response = page_response(request, html, reader, status=status, secure=sessions.is_secure(request))
    response.headers["Cache-Control"] = "no-store"
    if firm is not None and request.query_params.get("firm") == str(firm.id):
        response.set_cookie(
            _FIRM_COOKIE, str(firm.id), httponly=True, secure=sessions.is_secure(request), samesite="lax"
        )
    return response
