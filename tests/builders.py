"""Plain functions that make believable records, with honest defaults."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from customers.models import Contact
from customers.services import create_contact
from fieldops.common.actor import Actor
from fieldops.common.permissions import Role
from fieldops.users.models import User
from invoicing.models import Account, Invoice, InvoicingSettings, TaxRate
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.lines import LineValues
from invoicing.services.write_draft import create_invoice
from invoicing.starter_chart import ACCOUNTS, TAX_RATES
from stock.models import StockItem
from stock.services import create_item

TESTER = Actor.system("test")
_numbers = count(1)


def make_user(role: Role = Role.OFFICE, **values: Any) -> User:
    number = next(_numbers)
    user = User(
        username=values.pop("username", f"{role}{number}"),
        role=role,
        is_staff=role == Role.ADMINISTRATOR,
        **values,
    )
    user.set_password("practice")
    user.save()
    return user


def session_of(user: User) -> str:
    """The key of a new session of theirs: as ``Client.force_login``, in one statement
    instead of fifteen."""
    signed_in = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    session = Session(
        session_key=get_random_string(32),
        session_data=SessionStore().encode(signed_in),
        expire_date=timezone.now() + timedelta(days=1),
    )
    session.save(force_insert=True)
    return session.session_key


def put_starter_chart() -> None:
    """What the migration puts there, and a flush takes away."""
    Account.objects.bulk_create(
        [
            Account(code=code, name=name, type=type_, tax_type=tax_type)
            for code, name, type_, tax_type in ACCOUNTS
        ],
        ignore_conflicts=True,
    )
    TaxRate.objects.bulk_create(
        [
            TaxRate(tax_type=tax_type, name=name, percent=percent, **where)
            for tax_type, name, percent, where in TAX_RATES
        ],
        ignore_conflicts=True,
    )
    InvoicingSettings.current()


def make_contact(name: str = "", **values: Any) -> Contact:
    return create_contact(
        {"name": name or f"Contact {next(_numbers)}", **values}, by=TESTER
    )


def make_customer(name: str = "", **values: Any) -> Contact:
    return make_contact(name, is_customer=True, **values)


def make_supplier(name: str = "", **values: Any) -> Contact:
    return make_contact(name, is_supplier=True, **values)


def make_item(code: str = "", **values: Any) -> StockItem:
    number = next(_numbers)
    defaults = {
        "code": code or f"ITEM{number}",
        "name": f"Item {number}",
        "sell_price": Decimal("10.00"),
        "cost_price": Decimal("6.00"),
        "sales_account_code": "200",
        "purchase_account_code": "300",
        "sales_tax_type": "OUTPUT2",
        "purchase_tax_type": "INPUT2",
    }
    return create_item(defaults | values, by=TESTER)


def line(unit_price: str = "10.00", quantity: str = "1", **values: Any) -> LineValues:
    defaults = {"description": "Labour", "account_code": "200", "tax_type": "OUTPUT2"}
    return LineValues(
        quantity=Decimal(quantity), unit_price=Decimal(unit_price), **defaults | values
    )


def make_draft(
    customer: Contact | None = None,
    lines: list[LineValues] | None = None,
    **values: Any,
) -> Invoice:
    return create_invoice(
        customer or make_customer(),
        {"issued_on": date(2026, 11, 2), **values},
        [line()] if lines is None else lines,
        by=TESTER,
    )


def make_invoice(
    customer: Contact | None = None,
    lines: list[LineValues] | None = None,
    **values: Any,
) -> Invoice:
    """An approved invoice that moved no stock."""
    draft = make_draft(customer, lines, **values)
    return approve_invoice(draft, by=TESTER, moves_stock=False)
