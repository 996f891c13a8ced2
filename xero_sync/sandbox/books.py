"""The books a practice ledger opens with when it is given no others: those of a small
trades company, kept by its accountant, the same for the same seed."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from xero_sync.sandbox.wire import JsonObject

CUSTOMERS = 105
SUPPLIERS = 15
ITEMS = 60
INVOICES = 80
FIRST_NAMES = (
    "Alice", "Bernard", "Carol", "Derek", "Eileen", "Frank", "Gillian", "Harish",
    "Irene", "Jamal", "Karen", "Leonard", "Maureen", "Nigel", "Olwen", "Patrick",
    "Rosalind", "Stuart", "Teresa", "Vikram", "Wendy", "Yusuf",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Barrowclough", "Chaudhry", "Dunmore", "Ellwood", "Farrant", "Greaves",
    "Holroyd", "Iqbal", "Jessop", "Kirkbride", "Lockyer", "Mottram", "Naylor",
    "Ormerod", "Postlethwaite", "Quayle", "Rushworth", "Stannard", "Threlfall",
    "Unsworth", "Verity", "Whitworth", "Yardley",
)  # fmt: skip
BUSINESSES = (
    "Bakery", "Care Home", "Community Centre", "Dental Practice", "Estates", "Garage",
    "Guest House", "Holdings", "Joinery", "Lettings", "Nursery", "Primary School",
    "Property Management", "Surgery", "Veterinary Clinic",
)  # fmt: skip
TRADE_SUPPLIES = (
    "Boiler Spares", "Builders Merchants", "Cable & Conduit", "Controls",
    "Electrical Wholesale", "Fixings", "Heating Supplies", "Insulation", "Lift Parts",
    "Pipe Centre", "Plumbing Supplies", "Pumps", "Safety Wear", "Tool Hire", "Valves",
)  # fmt: skip
TOWNS = (
    ("Halifax", "HX1"), ("Huddersfield", "HD1"), ("Bradford", "BD1"),
    ("Keighley", "BD21"), ("Skipton", "BD23"), ("Leeds", "LS1"), ("Otley", "LS21"),
    ("Wakefield", "WF1"), ("Burnley", "BB11"), ("Rochdale", "OL16"),
)  # fmt: skip
STREETS = (
    "Albert Road", "Bridge Street", "Chapel Lane", "Dean Clough", "Mill Lane",
    "Park Row", "Queen Street", "Station Road", "Victoria Terrace", "West Parade",
)  # fmt: skip
GOODS = (
    ("Copper pipe", "m", 3), ("Ball valve", "each", 9), ("Pump", "each", 145),
    ("Thermostat", "each", 62), ("Radiator", "each", 118), ("Cable", "m", 2),
    ("Consumer unit", "each", 189), ("Smoke alarm", "each", 34),
    ("Expansion vessel", "each", 71), ("Flue kit", "each", 96),
    ("Door operator", "each", 410), ("Emergency light", "each", 48),
)  # fmt: skip
SIZES = ("15 mm", "22 mm", "28 mm", "small", "large")
SERVICES = (
    ("LAB-STD", "Labour, standard hour", 58),
    ("LAB-OOH", "Labour, out of hours", 92),
    ("SVC-BOILER", "Annual boiler service", 96),
)


def accountants_books(seed: int) -> JsonObject:
    """Contacts, Items and Invoices in wire shape."""
    chance = random.Random(seed)  # noqa: S311
    contacts = _contacts(chance)
    items = _items(chance)
    customers = [str(row["Name"]) for row in contacts if row["IsCustomer"]]
    return {
        "Contacts": contacts,
        "Items": items,
        "Invoices": _invoices(chance, customers, items),
    }


def _contacts(chance: random.Random) -> list[JsonObject]:
    people = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    firms = [f"{last} {kind}" for last in LAST_NAMES for kind in BUSINESSES]
    traders = [f"{last} {kind}" for last in LAST_NAMES for kind in TRADE_SUPPLIES]
    homes = chance.sample(people, CUSTOMERS // 3)
    companies = chance.sample(firms, CUSTOMERS - len(homes))
    sellers = chance.sample(traders, SUPPLIERS)
    rows = [_contact(chance, name, "C", place) for place, name in _numbered(homes)]
    rows += [
        _contact(chance, f"{name} Ltd", "C", place + len(homes))
        for place, name in _numbered(companies)
    ]
    return rows + [
        _contact(chance, f"{name} Ltd", "S", place)
        for place, name in _numbered(sellers)
    ]


def _numbered(names: Sequence[str]) -> list[tuple[int, str]]:
    return list(enumerate(names, start=1))


def _contact(chance: random.Random, name: str, letter: str, place: int) -> JsonObject:
    town, district = chance.choice(TOWNS)
    domain = "".join(c for c in name.lower() if c.isalnum())
    row: JsonObject = {
        "Name": name,
        "AccountNumber": f"{letter}{1000 + place}",
        "EmailAddress": f"office@{domain}.example",
        "IsCustomer": letter == "C",
        "IsSupplier": letter == "S",
        "Addresses": [
            {
                "AddressType": "POBOX",
                "AddressLine1": f"{chance.randint(1, 180)} {chance.choice(STREETS)}",
                "City": town,
                "PostalCode": f"{district} {chance.randint(1, 9)}{_letters(chance)}",
                "Country": "United Kingdom",
            }
        ],
        "Phones": [
            {
                "PhoneType": "DEFAULT",
                "PhoneNumber": f"01632 960{chance.randint(0, 999):03d}",
            }
        ],
    }
    if not name.endswith("Ltd"):
        row["FirstName"], _, row["LastName"] = name.partition(" ")
    return row


def _letters(chance: random.Random) -> str:
    return "".join(chance.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))


def _items(chance: random.Random) -> list[JsonObject]:
    rows = [_item(code, name, Decimal(price), None) for code, name, price in SERVICES]
    variants = [(good, size) for good in GOODS for size in SIZES]
    for place, ((name, unit, price), size) in _places(variants[: ITEMS - len(rows)]):
        cost = Decimal(price) * chance.randint(60, 140) / 100
        sale = cost * Decimal("1.35")
        rows.append(_item(f"PT{place:04d}", f"{name} {size} ({unit})", sale, cost))
    return rows


def _places(
    variants: list[tuple[tuple[str, str, int], str]],
) -> list[tuple[int, tuple[tuple[str, str, int], str]]]:
    return list(enumerate(variants, start=101))


def _item(code: str, name: str, sale: Decimal, cost: Decimal | None) -> JsonObject:
    row: JsonObject = {
        "Code": code,
        "Name": name,
        "Description": name,
        "SalesDetails": {
            "UnitPrice": sale.quantize(Decimal("0.01")),
            "AccountCode": "200",
            "TaxType": "OUTPUT2",
        },
        "IsPurchased": cost is not None,
    }
    if cost is not None:
        row["PurchaseDetails"] = {
            "UnitPrice": cost.quantize(Decimal("0.0001")),
            "AccountCode": "310",
            "TaxType": "INPUT2",
        }
    return row


def _invoices(
    chance: random.Random, customers: list[str], items: list[JsonObject]
) -> list[JsonObject]:
    first_day = date(2026, 1, 5)
    rows: list[JsonObject] = []
    for place in range(1, INVOICES + 1):
        issued = first_day + timedelta(days=place * 3)
        lines = [
            {"ItemCode": item["Code"], "Quantity": chance.randint(1, 6)}
            for item in chance.sample(items, chance.randint(1, 4))
        ]
        rows.append(
            {
                "Type": "ACCREC",
                "Status": "PAID" if place <= INVOICES * 3 // 4 else "AUTHORISED",
                "InvoiceNumber": f"AC-{place:04d}",
                "Contact": {"Name": chance.choice(customers)},
                "Date": issued.isoformat(),
                "DueDate": (issued + timedelta(days=30)).isoformat(),
                "LineAmountTypes": "Exclusive",
                "LineItems": lines,
            }
        )
    return rows
