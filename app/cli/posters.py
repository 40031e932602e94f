"""`songgang posters`: a village's poster and its lists of work, ready for the printer."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.parts import NOT_DONE, err, opened_database, out, said_plainly
from app.core.clock import SystemClock
from app.core.settings import Settings
from app.web.paper.content import Office, villages_in
from app.web.paper.fonts import find_font
from app.web.paper.printing import USUAL, PaperKind, draw_villages
from app.web.paper.sheet import PaperSize, Sheet


def posters(
    region: Annotated[str, typer.Option(help="哪个地方的：村、镇或县的地区代码")],
    target: Annotated[Path, typer.Option("--out", help="写到哪个 PDF 文件")],
    size: Annotated[PaperSize, typer.Option(help="纸张：A4 或 A3")] = PaperSize.A4,
    kinds: Annotated[
        list[PaperKind] | None,
        typer.Option("--kind", help="印哪几样，可以写几次；不写就是海报和两张岗位表"),
    ] = None,
    boards: Annotated[bool, typer.Option(help="也印村务栏的岗位表")] = True,
) -> None:
    """印海报、岗位表和传单：不挑种类就是一个村一张海报，近处的活、外头的活各一张。"""
    settings = Settings()
    office = Office(settings.public_url, settings.secret_key.get_secret_value())
    chosen = tuple(kinds or (USUAL if boards else (PaperKind.POSTER,)))
    with (
        said_plainly(),
        opened_database(settings) as database,
        database.read() as session,
        Sheet(find_font(), size) as sheet,
    ):
        count = draw_villages(session, sheet, villages_in(session, region), chosen, office, SystemClock())
        if not count:
            err.print("[red]没办成：[/]这个地方下面还没有村。请先用 songgang import villages 导入村名单。")
            raise typer.Exit(NOT_DONE)
        try:
            sheet.write(target)
        except OSError as error:
            err.print(f"[red]没办成：[/]文件没写成：{error.strerror}。")
            raise typer.Exit(NOT_DONE) from None
    out.print(f"印好了 {target.name}：{count} 个地方，{sheet.pages} 页。码都通到 {settings.public_url}。")
