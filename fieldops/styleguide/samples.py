"""Invented records for the style guide, the awkward ones among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fieldops.styleguide.forms import TOWNS, XERO_STATES

PLACES = ("Ardmore", "Bishop's", "Castle", "Elm Park", "Foyle", "Greenhill", "Harbour")
TRADES = (
    "Bakery",
    "Hotel",
    "Dental Practice",
    "Nursing Home",
    "Primary School",
    "& Sons Builders",
    "Property Management",
)
BALANCES = ("0.00", "2450.75", "96.00", "0.00", "1280.00", "340.50")
NOTES = ("Email address is not valid", "Account number is already used")


@dataclass(frozen=True)
class Sample:
    pk: int
    name: str
    email: str
    account_number: str
    town: str
    xero: str
    xero_note: str
    balance: Decimal
    overdue: Decimal
    invoiced_on: date | None
    is_on_hold: bool = False

    @property
    def xero_word(self) -> str:
        return dict(XERO_STATES)[self.xero]


AWKWARD = (
    Sample(
        pk=1,
        name="Aaaa Northern Regional Facilities Management and Grounds Ltd",
        email="accounts.payable.department@northern-regional-facilities.example",
        account_number="C1000-NORTH-2026",
        town="Drogheda",
        xero="failed",
        xero_note="Name is already used in Xero",
        balance=Decimal("1234567.89"),
        overdue=Decimal("1234567.89"),
        invoiced_on=date(2026, 11, 21),
    ),
    Sample(
        pk=2,
        name="Ab",
        email="",
        account_number="",
        town="",
        xero="new",
        xero_note="",
        balance=Decimal("-12.50"),
        overdue=Decimal(0),
        invoiced_on=None,
    ),
)


def _ordinary(place: int) -> Sample:
    name = f"{PLACES[place // len(TRADES)]} {TRADES[place % len(TRADES)]}"
    words = name.lower().replace("'", "").split()
    balance = Decimal(BALANCES[place % len(BALANCES)])
    xero = ("synced", "synced", "waiting", "synced", "failed", "new")[place % 6]
    return Sample(
        pk=place + 10,
        name=name,
        email=f"accounts@{words[0]}-{words[-1]}.example",
        account_number=f"C{1001 + place}",
        town=TOWNS[place % len(TOWNS)],
        xero=xero,
        xero_note=NOTES[place % 2] if xero == "failed" else "",
        balance=balance,
        overdue=balance if place % 4 == 1 else Decimal(0),
        invoiced_on=date(2026, 11, 20) - timedelta(days=place * 3),
        is_on_hold=place % 9 == 3,
    )


SAMPLES = (*AWKWARD, *map(_ordinary, range(len(PLACES) * len(TRADES))))
SORTS = ("name", "account_number", "town", "balance", "overdue")


@dataclass(frozen=True)
class View:
    label: str
    belongs: Callable[[Sample], bool]
    tone: str = ""


VIEWS = {
    "all": View("All", lambda sample: True),
    "owing": View("Owing money", lambda sample: sample.balance > 0),
    "overdue": View("Overdue", lambda sample: sample.overdue > 0),
    "failed": View("Failed to sync", lambda sample: sample.xero == "failed", "bad"),
    "hold": View("On hold", lambda sample: sample.is_on_hold),
}


def matching(view: str, chosen: Mapping[str, Any], sort: str) -> list[Sample]:
    """The samples of a view that the filter lets through, in the order asked for."""
    words = chosen.get("q", "").lower()
    found = [
        sample
        for sample in SAMPLES
        if VIEWS[view].belongs(sample)
        and words in f"{sample.name} {sample.email} {sample.account_number}".lower()
        and (not chosen.get("xero") or sample.xero in chosen["xero"])
        and (not chosen.get("town") or sample.town == chosen["town"])
    ]
    key = sort.removeprefix("-")
    return sorted(found, key=lambda s: getattr(s, key), reverse=sort.startswith("-"))


STEPS = [
    {"label": "Customers from Xero", "state": "done", "text": 212},
    {"label": "Stock from Xero", "state": "done", "text": 96},
    {"label": "Suppliers from Xero", "state": "done", "text": 31},
    {"label": "Chart of accounts", "state": "done", "text": 84},
    {"label": "Customers to Xero", "state": "active", "text": "64 of 118"},
    {"label": "Invoices to Xero", "state": "waiting"},
    {"label": "Stock to Xero", "state": "waiting"},
    {"label": "Suppliers to Xero", "state": "failed", "text": "Xero did not answer"},
]
RUNS = [
    {"label": f"{9 + n // 6:02}:{n % 6}0", "ok": 20 + (n * 17) % 41, "bad": (n * 5) % 9}
    for n in range(18)
]
AGEING = [
    {"label": "Not yet due", "value": 18420, "shown": "£18,420.00", "url": "#"},
    {"label": "1 to 30 days", "value": 9240, "shown": "£9,240.00", "url": "#"},
    {"label": "31 to 60 days", "value": 4121, "shown": "£4,121.00", "url": "#"},
    {"label": "61 to 90 days", "value": 1985, "shown": "£1,985.00", "url": "#"},
    {"label": "Over 90 days", "value": 2610, "shown": "£2,610.00", "url": "#"},
]
HISTORY = [
    {
        "text": "Email changed from accounts@castle to accounts@castle-hotel.example",
        "at": "21 Nov 2026, 10:42",
        "by": "Mary Doyle",
        "icon": "pencil",
    },
    {
        "text": "Phone taken from Xero",
        "at": "20 Nov 2026, 09:00",
        "by": "Xero sync",
        "icon": "refresh-cw",
        "detail": "Was 028 9032 1188. Changed in both places; Xero wins.",
    },
    {"text": "Created", "at": "3 Nov 2026, 08:15", "by": "Import", "icon": "plus"},
]
ATTENTION = [
    {
        "icon": "circle-alert",
        "tone": "bad",
        "text": "12 records did not reach Xero",
        "figure": "4 causes",
        "url": "#",
        "action": "Fix now",
    },
    {
        "icon": "clock",
        "tone": "warn",
        "text": "7 invoices are over 30 days late",
        "figure": "£8,715.95",
        "url": "#",
        "action": "Chase",
    },
]
