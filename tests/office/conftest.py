"""The style guide on a server of its own, under the policy, with somebody signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from fieldops.common.permissions import Role
from tests.builders import make_user
from tests.console import complaints_of

POLICY = "fieldops.content_policy.content_policy"
XERO = {"label": "Xero: last synced 4 min ago", "tone": "ok", "open_issues": 12}


def xero_state(request: object) -> dict[str, Any]:
    return {"xero": XERO | {"url": "/xero/"}}


@pytest.fixture
def site(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.office.urls"
    if POLICY not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, POLICY]
    templates = settings.TEMPLATES[0]
    processors = [*templates["OPTIONS"]["context_processors"]]
    if "fieldops.navigation.office" not in processors:
        processors.append("fieldops.navigation.office")
    processors.append("tests.office.conftest.xero_state")
    options = templates["OPTIONS"] | {"context_processors": processors}
    settings.TEMPLATES = [templates | {"OPTIONS": options}]


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(site: None, live_server: LiveServer, browser: Browser) -> Iterator[Any]:
    """Opens an address as an administrator; fails on anything the console complains of."""
    user = make_user(Role.ADMINISTRATOR, first_name="Mary", last_name="Doyle")
    client = Client()
    client.force_login(user)
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(
        address: str, *, width: int = 1440, theme: Any = "light", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900 if width > 900 else 844},
            color_scheme=theme,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.add_cookies(
            [
                {
                    "name": django_settings.SESSION_COOKIE_NAME,
                    "value": session,
                    "url": live_server.url,
                }
            ]
        )
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints_of(complaints) == []
