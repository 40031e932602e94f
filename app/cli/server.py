"""Starting the product, preparing its database, and looking whether all is well."""

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import text

from app.accounts.audit.recording import begin_audit
from app.cli.parts import opened_database, out
from app.codes.signing import code_url, make_code
from app.codes.terms import CodeKind
from app.core.clock import SystemClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database, make_engine
from app.core.logging import configure_logging
from app.core.migrations import head_revision, is_up_to_date, migrate_database
from app.core.settings import Settings
from app.demo.load import demo_sign_ins, first_village_code, load_demo
from app.main import create_app
from app.matching.index.following import keep_markets
from app.notifications.worker import make_outbox
from app.regions.amendments import watching
from app.regions.service import load_reference_divisions
from app.regions.yearly import propose_changes
from app.seekers.privacy import erasure_log
from app.seekers.privacy.erasure import reapply_erasures
from app.seekers.privacy.rotation import count_old_rows
from app.tasks import make_runner
from app.web.qr import draw_terminal


def prepare(settings: Settings) -> None:
    """Brings the schema up to date and loads the reference data. Safe to run again."""
    engine = make_engine(settings, read_only=False)
    migrate_database(engine)
    engine.dispose()
    with opened_database(settings) as database, database.write() as session:
        load_reference_divisions(session)
        propose_changes(session, SystemClock())
        # A restored backup must not bring back who asked to be erased.
        reapply_erasures(
            session, cipher=cipher_of(settings), clock=SystemClock(), list_path=erasure_log.path_of(settings)
        )
        begin_audit(session, cipher_of(settings))


def serve(
    demo: Annotated[bool, typer.Option("--demo", help="先装好演示县的数据")] = False,
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int | None, typer.Option(help="端口")] = None,
) -> None:
    """启动网站。SQLite 时后台任务也在里面跑。"""
    settings = choose_settings(host, port)
    prepare(settings)
    if demo:
        _load_and_show_demo(settings)
    _show_portal(_demo_door(settings) if demo else settings.public_url)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
    )


def choose_settings(host: str | None, port: int | None) -> Settings:
    """The settings with the host and port of the command line, None = as set. Whoever reads settings for
    themselves in this process (links in messages) finds the same public address."""
    chosen = {"host": host, "port": port}
    settings = Settings().model_copy(update={k: v for k, v in chosen.items() if v is not None})
    os.environ.setdefault("SONGGANG_PUBLIC_URL", _address_of(settings))
    return settings.model_copy(update={"public_url": os.environ["SONGGANG_PUBLIC_URL"]})


def demo() -> None:
    """装好演示县（铜川市耀州区）的数据。"""
    settings = Settings()
    prepare(settings)
    _load_and_show_demo(settings)


def migrate() -> None:
    """把数据库升级到这个版本。"""
    prepare(Settings())
    out.print(f"数据库已经是最新的：{head_revision()}")


def worker() -> None:
    """单独跑后台任务（用 PostgreSQL 时）。"""
    settings = Settings()
    configure_logging(settings.log_level)
    keep_markets(settings)
    with opened_database(settings) as database, watching(database):
        runner = make_runner(database, SystemClock())
        outbox = make_outbox(database, SystemClock(), settings)

        def stop(*_: object) -> None:
            runner.stop()
            outbox.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        sending = threading.Thread(target=outbox.run_forever, name="outbox", daemon=True)
        sending.start()
        runner.run_forever()
        sending.join(10)


def check() -> None:
    """自查：设置、数据库、密钥、排序规则。有毛病时退出码是 1。"""
    settings = Settings()
    trouble = 0
    with opened_database(settings) as database:
        for name, problem in _findings(database, cipher_of(settings)):
            trouble += problem is not None
            out.print(f"[green]好[/]  {name}" if problem is None else f"[red]要改[/] {name}：{problem}")
    raise typer.Exit(1 if trouble else 0)


def openapi() -> None:
    """打印接口文档（OpenAPI）。"""
    settings = Settings(database_url="sqlite://")
    json.dump(create_app(settings).openapi(), sys.stdout, ensure_ascii=False, indent=2)


def _findings(database: Database, cipher: FieldCipher) -> Iterator[tuple[str, str | None]]:
    """Each thing looked at, with what is wrong about it (None: nothing)."""
    yield "设置和密钥", None  # Settings() refuses what is wrong before we come here
    try:
        with database.read() as session:
            session.execute(text("SELECT 1"))
            current = is_up_to_date(session)
            # Sorting and text search were tried on these two; others may split Chinese text differently.
            encoding = session.scalar(text(database.encoding_query))
            old_rows = sum(count_old_rows(session, cipher).values()) if current else 0
    except Exception as error:
        yield "数据库", f"连不上（{type(error).__name__}）"
        return
    yield "数据库", None
    yield "数据库结构", None if current else "还没有升级，请运行 songgang migrate"
    yield "数据密钥", f"还有 {old_rows} 行用旧密钥，请运行 songgang keys rotate" if old_rows else None
    yield "数据库编码", None if str(encoding).upper() in ("UTF8", "UTF-8") else f"要用 UTF-8，不是 {encoding}"


def _load_and_show_demo(settings: Settings) -> None:
    with opened_database(settings) as database, out.status("正在装演示县的数据 ..."):
        # Everybody knows the demo accounts' password: in production they are not opened.
        load_demo(database, SystemClock(), cipher_of(settings), with_staff=not settings.is_production)
    out.print("\n[bold]演示账号[/]（都是编的，只在试用时有效）")
    for line in demo_sign_ins(settings):
        out.print(f"  {line}", highlight=False)


def _demo_door(settings: Settings) -> str:
    """The address in the code on the demo village's board."""
    key = settings.secret_key.get_secret_value()
    return code_url(settings.public_url, make_code(key, CodeKind.VILLAGE, first_village_code()))


def _show_portal(address: str) -> None:
    out.print(f"\n[bold]送岗[/]  {address}\n", highlight=False)
    out.print(draw_terminal(address), highlight=False)
    out.print("用手机扫上面的码，就能看见这个地方的活。按 Ctrl+C 停下。\n", highlight=False)


def _address_of(settings: Settings) -> str:
    """Where a phone in the same network reaches this server."""
    host = settings.host
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # sends nothing; asks which of our addresses faces outward
                host = probe.getsockname()[0]
            except OSError:
                host = "127.0.0.1"
    return f"http://{host}:{settings.port}"
