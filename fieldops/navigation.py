"""The side bar, the "new" shortcuts and the reader's preferences, for every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from fieldops.help_topics import topic_for
from fieldops.users.models import User


@dataclass(frozen=True)
class Place:
    """An entry: ``key`` is its second key after ``g`` (go) or ``c`` (create)."""

    label: str
    url_name: str
    icon: str
    right: str = ""
    key: str = ""
    slug: str = ""


@dataclass(frozen=True)
class Link:
    place: Place
    url: str
    is_active: bool = False


@dataclass(frozen=True)
class Group:
    title: str
    links: Sequence[Link]


PLACES: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place("Dashboard", "fieldops:dashboard", "layout-dashboard", key="d"),
            Place(
                "Customers",
                "customers:customer-list",
                "users",
                "customers.view_contact",
                "c",
            ),
            Place(
                "Leads",
                "customers:lead-list",
                "user-plus",
                "customers.view_contact",
                "l",
            ),
            Place(
                "Suppliers",
                "customers:supplier-list",
                "truck",
                "customers.view_contact",
                "s",
            ),
            Place("Stock", "stock:item-list", "package", "stock.view_stockitem", "t"),
            Place(
                "Invoices",
                "invoicing:invoice-list",
                "receipt-text",
                "invoicing.view_invoice",
                "i",
            ),
        ),
    ),
    (
        "Accounting",
        (
            Place(
                "Xero sync",
                "xero_sync:sync",
                "refresh-cw",
                "xero_sync.view_sync",
                "x",
                slug="xero",
            ),
            Place(
                "Duplicates",
                "xero_sync:duplicates",
                "merge",
                "xero_sync.view_sync",
                "u",
                slug="duplicates",
            ),
        ),
    ),
    (
        "Set-up",
        (
            Place("Import", "fieldops:import", "upload", "fieldops.import_data"),
            Place(
                "Settings",
                "fieldops:settings",
                "settings",
                "invoicing.view_account",
            ),
        ),
    ),
)

NEW: tuple[Place, ...] = (
    Place(
        "New customer",
        "customers:customer-create",
        "user-plus",
        "customers.add_contact",
        "c",
    ),
    Place(
        "New invoice",
        "invoicing:invoice-create",
        "receipt-text",
        "invoicing.edit_invoice",
        "i",
    ),
    Place(
        "New lead", "customers:lead-create", "user-plus", "customers.add_contact", "l"
    ),
    Place(
        "New supplier",
        "customers:supplier-create",
        "truck",
        "customers.add_contact",
        "s",
    ),
    Place(
        "New stock item",
        "stock:item-create",
        "package",
        "stock.change_stockitem",
        "t",
    ),
)


def office(request: HttpRequest) -> dict[str, Any]:
    """Context processor. People who are not signed in get an empty navigation."""
    user = request.user
    if not isinstance(user, User):
        return {"nav": [], "new_links": []}
    return {
        "nav": navigation_for(user, request.path),
        "new_links": visible_links(NEW, user),
        "find_url": url_or_blank("fieldops:search"),
        "help_url": help_url(request.path),
    }


def help_url(path: str) -> str:
    """Of the topic that the page belongs to."""
    topic = topic_for(path)
    if topic is None:
        return url_or_blank("fieldops:help")
    return url_or_blank("fieldops:help-topic", topic.slug)


def navigation_for(user: User, path: str) -> list[Group]:
    groups = [(title, visible_links(places, user)) for title, places in PLACES]
    here = active_url([link.url for _, links in groups for link in links], path)
    return [
        Group(title, [Link(k.place, k.url, k.url == here) for k in links])
        for title, links in groups
        if links
    ]


def visible_links(places: Sequence[Place], user: User | AnonymousUser) -> list[Link]:
    """The places this person may see; one whose page does not exist is left out."""
    allowed = [p for p in places if not p.right or user.has_perm(p.right)]
    return [Link(p, url) for p in allowed if (url := url_or_blank(p.url_name))]


def active_url(urls: Sequence[str], path: str) -> str:
    """The longest address the path lies under; the home page only for itself."""
    candidates = [u for u in urls if path == u or (u != "/" and path.startswith(u))]
    return max(candidates, key=len, default="")


def url_or_blank(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
