"""Lines of invoices and credit notes: defaults from items and accounts, amounts and VAT.

Each line is rounded once, half up; tax is computed per line, rounded, then summed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from xero_sync.sandbox.chart_uk import CLASS_OF_TYPE
from xero_sync.sandbox.items import item_by_code
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.records import Account, Item, ItemDetails, Line
from xero_sync.sandbox.submission import guid, limited_text, number, text
from xero_sync.sandbox.wire import ZERO, Element, JsonObject, money, present, unit_price

HUNDRED = Decimal(100)
LARGEST_LINE = Decimal("9999999999.99")


@dataclass(frozen=True)
class Document:
    """What the lines need to know of the document they stand on."""

    type: str
    line_amount_types: str
    places: int
    is_draft: bool

    @property
    def is_sale(self) -> bool:
        return self.type.startswith("ACCREC")

    @property
    def takes_discounts(self) -> bool:
        return self.type == "ACCREC"


@dataclass(frozen=True)
class Totals:
    sub_total: Decimal
    total_tax: Decimal
    total: Decimal
    total_discount: Decimal


def sent_lines(
    org: XeroOrganisation,
    document: Document,
    sent: Iterable[Element],
    known: tuple[Line, ...],
    problems: list[str],
) -> tuple[Line, ...]:
    """The array replaces: a line with a known LineItemID is changed, others are new."""
    by_id = {line.line_item_id: line for line in known}
    return tuple(
        _line(org, document, row, by_id.get(guid(row, "LineItemID") or ""), problems)
        for row in sent
    )


def taxed_again(
    org: XeroOrganisation, line_amount_types: str, lines: tuple[Line, ...]
) -> tuple[Line, ...]:
    """The same lines after the document's amounts became inclusive, exclusive or untaxed."""
    return tuple(
        msgspec.structs.replace(
            line,
            tax_amount=tax_on(
                line.line_amount, rate_of(org, line.tax_type), line_amount_types
            ),
        )
        for line in lines
    )


def totals(lines: Iterable[Line], line_amount_types: str) -> Totals:
    lines = tuple(lines)
    amount = sum((line.line_amount for line in lines), ZERO)
    tax = sum((line.tax_amount for line in lines), ZERO)
    discount = sum((discount_of(line) for line in lines), ZERO)
    if line_amount_types == "Inclusive":
        return Totals(amount - tax, tax, amount, discount)
    return Totals(amount, tax, amount + tax, discount)


def tax_on(amount: Decimal, rate: Decimal, line_amount_types: str) -> Decimal:
    if line_amount_types == "NoTax":
        return ZERO
    if line_amount_types == "Inclusive":
        return money(amount * rate / (HUNDRED + rate))
    return money(amount * rate / HUNDRED)


def discount_of(line: Line) -> Decimal:
    if not (line.discount_rate or line.discount_amount):
        return ZERO
    return (
        money((line.quantity or ZERO) * (line.unit_amount or ZERO)) - line.line_amount
    )


def rate_of(org: XeroOrganisation, tax_type: str) -> Decimal:
    rate = org.tax_rates.get(tax_type.upper())
    return rate.rate if rate else ZERO


def _line(
    org: XeroOrganisation,
    document: Document,
    sent: Element,
    known: Line | None,
    problems: list[str],
) -> Line:
    line = known or Line(line_item_id=org.new_id())
    item = _item(org, text(sent, "ItemCode") or "", problems)
    line = _described(line, sent, item, problems)
    line = _priced(document, line, sent, item, problems)
    line = _coded(org, document, line, sent, item)
    problems += _refusals(org, document, line)
    tax_amount = number(sent, "TaxAmount")
    if tax_amount is None or document.line_amount_types == "NoTax":
        tax_amount = tax_on(
            line.line_amount, rate_of(org, line.tax_type), document.line_amount_types
        )
    return msgspec.structs.replace(line, tax_amount=money(tax_amount))


def _item(org: XeroOrganisation, code: str, problems: list[str]) -> Item | None:
    item = item_by_code(org, code)
    if code and item is None:
        problems.append(f"Item code '{code}' is not valid")
    return item


def _details(document_is_sale: bool, item: Item | None) -> ItemDetails:
    if item is None:
        return ItemDetails()
    return item.sales if document_is_sale else item.purchase


def _described(
    line: Line, sent: Element, item: Item | None, problems: list[str]
) -> Line:
    description = limited_text(sent, "Description", 4000, problems)
    if description is None:
        description = line.description or (item.description if item else "")
    item_code = text(sent, "ItemCode")
    return msgspec.structs.replace(
        line,
        description=description,
        item_code=item.code if item else (item_code or line.item_code),
    )


