"""`songgang match`: ranks postings for people."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.parts import NOT_DONE, err, said_plainly
from app.core.clock import SystemClock
from app.matching.scene import rank_scenes

app = typer.Typer(no_args_is_help=True, help="给人挑活。")


@app.callback()
def _match() -> None:
    """Keeps `scene` a command of its own."""


@app.command("scene")
def scene(file: Annotated[Path, typer.Argument(help="JSON 文件：一组场景")]) -> None:
    """给编好的场景排活，一行一个 JSON。和网站用的是同一套规则。"""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        err.print(f"[red]没办成：[/]读不了 {file}，要一个 UTF-8 的 JSON 文件。")
        raise typer.Exit(NOT_DONE) from None
    with said_plainly():
        for ranked in rank_scenes(text, SystemClock().today()):
            sys.stdout.write(json.dumps(ranked, ensure_ascii=False) + "\n")
