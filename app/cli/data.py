"""`songgang import` and `export`: the offices' own tables go in without retyping, and out again."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Protocol

import typer

from app.accounts.actor import SYSTEM, Actor
from app.accounts.permissions import MIN_REASON
from app.cli.parts import NOT_DONE, err, opened_database, out, progress_bar, said_plainly
from app.core.clock import Clock, SystemClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.core.sheets.importing import ImportOptions, ImportSummary, read_mapping
from app.employers.exporting import export_employers
from app.employers.imports import import_employers
from app.jobs.exporting import export_jobs
from app.jobs.imports.service import import_jobs
from app.regions.imports import import_village_file
from app.regions.terms import CoordinateSystem
from app.seekers.imports.exporting import ExportOrder, export_people
from app.seekers.imports.shapes import COLUMNS, LedgerShape
from app.seekers.imports.takein import import_people
from app.vetting.imports import import_minimum_wages

ReportProgress = Callable[[int, int], None]


class ImportFile(Protocol):
    """What every kind of import looks like."""

    def __call__(
        self,
        database: Database,
        path: Path,
        options: ImportOptions,
        clock: Clock,
        *,
        actor: Actor = SYSTEM,
        progress: ReportProgress | None = None,
    ) -> ImportSummary: ...


def _import_villages(
    database: Database,
    path: Path,
    options: ImportOptions,
    clock: Clock,
    *,
    actor: Actor = SYSTEM,
    progress: ReportProgress | None = None,
) -> ImportSummary:
    """Reference data: neither the time nor who brings it matters."""
    del clock, actor
    return import_village_file(database, path, options, progress=progress)


KINDS: dict[str, ImportFile] = {
    "jobs": import_jobs,
    "employers": import_employers,
    "villages": _import_villages,
    "people": import_people,
    "minimum_wages": import_minimum_wages,
}


def import_file(
    kind: Annotated[
        str,
        typer.Argument(
            help="jobs（岗位）、employers（单位）、people（人和户）、villages（村名单）、minimum_wages（最低工资）"
        ),
    ],
    file: Annotated[Path, typer.Argument(help="CSV 或 Excel 文件")],
    region: Annotated[str | None, typer.Option(help="哪个地方导入的：地区代码")] = None,
    mapping: Annotated[Path | None, typer.Option("--map", help="列名对照：JSON 或两列的表")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只数一数，不存")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="结果写成 JSON")] = False,
    rejects: Annotated[Path | None, typer.Option(help="没收进来的行写到这个文件")] = None,
    review: Annotated[bool, typer.Option("--review", help="先不上架，等人看过")] = False,
    coordinates: Annotated[
        CoordinateSystem | None,
        typer.Option(help="岗位表里的经纬度是哪种地图的：wgs84、gcj02（高德、腾讯）、bd09（百度）"),
    ] = None,
) -> None:
    """导入表格。同一张表再导一次，什么都不会变。"""
    take_in = KINDS.get(kind)
    if take_in is None:
        err.print(f"[red]没办成：[/]不认识“{kind}”，能导入的是：{'、'.join(KINDS)}。")
        raise typer.Exit(NOT_DONE)
    with said_plainly(), opened_database() as database, progress_bar() as bar:
        options = ImportOptions(
            region_code=region,
            mapping=read_mapping(mapping) if mapping else {},
            dry_run=dry_run,
            review=review,
            rejects=rejects,
            coordinates=None if coordinates is None else coordinates.value,
        )
        task = bar.add_task("正在导入")

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        summary = take_in(database, file, options, SystemClock(), progress=report)
    if as_json:
        sys.stdout.write(json.dumps(summary.as_dict(), ensure_ascii=False) + "\n")
    else:
        _print_summary(summary, dry_run=dry_run, rejects=rejects)


def export_file(
    kind: Annotated[str, typer.Argument(help="people（人和户）、jobs（岗位）、employers（单位）")],
    file: Annotated[Path, typer.Argument(help="写到哪里：.xlsx 或 .csv")],
    region: Annotated[str | None, typer.Option(help="哪个地方的：地区代码；不写就是全部")] = None,
    shape: Annotated[str, typer.Option(help="persons（32 列）、labour（50 列）、short、form")] = "persons",
    full: Annotated[bool, typer.Option("--full", help="号码和健康不遮，要写明为什么")] = False,
    reason: Annotated[str, typer.Option(help="为什么要导出，会记进审计")] = "",
) -> None:
    """导出表格。人员的号码默认遮住中间几位，健康和致贫原因不写；岗位和单位不写联系人。"""
    if kind in _LISTS:
        with said_plainly(), opened_database() as database:
            count = _LISTS[kind](database, SYSTEM, region, file)
        out.print(f"写好了 {file.name}：{count} 行。")
        return
    if kind != "people" or shape not in (known.value for known in COLUMNS):
        kinds = "people、jobs、employers；people 的式样有 persons、labour、short、form"
        err.print(f"[red]没办成：[/]能导出的是 {kinds}。")
        raise typer.Exit(NOT_DONE)
    if full and len(reason.strip()) < MIN_REASON:
        err.print("[red]没办成：[/]不遮号码的表要用 --reason 写明为什么。")
        raise typer.Exit(NOT_DONE)
    with said_plainly(), opened_database() as database, progress_bar() as bar:
        task = bar.add_task("正在导出")
        order = ExportOrder(region, LedgerShape(shape), reason, is_full=full)
        count = export_people(
            database,
            SYSTEM,
            order,
            file,
            cipher=cipher_of(Settings()),
            clock=SystemClock(),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
        out.print(f"写好了 {file.name}：{count} 人{'' if full else '，号码遮住了中间几位'}。")


_LISTS: dict[str, Callable[[Database, Actor, str | None, Path], int]] = {
    "jobs": export_jobs,
    "employers": export_employers,
}


def _print_summary(summary: ImportSummary, *, dry_run: bool, rejects: Path | None) -> None:
    out.print(f"{'试算（没有存）' if dry_run else '导入完了'}：一共 {summary.rows} 行")
    out.print(
        f"  新的 {summary.created}，改了 {summary.updated}，没变 {summary.unchanged}，退回 {summary.rejected}"
    )
    for reason, count in summary.reasons.most_common(8):
        out.print(f"  退回 {count} 行：{reason}")
    for note, count in summary.notes.most_common(8):
        out.print(f"  留意 {count} 行：{note}")
    if rejects and summary.rejected:
        out.print(f"  退回的行写在 {rejects}，改好再导一次就行。")
