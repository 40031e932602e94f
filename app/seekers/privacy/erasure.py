"""删除: a person asks to be erased (PIPL art. 47). Erased at once, or sealed while the law makes the office
keep the record, and erased when that time is over.

Not touched: entries of the audit log (who did what to which id; its reasons hold no numbers of a person), the
person's own account, and answers kept up to three days for repeated requests.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission
from app.accounts.second_person import queries as confirmations
from app.accounts.second_person import service as second_person
from app.accounts.second_person.errors import NotWaiting
from app.accounts.second_person.models import Confirmation
from app.accounts.second_person.terms import ConfirmationKind
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Invalid
from app.notifications.outbox import forget_recipient
from app.seekers import queries, sealing
from app.seekers.access.ties import tie_of
from app.seekers.history import record_change
from app.seekers.id_numbers import IdNumberProblem, read_id_number
from app.seekers.models import Household, Person
from app.seekers.privacy import holds, policies
from app.seekers.privacy.erased_index import add_erased, digest_of_number, welcome_back
from app.seekers.privacy.erasure_log import ErasureLine, append_lines, digest_of_record, read_lines
from app.seekers.privacy.models import Erasure, LegalHold
from app.seekers.privacy.schemas import ErasureIn, ReturnIn
from app.seekers.privacy.scrubbing import erase_household, erase_person, people_merged_into
from app.seekers.privacy.terms import ConsentMethod, ErasureOutcome, HoldReason
from app.seekers.queries import is_kept
from app.seekers.terms import ChangeKind

log = structlog.get_logger()
_BATCH: Final = 200
Forget = Callable[[Session, Person, str | None, FieldCipher], None]
_FOLLOWERS: Final[list[Forget]] = []


def follow_erasure(forget: Forget) -> None:
    """A domain above this one forgets what it holds of a person (who has this phone, or none) before their
    values go; its module is imported in `app.tasks`."""
    if forget not in _FOLLOWERS:
        _FOLLOWERS.append(forget)


@dataclass(frozen=True)
class Reapplied:
    """补做结果: after a restore, people erased and sealed again; `refused` lines were cut or not ours."""

    erased: int = 0
    sealed: int = 0
    refused: int = 0


def request_erasure(
    session: Session, actor: Actor, person_id: int, data: ErasureIn, *, cipher: FieldCipher, clock: Clock
) -> Confirmation:
    """Writes down that a person asked to be erased; another colleague carries it out (`carry_out_erasure`).

    The first of the two is the officer who heard the person, or the person asking by their own account.
    Raises PersonNotFound, Forbidden, Invalid (no reason), AskedBefore.
    """
    person = queries.get_person(session, actor, person_id, to_change=True)
    policies.require_requesting_erasure(actor, person, tie_of(session, actor, person.id).owner_user_id)
    return second_person.ask(
        session,
        cipher,
        clock,
        actor,
        ConfirmationKind.ERASURE,
        region_code=person.region_code,
        people=1,
        reason=data.reason,
        subject_id=person.id,
        detail={"method": data.method.value},
    )


def find_request(session: Session, person_id: int, clock: Clock) -> Confirmation | None:
    """The request about a person that waits for the second colleague; the caller asks for the permission."""
    return confirmations.find_waiting(session, ConfirmationKind.ERASURE, person_id, clock.now())


def refuse_erasure(
    session: Session, actor: Actor, person_id: int, reason: str, *, cipher: FieldCipher, clock: Clock
) -> Confirmation:
    """The second colleague says no and why (the person did not mean it, it is another person). Raises as
    `carry_out_erasure`, Invalid without a reason."""
    person = queries.get_person(session, actor, person_id, to_change=True)
    policies.require_erasing(actor, person)
    asked = _get_request(session, person.id, clock)
    return second_person.refuse(session, cipher, clock, actor, asked.id, reason)


def carry_out_erasure(
    session: Session,
    actor: Actor,
    person_id: int,
    *,
    cipher: FieldCipher,
    clock: Clock,
    list_path: Path,
) -> Erasure:
    """The second colleague carries out what was asked. The record is sealed while a legal hold runs, else
    erased; either way it is gone from every list, search and export when this transaction commits.

    `list_path`: see erasure_log.path_of. Raises PersonNotFound, Forbidden, OwnRequest (who wrote the request
    down does not carry it out), NotWaiting (nobody asked, or it ran out), OSError (the list outside the
    database could not be written: nothing was done).
    """
    person = queries.get_person(session, actor, person_id, to_change=True)
    permission = policies.require_erasing(actor, person)
    asked = _get_request(session, person.id, clock)
    second_person.carry_out(session, cipher, clock, actor, asked.id)
    records = [person, *people_merged_into(session, person.id)]
    running = holds.running_holds(session, [record.id for record in records], clock.today())
    method = ConsentMethod(asked.detail["method"])
    erasure = _hide(session, actor, person, method, running, cipher, clock, asked_by_id=asked.asked_by_id)
    _audit(session, actor, person, erasure, cipher, clock, permission, asked.reason)
    if running:
        append_lines(list_path, [_line("sealed", person, cipher, clock, running)], cipher)
    else:
        _erase(session, records, erasure, cipher, clock, list_path)
    return erasure


def erase_due(session: Session, *, cipher: FieldCipher, clock: Clock, list_path: Path) -> int:
    """Erases sealed records that need not be kept any more, at most a batch. Returns how many."""
    today = clock.today()
    waiting = session.scalars(
        select(Erasure)
        .where(
            Erasure.outcome == ErasureOutcome.SEALED,
            or_(Erasure.due_on.is_(None), Erasure.due_on < today),
            ~exists().where(LegalHold.person_id == Erasure.person_id, holds.is_running(today)),
        )
        .order_by(Erasure.person_id)
        .limit(_BATCH)
        .with_for_update()
    ).all()
    done = 0
    for erasure in waiting:
        person = session.get_one(Person, erasure.person_id, with_for_update=True)
        records = [person, *people_merged_into(session, person.id)]
        if holds.running_holds(session, [record.id for record in records], today):
            continue
        _erase(session, records, erasure, cipher, clock, list_path)
        done += 1
    return done


def reapply_erasures(session: Session, *, cipher: FieldCipher, clock: Clock, list_path: Path) -> Reapplied:
    """At every start: erases and seals again whom a restored backup brought back, by the list outside the
    database. Does nothing when nobody came back."""
    counts = {"erased": 0, "sealed": 0, "refused": 0}
    last: dict[int, ErasureLine] = {}
    listed: dict[str, ErasureLine] = {}
    for line in read_lines(list_path, cipher):
        if line is None:
            counts["refused"] += 1
            continue
        if line.person_id is not None:
            last[line.person_id] = line
        if line.number is not None:
            listed[line.number] = line
    for digest, line in listed.items():
        if line.kind == "erased":
            add_erased(session, digest, line.key, clock.now())
    ids = sorted(last)
    for begin in range(0, len(ids), _BATCH):
        part = ids[begin : begin + _BATCH]
        brought = session.scalars(select(Person).where(Person.id.in_(part)).with_for_update()).all()
        for person in brought:
            kind = _reapply(session, person, last[person.id], cipher, clock, list_path)
            if kind is not None:
                counts[kind] += 1
    if any(counts.values()):
        log.warning("erasures_reapplied", **counts)
    return Reapplied(**counts)


def allow_return(
    session: Session, actor: Actor, data: ReturnIn, *, cipher: FieldCipher, clock: Clock, list_path: Path
) -> None:
    """Somebody who had been erased agreed anew to be in the ledger: takes the ID number off the list of
    erased people, here and outside; then they can be registered. Raises Forbidden, Invalid."""
    number = _read_number(data.id_number, clock)
    permission = policies.require_welcoming_back(actor, data.region_code)
    welcome_back(session, number, cipher)
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.CREATE,
        Resource.SEEKER_CARD,
        region_code=data.region_code,
        permission=permission,
        detail={"erasure": "back", "method": data.method.value},
    )
    lines = [
        ErasureLine(
            "back",
            clock.now().isoformat(),
            cipher.key_version,
            number=digest_of_number(number, version),
        )
        for version in cipher.versions
    ]
    append_lines(list_path, lines, cipher)


def _get_request(session: Session, person_id: int, clock: Clock) -> Confirmation:
    asked = find_request(session, person_id, clock)
    if asked is None:
        raise NotWaiting("还没有人提过要删这个人的资料，或者提得太久过期了。要删，请先由一位同事提出来。")
    return asked


def _read_number(text: str, clock: Clock) -> str:
    try:
        return read_id_number(text, clock.today()).number
    except IdNumberProblem as problem:
        raise Invalid(fields=[FieldProblem("id_number", problem.message)]) from None


def _hide(
    session: Session,
    actor: Actor,
    person: Person,
    method: ConsentMethod,
    running: Sequence[LegalHold],
    cipher: FieldCipher,
    clock: Clock,
    *,
    asked_by_id: int | None = None,
) -> Erasure:
    """Out of every list: the person, and the household where nobody else is left."""
    record_change(session, actor, person, {}, {}, kind=ChangeKind.ERASED, cipher=cipher, clock=clock)
    now = clock.now()
    person.erased_at = now
    session.flush()
    if not _is_lived_in(session, person.household_id):
        household = session.get_one(Household, person.household_id)
        record_change(session, actor, household, {}, {}, kind=ChangeKind.ERASED, cipher=cipher, clock=clock)
        household.erased_at = now
    erasure = session.get(Erasure, person.id) or Erasure(person_id=person.id)
    erasure.outcome = ErasureOutcome.SEALED
    erasure.method = method
    erasure.requested_at = now
    erasure.requested_by_id = asked_by_id
    erasure.carried_out_by_id = actor.user_id
    erasure.due_on = holds.end_of(running) if running else None
    session.add(erasure)
    session.flush()
    return erasure


def _erase(
    session: Session,
    records: Sequence[Person],
    erasure: Erasure,
    cipher: FieldCipher,
    clock: Clock,
    list_path: Path,
) -> None:
    """The values go. The list outside the database is written first of all that can't be undone."""
    now = clock.now()
    lines = [_line("erased", record, cipher, clock) for record in records]
    for record in records:
        number = sealing.open_id_number(record, cipher)
        if number is not None:
            add_erased(session, digest_of_number(number, cipher), cipher.key_version, now)
        record.erased_at = record.erased_at or now
        phone = sealing.open_phone(record, cipher)
        forget_recipient(session, clock, cipher, recipient=phone, recipient_key=f"person:{record.id}")
        for forget in _FOLLOWERS:
            forget(session, record, phone, cipher)
        erase_person(session, record, cipher)
    for household_id in {record.household_id for record in records}:
        household = session.get_one(Household, household_id)
        if household.erased_at is not None:
            erase_household(session, household)
    erasure.outcome = ErasureOutcome.ERASED
    erasure.erased_at = now
    session.flush()
    append_lines(list_path, lines, cipher)


