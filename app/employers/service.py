"""登记与核验单位: registering a firm, deciding about it, and taking many in at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor, Grant
from app.accounts.service import grant_role
from app.accounts.terms import Role
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Forbidden, Invalid, Stale
from app.core.ids import reserve_ids
from app.employers import barring, policies, queries, rules, sealing
from app.employers.changes import note_change
from app.employers.errors import EmployerBarred, EmployerExists, EmployerMoveNotAllowed
from app.employers.models import Employer, EmployerEvent
from app.employers.schemas import EmployerIn
from app.employers.team import mandates
from app.employers.terms import EmployerAction, EmployerState
from app.regions import queries as region_queries

BATCH = 500


@dataclass(frozen=True)
class EmployerDraft:
    """待存单位: one firm of an import or of the demo data. `content_key` is worked out where left out;
    `office_code` is the office that keeps the record, the firm's own region where left out."""

    data: EmployerIn
    content_key: str | None = None
    office_code: str | None = None


@dataclass
class SavedEmployers:
    """存入结果: created + updated + unchanged = drafts; `ids` by draft, in their order."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    ids: list[int] = field(default_factory=list)


def register_employer(
    session: Session, actor: Actor, data: EmployerIn, clock: Clock, *, cipher: FieldCipher | None = None
) -> Employer:
    """Registers a firm; it waits for an office's look (`pending`). Its registrar becomes a member of it and
    signs in anew. `cipher`: see sealing.keys_or.

    Raises Forbidden, Invalid (unknown region), EmployerExists (credit code known), EmployerBarred.
    """
    if not policies.may_register_employer(actor):
        raise Forbidden
    region_queries.hold_living(session, [data.region_code])
    check_region(session, data.region_code)
    values, phone, keys = _values_of(data), data.contact_phone or "", sealing.keys_or(cipher)
    barred = queries.find_bar(
        session,
        name_key=values["name_key"],
        county=data.region_code[:6],
        phone_indexes=sealing.phone_indexes(phone, keys),
        credit_code=values["credit_code"],
    )
    if barred is not None or (not actor.is_staff and barring.is_barred_account(session, actor.user_id)):
        raise EmployerBarred
    if data.credit_code and queries.find_employer_by_credit_code(session, data.credit_code):
        raise EmployerExists(fields=[FieldProblem("credit_code", "这个代码已经登记过了")])
    now = clock.now()
    employer = Employer(
        **values,
        office_code=office_of(actor, data.region_code),
        state=EmployerState.PENDING,
        registered_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(employer)
    session.flush()
    employer.contact_phone = sealing.seal_contact(employer.id, phone, keys)
    _record(session, employer.id, EmployerAction.REGISTER, None, employer.state, actor, "", now)
    if actor.user_id is not None and not actor.is_staff:
        # Who registers a firm from outside belongs to it; staff registers for others.
        grant = Grant(Role.EMPLOYER, employer_id=employer.id)
        grant_role(session, clock, SYSTEM, actor.user_id, grant)
    return employer


def act_on_employer(
    session: Session,
    actor: Actor,
    employer_id: int,
    action: EmployerAction,
    clock: Clock,
    *,
    reason: str = "",
    version: int | None = None,
    cipher: FieldCipher | None = None,
) -> Employer:
    """Verifies, rejects, bars or unbars a firm; its postings appear or vanish with it at once.

    Raises EmployerNotFound, Forbidden, EmployerMoveNotAllowed (409), Stale (`version` is not the present
    one), Invalid (a reason is needed).
    """
    employer = queries.get_visible_employer(session, actor, employer_id)
    if not policies.may_act_on_employer(actor, employer, action):
        raise Forbidden("这一步要由管这个单位的人社部门来办，不能自己给自己办。")
    if version is not None and version != employer.version:
        raise Stale
    target = rules.next_state(employer.state, action)
    if target is None:
        raise EmployerMoveNotAllowed
    if action in rules.NEEDS_REASON and not reason:
        raise Invalid("请写清楚原因。", fields=[FieldProblem("reason", "这一项要填")])
    if action is EmployerAction.BAR:
        barring.enter(session, employer, actor, reason, clock, sealing.keys_or(cipher))
        mandates.end_all_of(session, employer.id, "单位被禁止发布", clock)
    elif action is EmployerAction.UNBAR:
        barring.lift(session, employer.id, clock)
    move_employer(session, employer, action, target, actor, reason, clock)
    return employer


def move_employer(
    session: Session,
    employer: Employer,
    action: EmployerAction,
    target: EmployerState,
    actor: Actor,
    reason: str,
    clock: Clock,
) -> None:
    """One step of a registration whose right was asked for already: state, event, and the caches' log.

    Raises EmployerMoveNotAllowed where somebody was quicker.
    """
    before, now = employer.state, clock.now()
    _move(session, employer, target, clock)
    _record(session, employer.id, action, before, target, actor, reason, now)
    note_change(session, employer_id=employer.id)
    session.refresh(employer)


def _move(session: Session, employer: Employer, target: EmployerState, clock: Clock) -> None:
    moved = session.scalar(
        update(Employer)
        .where(
            Employer.id == employer.id,
            Employer.state == employer.state,
            Employer.version == employer.version,
        )
        .values(
            state=target,
            verified_on=clock.today() if target is EmployerState.VERIFIED else employer.verified_on,
            updated_at=clock.now(),
            version=Employer.version + 1,
        )
        .returning(Employer.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise EmployerMoveNotAllowed


def save_employers(
    session: Session,
    drafts: Sequence[EmployerDraft],
    clock: Clock,
    *,
    actor: Actor = SYSTEM,
    verified: bool = True,
    cipher: FieldCipher | None = None,
) -> SavedEmployers:
    """Takes in many firms at once, the same ones again without a trace; known by credit code, else by name
    and county (`rules.content_key`). New ones count as checked by the importing office when `verified`.

    The state of a firm that is known already, and its contact where the draft has none, stay as they are.
    Of drafts with the same key the first counts. Barred firms come in as `barred`. Raises Invalid for an
    unknown region.
    """
    result, keys = SavedEmployers(), sealing.keys_or(cipher)
    for start in range(0, len(drafts), BATCH):
        _save_batch(session, drafts[start : start + BATCH], clock, actor, verified, keys, result)
    return result


def _save_batch(
    session: Session,
    drafts: Sequence[EmployerDraft],
    clock: Clock,
    actor: Actor,
    verified: bool,
    cipher: FieldCipher,
    result: SavedEmployers,
) -> None:
    now = clock.now()
    region_queries.hold_living(session, {draft.data.region_code for draft in drafts})
    keys = [
        draft.content_key
        or rules.content_key(draft.data.name, draft.data.region_code, draft.data.credit_code)
        for draft in drafts
    ]
    known = queries.find_employers_by_key(session, keys)
    codes = [draft.data.credit_code for draft in drafts if draft.data.credit_code]
    by_code = queries.find_employers_by_credit_codes(session, codes)
    bars = queries.list_bars_in_force(session)
    new: dict[str, dict[str, Any]] = {}
    changes: list[dict[str, Any]] = []
    seen: dict[str, Employer | None] = {}
    for key, draft in zip(keys, drafts, strict=True):
        if key in seen:
            result.unchanged += 1
            continue
        check_region(session, draft.data.region_code)
        employer = known.get(key) or by_code.get(draft.data.credit_code or "")
        seen[key] = employer
        values = _values_of(draft.data)
        if employer is None:
            state = EmployerState.VERIFIED if verified else EmployerState.PENDING
            phones = sealing.phone_indexes(draft.data.contact_phone or "", cipher)
            if bars.fits(values["name_key"], values["region_code"][:6], phones, values["credit_code"]):
                state = EmployerState.BARRED
            new[key] = values | {
                "contact_phone": draft.data.contact_phone or "",
                "content_key": key,
                "office_code": draft.office_code or draft.data.region_code,
                "state": state,
                "verified_on": clock.today() if state is EmployerState.VERIFIED else None,
                "registered_by_id": actor.user_id,
                "created_at": now,
                "updated_at": now,
                "version": 1,
            }
            result.created += 1
        elif change := _difference(employer, values, draft.data.contact_phone or "", cipher):
            changes.append({"id": employer.id, "updated_at": now, "version": employer.version + 1} | change)
            result.updated += 1
        else:
            result.unchanged += 1
    created = _insert(session, list(new.values()), actor, now, cipher)
    for change in changes:
        session.execute(update(Employer).where(Employer.id == change.pop("id")).values(change))
    if new or changes:
        note_change(session)
    ids = {key: row.id for key, row in seen.items() if row is not None}
    result.ids.extend((ids | dict(zip(new, created, strict=True)))[key] for key in keys)


def _insert(
    session: Session, rows: list[dict[str, Any]], actor: Actor, now: datetime, cipher: FieldCipher
) -> list[int]:
    """The ids come first: what is sealed is bound to its row."""
    if not rows:
        return []
    ids = list(reserve_ids(session, Employer, len(rows)))
    for employer_id, row in zip(ids, rows, strict=True):
        row["id"] = employer_id
        row["contact_phone"] = sealing.seal_contact(employer_id, row["contact_phone"], cipher)
    session.execute(insert(Employer), rows)
    session.execute(
        insert(EmployerEvent),
        [
            {
                "employer_id": employer_id,
                "action": EmployerAction.REGISTER,
                "from_state": None,
                "to_state": row["state"].value,
                "actor_id": actor.user_id,
                "reason": "",
                "at": now,
            }
            for employer_id, row in zip(ids, rows, strict=True)
        ],
    )
    return ids


def _values_of(data: EmployerIn) -> dict[str, Any]:
    return {
        "name": data.name,
        "kind": data.kind,
        "region_code": data.region_code,
        "address": data.address,
        "credit_code": data.credit_code or None,
        "contact_name": data.contact_name or "",
        "name_key": rules.name_key(data.name),
    }


def _difference(
    employer: Employer, values: dict[str, Any], phone: str, cipher: FieldCipher
) -> dict[str, Any]:
    """What a draft changes. An empty cell of a spreadsheet says nothing, so it takes nothing away."""
    change = {
        column: value
        for column, value in values.items()
        if value not in (None, "") and getattr(employer, column) != value
    }
    if phone and sealing.open_contact(employer, cipher) != phone:
        change["contact_phone"] = sealing.seal_contact(employer.id, phone, cipher)
    return change


def _record(
    session: Session,
    employer_id: int,
    action: EmployerAction,
    before: EmployerState | None,
    after: EmployerState,
    actor: Actor,
    reason: str,
    now: datetime,
) -> None:
    session.add(
        EmployerEvent(
            employer_id=employer_id,
            action=action,
            from_state=before.value if before else None,
            to_state=after.value,
            actor_id=actor.user_id,
            reason=reason,
            at=now,
        )
    )


def check_region(session: Session, code: str) -> None:
    """Raises Invalid where there is no such place, or it is no longer offered."""
    region = region_queries.find_region(session, code)
    if region is None or region.retired_on is not None:
        raise Invalid(fields=[FieldProblem("region_code", "没有这个地区，请重新选")])


def office_of(actor: Actor, region_code: str) -> str:
    """The office that keeps a new record about `region_code`: the place's own where the officer works there
    or a member of the public writes, else the officer's (work outside the county is theirs to look after)."""
    if not actor.is_officer or actor.manages(region_code):
        return region_code
    return max(actor.officer_regions(), key=lambda code: (-len(code), code))
