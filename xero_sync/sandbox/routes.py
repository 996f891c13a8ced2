"""Which endpoint answers which path of the Accounting API, and the scopes it needs."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from xero_sync.sandbox import resources as at
from xero_sync.sandbox.errors import NotFound, TextError
from xero_sync.sandbox.http import Response

Endpoint = Callable[..., Response]
NOT_IMPLEMENTED = "The Api Method called is not implemented"


@dataclass(frozen=True)
class Route:
    """The endpoints of one path pattern by method."""

    pattern: re.Pattern[str]
    scopes: tuple[str, ...]
    endpoints: dict[str, Endpoint]


@dataclass(frozen=True)
class Match:
    endpoint: Endpoint
    arguments: tuple[str, ...]
    scopes: frozenset[str]


def _route(path: str, scopes: tuple[str, ...], **endpoints: Endpoint) -> Route:
    pattern = re.compile(path.replace("{}", "([^/]+)") + "/?", re.IGNORECASE)
    return Route(pattern, scopes, endpoints)


ROUTES = (
    _route("/Organisations?", at.SETTINGS, GET=at.get_organisation),
    _route("/Organisations?/Actions", at.SETTINGS, GET=at.get_actions),
    _route("/Accounts", at.SETTINGS, GET=at.list_accounts),
    _route("/Accounts/{}", at.SETTINGS, GET=at.get_account),
    _route("/TaxRates", at.SETTINGS, GET=at.list_tax_rates),
    _route(
        "/Contacts",
        at.CONTACTS,
        GET=at.list_contacts,
        PUT=at.put_contacts,
        POST=at.post_contacts,
    ),
    _route("/Contacts/{}", at.CONTACTS, GET=at.get_contact, POST=at.post_contacts),
    _route("/Items", at.ITEMS, GET=at.list_items, PUT=at.put_items, POST=at.post_items),
    _route(
        "/Items/{}",
        at.ITEMS,
        GET=at.get_item,
        POST=at.post_items,
        DELETE=at.remove_item,
    ),
    _route(
        "/Invoices",
        at.INVOICES,
        GET=at.list_invoices,
        PUT=at.put_invoices,
        POST=at.post_invoices,
    ),
    _route("/Invoices/{}", at.INVOICES, GET=at.get_invoice, POST=at.post_invoices),
    _route(
        "/Payments",
        at.PAYMENTS,
        GET=at.list_payments,
        PUT=at.put_payments,
        POST=at.put_payments,
    ),
    _route("/Payments/{}", at.PAYMENTS, GET=at.get_payment, POST=at.end_payment),
    _route(
        "/CreditNotes",
        at.INVOICES,
        GET=at.list_credit_notes,
        PUT=at.put_credit_notes,
        POST=at.post_credit_notes,
    ),
    _route(
        "/CreditNotes/{}",
        at.INVOICES,
        GET=at.get_credit_note,
        POST=at.post_credit_notes,
    ),
    _route("/CreditNotes/{}/Allocations", at.INVOICES, PUT=at.put_allocations),
    _route("/CreditNotes/{}/Allocations/{}", at.INVOICES, DELETE=at.remove_allocation),
)


def match(method: str, path: str) -> Match:
    """The endpoint for a path below /api.xro/2.0; NotFound, or 501 for its methods."""
    for route in ROUTES:
        found = route.pattern.fullmatch(path)
        if found is None:
            continue
        endpoint = route.endpoints.get(method)
        if endpoint is None:
            raise TextError(501, NOT_IMPLEMENTED)
        arguments = tuple(unquote(part) for part in found.groups())
        return Match(endpoint, arguments, _accepted(method, route.scopes))
    raise NotFound(path)


def _accepted(method: str, scopes: tuple[str, ...]) -> frozenset[str]:
    reading = [f"{scope}.read" for scope in scopes] if method == "GET" else []
    return frozenset([*scopes, *reading])
