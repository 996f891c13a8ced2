"""Memory that is a process's own: pages of mapped files, the database among them, belong
to the system. Only Linux tells."""

import threading
import time
from pathlib import Path

EVERY = 0.02


def own_memory() -> float | None:
    """In MiB; None where the system does not tell."""
    status = Path("/proc/self/status")
    return memory_in(status.read_text()) if status.exists() else None


def memory_in(status: str) -> float:
    for line in status.splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


class PeakMemory(threading.Thread):
    """Looks at another process's own memory, fifty times a second, until it ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._status = Path(f"/proc/{pid}/status")
        self.most = 0.0

    def run(self) -> None:
        while True:
            try:
                status = self._status.read_text()
            except OSError:
                return
            if "\nState:\tZ" in status:
                return
            self.most = max(self.most, memory_in(status))
            time.sleep(EVERY)
