"""办诉求: what officers do with a case: take it, answer, ask the firm, pass it on, close it, read the phone.

Each step needs the right to work on the case (policies); whoever a case is about finds none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries as account_queries
from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, require
from app.cases import policies, queries, telling
from app.cases.errors import CaseEnded, CaseInOtherHands, CaseNotFound
from app.cases.models import Case, CaseLimit, CaseSubject
from app.cases.schemas import AnswerIn, CloseIn, LimitIn
from app.cases.steps import add_step, change_case
from app.cases.terms import CaseState, CaseStepKind
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Forbidden, Invalid
from app.employers.models import Employer
from app.regions import queries as region_queries

_ANSWERS: Final = frozenset({CaseStepKind.ANSWERED, CaseStepKind.CLOSED})


@dataclass(frozen=True)
class Hand:
    """办的人: who acts, with the keys, the time and the portal's address, which messages lead to."""

    actor: Actor
    cipher: FieldCipher
    clock: Clock
    site: str


def _get_workable(session: Session, hand: Hand, case_id: int) -> tuple[Case, Permission]:
    """An open case the colleague may work on, in nobody else's hands. Raises CaseNotFound, Forbidden,
    CaseEnded, CaseInOtherHands."""
    case = queries.get_case(session, hand.actor, case_id)
    about = queries.list_subjects(session, case.id)
    right = policies.find_right_to_work(hand.actor, case, about)
    if right is None:
        raise Forbidden("看得到，办不了：这件事由镇里、县里来办。")
    if case.state not in queries.OPEN:
        raise CaseEnded
    if case.handler_id not in (None, hand.actor.user_id) and not policies.may_take_over(
        hand.actor, case, about
    ):
        raise CaseInOtherHands
    return case, right


def _note(session: Session, hand: Hand, case: Case, right: Permission, kind: CaseStepKind) -> None:
    record_audit(
        session,
        hand.cipher,
        hand.clock,
        hand.actor,
        right.action,
        Resource.CASE,
        region_code=case.region_code,
        permission=right,
        detail={"case": case.id, "step": kind.value},
    )


def _step(
    session: Session,
    hand: Hand,
    case: Case,
    right: Permission,
    kind: CaseStepKind,
    *,
    note: str = "",
    is_told: bool = False,
    to_code: str | None = None,
    changes: Mapping[str, Any] = MappingProxyType({}),
) -> Case:
    """Changes the case, notes the step and the audit entry, and tells the person of an answer."""
    if changes:
        change_case(session, case, **changes)
    step = add_step(
        session,
        case,
        kind,
        hand.actor,
        cipher=hand.cipher,
        clock=hand.clock,
        note=note,
        is_told=is_told,
        to_code=to_code,
    )
    _note(session, hand, case, right, kind)
    if kind in _ANSWERS:
        telling.tell_of_answer(
            session, case, step, hand.actor, site=hand.site, cipher=hand.cipher, clock=hand.clock
        )
    return case


def take_case(session: Session, hand: Hand, case_id: int) -> Case:
    """我来办: from now on it is in the colleague's hands; taken twice, it is taken once. Raises as above."""
    case, right = _get_workable(session, hand, case_id)
    if case.handler_id == hand.actor.user_id:
        return case
    values = {"state": CaseState.IN_HAND, "handler_id": hand.actor.user_id}
    return _step(session, hand, case, right, CaseStepKind.TAKEN, changes=values)


def answer_case(session: Session, hand: Hand, case_id: int, data: AnswerIn) -> Case:
    """回话: the person is told by message and reads it beside their number; the first answer meets the
    deadline."""
    case, right = _get_workable(session, hand, case_id)
    values = {
        "state": CaseState.IN_HAND,
        "handler_id": hand.actor.user_id,
        "answered_at": case.answered_at or hand.clock.now(),
    }
    return _step(
        session, hand, case, right, CaseStepKind.ANSWERED, note=data.words, is_told=True, changes=values
    )


def ask_firm(session: Session, hand: Hand, case_id: int, employer_id: int, data: AnswerIn) -> Case:
    """问单位: the firm reads the officer's question and nothing of what the person wrote; never a phone.

    Raises Invalid for a firm that is not in the register or for which the colleague acts.
    """
    case, right = _get_workable(session, hand, case_id)
    if session.get(Employer, employer_id) is None:
        raise Invalid("先点一家单位。没有的话，请县里先把它登记上。")
    if employer_id in policies.firms_of(hand.actor):
        raise Forbidden("这家单位您自己在管，请另一位同事来问。")
    values = {
        "state": CaseState.IN_HAND,
        "handler_id": hand.actor.user_id,
        "employer_id": employer_id,
        "firm_asked_at": hand.clock.now(),
        "firm_answered_at": None,
    }
    return _step(session, hand, case, right, CaseStepKind.FIRM_ASKED, note=data.words, changes=values)


