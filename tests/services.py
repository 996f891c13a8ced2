"""Real processes for tests: a Redis-compatible broker, Celery workers and beat.

Each is started on a free port of loopback and ended by its own id.
"""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fieldops.launch.broker import Broker, broker_binary
from fieldops.launch.service import Service, wait_until

# Of a machine with other work to do.
PATIENCE = 90
ROOT = Path(__file__).resolve().parent.parent


class Missing(Exception):
    """Something that the tests need is not on this machine; says how to get it."""


@contextlib.contextmanager
def running_broker(folder: Path) -> Iterator[str]:
    """The URL of a fresh Redis-compatible server that keeps its files in ``folder``."""
    broker = Broker(folder)
    service = Service(
        "broker",
        [broker_binary(), "-"],
        log=folder / "broker.log",
        pid_file=folder / "broker.pid",
        folder=folder,
        standard_input=broker.config,
    )
    with running(service):
        assert wait_until(broker.answers, PATIENCE), service.last_words()
        yield broker.url


@contextlib.contextmanager
def running(service: Service) -> Iterator[Service]:
    service.start()
    try:
        yield service
    finally:
        service.end()


@dataclass
class CeleryProcesses:
    """Real workers and beat on the test's own database and broker."""

    folder: Path
    environment: Mapping[str, str]
    services: list[Service] = field(default_factory=list)

    def start_worker(self, *, concurrency: int = 2) -> Service:
        """A worker for both queues; it takes tasks when this returns."""
        return self.start_workers(1, concurrency=concurrency)[0]

    def start_workers(self, count: int, *, concurrency: int = 1) -> list[Service]:
        """Several at once: most of a start is waiting."""
        arguments = worker_arguments(concurrency)
        begun = [self._begin("worker", arguments) for _ in range(count)]
        for service in begun:
            await_start(service, says="ready.")
        return begun

    def start_beat(self) -> Service:
        service = self._begin("beat", ["beat"])
        await_start(service, says="beat: Starting")
        return service

    def _begin(self, name: str, arguments: list[str]) -> Service:
        number = len(self.services) + 1
        celery = [sys.executable, "-m", "celery", "-A", "fieldops"]
        service = Service(
            name,
            [*celery, *arguments, "--loglevel", "INFO"],
            log=self.folder / f"{name}-{number}.log",
            pid_file=self.folder / f"{name}-{number}.pid",
            environment=self.environment,
            folder=ROOT,
        )
        self.services.append(service)
        service.start()
        return service

    def end_all(self) -> None:
        for service in reversed(self.services):
            service.end()


def worker_arguments(concurrency: int) -> list[str]:
    return ["worker", "-Q", "fieldops,xero", "-c", str(concurrency)]


def await_start(service: Service, *, says: str) -> None:
    started = wait_until(
        lambda: says in service.last_words(200) or not service.is_running, PATIENCE
    )
    assert started, service.last_words()
    assert service.is_running, service.last_words()
