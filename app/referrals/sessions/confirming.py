"""会上定了就发: pairs become referrals, each through every guard of an offer; who is skipped is told why."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Forbidden, Stale
from app.referrals import offering
from app.referrals.sessions import policies, queries
from app.referrals.sessions.errors import SessionStepNotAllowed
from app.referrals.sessions.models import SessionPair
from app.referrals.sessions.terms import PairKind, SessionState

MOST_AT_ONCE: Final = offering.MOST_AT_ONCE


@dataclass(frozen=True)
class Sent:
    """发出去了: how many pairs became referrals, to how many people, and how many were skipped."""

    pairs: int
    people: int
    skipped: int


def confirm_pairs(
    session: Session,
    actor: Actor,
    session_id: int,
    pair_ids: Collection[int] | None = None,
    *,
    version: int | None,
    cipher: FieldCipher,
    clock: Clock,
) -> Sent:
    """Makes referrals of the pairs (None: of all) of the actor's own people that were not sent yet: those set
    by hand first, then the others as they fit. Sent before, nothing happens.

    Raises SessionNotFound, Forbidden, SessionStepNotAllowed (not opened, or over), Stale (the pairs are
    others than were seen).
    """
    row = queries.get_session(session, actor, session_id, to_change=True)
    if not policies.may_send(actor, row.region_code):
        raise Forbidden("推岗位由带人来的镇里、村里来发，县里看着就行。")
    if row.state is not SessionState.RUNNING:
        raise SessionStepNotAllowed("还没开会，或者已经散会了。开着会才能发。")
    if version is not None and version != row.version:
        raise Stale("会上刚刚有人改过，先看一眼新的，再发。")
    own = {
        person.id
        for person in queries.list_brought(session, actor, row.id)
        if policies.may_send_to(actor, person.region_code)
    }
    chosen = None if pair_ids is None else set(pair_ids)
    pairs = [
        pair
        for pair in queries.list_pairs(session, row.id, people=own)
        if pair.kind is not PairKind.FORBIDDEN
        and pair.referral_id is None
        and (chosen is None or pair.id in chosen)
    ]
    pairs.sort(key=lambda pair: (pair.kind is not PairKind.PINNED, not pair.goes_first, pair.id))
    return _send(session, actor, pairs, cipher, clock)


def _send(
    session: Session,
    actor: Actor,
    pairs: list[SessionPair],
    cipher: FieldCipher,
    clock: Clock,
) -> Sent:
    done = offering.push_pairs(
        session, actor, [(pair.person_id, pair.job_id) for pair in pairs], cipher=cipher, clock=clock
    )
    for pair in pairs:
        key = (pair.person_id, pair.job_id)
        pair.settled_at = clock.now()
        if key in done.referrals:
            pair.referral_id = done.referrals[key]
            pair.skipped_gate = pair.skipped_why = ""
        else:
            skipped = done.skipped[key]
            pair.skipped_gate, pair.skipped_why = skipped.gate[:32], skipped.why[:200]
    session.flush()
    people = {person_id for person_id, _ in done.referrals}
    return Sent(len(done.referrals), len(people), len(done.skipped))
