"""The style guide under the policy, with somebody signed in."""

from typing import Any

import pytest

from tests.windows import Opened

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


@pytest.fixture
def open_page(site: None, opened: Opened) -> Opened:
    return opened
