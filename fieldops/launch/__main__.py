"""``make run``: starts every part, says what runs where, and ends all of it again."""

import http.client
import os
import select
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from fieldops.launch.broker import NoBroker
from fieldops.launch.lock import AlreadyRunning, only_launcher
from fieldops.launch.plan import (
    ROOT,
    CannotStart,
    Plan,
    plan_from_environment,
    python_service,
    refuse_taken_ports,
    services_of,
)
from fieldops.launch.screen import death_notice, overview, say
from fieldops.launch.service import Service, end_leftover
from fieldops.launch.terminal import sole_receiver_of_ctrl_c
from fieldops.settings.env import load_env_file

RESTARTS = 3
WITHIN_SECONDS = 60


def main() -> int:
    load_env_file(ROOT / ".env")
    try:
        plan = plan_from_environment()
        with only_launcher(plan.var), sole_receiver_of_ctrl_c():
            return Launcher(plan).run()
    except (CannotStart, AlreadyRunning, NoBroker) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


class Stopped(Exception):
    """Somebody asked for the end."""


class Launcher:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.services = services_of(plan)
        self.running: list[Service] = []
        self.deaths: dict[str, list[float]] = defaultdict(list)
        # Not an Event: setting one in a signal handler can wait for itself for ever.
        self.stopping = False
        self.wake_reader, self.wake_writer = os.pipe()
        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wish, self.asked_to_stop)

    def asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        """Once: end in order. Twice: at once."""
        if self.stopping:
            for service in self.running:
                service.kill()
        self.stopping = True
        os.write(self.wake_writer, b"x")

    def run(self) -> int:
        for service in self.services:
            end_leftover(service.pid_file)
        refuse_taken_ports(self.plan)
        try:
            self.start_all()
            say(overview(self.plan, self.sign_in()))
            self.watch()
        except Stopped:
            say("Ending ...")
            return 0
        finally:
            self.end_all()

    def start_all(self) -> None:
        """What others need comes first; the database is prepared meanwhile."""
        self.tell_commands()
        preparation = python_service(self.plan, "preparation", ["manage.py", "prepare"])
        web = next(service for service in self.services if service.name == "web")
        first = self.services[: self.services.index(web)]
        self.start(*first)
        self.prepare(preparation)
        if self.plan.broker:
            self.wait_for(self.plan.broker.answers, first[0], seconds=20)
        self.start(web)
        self.wait_for(lambda: self.answers(self.plan.web_port), web, seconds=60)
        if self.plan.ledger_port:
            port = self.plan.ledger_port
            self.wait_for(lambda: self.answers(port), first[-1], seconds=60)
        self.start(*self.services[len(first) + 1 :])

    def start(self, *services: Service) -> None:
        for service in services:
            self.pause(0)
            service.start()
            self.running.append(service)

    def prepare(self, preparation: Service) -> None:
        self.start(preparation)
        told = 0
        while preparation.is_running:
            words = preparation.last_words(100).splitlines()
            steps = [line for line in words if line.endswith(" ...")]
            for step in steps[told:]:
                say(step)
            told = len(steps)
            self.pause(0.1)
        self.running.remove(preparation)
        if preparation.exit_code:
            raise CannotStart(death_notice(preparation))

    def wait_for(
        self, ready: Callable[[], bool], service: Service, *, seconds: float
    ) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if not service.is_running:
                raise CannotStart(death_notice(service))
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"The {service.name} gives no answer after {seconds:.0f} seconds:\n"
                    f"{service.last_words()}"
                )
            self.pause(0.1)

    def pause(self, seconds: float) -> None:
        if select.select([self.wake_reader], [], [], seconds)[0]:
            raise Stopped

    def answers(self, port: int) -> bool:
        connection = http.client.HTTPConnection("localhost", port, timeout=10)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    def watch(self) -> NoReturn:
        """Restart what dies; give up on what dies again and again."""
        while True:
            self.pause(0.5)
            for service in self.running:
                if not service.is_running:
                    self.restart(service)

    def restart(self, service: Service) -> None:
        now = time.monotonic()
        deaths = self.deaths[service.name]
        deaths.append(now)
        if len([death for death in deaths if now - death < WITHIN_SECONDS]) > RESTARTS:
            raise CannotStart(
                f"{death_notice(service)}\nThat was too often: everything ends."
            )
        say(f"{death_notice(service)}\nIt is started again.")
        service.end()
        service.start()

    def end_all(self) -> None:
        for service in reversed(self.running):
            service.end()
        self.commands_file.unlink(missing_ok=True)

    @property
    def commands_file(self) -> Path:
        return self.plan.var / "run" / "environment"

    def tell_commands(self) -> None:
        """For manage.py typed in another window (see settings/dev.py)."""
        lines = [f"{name}={value}" for name, value in self.plan.settings.items()]
        self.commands_file.unlink(missing_ok=True)
        self.commands_file.touch(mode=0o600)
        self.commands_file.write_text("\n".join(lines) + "\n")

    def sign_in(self) -> str:
        return (self.plan.var / "run" / "sign-in").read_text()


if __name__ == "__main__":
    sys.exit(main())
