"""Two lists of stock items: ours as rows of an export, Xero's as its JSON, and the truth."""

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.lists.items_catalogue import Catalogue, Product
from tests.lists.items_spelling import (
    code_variant,
    short_form,
    typo_in_a_word,
    value_variant,
)

# Of all products: on both sides, only here, only there.
BOTH, ONLY_HERE = 0.64, 0.21
LONGEST_NAME, LONGEST_CODE = 50, 30
# What happens on the way into a list, for each record and side on its own.
RATES = {
    "written afresh": 0.5,
    "order of words changed": 0.3,
    "a word shortened": 0.3,
    "a value written another way": 0.5,
    "brand in the name": 0.35,
    "typo": 0.06,
    "a value left to the description": 0.03,
    "a value lost": 0.01,
    "upper case": 0.15,
    "marked as discontinued": 0.02,
    "part number missing": 0.08,
    "code of another scheme": 0.08,
    "code written another way": 0.15,
    "code of something else": 0.005,
    "manufacturer missing": 0.3,
    "maker's number missing": 0.4,
    "maker's number in Xero": 0.25,
    "barcode missing": 0.6,
    "barcode in Xero": 0.06,
    "description missing": 0.4,
    "price missing": 0.08,
    "price out of date": 0.2,
    "price rounded": 0.1,
    "written down twice": 0.025,
}


@dataclass(frozen=True)
class ItemLists:
    """``product_*``: which product a record is; one may be several records."""

    ours: list[dict[str, Any]]
    theirs: list[dict[str, Any]]
    product_here: dict[str, int]
    product_there: dict[str, int]
    happened: Counter[str]


def make_item_lists(seed: int, products: int, *, shared_numbering: bool) -> ItemLists:
    """About four fifths of ``products`` on either side."""
    chance = random.Random(seed)  # noqa: S311
    writer = _Writer(chance, shared_numbering=shared_numbering)
    here: list[Product] = []
    there: list[Product] = []
    for one in Catalogue(chance).products(products):
        where = chance.random()
        if where < BOTH + ONLY_HERE:
            here.extend([one] * writer.copies())
        if where < BOTH or where >= BOTH + ONLY_HERE:
            there.extend([one] * writer.copies())
    chance.shuffle(here)
    chance.shuffle(there)
    ours = [writer.our_row(f"L{at}", one) for at, one in enumerate(here)]
    theirs = [writer.xero_item(f"R{at}", one) for at, one in enumerate(there)]
    return ItemLists(
        ours,
        theirs,
        {row["id"]: one.key for row, one in zip(ours, here, strict=True)},
        {row["ItemID"]: one.key for row, one in zip(theirs, there, strict=True)},
        writer.happened,
    )


