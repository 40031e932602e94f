"""A process of its own for the kill tests: `stage` reads a file and begins, `go` does the chunks."""

import sys
from pathlib import Path

from app.accounts.actor import SYSTEM
from app.core.clock import SystemClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.seekers.imports import queries, takein
from app.seekers.imports.running import begin
from app.seekers.imports.staging import Upload, stage_file
from app.seekers.imports.terms import ImportState


def say(word: object) -> None:
    """One line for the test that watches."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    settings = Settings()
    database, cipher, clock = Database(settings), cipher_of(settings), SystemClock()
    if sys.argv[1] == "stage":
        path = Path(sys.argv[2])
        upload = Upload(path, path.name, sys.argv[3])
        import_id = stage_file(database, SYSTEM, upload, cipher=cipher, clock=clock)
        with database.write() as session:
            begin(queries.get_batch(session, import_id, to_change=True), ImportState.RUNNING)
        say(import_id)
    else:
        # As from the command line, with the second reader, but a transaction for nearly every chunk.
        vars(takein).update(WORTH_IT_FROM=1, _TRANSACTION_S=0.05)
        say("begin")
        takein.run_through(database, int(sys.argv[2]), cipher, clock, lambda *_: say("step"))


if __name__ == "__main__":
    main()
