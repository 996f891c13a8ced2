"""Who gets Ctrl-C: this process alone, so that ``make`` lives to report its success."""

import contextlib
import os
import signal
from collections.abc import Iterator


@contextlib.contextmanager
def sole_receiver_of_ctrl_c() -> Iterator[None]:
    """A terminal sends Ctrl-C to the whole foreground group, and make ends by it.

    So the launcher becomes a foreground group of its own, as a job of a shell does, and
    hands the terminal back at the end. Without a terminal there is nothing to do.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        yield
        return
    group = os.getpgrp()
    try:
        if os.tcgetpgrp(terminal) != group or group == os.getpid():
            yield
            return
        # Handing the terminal over stops a process that is not in the foreground, and
        # nobody could wake this one after Ctrl-Z.
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpid())
        try:
            yield
        finally:
            os.tcsetpgrp(terminal, group)
    finally:
        os.close(terminal)