class _Writer:
    def __init__(self, chance: random.Random, *, shared_numbering: bool) -> None:
        self._chance = chance
        self._shared = shared_numbering
        self._code_of: dict[int, str] = {}
        self._name_of: dict[int, str] = {}
        self._used: set[str] = set()
        self.happened: Counter[str] = Counter()

    def happens(self, what: str) -> bool:
        hit = self._chance.random() < RATES[what]
        self.happened[what] += hit
        return hit

    def copies(self) -> int:
        return 2 if self.happens("written down twice") else 1

    def our_row(self, record_id: str, one: Product) -> dict[str, Any]:
        name, left_out = self._name(one)
        maker = "" if self.happens("manufacturer missing") else one.brand
        cost, sell = self._prices(one)
        return {
            "id": record_id,
            "part_number": "" if self.happens("part number missing") else self._code(one),
            "name": name,
            "description": self._description(one, left_out),
            "manufacturer": maker,
            "mpn": "" if self.happens("maker's number missing") else one.mpn,
            "barcode": "" if self.happens("barcode missing") else one.barcode,
            "unit": one.unit,
            "cost_price": cost,
            "sell_price": sell,
        }  # fmt: skip

    def xero_item(self, record_id: str, one: Product) -> dict[str, Any]:
        name, left_out = self._name(one)
        description = self._description(one, left_out + name[LONGEST_NAME:].split())
        if self.happens("maker's number in Xero"):
            if self._chance.random() < 0.5:
                description = f"{description} {one.mpn}".strip()
            else:
                name = f"{name} {one.mpn}"
        if self.happens("barcode in Xero"):
            description = f"{description} EAN {one.barcode}".strip()
        cost, sell = self._prices(one)
        return {
            "ItemID": record_id,
            "Code": self._xero_code(one)[:LONGEST_CODE],
            "Name": name[:LONGEST_NAME].strip(),
            "Description": description,
            "PurchaseDescription": description if self._chance.random() < 0.3 else "",
            "SalesDetails": {} if sell is None else {"UnitPrice": sell},
            "PurchaseDetails": {} if cost is None else {"UnitPrice": cost},
            "IsSold": True,
            "IsPurchased": True,
        }

    def _name(self, one: Product) -> tuple[str, list[str]]:
        """And what of it is left to the description."""
        if one.key in self._name_of and not self.happens("written afresh"):
            return self._name_of[one.key], []
        parts, left_out = self._parts(one)
        name = " ".join(parts)
        if self.happens("typo"):
            name = typo_in_a_word(name, self._chance)
        name = (
            name.upper() if self.happens("upper case") else name[0].upper() + name[1:]
        )
        if self.happens("marked as discontinued"):
            name += self._chance.choice(
                (" (DISCONTINUED)", " - DO NOT USE", " OBSOLETE")
            )
        self._name_of.setdefault(one.key, name)
        return name, left_out

    def _parts(self, one: Product) -> tuple[list[str], list[str]]:
        """Of a name as it is written this time, and what of it is left out."""
        chance = self._chance
        parts, left_out = [], []
        for value in one.values:
            if self.happens("a value lost"):
                continue
            if self.happens("a value left to the description"):
                left_out.append(value)
                continue
            if self.happens("a value written another way"):
                value = value_variant(value, chance)
            parts.append(value)
        noun = one.noun
        if self.happens("a word shortened"):
            noun = short_form(noun, chance)
        parts.insert(0, noun)
        if self.happens("brand in the name"):
            parts.insert(chance.choice((0, len(parts))), one.brand)
        if self.happens("order of words changed"):
            chance.shuffle(parts)
        return parts, left_out

    def _description(self, one: Product, left_out: list[str]) -> str:
        if self.happens("description missing"):
            return " ".join(left_out)
        chance = self._chance
        details = " ".join(one.values)
        return chance.choice(
            (
                f"{one.brand} {one.noun} {details}",
                f"{one.noun.capitalize()}, {', '.join(one.values)}",
                f"{one.noun.capitalize()} {details}. Supplied per {one.unit}.",
                f"{' '.join(left_out)} {one.brand}. For trade use.".strip(),
            )
        )

    def _prices(self, one: Product) -> tuple[float | None, float | None]:
        chance, factor = self._chance, 1.0
        if self.happens("price out of date"):
            factor = chance.uniform(0.8, 1.15)
        cost, sell = round(one.cost * factor, 2), round(one.sell * factor, 2)
        if self.happens("price rounded"):
            sell = float(max(1, round(sell)))
        return (
            None if self.happens("price missing") else cost,
            None if self.happens("price missing") else sell,
        )

    def _code(self, one: Product) -> str:
        if one.key not in self._code_of:
            self._code_of[one.key] = self._new_code(one)
        return self._code_of[one.key]

    def _new_code(self, one: Product) -> str:
        letters = "".join(word[0] for word in one.noun.upper().split())
        while True:
            number = self._chance.randrange(100, 9999)
            code = self._chance.choice((f"{letters}-{number}", f"{number:05d}"))
            if code not in self._used:
                self._used.add(code)
                return code

    def _xero_code(self, one: Product) -> str:
        chance = self._chance
        if not self._shared or self.happens("code of another scheme"):
            if chance.random() < 0.15:
                return one.mpn
            # A scheme of its own, in which the same numbers mean other things.
            letters = "".join(word[0] for word in one.noun.upper().split())
            number = chance.randrange(100, 9999)
            return chance.choice((f"{letters}-{number}", f"{number:05d}"))
        if self.happens("code of something else") and self._used:
            return chance.choice(sorted(self._used))
        code = self._code(one)
        if self.happens("code written another way"):
            code = code_variant(code, one.brand, chance)
        return code
