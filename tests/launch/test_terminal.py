"""Ctrl-C in a terminal, as somebody types it under ``make run``."""

import os
import pty
import select
import signal
import subprocess
import sys

from tests.services import ROOT

PATIENCE = 30  # seconds

# As make does: start the child in the same group, wait for it, die of Ctrl-C oneself.
PARENT = """
import subprocess, sys
child = subprocess.run([sys.executable, "-c", sys.argv[1]])
print("parent lives, child ended with", child.returncode, flush=True)
"""
CHILD = """
import signal, threading
from fieldops.launch.terminal import sole_receiver_of_ctrl_c
pressed = threading.Event()
signal.signal(signal.SIGINT, lambda number, frame: pressed.set())
with sole_receiver_of_ctrl_c():
    print("ready", flush=True)
    pressed.wait()
"""


def read_until(terminal: int, text: str) -> str:
    seen = ""
    while text not in seen:
        ready, _, _ = select.select([terminal], [], [], PATIENCE)
        assert ready, f"{text!r} did not come after {seen!r}"
        seen += os.read(terminal, 1000).decode()
    return seen


def test_ctrl_c_reaches_the_launcher_and_spares_make() -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-c", PARENT, CHILD])
    try:
        read_until(terminal, "ready")
        os.write(terminal, b"\x03")
        said = read_until(terminal, "ended with 0")
        _, status = os.waitpid(pid, 0)
    except AssertionError:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        os.close(terminal)

    assert "parent lives, child ended with 0" in said
    assert os.waitstatus_to_exitcode(status) == 0


def test_without_a_terminal_nothing_is_changed() -> None:
    asked = (
        "import os, signal\n"
        "from fieldops.launch.terminal import sole_receiver_of_ctrl_c\n"
        "group = os.getpgrp()\n"
        "with sole_receiver_of_ctrl_c():\n"
        "    print(os.getpgrp() == group)\n"
    )
    answered = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        start_new_session=True,
        capture_output=True,
        text=True,
    )
    assert answered.stdout == "True\n"
