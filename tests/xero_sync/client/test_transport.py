"""The door to the network, over real sockets on this machine."""

import gzip
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from xero_sync.client.exchange import NoAnswer, NotSent, Request
from xero_sync.client.transport import HttpTransport

Behaviour = Callable[[socket.socket], None]


@contextmanager
def server(behave: Behaviour) -> Iterator[tuple[str, list[bytes]]]:
    """Answers one connection as told; gives its address and what it received."""
    received: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            with closing(listener.accept()[0]) as connection:
                received.append(whole_request(connection))
                behave(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}/x", received
        thread.join(timeout=5)


def whole_request(connection: socket.socket) -> bytes:
    """Head and body may come in separate packets."""
    read = connection.recv(65536)
    length = re.search(rb"Content-Length: (\d+)", read)
    while length and len(read.partition(b"\r\n\r\n")[2]) < int(length[1]):
        read += connection.recv(65536)
    return read


def says(text: bytes) -> Behaviour:
    return lambda connection: connection.sendall(text)


def test_gives_status_headers_in_lower_case_and_the_bytes() -> None:
    answer = (
        b"HTTP/1.1 429 Slow\r\nRetry-After: 26\r\nX-MinLimit-Remaining: 0\r\n"
        b"Content-Length: 2\r\n\r\n{}"
    )
    with server(says(answer)) as (address, received):
        response = HttpTransport().send(
            Request("PUT", address, {"a b": "ü&"}, {"Accept": "json"}, b"the body")
        )

    assert (response.status, response.body) == (429, b"{}")
    assert response.headers["retry-after"] == "26"
    assert response.headers["x-minlimit-remaining"] == "0"
    head, _, body = received[0].partition(b"\r\n\r\n")
    assert head.startswith(b"PUT /x?a%20b=%C3%BC%26 HTTP/1.1")
    assert b"Accept: json" in head
    assert body == b"the body"


def test_does_not_follow_a_redirect_with_our_token() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with server(says(answer)) as (address, _):
        assert HttpTransport().send(Request("GET", address)).status == 302


def test_a_netrc_of_the_machine_does_not_replace_our_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n")
    monkeypatch.setenv("NETRC", str(netrc))
    answer = b"HTTP/1.1 204 No\r\n\r\n"
    with server(says(answer)) as (address, received):
        headers = {"Authorization": "Bearer ours"}
        HttpTransport().send(Request("GET", address, headers=headers))

    assert b"Authorization: Bearer ours" in received[0]


def test_keeps_no_cookies() -> None:
    transport = HttpTransport()
    answer = b"HTTP/1.1 204 No\r\nSet-Cookie: a=b\r\nConnection: close\r\n\r\n"
    with server(says(answer)) as (address, _):
        transport.send(Request("GET", address))
    with server(says(answer)) as (address, received):
        transport.send(Request("GET", address))

    assert b"Cookie" not in received[0]


def test_asks_the_proxy_that_the_machine_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with server(says(answer)) as (address, received):
        proxy = address.replace("http://", "http://me:secret@").removesuffix("/x")
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        response = HttpTransport().send(Request("GET", "http://xero.test/a?b=c"))

    assert (response.status, response.body) == (200, b"{}")
    assert received[0].startswith(b"GET http://xero.test/a?b=c HTTP/1.1")
    assert b"Proxy-Authorization: Basic bWU6c2VjcmV0" in received[0]


def test_reads_what_was_packed() -> None:
    packed = gzip.compress(b'{"Status": "OK"}')
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
    answer = head + str(len(packed)).encode() + b"\r\n\r\n" + packed
    with server(says(answer)) as (address, received):
        response = HttpTransport().send(Request("GET", address))

    assert response.body == b'{"Status": "OK"}'
    assert b"Accept-Encoding: gzip, deflate" in received[0]


def test_a_closed_port_means_it_was_not_sent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(NotSent):
        HttpTransport().send(Request("PUT", f"http://127.0.0.1:{port}/", body=b"x"))


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"Status":',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    ],
)
def test_half_an_answer_means_it_may_have_arrived(half: bytes) -> None:
    with server(says(half)) as (address, _), pytest.raises(NoAnswer):
        HttpTransport().send(Request("PUT", address, body=b"x"))


def test_silence_means_it_may_have_arrived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xero_sync.client.transport.READ_SECONDS", 0.2)
    stop = threading.Event()

    def stay_silent(_: socket.socket) -> None:
        stop.wait(5)

    with server(stay_silent) as (address, _):
        with pytest.raises(NoAnswer):
            HttpTransport().send(Request("PUT", address, body=b"x"))
        stop.set()


def test_only_this_file_imports_an_http_library() -> None:
    root = Path(__file__).resolve().parents[3] / "xero_sync"
    rooms = ("client", "mappers", "matching", "outcomes", "planner", "steps", "runs")

    importers = [
        path.name
        for room in rooms
        for path in (root / room).rglob("*.py")
        if re.search(r"^(import|from) (requests|urllib3)", path.read_text(), re.M)
    ]

    assert importers == ["transport.py"]
