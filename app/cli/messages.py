"""短信和微信: how messages fare, and what to enter at a provider."""

from typing import Annotated

import typer

from app.cli.parts import opened_database, out, said_plainly
from app.core.clock import SystemClock
from app.core.settings import Settings
from app.notifications import health, queries, spending
from app.notifications.carriers import make_carriers, push_address
from app.notifications.showing import trouble_of

messages = typer.Typer(no_args_is_help=True, help="短信、微信：发得怎么样，回执地址。")


@messages.command()
def status() -> None:
    """各种状态有多少条，通道好不好，今天花了多少钱，哪些要人看。"""
    clock = SystemClock()
    with said_plainly(), opened_database() as database, database.read() as session:
        for state, count in queries.count_by_state(session).items():
            out.print(f"{state.label}：{count}")
        for provider in health.list_health(session):
            resting = provider.open_until is not None
            words = "歇着，过一会儿再试" if resting else "好"
            out.print(
                f"通道 {provider.provider}：{words}（最近 {provider.calls} 次，{provider.failures} 次没成）"
            )
        cost_fen, count = spending.spent_on(session, clock.today())
        out.print(f"今天：{count} 条，{cost_fen / 100:.2f} 元")
        if unmatched := queries.count_unmatched_receipts(session):
            out.print(f"对不上的回执：{unmatched}")
        for message in queries.list_unknown(session, limit=20):
            out.print(f"[red]要人看[/] 第 {message.id} 条：{trouble_of(message)}")


@messages.command("push-address")
def show_push_address(provider: Annotated[str, typer.Argument(help="aliyun、tencent 或 wechat")]) -> None:
    """打印回执地址，填到服务商后台的“状态报告推送”里。地址里有钥匙，别给别人。"""
    settings = Settings()
    with said_plainly():
        if provider not in make_carriers(settings).by_name:
            out.print("这个通道还没有设置。", style="yellow")
        print(push_address(settings, provider))
