"""An office with a worker behind it, connected to nothing yet: its pages in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.console import complaints_of
from tests.ledger import PracticeLedger
from tests.services import CeleryProcesses


@contextmanager
def office_beside(
    ledger: PracticeLedger,
    live_server: LiveServer,
    processes: CeleryProcesses,
    settings: Any,
    page: Page,
) -> Iterator[Page]:
    """``ledger`` stands in for Xero; the console of the page must stay silent."""
    xero = {
        "XERO_URL": ledger.url,
        "XERO_CLIENT_ID": "practice-client",
        "XERO_CLIENT_SECRET": "practice-secret",
        "XERO_REDIRECT_URI": f"{live_server.url}/xero/callback/",
    }
    addresses = ("XERO_LOGIN_URL", "XERO_IDENTITY_URL", "XERO_API_URL")
    for name, value in (xero | dict.fromkeys(addresses, ledger.url)).items():
        setattr(settings, name, value)
    # Left to itself the worker keeps to Xero's 60 a minute, and would rest for half one.
    xero["XERO_CALLS_PER_MINUTE"] = "600"
    processes.environment = {**processes.environment, **xero}
    processes.start_worker()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints_of(complaints) == []
