"""`songgang bench`: measures the product on this machine, from a checkout."""

import sys
from importlib import import_module
from pathlib import Path

import typer

from app.cli.parts import NOT_DONE, err

app = typer.Typer(no_args_is_help=True, help="在这台机器上量快慢（要有源代码）。")


@app.callback()
def _bench() -> None:
    """Keeps `match` a command of its own."""


@app.command("match")
def match(
    province: bool = typer.Option(False, "--province", help="再量一百万个岗位的一个省（几分钟，4 GB 内存）"),
    people: int = typer.Option(4_000, "--people", help="一次给多少人排"),
    json_file: str = typer.Option("", "--json", help="把数字写到这个文件"),
) -> None:
    """量给一个人、给所有人排活要多久，和 SQLite、PostgreSQL 比，答案要一模一样。"""
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / "bench" / "match.py").exists():
        err.print("[red]没办成：[/]要在源代码的目录里运行，装好的程序里没有这些。")
        raise typer.Exit(NOT_DONE)
    sys.path.insert(0, str(checkout))
    asked = ["--people", str(people), *(["--province"] if province else [])]
    asked += ["--json", json_file] if json_file else []
    raise typer.Exit(
        import_module("bench.match").main([*asked, *(["--json", json_file] if json_file else [])])
    )
