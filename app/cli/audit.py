"""`songgang audit`: whether anyone has touched the log of who saw and did what."""

import time
from pathlib import Path
from typing import Annotated

import typer

from app.accounts.audit.anchor import make_anchor, read_anchors
from app.accounts.audit.verification import verify_audit
from app.cli.parts import err, opened_database, out, said_plainly
from app.core.clock import SystemClock
from app.core.crypto import cipher_of
from app.core.settings import Settings

app = typer.Typer(no_args_is_help=True, help="审计记录。")
_SHOWN = 50


@app.command("verify")
def verify(
    anchor: Annotated[Path | None, typer.Option(help="外面留的记号文件，用 audit anchor 写")] = None,
) -> None:
    """从头到尾查一遍审计记录。有人动过时退出码是 1。"""
    settings = Settings()
    cipher = cipher_of(settings)
    with said_plainly(), opened_database(settings) as database, database.read() as session:
        began = time.monotonic()
        anchors = read_anchors(anchor, cipher) if anchor else None
        findings = verify_audit(session, cipher, anchors)
    for finding in findings[:_SHOWN]:
        err.print(f"[red]不对：[/]{finding.message}")
    if findings:
        err.print(f"一共 {len(findings)} 处。请不要再往库里写，保留现场，通知审计员。")
        raise typer.Exit(1)
    out.print(f"审计记录完好，用了 {time.monotonic() - began:.1f} 秒。")


@app.command("anchor")
def anchor(file: Annotated[Path, typer.Argument(help="放在别的机器或盘上的文件，一次加一行")]) -> None:
    """在数据库外面留个记号：以后谁把整个库退回旧的，也查得出来。"""
    settings = Settings()
    with said_plainly(), opened_database(settings) as database, database.read() as session:
        line = make_anchor(session, cipher_of(settings), SystemClock().now())
    with file.open("a", encoding="utf-8") as target:
        target.write(line + "\n")
    out.print(f"记号写在 {file}。")
