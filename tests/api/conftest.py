"""Field apps of the cast, signed in."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache

from fieldops.users.models import User
from fieldops.users.tokens import issue_token
from tests.api.app import App

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
        app.let_in(issue_token(user, device="Phone"))
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
