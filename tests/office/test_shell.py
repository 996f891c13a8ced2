"""The frame of the pages: who sees which entry, preferences, error pages, the policy."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from fieldops.common.models import ChangeEntry
from fieldops.navigation import active_url
from fieldops.users.models import User
from tests.conftest import SignIn

pytestmark = pytest.mark.usefixtures("site")

GUIDE = "/styleguide/"


def entries(client: Client) -> list[str]:
    html = client.get(GUIDE).content.decode()
    return re.findall(r'class="nav-link"[^>]*>.*?</svg>([^<]+)', html, re.S)


def test_the_office_sees_its_pages(office_client: Client) -> None:
    assert entries(office_client) == [
        "Dashboard",
        "Customers",
        "Leads",
        "Suppliers",
        "Stock",
        "Invoices",
        "Xero sync",
        "Import",
        "Settings",
    ]


def test_an_accountant_imports_nothing(accountant_client: Client) -> None:
    assert entries(accountant_client)[-2:] == ["Xero sync", "Settings"]


def test_an_engineer_sees_no_accounting(engineer_client: Client) -> None:
    assert entries(engineer_client)[-1] == "Invoices"
    assert ">Accounting</h2>" not in engineer_client.get(GUIDE).content.decode()


def test_shortcuts_follow_the_rights_too(
    accountant_client: Client, office_client: Client
) -> None:
    assert b"New customer" not in accountant_client.get("/styleguide/sync/").content
    assert b"New customer" in office_client.get("/styleguide/sync/").content


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    response = client.get(GUIDE)
    assert response.status_code == 302
    assert response["Location"] == f"/login/?next={GUIDE}"


@pytest.mark.parametrize(
    ("path", "active"),
    [
        ("/", "/"),
        ("/customers/7/", "/customers/"),
        ("/customers/leads/7/", "/customers/leads/"),
        ("/elsewhere/", ""),
    ],
)
def test_the_nearest_entry_is_current(path: str, active: str) -> None:
    assert active_url(["/", "/customers/", "/customers/leads/"], path) == active


def test_help_is_second_from_the_right(office_client: Client) -> None:
    html = office_client.get(GUIDE).content.decode()
    top = html[html.index('<header class="top">') : html.index("</header>")]
    labels = re.findall(r'class="btn btn-icon[^>]*aria-label="([^"]+)"', top)
    assert labels == ["Menu", "Help", "Your account"]


def test_the_xero_state_shows_when_somebody_supplies_it(office_client: Client) -> None:
    html = office_client.get(GUIDE).content.decode()
    assert '<span class="dot dot-ok"></span>Xero: last synced 4 min ago' in html
    assert 'class="nav-count">12<span class="vh"> to fix</span></span>' in html


# --- preferences ---


def test_a_preference_is_kept_and_logged(office: User, sign_in: SignIn) -> None:
    client = sign_in(office)
    response = client.post("/preferences/", {"theme": "dark", "role": "administrator"})
    assert response.status_code == 302
    office.refresh_from_db()
    assert (office.theme, office.role) == ("dark", "office")
    assert ChangeEntry.objects.of(office).get().after == {"theme": "dark"}
    assert b'data-theme="dark"' in client.get(GUIDE).content


def test_an_unknown_preference_is_refused(office: User, sign_in: SignIn) -> None:
    response = sign_in(office).post("/preferences/", {"theme": "neon"})
    assert response.status_code == 400
    office.refresh_from_db()
    assert office.theme == "system"
    assert not ChangeEntry.objects.of(office).exists()


# --- pages for when something is wrong ---


def test_not_found_keeps_the_frame_for_those_inside(office_client: Client) -> None:
    response = office_client.get("/nothing/")
    assert response.status_code == 404
    html = response.content.decode()
    assert "This page does not exist" in html
    assert 'aria-label="Main"' in html


def test_not_found_tells_a_stranger_nothing_of_the_inside(client: Client) -> None:
    html = client.get("/nothing/").content.decode()
    assert "This page does not exist" in html
    assert 'aria-label="Main"' not in html


def test_forbidden_says_whom_to_ask(office_client: Client) -> None:
    response = office_client.get("/forbidden/")
    assert response.status_code == 403
    assert "ask an administrator" in response.content.decode()


def test_a_page_older_than_the_sign_in_says_what_to_do(office: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(office)
    response = client.post("/preferences/", {"theme": "dark"})
    assert response.status_code == 403
    html = response.content.decode()
    assert "load the page again and send it once more" in html
    assert 'aria-label="Main"' in html
    office.refresh_from_db()
    assert office.theme == "system"


def test_signed_out_meanwhile_nothing_is_saved_and_the_page_comes_back(
    client: Client, db: None
) -> None:
    page = "http://testserver/customers/"
    sent = client.post("/preferences/", {"theme": "dark"}, headers={"referer": page})
    assert sent.headers["Location"] == f"/login/?next={quote(page)}"
    said = [str(one) for one in get_messages(sent.wsgi_request)]
    assert said == ["You had been signed out, so nothing was saved. Do it again."]
    part = client.get(GUIDE, headers={"HX-Request": "true"})
    assert (part.status_code, part.content) == (401, b"")
    elsewhere = {"referer": "https://elsewhere.example/"}
    sent = client.post("/preferences/", {"theme": "dark"}, headers=elsewhere)
    assert sent.headers["Location"] == "/login/?next=/"


def test_a_fault_shows_a_reference_that_the_log_has(
    office_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    office_client.raise_request_exception = False
    response = office_client.get("/broken/")
    assert response.status_code == 500
    shown = re.search(r"<code>([0-9A-F]{6})</code>", response.content.decode())
    assert shown
    assert f"Reference {shown[1]}: GET /broken/" in caplog.text


def test_a_failed_sign_in_says_so_and_keeps_the_name(client: Client, db: None) -> None:
    html = client.post(
        "/login/", {"username": "mary", "password": "no"}
    ).content.decode()
    assert "There is a problem" in html
    assert 'value="mary"' in html
    assert "<title>Error: Sign in" in html


def test_the_sign_in_page_has_no_demo_accounts_by_itself(
    client: Client, db: None
) -> None:
    assert b"demo company" not in client.get("/login/").content


# --- policy and caches ---


def test_our_pages_allow_nothing_inline(office_client: Client) -> None:
    policy = office_client.get(GUIDE).headers["Content-Security-Policy"]
    assert "default-src 'self';" in policy
    assert "unsafe" not in policy


def test_pages_of_packages_get_a_policy_they_can_live_with(client: Client) -> None:
    policy = client.get("/admin/").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" in policy
    assert "object-src 'none'" in policy


def test_page_and_part_are_kept_apart(office_client: Client) -> None:
    address = "/styleguide/list/"
    page = office_client.get(address)
    part = office_client.get(address, headers={"HX-Request": "true"})
    assert b"<html" in page.content
    assert b"<html" not in part.content
    assert "HX-Request" in page.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]
