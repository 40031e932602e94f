"""Laws of the source: who may import what, who may commit, how big a room may be."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.tasks import MODULES
from tests.conftest import PROJECT

APP = PROJECT / "app"
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
# Rooms where the framework of the web is at home.
ADAPTERS = {"api.py", "dependencies.py"}
WEB_FRAMEWORKS = {"fastapi", "starlette", "jinja2"}
PURE = {"rules.py", "gates.py", "scoring.py", "reading.py", "scope.py", "reasons.py", "wages.py"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def sources(folder: Path = APP) -> list[Path]:
    found = sorted(path for path in folder.rglob("*.py"))
    assert found
    return found


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def offenders(paths: list[Path], forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(PROJECT)} imports {module}"
        for path in paths
        for module in imported(path)
        if module.split(".")[0] in forbidden
    ]


def domain_sources() -> list[Path]:
    return [p for p in sources() if p.parent != APP and p.relative_to(APP).parts[0] not in ("core", "web")]


def test_services_queries_and_models_know_no_web_framework() -> None:
    inner = [path for path in domain_sources() if path.name not in ADAPTERS]
    assert len(inner) > 30
    assert offenders(inner, WEB_FRAMEWORKS) == []


def test_endpoints_and_pages_write_no_queries() -> None:
    outer = [path for path in domain_sources() if path.name in ADAPTERS] + sources(APP / "web")
    assert len(outer) > 10
    assert offenders(outer, {"sqlalchemy"}) == []


def test_rules_and_readers_are_pure() -> None:
    pure = [p for p in domain_sources() if p.name in PURE or "reading" in p.relative_to(APP).parts]
    assert len(pure) > 10
    assert offenders(pure, WEB_FRAMEWORKS | {"sqlalchemy"}) == []


def test_nobody_asks_for_the_time_behind_the_clock_s_back() -> None:
    calls = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in sources()
        if path != APP / "core" / "clock.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow")
        if isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date")
    ]
    assert calls == []


def test_only_the_core_commits() -> None:
    allowed = {APP / "core" / "db.py", APP / "core" / "migrations.py"}
    commits = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in sources()
        if path not in allowed
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert commits == []


def test_only_the_core_knows_which_database_it_is() -> None:
    branches = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in sources()
        if path.relative_to(APP).parts[0] != "core"
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Attribute) and node.attr in ("dialect", "is_sqlite"))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy.dialects"))
    ]
    # The server decides once whether the task runner lives inside it.
    assert [b for b in branches if not b.startswith("app/main.py")] == []


@pytest.mark.parametrize("folder", ["app", "tests", "scripts", "bench"])
def test_no_room_is_too_full(folder: str) -> None:
    full = {}
    for path in sources(PROJECT / folder):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MAX_FILE_LINES:
            full[str(path.relative_to(PROJECT))] = lines
    assert full == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{path.relative_to(PROJECT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
        if node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_no_catch_all_names() -> None:
    bad = [p for p in sources() if re.search(r"utils|helpers|manager|misc|common", p.stem)]
    assert bad == []


def test_nothing_sleeps_instead_of_waiting_for_something() -> None:
    sleeping = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in [*sources(), *sources(PROJECT / "tests")]
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "sleep"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("time", "asyncio")
    ]
    assert sleeping == []


def test_every_docstring_is_there() -> None:
    missing = [str(p.relative_to(PROJECT)) for p in sources() if not ast.get_docstring(parsed(p))]
    assert missing == []


def test_every_module_with_tasks_is_known_to_the_runner() -> None:
    known = {Path(module.__file__ or "") for module in MODULES} | {APP / "core" / "tasks.py"}
    with_tasks = {
        path
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
        for mark in node.decorator_list
        if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") in ("task", "daily_task")
    }
    assert with_tasks <= known
    assert len(with_tasks) >= 3
