"""Which fields go which way, and who wins: the one table. Printed in docs/sync.md."""

from dataclasses import dataclass
from enum import StrEnum

from xero_sync.outcomes.kinds import Kind


class Way(StrEnum):
    BOTH = "both ways"
    TO_US = "from Xero only"


class Winner(StrEnum):
    """Who keeps a field that changed on both sides since they last agreed."""

    XERO = "Xero"
    XERO_EACH = "Xero, person by person"


@dataclass(frozen=True, slots=True)
class Rule:
    field: str
    label: str
    way: Way = Way.BOTH
    winner: Winner = Winner.XERO
    limit: int | None = None  # characters Xero takes when we send
    clears: bool = True  # whether a blank here is sent over a value there


CONTACT_FIELDS: tuple[Rule, ...] = (
    Rule("name", "Name", limit=255, clears=False),
    Rule("first_name", "First name", limit=255),
    Rule("last_name", "Last name", limit=255),
    Rule("email", "Email", limit=255, clears=False),
    Rule("account_number", "Account number", limit=50),
    Rule("tax_number", "VAT number", limit=50),
    Rule("website", "Website", way=Way.TO_US),
    Rule("phone", "Phone", limit=50),
    Rule("mobile", "Mobile", limit=50),
    Rule("direct_dial", "Direct dial", limit=50),
    Rule("fax", "Fax", limit=50),
    Rule("address_attention", "Address: attention", limit=255),
    Rule("address_line1", "Address line 1", limit=500),
    Rule("address_line2", "Address line 2", limit=500),
    Rule("address_line3", "Address line 3", limit=500),
    Rule("address_line4", "Address line 4", limit=500),
    Rule("address_city", "Town or city", limit=255),
    Rule("address_region", "County or region", limit=255),
    Rule("address_postcode", "Postcode", limit=50),
    Rule("address_country", "Country", limit=50),
    Rule("payment_terms", "Payment terms", clears=False),
    Rule("payment_days", "Payment days", clears=False),
    Rule("people", "People", winner=Winner.XERO_EACH),
)

ITEM_FIELDS: tuple[Rule, ...] = (
    Rule("code", "Code", limit=30, clears=False),
    Rule("name", "Name", limit=50, clears=False),
    Rule("description", "Sales description", limit=4000),
    Rule("purchase_description", "Purchase description", limit=4000),
    Rule("sell_price", "Sales price", clears=False),
    Rule("cost_price", "Cost price", clears=False),
    Rule("sales_account_code", "Sales account", clears=False),
    Rule("purchase_account_code", "Purchase account", clears=False),
    Rule("sales_tax_type", "VAT on sales", clears=False),
    Rule("purchase_tax_type", "VAT on purchases", clears=False),
)

FIELDS: dict[Kind, tuple[Rule, ...]] = {
    Kind.CONTACT: CONTACT_FIELDS,
    Kind.ITEM: ITEM_FIELDS,
}

# The owner's rule for stock names; Xero's own limit is tighter (ITEM_FIELDS). Between
# the two a name is sent with a warning, and the report says what Xero answered.
STOCK_NAME_LIMIT = 64
