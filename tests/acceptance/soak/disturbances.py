"""What may happen to the processes of an installation while they sync."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import redis

from fieldops.launch.service import Service
from tests.acceptance.killing import group_of, holder, send, send_to_group
from tests.services import CeleryProcesses

# Longer than a lease of these workers.
PAUSE = 3.0
WORKERS = 2


@dataclass
class Installation:
    """Two workers and a beat. Who was killed is replaced, as a supervisor would."""

    processes: CeleryProcesses
    broker: str
    chance: random.Random
    workers: list[Service] = field(default_factory=list)
    beats: list[Service] = field(default_factory=list)

    def start(self) -> None:
        self.replace_dead()
        self.beats = [self.processes.start_beat()]

    def replace_dead(self) -> None:
        self.workers = [worker for worker in self.workers if worker.is_running]
        missing = WORKERS - len(self.workers)
        self.workers += self.processes.start_workers(missing, concurrency=2)

    def end(self) -> None:
        for service in self.processes.services:
            if service.process:
                send_to_group(service.process.pid, signal.SIGKILL)

    def child_at_work(self) -> int | None:
        """The process that holds the lease; None when nobody does, or it is gone."""
        pid = holder()
        if pid is None:
            return None
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return None
        return pid

    def a_group(self) -> int:
        """The worker that is at work, else any."""
        child = self.child_at_work()
        if child is not None:
            return group_of(child)
        process = self.chance.choice(self.workers).process
        assert process is not None
        return process.pid


def worker_killed(at: Installation) -> None:
    send_to_group(at.a_group(), signal.SIGKILL)
    time.sleep(0.2)
    at.replace_dead()


def child_killed(at: Installation) -> None:
    child = at.child_at_work()
    if child is not None:
        send(child, signal.SIGKILL)


def main_process_killed(at: Installation) -> None:
    """Its children are orphans, and may go on for a while."""
    send(at.a_group(), signal.SIGKILL)
    time.sleep(0.2)
    at.replace_dead()


def killed_again_and_again(at: Installation) -> None:
    for _ in range(3):
        child_killed(at)
        time.sleep(at.chance.uniform(0.0, 3.0))


def all_workers_killed(at: Installation) -> None:
    for worker in at.workers:
        if worker.process:
            send_to_group(worker.process.pid, signal.SIGKILL)
    time.sleep(0.2)
    at.replace_dead()


def paused_past_its_lease(at: Installation) -> None:
    child = at.child_at_work()
    if child is None:
        return
    send(child, signal.SIGSTOP)
    time.sleep(PAUSE)
    send(child, signal.SIGCONT)


def broker_emptied(at: Installation) -> None:
    with redis.Redis.from_url(at.broker) as server:
        server.flushall()


def emptied_and_killed(at: Installation) -> None:
    broker_emptied(at)
    child_killed(at)


def second_beat(at: Installation) -> None:
    at.beats.append(at.processes.start_beat())


DISTURBANCES: dict[str, Callable[[Installation], None]] = {
    "kill -9 of a worker": worker_killed,
    "kill -9 of its child": child_killed,
    "kill -9 of its main process": main_process_killed,
    "kill -9 of all workers": all_workers_killed,
    "kill -9, three times": killed_again_and_again,
    "SIGSTOP past the lease, SIGCONT": paused_past_its_lease,
    "Redis flushed": broker_emptied,
    "Redis flushed, kill -9 of the child": emptied_and_killed,
    "two beats at once": second_beat,
}


def after(at: Installation) -> None:
    """One beat again, and as many workers as before."""
    for beat in at.beats[1:]:
        beat.kill()
    del at.beats[1:]
    at.replace_dead()
