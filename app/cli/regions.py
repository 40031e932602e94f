"""`songgang regions`: region changes on the server itself. As on the page, one colleague prepares and another
approves; `--by` names them by account."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer
from sqlalchemy.orm import Session

import app.tasks  # noqa: F401 - whoever holds region codes is registered there
from app.accounts import queries, region_changes
from app.accounts.actor import SYSTEM, Actor
from app.accounts.region_changes import Preview
from app.cli.parts import opened_database, out, said_plainly
from app.core.clock import Clock, SystemClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import NotFound
from app.core.settings import Settings
from app.regions.change_checks import Wish
from app.regions.change_models import RegionChange
from app.regions.terms import RegionChangeKind

commands = typer.Typer(no_args_is_help=True, help="区划变更：改名、换代码、并入、划转。")
By = Annotated[str, typer.Option("--by", help="办的人的账号名")]
Kind = Annotated[RegionChangeKind, typer.Argument(help="rename new_code merge transfer")]
Old = Annotated[str, typer.Argument(help="现在的代码")]
New = Annotated[str, typer.Argument(help="并到哪里，或新代码；改名不填")]
Name = Annotated[str, typer.Option(help="新名字；不变就不填")]


@dataclass(frozen=True)
class _Desk:
    session: Session
    actor: Actor
    clock: Clock
    cipher: FieldCipher


@contextmanager
def _desk(by: str | None) -> Iterator[_Desk]:
    """A transaction in the name of a colleague (None: the system, to look only)."""
    settings, clock = Settings(), SystemClock()
    with said_plainly(), opened_database(settings) as database, database.write() as session:
        actor = SYSTEM
        if by is not None:
            user = queries.find_staff(session, by)
            if user is None or user.disabled_at is not None:
                raise NotFound("没有这个账号，或者已经停用。")
            actor = queries.actor_of(session, user, clock.now())
        yield _Desk(session, actor, clock, cipher_of(settings))


@commands.command("list")
def list_changes() -> None:
    """列出区划变更。"""
    with _desk(None) as desk:
        for change in region_changes.list_changes(desk.session, desk.actor):
            out.print(_line(change))


@commands.command("preview")
def preview(kind: Kind, old: Old, new: New = "", name: Name = "") -> None:
    """试算：会动到什么。什么都不改。"""
    with _desk(None) as desk:
        _show(region_changes.preview(desk.session, desk.actor, Wish(kind, old, new, name), desk.clock))


@commands.command("prepare")
def prepare(
    kind: Kind,
    old: Old,
    by: By,
    reason: Annotated[str, typer.Option(help="依据：批文名称和文号")],
    new: New = "",
    name: Name = "",
    on: Annotated[str, typer.Option(help="生效日，例如 2026-12-01；不填是今天")] = "",
) -> None:
    """拟一个变更，等另一位同事批。"""
    with _desk(by) as desk:
        change = region_changes.prepare(
            desk.session,
            desk.actor,
            Wish(kind, old, new, name),
            effective_on=date.fromisoformat(on) if on else desk.clock.today(),
            reason=reason,
            clock=desk.clock,
            cipher=desk.cipher,
        )
        out.print(_line(change))


@commands.command("approve")
def approve(
    change_id: int,
    by: By,
    widen: Annotated[list[int] | None, typer.Option(help="点名放宽的角色编号（preview 里有）")] = None,
) -> None:
    """批准。到生效那天由后台任务办。"""
    with _desk(by) as desk:
        change = region_changes.approve(
            desk.session, desk.actor, change_id, confirmed=widen or (), clock=desk.clock, cipher=desk.cipher
        )
        out.print(_line(change))


@commands.command("apply")
def apply(change_id: int) -> None:
    """马上办一个已经批了、到了生效日的变更，不等后台任务。"""
    with _desk(None) as desk:
        done = region_changes.apply_change(
            desk.session, change_id, clock=desk.clock, cipher=desk.cipher, actor=desk.actor
        )
        out.print("办好了。" if done else "没有要办的：还没批，或者已经办过了。")


@commands.command("undo")
def undo(change_id: int, by: By, reason: Annotated[str, typer.Option(help="为什么撤销")]) -> None:
    """撤销一个变更（生效 7 天以内）。"""
    with _desk(by) as desk:
        change = region_changes.undo(
            desk.session, desk.actor, change_id, reason=reason, clock=desk.clock, cipher=desk.cipher
        )
        out.print(_line(change))


def _line(change: RegionChange) -> str:
    new = "" if change.kind is RegionChangeKind.RENAME else f" -> {change.new_code or '还没定'}"
    return (
        f"{change.id}  {change.kind.label}  {change.old_code} {change.old_name}{new} {change.new_name}  "
        f"{change.effective_on}  {change.state.label}{'：' + change.trouble if change.trouble else ''}"
    )


def _show(found: Preview) -> None:
    out.print("，".join(f"{one.label} {one.count}" for one in found.touched) or "没有登记的户、人和岗位")
    for old, new in found.draft.moves.items():
        out.print(f"  {old} -> {new}")
    for fate in found.fates:
        words = "会看到更多人，不点名就停" if fate.shows_more else "跟着走"
        out.print(f"  角色 {fate.grant_id} {fate.user_name}（{fate.role.label}）{words}")
    if found.trouble:
        out.print(found.trouble)
