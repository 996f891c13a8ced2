"""What the database holds that rows may name, read once for the whole file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from customers.models import Contact
from fieldops.common.errors import DomainError
from fieldops.common.importing.cells import comparison_key
from invoicing.models import Account, Invoice, TaxRate
from stock.models import StockItem

NUMBERS_PER_QUERY = 500


class CustomerNameAmbiguous(DomainError):
    code = "customer_name_ambiguous"

    def __init__(self, name: str, many: int) -> None:
        super().__init__(
            f"{many} contacts are called {name}. Give the email address of the one "
            "that is meant, or rename the others.",
            field="name",
        )


class Known:
    """Contacts, stock items, accounts and VAT rates."""

    def __init__(self) -> None:
        self._customers: dict[str, list[Contact]] = defaultdict(list)
        for contact in Contact.objects.order_by("is_archived", "pk"):
            self.add_customer(contact)
        self.items = _first_by_code(StockItem.objects.order_by("is_archived", "pk"))
        self.accounts = {account.code: account for account in Account.objects.all()}
        self.rates = {rate.tax_type: rate for rate in TaxRate.objects.all()}

    def add_customer(self, contact: Contact) -> None:
        self._customers[comparison_key(contact.name)].append(contact)

    def customer(self, name: str, email: str) -> Contact | None:
        """By exact name; where several share it, the email address decides."""
        named = self._customers.get(comparison_key(name), [])
        active = [contact for contact in named if not contact.is_archived] or named
        if len(active) > 1 and email:
            same = [c for c in active if comparison_key(c.email) == email.casefold()]
            active = same if len(same) == 1 else active
        if len(active) > 1:
            raise CustomerNameAmbiguous(name, len(active))
        return active[0] if active else None

    def item(self, code: str) -> StockItem | None:
        return self.items.get(comparison_key(code))


def _first_by_code(items: Iterable[StockItem]) -> Mapping[str, StockItem]:
    by_code: dict[str, StockItem] = {}
    for item in items:
        by_code.setdefault(comparison_key(item.code), item)
    by_code.pop("", None)
    return by_code


def invoices_by_number(numbers: Sequence[str]) -> dict[str, Invoice]:
    """With their customers and lines; a database takes so many numbers at a time."""
    found: dict[str, Invoice] = {}
    for start in range(0, len(numbers), NUMBERS_PER_QUERY):
        some = numbers[start : start + NUMBERS_PER_QUERY]
        query = Invoice.objects.filter(number__in=some).select_related("customer")
        found |= {each.number: each for each in query.prefetch_related("lines__item")}
    return found
