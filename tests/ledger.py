"""The practice ledger as tests use it: a real server on a free port, and its controls."""

import os
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import requests

ROOT = Path(__file__).resolve().parent.parent
CLIENT_ID, CLIENT_SECRET = "practice-client", "practice-secret"
REDIRECT = "http://localhost:9/callback"
SCOPE = (
    "openid profile email offline_access accounting.contacts accounting.invoices "
    "accounting.payments accounting.settings.read"
)
PATIENCE = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PracticeLedger:
    """`manage.py xero_sandbox` as a context manager.

    with PracticeLedger("--empty") as ledger:
        ledger.url, ledger.state(), ledger.control("faults", kind="delay", delay_ms=50)
    """

    def __init__(self, *arguments: str, port: int | None = None) -> None:
        self.arguments = arguments
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        # Of somebody at the other end, until anything is done to the ledger itself.
        self._headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        # Nothing is lost by it, and a polite end waits for connections kept open.
        self.kill()

    @property
    def program(self) -> list[str]:
        return ["manage.py", "xero_sandbox", "--port", str(self.port), *self.arguments]

    def start(self) -> None:
        self._headers = {}
        self._process = subprocess.Popen(
            [sys.executable, *self.program],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait_until_it_answers(self._process)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(f"the ledger ended with {process.returncode}")
            try:
                self.state()
            except requests.RequestException:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise TimeoutError(f"the ledger did not answer within {PATIENCE} s")

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """End it and give its exit code."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(with_signal)
        code = self._process.wait(timeout=PATIENCE)
        self._process = None
        return code

    def kill(self) -> None:
        """kill -9 of the server and its worker, as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=PATIENCE)
            self._process = None

    def state(self) -> dict[str, Any]:
        response = requests.get(f"{self.url}/sandbox/state", timeout=PATIENCE)
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found

    def control(self, action: str, **fields: object) -> dict[str, Any]:
        """POST /sandbox/<action>; see xero_sync.sandbox.control for the actions."""
        self._headers = {}
        response = requests.post(
            f"{self.url}/sandbox/{action}", json=fields, timeout=60
        )
        if response.status_code != 200:
            raise AssertionError(f"{action}: {response.status_code} {response.text}")
        found: dict[str, Any] = response.json()
        return found

    def load_books(self, books: dict[str, Any]) -> dict[str, Any]:
        return self.control("books", **books)

    def sign_in(self, scope: str = SCOPE) -> dict[str, Any]:
        """A consent and its tokens without a browser; connects the first organisation."""
        form = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT,
            "scope": scope,
            "state": "s",
            "decision": "allow",
        }
        answer = requests.post(
            f"{self.url}/identity/connect/authorize",
            data=form,
            allow_redirects=False,
            timeout=PATIENCE,
        )
        code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        basic = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        tokens = requests.post(
            f"{self.url}/connect/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": REDIRECT,
            },
            headers={"Authorization": f"Basic {basic}"},
            timeout=PATIENCE,
        )
        tokens.raise_for_status()
        found: dict[str, Any] = tokens.json()
        return found

    def record(self, resource: str, xero_id: str) -> dict[str, Any]:
        """One record as the Accounting API answers it."""
        return self._call("GET", f"{resource}/{xero_id}")[0]

    def records(self, resource: str, *, archived: bool = False) -> list[dict[str, Any]]:
        """The first thousand, as the Accounting API lists them."""
        params = {"page": "1", "pageSize": "1000"}
        if archived:
            params["includeArchived"] = "true"
        return self._call("GET", resource, params=params)

    def write(
        self, method: str, resource: str, *elements: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """As somebody at the other end does it; no element is refused."""
        return self._call(method, resource, json={resource: list(elements)})

    def _call(self, method: str, path: str, **what: Any) -> list[dict[str, Any]]:
        self._headers = self._headers or self._signed_in()
        url = f"{self.url}/api.xro/2.0/{path}"
        answer = requests.request(
            method, url, headers=self._headers, timeout=PATIENCE, **what
        )
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()[path.partition("/")[0]]
        return found

    def session(self) -> requests.Session:
        """A signed-in session with the headers of the Accounting API."""
        session = requests.Session()
        session.headers.update(self._signed_in())
        return session

    def _signed_in(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.sign_in()['access_token']}",
            "Xero-Tenant-Id": self.state()["tenant_id"],
            "Accept": "application/json",
        }


class EmptyLedger(PracticeLedger):
    """Without books, and without the start of a command; kept in ``data``, if given."""

    def __init__(self, *, tier: str = "unlimited", data: Path | None = None) -> None:
        super().__init__()
        self.tier = tier
        self.kept_in = [str(data)] if data else []

    @property
    def program(self) -> list[str]:
        arguments = [str(self.port), self.tier, *self.kept_in]
        return ["-m", "tests.empty_ledger", *arguments]
