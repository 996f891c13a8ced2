"""Payloads in Xero's shape, invented, with the oddities that Xero really has."""

from decimal import Decimal
from typing import Any

CONTACT_ID = "0f6b6d0e-3c3c-4a41-9a55-4a4f0d0a7b01"
OTHER_ID = "5c2f6a52-6b8e-44a8-a2a7-0d2d43a7f002"
STAMP = "/Date(1789378193493+0000)/"


def contact(**changes: Any) -> dict[str, Any]:
    return {
        "ContactID": CONTACT_ID,
        "ContactNumber": "our-own-id",
        "AccountNumber": "C1001",
        "ContactStatus": "ACTIVE",
        "Name": "Rushworth  Heating Ltd ",
        "FirstName": "Frank",
        "LastName": "Rushworth",
        "EmailAddress": "frank@rushworth.example",
        "TaxNumber": "GB123456789",
        "Website": "https://rushworth.example",
        "BankAccountDetails": "",
        "Addresses": [
            {"AddressType": "STREET", "AddressLine1": "Unit 4", "City": "Hull"},
            {
                "AddressType": "POBOX",
                "AddressLine1": "107 Park Row",
                "AddressLine2": "",
                "City": "Leeds",
                "PostalCode": "LS1 1PR",
                "Country": "United Kingdom",
                "AttentionTo": "Accounts",
            },
        ],
        "Phones": [
            {"PhoneType": "DDI", "PhoneNumber": ""},
            {
                "PhoneType": "DEFAULT",
                "PhoneNumber": "960627",
                "PhoneAreaCode": "01632",
                "PhoneCountryCode": "44",
            },
            {"PhoneType": "OFFICE", "PhoneNumber": "1"},
            {"PhoneType": "MOBILE", "PhoneNumber": "07700 900123"},
        ],
        "PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}},
        "UpdatedDateUTC": STAMP,
        "IsSupplier": False,
        "IsCustomer": True,
        "HasValidationErrors": False,
        "ContactPersons": [],
    } | changes


def item(**changes: Any) -> dict[str, Any]:
    return {
        "ItemID": CONTACT_ID,
        "Code": "BLR-1",
        "Name": "Boiler",
        "Description": "A boiler\r\nwith  flue",
        "PurchaseDetails": {},
        "SalesDetails": {
            "UnitPrice": Decimal("1234.5"),
            "AccountCode": "200",
            "TaxType": "OUTPUT2",
        },
        "UpdatedDateUTC": "/Date(1789378193493)/",
        "IsTrackedAsInventory": False,
        "IsSold": True,
        "IsPurchased": True,
        "ValidationErrors": [],
    } | changes


def invoice(**changes: Any) -> dict[str, Any]:
    return {
        "Type": "ACCREC",
        "InvoiceID": CONTACT_ID,
        "InvoiceNumber": "INV-1",
        "Reference": "",
        "AmountDue": Decimal("20.00"),
        "AmountPaid": Decimal("100.00"),
        "Contact": {"ContactID": OTHER_ID.upper(), "Name": "Rushworth"},
        "DateString": "2026-09-14T00:00:00",
        "Date": "/Date(1789344000000+0000)/",
        "DueDate": "/Date(1791936000000+0000)/",
        "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive",
        "LineItems": [],
        "SubTotal": 100,
        "TotalTax": 20,
        "Total": 120,
        "UpdatedDateUTC": STAMP,
        "CurrencyCode": "GBP",
    } | changes


def account(**changes: Any) -> dict[str, Any]:
    return {
        "AccountID": CONTACT_ID,
        "Code": "200",
        "Name": "Sales",
        "Status": "ACTIVE",
        "Type": "REVENUE",
        "TaxType": "OUTPUT2",
    } | changes


def tax_rate(**changes: Any) -> dict[str, Any]:
    return {
        "Name": "20% (VAT on Income)",
        "TaxType": "OUTPUT2",
        "CanApplyToAssets": True,
        "CanApplyToEquity": True,
        "CanApplyToExpenses": False,
        "CanApplyToLiabilities": True,
        "CanApplyToRevenue": True,
        "DisplayTaxRate": Decimal("20.0000"),
        "EffectiveRate": Decimal("20.0000"),
        "Status": "ACTIVE",
    } | changes


def organisation(**changes: Any) -> dict[str, Any]:
    return {
        "Name": "Rushworth Books",
        "ShortCode": "!23eYt",
        "BaseCurrency": "GBP",
        "CountryCode": "GB",
        "Timezone": "GMTSTANDARDTIME",
        "IsDemoCompany": True,
    } | changes