def _reapply(
    session: Session,
    person: Person,
    line: ErasureLine,
    cipher: FieldCipher,
    clock: Clock,
    list_path: Path,
) -> str | None:
    """What was done again for a line about this id: "erased", "sealed", or nothing."""
    made_with = next((v for v in cipher.versions if v.key_version == line.key), None)
    if made_with is None or digest_of_record(person, made_with) != line.record:
        return None
    known = session.get(Erasure, person.id)
    if known is not None and known.outcome is ErasureOutcome.ERASED:
        return None
    if line.kind == "sealed" and known is not None:
        return None
    records = [person, *people_merged_into(session, person.id)]
    if line.kind == "sealed" and not holds.running_holds(session, [r.id for r in records], clock.today()):
        for reason, until in line.holds:
            end = date.fromisoformat(until) if until else None
            holds.keep_record(session, person.id, HoldReason(reason or ""), end, clock)
    running = holds.running_holds(session, [r.id for r in records], clock.today())
    if known is None and person.erased_at is None:
        known = _hide(session, SYSTEM, person, ConsentMethod.PAPER, running, cipher, clock)
    elif known is None:
        # A duplicate that was erased along with the record it had been merged into.
        return None
    if line.kind == "erased":
        _erase(session, records, known, cipher, clock, list_path)
    return line.kind


