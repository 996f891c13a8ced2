"""HTTP in front of the ledger: a WSGI application served by gunicorn, one process."""

import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from gunicorn.app.base import BaseApplication

from xero_sync.sandbox.http import Request, Response, request
from xero_sync.sandbox.ledger import Ledger
from xero_sync.sandbox.sandbox import Sandbox

THREADS = 16
HEADERS_WITHOUT_PREFIX = ("CONTENT_TYPE", "CONTENT_LENGTH")
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class WsgiLedger:
    """One lock serialises the calls; delays are waited out beside it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._in_flight: Counter[str] = Counter()

    def __call__(
        self, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        tenant = environ.get("HTTP_XERO_TENANT_ID", "")
        with self._lock:
            self._in_flight[tenant] += 1
            in_flight = self._in_flight[tenant]
        try:
            call = request_of(environ, in_flight)
            with self._lock:
                response = self._sandbox.handle(call)
            time.sleep(response.delay_ms / 1000)
        finally:
            with self._lock:
                self._in_flight[tenant] -= 1
        return _answer(environ, start_response, response)


def request_of(environ: dict[str, Any], in_flight: int) -> Request:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in HEADERS_WITHOUT_PREFIX
    }
    return request(
        environ["REQUEST_METHOD"],
        environ["RAW_URI"],
        headers=headers,
        body=environ["wsgi.input"].read(),
        in_flight=in_flight,
    )


def _answer(
    environ: dict[str, Any], start_response: StartResponse, response: Response
) -> Iterable[bytes]:
    headers = [*response.headers.items(), ("Content-Length", str(len(response.body)))]
    start_response(f"{response.status} {_phrase(response.status)}", headers)
    if response.lost:
        _hang_up(environ)
        return [b""]
    if response.truncated:
        return _half(environ, response.body)
    return [response.body]


def _half(environ: dict[str, Any], body: bytes) -> Iterable[bytes]:
    yield body[: len(body) // 2]
    _hang_up(environ)


def _hang_up(environ: dict[str, Any]) -> None:
    environ["gunicorn.socket"].shutdown(socket.SHUT_RDWR)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


def _leave_at_once(server: object, worker: Any) -> None:
    """What was answered is kept: no need to wait for threads and idle connections."""
    if worker.booted:
        os._exit(0)


class LedgerServer(BaseApplication):  # type: ignore[misc]
    """gunicorn started from code: one worker process, because the books are in memory."""

    def __init__(self, open_ledger: Callable[[], Ledger], host: str, port: int) -> None:
        self._open_ledger = open_ledger
        self._bind = f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": self._bind,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "loglevel": "warning",
            "graceful_timeout": 4,
            "timeout": 600,
            "keepalive": 30,
            "control_socket_disable": True,
            "worker_exit": _leave_at_once,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> WsgiLedger:
        """In the worker: the file and the books belong to the process that answers."""
        return WsgiLedger(Sandbox(self._open_ledger()))
