"""The one door to the network. Nothing else imports an HTTP library."""

from typing import cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from xero_sync.client.exchange import NoAnswer, NotSent, Request, Response

CONNECT_SECONDS = 5
READ_SECONDS = 60
IN_FLIGHT = 5

_ALWAYS = {"Accept-Encoding": "gzip, deflate"}


class Roads(HTTPAdapter):
    """The way to a server as ``requests`` finds it: proxies, certificates, connections
    that stay open. It is found once for each server."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=IN_FLIGHT, max_retries=0)
        self._known: dict[str, tuple[HTTPConnectionPool, str]] = {}

    def to(self, origin: str) -> tuple[HTTPConnectionPool, str]:
        """The connections, and what stands before the path in a request to them: a proxy
        is told the whole address."""
        if origin not in self._known:
            self._known[origin] = self._find(origin)
        return self._known[origin]

    def _find(self, origin: str) -> tuple[HTTPConnectionPool, str]:
        probe = requests.Request("GET", f"{origin}/").prepare()
        url = probe.url or origin
        found = requests.Session().merge_environment_settings(
            url, proxies={}, stream=None, verify=None, cert=None
        )
        verify, proxies = found["verify"], found["proxies"]
        pool = self.get_connection_with_tls_context(probe, verify, proxies=proxies)
        self.cert_verify(pool, url, verify, None)  # type: ignore[no-untyped-call]
        prefix = self.request_url(probe, proxies).removesuffix("/")
        return cast(HTTPConnectionPool, pool), prefix


class HttpTransport:
    """Sends the bytes as they are: what ``requests`` does beyond that for each of them,
    cookies, redirects, passwords out of a .netrc, is not wanted here."""

    def __init__(self) -> None:
        self._roads = Roads()

    def send(self, request: Request) -> Response:
        try:
            answer = self._sent(request)
        except (HTTPError, RequestException) as error:
            # The library's own text may quote the request.
            raise _failure(error) from None
        return Response(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.data,
        )

    def _sent(self, request: Request) -> BaseHTTPResponse:
        url = urlsplit(request.url)
        pool, prefix = self._roads.to(f"{url.scheme}://{url.netloc}")
        path = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
        return pool.urlopen(
            request.method,
            prefix + path,
            body=request.body,
            headers=_ALWAYS | dict(request.headers),
            retries=False,
            redirect=False,
            assert_same_host=False,
            timeout=Timeout(CONNECT_SECONDS, READ_SECONDS),
        )


def _failure(error: Exception) -> NotSent | NoAnswer:
    not_sent = isinstance(error, ConnectTimeoutError | NewConnectionError)
    return (NotSent if not_sent else NoAnswer)(type(error).__name__)
