"""区划变更页的内容: a change, what it touches, and whose roles it would widen, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.accounts import region_changes
from app.accounts.actor import Actor
from app.accounts.region_changes import Preview
from app.accounts.region_holding import Fate
from app.core.clock import Clock
from app.core.errors import AppError
from app.core.http import ReadSession
from app.regions import queries as region_queries
from app.regions.change_models import RegionChange
from app.regions.change_rules import UNDO_WITHIN
from app.regions.terms import RegionChangeKind, RegionChangeState
from app.web.staff.views import place_words
from app.web.staff.wording import day_words

KINDS = tuple((kind.value, kind.label) for kind in RegionChangeKind)
_OPEN = (RegionChangeState.PROPOSED, RegionChangeState.PREPARED, RegionChangeState.APPROVED)


@dataclass(frozen=True)
class ChangeLine:
    """列表里的一条."""

    href: str
    title: str
    words: str
    state: str
    is_open: bool


@dataclass(frozen=True)
class Typed:
    """填的内容: what stands in the form."""

    kind: str = "merge"
    old: str = ""
    new: str = ""
    name: str = ""
    on: str = ""
    reason: str = ""
    proposal: str = ""


@dataclass(frozen=True)
class ListView:
    """区划变更: the list, and the form for a new one."""

    lines: tuple[ChangeLine, ...]
    kinds: tuple[tuple[str, str], ...]
    typed: Typed
    may_prepare: bool
    problem: str = ""


@dataclass(frozen=True)
class RoleLine:
    """一个角色的去向. `may_widen`: this reader may tick it."""

    id: int
    name: str
    words: str
    may_widen: bool


@dataclass(frozen=True)
class Touches:
    """试算结果: counts, codes that change, roles that would show more and roles that just go along."""

    title: str
    counts: tuple[str, ...]
    codes: tuple[tuple[str, str], ...]
    more_codes: int
    widened: tuple[RoleLine, ...]
    along: tuple[str, ...]
    posters: str
    trouble: str


@dataclass(frozen=True)
class PreviewView:
    """试算页."""

    typed: Typed
    touches: Touches
    day: str


@dataclass(frozen=True)
class ChangeView:
    """一个变更. `touches` of one that has not taken effect; None when it could not any more (`problem`)."""

    id: int
    title: str
    state: str
    facts: tuple[tuple[str, str], ...]
    touches: Touches | None
    may_approve: bool
    may_drop: bool
    may_undo: bool
    adopt_href: str
    own: bool
    problem: str = ""


def list_view(session: ReadSession, actor: Actor, today: date, typed: Typed, problem: str = "") -> ListView:
    """Open changes first."""
    changes = region_changes.list_changes(session, actor)
    lines = tuple(
        ChangeLine(
            f"/staff/regions/{one.id}",
            title_of(one),
            f"{day_words(one.effective_on, today)}起，{one.reason}",
            one.state.label,
            one.state in _OPEN,
        )
        for one in changes
    )
    return ListView(lines, KINDS, typed, region_changes.may_prepare(actor), problem)


def title_of(change: RegionChange) -> str:
    """柳树塬村并入北塬村."""
    return _title(change.kind, change.old_name, change.new_name, change.new_code, change.target_name)


def _title(kind: RegionChangeKind, old: str, name: str, code: str, target: str) -> str:
    named = "" if name == old else f"，改叫{name}"
    if kind is RegionChangeKind.RENAME:
        return f"{old}改名为{name}"
    if kind is RegionChangeKind.NEW_CODE:
        return f"{old}换代码为 {code}{named}"
    if kind is RegionChangeKind.TRANSFER:
        return f"{old}划转，新代码 {code}{named}"
    called = "" if name == target else f"，合起来叫{name}"
    return f"{old}并入{target or '（还没定并到哪里）'}{called}"


def touches(session: ReadSession, actor: Actor, preview: Preview) -> Touches:
    """A preview in words."""
    draft = preview.draft
    target = draft.target.name if draft.target else ""
    names = {code for fate in preview.fates for code in (fate.old_code, fate.new_code) if len(code) == 12}
    villages = {
        code: region.name
        for code in names
        if (region := region_queries.find_region(session, code)) is not None
    }
    codes = list(draft.moves.items())
    posters = (
        f"海报和二维码上的老代码 {draft.old.code} 照样能用，扫了会到{draft.new_name}。"
        if draft.moves
        else "代码不变，海报和二维码不用换，页面上的名字会变。"
    )
    return Touches(
        _title(draft.kind, draft.old.name, draft.new_name, draft.new_code, target),
        tuple(f"{one.label} {one.count:,}" for one in preview.touched),
        tuple(codes[:30]),
        max(0, len(codes) - 30),
        tuple(_role(actor, fate, villages) for fate in preview.fates if fate.shows_more),
        tuple(
            f"{fate.user_name}（{fate.role.label}）跟着到 {fate.new_code}"
            for fate in preview.fates
            if not fate.shows_more
        ),
        posters,
        preview.trouble or "",
    )


def _role(actor: Actor, fate: Fate, villages: dict[str, str]) -> RoleLine:
    place = place_words(fate.old_code, villages)
    return RoleLine(
        fate.grant_id, fate.user_name, f"{fate.role.label}，{place}", region_changes.may_confirm(actor, fate)
    )


def change_view(
    session: ReadSession, actor: Actor, change: RegionChange, clock: Clock, problem: str = ""
) -> ChangeView:
    """One change, with what this reader may do about it."""
    found: Touches | None = None
    if change.state in (RegionChangeState.PREPARED, RegionChangeState.APPROVED):
        try:
            preview = region_changes.preview_of(session, actor, change, clock)
            found = touches(session, actor, preview)
        except AppError as error:
            problem = problem or error.title
    decides = region_changes.may_decide(actor, change)
    prepares = region_changes.may_prepare(actor)
    applied = change.state is RegionChangeState.APPLIED and change.applied_at is not None
    fresh = applied and change.applied_at is not None and clock.now() - change.applied_at <= UNDO_WITHIN
    proposed = change.state is RegionChangeState.PROPOSED
    return ChangeView(
        change.id,
        title_of(change),
        change.state.label,
        _facts(change, region_changes.name_people(session, [change]), clock.today()),
        found,
        may_approve=change.state is RegionChangeState.PREPARED and decides,
        may_drop=change.state in _OPEN and prepares,
        may_undo=bool(fresh) and decides,
        adopt_href=_adopt_href(change) if proposed and prepares else "",
        own=change.state is RegionChangeState.PREPARED and change.prepared_by_id == actor.user_id,
        problem=problem or change.trouble,
    )


def _facts(change: RegionChange, names: dict[int, str], today: date) -> tuple[tuple[str, str], ...]:
    def who(user_id: int | None) -> str:
        return names.get(user_id or 0, "系统")

    facts = [
        ("原代码", change.old_code),
        ("新代码", change.new_code or "还没定"),
        ("生效日", day_words(change.effective_on, today)),
        ("依据", change.reason),
        ("拟的人", f"{who(change.prepared_by_id)}，{day_words(change.prepared_at, today)}"),
    ]
    if change.approved_at is not None:
        facts.append(("批的人", f"{who(change.approved_by_id)}，{day_words(change.approved_at, today)}"))
    if change.applied_at is not None:
        facts.append(("生效", day_words(change.applied_at, today)))
    if change.undone_at is not None:
        facts.append(("撤销", f"{who(change.ended_by_id)}，{day_words(change.undone_at, today)}"))
    return tuple(facts)


def _adopt_href(change: RegionChange) -> str:
    filled = f"kind={change.kind.value}&old={change.old_code}&new={change.new_code}"
    return f"/staff/regions?{filled}&proposal={change.id}"


def typed_of(items: Sequence[tuple[str, str]]) -> Typed:
    """What a link or a form filled in; unknown names are left out."""
    known = set(Typed.__dataclass_fields__)
    return Typed(**{name: value.strip()[:200] for name, value in items if name in known})
