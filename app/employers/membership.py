"""单位的人: whoever signed in by phone registers a firm or a farm and becomes its first member."""

from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries as account_queries
from app.accounts import sessions
from app.accounts.actor import Actor
from app.accounts.models import User
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.errors import FieldProblem, Forbidden, Invalid
from app.employers import queries, rules, sealing, service
from app.employers.errors import EmployerBarred
from app.employers.models import Employer
from app.employers.schemas import EmployerIn
from app.employers.terms import EmployerKind

KINDS_WITH_CODE: Final = frozenset(
    {
        EmployerKind.ENTERPRISE,
        EmployerKind.PARK,
        EmployerKind.COOPERATIVE,
        EmployerKind.PROJECT,
        EmployerKind.AGENCY,
        EmployerKind.PUBLIC_WELFARE,
    }
)
"""Kinds that are always entered in a register and so have a credit code; for a family farm, a workshop or an
individual the village can vouch (issue 6, registration)."""


def register_own_firm(
    session: Session, actor: Actor, data: EmployerIn, *, cipher: FieldCipher, clock: Clock
) -> tuple[Employer, str]:
    """Registers the firm of somebody who signed in by phone. Returns it, waiting for an office's look, and
    the token of the new session: the account has a new role, so the old session ended.

    Raises Forbidden (staff registers in the console), Invalid (no credit code where the kind needs one, no
    such place), EmployerExists, EmployerBarred.
    """
    if actor.user_id is None or actor.is_staff:
        raise Forbidden("工作人员请在工作台登记单位。")
    check_code_given(data)
    user = account_queries.find_user(session, actor.user_id)
    if user is None:
        raise Forbidden
    if _is_barred(session, user, data, cipher):
        raise EmployerBarred
    employer = service.register_employer(session, actor, data, clock, cipher=cipher)
    return employer, renew_session(session, user, clock)


def check_code_given(data: EmployerIn) -> None:
    """Raises Invalid where a firm that is always entered in a register comes without its code."""
    if data.kind in KINDS_WITH_CODE and not data.credit_code:
        words = "这种单位要填统一社会信用代码，营业执照上有，18 位。"
        raise Invalid(words, fields=[FieldProblem("credit_code", words)])


def renew_session(session: Session, user: User, clock: Clock) -> str:
    """A session for the account in the place of those that ended; its token."""
    return sessions.open_session(session, clock, user)


def own_phone(session: Session, actor: Actor, cipher: FieldCipher) -> str:
    """The number the account signs in with, for its own eyes; empty where there is none."""
    user = account_queries.find_user(session, actor.user_id) if actor.user_id is not None else None
    return _phone_of(user, cipher) if user is not None else ""


def list_firms(session: Session, actor: Actor) -> list[Employer]:
    """The firms the account is a member of, the first registered first, then those it acts for by mandate."""
    ids = queries.firms_of(actor)
    firms = queries.list_employers_by_id(session, ids) if ids else {}
    own = [firms[employer_id] for employer_id in sorted(firms) if employer_id in actor.employer_ids]
    return own + [
        firms[employer_id] for employer_id in sorted(firms) if employer_id not in actor.employer_ids
    ]


def _is_barred(session: Session, user: User, data: EmployerIn, cipher: FieldCipher) -> bool:
    """A barred firm does not come back through its account or the phone that account signs in with; the code,
    the name and the contact phone are looked at by `register_employer`."""
    bar = queries.find_bar(
        session,
        name_key=rules.name_key(data.name),
        county=data.region_code[:6],
        phone_indexes=sealing.phone_indexes(_phone_of(user, cipher), cipher),
        credit_code=data.credit_code or None,
        user_id=user.id,
    )
    return bar is not None


def _phone_of(user: User, cipher: FieldCipher) -> str:
    return cipher.open(user.phone, Place("users", "phone", user.id)) if user.phone else ""
