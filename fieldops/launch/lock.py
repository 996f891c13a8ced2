"""One launcher per folder of data: two would write to one database and one ledger."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class AlreadyRunning(Exception):
    """Another launcher works on the same data."""


@contextlib.contextmanager
def only_launcher(var: Path) -> Iterator[None]:
    path = var / "run" / "launcher.pid"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"Fieldops already runs from this folder (process {path.read_text()}): "
                "end that one first."
            ) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
