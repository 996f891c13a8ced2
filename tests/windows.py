"""The one browser window of a run: each test finds it as if it had just been opened, but
what costs a second of every other window, its processes and a cold cache, is paid once."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from django.conf import settings
from django.contrib.staticfiles import handlers
from django.http import FileResponse, HttpRequest, HttpResponse
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from fieldops.common.permissions import Role
from fieldops.users.models import User
from tests.builders import make_user, session_of
from tests.console import complaints_of

Theme = Literal["light", "dark"]
Opened = Callable[..., Page]

# Of a machine with other work to do; what is right is seen at once on any.
expect.set_options(timeout=60_000)

OWN = ("http://localhost:", "http://127.0.0.1:", "data:", "blob:", "about:")


class Windows:
    """One with scripts and one without, each opened when somebody needs it."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self._browser = browser
        self._pages: dict[bool, Page] = {}
        self._requested: list[str] = []

    @contextlib.contextmanager
    def lent(self, *, scripts: bool = True) -> Iterator[Page]:
        """A window that nobody signed in at; one that reaches out fails the test."""
        page = self._pages.pop(scripts, None) or self._open(scripts)
        self._requested.clear()
        show(page)
        yield page
        if not page.is_closed():
            self._clear_up(page)
        if not page.is_closed():
            self._pages[scripts] = page
        strangers = [url for url in self._requested if not url.startswith(OWN)]
        assert strangers == []

    def _open(self, scripts: bool) -> Page:
        context = self._browser.new_context(
            base_url=self.address, java_script_enabled=scripts
        )
        context.on("request", lambda request: self._requested.append(request.url))
        return context.new_page()

    def _clear_up(self, page: Page) -> None:
        context = page.context
        page.unroute_all(behavior="ignoreErrors")
        try:
            if page.url.startswith(self.address):
                page.evaluate("localStorage.clear(); sessionStorage.clear()")
            # What a page asks for by itself must not meet the next test's database.
            page.goto("about:blank")
        except Error:
            # It was on its way somewhere itself; the next test gets another window.
            context.close()
            return
        for other in context.pages:
            if other is not page:
                other.close()
        context.clear_cookies()


def show(page: Page, *, width: int = 1440, theme: Theme = "light") -> None:
    page.set_viewport_size({"width": width, "height": 900 if width > 900 else 844})
    # What moves is drawn again and again, for nobody.
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")


def sign_in(page: Page, user: User, address: str) -> None:
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": session_of(user), "url": address}]
    )


class KeptFiles(handlers.StaticFilesHandler):
    """Scripts and styles are asked for once, as in a deployment, and not by each page."""

    def serve(self, request: HttpRequest) -> HttpResponse | FileResponse:
        response = super().serve(request)
        response["Cache-Control"] = "max-age=3600"
        return response


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handlers, "StaticFilesHandler", KeptFiles)
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def windows(browser: Browser, live_server: LiveServer) -> Windows:
    return Windows(browser, live_server.url)


@pytest.fixture
def page(request: pytest.FixtureRequest, windows: Windows) -> Iterator[Page]:
    """A window with nobody signed in; without scripts where the test says so."""
    marker = request.node.get_closest_marker("browser_context_args")
    scripts = marker is None or marker.kwargs.get("java_script_enabled", True)
    with windows.lent(scripts=scripts) as page:
        yield page


@pytest.fixture
def opened(windows: Windows) -> Iterator[Opened]:
    """Opens an address as an administrator, or as whom it is told; fails on anything
    that the console complains of."""
    complaints: list[str] = []
    with contextlib.ExitStack() as stack:
        lent: dict[bool, Page] = {}

        def lend(scripts: bool) -> Page:
            page = stack.enter_context(windows.lent(scripts=scripts))
            stack.enter_context(listening(page, complaints))
            return page

        def open_address(
            address: str,
            *,
            by: User | None = None,
            width: int = 1440,
            theme: Theme = "light",
            scripts: bool = True,
        ) -> Page:
            if scripts not in lent:
                page = lent[scripts] = lend(scripts)
                mary = {"first_name": "Mary", "last_name": "Doyle"}
                user = by or make_user(Role.ADMINISTRATOR, **mary)
                sign_in(page, user, windows.address)
            show(lent[scripts], width=width, theme=theme)
            lent[scripts].goto(address)
            return lent[scripts]

        yield open_address
    assert complaints_of(complaints) == []


@contextlib.contextmanager
def listening(page: Page, complaints: list[str]) -> Iterator[None]:
    def on_console(message: ConsoleMessage) -> None:
        complaints.append(message.text)

    def on_error(error: Error) -> None:
        complaints.append(str(error))

    page.on("console", on_console)
    page.on("pageerror", on_error)
    yield
    page.remove_listener("console", on_console)
    page.remove_listener("pageerror", on_error)
