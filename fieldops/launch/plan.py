"""What is to be started, on which ports, and what every part is told."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from fieldops.launch.broker import Broker, broker_binary
from fieldops.launch.ports import is_taken
from fieldops.launch.service import Service

ROOT = Path(__file__).resolve().parent.parent.parent


class CannotStart(Exception):
    """One sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Plan:
    """``ledger_port`` is None with a real Xero, ``broker`` None with a given Redis."""

    var: Path
    web_port: int
    ledger_port: int | None
    broker: Broker | None

    @property
    def web_url(self) -> str:
        return f"http://localhost:{self.web_port}/"

    @property
    def ledger_url(self) -> str:
        return f"http://localhost:{self.ledger_port}" if self.ledger_port else ""

    @property
    def settings(self) -> dict[str, str]:
        """What differs from the machine's own environment."""
        settings = {
            "SITE_URL": os.environ.get("SITE_URL") or self.web_url,
            "XERO_REDIRECT_URI": f"{self.web_url}xero/callback/",
        }
        if self.ledger_port:
            settings |= {
                "XERO_URL": self.ledger_url,
                "XERO_CLIENT_ID": "practice-client",
                "XERO_CLIENT_SECRET": "practice-secret",
            }
        elif os.environ.get("XERO_REDIRECT_URI"):
            del settings["XERO_REDIRECT_URI"]
        if self.broker:
            settings["REDIS_URL"] = self.broker.url
        return settings

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | self.settings | {"PYTHONUNBUFFERED": "1"}


def plan_from_environment() -> Plan:
    var = Path(os.environ.get("FIELDOPS_VAR") or ROOT / "var").absolute()
    real_xero = bool(os.environ.get("XERO_CLIENT_ID"))
    plan = Plan(
        var=var,
        web_port=port_named("PORT", 8000),
        ledger_port=None if real_xero else port_named("LEDGER_PORT", 8800),
        broker=None if os.environ.get("REDIS_URL") else Broker(var / "broker"),
    )
    if plan.web_port == plan.ledger_port:
        raise CannotStart(f"PORT and LEDGER_PORT are both {plan.web_port}.")
    return plan


def port_named(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise CannotStart(f"{name} must be a port number, not {value!r}.")
    return int(value)


def refuse_taken_ports(plan: Plan) -> None:
    for name, port in (("PORT", plan.web_port), ("LEDGER_PORT", plan.ledger_port)):
        if port and is_taken(port):
            raise CannotStart(
                f"Port {port} is taken by another program. "
                f"Choose a free one: make run {name}={port + 1}"
            )


def services_of(plan: Plan) -> list[Service]:
    """In the order of their start; they end in the opposite order."""
    celery = ["-m", "celery", "-A", "fieldops"]
    queues = ["-Q", "fieldops,xero", "-c", "2", "--loglevel", "INFO"]
    # A warm end of the worker finishes the task at hand, which may be a slice of a sync.
    services = [
        python_service(plan, "web", [*gunicorn_of(plan), "fieldops.wsgi"]),
        python_service(plan, "worker", [*celery, "worker", *queues], patience=20),
        python_service(plan, "beat", [*celery, "beat"]),
    ]
    if plan.ledger_port:
        data = str(plan.var / "ledger")
        ledger = ["xero_sandbox", "--port", str(plan.ledger_port), "--data", data]
        services.insert(0, python_service(plan, "ledger", ["manage.py", *ledger]))
    if plan.broker:
        services.insert(0, broker_service(plan, plan.broker))
    return services


def gunicorn_of(plan: Plan) -> list[str]:
    return [
        *("-m", "gunicorn", "--worker-class", "gthread", "--workers", "2"),
        *("--threads", "4", "--bind", f"127.0.0.1:{plan.web_port}"),
        # Loaded once, then forked: half the work of a start, less memory.
        *("--preload", "--graceful-timeout", "5", "--no-control-socket"),
        *("--access-logfile", "-"),
    ]


def python_service(
    plan: Plan, name: str, arguments: list[str], patience: float = 10
) -> Service:
    return Service(
        name,
        [sys.executable, *arguments],
        log=plan.var / "log" / f"{name}.log",
        pid_file=plan.var / "run" / f"{name}.pid",
        environment=plan.environment,
        folder=ROOT,
        patience=patience,
    )


def broker_service(plan: Plan, broker: Broker) -> Service:
    binary = broker_binary()
    # Valkey and Redis do not read each other's newest files.
    folder = broker.folder / binary.name
    folder.mkdir(parents=True, exist_ok=True)
    return Service(
        "broker",
        [binary, "-"],
        log=plan.var / "log" / "broker.log",
        pid_file=plan.var / "run" / "broker.pid",
        folder=folder,
        standard_input=broker.config,
    )
