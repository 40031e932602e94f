"""A boss, a firm and the people around it, for the tests of the employer's pages."""

import re
from dataclasses import dataclass

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.service import grant_role
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.http import SESSION_COOKIE
from app.employers.models import Employer
from tests.employers.factories import verified_employer
from tests.web.portal_family import phone_user

BOSS_PHONE = "13900005511"
CONTACT_PHONE = "13900007788"
PASTED = (
    "急招缝纫工5名，工资3000-4500元/月，包吃住，长白班，在石柱镇老街。坐着干，师傅带一个月。电话13900007788"
)


@dataclass(frozen=True)
class Boss:
    """An account and its session cookie; `firm` None before it registered one."""

    user_id: int
    token: str
    actor: Actor
    firm: Employer | None = None


def boss(
    session: Session,
    clock: FixedClock,
    cipher: FieldCipher,
    *,
    firm: Employer | None = None,
    phone: str = BOSS_PHONE,
) -> Boss:
    user = phone_user(session, clock, cipher, phone)
    grants: tuple[Grant, ...] = ()
    if firm is not None:
        grants = (Grant(Role.EMPLOYER, employer_id=firm.id),)
        grant_role(session, clock, SYSTEM, user.id, grants[0])
    token = sessions.open_session(session, clock, user)
    session.flush()
    return Boss(user.id, token, Actor(user.id, user.display_name, grants), firm)


def with_firm(session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer | None = None) -> Boss:
    firm = firm or verified_employer(
        session, clock, "小丘针织", contact_name="陈厂长", contact_phone=CONTACT_PHONE, address="老街 8 号"
    )
    return boss(session, clock, cipher, firm=firm)


def sign_in(client: TestClient, who: Boss) -> None:
    use_session(client, who.token)


def use_session(client: TestClient, token: str) -> None:
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, token)


def session_given(answer: Response) -> str:
    """The session an answer signs the browser in with."""
    cookies = answer.headers.get_list("set-cookie")
    return next(each.split("=", 1)[1].split(";")[0] for each in cookies if each.startswith(SESSION_COOKIE))


def hidden(page: Response, action: str = "") -> dict[str, str]:
    """The hidden fields of the form sent to `action` (the last one of the page without)."""
    forms = re.findall(r'<form[^>]*?action="([^"?]*)[^"]*"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    body = next(text for address, text in reversed(forms) if not action or address == action)
    return dict(re.findall(r'<input type=hidden name="?([\w]+)"? value="([^"]*)"', body))
