"""A year of the demo company's invoices."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from fieldops.demo.goods import SALES, STANDARD_SALES, Good
from fieldops.demo.parties import SHARE_OF_CUSTOMERS, Party
from fieldops.demo.words import WORK

USUAL_AGE = 25  # days
DAYS_OF_SALES = 360
# Numbers end where a new company's own begin: the next one it gives is INV-1001.
LAST_NUMBER = 1000
VAT_RATES = (
    (STANDARD_SALES, 88),
    ("5% (VAT on Income)", 6),
    ("Zero Rated Income", 4),
    ("Exempt Income", 2),
)


@dataclass(frozen=True)
class SaleLine:
    description: str
    quantity: Decimal
    price: Decimal
    vat: str
    account: str = SALES
    item_code: str = ""
    discount: Decimal | None = None


@dataclass(frozen=True)
class Sale:
    number: str
    customer: Party
    issued_on: date
    due_on: date | None
    reference: str
    lines: tuple[SaleLine, ...]


def make_sales(
    chance: random.Random,
    contacts: Sequence[Party],
    goods: Sequence[Good],
    number: int,
    today: date,
) -> list[Sale]:
    """In the order of their dates; every customer has one before any has two."""
    customers = list(contacts[: round(len(contacts) * SHARE_OF_CUSTOMERS)])
    buyers = customers[:number]
    regulars = customers[: max(len(customers) // 3, 1)]
    buyers += [
        chance.choice(regulars if chance.random() < 0.6 else customers)
        for _ in range(number - len(buyers))
    ]
    chance.shuffle(buyers)
    days = sorted((_days_ago(chance) for _ in buyers), reverse=True)
    first = LAST_NUMBER - number + 1 if number < LAST_NUMBER else 1
    return [
        _sale(chance, f"INV-{first + place:04d}", buyer, today - timedelta(ago), goods)
        for place, (buyer, ago) in enumerate(zip(buyers, days, strict=True))
    ]


def _days_ago(chance: random.Random) -> int:
    """Mostly of the last weeks: of what is older, a company has been paid for most."""
    return 1 + min(int(chance.expovariate(1 / USUAL_AGE)), DAYS_OF_SALES - 1)


def _sale(
    chance: random.Random,
    number: str,
    customer: Party,
    day: date,
    goods: Sequence[Good],
) -> Sale:
    department = chance.choice("HHELG")
    vat = chance.choices([v for v, _ in VAT_RATES], [share for _, share in VAT_RATES])[
        0
    ]
    order = f"PO {chance.randint(10000, 99999)}"
    job = f"{number.removeprefix('INV-')} {chance.choice(WORK[department])}"
    due_on = None if customer.terms or chance.random() < 0.3 else day + timedelta(30)
    return Sale(
        number=number,
        customer=customer,
        issued_on=day,
        due_on=due_on,
        reference=order if chance.random() < 0.3 else f"Job {job}",
        lines=tuple(_lines(chance, goods, department, vat)),
    )


def _lines(
    chance: random.Random, goods: Sequence[Good], department: str, vat: str
) -> list[SaleLine]:
    services = [g for g in goods if g.is_service and g.department in ("", department)]
    parts = [g for g in goods if not g.is_service and g.department == department]
    lines = [_service(chance, chance.choice(services), department, vat)]
    chosen = chance.sample(parts, min(len(parts), chance.choice((0, 1, 1, 2, 3, 4))))
    lines += [_part(chance, good, vat) for good in chosen]
    if chance.random() < 0.06:
        reason = chance.choice(("Waste disposal", "Parking and tolls", "Scaffold hire"))
        price = Decimal(chance.randint(800, 24000)) / 100
        lines.append(SaleLine(reason, Decimal(1), price, STANDARD_SALES, "260"))
    return lines


def _service(chance: random.Random, good: Good, department: str, vat: str) -> SaleLine:
    quantity = Decimal(1)
    if good.code.startswith("LAB"):
        quantity = Decimal(chance.randint(2, 32)) / 4
    work = chance.choice(WORK[department])
    text = f"{good.description}\n{work}" if chance.random() < 0.2 else good.description
    return SaleLine(
        text, quantity, good.price, vat, item_code=good.code, discount=_discount(chance)
    )


def _part(chance: random.Random, good: Good, vat: str) -> SaleLine:
    quantity = Decimal(chance.choice((1, 1, 2, 3, 4, 6, 10)))
    if "per metre" in good.name:
        quantity = Decimal(chance.randint(8, 400)) / 4
    return SaleLine(
        good.description,
        quantity,
        good.price,
        vat,
        item_code=good.code,
        discount=_discount(chance),
    )


def _discount(chance: random.Random) -> Decimal | None:
    if chance.random() > 0.1:
        return None
    return Decimal(chance.choice(("5", "10", "12.5", "15")))
