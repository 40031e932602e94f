"""诉求用例: saying what is wrong, seeing how it stands, taking it back; for an officer who writes it down for
somebody too."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC, Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, require
from app.cases import queries, rules
from app.cases.errors import CaseEnded, PlaceNeeded
from app.cases.models import Case
from app.cases.schemas import CaseIn
from app.cases.steps import add_step, change_case
from app.cases.terms import CaseOffice, CaseState, CaseStepKind
from app.core import ratelimit
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.errors import TooMany
from app.core.ids import reserve_ids
from app.core.security import same_text
from app.seekers import sealing

_STORY = "case_story"


@dataclass(frozen=True)
class Said:
    """谁在说: where the form came from. `place_code` is the village or county it is about; `is_on_behalf`: an
    officer writes it down for somebody, not for themselves."""

    form_key: str
    visitor: str
    place_code: str | None
    actor: Actor = PUBLIC
    is_on_behalf: bool = False


def open_case(session: Session, data: CaseIn, said: Said, *, cipher: FieldCipher, clock: Clock) -> Case:
    """Takes what somebody says, or returns the case that this filling-in, or the same words from the same
    phone, made already. An officer writes it down for somebody of their area.

    Raises PlaceNeeded, TooMany, and Forbidden for an officer elsewhere.
    """
    ratelimit.take_turns(session, f"case:form:{said.form_key}")
    story = f"{data.phone}|{data.kind}|{data.story}"
    again = queries.find_by_form(session, said.form_key) or queries.find_said_again(
        session, cipher.blind_indexes(_STORY, story)
    )
    if again is not None:
        return again
    county = queries.county_of(said.place_code) if said.place_code else None
    if said.place_code is None or county is None:
        raise PlaceNeeded
    if said.is_on_behalf:
        require(said.actor, Action.CREATE, Resource.CASE, Target(region_code=said.place_code))
    else:
        _count(session, data, said, cipher, clock.now())
    rule = queries.rule_of(session, data.kind, county)
    now = clock.now()
    (case_id,) = reserve_ids(session, Case, 1)
    name = cipher.seal(data.name, Place("cases", "name", case_id)) if data.name else None
    case = Case(
        id=case_id,
        number=_free_number(session, now),
        kind=data.kind,
        region_code=county if rule.office is CaseOffice.COUNTY else said.place_code,
        place_code=said.place_code,
        name=name,
        phone=cipher.seal(data.phone, Place("cases", "phone", case_id)),
        phone_index=sealing.phone_index(data.phone, cipher),
        story=cipher.seal(data.story, Place("cases", "story", case_id)),
        story_index=cipher.blind_index(_STORY, story),
        may_name=data.may_name and bool(data.name),
        firm_name=data.firm_name,
        owed_fen=data.owed_fen,
        form_key=said.form_key,
        user_id=None if said.is_on_behalf else said.actor.user_id,
        written_by_id=said.actor.user_id if said.is_on_behalf else None,
        due_at=rules.answer_by(now, rule.days),
        limit_source=rule.source,
        created_at=now,
    )
    session.add(case)
    session.flush()
    add_step(session, case, CaseStepKind.RECEIVED, None, cipher=cipher, clock=clock)
    return case


def _free_number(session: Session, now: datetime) -> str:
    """A number nobody has: by chance, so that nobody counts or guesses them in order."""
    while True:
        number = f"{secrets.randbelow(10**rules.NUMBER_DIGITS):0{rules.NUMBER_DIGITS}d}"
        if queries.find_by_number(session, number, datetime.min.replace(tzinfo=now.tzinfo)) is None:
            return number


def _count(session: Session, data: CaseIn, said: Said, cipher: FieldCipher, now: datetime) -> None:
    of_phone = f"case:{sealing.phone_index(data.phone, cipher)}"
    wait_s = ratelimit.hit(session, of_phone, rules.LIMITS_OF_A_PHONE, now) or ratelimit.hit(
        session, f"case:from:{said.visitor}", rules.LIMITS_OF_AN_ADDRESS, now
    )
    if wait_s:
        raise TooMany("今天说得有点多了，歇一会儿再来。急事打 12333。", retry_after_s=wait_s)


def see_receipt(session: Session, case_id: int, clock: Clock) -> Case:
    """The case of a receipt whose signed address was good. Raises CaseNotFound after RECEIPT_LIVES."""
    return queries.get_by_receipt(session, case_id, clock.now() - rules.RECEIPT_LIVES)


def look_up(
    session: Session, number: str, tail: str, visitor: str, *, cipher: FieldCipher, clock: Clock
) -> Case | None:
    """The case of a number, for who knows the last four digits of its phone; None when they do not fit (the
    try is counted, so the caller must let the transaction commit). Raises TooMany."""
    digits = "".join(letter for letter in number if letter.isascii() and letter.isdigit())
    now = clock.now()
    wait_s = ratelimit.hit(session, f"case:look:{visitor}", rules.LIMITS_OF_LOOKING, now)
    if not wait_s and len(digits) == rules.NUMBER_DIGITS:
        wait_s = ratelimit.hit(session, f"case:tail:{digits}", rules.LIMITS_OF_TAILS, now)
    if wait_s:
        raise TooMany("试得太多了，先歇一会儿。着急就打 12333。", retry_after_s=wait_s)
    case = queries.find_by_number(session, digits, now - rules.RECEIPT_LIVES)
    return case if case is not None and _is_tail(case, tail, cipher) else None


def withdraw_case(
    session: Session, case_id: int, tail: str, *, cipher: FieldCipher, clock: Clock
) -> Case | None:
    """The person takes it back, with the last four digits of the phone; None when these are wrong (counted).

    Raises CaseNotFound, CaseEnded, TooMany.
    """
    case = see_receipt(session, case_id, clock)
    wait_s = ratelimit.hit(session, f"case:tail:{case.number}", rules.LIMITS_OF_TAILS, clock.now())
    if wait_s:
        raise TooMany("试得太多了，先歇一会儿。着急就打 12333。", retry_after_s=wait_s)
    if not _is_tail(case, tail, cipher):
        return None
    if case.state not in queries.OPEN:
        raise CaseEnded
    change_case(session, case, state=CaseState.WITHDRAWN, ended_at=clock.now())
    add_step(session, case, CaseStepKind.WITHDRAWN, None, cipher=cipher, clock=clock)
    return case


def _is_tail(case: Case, tail: str, cipher: FieldCipher) -> bool:
    phone = queries.open_text(case, "phone", cipher)
    return bool(phone) and same_text("".join(tail.split()), phone[-rules.TAIL_DIGITS :])
