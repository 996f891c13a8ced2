"""``make run`` from start to end, with every real part, in a folder of its own."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldops.launch.ports import answers, free_port
from fieldops.launch.service import is_free, wait_until
from tests.services import ROOT

pytestmark = pytest.mark.workers

# Of a machine with other work to do.
PATIENCE = 90
PARTS = ("broker", "ledger", "web", "worker", "beat")


class Run:
    """One launcher, its ports, and everything that it says."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "a folder" / "var"
        self.port, self.ledger_port = free_port(), free_port()
        self.output = folder / "output"
        self.launcher: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        passed_on = {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}
        environment = {k: v for k, v in os.environ.items() if k in passed_on}
        environment |= {
            "FIELDOPS_VAR": str(self.var),
            "FIELDOPS_DEMO": "no",
            "PORT": str(self.port),
            "LEDGER_PORT": str(self.ledger_port),
        }
        with self.output.open("wb") as output:
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "fieldops.launch"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.launcher

    def said(self, sentence: str, seconds: float = PATIENCE) -> bool:
        return wait_until(lambda: sentence in self.output.read_text(), seconds)

    def pid_file(self, part: str) -> Path:
        return self.var / "run" / f"{part}.pid"

    def alive(self) -> list[str]:
        files = {part: self.pid_file(part) for part in PARTS}
        return [
            part for part, file in files.items() if file.exists() and not is_free(file)
        ]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path)
    yield run
    if run.launcher:
        run.launcher.send_signal(signal.SIGTERM)
        run.launcher.wait(PATIENCE)
    assert run.alive() == []


@pytest.fixture
def taken() -> Iterator[Callable[[int], None]]:
    with contextlib.ExitStack() as strangers:

        def take(port: int) -> None:
            stranger = strangers.enter_context(socket.socket())
            stranger.bind(("127.0.0.1", port))
            stranger.listen()

        yield take


def status_of(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("localhost", port, timeout=10)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def test_everything_starts_heals_and_ends(run: Run) -> None:
    """One life in one folder: each start costs as much as a hundred other tests."""
    launcher = run.start()
    assert_all_runs(run)
    assert_a_second_one_is_refused(run)
    assert_a_killed_worker_is_started_again(run)

    before = run.pid_file("broker").read_text()
    launcher.kill()
    launcher.wait()
    assert run.alive() == list(PARTS)
    launcher = run.start()
    assert_all_runs(run)
    assert run.pid_file("broker").read_text() != before

    launcher.send_signal(signal.SIGINT)

    assert launcher.wait(PATIENCE) == 0
    assert run.alive() == []
    assert not answers("127.0.0.1", run.port)


def assert_all_runs(run: Run) -> None:
    assert run.said("Fieldops is running."), run.output.read_text()
    assert run.alive() == list(PARTS)
    assert status_of(run.ledger_port, "/") == 200
    assert status_of(run.port, "/sign-in/") == 200
    assert f"http://localhost:{run.port}/" in run.output.read_text()
    secrets = run.var / "secrets"
    assert [oct(path.stat().st_mode & 0o777) for path in secrets.iterdir()] == [
        "0o600",
        "0o600",
    ]


def assert_a_second_one_is_refused(run: Run) -> None:
    second = Run(run.var.parent.parent)
    second.output = second.output.with_name("second")

    assert second.start().wait(PATIENCE) == 1

    assert second.output.read_text().startswith(
        "Fieldops already runs from this folder"
    )
    assert run.alive() == list(PARTS)


def assert_a_killed_worker_is_started_again(run: Run) -> None:
    killed = int(run.pid_file("worker").read_text())
    os.kill(killed, signal.SIGKILL)

    assert run.said("The worker was killed by signal 9."), run.output.read_text()
    assert run.said("It is started again.")
    assert wait_until(lambda: run.alive() == list(PARTS), PATIENCE)
    # The lock is taken a moment before the number is written.
    told = run.pid_file("worker").read_text
    assert wait_until(lambda: told() not in ("", str(killed)), PATIENCE)


def test_a_taken_port_leaves_nothing_running(
    run: Run, taken: Callable[[int], None]
) -> None:
    taken(run.ledger_port)

    assert run.start().wait(PATIENCE) == 1

    assert run.output.read_text() == (
        f"Port {run.ledger_port} is taken by another program. "
        f"Choose a free one: make run LEDGER_PORT={run.ledger_port + 1}\n"
    )
    assert not (run.var / "run" / "broker.pid").exists()
