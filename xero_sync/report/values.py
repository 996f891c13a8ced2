"""A field's value as people read it."""

from decimal import Decimal, InvalidOperation

from django.utils.text import capfirst

from customers.models import PaymentTerms
from xero_sync.outcomes.people import people_in_words

BLANK = "blank"
_PRICES = ("sell_price", "cost_price")


def value_in_words(name: str, value: str | int | None) -> str:
    if name.startswith(("is_", "applies_")):
        return "Yes" if value else "No"
    if value in ("", None):
        return ""
    if name == "payment_terms":
        return capfirst(dict(PaymentTerms.choices).get(str(value), str(value)))
    if name == "people":
        return people_in_words(str(value))
    return _price(str(value)) if name in _PRICES else str(value)


def _price(value: str) -> str:
    """At least two places, and no more than it has."""
    try:
        price = Decimal(value)
    except InvalidOperation:
        return value
    pence = price.quantize(Decimal("0.01"))
    return f"{pence:,}" if pence == price else f"{price.normalize():,f}"
