"""The one place that builds the client from the project's settings."""

from django.conf import settings

from xero_sync.client.api import XeroApi
from xero_sync.client.auth import XeroApp, XeroAuth
from xero_sync.client.exchange import Clock, SystemClock
from xero_sync.client.throttle import Throttle
from xero_sync.client.transport import HttpTransport
from xero_sync.models import XeroConnection
from xero_sync.runs.refreshing import StoredTokenSource

# Calls of a day that automatic runs leave for people who press a button.
DAY_RESERVE = 50

# The demo app of the practice ledger: no secret of anybody's.
PRACTICE_CLIENT = "practice-client"
PRACTICE_SECRET = "practice-secret"  # noqa: S105
PRACTICE_REDIRECT = "http://localhost:8000/xero/callback/"


def xero_app(practice_url: str = "") -> XeroApp:
    """``practice_url``: the practice ledger stands for all three of Xero's addresses."""
    if practice_url:
        return XeroApp(
            client_id=PRACTICE_CLIENT,
            client_secret=PRACTICE_SECRET,
            redirect_uri=settings.XERO_REDIRECT_URI or PRACTICE_REDIRECT,
            login_url=practice_url,
            identity_url=practice_url,
            api_url=practice_url,
        )
    return XeroApp(
        client_id=settings.XERO_CLIENT_ID,
        client_secret=settings.XERO_CLIENT_SECRET,
        redirect_uri=settings.XERO_REDIRECT_URI,
        login_url=settings.XERO_LOGIN_URL,
        identity_url=settings.XERO_IDENTITY_URL,
        api_url=settings.XERO_API_URL,
    )


def xero_auth(practice_url: str = "") -> XeroAuth:
    return XeroAuth(xero_app(practice_url), HttpTransport())


def build_api(
    connection: XeroConnection, *, by_hand: bool, clock: Clock | None = None
) -> tuple[XeroApi, Throttle]:
    clock = clock or SystemClock()
    app = xero_app(connection.practice_url)
    transport = HttpTransport()
    throttle = Throttle(
        clock,
        calls_per_minute=settings.XERO_CALLS_PER_MINUTE,
        day_reserve=0 if by_hand else DAY_RESERVE,
        state=connection.throttle,
    )
    api = XeroApi(
        transport,
        throttle,
        StoredTokenSource(connection.pk, XeroAuth(app, transport), clock.now),
        connection.tenant_id,
        api_url=app.api_url,
        clock=clock,
    )
    return api, throttle