def _line(
    kind: str, person: Person, cipher: FieldCipher, clock: Clock, running: Sequence[LegalHold] = ()
) -> ErasureLine:
    number = sealing.open_id_number(person, cipher)
    end = holds.end_of(running) if running else None
    return ErasureLine(
        "sealed" if kind == "sealed" else "erased",
        clock.now().isoformat(),
        cipher.key_version,
        person_id=person.id,
        record=digest_of_record(person, cipher),
        number=digest_of_number(number, cipher) if number is not None else None,
        due_on=end.isoformat() if end else None,
        holds=[[hold.reason.value, hold.until_on.isoformat() if hold.until_on else None] for hold in running],
    )


def _is_lived_in(session: Session, household_id: int) -> bool:
    kept = select(Person.id).where(Person.household_id == household_id, is_kept(Person)).limit(1)
    return session.scalar(kept) is not None


def _audit(
    session: Session,
    actor: Actor,
    person: Person,
    erasure: Erasure,
    cipher: FieldCipher,
    clock: Clock,
    permission: Permission,
    reason: str,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        Action.EDIT,
        Resource.SEEKER_CARD,
        subject_id=person.id,
        region_code=person.region_code,
        permission=permission,
        reason=reason,
        detail={"erasure": "done", "method": erasure.method.value},
    )
