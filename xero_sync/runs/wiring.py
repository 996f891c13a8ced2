"""The one place that builds the client from the project's settings."""

import random as randomness

from django.conf import settings

from xero_sync.client.allowance import SLOT_SECONDS
from xero_sync.client.api import XeroApi
from xero_sync.client.auth import XeroApp, XeroAuth
from xero_sync.client.exchange import Clock, SystemClock, Transport
from xero_sync.client.lines import Lines, ThreadLines
from xero_sync.client.retry import Random
from xero_sync.client.throttle import Throttle
from xero_sync.client.transport import HttpTransport
from xero_sync.models import XeroConnection
from xero_sync.runs.refreshing import StoredTokenSource
from xero_sync.store.budget import StoredBudget

# The part of a day's calls that automatic runs leave for people who press a button.
DAY_RESERVE = 0.05

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
    connection: XeroConnection,
    *,
    by_hand: bool,
    clock: Clock | None = None,
    transport: Transport | None = None,
    lines: Lines | None = None,
    random: Random | None = None,
) -> XeroApi:
    """``lines`` carry the calls, ``transport`` the renewal of tokens."""
    clock = clock or SystemClock()
    app = xero_app(connection.practice_url)
    transport = transport or HttpTransport()
    auth = XeroAuth(app, transport, clock=clock)
    throttle = Throttle(
        StoredBudget(connection.pk),
        clock,
        calls_per_minute=settings.XERO_CALLS_PER_MINUTE,
        reserve=0.0 if by_hand else DAY_RESERVE,
        # No successor waits longer for a killed worker's calls than for its lease.
        slot_seconds=min(SLOT_SECONDS, settings.XERO_LEASE.total_seconds()),
    )
    return XeroApi(
        lines or ThreadLines(transport),
        throttle,
        StoredTokenSource(connection.pk, auth, clock.now, clock.sleep),
        connection.tenant_id,
        api_url=app.api_url,
        clock=clock,
        random=random or randomness.random,
    )
