"""A request and a response without sockets, so that the ledger also runs in-process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from xero_sync.sandbox.wire import encode

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """One call. Header names are lower case; `in_flight` counts this call too."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    query_string: str = ""
    in_flight: int = 1
    origin: str = "http://localhost"

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    def form(self) -> dict[str, list[str]]:
        fields: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.body.decode(), keep_blank_values=True):
            fields.setdefault(name, []).append(value)
        return fields


@dataclass
class Response:
    """One answer, and what a fault does to it on the way back."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay_ms: int = 0
    lost: bool = False
    truncated: bool = False


def request(
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    in_flight: int = 1,
    origin: str = "http://localhost",
) -> Request:
    """A Request from a target such as `/api.xro/2.0/Contacts?page=1`."""
    path, _, query_string = target.partition("?")
    return Request(
        method=method.upper(),
        path=path,
        query=dict(parse_qsl(query_string, keep_blank_values=True)),
        headers={name.lower(): value for name, value in (headers or {}).items()},
        body=body,
        query_string=query_string,
        in_flight=in_flight,
        origin=origin,
    )


def json_response(value: object, *, status: int = 200) -> Response:
    return Response(status, encode(value), {"Content-Type": JSON})


def html_response(text: str, *, status: int = 200) -> Response:
    return Response(status, text.encode(), {"Content-Type": HTML})


def redirect(location: str) -> Response:
    return Response(302, b"", {"Location": location})
