"""区划变更的拟、批、办、撤 (SAFETY, "region codes merged or renamed"): two persons, one transaction, nobody
gains.

A change is the affair of the unit above the place: for a village or town the county's, for a county or more
the administrator's (permissions.toml, `region_change`). It takes effect as a background task on its day.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries, region_holding
from app.accounts.actor import Actor, Grant
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may, reading_prefixes, require
from app.accounts.region_holding import Fate, judge
from app.accounts.rules import may_grant
from app.core.clock import OFFICE_ZONE, Clock
from app.core.crypto import FieldCipher
from app.core.errors import AppError, FieldProblem, Forbidden, Invalid
from app.core.tasks import enqueue
from app.regions import changing
from app.regions.change_checks import Draft, Wish, check
from app.regions.change_models import RegionChange
from app.regions.changing import Touched, count_touched, find_trouble, lock_places
from app.regions.errors import RegionChangeInTheWay, RegionChangeNotFound
from app.regions.holders import Moving
from app.regions.terms import RegionChangeKind, RegionChangeState

APPLY: Final = "accounts.apply_region_change"
# Enough for a county to print its papers; beyond, the yearly table comes first.
LONGEST_AHEAD: Final = timedelta(days=366)
TRY_AGAIN_AFTER: Final = timedelta(minutes=10)
_OPEN: Final = (RegionChangeState.PROPOSED, RegionChangeState.PREPARED, RegionChangeState.APPROVED)


@dataclass(frozen=True)
class Preview:
    """试算: what a change would touch. `codes` old -> new; `trouble` stops it for now."""

    draft: Draft
    touched: tuple[Touched, ...]
    fates: tuple[Fate, ...]
    trouble: str | None


def preview(session: Session, actor: Actor, wish: Wish, clock: Clock, *, leaving_out: int = 0) -> Preview:
    """What a change would touch, before anything is written. Raises as `check`, RegionChangeNotFound and
    Forbidden for who may not prepare it."""
    draft = check(session, wish, leaving_out=leaving_out)
    _require(actor, Action.CREATE, draft.manager_code)
    return _preview(session, draft, clock.now())


def preview_of(session: Session, actor: Actor, change: RegionChange, clock: Clock) -> Preview:
    """What an open change would touch. Raises as `check`."""
    _require(actor, Action.READ, change.manager_code)
    return _preview(session, check(session, _wish_of(change), leaving_out=change.id), clock.now())


def _preview(session: Session, draft: Draft, now: datetime) -> Preview:
    trouble = find_trouble(session, _moving(0, draft, now, None, ""))
    return Preview(
        draft,
        tuple(count_touched(session, list(draft.moves), now)),
        tuple(judge(session, draft, now)),
        trouble,
    )


def prepare(
    session: Session,
    actor: Actor,
    wish: Wish,
    *,
    effective_on: date,
    reason: str,
    clock: Clock,
    cipher: FieldCipher,
    proposal_id: int | None = None,
) -> RegionChange:
    """Writes a change down for a second person; `proposal_id` takes up one that the yearly table proposed.

    Raises as `preview`, Invalid for a day in the past or a missing reason.
    """
    _check_day(effective_on, clock.today())
    if len(reason.strip()) < 4:
        raise Invalid(fields=[FieldProblem("reason", "请写明依据，比如批文的名称和文号")])
    draft = check(session, wish)
    _require(actor, Action.CREATE, draft.manager_code)
    change = _proposal(session, actor, proposal_id) if proposal_id is not None else RegionChange()
    change.kind, change.state = draft.kind, RegionChangeState.PREPARED
    change.old_code, change.new_code = draft.old.code, draft.new_code
    change.old_name, change.new_name = draft.old.name, draft.new_name
    change.target_name = draft.target.name if draft.target else ""
    change.manager_code, change.effective_on = draft.manager_code, effective_on
    change.reason = reason.strip()[:200]
    change.prepared_by_id, change.prepared_at = actor.user_id, clock.now()
    session.add(change)
    session.flush()
    _audit(session, actor, Action.CREATE, change, clock, cipher)
    return change


def approve(
    session: Session,
    actor: Actor,
    change_id: int,
    *,
    confirmed: Collection[int] = (),
    clock: Clock,
    cipher: FieldCipher,
) -> RegionChange:
    """The second person's word. `confirmed` are the roles this person widens by name: each must be one they
    may give, and none their own. Plans the task that carries the change out on its day.

    Raises RegionChangeNotFound, Forbidden, RegionChangeInTheWay, and as `check`.
    """
    change = _locked(session, actor, change_id)
    if change.state is not RegionChangeState.PREPARED:
        raise RegionChangeInTheWay("这个变更不在等批的状态，请刷新看看。")
    if actor.user_id is not None and actor.user_id == change.prepared_by_id:
        raise Forbidden("自己拟的变更，要另一位同事来批。")
    _require(actor, Action.DECIDE, change.manager_code, submitted_by=change.prepared_by_id)
    draft = check(session, _wish_of(change), leaving_out=change.id)
    fates = {fate.grant_id: fate for fate in judge(session, draft, clock.now()) if fate.shows_more}
    for grant_id in confirmed:
        if grant_id not in fates or not may_confirm(actor, fates[grant_id]):
            raise Forbidden("有一个角色不归您放宽，请去掉勾再批。")
    change.confirmed_grants = sorted(set(confirmed))
    change.state = RegionChangeState.APPROVED
    change.approved_by_id, change.approved_at = actor.user_id, clock.now()
    due = datetime.combine(change.effective_on, time(), OFFICE_ZONE)
    enqueue(session, APPLY, {"change": change.id}, due_at=max(due, clock.now()))
    _audit(session, actor, Action.DECIDE, change, clock, cipher)
    return change


def may_confirm(actor: Actor, fate: Fate) -> bool:
    """Whether this person may widen the role by name: they may give it there, and it is not their own."""
    return may_grant(actor, Grant(fate.role, fate.new_code), to_user_id=fate.user_id)


def apply_change(
    session: Session, change_id: int, *, clock: Clock, cipher: FieldCipher, actor: Actor
) -> bool:
    """Carries an approved change out, all of it in the caller's transaction; False when it is not to be done
    any more. Raises RegionChangeInTheWay when something stops it for now, and as `check`.
    """
    change = session.get(RegionChange, change_id, with_for_update=True)
    if change is None or change.state is not RegionChangeState.APPROVED:
        return False
    if change.effective_on > clock.today():
        raise RegionChangeInTheWay("还没到生效日。")
    now = clock.now()
    draft = check(session, _wish_of(change), leaving_out=change.id)
    lock_places(session, {*draft.moves, draft.old.code, draft.new_code})
    moving = _moving(change.id, draft, now, change.approved_by_id, _reason_of(change))
    fates = judge(session, draft, now)
    changing.apply(session, change, draft, moving, clock.today())
    region_holding.carry_out(
        session, clock, moving, fates, change.confirmed_grants, change.approved_by_id, now
    )
    region_holding.carry_out_duties(session, moving, draft, now)
    _audit(session, actor, Action.EDIT, change, clock, cipher)
    return True


def undo(
    session: Session, actor: Actor, change_id: int, *, reason: str, clock: Clock, cipher: FieldCipher
) -> RegionChange:
    """Takes a change back, within 7 days and while nothing new hangs on it.

    Raises RegionChangeNotFound, Forbidden, RegionChangeInTheWay with what is in the way.
    """
    change = _locked(session, actor, change_id)
    _require(actor, Action.DECIDE, change.manager_code, submitted_by=change.prepared_by_id)
    now = clock.now()
    changing.check_undo(session, change, now)
    moves = changing.moves_of(session, change.id)
    lock_places(session, {*moves, *moves.values()})
    fresh = [new for new in moves.values() if new != change.new_code or not changing.is_merge_target(change)]
    if region_holding.find_new_role(session, change.id, fresh, now) is not None:
        raise RegionChangeInTheWay("新代码下面已经有新给的角色，先收回，再撤销。")
    back = {new: old for old, new in moves.items()}
    moving = Moving(
        change.id,
        back,
        (change.new_code, change.old_code),
        () if moves and not changing.is_merge_target(change) else (change.new_code,),
        now,
        actor.user_id,
        f"撤销区划变更：{reason.strip() or change.old_name}",
        is_undoing=True,
    )
    changing.undo(session, change, moving)
    region_holding.take_back(session, moving, moves)
    change.ended_by_id = actor.user_id
    _audit(session, actor, Action.WITHDRAW, change, clock, cipher, reason=reason)
    return change


def drop(
    session: Session, actor: Actor, change_id: int, *, clock: Clock, cipher: FieldCipher
) -> RegionChange:
    """Gives up a change that has not taken effect. Raises RegionChangeNotFound, RegionChangeInTheWay."""
    change = _locked(session, actor, change_id)
    _require(actor, Action.CREATE, change.manager_code)
    if change.state not in _OPEN:
        raise RegionChangeInTheWay("已经生效的变更不能这样停，请用撤销。")
    change.state, change.ended_by_id = RegionChangeState.DROPPED, actor.user_id
    _audit(session, actor, Action.WITHDRAW, change, clock, cipher)
    return change


def list_changes(session: Session, actor: Actor, *, limit: int = 100) -> Sequence[RegionChange]:
    """The changes of one's area, open ones first, then the newest. Raises Forbidden for who has none."""
    prefixes = reading_prefixes(actor, Resource.REGION_CHANGE)
    if not prefixes:
        raise Forbidden("区划变更由县里和系统管理员办。")
    rows = session.scalars(select(RegionChange).order_by(RegionChange.id.desc()).limit(1000)).all()
    mine = [row for row in rows if may_see(actor, row)]
    return sorted(mine, key=lambda row: row.state not in _OPEN)[:limit]


