"""The one door to the network. Nothing else imports an HTTP library."""

from http.cookiejar import DefaultCookiePolicy

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import NewConnectionError

from xero_sync.client.exchange import NoAnswer, NotSent, Request, Response

CONNECT_SECONDS = 5
READ_SECONDS = 60
IN_FLIGHT = 5


class KeepOurHeader(requests.auth.AuthBase):
    """Without it a .netrc of the machine would replace our Authorization header."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def new_session() -> requests.Session:
    """Keeps connections open, sends no cookies, retries nothing by itself."""
    session = requests.Session()
    session.auth = KeepOurHeader()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_maxsize=IN_FLIGHT, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class HttpTransport:
    def __init__(self, session: requests.Session | None = None) -> None:
        self._session = session or new_session()

    def send(self, request: Request) -> Response:
        try:
            answer = self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                data=request.body,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
        except RequestException as error:
            # The library's own text may quote the request.
            raise _failure(error) from None
        return Response(
            status=answer.status_code,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.content,
        )


def _failure(error: RequestException) -> NotSent | NoAnswer:
    name = type(error).__name__
    return NotSent(name) if _was_not_sent(error) else NoAnswer(name)


def _was_not_sent(error: RequestException) -> bool:
    if isinstance(error, ConnectTimeout):
        return True
    if not isinstance(error, ConnectionFailed) or not error.args:
        return False
    return isinstance(getattr(error.args[0], "reason", None), NewConnectionError)
