"""What the demo company keeps in stock and charges for."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, islice

from fieldops.demo.words import MAKERS, PRODUCTS, SERVICES

SALES, PURCHASES = "200", "310"
STANDARD_SALES, STANDARD_PURCHASES = "20% (VAT on Income)", "20% (VAT on Expenses)"


@dataclass(frozen=True)
class Good:
    """``department`` is the letter of the work it is used for; blank: any."""

    code: str
    name: str
    price: Decimal
    cost: Decimal | None = None
    quantity: int | None = None
    description: str = ""
    department: str = ""

    @property
    def is_service(self) -> bool:
        return self.cost is None


def make_goods(chance: random.Random, number: int) -> list[Good]:
    services = [
        Good(code, name, pounds(price), description=name, department=department)
        for code, name, price, department in SERVICES
    ]
    wanted = max(number - len(services), 0)
    return services[:number] + [
        _product(chance, place, *variant)
        for place, variant in zip(count(101), islice(_variants(), wanted), strict=False)
    ]


def _variants() -> Iterator[tuple[str, str, int, str]]:
    """Department, name, first cost, unit: all products, then again by each maker."""
    for series in count():
        maker = "" if not series else f"{MAKERS[(series - 1) % len(MAKERS)]} "
        again = "" if series <= len(MAKERS) else f" mk {series // len(MAKERS) + 1}"
        for department, product, sizes, cost, unit in PRODUCTS:
            for place, size in enumerate(sizes):
                name = f"{maker}{product} {size}{again}"
                yield department, name, cost * (10 + 4 * place) // 10, unit


def _product(
    chance: random.Random, place: int, department: str, name: str, pence: int, unit: str
) -> Good:
    """By the metre and by the piece of small parts, prices have four places."""
    places = 4 if unit or pence < 300 else 2
    cost = rounded(pounds(pence) * chance.randint(90, 110) / 100, places)
    price = rounded(cost * chance.randint(130, 165) / 100, places)
    return Good(
        code=f"{department}{place:04d}",
        name=name,
        price=price,
        cost=cost,
        quantity=chance.choice((0, chance.randint(1, 12), chance.randint(10, 240))),
        description=f"{name}, supplied" if chance.random() < 0.3 else name,
        department=department,
    )


def pounds(pence: int) -> Decimal:
    return Decimal(pence) / 100


def rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places))
