"""What the import command loads before it begins."""

import subprocess
import sys

LOADED = "import sys; from app.cli import data; print(' '.join(sys.modules))"


def test_taking_in_a_list_needs_no_server_and_no_ranking() -> None:
    """Its two processes must fit into 400 MB; the compiler of the search alone takes 58 in each."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert {"fastapi", "numba", "app.matching.index.kernel"}.isdisjoint(done.stdout.split())
