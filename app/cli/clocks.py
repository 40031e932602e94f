"""`songgang clocks`: the deadlines of referrals, looked at by hand."""

import json
import sys
from typing import Annotated

import typer

from app.cli.parts import opened_database, out, said_plainly
from app.core.clock import SystemClock
from app.core.crypto import cipher_of
from app.core.settings import Settings
from app.matching.index.following import keep_markets
from app.referrals.clocks import postings, running

app = typer.Typer(no_args_is_help=True, help="推荐单的时限。")


@app.callback()
def _clocks() -> None:
    """Keeps `run` a command of its own."""


@app.command("run")
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会办什么，不办")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成 JSON")] = False,
) -> None:
    """把到时间的事办了：提醒、催办、超时关闭、岗位撤了的通知本人。平时由后台自己办。"""
    settings, clock = Settings(), SystemClock()
    cipher = cipher_of(settings)
    keep_markets(settings)
    total = running.ClockRun()
    with said_plainly(), opened_database(settings) as database:
        while True:
            with database.read() if dry_run else database.write() as session:
                limit = 1_000_000 if dry_run else running.BATCH
                steps = running.run_clocks(session, cipher=cipher, clock=clock, dry_run=dry_run, limit=limit)
                gone = postings.cancel_orphans(
                    session, cipher=cipher, clock=clock, dry_run=dry_run, limit=limit
                )
            for part in (steps, gone):
                total.steps += part.steps
                total.seen += part.seen
                total.failed += part.failed
            if dry_run or (steps.seen - steps.failed < limit and gone.seen - gone.failed < limit):
                break
        with database.read() if dry_run else database.write() as session:
            total.steps += postings.confirm_postings(session, clock=clock, dry_run=dry_run).steps
    if as_json:
        sys.stdout.write(json.dumps(total.as_dict(), ensure_ascii=False) + "\n")
        return
    out.print("会办的（没有办）：" if dry_run else "办了：")
    for kind, count in total.as_dict().items():
        out.print(f"  {kind}: {count}")
