"""`songgang match`: ranks postings for people."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.cli.parts import NOT_DONE, err, opened_database, out, progress_bar, said_plainly
from app.cluster.spreading import Cluster, is_open_wire
from app.core.clock import SystemClock
from app.core.settings import Settings
from app.matching.index.following import keep_markets
from app.matching.scene import rank_scenes
from app.referrals.recommending.running import run_recommendations

app = typer.Typer(no_args_is_help=True, help="给人挑活。")


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


@app.command("run")
def run(
    region: Annotated[str | None, typer.Option(help="哪个地方的人：地区代码；不写就是全部")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成 JSON")] = False,
    cluster: Annotated[
        str | None, typer.Option(help="在集群上排：调度进程的地址，如 tls://scheduler:8786")
    ] = None,
) -> None:
    """给一个地方找活的人都排一遍，岗位分下去，写成今天的推荐意见。只是草稿，不会发出去。"""
    if cluster is not None and is_open_wire(cluster):
        err.print("[yellow]注意：[/]和集群之间没有加密，谁连得上都能用它。正式环境请用 tls:// 开头的地址。")
    with said_plainly(), opened_database() as database, progress_bar() as bar:
        keep_markets(Settings())
        task = bar.add_task("正在排")

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        elsewhere = None if cluster is None else Cluster(cluster)
        done = run_recommendations(database, region, SystemClock(), progress=report, elsewhere=elsewhere)
    if as_json:
        sys.stdout.write(json.dumps(asdict(done)) + "\n")
        return
    out.print(f"{done.people} 个人找活，{done.people_with_some} 个人有合适的，一共推荐 {done.given} 次。")
    for why, count in done.left_out.items():
        out.print(f"{count} 个人没排上：{why.label}。")
    out.print(f"离最好的分法最多差 {done.gap:.2%}。家里没人上班的先分。都是草稿，看过再发。")
