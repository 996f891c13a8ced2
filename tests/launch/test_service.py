"""A process that is started, watched, ended and found again."""

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fieldops.launch.service import Service, end_leftover, is_free, wait_until

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True); time.sleep(60)",
]


def a_service(folder: Path, command: list[str], patience: float = 10) -> Service:
    return Service(
        "sleeper",
        command,
        log=folder / "log" / "sleeper.log",
        pid_file=folder / "run" / "sleeper.pid",
        patience=patience,
    )


def started(service: Service) -> Service:
    service.start()
    assert wait_until(lambda: service.last_words() == "up", 10)
    return service


def test_holds_the_lock_on_its_pid_file_while_it_lives(tmp_path: Path) -> None:
    service = started(a_service(tmp_path, SLEEP))

    assert service.process is not None
    assert service.pid_file.read_text() == str(service.process.pid)
    assert not is_free(service.pid_file)

    service.end()

    assert service.exit_code == -15
    assert is_free(service.pid_file)


def test_is_killed_when_its_patience_is_over(tmp_path: Path) -> None:
    service = started(a_service(tmp_path, STUBBORN, patience=0.2))

    service.end()

    assert service.exit_code == -9


def test_takes_its_children_along_when_it_was_killed_from_outside(
    tmp_path: Path,
) -> None:
    parent = "import subprocess, sys; subprocess.run(sys.argv[1:], close_fds=False)"
    service = started(a_service(tmp_path, [sys.executable, "-c", parent, *SLEEP]))
    assert service.process is not None
    service.process.kill()
    service.process.wait()
    assert not is_free(service.pid_file), "the child still holds the lock"

    service.end()

    # At once: the child may still be on its way out.
    assert started(service).is_running
    service.kill()
    assert wait_until(lambda: is_free(service.pid_file), 5)


def test_waits_for_whoever_only_looks_whether_it_is_free(tmp_path: Path) -> None:
    service = a_service(tmp_path, SLEEP)
    service.pid_file.parent.mkdir()
    with service.pid_file.open("a") as looked_at:
        fcntl.flock(looked_at, fcntl.LOCK_EX)
        leaves = threading.Timer(0.2, fcntl.flock, (looked_at, fcntl.LOCK_UN))
        leaves.start()

        started(service).end()

    assert service.exit_code == -15


@pytest.mark.parametrize("command", [SLEEP, STUBBORN])
def test_what_an_earlier_start_left_running_is_ended(
    tmp_path: Path, command: list[str]
) -> None:
    leftover = started(a_service(tmp_path, command))

    assert end_leftover(leftover.pid_file, patience=0.5)

    assert wait_until(lambda: not leftover.is_running, 5)
    assert not end_leftover(leftover.pid_file), "there is nothing left to end"


def test_a_number_in_a_pid_file_alone_ends_nobody(tmp_path: Path) -> None:
    stranger = subprocess.Popen(SLEEP, stdout=subprocess.DEVNULL)
    pid_file = tmp_path / "sleeper.pid"
    pid_file.write_text(str(stranger.pid))

    assert not end_leftover(pid_file)

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_last_words_are_of_this_start_only(tmp_path: Path) -> None:
    first = a_service(tmp_path, [sys.executable, "-c", "print('first')"])
    first.start()
    assert wait_until(lambda: not first.is_running, 10)
    second = a_service(tmp_path, [sys.executable, "-c", "print('a', 'b', sep='\\n')"])
    second.start()
    assert wait_until(lambda: not second.is_running, 10)

    assert second.last_words() == "a\nb"
    assert second.last_words(1) == "b"
    assert second.log.read_text() == "first\na\nb\n"
