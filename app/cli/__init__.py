"""命令行 `songgang`: everything an office does outside the browser."""

import typer

from app.cli import accounts, data, match, parse, server

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.command("serve")(server.serve)
app.command("demo")(server.demo)
app.command("migrate")(server.migrate)
app.command("worker")(server.worker)
app.command("check")(server.check)
app.command("openapi")(server.openapi)
app.command("import")(data.import_file)
app.add_typer(accounts.staff, name="staff")
app.add_typer(accounts.token, name="token")
app.add_typer(match.app, name="match")
app.add_typer(parse.app, name="parse")


def main() -> None:
    """Entry point of the `songgang` command."""
    app()
