"""命令行 `songgang`: everything an office does outside the browser.

A command is looked up by its first word and only its own module is loaded: reading a list of vacancies needs
no web server, and starts in half the time and half the memory without one.
"""

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Final

import typer

# command -> (module, what it is called there, whether it has commands of its own)
COMMANDS: Final = {
    "serve": ("server", "serve", False),
    "demo": ("server", "demo", False),
    "migrate": ("server", "migrate", False),
    "worker": ("server", "worker", False),
    "check": ("server", "check", False),
    "openapi": ("server", "openapi", False),
    "import": ("data", "import_file", False),
    "export": ("data", "export_file", False),
    "backup": ("backup", "backup", False),
    "restore": ("backup", "restore", False),
    "staff": ("accounts", "staff", True),
    "token": ("accounts", "token", True),
    "regions": ("regions", "commands", True),
    "audit": ("audit", "app", True),
    "keys": ("keys", "app", True),
    "match": ("match", "app", True),
    "bench": ("bench", "app", True),
    "messages": ("messages", "messages", True),
    "posters": ("posters", "posters", False),
    "parse": ("parse", "app", True),
    "clocks": ("clocks", "app", True),
    "vet": ("vet", "vet", False),
}


def build(names: Iterable[str]) -> typer.Typer:
    """The command line with these commands."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

    @app.callback()
    def songgang() -> None:
        """送岗：把工作送到家门口。"""

    for name in names:
        module, attribute, is_group = COMMANDS[name]
        found = getattr(import_module(f"app.cli.{module}"), attribute)
        if is_group:
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def main() -> None:
    """Entry point of the `songgang` command."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    build([asked] if asked in COMMANDS else COMMANDS)()
