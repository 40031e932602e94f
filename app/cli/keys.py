"""`songgang keys`: changing the key that seals ID numbers, phones and health facts (docs/settings.md)."""

from typing import Annotated

import typer
from rich.progress import Progress

from app import tasks as _all_domains  # noqa: F401 - each names what it keeps sealed
from app.cli.parts import opened_database, out, said_plainly
from app.core.clock import SystemClock
from app.core.crypto import cipher_of
from app.core.settings import Settings
from app.seekers.privacy.rotation import Position, count_old_erasures, count_old_rows, reseal_batch
from app.seekers.tasks import start_reseal

app = typer.Typer(no_args_is_help=True, help="数据密钥。")


@app.command("status")
def status() -> None:
    """看还有多少行用的是旧密钥。有的话退出码是 1。"""
    settings = Settings()
    cipher = cipher_of(settings)
    with said_plainly(), opened_database(settings) as database, database.read() as session:
        old, erased = count_old_rows(session, cipher), count_old_erasures(session, cipher)
    for name, count in old.items():
        out.print(f"{name}：{count} 行用的是旧密钥")
    if erased:
        out.print(f"已删名单里有 {erased} 条要靠旧密钥认，旧密钥请继续留在 SONGGANG_OLD_DATA_KEYS 里。")
    if old:
        out.print("请运行 songgang keys rotate。")
        raise typer.Exit(1)
    out.print("全都是现在的密钥。")


@app.command("rotate")
def rotate(
    background: Annotated[bool, typer.Option("--background", help="交给后台去做")] = False,
) -> None:
    """把全部封存的内容换成现在的密钥。随时能停，再运行一次接着做；期间照常办公。"""
    settings = Settings()
    cipher = cipher_of(settings)
    with said_plainly(), opened_database(settings) as database:
        if background:
            with database.write() as session:
                started = start_reseal(session, cipher, SystemClock())
            out.print("已经交给后台，用 songgang keys status 看进度。" if started else "后台已经在换了。")
            return
        with database.read() as session:
            total = sum(count_old_rows(session, cipher).values())
        position: Position | None = Position()
        with Progress(console=out) as progress:
            shown = progress.add_task("换密钥", total=total or 1)
            while position is not None:
                with database.write() as session:
                    position, done = reseal_batch(session, cipher, position)
                progress.advance(shown, done)
        with database.read() as session:
            left = sum(count_old_rows(session, cipher).values())
    if left:
        out.print(
            f"[red]还有 {left} 行没有换：[/]旧密钥不在 SONGGANG_OLD_DATA_KEYS 里，或者还有没重启的服务在写。"
        )
        raise typer.Exit(1)
    out.print("换好了。旧密钥请按 docs/settings.md 说的保存。")