def get_change(session: Session, actor: Actor, change_id: int) -> RegionChange:
    """One change of one's area. Raises RegionChangeNotFound."""
    change = session.get(RegionChange, change_id)
    if change is None or not may_see(actor, change):
        raise RegionChangeNotFound
    return change


def may_see(actor: Actor, change: RegionChange) -> bool:
    target = Target(region_code=change.manager_code)
    return may(actor, Action.READ, Resource.REGION_CHANGE, target) is not None


def may_prepare(actor: Actor) -> bool:
    """Whether the colleague may prepare changes anywhere."""
    return bool(reading_prefixes(actor, Resource.REGION_CHANGE, Action.CREATE))


def may_decide(actor: Actor, change: RegionChange) -> bool:
    """Whether the colleague may approve or undo this change: not the one who prepared it."""
    return may(actor, Action.DECIDE, Resource.REGION_CHANGE, _target(change)) is not None


def name_people(session: Session, changes: Collection[RegionChange]) -> dict[int, str]:
    """What the colleagues who prepared and approved are called, by id."""
    ids = {who for row in changes for who in (row.prepared_by_id, row.approved_by_id, row.ended_by_id) if who}
    return {who: user.display_name for who in ids if (user := queries.find_user(session, who)) is not None}


def _target(change: RegionChange) -> Target:
    by = frozenset({change.prepared_by_id} if change.prepared_by_id is not None else ())
    return Target(region_code=change.manager_code, submitted_by_ids=by)


