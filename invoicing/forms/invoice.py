"""What people type when they write an invoice: its head and its lines."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from customers.models import Contact
from customers.queries import contacts_meant_by, label_of
from fieldops.common.form_bases import TypedFormSet
from fieldops.common.form_page import RevisionForm
from fieldops.common.money import AmountsAre
from fieldops.common.numbers import TypedDecimalField, plain
from invoicing.models import InvoiceLine, InvoicingSettings
from invoicing.queries import account_choices, tax_rate_choices
from invoicing.services.line_defaults import completed_lines
from invoicing.services.lines import LineValues
from stock.models import StockItem
from stock.queries import items_by_label
from stock.queries import label_of as item_label

BLANK_LINES = 3
MOST_CANDIDATES = 10
# Our own choices, not what the browser remembers.
BOX = {"autocomplete": "off"}


class InvoiceForm(RevisionForm):
    """The customer is typed as a name or number; when several match, one is picked."""

    customer = forms.CharField(
        label="Customer",
        widget=forms.TextInput(attrs={"list": "customer-options"} | BOX),
        error_messages={"required": "Choose a customer."},
    )
    issued_on = forms.DateField(
        label="Invoice date", error_messages={"required": "Enter the invoice date."}
    )
    due_on = forms.DateField(label="Due date", required=False)
    suggested_due_on = forms.DateField(widget=forms.HiddenInput, required=False)
    number = forms.CharField(label="Number", max_length=255, required=False)
    reference = forms.CharField(label="Reference", max_length=255, required=False)
    amounts_are = forms.ChoiceField(
        label="Amounts are", choices=AmountsAre, initial=AmountsAre.EXCLUSIVE
    )
    notes = forms.CharField(
        label="Notes for the customer",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        customer: Contact | None,
        initial: dict[str, Any],
    ) -> None:
        """``customer`` is whom the page was opened for, or who is on the draft."""
        known = {"customer": label_of(customer)} if customer else {}
        super().__init__(data, initial=known | initial)
        self.opened_for = customer
        self.candidates: list[Contact] = []

    def clean_customer(self) -> Contact:
        text: str = self.cleaned_data["customer"]
        if self.opened_for and text == label_of(self.opened_for):
            return self.opened_for
        found = list(contacts_meant_by(text)[: MOST_CANDIDATES + 1])
        picked = [c for c in found if str(c.pk) == self.data.get("customer_pick")]
        if len(found) == 1 or picked:
            return (picked or found)[0]
        if not found:
            raise ValidationError(
                f"No customer or lead is called “{text}”. Check the name, or add them "
                "first."
            )
        self.candidates = found[:MOST_CANDIDATES]
        raise ValidationError(f"Several match “{text}”. Pick one below.")

    @property
    def due_was_typed(self) -> bool:
        """Not left at what the terms suggested."""
        due_on = self.cleaned_data.get("due_on")
        return bool(due_on) and due_on != self.cleaned_data.get("suggested_due_on")

    @property
    def values(self) -> dict[str, Any]:
        names = ("issued_on", "number", "reference", "amounts_are", "notes")
        return {name: self.cleaned_data[name] for name in names}


class LineForm(forms.Form):
    """One line; what is left blank is filled from its item and the usual values."""

    item = forms.CharField(
        label="Item",
        required=False,
        widget=forms.TextInput(attrs={"list": "item-options"} | BOX),
    )
    # The item that last filled the line: its texts give way to those of the next.
    filled_by = forms.CharField(widget=forms.HiddenInput, required=False)
    description = forms.CharField(
        label="Description",
        required=False,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    quantity = TypedDecimalField(
        label="Quantity", max_digits=16, decimal_places=4, required=False
    )
    unit_price = TypedDecimalField(
        label="Price", max_digits=16, decimal_places=4, required=False
    )
    discount_percent = TypedDecimalField(
        label="Discount %",
        max_digits=7,
        decimal_places=4,
        min_value=0,
        max_value=100,
        required=False,
    )
    tax_type = forms.ChoiceField(label="VAT rate", required=False)
    account_code = forms.ChoiceField(label="Account", required=False)

    # What the line comes to, once somebody has priced it.
    amount: Decimal | None = None

    TYPED = ("item", "description", "quantity", "unit_price", "discount_percent")

    def __init__(
        self,
        *args: Any,
        chart: "ChartChoices",
        items: Mapping[str, StockItem],
        known_items: frozenset[int] = frozenset(),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.known_items = items, known_items
        for name, choices in (
            ("tax_type", chart.tax_rates),
            ("account_code", chart.accounts),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = chart.with_used(choices, self.initial.get(name))

    def has_changed(self) -> bool:
        """A line on which nothing was typed is no line, whatever its menus say."""
        return any(
            str(self.data.get(self.add_prefix(name), "")).strip() for name in self.TYPED
        )

    @property
    def is_on_page(self) -> bool:
        """A line that was removed leaves a gap in the numbers."""
        return any(self.add_prefix(name) in self.data for name in self.fields)

    def clean_item(self) -> StockItem | None:
        text: str = self.cleaned_data["item"]
        if not text:
            return None
        item = self.items.get(text.lower())
        if item is None:
            raise ValidationError(f"No stock item has the code or name “{text}”.")
        if item.is_archived and item.pk not in self.known_items:
            raise ValidationError(f"{item} is archived.")
        return item

    @property
    def named(self) -> dict[str, Any]:
        """What was typed or chosen; the rest is filled in by ``completed_lines``."""
        cleaned = self.cleaned_data.items()
        return {
            name: value
            for name, value in cleaned
            if name != "filled_by" and value not in (None, "")
        }


class ChartChoices:
    """Accounts and VAT rates for the menus of all lines, read once."""

    def __init__(self) -> None:
        usual = InvoicingSettings.current()
        accounts, rates = account_choices(), tax_rate_choices()
        self.accounts = [("", _usual(accounts, usual.sales_account_code)), *accounts]
        self.tax_rates = [("", _usual(rates, usual.sales_tax_type)), *rates]

    @staticmethod
    def with_used(
        choices: list[tuple[str, str]], used: str | None
    ) -> list[tuple[str, str]]:
        """What a line already carries stays a choice when the chart dropped it."""
        if used and used not in dict(choices):
            return [*choices, (used, f"{used} (not in the chart)")]
        return choices


def _usual(choices: list[tuple[str, str]], code: str) -> str:
    return f"Usual: {dict(choices).get(code, code)}"


class BaseLineFormSet(TypedFormSet[LineForm]):
    """The lines as they stand on the page; blank ones are left out of ``values``."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        lines: Iterable[InvoiceLine] = (),
        **kwargs: Any,
    ) -> None:
        lines = list(lines)
        items = items_by_label(_typed_items(data)) if data else {}
        known = [line.item for line in lines if line.item]
        items |= {item_label(item).lower(): item for item in known}
        super().__init__(
            data,
            prefix="lines",
            initial=[initial_of(line) for line in lines],
            form_kwargs={
                "chart": ChartChoices(),
                "items": items,
                "known_items": frozenset(item.pk for item in known),
            },
            **kwargs,
        )

    @property
    def typed(self) -> list[LineForm]:
        return [form for form in self.forms if form.has_changed()]

    @property
    def values(self) -> list[LineValues]:
        return completed_lines([form.named for form in self.typed])


def initial_of(line: InvoiceLine) -> dict[str, Any]:
    label = item_label(line.item) if line.item else ""
    return {
        "item": label,
        "filled_by": label,
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit_price": plain(line.unit_price, places=2),
        "discount_percent": plain(line.discount_percent)
        if line.discount_percent
        else "",
        "tax_type": line.tax_type,
        "account_code": line.account_code,
    }


def _typed_items(data: Mapping[str, str]) -> list[str]:
    return [value for name, value in data.items() if name.endswith("-item")]


LineFormSet = cast(
    type[BaseLineFormSet],
    forms.formset_factory(LineForm, formset=BaseLineFormSet, extra=BLANK_LINES),
)
