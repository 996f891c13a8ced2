"""Two lists that overlap become one, by keyboard alone and within ten minutes: connected,
every pair decided, the plan signed off, the first sync done, and nobody there twice."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from customers.models import Contact
from fieldops.common.permissions import Role
from tests.acceptance.office import office_beside
from tests.acceptance.two_lists import (
    BOTH,
    LOOK_ALIKES,
    ONLY_THERE,
    OURS,
    TwoLists,
    two_lists,
)
from tests.builders import make_user
from tests.ledger import EmptyLedger, PracticeLedger
from tests.services import CeleryProcesses
from xero_sync.models import ContactLink, FoundPair, MirrorRecord, SyncIssue, SyncRun

pytestmark = [pytest.mark.browser, pytest.mark.workers]

LOG = logging.getLogger(__name__)
PATIENCE = 90_000
# What a person is given: to compare two records and press a key, to press any other key,
# and to read each page that is no pair.
SECONDS_A_PAIR, SECONDS_A_KEY, SECONDS_A_PAGE = 10, 1, 15
MOST_SECONDS = 10 * 60
SEEN = "body[data-seen], body:not([data-signed-in])"
FOCUS = """goal => {
    const element = document.activeElement;
    return element === goal ? "goal" : element?.matches(".skip") ? "skip" : "";
}"""


@dataclass
class Person:
    """Presses keys, no mouse, and is counted."""

    page: Page
    keys: int = 0
    pages: int = 0
    pairs: int = 0
    waited: float = 0.0
    said: dict[str, int] = field(default_factory=dict)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.sees_the_page()
            self.page.keyboard.press(key)
            self.keys += 1

    def reads(self, what: Locator, *, after_a_wait: bool = False) -> None:
        """A page; until it shows this there is nothing to read."""
        begun = time.monotonic()
        expect(what).to_be_visible(timeout=PATIENCE)
        self.pages += 1
        if after_a_wait:
            self.waited += time.monotonic() - begun

    def sees_the_page(self) -> None:
        """Until then one of ours knows no key of its own, sends whole pages, and takes no
        answer, which may be meant for the page before."""
        expect(self.page.locator(SEEN)).to_be_attached()

    def reach(self, what: Locator) -> None:
        """By Tab, from the top of the page by way of its first link, which skips ahead."""
        goal = what.element_handle()
        self.sees_the_page()
        for _ in range(60):
            focus = self.page.evaluate(FOCUS, goal)
            if focus == "goal":
                return
            self.press("Enter" if focus == "skip" else "Tab")
        raise AssertionError(f"{what} is not reached by keyboard.")

    def uses(self, what: Locator, key: str = "Enter") -> None:
        self.reach(what)
        self.press(key)

    def decides(self, twins: dict[int, str]) -> FoundPair:
        """The pair that is open, as somebody does who knows these people."""
        self.sees_the_page()
        action = self.page.locator("form[data-pair]").get_attribute("action") or ""
        pair = FoundPair.objects.get(pk=action.split("/")[-3])
        is_same = twins.get(pair.contact_id or 0) == pair.name_there
        with self.page.expect_navigation():
            self.press("m" if is_same else "n")
        self.pairs += 1
        self.said["same" if is_same else "different"] = (
            self.said.get("same" if is_same else "different", 0) + 1
        )
        return pair

    @property
    def summary(self) -> str:
        return (
            f"{self.pairs} pairs decided ({self.said}), {self.keys} keys, no click, "
            f"{self.pages} pages read: {self.seconds} s of a person's time; "
            f"{self.waited:.0f} s waited"
        )

    @property
    def seconds(self) -> int:
        others = self.keys - self.pairs
        return (
            self.pairs * SECONDS_A_PAIR
            + others * SECONDS_A_KEY
            + self.pages * SECONDS_A_PAGE
        )


@pytest.fixture
def lists() -> TwoLists:
    return two_lists()


@pytest.fixture
def ledger(lists: TwoLists) -> Iterator[PracticeLedger]:
    with EmptyLedger() as ledger:
        ledger.load_books({"Contacts": lists.theirs})
        yield ledger


@pytest.fixture
def person(
    ledger: PracticeLedger,
    live_server: LiveServer,
    celery_processes: CeleryProcesses,
    settings: Any,
    page: Page,
) -> Iterator[Person]:
    """Signed in as an administrator."""
    client = Client()
    client.force_login(make_user(Role.ADMINISTRATOR))
    name = project.SESSION_COOKIE_NAME
    session = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    with office_beside(ledger, live_server, celery_processes, settings, page):
        page.goto(live_server.url)
        yield Person(page)


def test_sixty_of_five_hundred_on_both_sides(
    person: Person, lists: TwoLists, ledger: PracticeLedger
) -> None:
    twins = lists.put_here()

    connect(person)
    confirm(person)
    compare(person)
    check_the_pairs(person, twins)
    assert ledger.state()["calls"]["writes"] == 0
    sign_off(person)
    tell_namesakes_apart(person)

    assert_nobody_is_there_twice(twins, ledger)
    LOG.info("%s", person.summary)
    assert person.seconds < MOST_SECONDS


# --- what a person does ---


def connect(person: Person) -> None:
    page = person.page
    person.press("g", "x")
    button = page.get_by_role("button", name="Connect to Xero")
    person.reads(button)
    person.uses(button)
    person.reads(page.get_by_text("wants access to your organisation"))
    person.uses(page.get_by_role("button", name="Allow access"))


def confirm(person: Person) -> None:
    """Xero's settings, then the customers'; Ctrl S saves."""
    page = person.page
    confirmations = page.get_by_label("I have checked this")
    person.reads(confirmations.first)
    for confirmation in confirmations.all():
        person.uses(confirmation, "Space")
    person.press("Control+s")
    expect(confirmations).to_have_count(0)
    person.uses(page.get_by_role("link", name="Change in Customer settings"))
    person.reads(confirmations)
    person.uses(confirmations, "Space")
    person.press("Control+s")
    expect(confirmations).to_have_count(0)


def compare(person: Person) -> None:
    page = person.page
    person.press("g", "x")
    person.uses(page.get_by_role("button", name="Show what it will do"))
    person.reads(page.get_by_role("link", name="Check", exact=True), after_a_wait=True)
    person.press("g", "u")


def check_the_pairs(person: Person, twins: dict[int, str]) -> None:
    """The certain ones at once, after a look at them; the others one by one."""
    page = person.page
    person.reads(page.locator("#pair-title"))
    doubtful = set(FoundPair.objects.doubtful().values_list("pk", flat=True))
    person.uses(page.get_by_role("button", name="certain"))
    expect(page.locator(".toast")).to_contain_text("merged")
    decided = [person.decides(twins) for _ in doubtful]
    assert {pair.pk for pair in decided} == doubtful
    assert min(person.said.values()) >= 5


def sign_off(person: Person) -> None:
    page = person.page
    person.uses(page.get_by_role("button", name="Preview with these answers"))
    button = page.get_by_role("button", name="Sign off and start")
    person.reads(button, after_a_wait=True)
    person.uses(button)
    finished = page.get_by_text("First sync: finished.")
    person.reads(finished, after_a_wait=True)
    run = SyncRun.objects.get(reason=SyncRun.Reason.FIRST)
    assert run.state == SyncRun.State.FINISHED, (run.problem, run.problem_details)


def tell_namesakes_apart(person: Person) -> None:
    """Two people of one name: the one that is proposed is good enough."""
    issues = SyncIssue.objects.open()
    assert {issue.code for issue in issues} == {"name_taken_in_xero"}
    rows = [person.page.locator(f"#issue-{issue.pk}") for issue in issues]
    for row in rows:
        person.uses(row.get_by_role("button", name="Use this name in Xero"))
        expect(row.get_by_role("textbox")).to_have_count(0)
    for row in rows:
        expect(row).to_contain_text("is in step with Xero now.", timeout=PATIENCE)


# --- what must be true ---


def assert_nobody_is_there_twice(twins: dict[int, str], ledger: PracticeLedger) -> None:
    """Who is on both sides is linked to the one they are, all others to a new record."""
    in_all = OURS + LOOK_ALIKES + ONLY_THERE
    assert Contact.objects.filter(is_archived=False).count() == in_all
    assert ledger.state()["contacts"] == in_all
    assert ledger.state()["archived_contacts"] == 0
    linked = dict(ContactLink.objects.values_list("record_id", "xero_id"))
    assert len(linked) == len(set(linked.values())) == in_all
    names = {
        row["ContactID"]: row["Name"]
        for row in MirrorRecord.objects.values_list("payload", flat=True)
        if "ContactID" in row
    }
    assert {pk: names[linked[pk]] for pk in twins} == twins
    assert len(twins) == BOTH
