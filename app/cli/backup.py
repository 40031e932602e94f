"""`songgang backup` and `songgang restore`: the whole office in one sealed file."""

from pathlib import Path
from typing import Annotated

import typer

from app.accounts.queries import has_accounts
from app.cli.parts import NOT_DONE, err, opened_database, out, said_plainly
from app.cli.server import prepare
from app.core.backup.errors import DatabaseNotEmpty
from app.core.backup.restoring import restore_backup
from app.core.backup.saving import write_backup
from app.core.clock import SystemClock
from app.core.crypto import cipher_of
from app.core.errors import Unavailable
from app.core.migrations import head_revision, is_up_to_date
from app.core.settings import Settings
from app.models import metadata
from app.notifications.outbox import hold_after_restore


def backup(file: Annotated[Path, typer.Argument(help="写到哪里，最好在别的机器或盘上")]) -> None:
    """把整个数据库封成一个文件。不用停网站；没有数据密钥谁也打不开。"""
    settings = Settings()
    with said_plainly(), opened_database(settings) as database:
        with database.read() as session:
            if not is_up_to_date(session):
                raise Unavailable("数据库还没有升级到这个版本。请先运行 songgang migrate。")
        try:
            counts = write_backup(
                database,
                metadata,
                file,
                cipher_of(settings),
                revision=head_revision() or "",
                now=SystemClock().now(),
            )
        except OSError as error:
            _not_done(f"备份没写成：{error.strerror}。")
        out.print(f"备份好了：{file.name}，{len(counts)} 张表，{sum(counts.values())} 行。")
        out.print("数据密钥（SONGGANG_DATA_KEY）不在里面。请把它另外存好：没有它，这份备份打不开。")


def restore(
    file: Annotated[Path, typer.Argument(help="songgang backup 写出的文件")],
    replace: Annotated[bool, typer.Option("--replace", help="换掉现在库里的全部内容")] = False,
) -> None:
    """把备份放回来。要么全部放好，要么一点不动。"""
    settings = Settings()
    cipher = cipher_of(settings)
    with said_plainly():
        # Also makes an empty database ready.
        prepare(settings)
        with opened_database(settings) as database:
            try:
                with database.read() as session:
                    if has_accounts(session) and not replace:
                        raise DatabaseNotEmpty
                with database.refill(metadata) as session:
                    restored = restore_backup(session, metadata, file, cipher, revision=head_revision() or "")
                    # Nothing is sent again: what was waiting then may have gone out since.
                    hold_after_restore(session, SystemClock())
            except OSError as error:
                _not_done(f"备份读不了：{error.strerror}。")
        # Whoever asked to be erased after the backup was made is erased again.
        prepare(settings)
    out.print(f"恢复好了：{sum(restored.counts.values())} 行，是 {restored.made_at} 时的样子。")
    out.print("大家都要重新登录，接口口令要重新发。请再看一遍工作人员的名单：备份以后收回的权限要再收一次。")


def _not_done(message: str) -> None:
    err.print(f"[red]没办成：[/]{message}")
    raise typer.Exit(NOT_DONE)
