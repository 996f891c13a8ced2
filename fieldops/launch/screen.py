"""What the person at the keyboard reads."""

import os
import sys
from pathlib import Path

from fieldops.launch.plan import Plan
from fieldops.launch.service import Service


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def overview(plan: Plan, sign_in: str) -> str:
    """What runs where and how to get in."""
    rows = [
        ("Office", plan.web_url),
        ("API", f"{plan.web_url}api/docs/"),
        ("Practice ledger", plan.ledger_url + "/" if plan.ledger_url else ""),
        ("Database", database_of(plan)),
        ("Queue and cache", queue_of(plan)),
        ("Logs", shown(plan.var / "log")),
    ]
    lines = [f"  {name:<17}{value}" for name, value in rows if value]
    xero = (
        "The practice ledger stands in for Xero: Settings > Finance > Xero > Connect."
        if plan.ledger_port
        else "Connect to Xero: Settings > Finance > Xero > Connect."
    )
    return "\n".join(
        ["", "Fieldops is running. Ctrl-C ends it.", "", *lines, "", sign_in, xero, ""]
    )


def database_of(plan: Plan) -> str:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return f"SQLite, {shown(plan.var / 'fieldops.sqlite3')}"
    return f"{url.split(':', 1)[0]}, from DATABASE_URL"


def queue_of(plan: Plan) -> str:
    if not plan.broker:
        return "Redis, from REDIS_URL"
    return f"started here on port {plan.broker.port}, with one Celery worker and beat"


def shown(path: Path) -> str:
    """Short where it lies in the folder that people are in."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def death_notice(service: Service) -> str:
    code = service.exit_code or 0
    how = f"was killed by signal {-code}" if code < 0 else f"ended by itself ({code})"
    words = service.last_words() or "It said nothing."
    indented = "\n".join(f"    {line}" for line in words.splitlines())
    return f"The {service.name} {how}. From {shown(service.log)}:\n{indented}"
