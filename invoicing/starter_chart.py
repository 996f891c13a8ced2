"""The chart a new company starts with: the UK's, with Xero's usual names and codes.

Small on purpose: what a trades company books to. Xero's own chart adopts these by
code and tax type when it is connected.
"""

from decimal import Decimal

# code, name, type, usual VAT rate
ACCOUNTS: tuple[tuple[str, str, str, str], ...] = (
    ("200", "Sales", "REVENUE", "OUTPUT2"),
    ("260", "Other Revenue", "REVENUE", "OUTPUT2"),
    ("270", "Interest Income", "REVENUE", "NONE"),
    ("300", "Purchases", "DIRECTCOSTS", "INPUT2"),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", "INPUT2"),
    ("320", "Direct Wages", "DIRECTCOSTS", "NONE"),
    ("325", "Direct Expenses", "DIRECTCOSTS", "INPUT2"),
    ("400", "Advertising & Marketing", "OVERHEADS", "INPUT2"),
    ("404", "Bank Fees", "OVERHEADS", "NONE"),
    ("408", "Cleaning", "OVERHEADS", "INPUT2"),
    ("425", "Postage, Freight & Courier", "OVERHEADS", "INPUT2"),
    ("429", "General Expenses", "OVERHEADS", "INPUT2"),
    ("433", "Insurance", "OVERHEADS", "EXEMPTINPUT"),
    ("445", "Light, Power, Heating", "OVERHEADS", "INPUT2"),
    ("449", "Motor Vehicle Expenses", "OVERHEADS", "INPUT2"),
    ("461", "Printing & Stationery", "OVERHEADS", "INPUT2"),
    ("469", "Rent", "OVERHEADS", "INPUT2"),
    ("473", "Repairs & Maintenance", "OVERHEADS", "INPUT2"),
    ("489", "Telephone & Internet", "OVERHEADS", "INPUT2"),
    ("493", "Travel - National", "OVERHEADS", "ZERORATEDINPUT"),
    ("610", "Accounts Receivable", "CURRENT", "NONE"),
    ("630", "Inventory", "INVENTORY", "NONE"),
    ("800", "Accounts Payable", "CURRLIAB", "NONE"),
    ("820", "VAT", "CURRLIAB", "NONE"),
    ("860", "Rounding", "CURRLIAB", "NONE"),
)

_SALES = {"applies_to_expenses": False}
_PURCHASES = {"applies_to_revenue": False}
_EITHER: dict[str, bool] = {}

# tax type, name, per cent, where it may be used
TAX_RATES: tuple[tuple[str, str, Decimal, dict[str, bool]], ...] = (
    ("OUTPUT2", "20% (VAT on Income)", Decimal(20), _SALES),
    ("INPUT2", "20% (VAT on Expenses)", Decimal(20), _PURCHASES),
    ("RROUTPUT", "5% (VAT on Income)", Decimal(5), _SALES),
    ("RRINPUT", "5% (VAT on Expenses)", Decimal(5), _PURCHASES),
    ("ZERORATEDOUTPUT", "Zero Rated Income", Decimal(0), _SALES),
    ("ZERORATEDINPUT", "Zero Rated Expenses", Decimal(0), _PURCHASES),
    ("EXEMPTOUTPUT", "Exempt Income", Decimal(0), _SALES),
    ("EXEMPTINPUT", "Exempt Expenses", Decimal(0), _PURCHASES),
    ("NONE", "No VAT", Decimal(0), _EITHER),
)
