"""信上的码: one code for each person a letter is printed for, and what they answered.

A letter is a campaign of messages on paper (DOMAIN A3, E5): who may send that many messages may print that
many letters. The code says nothing about the person; whoever holds the paper may answer, and nothing about
the person is shown to them. Scans are counted for the whole print run, never for one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may, reading_prefixes, require
from app.codes.errors import CodeNotFound, LetterOver
from app.codes.models import IssuedCode
from app.codes.terms import CodeKind, LetterAnswer
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Conflict

# Our own figure: a season, after which the sender would write again.
LETTER_LIVES: Final = timedelta(days=90)


@dataclass(frozen=True)
class Addressee:
    """收信人: whom a letter is printed for, of the people the caller may see."""

    person_id: int
    region_code: str


def find_letter_permission(actor: Actor, region_code: str) -> Permission | None:
    """What lets `actor` print letters to people of a place; None when nothing does."""
    return may(actor, Action.CREATE, Resource.CAMPAIGN, Target(region_code=region_code))


def issue_letters(
    session: Session,
    actor: Actor,
    region_code: str,
    title: str,
    people: Sequence[Addressee],
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> tuple[IssuedCode, dict[int, IssuedCode]]:
    """Gives out a campaign and one code for each person of it, by person id. The log names the print run, and
    each person sees in theirs that their address was taken out.

    Raises CodeNotFound, Forbidden, Conflict (nobody to write to, or more than the role may).
    """
    target = Target(region_code=region_code)
    permission = require(actor, Action.CREATE, Resource.CAMPAIGN, target, missing=CodeNotFound)
    if not people:
        raise Conflict("这个地方眼下没有登记想找活的人，不用印。")
    if missing := permission.unmet(people=len(people), actor_id=actor.user_id):
        raise Conflict(missing)
    now, until = clock.now(), clock.today() + LETTER_LIVES
    shared = {
        "title": title,
        "valid_until": until,
        "created_by_id": actor.user_id,
        "created_at": now,
    }
    campaign = IssuedCode(kind=CodeKind.CAMPAIGN, region_code=region_code, **shared)
    session.add(campaign)
    session.flush()
    letters = {
        person.person_id: IssuedCode(
            kind=CodeKind.LETTER,
            region_code=person.region_code,
            campaign_id=campaign.id,
            person_id=person.person_id,
            **shared,
        )
        for person in people
    }
    session.add_all(letters.values())
    session.flush()
    detail = {"row": campaign.id, "letters": len(letters)}
    record_audit(
        session, cipher, clock, actor, Action.CREATE, Resource.CAMPAIGN,
        region_code=region_code, permission=permission, detail=detail,
    )  # fmt: skip
    for person in people:
        card = may(actor, Action.READ, Resource.SEEKER_CARD, Target(region_code=person.region_code))
        record_audit(
            session, cipher, clock, actor, Action.EXPORT, Resource.SEEKER_CARD,
            subject_id=person.person_id, region_code=person.region_code, permission=card,
            reason=title, detail={"row": campaign.id},
        )  # fmt: skip
    return campaign, letters


def answer_letter(session: Session, letter_id: int, answer: LetterAnswer, clock: Clock) -> IssuedCode:
    """What the person said; the last word counts. Raises CodeNotFound, LetterOver."""
    row = session.get(IssuedCode, letter_id, with_for_update=True)
    if row is None or row.kind is not CodeKind.LETTER:
        raise CodeNotFound
    if row.valid_until is not None and row.valid_until < clock.today():
        raise LetterOver
    row.answer, row.answered_at = answer, clock.now()
    return row


def list_answers(session: Session, actor: Actor, campaign_id: int) -> Sequence[IssuedCode]:
    """The letters of a print run to people `actor` may see, answered ones first."""
    return session.scalars(
        select(IssuedCode)
        .where(IssuedCode.campaign_id == campaign_id, _people_in_reach(actor))
        .order_by(IssuedCode.answered_at.is_(None), IssuedCode.answered_at.desc(), IssuedCode.id)
    ).all()


def list_asking_for_calls(session: Session, actor: Actor, *, limit: int) -> Sequence[IssuedCode]:
    """Letters answered with "call me", newest first, of people `actor` may see."""
    return session.scalars(
        select(IssuedCode)
        .where(IssuedCode.answer == LetterAnswer.CALL_ME, _people_in_reach(actor))
        .order_by(IssuedCode.answered_at.desc(), IssuedCode.id)
        .limit(limit)
    ).all()


def _people_in_reach(actor: Actor) -> ColumnElement[bool]:
    prefixes = reading_prefixes(actor, Resource.SEEKER_CARD)
    return or_(*(IssuedCode.region_code.startswith(prefix, autoescape=True) for prefix in prefixes), false())