def _priced(
    document: Document,
    line: Line,
    sent: Element,
    item: Item | None,
    problems: list[str],
) -> Line:
    """Quantity x unit price x (1 - discount), rounded once to the penny."""
    quantity = _first(number(sent, "Quantity"), line.quantity)
    unit = _first(number(sent, "UnitAmount"), line.unit_amount)
    if unit is None and item is not None:
        unit = _details(document.is_sale, item).unit_price
    amount = number(sent, "LineAmount")
    if unit is None and amount is not None:
        unit = amount / (quantity or Decimal(1))
    if unit is None:
        return msgspec.structs.replace(line, quantity=quantity)
    unit = unit_price(unit, document.places)
    quantity = Decimal(1) if quantity is None else unit_price(quantity, 4)
    rate = _first(number(sent, "DiscountRate"), line.discount_rate)
    off = _first(number(sent, "DiscountAmount"), line.discount_amount)
    if (rate or off) and not document.takes_discounts:
        problems.append("Discounts are only allowed on sales invoices.")
    expected = money(quantity * unit * (1 - (rate or ZERO) / HUNDRED) - (off or ZERO))
    if amount is not None and money(amount) != expected:
        problems.append(
            f"The line total {money(amount)} does not match "
            f"the expected line total {expected}"
        )
    return msgspec.structs.replace(
        line,
        quantity=quantity,
        unit_amount=unit,
        discount_rate=rate or None,
        discount_amount=off or None,
        line_amount=expected,
    )


def _coded(
    org: XeroOrganisation,
    document: Document,
    line: Line,
    sent: Element,
    item: Item | None,
) -> Line:
    """Account and VAT code: what is sent, else the item's, else the account's."""
    details = _details(document.is_sale, item)
    code = text(sent, "AccountCode") or line.account_code
    account_id = guid(sent, "AccountID")
    if account_id is not None and (account := org.accounts.get(account_id)):
        code = account.code
    code = code or details.account_code or details.cogs_account_code
    account = org.account_by_code(code)
    tax_type = text(sent, "TaxType") or line.tax_type or details.tax_type
    if not tax_type and account is not None and line.unit_amount is not None:
        tax_type = account.tax_type
    return msgspec.structs.replace(line, account_code=code, tax_type=tax_type.upper())


def _refusals(org: XeroOrganisation, document: Document, line: Line) -> list[str]:
    problems = []
    if not document.is_draft and not line.description:
        problems.append("The line Description must be specified.")
    if abs(line.line_amount) > LARGEST_LINE:
        problems.append(f"The LineAmount must not be larger than {LARGEST_LINE}.")
    account = org.account_by_code(line.account_code) if line.account_code else None
    if line.account_code:
        if account is None or not _fits_documents(account):
            problems.append(
                f"Account code '{line.account_code}' is not a valid code "
                "for this document"
            )
    elif not document.is_draft and line.unit_amount is not None:
        problems.append("The account code or ID must be specified")
    return problems + _tax_refusals(org, line, account)


def _tax_refusals(
    org: XeroOrganisation, line: Line, account: Account | None
) -> list[str]:
    if not line.tax_type:
        return []
    rate = org.tax_rate(line.tax_type)
    if rate is None:
        return [f"TaxType code '{line.tax_type}' does not exist."]
    if account is not None and CLASS_OF_TYPE[account.type] not in rate.classes:
        return [
            f"The TaxType code '{line.tax_type}' cannot be used "
            f"with account code '{account.code}'."
        ]
    return []


def _fits_documents(account: Account) -> bool:
    return account.type != "BANK" and account.system_account in ("", "ROUNDING")


def _first(sent: Decimal | None, kept: Decimal | None) -> Decimal | None:
    return kept if sent is None else sent


def wire_line(org: XeroOrganisation, line: Line, *, places: int) -> JsonObject:
    item = item_by_code(org, line.item_code)
    account = org.account_by_code(line.account_code)
    unit = line.unit_amount
    row: JsonObject = {}
    if line.item_code:
        row["ItemCode"] = line.item_code
    if item is not None:
        row["Item"] = {
            "ItemID": item.item_id,
            **present(Name=item.name),
            "Code": item.code,
        }
    return {
        **row,
        "Description": line.description,
        **present(
            UnitAmount=None if unit is None else unit_price(unit, places),
            TaxType=line.tax_type,
        ),
        "TaxAmount": line.tax_amount,
        "LineAmount": line.line_amount,
        **present(
            AccountCode=line.account_code,
            AccountID=account.account_id if account else None,
            DiscountRate=line.discount_rate,
            DiscountAmount=line.discount_amount,
            Quantity=line.quantity,
        ),
        "Tracking": [],
        "LineItemID": line.line_item_id,
    }
