"""`make bench`: runs every measurement, or those named on the command line (`python -m bench people`)."""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    known = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    asked = sys.argv[1:] or known
    unknown = [name for name in asked if name not in known]
    if unknown:
        print(f"there is no bench called {', '.join(unknown)}; there are: {', '.join(known)}")
        return 2
    # Each in a process of its own: peak memory is a process's.
    failed = [name for name in asked if subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
