"""同事名单: who works where, in which role and until when, and the day they last signed in."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.accounts import duty, queries
from app.accounts.actor import Actor, Grant
from app.accounts.models import HealthDuty, RoleGrant
from app.accounts.queries import StaffLine
from app.accounts.rules import may_end
from app.accounts.terms import Role
from app.core.errors import Forbidden
from app.core.http import ReadSession
from app.regions import gazetteer
from app.regions import queries as region_queries
from app.seekers import queries as ledger
from app.seekers.dependencies import StaffDesk
from app.web.csrf import check_csrf
from app.web.staff.colleagues import INSTANT
from app.web.staff.page import console_page
from app.web.staff.views import place_words
from app.web.staff.wording import day_words

router = APIRouter(dependencies=[Depends(check_csrf)], include_in_schema=False)
_PAGE = 30
_MOST_PLACES = 100


@dataclass(frozen=True)
class StaffRow:
    """一位同事: `href` leads to the account where the reader may change it."""

    name: str
    username: str
    phone: str
    roles: tuple[str, ...]
    seen: str
    href: str


@dataclass(frozen=True)
class StaffListView:
    """同事名单."""

    rows: tuple[StaffRow, ...]
    places: tuple[tuple[str, str], ...]
    chosen: str
    name: str
    next: str | None
    is_filtered: bool


@router.get("/staff/colleagues")
def show_colleagues(
    request: Request,
    session: ReadSession,
    desk: StaffDesk,
    place: Annotated[str, Query(alias="in", max_length=12)] = "",
    name: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """The colleagues of one's area, as the table of permissions shows their accounts."""
    actor = desk.actor
    if not queries.may_list_staff(actor):
        raise Forbidden("您的账号看不到同事名单，请找上一级的同事。")
    places = _places(session, actor)
    chosen = place if place in places else ""
    now = desk.clock.now()
    lines, following = queries.list_staff(
        session, actor, now, region_code=chosen or None, name=name, limit=_PAGE, cursor=cursor
    )
    codes = {grant.region_code or "" for line in lines for grant in line.grants}
    villages = ledger.list_village_names(session, codes)
    duties = duty.duties_of(session, [line.user.id for line in lines], now)
    rows = tuple(_row(line, actor, villages, duties.get(line.user.id, []), desk.today) for line in lines)
    view = StaffListView(
        rows, tuple(places.items()), chosen, name.strip(), following, bool(chosen or name.strip())
    )
    return console_page(request, actor, "staff/colleagues.html", view, now="accounts")


def _row(
    line: StaffLine, actor: Actor, villages: dict[str, str], duties: list[HealthDuty], today: date
) -> StaffRow:
    user = line.user
    may_change = user.id != actor.user_id and all(
        may_end(actor, Grant(g.role, g.region_code, g.employer_id, g.is_read_only), of_user_id=user.id)
        for g in line.grants
    )
    seen = f"上次登录 {day_words(line.signed_in_at, today)}" if line.signed_in_at else "还没登录过"
    watch = [f"健康值守，到 {day_words(one.valid_until - INSTANT, today)}为止" for one in duties]
    return StaffRow(
        user.display_name,
        user.username or "",
        user.work_phone or "",
        (*(_role_words(grant, villages, today) for grant in line.grants), *watch),
        seen,
        f"/staff/accounts/{user.id}" if may_change else "",
    )


def _role_words(grant: RoleGrant, villages: dict[str, str], today: date) -> str:
    words = [grant.role.label]
    if grant.region_code:
        words.append(place_words(grant.region_code, villages))
    if grant.is_read_only:
        words.append("只能看")
    until = f"，到 {day_words(grant.valid_until, today)}为止" if grant.valid_until else ""
    return f"{'，'.join(words)}，{day_words(grant.starts_at, today)}起{until}"


def _places(session: ReadSession, actor: Actor) -> dict[str, str]:
    """One's own places and those directly below, for choosing from."""
    found: dict[str, str] = {}
    for grant in actor.grants:
        if grant.region_code is None or grant.role in (Role.SEEKER, Role.EMPLOYER):
            continue
        division = gazetteer.find(grant.region_code)
        found[grant.region_code] = division.name if division else grant.region_code
        below, _ = region_queries.list_children(session, grant.region_code, limit=_MOST_PLACES)
        found |= {region.code: region.name for region in below}
    return found
