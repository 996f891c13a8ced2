"""A field app: signed in on a device, speaking JSON, and nothing else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from fieldops.users.models import User
from fieldops.users.tokens import issue_token


class App(APIClient):
    """Answers as (status, body); ``error`` for the code of what was refused."""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        response = getattr(self, method)(
            f"/api/v1/{path}", body, headers=headers or None
        )
        return response.status_code, response.json() if response.content else None

    def error(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        status, answer = self.call(method, path, body, **headers)
        assert set(answer) == {"error"}
        assert set(answer["error"]) == {"code", "message", "fields"}
        return status, answer["error"]["code"]


AppOf = Callable[[User], App]


@pytest.fixture(autouse=True)
def no_tries_counted() -> Iterator[None]:
    """Sign-ins of other tests do not count towards this one's limit."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def app_of() -> AppOf:
    def signed_in(user: User) -> App:
        app = App(enforce_csrf_checks=True)
        token = issue_token(user, device="Phone")
        app.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return app

    return signed_in


@pytest.fixture
def office_app(office: User, app_of: AppOf) -> App:
    return app_of(office)


@pytest.fixture
def engineer_app(engineer: User, app_of: AppOf) -> App:
    return app_of(engineer)


@pytest.fixture
def accountant_app(accountant: User, app_of: AppOf) -> App:
    return app_of(accountant)
