"""`songgang staff` and `songgang token`: accounts opened on the server itself."""

import getpass
import sys
from typing import Annotated

import typer

import app.models  # noqa: F401 - roles point to employers, whose table must be known
from app.accounts.service import add_staff, create_token
from app.accounts.terms import STAFF_ROLES, Role
from app.cli.parts import err, opened_database, out, said_plainly
from app.core.clock import SystemClock

staff = typer.Typer(no_args_is_help=True, help="工作人员账号。")
token = typer.Typer(no_args_is_help=True, help="接口令牌。")


@staff.callback()
def _staff() -> None:
    """Keeps `add` a command of its own."""


@token.callback()
def _token() -> None:
    """Keeps `create` a command of its own."""


@staff.command("add")
def staff_add(
    username: Annotated[str, typer.Option(help="登录名，小写字母和数字")],
    role: Annotated[str, typer.Option(help="角色：" + " ".join(sorted(r.value for r in STAFF_ROLES)))],
    region: Annotated[str | None, typer.Option(help="地区代码：村 12 位，镇 9 位，县市省 6 位")] = None,
) -> None:
    """开一个工作人员账号。密码从标准输入读。"""
    if role not in {r.value for r in STAFF_ROLES}:
        err.print(f"[red]没办成：[/]没有“{role}”这个角色。")
        raise typer.Exit(2)
    password = getpass.getpass("密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    with said_plainly(), opened_database() as database:
        user_id = add_staff(database, SystemClock(), username, Role(role), region, password)
        out.print(f"账号开好了：{username}（{Role(role).label}），编号 {user_id}")


@token.command("create")
def token_create(staff_name: Annotated[str, typer.Option("--staff", help="登录名")]) -> None:
    """开一个接口令牌，只显示这一次。"""
    with said_plainly(), opened_database() as database:
        secret = create_token(database, SystemClock(), staff_name)
    sys.stdout.write(secret + "\n")
