"""A handful of pairs decided with real keys, and by buttons without scripts."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from fieldops.common.permissions import Role
from tests.accessibility import assert_readable
from tests.builders import make_user
from tests.xero_sync.consolidation.pairs import make_pair
from tests.xero_sync.rows import make_connection, make_run
from xero_sync.models import PairDecision, SyncRun

pytestmark = pytest.mark.browser

SEEN_AFTER = "SEEN_AFTER_MS = 300"
NAMES = ("Antrim Arms", "Bann Windows", "Castle Hotel", "Derg Farm")


@pytest.fixture
def session(live_server: LiveServer, transactional_db: None) -> dict[str, str]:
    connection = make_connection(first_sync_done_at=None)
    make_run(connection, reason=SyncRun.Reason.PREVIEW)
    for name in NAMES:
        make_pair(connection, name, phone="028 1")
    client = Client()
    client.force_login(make_user(Role.OFFICE))
    name = settings.SESSION_COOKIE_NAME
    return {
        "name": name,
        "value": client.cookies[name].value,
        "url": live_server.url,
    }


@pytest.fixture
def duplicates(page: Page, session: dict[str, str]) -> Page:
    page.context.add_cookies([session])  # type: ignore[list-item]
    page.goto(f"{session['url']}/xero/duplicates/")
    return page


def heading(page: Page, name: str) -> None:
    """The pair is open and has been seen: the page listens to keys."""
    expect(page.locator("#pair-title")).to_have_text(name)
    expect(page.locator("body[data-seen]")).to_be_attached()


def said() -> dict[str, tuple[str, dict[str, str]]]:
    return {
        pair.name_here: (decision.answer, decision.fields)
        for decision in PairDecision.objects.prefetch_related("pairs")
        for pair in decision.pairs.all()
    }


def test_four_pairs_by_keyboard(duplicates: Page) -> None:
    keys = duplicates.keyboard
    heading(duplicates, "Antrim Arms")
    keys.press("ArrowLeft")
    keys.press("ArrowDown")
    keys.press("ArrowRight")
    keys.press("m")
    heading(duplicates, "Bann Windows")
    keys.press("n")
    heading(duplicates, "Castle Hotel")
    keys.press("s")
    heading(duplicates, "Derg Farm")
    keys.press("n")
    heading(duplicates, "Castle Hotel")
    keys.press("u")
    heading(duplicates, "Derg Farm")
    keys.press("m")
    heading(duplicates, "Castle Hotel")
    expect(duplicates.locator(".page-head")).to_contain_text("1 left to check")

    assert said() == {
        "Antrim Arms": ("same", {"name": "ours", "phone": "theirs"}),
        "Bann Windows": ("different", {}),
        "Derg Farm": ("same", {"name": "theirs", "phone": "ours"}),
    }


@pytest.fixture
def unseen(duplicates: Page) -> Page:
    """No page counts as seen before the test says so, however slow the machine is."""

    def never(route: Route) -> None:
        script = route.fetch().text()
        assert SEEN_AFTER in script
        route.fulfill(body=script.replace(SEEN_AFTER, "SEEN_AFTER_MS = 1e8"))

    duplicates.route("**/keys.js", never)
    duplicates.reload()
    return duplicates


def seen(page: Page, name: str) -> None:
    expect(page.locator("#pair-title")).to_have_text(name)
    page.wait_for_load_state()
    page.evaluate("document.body.setAttribute('data-seen', '')")


def test_a_pair_that_nobody_has_seen_is_not_decided(unseen: Page) -> None:
    """Pressed faster than pages load, held down, or clicked twice."""
    seen(unseen, "Antrim Arms")
    for _ in range(3):
        unseen.keyboard.press("m")
    seen(unseen, "Bann Windows")
    assert list(said()) == ["Antrim Arms"]

    unseen.keyboard.down("n")
    seen(unseen, "Castle Hotel")
    for _ in range(10):
        unseen.keyboard.down("n")
    assert list(said()) == ["Antrim Arms", "Bann Windows"]

    unseen.keyboard.up("n")
    unseen.get_by_role("button", name="Merge and next").dblclick()
    seen(unseen, "Derg Farm")
    assert list(said()) == ["Antrim Arms", "Bann Windows", "Castle Hotel"]

    unseen.get_by_role("button", name="Undo").dblclick()
    seen(unseen, "Castle Hotel")
    assert list(said()) == ["Antrim Arms", "Bann Windows"]


def test_who_is_too_early_is_told_so_once(unseen: Page) -> None:
    unseen.keyboard.press("m")
    unseen.get_by_role("button", name="Merge and next").click()
    expect(unseen.locator(".toast")).to_contain_text("so nothing was done")
    assert said() == {}

    seen(unseen, "Antrim Arms")
    unseen.get_by_role("button", name="Not the same").click()
    expect(unseen.locator("#pair-title")).to_have_text("Bann Windows")
    assert said() == {"Antrim Arms": ("different", {})}


def test_arrows_stop_at_the_side_they_point_to(duplicates: Page) -> None:
    right = duplicates.locator('input[name="field-name"][value="theirs"]')
    for _ in range(2):
        duplicates.keyboard.press("ArrowRight")
        expect(right).to_be_checked()
        expect(right).to_be_focused()
    duplicates.keyboard.press("ArrowUp")
    expect(right).to_be_focused()


def test_letters_that_are_typed_decide_nothing(duplicates: Page) -> None:
    duplicates.locator("#find").fill("")
    duplicates.locator("#find").press_sequentially("mnsu")
    expect(duplicates.locator("#find")).to_have_value("mnsu")
    heading(duplicates, "Antrim Arms")
    assert said() == {}


def test_a_key_after_g_is_no_answer(duplicates: Page) -> None:
    duplicates.keyboard.press("g")
    duplicates.keyboard.press("s")
    expect(duplicates).to_have_url(re.compile("/suppliers/$"))


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_it_works_without_scripts(duplicates: Page) -> None:
    page = duplicates
    page.locator('input[name="field-name"][value="ours"]').check()
    title = page.locator("#pair-title")
    page.get_by_role("button", name="Merge and next").click()
    expect(title).to_have_text("Bann Windows")
    page.get_by_role("button", name="Not the same").click()
    expect(title).to_have_text("Castle Hotel")
    page.get_by_role("button", name="Undo").click()
    expect(title).to_have_text("Bann Windows")

    assert said() == {"Antrim Arms": ("same", {"name": "ours", "phone": "ours"})}


def test_the_page_is_readable_for_everybody(duplicates: Page) -> None:
    assert_readable(duplicates)
