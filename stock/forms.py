"""The shape of what people type about stock."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from customers.models import Contact
from fieldops.common.form_bases import TypedModelForm
from fieldops.common.form_page import RevisionForm
from fieldops.common.numbers import TypedDecimalField
from stock.models import StockItem, StockMovement

Choices = Iterable[tuple[str, str]]


def price_field(label: str) -> TypedDecimalField:
    return TypedDecimalField(
        label=label, max_digits=16, decimal_places=4, required=False
    )


class StockItemForm(RevisionForm, TypedModelForm[StockItem]):
    """Accounts and VAT rates are kept by code; which there are is for the view to say.

    A code that is in use stays a choice even when the chart no longer has it.
    """

    sell_price = price_field("Sales price")
    cost_price = price_field("Purchase price")
    reorder_level = TypedDecimalField(
        label="Reorder level",
        max_digits=16,
        decimal_places=4,
        required=False,
        help_text="Shown on the buy list when fewer are in stock.",
    )

    class Meta:
        model = StockItem
        fields = (
            "code",
            "name",
            "description",
            "sell_price",
            "sales_account_code",
            "sales_tax_type",
            "purchase_description",
            "cost_price",
            "purchase_account_code",
            "purchase_tax_type",
            "reorder_level",
            "preferred_supplier",
        )
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "purchase_description": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"description": "Description on invoices"}
        help_texts = {"code": "Xero finds items by their code, for example PIPE15."}
        error_messages = {"name": {"required": "Enter a name."}}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        accounts: Choices,
        tax_rates: Choices,
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, initial=initial)
        choices = {"account_code": accounts, "tax_type": tax_rates}
        for side in ("sales", "purchase"):
            for column, known in choices.items():
                self._offer(f"{side}_{column}", known)
        supplier = self.fields["preferred_supplier"]
        assert isinstance(supplier, forms.ModelChoiceField)  # noqa: S101 - a foreign key
        supplier.empty_label = "None"
        supplier.queryset = (
            Contact.objects.suppliers().active()
            | Contact.objects.filter(pk=initial.get("preferred_supplier") or 0)
        )

    def _offer(self, name: str, known: Choices) -> None:
        known = list(known)
        in_use = self.initial.get(name) or ""
        if in_use and in_use not in dict(known):
            known.append((in_use, f"{in_use} (not in the chart)"))
        label = self.fields[name].label
        self.fields[name] = forms.ChoiceField(
            label=label, required=False, choices=[("", "Usual"), *known]
        )

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class MovementForm(forms.Form):
    """People count what came and what went; they do not think in signs."""

    kind = forms.ChoiceField(
        label="What happened",
        choices=[
            (StockMovement.Kind.RECEIVED, "Received: it came in"),
            (StockMovement.Kind.USED, "Used: it went out"),
            (StockMovement.Kind.RETURNED, "Returned: it came back"),
            (StockMovement.Kind.COUNTED, "Stock count: this many are there"),
            (StockMovement.Kind.OPENING, "Opening stock"),
        ],
    )
    quantity = TypedDecimalField(
        label="Quantity",
        max_digits=16,
        decimal_places=4,
        min_value=Decimal(0),
        error_messages={"required": "Enter a quantity."},
    )
    reference = forms.CharField(
        label="Reference",
        max_length=120,
        required=False,
        help_text="Delivery note, job or reason.",
    )

    @property
    def is_count(self) -> bool:
        return bool(self.cleaned_data["kind"] == StockMovement.Kind.COUNTED)

    @property
    def moved(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        goes_out = self.cleaned_data["kind"] == StockMovement.Kind.USED
        return -quantity if goes_out else quantity
