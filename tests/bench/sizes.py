"""How much is measured, and the fewest calls that could do it."""

from dataclasses import dataclass
from math import ceil

BATCH = 50
LINES = 3
# Organisation, accounts and VAT rates; contacts, invoices and items of an empty Xero. What
# else is asked is no part of what could not be done without.
READS_BEFORE_A_PUSH = 6


@dataclass(frozen=True)
class Sizes:
    """``contacts`` of them, twice as many invoices, half as many stock items."""

    contacts: int

    @property
    def invoices(self) -> int:
        return self.contacts * 2

    @property
    def items(self) -> int:
        return self.contacts // 2

    @property
    def records(self) -> int:
        return self.contacts + self.invoices + self.items

    @property
    def batches(self) -> int:
        kinds = (self.contacts, self.invoices, self.items)
        return sum(ceil(count / BATCH) for count in kinds)

    @property
    def minimal_push(self) -> int:
        return READS_BEFORE_A_PUSH + self.batches

    def __str__(self) -> str:
        return (
            f"{self.contacts:,} contacts, {self.invoices:,} invoices with {LINES} "
            f"lines, {self.items:,} stock items"
        )
