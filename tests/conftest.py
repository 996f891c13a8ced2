"""The cast of people, real servers for those who ask, and the rules of every run:
nothing leaves the machine, and nothing is skipped without saying so."""

import gc
import os
import socket
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client
from kombu import pools
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key
from xdist.remote import Producer

from fieldops.celery import app as celery_app
from fieldops.common.permissions import Role
from fieldops.settings.base import cache_at, sqlite_url
from fieldops.users.models import User
from tests import chromium
from tests.builders import make_user, put_starter_chart, session_of
from tests.ledger import EmptyLedger, PracticeLedger
from tests.migrated import NAMED_BY, copied_database
from tests.scheduling import Together
from tests.services import CeleryProcesses, Missing, running_broker
from tests.windows import live_server, opened, page, windows

__all__ = ["live_server", "opened", "page", "windows"]

# Playwright's synchronous interface runs an event loop in the test's own thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

SKIPS_ALLOWED = ("../shared", "SKIP_BROWSER")


# --- rules of every run ---


@pytest.fixture(autouse=True, scope="session")
def only_this_machine() -> Iterator[None]:
    """A socket that leaves loopback is an error of the test or of the code."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse_others(address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and host != "localhost" and not host.startswith(("127.", "::1")):
            raise AssertionError(f"A test tried to reach {host}.")

    def guarded(self: socket.socket, address: Any) -> None:
        refuse_others(address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        refuse_others(address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if "browser" in item.keywords and os.environ.get("SKIP_BROWSER"):
            item.add_marker(pytest.mark.skip(reason="SKIP_BROWSER is set"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


class NoSilentSkips:
    """Fails a run that left a test out for a reason that nobody agreed to."""

    def __init__(self) -> None:
        self.unexpected: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.look_at(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.look_at(report)

    def look_at(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped:
            return
        reason = str(report.longrepr)
        if not any(allowed in reason for allowed in SKIPS_ALLOWED):
            self.unexpected.append(f"{report.nodeid}: {reason}")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for line in self.unexpected:
            terminalreporter.write_line(f"Skipped without leave: {line}", red=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.unexpected and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(NoSilentSkips())


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays: the garbage collector need not go through
    it, neither while it comes nor with every test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


# --- the database ---

if NAMED_BY in os.environ:

    @pytest.fixture(scope="session")
    def django_db_setup(
        django_test_environment: None,
        django_db_blocker: DjangoDbBlocker,
        worker_id: str,
    ) -> Iterator[None]:
        """Within the suite: not migrated here, but copied."""
        with (
            django_db_blocker.unblock(),
            copied_database(os.environ[NAMED_BY], worker_id),
        ):
            yield


# --- the cast ---


@pytest.fixture
def administrator(db: None) -> User:
    return make_user(Role.ADMINISTRATOR, username="administrator")


@pytest.fixture
def office(db: None) -> User:
    return make_user(Role.OFFICE, username="office")


@pytest.fixture
def engineer(db: None) -> User:
    return make_user(Role.ENGINEER, username="engineer")


@pytest.fixture
def accountant(db: None) -> User:
    return make_user(Role.ACCOUNTANT, username="accountant")


SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    def signed_in(user: User) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        return client

    return signed_in


@pytest.fixture
def administrator_client(administrator: User, sign_in: SignIn) -> Client:
    return sign_in(administrator)


@pytest.fixture
def office_client(office: User, sign_in: SignIn) -> Client:
    return sign_in(office)


@pytest.fixture
def engineer_client(engineer: User, sign_in: SignIn) -> Client:
    return sign_in(engineer)


@pytest.fixture
def accountant_client(accountant: User, sign_in: SignIn) -> Client:
    return sign_in(accountant)


# --- real servers ---


@pytest.fixture(scope="session")
def redis_url(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[str]:
    """A Redis-compatible server: of this run, or a database of REDIS_URL's own."""
    given = os.environ.get("REDIS_URL")
    if given:
        number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw"))
        # The suite goes over both databases at once.
        number = 2 * number + (connection.vendor == "postgresql")
        yield f"{given.rsplit('/', 1)[0]}/{15 - number}"
        return
    with running_broker(tmp_path_factory.mktemp("broker")) as url:
        yield url


@pytest.fixture
def broker(redis_url: str, settings: Any) -> Iterator[str]:
    """Messages and cache of this process go through a real, empty broker."""
    before = celery_app.conf.broker_url
    settings.CACHES = {"default": cache_at(redis_url)}
    forget_broker(redis_url)
    with redis.Redis.from_url(redis_url) as server:
        server.flushdb()
    yield redis_url
    forget_broker(before)


def forget_broker(next_url: str) -> None:
    """Celery keeps connections in three places."""
    celery_app.conf.update(broker_url=next_url)
    pools.reset()
    celery_app._pool = None  # type: ignore[attr-defined]
    celery_app.__dict__.pop("amqp", None)


@pytest.fixture
def celery_processes(
    transactional_db: None, broker: str, tmp_path: Path
) -> Iterator[CeleryProcesses]:
    """Starts real workers and beat; mark the test with ``workers``."""
    processes = CeleryProcesses(tmp_path, environment_of_processes(broker))
    yield processes
    processes.end_all()


def environment_of_processes(broker_url: str) -> dict[str, str]:
    """What a process of this project needs to work on the test's own database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "fieldops.settings.test",
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker_url,
        "FIELDOPS_TEST_BROKER": broker_url,
    }


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return sqlite_url(Path(database["NAME"]))
    return (
        f"postgres://{database['USER']}:{database['PASSWORD']}"
        f"@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )


@pytest.fixture(scope="session")
def running_ledger() -> Iterator[PracticeLedger]:
    with EmptyLedger() as ledger:
        yield ledger


@pytest.fixture
def ledger(running_ledger: PracticeLedger) -> PracticeLedger:
    """One practice ledger for all tests; each finds its books empty."""
    running_ledger.control("clock", shift_seconds=0)
    running_ledger.control("reset")
    return running_ledger


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    try:
        executable = chromium.chromium()
    except Missing as missing:
        pytest.fail(str(missing))
    return {
        "executable_path": str(executable),
        "args": chromium.ARGUMENTS,
        "headless": True,
    }


@pytest.fixture(scope="session")
def base_url() -> None:
    """Playwright's own is made in a way that pytest warns of."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """A transactional test leaves empty tables behind: what migrations put there is put
    back, whichever test comes next."""
    try:
        return (yield)
    finally:
        if nextitem is not None and flushes(item):
            with item.config.stash[blocking_manager_key].unblock():
                put_starter_chart()


def flushes(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        return True
    named = getattr(item, "fixturenames", ())
    return "transactional_db" in named or "live_server" in named
