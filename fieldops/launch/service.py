"""A process that is started here: its log, its end, and how a later start finds it."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

LOG_LIMIT = 10_000_000
HOLD_PATIENCE = 5


@dataclass
class Service:
    """Lives in a session of its own, so that Ctrl-C reaches only who started it.

    While it lives it holds the lock on ``pid_file``: after a start that was killed, the
    next one learns from the lock, not from a number, what is still running.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    pid_file: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path | None = None
    standard_input: str = ""
    patience: float = 10
    user: int | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    log_start: int = field(default=0, init=False)

    def start(self) -> None:
        for path in (self.log, self.pid_file):
            path.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log, self.pid_file.open("a+") as held:
            take_hold(held)
            self.log_start = log.tell()
            self.process = self._spawn(log.fileno(), held.fileno())
            held.truncate(0)
            held.write(str(self.process.pid))

    def _spawn(self, log: int, held: int) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            cwd=self.folder,
            stdin=subprocess.PIPE if self.standard_input else subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[held],
            user=self.user,
            extra_groups=None if self.user is None else [],
        )
        if process.stdin:
            process.stdin.write(self.standard_input.encode())
            process.stdin.close()
        return process

    @property
    def exit_code(self) -> int | None:
        """None while it runs, and before it was started."""
        return self.process.poll() if self.process else None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self) -> None:
        """Ask it to end, and insist after its patience; wait until it has."""
        if self.process is None:
            return
        if self.is_running:
            self.process.terminate()
            try:
                self.process.wait(self.patience)
            except subprocess.TimeoutExpired:
                kill_group(self.process.pid)
                self.process.wait()
        else:
            # What it had started itself may have outlived it.
            kill_group(self.process.pid)

    def kill(self) -> None:
        if self.is_running and self.process:
            kill_group(self.process.pid)

    def last_words(self, lines: int = 12) -> str:
        """The end of what it wrote since it was started."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            written = log.read().decode(errors="replace").strip().splitlines()
        return "\n".join(written[-lines:])


def kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def end_leftover(pid_file: Path, patience: float = 5) -> bool:
    """End what an earlier start left running; False when there was nothing."""
    if not pid_file.exists() or is_free(pid_file):
        return False
    pid = int(pid_file.read_text())
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        kill_group(pid)
    if not wait_until(lambda: is_free(pid_file), patience):
        kill_group(pid)
        wait_until(lambda: is_free(pid_file), patience)
    return True


def take_hold(file: TextIO) -> None:
    """What was killed, and who only looks whether it is free, lets go of it in a moment."""
    if not wait_until(lambda: locks(file), HOLD_PATIENCE):
        raise BlockingIOError(f"{file.name} is held by a process that runs.")


def locks(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_free(pid_file: Path) -> bool:
    with pid_file.open("a") as file:
        return locks(file)


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