def pass_case_on(session: Session, hand: Hand, case_id: int, to_code: str, data: AnswerIn) -> Case:
    """转办: to the county or one of its towns and villages; nobody has it in hand then, the day stays.

    Raises Invalid for a place outside the county.
    """
    case, right = _get_workable(session, hand, case_id)
    county = queries.county_of(case.region_code)
    region = region_queries.find_region(session, to_code)
    if region is None or county is None or queries.county_of(to_code) != county:
        raise Invalid("只能转给本县或本县的镇和村。别的县，请本人打那边的 12333。")
    if to_code == case.region_code:
        raise Invalid("这件事就在这里，不用转。")
    values = {"state": CaseState.WAITING, "handler_id": None, "region_code": to_code}
    return _step(
        session,
        hand,
        case,
        right,
        CaseStepKind.PASSED_ON,
        note=data.words,
        is_told=True,
        to_code=to_code,
        changes=values,
    )


def close_case(session: Session, hand: Hand, case_id: int, data: CloseIn) -> Case:
    """办结 with a result and words the person reads. Raises Forbidden where the county closes it."""
    case, right = _get_workable(session, hand, case_id)
    about = queries.list_subjects(session, case.id)
    rule = queries.rule_of(session, case.kind, case.region_code[:6])
    if not policies.may_close(hand.actor, case, about, rule):
        raise Forbidden("这类事由县里办结。请先回话，再转给县里。")
    now = hand.clock.now()
    values = {
        "state": CaseState.CLOSED,
        "handler_id": hand.actor.user_id,
        "close_reason": data.reason,
        "ended_at": now,
        "answered_at": case.answered_at or now,
    }
    return _step(
        session, hand, case, right, CaseStepKind.CLOSED, note=data.words, is_told=True, changes=values
    )


def name_subject(session: Session, hand: Hand, case_id: int, username: str) -> Case:
    """写明说的是谁: the colleague it is about neither sees nor handles it from then on; where it was in their
    hands, it waits for another. Raises Invalid for an unknown account."""
    case, right = _get_workable(session, hand, case_id)
    colleague = account_queries.find_staff(session, username.strip().casefold())
    if colleague is None:
        raise Invalid("没有这个账号。请写同事登录用的账号名。")
    if colleague.id not in queries.list_subjects(session, case.id):
        session.add(CaseSubject(case_id=case.id, user_id=colleague.id))
        session.flush()
        values: dict[str, Any] = {}
        if case.handler_id == colleague.id:
            values = {"state": CaseState.WAITING, "handler_id": None}
        _step(session, hand, case, right, CaseStepKind.NAMED, changes=values)
    return case


def read_phone(session: Session, hand: Hand, case_id: int) -> str:
    """The number to call, for who works on it; that it was read is written down. Raises CaseNotFound,
    Forbidden."""
    case = queries.get_case(session, hand.actor, case_id)
    about = queries.list_subjects(session, case.id)
    if policies.find_right_to_work(hand.actor, case, about) is None:
        raise Forbidden
    target = Target(region_code=case.region_code)
    permission = require(hand.actor, Action.READ, Resource.PHONE, target, missing=CaseNotFound)
    if permission.is_masked:
        raise Forbidden
    record_audit(
        session,
        hand.cipher,
        hand.clock,
        hand.actor,
        Action.READ,
        Resource.PHONE,
        region_code=case.region_code,
        permission=permission,
        detail={"case": case.id},
    )
    return queries.open_text(case, "phone", hand.cipher)


def answer_as_firm(session: Session, hand: Hand, case_id: int, data: AnswerIn) -> Case:
    """单位答复: what the firm says to the office's question. The person does not read it: the office tells
    them what comes of it. Raises CaseNotFound, CaseEnded."""
    case = session.get(Case, case_id)
    if case is None or not policies.may_read_as_firm(hand.actor, case):
        raise CaseNotFound
    if case.state not in queries.OPEN:
        raise CaseEnded
    change_case(session, case, firm_answered_at=hand.clock.now())
    add_step(
        session,
        case,
        CaseStepKind.FIRM_ANSWERED,
        None,
        cipher=hand.cipher,
        clock=hand.clock,
        note=data.words,
    )
    return case


def set_limit(session: Session, hand: Hand, county_code: str, data: LimitIn) -> CaseLimit:
    """A county's own days for a kind, with where they come from; cases that are open keep their day. Raises
    CaseNotFound (not the colleague's county)."""
    if not policies.may_set_limits(hand.actor, county_code):
        raise CaseNotFound
    row = session.scalar(
        select(CaseLimit).where(CaseLimit.region_code == county_code, CaseLimit.kind == data.kind)
    )
    if row is None:
        row = CaseLimit(region_code=county_code, kind=data.kind)
        session.add(row)
    row.days, row.source = data.days, data.source
    row.set_by_id, row.set_at = hand.actor.user_id, hand.clock.now()
    session.flush()
    return row
