"""角色随区划走: what becomes of roles and duties when a region's code changes. Nobody gains access by it.

A role follows its place where it shows nobody new: after a new code, or a merge into a place with nothing
in it. Where it would show more people than before (the officer of A after A went into B, the officer of B,
the town that is given another village), it goes on only if the approver widened it by name; else it ends
when the change takes effect. Undoing brings back what ended.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, insert, or_, select
from sqlalchemy.orm import Session

from app.accounts import events, sessions
from app.accounts.models import HealthDuty, RoleGrant, User
from app.accounts.terms import AccountEventKind, Role
from app.core.clock import Clock
from app.regions import holders
from app.regions.change_checks import Draft
from app.regions.change_models import RegionHolding
from app.regions.change_rules import DIGITS
from app.regions.changing import occupied
from app.regions.holders import Holder, Moving
from app.regions.models import Region

_MOVED: Final = "role_grants.region_code"
_ENDED: Final = "role_grants.ended_at"
_DUTY_ENDED: Final = "health_duties.ended_at"

holders.hold(
    Holder(RoleGrant.region_code, follows=True, holds_records=False),
    Holder(HealthDuty.region_code, follows=True, holds_records=False),
)


@dataclass(frozen=True)
class Fate:
    """角色去向: a role the change touches. `shows_more`: it would show people it did not show before."""

    grant_id: int
    user_id: int
    user_name: str
    role: Role
    old_code: str
    new_code: str
    shows_more: bool


@dataclass(frozen=True)
class _Area:
    """A place as it is before and after the change."""

    before: str
    after: str


def judge(session: Session, draft: Draft, at: datetime) -> list[Fate]:
    """What becomes of every role that the change touches, in the order of places and people."""
    if not draft.moves:
        return []
    areas = [_Area(old, new) for old, new in draft.moves.items()]
    if draft.target is not None:
        prefix = draft.target.code[: DIGITS[draft.target.level]]
        inside = session.scalars(select(Region.code).where(Region.code.startswith(prefix))).all()
        areas += [_Area(code, code) for code in occupied(session, inside, at)]
    levels = dict(
        session.execute(select(Region.code, Region.level).where(Region.code.in_(_wider(draft)))).all()
    )
    held = _living_grants(session, [*draft.moves, *levels], at)
    names = {grant.id: name for grant, name in held}
    found: list[Fate] = []
    width = DIGITS[draft.old.level]
    by_user: dict[int, list[RoleGrant]] = {}
    for grant, _ in held:
        by_user.setdefault(grant.user_id, []).append(grant)

    def prefix_of(code: str) -> str:
        if code in levels:
            return code[: DIGITS[levels[code]]]
        return code[:width] if len(code) == 6 else code

    for grant, _ in held:
        code = grant.region_code or ""
        new = draft.moves.get(code, code)
        gained = [
            area
            for area in areas
            if area.after.startswith(prefix_of(new)) and not area.before.startswith(prefix_of(code))
        ]
        others = [one for one in by_user[grant.user_id] if one is not grant and _as_good(one, grant)]
        more = [
            area
            for area in gained
            if not any(area.before.startswith(prefix_of(one.region_code or "")) for one in others)
        ]
        if new != code or more:
            found.append(Fate(grant.id, grant.user_id, names[grant.id], grant.role, code, new, bool(more)))
    return sorted(found, key=lambda fate: (fate.new_code, fate.role.value, fate.user_name, fate.grant_id))


def _wider(draft: Draft) -> set[str]:
    """All codes of places around the old and the new place, and the places themselves."""
    found: set[str] = set()
    for code in (draft.old.code, draft.new_code):
        found |= {code, code[:9], code[:6], f"{code[:4]}00", f"{code[:2]}0000"}
    return found


def _living_grants(session: Session, codes: Collection[str], at: datetime) -> Sequence[tuple[RoleGrant, str]]:
    users = select(RoleGrant.user_id).where(RoleGrant.region_code.in_(codes), _is_living(at))
    rows = session.execute(
        select(RoleGrant, User.display_name)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.user_id.in_(users), RoleGrant.region_code.is_not(None), _is_living(at))
        .order_by(RoleGrant.id)
    ).all()
    wanted = set(codes)
    held = [(row[0], row[1]) for row in rows]
    return [pair for pair in held if pair[0].region_code in wanted]


def _is_living(at: datetime) -> ColumnElement[bool]:
    return and_(
        RoleGrant.ended_at.is_(None), or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > at)
    )


def _as_good(one: RoleGrant, grant: RoleGrant) -> bool:
    """Whether `one` lets the same person do at least as much, for at least as long."""
    lasts = one.valid_until is None or (
        grant.valid_until is not None and grant.valid_until <= one.valid_until
    )
    return (
        one.role is grant.role
        and one.employer_id == grant.employer_id
        and (grant.is_read_only or not one.is_read_only)
        and one.starts_at <= grant.starts_at
        and lasts
    )


def carry_out(
    session: Session,
    clock: Clock,
    moving: Moving,
    fates: Sequence[Fate],
    confirmed: Collection[int],
    approver_id: int | None,
    at: datetime,
) -> None:
    """Moves, widens or ends the roles as judged before anything moved; `confirmed` were widened by name."""
    for fate in fates:
        grant = session.get_one(RoleGrant, fate.grant_id, with_for_update=True)
        name = f"{fate.role.value} {fate.new_code}"
        if fate.shows_more and fate.grant_id not in confirmed:
            grant.ended_at = at
            _note(session, moving, _ENDED, fate.grant_id, fate.old_code, fate.new_code)
            sessions.end_sessions_of(session, clock, fate.user_id)
            events.record(
                session, clock, AccountEventKind.ROLE_ENDED, user_id=fate.user_id, by=approver_id, detail=name
            )
            continue
        if fate.new_code != fate.old_code:
            grant.region_code = fate.new_code
            _note(session, moving, _MOVED, fate.grant_id, fate.old_code, fate.new_code)
        if fate.shows_more:
            events.record(
                session,
                clock,
                AccountEventKind.ROLE_GRANTED,
                user_id=fate.user_id,
                by=approver_id,
                detail=name,
            )
    session.flush()


def carry_out_duties(session: Session, moving: Moving, draft: Draft, at: datetime) -> None:
    """A duty to read health facts follows a new code; where places come together it ends, to be given
    anew.
    """
    joined = draft.target is not None
    codes = [*draft.moves, *([draft.target.code] if draft.target else [])]
    duties = session.scalars(
        select(HealthDuty).where(
            HealthDuty.region_code.in_(codes), HealthDuty.ended_at.is_(None), HealthDuty.valid_until > at
        )
    ).all()
    for duty in duties:
        new = draft.moves.get(duty.region_code, duty.region_code)
        if joined:
            duty.ended_at = at
            _note(session, moving, _DUTY_ENDED, duty.id, duty.region_code, new)
        else:
            _note(session, moving, "health_duties.region_code", duty.id, duty.region_code, new)
            duty.region_code = new
    session.flush()


def _note(session: Session, moving: Moving, holder: str, record_id: int, old: str, new: str) -> None:
    session.execute(
        insert(RegionHolding).values(
            change_id=moving.change_id, holder=holder, record_id=record_id, old_code=old, new_code=new
        )
    )


def take_back(session: Session, moving: Moving, moves: Mapping[str, str]) -> None:
    """Undoing: roles and duties that moved go back, what the change ended is in force again."""
    rows = session.execute(
        select(
            RegionHolding.holder, RegionHolding.record_id, RegionHolding.old_code, RegionHolding.new_code
        ).where(
            RegionHolding.change_id == moving.change_id,
            RegionHolding.holder.like("role_grants.%") | RegionHolding.holder.like("health_duties.%"),
        )
    ).all()
    for holder, record_id, old, new in rows:
        record: RoleGrant | HealthDuty
        if holder.startswith("role_grants"):
            record = session.get_one(RoleGrant, record_id, with_for_update=True)
        else:
            record = session.get_one(HealthDuty, record_id, with_for_update=True)
        if holder in (_ENDED, _DUTY_ENDED):
            record.ended_at = None
        elif record.ended_at is None and record.region_code == new:
            record.region_code = old
    session.flush()


def find_new_role(session: Session, change_id: int, codes: Collection[str], at: datetime) -> int | None:
    """A role given at one of the codes since the change."""
    moved = select(RegionHolding.record_id).where(
        RegionHolding.change_id == change_id, RegionHolding.holder == _MOVED
    )
    statement = select(RoleGrant.id).where(
        RoleGrant.region_code.in_(codes), _is_living(at), RoleGrant.id.not_in(moved)
    )
    return session.scalar(statement.limit(1))