def _require(
    actor: Actor, action: Action, manager_code: str | None, *, submitted_by: int | None = None
) -> None:
    by = frozenset({submitted_by} if submitted_by is not None else ())
    target = Target(region_code=manager_code, submitted_by_ids=by)
    require(actor, action, Resource.REGION_CHANGE, target, missing=RegionChangeNotFound)


def _locked(session: Session, actor: Actor, change_id: int) -> RegionChange:
    change = session.get(RegionChange, change_id, with_for_update=True, populate_existing=True)
    if change is None or not may_see(actor, change):
        raise RegionChangeNotFound
    return change


def _proposal(session: Session, actor: Actor, change_id: int) -> RegionChange:
    change = _locked(session, actor, change_id)
    if change.state is not RegionChangeState.PROPOSED:
        raise RegionChangeInTheWay("这条已经有人接手了，请刷新看看。")
    return change


def _wish_of(change: RegionChange) -> Wish:
    new_code = "" if change.kind is RegionChangeKind.RENAME else change.new_code
    return Wish(change.kind, change.old_code, new_code, change.new_name)


def _reason_of(change: RegionChange) -> str:
    return f"区划变更：{change.reason}"


def _moving(change_id: int, draft: Draft, at: datetime, actor_id: int | None, reason: str) -> Moving:
    renamed = draft.target is not None or not draft.moves or draft.new_name != draft.old.name
    return Moving(
        change_id,
        draft.moves,
        (draft.old.code, *([draft.target.code] if draft.target else [])),
        (draft.new_code,) if renamed else (),
        at,
        actor_id,
        reason,
    )


def _check_day(day: date, today: date) -> None:
    if day < today:
        raise Invalid(fields=[FieldProblem("effective_on", "生效日不能早于今天")])
    if day > today + LONGEST_AHEAD:
        raise Invalid(fields=[FieldProblem("effective_on", "生效日最远填到一年以后")])


def _audit(
    session: Session,
    actor: Actor,
    action: Action,
    change: RegionChange,
    clock: Clock,
    cipher: FieldCipher,
    reason: str = "",
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        action,
        Resource.REGION_CHANGE,
        subject_id=change.id,
        region_code=change.manager_code,
        reason=reason,
        detail={"old": change.old_code, "new": change.new_code, "kind": change.kind.value},
    )


def note_trouble(session: Session, change_id: int, error: AppError, clock: Clock) -> None:
    """A change that could not take effect says why, and is tried again; what people must put right waits."""
    change = session.get_one(RegionChange, change_id, with_for_update=True)
    change.trouble = error.title[:200]
    enqueue(session, APPLY, {"change": change_id}, due_at=clock.now() + TRY_AGAIN_AFTER)
